//! What becomes of leads whose owner loses access to their territory: handed out, given to somebody, or
//! back into the queue; in the transaction that takes the access away.

use access::Task;
use rotation::How;
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde_json::{Map, json};
use store::Tx;

use super::create::timestamp;
use super::edit::{self, Saving};
use super::placed;
use super::store::lead;
use crate::app::App;
use crate::assignment::decision::{Decision, Place};
use crate::assignment::{Assigned, Batch};
use crate::error::Error;
use crate::territories::book::RuleBook;
use crate::territories::hold::{Fate, Release, Releases};
use crate::trail::Actor;

/// Leads read at a time.
const STEP: u64 = 200;

/// The way in which leads are released, for [`App`].
pub fn releases() -> Releases {
    Releases::new(|app, tx, actor, release| {
        Box::pin(async move { release_all(&app, &tx, &actor, &release).await })
    })
}

async fn release_all(app: &App, tx: &Tx, actor: &Actor, release: &Release) -> Result<u64, Error> {
    let tx = tx.as_task(Task::Assignment);
    // The access has been taken away in this very transaction, so the book is read anew from it.
    let book = app.books.unpublished(&tx).await?;
    if let Fate::Give(to) = release.fate {
        let lacking = release.territories.iter().find(|&&territory| !book.has_access(to, territory));
        if let Some(&territory) = lacking {
            let name = book.territory_name(territory).0;
            let detail = format!("this user has no access to {name}; give access first or choose another");
            return Err(Error::invalid("/to", "owner_without_access", to.to_string(), detail));
        }
    }
    let mut released = 0;
    for &territory in &release.territories {
        released += release_in(app, &tx, actor, &book, Some(territory), release).await?;
    }
    Ok(released)
}

/// Releases the leads of one territory, or those without territory, which are nobody's turn.
pub(super) async fn release_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    book: &RuleBook,
    territory: Option<Uuid>,
    release: &Release,
) -> Result<u64, Error> {
    let there = territory.map_or_else(
        || lead::Column::TerritoryId.is_null(),
        |territory| lead::Column::TerritoryId.eq(territory),
    );
    let mut released = 0;
    loop {
        let leads = tx
            .select::<lead::Entity>()
            .filter(there.clone())
            .filter(lead::Column::OwnerId.eq(release.owner))
            .order_by(Expr::col(lead::Column::Id), Order::Asc)
            .limit(STEP)
            .lock()
            .all()
            .await?;
        if leads.is_empty() {
            return Ok(released);
        }
        released += leads.len() as u64;
        step(app, tx, actor, book, territory, release.fate, leads).await?;
    }
}

async fn step(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    book: &RuleBook,
    territory: Option<Uuid>,
    fate: Fate,
    leads: Vec<lead::Model>,
) -> Result<(), Error> {
    let now = app.clock.now();
    let mut handed = match (fate, territory) {
        (Fate::Rotate, Some(territory)) => {
            let mut batch = Batch::for_queue(tx, book, territory, timestamp(now)).await?;
            super::load::count_open(tx, &mut batch).await?;
            batch.hand_out(tx, territory, leads.len()).await?
        }
        _ => Vec::new(),
    };
    handed.resize_with(leads.len(), || without_turn(book, territory, fate, timestamp(now)));
    placed::remember(tx, &leads, &mut handed).await?;
    for (before, assigned) in leads.into_iter().zip(handed) {
        let mut after = edit::touched(&before, now);
        edit::put(&mut after, &assigned, now);
        let changed = Map::from_iter([("owner".to_owned(), json!([before.owner_id, assigned.owner]))]);
        let saving = Saving {
            before: &before,
            after,
            changed: &changed,
            assigned: Some(assigned),
            former_collaborators: Vec::new(),
        };
        edit::save(tx, app, actor, saving).await?;
    }
    Ok(())
}

fn without_turn(book: &RuleBook, territory: Option<Uuid>, fate: Fate, now: jiff::Timestamp) -> Assigned {
    let owner = match fate {
        Fate::Give(to) => Some(to),
        Fate::Rotate | Fate::Queue => None,
    };
    let how = match (owner, territory) {
        (Some(_), _) => How::ByHand,
        (None, Some(territory)) if fate == Fate::Rotate && book.pause(territory).is_some() => How::Paused,
        (None, Some(_)) => How::Queued,
        (None, None) => How::Unplaced,
    };
    let decision = Decision {
        at: now,
        plan_version: book.plan_version(),
        territory: territory.map(|id| Place::plain(id, book.territory_name(id).0)),
        tried: Vec::new(),
        tried_count: 0,
        how,
        ring: None,
    };
    let is_queued = matches!(how, How::Queued | How::Paused);
    Assigned { territory, owner, turn: None, is_queued, decision }
}
