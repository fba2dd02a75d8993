//! `revier audit verify`: recomputes the chain of seals.

use anyhow::Result;
use crm::trail;
use serde_json::json;

use crate::cli::Place;
use crate::outcome::{Outcome, Speech};
use crate::{console, place};

pub async fn verify(options: &Place, head: Option<&str>, speech: Speech) -> Result<Outcome> {
    let app = place::app_at_console(place::open_existing(options).await?);
    let workspace = console::workspace(&app).await?;
    let verdict = match head {
        Some(head) => trail::verify_since(&app, workspace, head.trim()).await?,
        None => trail::verify(&app, workspace).await?,
    };
    let trail::Verdict { seals, entries, unsealed, broken, head } = verdict;
    let text = match &broken {
        None => format!(
            "The audit log holds: {entries} entries under {seals} seals, {unsealed} not yet sealed.\n\
             Head: {head}\nKeep the head elsewhere: it betrays a tail that was cut off."
        ),
        Some((number, why)) => format!(
            "The audit log is broken at seal {number}: {why}.\n\
             What was sealed before it holds. Compare with a backup."
        ),
    };
    let is_broken = broken.is_some();
    let broken = broken.map(|(seal, why)| json!({ "seal": seal, "why": why }));
    let value = json!({
        "seals": seals, "entries": entries, "unsealed": unsealed, "broken": broken, "head": head,
    });
    speech.say(text, &value);
    Ok(if is_broken { Outcome::Failed } else { Outcome::Fine })
}
