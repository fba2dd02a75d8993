//! Undoing a batch: every lead that is still as the batch has left it becomes what it was, version, history and
//! turns aside. What has changed since stays, and is listed.
//! Uses: store, edit, versions.

use std::collections::HashMap;

use access::{Action, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use serde_json::{Map, json};
use store::Tx;

use super::begin::told;
use super::store::{Before, MOVED, MOVING, STAYED, UNDOING, UNDONE, WAITING, batch, batch_lead};
use crate::app::{App, Micros};
use crate::assignment::store::decision;
use crate::error::Error;
use crate::outbox;
use crate::records::lead::edit::{self, Saving};
use crate::records::lead::store::lead;
use crate::territories::book::RuleBook;
use crate::trail::{self, Actor, Entry};

/// Turns a batch round: the job puts back what it has moved.
///
/// # Errors
/// [`Error::NotFound`], or [`Error::Conflict`] where the batch is undone already.
pub async fn turn_round(tx: &Tx, app: &App, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let batch = tx.select::<batch::Entity>().filter(batch::Column::Id.eq(id)).lock().one().await?;
    let batch = batch.ok_or(Error::NotFound)?;
    if batch.state != MOVED && batch.state != MOVING {
        return Err(Error::conflict("batch_undone", "this batch has been undone already"));
    }
    let task = tx.as_task(Task::Assignment);
    task.update::<batch::Entity>(Action::Edit)
        .set(batch::Column::State, Expr::val(UNDOING))
        .set(batch::Column::UndoneBy, Expr::val(actor.user))
        .set(batch::Column::Version, Expr::val(batch.version + 1))
        .filter(batch::Column::Id.eq(id))
        .run()
        .await?;
    let entry = Entry {
        action: "undo",
        object: "batch",
        object_id: id.to_string(),
        before: Some(json!({ "state": batch.state })),
        after: Some(json!({ "state": UNDOING })),
    };
    trail::write(tx, app, actor, vec![entry]).await?;
    outbox::publish(&task, app, vec![told(id)]).await
}

/// Puts the leads back; the rows come back as they are to be kept.
pub(super) async fn put_back(
    tx: &Tx,
    app: &App,
    book: &RuleBook,
    actor: &Actor,
    rows: Vec<batch_lead::Model>,
    leads: &HashMap<Uuid, lead::Model>,
    now: Micros,
) -> Result<Vec<batch_lead::Model>, Error> {
    let mut settled = Vec::with_capacity(rows.len());
    for row in rows {
        let state = if row.state == WAITING {
            UNDONE
        } else {
            match leads.get(&row.lead_id).filter(|lead| may_go_back(book, &row, lead)) {
                Some(lead) => {
                    restore(tx, app, actor, &row, lead, now).await?;
                    UNDONE
                }
                None => STAYED,
            }
        };
        settled.push(batch_lead::Model { state: state.to_owned(), ..row });
    }
    Ok(settled)
}

/// Nobody has touched the lead since, and its former owner still has access to where it was.
fn may_go_back(book: &RuleBook, row: &batch_lead::Model, lead: &lead::Model) -> bool {
    let is_untouched = row.version == Some(lead.version);
    let is_there = row.from_territory_id.is_none_or(|territory| book.tree().get(territory).is_some());
    let may_own = match (row.from_owner_id, row.from_territory_id) {
        (Some(owner), Some(territory)) => book.has_access(owner, territory),
        (Some(owner), None) => book.is_active_user(owner),
        (None, _) => true,
    };
    debug_assert!(row.state == MOVED, "only leads that were moved are put back");
    is_untouched && is_there && may_own
}

async fn restore(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    row: &batch_lead::Model,
    lead: &lead::Model,
    now: Micros,
) -> Result<(), Error> {
    let before = row.before.as_deref().ok_or_else(|| Error::Bug("a moved lead has no past".to_owned()))?;
    let before: Before = serde_json::from_str(before)?;
    let mut after = edit::touched(lead, now);
    after.territory_id = Set(row.from_territory_id);
    after.owner_id = Set(row.from_owner_id);
    after.queued_at = Set(before.queued_at);
    after.assigned_at = Set(before.assigned_at);
    let mut changed =
        Map::from_iter([("territory".to_owned(), json!([lead.territory_id, row.from_territory_id]))]);
    if lead.owner_id != row.from_owner_id {
        changed.insert("owner".to_owned(), json!([lead.owner_id, row.from_owner_id]));
    }
    let saving =
        Saving { before: lead, after, changed: &changed, assigned: None, former_collaborators: Vec::new() };
    edit::save(tx, app, actor, saving).await?;
    let Some(id) = before.decision else { return Ok(()) };
    let old = tx.select::<decision::Entity>().filter(decision::Column::Id.eq(id)).one().await?;
    let Some(old) = old else { return Ok(()) };
    // The lead's reason is again what it was; the turn that it took then stays where it was taken.
    let again = decision::ActiveModel {
        workspace_id: NotSet,
        id: Set(app.ids.next()),
        lead_id: Set(lead.id),
        at: Set(now),
        territory_id: Set(old.territory_id),
        owner_id: Set(old.owner_id),
        turn: Set(None),
        detail: Set(old.detail),
    };
    Ok(tx.insert(vec![again]).await?)
}
