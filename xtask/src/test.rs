//! `cargo xtask test [ARGUMENTS OF NEXTEST…]`: the Rust tests, on SQLite and on a PostgreSQL of their own.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::postgres::{self, Cluster};

pub fn run(repository: &Path, arguments: &[&str]) -> Result<()> {
    let cluster = Cluster::start()?;
    let status = cargo(repository)
        .args(["nextest", "run"])
        .args(arguments)
        .env(postgres::VARIABLE, cluster.url())
        .status()
        .context("cargo-nextest is missing: cargo install --locked cargo-nextest")?;
    drop(cluster);
    if !status.success() {
        bail!("the Rust tests failed");
    }
    Ok(())
}

/// Starts a cluster, says where it is, and keeps it until Ctrl-C or the end of standard input.
pub fn keep_cluster() -> Result<()> {
    let cluster = Cluster::start()?;
    println!("export {}={}", postgres::VARIABLE, cluster.url());
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(())
}
