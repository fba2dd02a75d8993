//! The server's log, on standard error.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

/// Starts the log: `filter` as in `REVIER_LOG`, JSON lines on demand.
pub fn start(filter: &str, json: bool) -> Result<()> {
    // Which page assets lie in memory is no news to an operator.
    let filter = format!("memory_serve=warn,{filter}");
    let filter = EnvFilter::try_new(&filter)
        .with_context(|| format!("--log {filter:?} is no filter; write error, warn, info or debug"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        log.json().flatten_event(true).init();
    } else {
        log.with_ansi(std::io::stderr().is_terminal()).init();
    }
    Ok(())
}
