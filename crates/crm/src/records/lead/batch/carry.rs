//! Carrying batches out: some hundred leads per transaction, from what the database says is left, so that a
//! server that dies is followed by the next one. Leads take their turns as if they had just arrived.
//! Uses: begin, undo, assignment, edit.

use std::collections::HashMap;

use access::{Action, Task};
use rotation::How;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde_json::{Map, json};
use store::{Sight, Tx};

use super::begin::told;
use super::store::{Before, KEPT, MOVED, MOVING, UNDOING, UNDONE, WAITING, batch, batch_lead};
use super::undo;
use crate::app::{App, Micros};
use crate::assignment::store::decision;
use crate::assignment::{Assigned, Batch, Request};
use crate::error::Error;
use crate::outbox;
use crate::records::lead::create::timestamp;
use crate::records::lead::edit::{self, Saving};
use crate::records::lead::store::lead;
use crate::records::lead::{facts, load};
use crate::territories::book::RuleBook;
use crate::trail::{self, Actor, Entry};

/// Leads of one transaction.
pub const STEP: u64 = 200;

/// Goes on with every batch that is not done; returns the number of leads that it has looked at.
///
/// # Errors
/// Where the database refuses; the next round finds what this one left.
pub async fn carry_on(app: &App, workspace: Uuid) -> Result<u64, Error> {
    let sight = Sight::Task(Task::Assignment);
    let open: Vec<(Uuid,)> = app
        .db
        .read(workspace, sight.clone(), |tx| async move {
            let open = batch::Column::State.is_in([MOVING, UNDOING]);
            let rows = tx.select::<batch::Entity>().filter(open);
            let rows = rows.order_by(Expr::col(batch::Column::Id), Order::Asc);
            Ok::<_, Error>(rows.tuples(vec![Expr::col(batch::Column::Id)], Vec::new()).await?)
        })
        .await?;
    let mut looked_at = 0;
    for (id,) in open {
        loop {
            let step = app.db.write(workspace, sight.clone(), |tx| async move { step(&tx, app, id).await });
            let count = step.await?;
            app.live.doorbell.notify_one();
            looked_at += count;
            if count < STEP || app.ending.is_cancelled() {
                break;
            }
        }
    }
    Ok(looked_at)
}

async fn step(tx: &Tx, app: &App, id: Uuid) -> Result<u64, Error> {
    // The order of locks is that of every change of leads: the book, the leads, the rotations.
    let book = app.books.book_kept(tx).await?;
    let batch = tx.select::<batch::Entity>().filter(batch::Column::Id.eq(id)).lock().one().await?;
    let batch = batch.ok_or_else(|| Error::Bug(format!("the batch {id} has no row")))?;
    let (open, done): (&[&str], _) = match batch.state.as_str() {
        MOVING => (&[WAITING], MOVED),
        UNDOING => (&[WAITING, MOVED], UNDONE),
        _ => return Ok(0),
    };
    let rows = tx
        .select::<batch_lead::Entity>()
        .filter(batch_lead::Column::BatchId.eq(id))
        .filter(batch_lead::Column::State.is_in(open.iter().copied()))
        .order_by(Expr::col(batch_lead::Column::LeadId), Order::Asc)
        .limit(STEP)
        .all()
        .await?;
    let count = rows.len() as u64;
    let leads = lead::Column::Id.is_in(rows.iter().map(|row| row.lead_id));
    let leads = tx.select::<lead::Entity>().filter(leads);
    let leads = leads.order_by(Expr::col(lead::Column::Id), Order::Asc).lock().all().await?;
    let leads: HashMap<Uuid, lead::Model> = leads.into_iter().map(|lead| (lead.id, lead)).collect();
    let now = app.clock.now();
    let rows = if batch.state == MOVING {
        let actor = actor(&batch, batch.user_id);
        move_all(tx, app, &book, &actor, rows, &leads, now).await?
    } else {
        let actor = actor(&batch, batch.undone_by.unwrap_or(batch.user_id));
        undo::put_back(tx, app, &book, &actor, rows, &leads, now).await?
    };
    tx.insert_over(rows.into_iter().map(whole).collect()).await?;
    if count < STEP {
        finish(tx, app, &batch, done, now).await?;
    }
    outbox::publish(tx, app, vec![told(id)]).await?;
    Ok(count)
}

async fn move_all(
    tx: &Tx,
    app: &App,
    book: &RuleBook,
    actor: &Actor,
    rows: Vec<batch_lead::Model>,
    leads: &HashMap<Uuid, lead::Model>,
    now: Micros,
) -> Result<Vec<batch_lead::Model>, Error> {
    let today = book.day_of(now);
    let (mut moving, mut requests, mut settled) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let lead = leads.get(&row.lead_id).filter(|lead| !lead.is_pinned);
        let lead = lead.filter(|lead| lead.territory_id == row.from_territory_id);
        let facts = lead.map(|lead| facts::of(lead, book.catalog(), today, &|us| book.day_of(us)));
        let goes = |facts: &condition::Facts| {
            book.index().place(facts).territory.map(|id| Uuid::from_u128(id.0)) == row.to_territory_id
        };
        match (lead, facts.filter(goes)) {
            (Some(lead), Some(facts)) => {
                let texts = facts::texts_of(lead);
                let named = lead.owner_id;
                requests.push(Request { facts, texts, pinned: None, named, known: Vec::new() });
                moving.push((row, lead));
            }
            _ => settled.push(batch_lead::Model { state: KEPT.to_owned(), ..row }),
        }
    }
    let decisions = latest_decisions(tx, moving.iter().map(|(row, _)| row.lead_id).collect()).await?;
    let mut batch = Batch::lock(tx, book, requests, timestamp(now)).await?;
    load::count_open(tx, &mut batch).await?;
    let assigned = batch.assign(tx).await?;
    for ((row, before), mut assigned) in moving.into_iter().zip(assigned) {
        if assigned.decision.how == How::Named {
            assigned.decision.how = if assigned.territory.is_some() { How::Kept } else { How::Unplaced };
        }
        let to_owner_id = assigned.owner;
        let version = save(tx, app, actor, before, assigned, now).await?;
        let undo = Before {
            queued_at: before.queued_at,
            assigned_at: before.assigned_at,
            decision: decisions.get(&before.id).copied(),
        };
        settled.push(batch_lead::Model {
            state: MOVED.to_owned(),
            from_owner_id: before.owner_id,
            to_owner_id,
            before: Some(serde_json::to_string(&undo)?),
            version: Some(version),
            ..row
        });
    }
    Ok(settled)
}

async fn save(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    before: &lead::Model,
    assigned: Assigned,
    now: Micros,
) -> Result<i64, Error> {
    let mut after = edit::touched(before, now);
    edit::put(&mut after, &assigned, now);
    let mut changed =
        Map::from_iter([("territory".to_owned(), json!([before.territory_id, assigned.territory]))]);
    if before.owner_id != assigned.owner {
        changed.insert("owner".to_owned(), json!([before.owner_id, assigned.owner]));
    }
    let assigned = Some(assigned);
    let saving = Saving { before, after, changed: &changed, assigned, former_collaborators: Vec::new() };
    Ok(edit::save(tx, app, actor, saving).await?.version)
}

async fn latest_decisions(tx: &Tx, leads: Vec<Uuid>) -> Result<HashMap<Uuid, Uuid>, Error> {
    let [id, lead] = [decision::Column::Id, decision::Column::LeadId].map(Expr::col);
    let rows = tx.select::<decision::Entity>().filter(decision::Column::LeadId.is_in(leads));
    let rows = rows.order_by(Expr::col(decision::Column::At), Order::Asc);
    let rows = rows.order_by(Expr::col(decision::Column::Id), Order::Asc);
    let rows: Vec<(Uuid, Uuid)> = rows.tuples(vec![lead, id], Vec::new()).await?;
    Ok(rows.into_iter().collect())
}

async fn finish(tx: &Tx, app: &App, batch: &batch::Model, state: &str, now: Micros) -> Result<(), Error> {
    let finished = if state == MOVED { batch::Column::FinishedAt } else { batch::Column::UndoneAt };
    tx.update::<batch::Entity>(Action::Edit)
        .set(batch::Column::State, Expr::val(state))
        .set(finished, Expr::val(now))
        .set(batch::Column::Version, Expr::val(batch.version + 1))
        .filter(batch::Column::Id.eq(batch.id))
        .run()
        .await?;
    let by = if state == MOVED { batch.user_id } else { batch.undone_by.unwrap_or(batch.user_id) };
    let entry = Entry {
        action: if state == MOVED { "finish" } else { "undone" },
        object: "batch",
        object_id: batch.id.to_string(),
        before: Some(json!({ "state": batch.state })),
        after: Some(json!({ "state": state })),
    };
    trail::write(tx, app, &actor(batch, by), vec![entry]).await
}

/// The person on whose behalf the job works.
fn actor(batch: &batch::Model, user: Uuid) -> Actor {
    let door = if batch.door == "api" { "api" } else { "page" };
    Actor { user: Some(user), door, address: batch.address.clone() }
}

fn whole(row: batch_lead::Model) -> batch_lead::ActiveModel {
    let batch_lead::Model {
        workspace_id: _,
        batch_id,
        lead_id,
        state,
        from_territory_id,
        from_owner_id,
        to_territory_id,
        to_owner_id,
        before,
        version,
    } = row;
    batch_lead::ActiveModel {
        workspace_id: NotSet,
        batch_id: Set(batch_id),
        lead_id: Set(lead_id),
        state: Set(state),
        from_territory_id: Set(from_territory_id),
        from_owner_id: Set(from_owner_id),
        to_territory_id: Set(to_territory_id),
        to_owner_id: Set(to_owner_id),
        before: Set(before),
        version: Set(version),
    }
}
