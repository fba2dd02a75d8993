//! `revier doctor`: looks at everything and changes nothing.

use anyhow::Result;
use crm::trail;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::outcome::{Outcome, Speech};
use crate::place;

/// One thing looked at.
struct Check {
    what: String,
    is_fine: bool,
    detail: String,
}

impl Check {
    fn new(what: impl Into<String>, is_fine: bool, detail: impl Into<String>) -> Check {
        Check { what: what.into(), is_fine, detail: detail.into() }
    }
}

pub async fn run(options: &Place, speech: Speech) -> Result<Outcome> {
    // Opening refuses settings under which acknowledged writes could be lost.
    let app = place::app_at_console(place::open_existing(options).await?);
    let db = &app.db;
    let mut checks = vec![Check::new("settings", true, db.settings().await?.join(", "))];
    if db.is_superuser().await? {
        let remedy = "Revier connects as a superuser; give it a role that owns its database and nothing else";
        checks.push(Check::new("role", false, remedy));
    }
    let versions = db.versions().await?;
    let newest = versions.last().cloned().unwrap_or_else(|| "none".to_owned());
    let is_current = db.is_current().await?;
    let remedy = if is_current { "" } else { "; run revier migrate" };
    checks.push(Check::new("schema", is_current, format!("{newest}{remedy}")));
    let faults = db.integrity().await?;
    checks.push(Check::new("integrity", faults.is_empty(), faults.join("; ")));
    if is_current {
        for workspace in db.workspaces().await? {
            let verdict = trail::verify(&app, workspace).await?;
            let detail = match &verdict.broken {
                None => format!(
                    "{} entries under {} seals, head {}",
                    verdict.entries, verdict.seals, verdict.head
                ),
                Some((seal, why)) => format!("broken at seal {seal}: {why}"),
            };
            checks.push(Check::new("audit log", verdict.broken.is_none(), detail));
        }
        for finding in db.invariants().await? {
            let detail = if finding.exceptions == 0 {
                String::new()
            } else {
                format!("{} exceptions", finding.exceptions)
            };
            checks.push(Check::new(finding.sentence, finding.exceptions == 0, detail));
        }
    }
    let is_well = checks.iter().all(|check| check.is_fine);
    tell(&checks, is_well, speech);
    Ok(if is_well { Outcome::Fine } else { Outcome::Failed })
}

fn tell(checks: &[Check], is_well: bool, speech: Speech) {
    let mut lines: Vec<String> = Vec::new();
    for Check { what, is_fine, detail } in checks {
        let mark = if *is_fine { "fine " } else { "WRONG" };
        let colon = if detail.is_empty() { "" } else { ": " };
        lines.push(format!("{mark}  {what}{colon}{detail}"));
    }
    lines.push(if is_well { "All is well." } else { "Something is wrong; see above." }.to_owned());
    let values: Vec<Value> = checks
        .iter()
        .map(|Check { what, is_fine, detail }| json!({ "check": what, "is_fine": is_fine, "detail": detail }))
        .collect();
    speech.say(lines.join("\n"), &json!({ "is_well": is_well, "checks": values }));
}
