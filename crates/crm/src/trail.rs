//! The audit log: who changed what, when and from where; append-only, sealed in a chain of hashes.
//! Never read by rules, never changed after its commit.
//! Uses: nothing but the app.

use sea_orm::ActiveValue::Set;
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde_json::Value;
use store::{Sight, Tie, Tx, tied};

use crate::app::{App, Micros};
use crate::error::Error;

pub mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: i64,
        pub user_id: Option<Uuid>,
        pub address: String,
        pub door: String,
        pub action: String,
        pub object: String,
        pub object_id: String,
        pub before: Option<String>,
        pub after: Option<String>,
        pub seal: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod seal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_seal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub at: i64,
        pub entries: i64,
        pub previous: String,
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

tied!(entry, access::Object::Audit, Tie::Workspace);
tied!(seal, access::Object::Audit, Tie::Workspace);

/// Entries under one seal at most.
const SEAL_ENTRIES_MAX: u64 = 10_000;

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

/// Seals what has been committed since the last seal; returns the number of entries sealed.
/// Sealing follows the commits instead of standing in them, so that writers never queue for the chain.
///
/// # Errors
/// Where the database refuses.
pub async fn seal(app: &App, workspace: Uuid) -> Result<usize, Error> {
    let sight = Sight::Task(access::Task::Upkeep);
    app.db
        .write(workspace, sight, move |tx| async move {
            let entries = tx
                .select::<entry::Entity>()
                .filter(entry::Column::Seal.is_null())
                .order_by(Expr::col(entry::Column::Id), Order::Asc)
                .limit(SEAL_ENTRIES_MAX)
                .lock()
                .all()
                .await?;
            if entries.is_empty() {
                return Ok(0);
            }
            let last = last_seal(&tx).await?;
            let (number, previous) = last.map_or((1, String::new()), |seal| (seal.number + 1, seal.hash));
            let hash = hash(number, &previous, &entries);
            let ids = entries.iter().map(|entry| entry.id);
            tx.update::<entry::Entity>(access::Action::Edit)
                .set(entry::Column::Seal, Expr::val(number))
                .filter(entry::Column::Id.is_in(ids))
                .run()
                .await?;
            let seal = seal::ActiveModel {
                workspace_id: sea_orm::ActiveValue::NotSet,
                number: Set(number),
                at: Set(app.clock.now()),
                entries: Set(i64::try_from(entries.len()).unwrap_or(i64::MAX)),
                previous: Set(previous),
                hash: Set(hash),
            };
            // Two servers that seal at once write the same number: one of them fails and comes again.
            tx.insert(vec![seal]).await?;
            Ok(entries.len())
        })
        .await
}

async fn last_seal(tx: &Tx) -> Result<Option<seal::Model>, Error> {
    Ok(tx.select::<seal::Entity>().order_by(Expr::col(seal::Column::Number), Order::Desc).one().await?)
}

/// What a check of the chain finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub seals: u64,
    pub entries: u64,
    /// Not yet under a seal: changes of the last moments.
    pub unsealed: u64,
    /// The first seal that does not hold, and why.
    pub broken: Option<(i64, String)>,
    /// Hash of the newest seal: kept elsewhere, it betrays a cut-off tail.
    pub head: String,
}

/// Recomputes the whole chain.
///
/// # Errors
/// Where the database does not answer.
pub async fn verify(app: &App, workspace: Uuid) -> Result<Verdict, Error> {
    let sight = Sight::Task(access::Task::Upkeep);
    app.db
        .read(workspace, sight, move |tx| async move {
            let mut verdict =
                Verdict { seals: 0, entries: 0, unsealed: 0, broken: None, head: String::new() };
            let mut seals = tx
                .select::<seal::Entity>()
                .order_by(Expr::col(seal::Column::Number), Order::Asc)
                .all()
                .await?;
            for seal in seals.drain(..) {
                let entries = tx
                    .select::<entry::Entity>()
                    .filter(entry::Column::Seal.eq(seal.number))
                    .order_by(Expr::col(entry::Column::Id), Order::Asc)
                    .all()
                    .await?;
                verdict.seals += 1;
                verdict.entries += entries.len() as u64;
                if let Some(why) = fault(&seal, verdict.seals, &verdict.head, &entries) {
                    verdict.broken = Some((seal.number, why));
                    return Ok(verdict);
                }
                verdict.head = seal.hash;
            }
            verdict.unsealed =
                tx.select::<entry::Entity>().filter(entry::Column::Seal.is_null()).count().await?;
            Ok(verdict)
        })
        .await
}

fn fault(seal: &seal::Model, place: u64, previous: &str, entries: &[entry::Model]) -> Option<String> {
    if seal.number.unsigned_abs() != place {
        return Some(format!("seal {place} is missing"));
    }
    if seal.previous != previous {
        return Some("it does not follow the seal before it".to_owned());
    }
    if seal.entries.unsigned_abs() != entries.len() as u64 {
        return Some(format!("it covers {} entries, {} are there", seal.entries, entries.len()));
    }
    (hash(seal.number, previous, entries) != seal.hash).then(|| "an entry was changed".to_owned())
}

fn hash(number: i64, previous: &str, entries: &[entry::Model]) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: &str| {
        // Lengths keep neighbouring values apart.
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    add(&number.to_string());
    add(previous);
    for entry in entries {
        let entry::Model {
            workspace_id,
            id,
            at,
            user_id,
            address,
            door,
            action,
            object,
            object_id,
            before,
            after,
            seal: _,
        } = entry;
        add(&workspace_id.to_string());
        add(&id.to_string());
        add(&at.to_string());
        add(&user_id.map(|id| id.to_string()).unwrap_or_default());
        for text in [address, door, action, object, object_id] {
            add(text);
        }
        for text in [before, after] {
            add(if text.is_some() { "1" } else { "0" });
            add(text.as_deref().unwrap_or_default());
        }
    }
    hasher.finalize().to_hex().to_string()
}
