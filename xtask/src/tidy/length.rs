//! A file is a sitting.

use super::{Finding, Source};

pub const LINES_MAX: usize = 500;

const HAND_WRITTEN: [&str; 5] = ["rs", "ts", "tsx", "css", "sh"];

/// Files longer than [`LINES_MAX`], but for what tools have written.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let extension = source.path.rsplit('.').next().unwrap_or_default();
        let is_generated = source.path.contains("generated") || source.path.contains("/locales/");
        let lines = source.text.lines().count();
        if HAND_WRITTEN.contains(&extension) && !is_generated && lines > LINES_MAX {
            let what = format!("{lines} lines; at {LINES_MAX} it is time for a second file");
            findings.push(source.finding("length", what));
        }
    }
    findings
}
