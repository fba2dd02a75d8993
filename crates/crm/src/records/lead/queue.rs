//! The queue: leads that have a territory but nobody to go to, handed out, oldest first, as soon as
//! somebody becomes eligible. What is due is asked of the database each time, so no restart forgets it.

use access::{Action, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde_json::json;
use store::{Sight, Tx};

use super::create::timestamp;
use super::placed;
use super::store::{change, lead};
use crate::app::App;
use crate::assignment::store::decision;
use crate::assignment::{Assigned, Batch};
use crate::error::Error;
use crate::outbox::{self, Event};
use crate::territories::book::RuleBook;
use crate::trail::{self, Actor, Entry};

/// Leads handed out per transaction.
const HANDED_MAX: u64 = 64;

/// Hands out what can be handed out now; returns the number of leads.
///
/// # Errors
/// Where the database refuses; the next round finds what this one left.
pub async fn serve(app: &App, workspace: Uuid) -> Result<usize, Error> {
    let sight = Sight::Task(Task::Assignment);
    let territories = app
        .db
        .read(workspace, sight, |tx| async move {
            let book = app.books.book(&tx).await?;
            let now = timestamp(app.clock.now());
            let waiting = waiting_territories(&tx).await?;
            Ok::<_, Error>(
                waiting.into_iter().filter(|&id| may_be_served(&book, id, now)).collect::<Vec<_>>(),
            )
        })
        .await?;
    let mut handed = 0;
    for territory in territories {
        loop {
            let count = serve_territory(app, workspace, territory).await?;
            handed += count;
            if (count as u64) < HANDED_MAX {
                break;
            }
        }
    }
    if handed > 0 {
        app.live.doorbell.notify_one();
    }
    Ok(handed)
}

async fn waiting_territories(tx: &Tx) -> Result<Vec<Uuid>, Error> {
    let territory = Expr::col(lead::Column::TerritoryId);
    let rows: Vec<(Uuid,)> = tx
        .select::<lead::Entity>()
        .filter(lead::Column::QueuedAt.is_not_null())
        .filter(lead::Column::TerritoryId.is_not_null())
        .tuples(vec![territory.clone()], vec![territory])
        .await?;
    Ok(rows.into_iter().map(|(territory,)| territory).collect())
}

/// Cheap look before any lock: somebody is there apart from caps, which only the transaction can count.
fn may_be_served(book: &RuleBook, territory: Uuid, now: jiff::Timestamp) -> bool {
    let is_holiday = |day| book.is_holiday(territory, day);
    book.pause(territory).is_none()
        && book.members(territory).iter().any(|member| member.obstacle(now, &is_holiday).is_none())
}

async fn serve_territory(app: &App, workspace: Uuid, territory: Uuid) -> Result<usize, Error> {
    let sight = Sight::Task(Task::Assignment);
    app.db.write(workspace, sight, |tx| async move { hand_out(&tx, app, territory).await }).await
}

async fn hand_out(tx: &Tx, app: &App, territory: Uuid) -> Result<usize, Error> {
    let book = app.books.book_kept(tx).await?;
    let now = app.clock.now();
    // The rotation's row is locked first, as in every batch: whoever waits for it waits for nothing else.
    let mut batch = Batch::for_queue(tx, &book, territory, timestamp(now)).await?;
    super::load::count_open(tx, &mut batch).await?;
    let waiting = tx
        .select::<lead::Entity>()
        .filter(lead::Column::TerritoryId.eq(territory))
        .filter(lead::Column::QueuedAt.is_not_null())
        .order_by(Expr::col(lead::Column::QueuedAt), Order::Asc)
        .order_by(Expr::col(lead::Column::Id), Order::Asc)
        .limit(HANDED_MAX)
        .lock()
        .all()
        .await?;
    let mut handed = batch.hand_out(tx, territory, waiting.len()).await?;
    placed::remember(tx, &waiting, &mut handed).await?;
    let count = handed.len();
    for (lead, assigned) in waiting.into_iter().zip(handed) {
        give(tx, app, now, &lead, assigned).await?;
    }
    Ok(count)
}

async fn give(tx: &Tx, app: &App, now: i64, lead: &lead::Model, assigned: Assigned) -> Result<(), Error> {
    let Assigned { territory, owner, turn, is_queued: _, decision } = assigned;
    tx.update::<lead::Entity>(Action::Assign)
        .set(lead::Column::OwnerId, Expr::val(owner))
        .set(lead::Column::QueuedAt, Expr::val(None::<i64>))
        .set(lead::Column::AssignedAt, Expr::val(now))
        .set(lead::Column::UpdatedAt, Expr::val(now))
        .set(lead::Column::Version, Expr::val(lead.version + 1))
        .filter(lead::Column::Id.eq(lead.id))
        .run()
        .await?;
    let row = decision::ActiveModel {
        workspace_id: NotSet,
        id: Set(app.ids.next()),
        lead_id: Set(lead.id),
        at: Set(now),
        territory_id: Set(territory),
        owner_id: Set(owner),
        turn: Set(turn),
        detail: Set(serde_json::to_string(&decision)?),
    };
    tx.insert(vec![row]).await?;
    let row = change::ActiveModel {
        workspace_id: NotSet,
        id: Set(app.ids.next()),
        lead_id: Set(lead.id),
        at: Set(now),
        user_id: Set(None),
        door: Set(Actor::revier().door.to_owned()),
        version: Set(lead.version + 1),
        detail: Set(json!({ "owner": [lead.owner_id, owner] }).to_string()),
    };
    tx.insert(vec![row]).await?;
    let event = Event {
        kind: "lead.changed",
        object: lead.id,
        territory,
        owner,
        former_territory: lead.territory_id,
        former_owner: lead.owner_id,
        former_collaborators: Vec::new(),
    };
    outbox::publish(tx, app, vec![event]).await?;
    let entry = Entry {
        action: "assign",
        object: "lead",
        object_id: lead.id.to_string(),
        before: Some(json!({ "owner": lead.owner_id })),
        after: Some(json!({ "owner": owner })),
    };
    trail::write(tx, app, &Actor::revier(), vec![entry]).await
}
