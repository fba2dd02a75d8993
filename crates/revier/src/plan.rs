//! `revier plan`: plan files looked at without database and server, taken out of a workspace and brought in.
//! Uses: route (reading a plan), territory, console.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use condition::normal::time;
use crm::Error;
use crm::territories::plan::{self as active, Imported};
use serde::Serialize;
use serde_json::{Value, json};
use territory::file::catalog;
use territory::{Index, PlanFile};

use crate::cli::Place;
use crate::console::{Console, told};
use crate::outcome::{Outcome, Speech};
use crate::route::{read_plan, tell_broken_rules, text_of};

#[derive(Debug, Subcommand)]
pub enum Plan {
    /// Says what is wrong with a plan file: faults, broken rules, examples that arrive elsewhere.
    Check(Check),
    /// Says in words how two plan files differ.
    Diff(Diff),
    /// Writes the workspace's active plan as a plan file.
    Export(Export),
    /// Makes a plan file the workspace's active plan, and says what that changes.
    Import(Import),
}

#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub place: Place,
    /// The file to write; standard output where nothing is said.
    #[arg(long, env = "REVIER_PLAN_TO", value_name = "PLAN.json")]
    pub to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    pub place: Place,
    /// A file of the format revier-plan/1.
    #[arg(env = "REVIER_PLAN", value_name = "PLAN.json")]
    pub plan: PathBuf,
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
pub async fn run(plan: &Plan, speech: Speech) -> Result<Outcome> {
    match plan {
        Plan::Check(check) => run_check(check, speech),
        Plan::Diff(diff) => run_diff(diff, speech),
        Plan::Export(export) => run_export(export).await,
        Plan::Import(import) => run_import(import, speech).await,
    }
}

async fn run_export(export: &Export) -> Result<Outcome> {
    let console = Console::open(&export.place).await?;
    let app = &console.app;
    let read = app.db.read(console.caller.workspace, console.caller.sight(), |tx| async move {
        active::export(&tx, app).await
    });
    let text = read.await.map_err(told)?.write();
    match &export.to {
        None => crate::outcome::print(&text.trim_end()),
        Some(file) => {
            std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
        }
    }
    Ok(Outcome::Fine)
}

async fn run_import(import: &Import, speech: Speech) -> Result<Outcome> {
    let text = text_of(&import.plan)?;
    let console = Console::open(&import.place).await?;
    let (app, actor, text) = (&console.app, &console.caller.actor(), &text);
    let made = app.db.write(console.caller.workspace, console.caller.sight(), |tx| async move {
        active::import(&tx, app, actor, text).await
    });
    let Imported { version, steps } = match made.await {
        Ok(imported) => imported,
        Err(Error::Invalid(faults)) => {
            let told = faults.into_iter().map(|fault| Told {
                pointer: fault.pointer,
                code: fault.code,
                value: fault.value,
                detail: fault.detail,
            });
            return Ok(unusable(&import.plan, told.collect(), speech));
        }
        Err(error) => return Err(told(error)),
    };
    let mut lines: Vec<String> = steps.iter().map(|step| step.en.clone()).collect();
    lines.push(format!("The active plan is version {version}."));
    speech.say(lines.join("\n"), &json!({ "version": version, "steps": steps }));
    Ok(Outcome::Fine)
}

fn run_check(check: &Check, speech: Speech) -> Result<Outcome> {
    let catalog = catalog();
    let file = match PlanFile::read(&text_of(&check.plan)?, &catalog) {
        Ok(file) => file,
        Err(faults) => {
            let told = faults.into_iter().map(|fault| Told {
                pointer: fault.pointer,
                code: fault.code.name().to_owned(),
                value: fault.value.into(),
                detail: fault.detail,
            });
            return Ok(unusable(&check.plan, told.collect(), speech));
        }
    };
    tell_broken_rules(&check.plan, &file);
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

/// A fault as both commands tell it: to people by place and sentence, to machines with code and value.
#[derive(Serialize)]
struct Told {
    pointer: String,
    code: String,
    value: Value,
    detail: String,
}

fn unusable(plan: &Path, faults: Vec<Told>, speech: Speech) -> Outcome {
    for Told { pointer, detail, .. } in &faults {
        let pointer = if pointer.is_empty() { "/" } else { pointer };
        eprintln!("{}: {pointer}: {detail}", plan.display());
    }
    if speech.json {
        speech.say("", &json!({ "faults": faults }));
    }
    Outcome::Unusable
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
