//! The beginning of a batch: the change of the rule and the list of leads to move, in one transaction.
//! Uses: intended, weigh, store.

use access::Task;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;

use super::intended::Intended;
use super::store::{MOVED, MOVING, WAITING, batch, batch_lead};
use super::weigh::{self, Weighed};
use crate::app::{App, Micros};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::outbox::{self, Event};
use crate::trail::{self, Entry};
use crate::versions;

/// Rows of leads written at a time.
const ROWS_AT_ONCE: usize = 1_000;

/// What a batch of a rule keeps of the change that it followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleDetail {
    pub rule: Uuid,
    /// `create`, `change`, `delete`.
    pub change: String,
    pub plan_version: i64,
    pub pinned: u64,
}

/// What was weighed before, and when that began.
pub struct WeighedAt {
    pub weighed: Weighed,
    pub at: Micros,
}

/// Makes the change, and a batch of the leads that it moves; returns the batch's id.
///
/// # Errors
/// [`Error::Conflict`] where rules or members have changed since `seen`, and others by cause.
pub async fn begin(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    intended: &Intended,
    seen: i64,
    before: &WeighedAt,
) -> Result<Uuid, Error> {
    let workspace = versions::lock(tx).await?;
    if workspace.rules_version != seen {
        let detail = "rules or members have changed since the preview; look at it again";
        return Err(Error::conflict("rules_changed", detail));
    }
    let now = app.clock.now();
    let book = app.books.book(tx).await?;
    let considered = intended.consider(tx, app, &book, &caller.viewer)?;
    let mut weighed =
        Weighed { moves: before.weighed.moves.clone(), pinned: before.weighed.pinned, ..Weighed::default() };
    weigh::weigh_since(tx, &book, &considered, before.at - outbox::WINDOW, now, &mut weighed).await?;
    let rule = intended.make(tx, app, &caller.actor()).await?;
    let id = app.ids.next();
    let change = match intended {
        Intended::Create { .. } => "create",
        Intended::Change { .. } => "change",
        Intended::Remove { .. } => "delete",
    };
    let plan_version = versions::workspace(tx).await?.plan_version;
    let detail = RuleDetail { rule, change: change.to_owned(), plan_version, pinned: weighed.pinned };
    let is_done = weighed.moves.is_empty();
    let row = batch::ActiveModel {
        workspace_id: NotSet,
        id: Set(id),
        at: Set(now),
        user_id: Set(caller.user),
        door: Set(caller.door.to_owned()),
        address: Set(caller.address.clone()),
        kind: Set("rule".to_owned()),
        title: Set(considered.name),
        detail: Set(serde_json::to_string(&detail)?),
        state: Set(if is_done { MOVED } else { MOVING }.to_owned()),
        finished_at: Set(is_done.then_some(now)),
        undone_by: Set(None),
        undone_at: Set(None),
        version: Set(1),
    };
    let task = tx.as_task(Task::Assignment);
    task.insert(vec![row]).await?;
    let leads = weighed.moves.len();
    let rows: Vec<_> = weighed
        .moves
        .into_iter()
        .map(|(lead, going)| batch_lead::ActiveModel {
            workspace_id: NotSet,
            batch_id: Set(id),
            lead_id: Set(lead),
            state: Set(WAITING.to_owned()),
            from_territory_id: Set(going.from),
            from_owner_id: Set(going.owner),
            to_territory_id: Set(going.to),
            to_owner_id: Set(None),
            before: Set(None),
            version: Set(None),
        })
        .collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        task.insert(rows.to_vec()).await?;
    }
    let entry = Entry {
        action: "begin",
        object: "batch",
        object_id: id.to_string(),
        before: None,
        after: Some(json!({ "kind": "rule", "rule": rule, "change": change, "leads": leads })),
    };
    trail::write(tx, app, &caller.actor(), vec![entry]).await?;
    outbox::publish(&task, app, vec![told(id)]).await?;
    Ok(id)
}

/// The event by which pages look at a batch again.
pub(super) fn told(batch: Uuid) -> Event {
    Event {
        kind: "batch.changed",
        object: batch,
        territory: None,
        owner: None,
        former_territory: None,
        former_owner: None,
        former_collaborators: Vec::new(),
    }
}
