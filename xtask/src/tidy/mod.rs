//! `cargo xtask tidy`: the rules of the house that no compiler knows. What fails today stands in
//! `xtask/ratchet.txt`, one `rule path` a line; the list only shrinks.

#[cfg(test)]
mod advisories;
mod law;
mod length;
mod licences;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

const RATCHET: &str = "xtask/ratchet.txt";

/// One text file of the repository.
struct Source {
    path: String,
    text: String,
}

/// One broken rule.
struct Finding {
    rule: &'static str,
    path: String,
    what: String,
}

impl Source {
    /// Lines with their numbers, without those that are only a comment.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.starts_with("crates/testkit/")
    }

    fn finding(&self, rule: &'static str, what: impl Into<String>) -> Finding {
        Finding { rule, path: self.path.clone(), what: what.into() }
    }
}

/// Checks every rule on every file of the repository.
pub fn run(repository: &Path) -> Result<()> {
    let sources = sources(repository)?;
    let mut findings = Vec::new();
    findings.extend(law::pure_crates(&sources));
    findings.extend(law::names(&sources));
    findings.extend(law::order_of_rooms(&sources));
    findings.extend(law::failpoints(&sources));
    findings.extend(length::check(&sources));
    findings.extend(words::forbidden(&sources));
    findings.extend(words::tables(&sources));
    findings.extend(licences::check(repository)?);
    // A file that is gone breaks nothing; its line may go whenever somebody comes by.
    let is_there =
        |line: &String| line.split_once(' ').is_some_and(|(_, path)| repository.join(path).exists());
    let ratchet = ratchet(repository)?.into_iter().filter(is_there).collect();
    report(&findings, &ratchet)
}

fn report(findings: &[Finding], ratchet: &BTreeSet<String>) -> Result<()> {
    let found: BTreeSet<String> = findings.iter().map(|f| format!("{} {}", f.rule, f.path)).collect();
    let mut faults = 0;
    for finding in findings {
        let Finding { rule, path, what } = finding;
        if !ratchet.contains(&format!("{rule} {path}")) {
            println!("{path}: {what} [{rule}]");
            faults += 1;
        }
    }
    for healed in ratchet.difference(&found) {
        println!("{RATCHET}: `{healed}` holds now; take the line out");
        faults += 1;
    }
    if faults > 0 {
        bail!("{faults} places are not tidy");
    }
    Ok(())
}

fn ratchet(repository: &Path) -> Result<BTreeSet<String>> {
    let text =
        fs::read_to_string(repository.join(RATCHET)).with_context(|| format!("{RATCHET} cannot be read"))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

fn sources(repository: &Path) -> Result<Vec<Source>> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(repository)
        .output()
        .context("git is missing: sudo apt-get install git")?;
    let mut sources = Vec::new();
    for path in String::from_utf8(listed.stdout)?.lines() {
        // A file that is deleted but not yet committed, or is no text, breaks no rule.
        if let Ok(text) = fs::read_to_string(repository.join(path)) {
            sources.push(Source { path: path.to_owned(), text });
        }
    }
    Ok(sources)
}
