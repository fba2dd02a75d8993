//! `cargo xtask ci`: every check, one after the other, all of them even after a failure; the closing line
//! counts tests, and a check without tests of its own as one.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::cargo::cargo;
use crate::postgres::{self, Cluster};
use crate::{gen_place, openapi, tidy};

/// With `CI` set, tests that lack the data fail.
const ALL: &[&str] = &["--status-level", "fail"];
/// Those that read the data beside the repository lie in modules of this name; the runner tells each by name.
const WITHOUT_SHARED: &[&str] = &["--status-level", "skip", "-E", "not test(/(^|::)shared_data::/)"];

#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
    failures: Vec<String>,
}

/// Runs everything.
pub fn run(repository: &Path) -> Result<()> {
    let mut tally = Tally::default();
    let web = repository.join("web");
    tally.check("format", || quiet(cargo(repository).args(["fmt", "--all", "--check"])));
    tally.check("tidy", || tidy::run(repository));
    // The pages come first: the binary takes them in.
    tally.check("web install", || quiet(Command::new("sh").arg(web.join("install.sh")).current_dir(&web)));
    tally.check("web build", || quiet(npm(&web).args(["run", "build"])));
    tally.check("clippy", || {
        quiet(cargo(repository).args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]))
    });
    tally.check("contract", || openapi::run(repository, true));
    tally.check("web check", || quiet(npm(&web).args(["run", "check"])));
    tally.tests("web tests", npm(&web).args(["test"]));
    let cluster = Cluster::start()?;
    let url = cluster.url();
    let is_shared = gen_place::raw_data(repository).is_ok();
    let mut tests = cargo(repository);
    tests
        .args(["nextest", "run", "--workspace", "--features", "revier/chaos", "--no-fail-fast"])
        .args(if is_shared || std::env::var_os("CI").is_some() { ALL } else { WITHOUT_SHARED })
        .env(postgres::VARIABLE, &url);
    tally.tests("Rust tests", &mut tests);
    let built = quiet(cargo(repository).args(["build", "--quiet", "--package", "revier"]));
    tally.check("binary", || built.and_then(|()| is_sound(&repository.join("target/debug/revier"))));
    tally.tests(
        "end to end",
        npm(&web)
            .args(["run", "e2e"])
            .env("REVIER_BINARY", repository.join("target/debug/revier"))
            .env(postgres::VARIABLE, &url),
    );
    drop(cluster);
    tally.close()
}

impl Tally {
    fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        let begun = Instant::now();
        println!("── {name}");
        match work() {
            Ok(()) => self.passed += 1,
            Err(error) => {
                println!("{error:#}");
                self.failed += 1;
                self.failures.push(name.to_owned());
            }
        }
        println!("   {name}: {} s", begun.elapsed().as_secs());
    }

    fn tests(&mut self, name: &str, command: &mut Command) {
        let begun = Instant::now();
        println!("── {name}");
        match counted(command) {
            Ok((counts, has_failed)) => {
                self.passed += counts.passed;
                self.skipped += counts.skipped;
                // A runner that fails without a failing test still fails.
                self.failed += counts.failed.max(u64::from(has_failed));
                if has_failed {
                    self.failures.push(name.to_owned());
                } else if counts.passed == 0 {
                    self.failed += 1;
                    self.failures.push(format!("{name}: no test ran"));
                }
            }
            Err(error) => {
                println!("{error:#}");
                self.failed += 1;
                self.failures.push(name.to_owned());
            }
        }
        println!("   {name}: {} s", begun.elapsed().as_secs());
    }

    fn close(self) -> Result<()> {
        if !self.failures.is_empty() {
            println!("Failed: {}", self.failures.join(", "));
        }
        println!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
        if self.failed > 0 {
            bail!("not everything holds");
        }
        Ok(())
    }
}

/// Passes the output on and reads the counts from it.
fn counted(command: &mut Command) -> Result<(Counts, bool)> {
    let (reader, writer) = std::io::pipe()?;
    let mut child = command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // Our copies of the pipe's end would keep it open for ever.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut counts = Counts::default();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        writeln!(std::io::stdout(), "{line}")?;
        counts.read(&without_colours(&line));
    }
    Ok((counts, !child.wait()?.success()))
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    /// Reads the closing lines of nextest (`Summary [ 1.2s] 5 tests run: 4 passed, 1 failed, 0 skipped`),
    /// vitest (`Tests  1 failed | 12 passed (13)`) and Playwright (`12 passed (3.4s)`, one line per kind).
    fn read(&mut self, line: &str) {
        let line = line.trim();
        let closing = if line.starts_with("Summary") {
            line.split_once("run:").map_or("", |(_, counts)| counts)
        } else if let Some(counts) = line.strip_prefix("Tests ") {
            counts
        } else if line.split_whitespace().count() <= 3 {
            line
        } else {
            return;
        };
        for part in closing.split([',', '|']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else { continue };
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                Some("skipped") => self.skipped += number,
                _ => {}
            }
        }
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut is_escape = false;
    for character in line.chars() {
        match character {
            '\u{1b}' => is_escape = true,
            letter if is_escape => is_escape = !letter.is_ascii_alphabetic(),
            letter => plain.push(letter),
        }
    }
    plain
}

fn npm(web: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(web);
    command
}

/// Failpoints and mutants are for tests: a binary as it is released knows no name of theirs.
fn is_sound(binary: &Path) -> Result<()> {
    let bytes = std::fs::read(binary)?;
    for name in ["mutant: ", "REVIER_FAILPOINTS_PASSED"] {
        if bytes.windows(name.len()).any(|window| window == name.as_bytes()) {
            bail!("{} was built with failpoints: it holds {name:?}", binary.display());
        }
    }
    Ok(())
}

fn quiet(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status()?;
    if !status.success() {
        bail!("{command:?} failed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Counts, without_colours};

    #[test]
    fn closing_lines_of_every_runner_are_counted() {
        let table = [
            ("     Summary [   0.379s] 5 tests run: 4 passed (1 slow), 1 failed, 2 skipped", (4, 1, 2)),
            ("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m1 failed\u{1b}[22m | 12 passed (13)", (12, 1, 0)),
            ("  12 passed (3.4s)", (12, 0, 0)),
            ("  2 failed", (0, 2, 0)),
            (" Test Files  3 passed (3)", (0, 0, 0)),
            ("running 12 tests using 2 workers", (0, 0, 0)),
        ];
        for (line, (passed, failed, skipped)) in table {
            let mut counts = Counts::default();
            counts.read(&without_colours(line));
            assert_eq!(counts, Counts { passed, failed, skipped }, "{line}");
        }
    }
}
