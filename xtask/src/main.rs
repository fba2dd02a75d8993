//! `cargo xtask`: what the house does to itself.

mod bench;
mod cargo;
mod ci;
mod gen_demo;
mod gen_place;
mod openapi;
mod postgres;
mod screens;
mod test;
mod tidy;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository");
    match words.as_slice() {
        ["gen", "demo"] => gen_demo::run(repository),
        ["gen", "place"] => gen_place::run(repository),
        ["openapi"] => openapi::run(repository, false),
        ["openapi", "--check"] => openapi::run(repository, true),
        ["bench", name, arguments @ ..] => bench::run(repository, name, arguments),
        ["screens"] => screens::run(repository, ""),
        ["screens", name] => screens::run(repository, name),
        ["tidy"] => tidy::run(repository),
        ["ci"] => ci::run(repository),
        ["postgres"] => test::keep_cluster(),
        ["test", arguments @ ..] => test::run(repository, arguments),
        _ => bail!(
            "there is no task {words:?}; there are: bench NAME, ci, gen demo, gen place, openapi [--check], postgres, \
             screens [NAME], tidy, test [arguments of nextest]"
        ),
    }
}
