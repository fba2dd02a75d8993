//! `cargo xtask openapi [--check]`: the contract as it is committed to `docs/openapi.json`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::cargo;

const FILE: &str = "docs/openapi.json";

/// Writes the contract, or, to check, only compares it.
pub fn run(repository: &Path, check: bool) -> Result<()> {
    let output = cargo(repository)
        .args(["run", "--quiet", "--package", "revier", "--", "openapi"])
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cargo cannot be run")?;
    ensure!(output.status.success(), "revier openapi failed");
    let file = repository.join(FILE);
    if !check {
        fs::create_dir_all(repository.join("docs"))?;
        return Ok(fs::write(file, output.stdout)?);
    }
    let committed = fs::read(&file).unwrap_or_default();
    if committed != output.stdout {
        bail!(
            "{FILE} is not the contract of this build; run cargo xtask openapi, look at the difference, commit it"
        );
    }
    Ok(())
}
