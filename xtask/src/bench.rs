//! `cargo xtask bench NAME`: builds a bench in release mode and runs it.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::postgres::{self, Cluster};

/// Runs the bench of that name with the arguments that follow it.
pub fn run(repository: &Path, name: &str, arguments: &[&str]) -> Result<()> {
    if !repository.join("bench").join(name).join("Cargo.toml").is_file() {
        bail!("there is no bench {name:?}; there is: {}", names(repository)?.join(", "));
    }
    let package = format!("bench-{name}");
    let mut bench = cargo(repository);
    bench.args(["run", "--release", "--quiet", "--package", &package, "--"]);
    // These measure the server as it is shipped, and /var/tmp lies on a disk even where /tmp lies in memory.
    let cluster = match name {
        "ingest" | "list" | "serve" => {
            build_server(repository)?;
            bench.arg(repository.join("target/release/revier"));
            Some(Cluster::start_in(Path::new("/var/tmp"))?)
        }
        _ => None,
    };
    if let Some(cluster) = &cluster {
        bench.env(postgres::VARIABLE, cluster.url());
    }
    let status = bench.args(arguments).status().context("cargo could not be started; is it on the path?")?;
    if status.success() { Ok(()) } else { bail!("bench {name} failed with {status}") }
}

fn build_server(repository: &Path) -> Result<()> {
    let status = cargo(repository).args(["build", "--release", "--quiet", "--package", "revier"]).status()?;
    if status.success() { Ok(()) } else { bail!("the release server could not be built") }
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
