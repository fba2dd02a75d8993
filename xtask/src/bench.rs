//! `cargo xtask bench NAME`: builds a bench in release mode and runs it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs the bench of that name with the arguments that follow it.
pub fn run(repository: &Path, name: &str, arguments: &[&str]) -> Result<()> {
    if !repository.join("bench").join(name).join("Cargo.toml").is_file() {
        bail!("there is no bench {name:?}; there is: {}", names(repository)?.join(", "));
    }
    let package = format!("bench-{name}");
    let status = Command::new(env!("CARGO"))
        .current_dir(repository)
        .args(["run", "--release", "--quiet", "--package", &package, "--"])
        .args(arguments)
        .status()
        .context("cargo could not be started; is it on the path?")?;
    if status.success() { Ok(()) } else { bail!("bench {name} failed with {status}") }
}

fn names(repository: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(repository.join("bench"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}
