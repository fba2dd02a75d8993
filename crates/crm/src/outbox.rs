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
        pub former_collaborators: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who takes part in a lead, for those who pass its events on.
pub mod shared_lead {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lead_collaborator")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub lead_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

tied!(event, access::Object::Settings, Tie::Workspace);
tied!(shared_lead, access::Object::Lead, Tie::OfLead(shared_lead::Column::LeadId));

/// Commits become visible in another order than their ids; a row is found if it comes no later than this.
pub const WINDOW: Micros = 30 * SECOND;
/// How long a page may have been away and still be told all it missed.
pub const EVENT_KEPT: Micros = DAY;
/// A listener that is further behind is told to read everything anew.
pub const EVENTS_WAITING_MAX: usize = 256;
/// Whoever has missed more than so many is told to read everything anew.
pub const EVENTS_READ_MAX: u64 = 5_000;
/// How far back most looks go: a commit seldom becomes visible later than this after its event's id was made.
const NEAR: Micros = 3 * SECOND;
/// The whole window is looked at this often.
const WIDE_LOOK: Micros = SECOND;
const IDS_AT_ONCE: usize = 1_000;

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
    /// Who took part in it until now. Who does now is looked up when the event is passed on.
    pub former_collaborators: Vec<Uuid>,
}

/// Writes events in the transaction of the change itself.
///
/// # Errors
/// Where the database refuses.
pub async fn publish(tx: &Tx, app: &App, events: Vec<Event>) -> Result<(), Error> {
    let now = app.clock.now();
    let row = |event: Event| {
        let Event { kind, object, territory, owner, former_territory, former_owner, former_collaborators } =
            event;
        let former_collaborators = (!former_collaborators.is_empty())
            .then(|| serde_json::Value::from_iter(former_collaborators.iter().map(Uuid::to_string)));
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
            former_collaborators: Set(former_collaborators.map(|users| users.to_string())),
        }
    };
    Ok(tx.insert::<event::ActiveModel>(events.into_iter().map(row).collect()).await?)
}

/// An event with what decides who hears of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub event: event::Model,
    /// Who takes part in its lead now.
    pub collaborators: Vec<Uuid>,
    pub former_collaborators: Vec<Uuid>,
}

/// Passes events of each workspace to its listeners on this server.
#[derive(Default)]
pub struct Live {
    /// Rung after commits of this server; other servers' commits are found by looking regularly.
    pub doorbell: Notify,
    channels: Mutex<HashMap<Uuid, broadcast::Sender<Arc<Told>>>>,
}

impl Live {
    pub fn subscribe(&self, workspace: Uuid) -> broadcast::Receiver<Arc<Told>> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.entry(workspace).or_insert_with(|| broadcast::channel(EVENTS_WAITING_MAX).0).subscribe()
    }

    fn listened(&self) -> Vec<(Uuid, broadcast::Sender<Arc<Told>>)> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|_, channel| channel.receiver_count() > 0);
        channels.iter().map(|(workspace, channel)| (*workspace, channel.clone())).collect()
    }
}

/// Reads the outbox for this server's listeners; remembers what it has passed on.
#[derive(Default)]
pub struct Reader {
    passed: HashMap<Uuid, Micros>,
    /// When the whole window was looked at last.
    looked_wide: Micros,
}

impl Reader {
    /// Passes on what is new since the last look. Most looks go back a little only; about once a second the whole
    /// window is looked at, for what became visible late.
    ///
    /// # Errors
    /// Where the database does not answer; the next look finds what this one missed.
    pub async fn look(&mut self, app: &App) -> Result<(), Error> {
        let now = app.clock.now();
        // A clock that was put back must not keep the wide look away.
        let is_wide = !(0..WIDE_LOOK).contains(&(now - self.looked_wide));
        let since = now - if is_wide { WINDOW } else { NEAR };
        for (workspace, channel) in app.live.listened() {
            for told in self.news(app, workspace, since).await? {
                self.passed.insert(told.event.id, told.event.at);
                // An error only says that the last listener has just left.
                let _ = channel.send(Arc::new(told));
            }
        }
        if is_wide {
            self.looked_wide = now;
        }
        self.passed.retain(|_, at| *at > now - 2 * WINDOW);
        Ok(())
    }

    /// What has not been passed on yet: ids first, for most of them are old acquaintances.
    async fn news(&self, app: &App, workspace: Uuid, since: Micros) -> Result<Vec<Told>, Error> {
        let passed = &self.passed;
        app.db
            .read(workspace, Sight::Task(Task::Upkeep), |tx| async move {
                let id = Expr::col(event::Column::Id);
                let recent = tx.select::<event::Entity>().filter(event::Column::At.gte(since));
                let ids: Vec<(Uuid,)> = recent.tuples(vec![id], Vec::new()).await?;
                let mut new: Vec<Uuid> =
                    ids.into_iter().map(|(id,)| id).filter(|id| !passed.contains_key(id)).collect();
                if store::mutant!("events are read from the last one on") {
                    new.retain(|id| passed.keys().all(|earlier| earlier < id));
                }
                new.sort_unstable();
                let mut events = Vec::with_capacity(new.len());
                for ids in new.chunks(IDS_AT_ONCE) {
                    let these = event::Column::Id.is_in(ids.iter().copied());
                    let rows = tx.select::<event::Entity>().filter(these);
                    events.extend(rows.order_by(Expr::col(event::Column::Id), Order::Asc).all().await?);
                }
                told(&tx, events).await
            })
            .await
    }
}

/// Events at and after an instant, oldest first.
///
/// # Errors
/// Where the database does not answer. `None`: more than [`EVENTS_READ_MAX`], so that reading everything anew costs
/// less than being told of each.
pub async fn since(app: &App, workspace: Uuid, at: Micros) -> Result<Option<Vec<Told>>, Error> {
    app.db
        .read(workspace, Sight::Task(Task::Upkeep), |tx| async move {
            let events = tx
                .select::<event::Entity>()
                .filter(event::Column::At.gte(at))
                .order_by(Expr::col(event::Column::Id), Order::Asc)
                .limit(EVENTS_READ_MAX + 1)
                .all()
                .await?;
            if events.len() as u64 > EVENTS_READ_MAX {
                return Ok(None);
            }
            Ok(Some(told(&tx, events).await?))
        })
        .await
}

/// Adds who takes part in the leads now.
async fn told(tx: &Tx, events: Vec<event::Model>) -> Result<Vec<Told>, Error> {
    let mut leads: Vec<Uuid> =
        events.iter().filter(|event| event.kind.starts_with("lead.")).map(|event| event.object_id).collect();
    leads.sort_unstable();
    leads.dedup();
    let mut sharing: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for leads in leads.chunks(IDS_AT_ONCE) {
        let these = shared_lead::Column::LeadId.is_in(leads.iter().copied());
        for row in tx.select::<shared_lead::Entity>().filter(these).all().await? {
            sharing.entry(row.lead_id).or_default().push(row.user_id);
        }
    }
    let one = |event: event::Model| {
        let former = event.former_collaborators.as_deref().map(serde_json::from_str).transpose()?;
        Ok(Told {
            collaborators: sharing.get(&event.object_id).cloned().unwrap_or_default(),
            former_collaborators: former.unwrap_or_default(),
            event,
        })
    };
    events.into_iter().map(one).collect()
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
