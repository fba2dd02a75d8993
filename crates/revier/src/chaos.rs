//! Failpoints for the tests that crash the server on purpose; in no release.

/// Arms what the variable `FAILPOINTS` names, as long as the value lives. A panic there ends the process
/// at once, as a crash would: nothing is unwound, nothing is answered.
pub fn armed() -> Option<fail::FailScenario<'static>> {
    std::env::var_os("FAILPOINTS")?;
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        std::process::abort();
    }));
    Some(fail::FailScenario::setup())
}
