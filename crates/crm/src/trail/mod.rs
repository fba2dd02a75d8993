//! The audit log: who changed what, when and from where; append-only, sealed in a chain of hashes.
//! Never read by rules, never changed after its commit.
//! Uses: nothing but the app.

mod chain;
pub mod http;
mod list;
pub mod store;
#[cfg(test)]
mod tests;

use ::store::Tx;
pub use chain::{Verdict, seal, verify, verify_since};
pub use list::{Filter, list};
use sea_orm::ActiveValue::Set;
use serde_json::Value;
use uuid::Uuid;

use self::store::entry;
use crate::app::{App, Micros};
use crate::error::Error;

/// Who did something, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// None: Revier itself.
    pub user: Option<Uuid>,
    /// `page`, `api`, `console`, `revier`.
    pub door: &'static str,
    pub address: String,
}

impl Actor {
    /// Revier itself at work.
    pub fn revier() -> Actor {
        Actor { user: None, door: "revier", address: String::new() }
    }

    /// Somebody at the server's command line.
    pub fn console() -> Actor {
        Actor { user: None, door: "console", address: String::new() }
    }
}

/// One change as it enters the log; `before` and `after` hold the changed values only.
#[derive(Clone, Debug)]
pub struct Entry {
    pub action: &'static str,
    pub object: &'static str,
    pub object_id: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Writes the entries in the transaction of the change itself.
///
/// # Errors
/// Where the database refuses.
pub async fn write(tx: &Tx, app: &App, actor: &Actor, entries: Vec<Entry>) -> Result<(), Error> {
    let now = app.clock.now();
    let rows = entries.into_iter().map(|entry| row(app, actor, now, entry)).collect();
    Ok(tx.insert::<entry::ActiveModel>(rows).await?)
}

/// Writes entries of several actors in one statement.
///
/// # Errors
/// Where the database refuses.
pub async fn write_all(tx: &Tx, app: &App, entries: Vec<(Actor, Entry)>) -> Result<(), Error> {
    let now = app.clock.now();
    let rows = entries.into_iter().map(|(actor, entry)| row(app, &actor, now, entry)).collect();
    Ok(tx.insert::<entry::ActiveModel>(rows).await?)
}

fn row(app: &App, actor: &Actor, now: Micros, entry: Entry) -> entry::ActiveModel {
    let Entry { action, object, object_id, before, after } = entry;
    entry::ActiveModel {
        workspace_id: sea_orm::ActiveValue::NotSet,
        id: Set(app.ids.next()),
        at: Set(now),
        user_id: Set(actor.user),
        address: Set(actor.address.clone()),
        door: Set(actor.door.to_owned()),
        action: Set(action.to_owned()),
        object: Set(object.to_owned()),
        object_id: Set(object_id),
        before: Set(before.map(|value| value.to_string())),
        after: Set(after.map(|value| value.to_string())),
        seal: Set(None),
    }
}
