//! Outbox: what has happened, written in the transaction that did it, for pages, webhooks and jobs.
//! Never carries a value, only who may look again: readers fetch what they may see.
//! Uses: nothing but the app.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::Task;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use store::{Sight, Tie, Tx, tied};
use tokio::sync::{Notify, broadcast};

use crate::app::{App, DAY, Micros, SECOND};
use crate::error::Error;

pub mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: i64,
        pub kind: String,
        pub object_id: Uuid,
        pub territory_id: Option<Uuid>,
        pub owner_id: Option<Uuid>,
        pub former_territory_id: Option<Uuid>,
        pub former_owner_id: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

tied!(event, access::Object::Settings, Tie::Workspace);

/// Commits become visible in another order than their ids; a row is found if it comes no later than this.
pub const WINDOW: Micros = 30 * SECOND;
/// How long a page may have been away and still be told all it missed.
pub const EVENT_KEPT: Micros = DAY;
/// A listener that is further behind is told to read everything anew.
pub const EVENTS_WAITING_MAX: usize = 256;
const EVENTS_READ_MAX: u64 = 5_000;

/// One thing that happened to a record or to the settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `lead.created`, `lead.changed`, `lead.deleted`, `settings.changed`, …
    pub kind: &'static str,
    pub object: Uuid,
    pub territory: Option<Uuid>,
    pub owner: Option<Uuid>,
    /// Where the record was before, for those who must take it off their screens.
    pub former_territory: Option<Uuid>,
    pub former_owner: Option<Uuid>,
}

/// Writes events in the transaction of the change itself.
///
/// # Errors
/// Where the database refuses.
pub async fn publish(tx: &Tx, app: &App, events: Vec<Event>) -> Result<(), Error> {
    let now = app.clock.now();
    let row = |event: Event| {
        let Event { kind, object, territory, owner, former_territory, former_owner } = event;
        event::ActiveModel {
            workspace_id: NotSet,
            id: Set(app.ids.next()),
            at: Set(now),
            kind: Set(kind.to_owned()),
            object_id: Set(object),
            territory_id: Set(territory),
            owner_id: Set(owner),
            former_territory_id: Set(former_territory),
            former_owner_id: Set(former_owner),
        }
    };
    Ok(tx.insert::<event::ActiveModel>(events.into_iter().map(row).collect()).await?)
}

/// Passes events of each workspace to its listeners on this server.
#[derive(Default)]
pub struct Live {
    /// Rung after commits of this server; other servers' commits are found by looking regularly.
    pub doorbell: Notify,
    channels: Mutex<HashMap<Uuid, broadcast::Sender<Arc<event::Model>>>>,
}

impl Live {
    pub fn subscribe(&self, workspace: Uuid) -> broadcast::Receiver<Arc<event::Model>> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.entry(workspace).or_insert_with(|| broadcast::channel(EVENTS_WAITING_MAX).0).subscribe()
    }

    fn listened(&self) -> Vec<(Uuid, broadcast::Sender<Arc<event::Model>>)> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|_, channel| channel.receiver_count() > 0);
        channels.iter().map(|(workspace, channel)| (*workspace, channel.clone())).collect()
    }
}

/// Reads the outbox for this server's listeners; remembers what it has passed on.
#[derive(Default)]
pub struct Reader {
    passed: HashMap<Uuid, Micros>,
}

impl Reader {
    /// Passes on what is new since the last look.
    ///
    /// # Errors
    /// Where the database does not answer; the next look finds what this one missed.
    pub async fn look(&mut self, app: &App) -> Result<(), Error> {
        let now = app.clock.now();
        for (workspace, channel) in app.live.listened() {
            for event in since(app, workspace, now - WINDOW).await? {
                if self.passed.insert(event.id, event.at).is_none() {
                    // An error only says that the last listener has just left.
                    let _ = channel.send(Arc::new(event));
                }
            }
        }
        self.passed.retain(|_, at| *at > now - 2 * WINDOW);
        Ok(())
    }
}

/// Events at and after an instant, oldest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn since(app: &App, workspace: Uuid, at: Micros) -> Result<Vec<event::Model>, Error> {
    app.db
        .read(workspace, Sight::Task(Task::Upkeep), |tx| async move {
            let events = tx
                .select::<event::Entity>()
                .filter(event::Column::At.gte(at))
                .order_by(Expr::col(event::Column::Id), Order::Asc)
                .limit(EVENTS_READ_MAX);
            Ok(events.all().await?)
        })
        .await
}

/// Forgets events that nobody can ask for any more.
///
/// # Errors
/// Where the database refuses.
pub async fn forget_old(app: &App, workspace: Uuid) -> Result<u64, Error> {
    let before = app.clock.now() - EVENT_KEPT - WINDOW;
    app.db
        .write(workspace, Sight::Task(Task::Upkeep), |tx| async move {
            Ok(tx.delete::<event::Entity>(event::Column::At.lt(before)).await?)
        })
        .await
}
