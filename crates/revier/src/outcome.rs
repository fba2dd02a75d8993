//! How a command ends: its exit status, and what it says to people or to machines.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

/// 0 to 3; status 2, wrong use, is mostly the parser's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Fine,
    /// It ran, and found what should not be.
    Failed,
    /// The plan cannot be used.
    Unusable,
    /// Done, but some rows were rejected.
    Rejections,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Fine => 0,
            Outcome::Failed => 1,
            Outcome::Unusable => 2,
            Outcome::Rejections => 3,
        })
    }
}

/// Writes a line to standard output. A reader who has seen enough and left (`revier user list | head -1`) is no
/// failure of the command's.
pub fn print(line: &dyn std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Whether people or machines read standard output.
#[derive(Clone, Copy, Debug)]
pub struct Speech {
    pub json: bool,
}

impl Speech {
    /// Prints the text to people, the value to machines.
    pub fn say(self, text: impl AsRef<str>, value: &Value) {
        if self.json { print(value) } else { print(&text.as_ref()) }
    }

    /// Says why a command failed, causes included.
    pub fn failed(self, error: &anyhow::Error) -> ExitCode {
        let why = format!("{error:#}");
        if self.json {
            print(&json!({ "error": why }));
        } else {
            eprintln!("revier: {why}");
        }
        Outcome::Failed.into()
    }
}
