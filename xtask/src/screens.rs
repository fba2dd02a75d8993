//! `cargo xtask screens [NAME]`: pictures of every page whose name contains NAME, in both languages and
//! themes, wide and narrow, in `target/screens`.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::cargo;

/// Builds pages and server, and takes the pictures of the demo company.
pub fn run(repository: &Path, name: &str) -> Result<()> {
    let web = repository.join("web");
    let pictures = repository.join("target/screens");
    done(Command::new("sh").arg(web.join("install.sh")).current_dir(&web))?;
    done(Command::new("npm").args(["run", "build"]).current_dir(&web))?;
    done(cargo(repository).args(["build", "--quiet", "--package", "revier"]))?;
    done(
        Command::new("npm")
            .args(["run", "screens"])
            .env("REVIER_BINARY", repository.join("target/debug/revier"))
            .env("REVIER_SCREENS", &pictures)
            .env("REVIER_SCREENS_ONLY", name)
            .current_dir(&web),
    )?;
    println!("{}", pictures.display());
    Ok(())
}

fn done(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { bail!("{command:?} ended with {status}") }
}
