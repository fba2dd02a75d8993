//! The binary: what the operator types becomes a call of the product.
//! Decides no product rule; knows addresses, files, signals and exit statuses.

mod audit;
mod backup;
#[cfg(feature = "chaos")]
mod chaos;
mod cli;
mod console;
mod contract;
mod doctor;
mod outcome;
mod place;
mod plan;
mod route;
mod serve;
mod setup;
mod token;
mod user;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Audit, Command, Options};
use crate::outcome::{Outcome, Speech};

/// A third of a server's work under load was the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let Options { json, command } = Options::parse();
    let speech = Speech { json };
    #[cfg(feature = "chaos")]
    let _armed = chaos::armed();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return speech.failed(&error.into()),
    };
    match runtime.block_on(run(command, speech)) {
        Ok(outcome) => outcome.into(),
        Err(error) => speech.failed(&error),
    }
}

async fn run(command: Command, speech: Speech) -> anyhow::Result<Outcome> {
    match command {
        Command::Serve(options) => serve::run(options).await,
        Command::Setup(options) => setup::run(options, speech).await,
        Command::User(user) => user::run(user, speech).await,
        Command::Token(token) => token::run(token, speech).await,
        Command::Migrate(place) => place::migrate(&place, speech).await,
        Command::Backup(options) => backup::run(options, speech).await,
        Command::Restore(options) => backup::restore(options, speech).await,
        Command::Doctor(place) => doctor::run(&place, speech).await,
        Command::Audit(Audit::Verify { place, head }) => audit::verify(&place, head.as_deref(), speech).await,
        Command::Route(options) => route::run(&options, speech),
        Command::Plan(plan) => plan::run(&plan, speech).await,
        Command::Openapi => contract::print().await,
    }
}
