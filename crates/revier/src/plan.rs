//! `revier plan`: plan files looked at without database and server.
//! Uses: route (reading a plan), territory.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use condition::normal::time;
use serde_json::json;
use territory::Index;
use territory::file::catalog;

use crate::outcome::{Outcome, Speech};
use crate::route::read_plan;

#[derive(Debug, Subcommand)]
pub enum Plan {
    /// Says what is wrong with a plan file: faults, broken rules, examples that arrive elsewhere.
    Check(Check),
    /// Says in words how two plan files differ.
    Diff(Diff),
}

#[derive(Debug, Args)]
pub struct Check {
    /// A file of the format revier-plan/1.
    #[arg(env = "REVIER_PLAN", value_name = "PLAN.json")]
    pub plan: PathBuf,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// The plan as it was.
    #[arg(value_name = "BEFORE.json")]
    pub before: PathBuf,
    /// The plan as it is to be.
    #[arg(value_name = "AFTER.json")]
    pub after: PathBuf,
}

/// Runs what was asked for. Without a usable plan the exit status is 2, and 1 if something is wrong.
pub fn run(plan: &Plan, speech: Speech) -> Result<Outcome> {
    match plan {
        Plan::Check(check) => run_check(check, speech),
        Plan::Diff(diff) => run_diff(diff, speech),
    }
}

fn run_check(check: &Check, speech: Speech) -> Result<Outcome> {
    let catalog = catalog();
    let Some(file) = read_plan(&check.plan, &catalog)? else { return Ok(Outcome::Unusable) };
    let index = Index::build(&file.plan());
    let today = time::day_of(jiff::Timestamp::now().as_microsecond(), &file.zone());
    let broken = file.broken_examples(&catalog, &index, today);
    for example in &broken {
        eprintln!("{}: {example}", check.plan.display());
    }
    let broken_rules = file.broken_rules().count();
    let text = format!(
        "{} territories, {} rules, {} examples; {} kept, {broken_rules} broken criteria",
        file.territories.len(),
        index.rule_count(),
        file.examples.len(),
        file.examples.len() - broken.len(),
    );
    let answer = json!({
        "territories": file.territories.len(),
        "rules": index.rule_count(),
        "examples": file.examples.len(),
        "broken_rules": file.broken_rules().map(ToString::to_string).collect::<Vec<_>>(),
        "broken_examples": broken.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    speech.say(text, &answer);
    Ok(if broken.is_empty() && broken_rules == 0 { Outcome::Fine } else { Outcome::Failed })
}

fn run_diff(diff: &Diff, speech: Speech) -> Result<Outcome> {
    let catalog = catalog();
    let (before, after) = (read_plan(&diff.before, &catalog)?, read_plan(&diff.after, &catalog)?);
    let (Some(before), Some(after)) = (before, after) else { return Ok(Outcome::Unusable) };
    let lines = before.differences(&after);
    let text = if lines.is_empty() { "The plans are the same.".to_owned() } else { lines.join("\n") };
    speech.say(text, &json!({ "differences": lines }));
    Ok(Outcome::Fine)
}
