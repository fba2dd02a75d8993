//! The demo company: people, a plan and some thousand leads, made in an empty workspace.
//! Never by another door than everybody's: its leads are placed, handed out and explained like all others.
//! Uses: people, territories, records.
//!
//! Its data, and what of them is made up, stand in `data/demo/ATTRIBUTION.md`. The leads arrive one after the
//! other over the past three months, so that lists and rings look like those of a company at work; who is away
//! and when people work is entered last, since rotation would else pass over whoever sleeps while this runs.

mod data;
mod leads;
mod people;
mod plan;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use access::{BuiltInRole, Task};
use store::{Sight, Tx};
use uuid::Uuid;

use crate::app::{App, Clock, DAY, Micros};
use crate::error::Error;
use crate::people::role as roles;
use crate::people::setup::{self, Founded, Start};
use crate::people::store::user;
use crate::records::lead::store::lead;
use crate::territories::store::territory;
use crate::trail::Actor;
use crate::versions;

/// How long ago the demo company's first lead has come.
pub const PAST: Micros = 90 * DAY;

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    pub people: usize,
    pub territories: usize,
    pub leads: usize,
}

/// Fills a workspace that was founded as a demo; leaves others as they are. Whoever founds one calls it.
///
/// # Errors
/// As [`fill`].
pub async fn founded(app: &App, founded: Founded) -> Result<(), Error> {
    if founded.start == Start::Demo {
        let Filled { people, territories, leads } =
            fill(app, founded.workspace, founded.administrator).await?;
        tracing::info!(people, territories, leads, "the demo company is at work");
    }
    Ok(())
}

/// Makes the demo company around its administrator, or goes on where an attempt before was cut off. Nobody of it can sign in before an administrator sets them a
/// password.
///
/// # Errors
/// [`Error::Conflict`] where the workspace is not empty, [`Error::Denied`] where somebody else asks.
pub async fn fill(app: &App, workspace: Uuid, administrator: Uuid) -> Result<Filled, Error> {
    let company = data::company()?;
    let file = data::plan()?;
    let leads = data::leads()?;
    let actor = Actor { user: Some(administrator), door: "demo", address: String::new() };
    let (now, is_begun) = begun(app, workspace).await?;
    let then = Arc::new(AtomicI64::new(now - PAST));
    let clock = Arc::clone(&then);
    let past = app.under(Clock::from_fn(move || clock.load(Ordering::Relaxed)));

    let (past, company, file, actor) = (&past, &company, &file, &actor);
    let people = app
        .db
        .write(workspace, Sight::Task(Task::Setup), |tx| async move {
            versions::lock(&tx).await?;
            if is_begun && tx.select::<territory::Entity>().count_up_to(1).await? > 0 {
                return Ok(company.people.len());
            }
            refuse_unless_empty(&tx, administrator).await?;
            let people = people::make(&tx, past, actor, company, administrator).await?;
            plan::make(&tx, past, actor, file, company, &people).await?;
            Ok::<_, Error>(people.values().filter(|&&id| id != administrator).count())
        })
        .await?;
    leads::make(past, workspace, administrator, actor, &leads, |share| {
        then.store(now - PAST + (share * PAST as f64) as Micros, Ordering::Relaxed);
    })
    .await?;
    app.db
        .write(workspace, Sight::Task(Task::Setup), |tx| async move {
            // Of two attempts at the same time, one enters who is away.
            if !setup::finish(&tx, app.clock.now()).await? && is_begun {
                return Ok(());
            }
            people::settle(&tx, app, actor, company).await
        })
        .await?;
    Ok(Filled { people, territories: file.territories.len(), leads: leads.len() })
}

/// When the demo's present is, and whether this workspace is to begin with it and does not yet.
async fn begun(app: &App, workspace: Uuid) -> Result<(Micros, bool), Error> {
    let now = app.clock.now();
    let read = app.db.read(workspace, Sight::Task(Task::Setup), |tx| async move {
        let is_begun = setup::unfinished(&tx).await?.is_some_and(|founded| founded.start == Start::Demo);
        let founding = setup::founding(&tx).await?.filter(|_| is_begun);
        Ok::<_, Error>((founding.map_or(now, |(at, _)| at), is_begun))
    });
    read.await
}

async fn refuse_unless_empty(tx: &Tx, administrator: Uuid) -> Result<(), Error> {
    let users = tx.select::<user::Entity>().all().await?;
    let roles = roles::all(tx).await?;
    let is_administrator = |user: &user::Model| {
        let role = roles.iter().find(|role| role.id == user.role_id);
        role.and_then(roles::built_in_of) == Some(BuiltInRole::Administrator)
    };
    if !users.iter().any(|user| user.id == administrator && user.is_active && is_administrator(user)) {
        return Err(Error::Denied("only an administrator brings the demo company in".to_owned()));
    }
    let territories = tx.select::<territory::Entity>().count_up_to(1).await?;
    let leads = tx.select::<lead::Entity>().count_up_to(1).await?;
    if users.len() > 1 || territories + leads > 0 {
        let detail = "the demo company needs an empty workspace; this one has people, territories or leads";
        return Err(Error::conflict("workspace_not_empty", detail));
    }
    Ok(())
}
