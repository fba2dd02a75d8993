//! The chain: each seal holds the hash of its entries and of the seal before it.

use access::{Action, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use store::{Sight, StoreError, Tx, padded};

use super::store::{entry, seal};
use crate::app::{App, Micros};
use crate::error::Error;

/// Entries under one seal at most.
const SEAL_ENTRIES_MAX: u64 = 10_000;
/// Entries named by one statement, so that few texts serve any number of them.
const SEALED_AT_ONCE: usize = 512;
/// Seals read at once by a check.
const SEALS_READ_MAX: u64 = 1_000;

/// Seals what has been committed since the last seal; returns the number of entries sealed.
/// Sealing follows the commits instead of standing in them, so that writers never queue for the chain.
///
/// # Errors
/// Where the database refuses.
pub async fn seal(app: &App, workspace: Uuid) -> Result<usize, Error> {
    let now = app.clock.now();
    let sealed = app
        .db
        .write(workspace, Sight::Task(Task::Upkeep), move |tx| async move { seal_in(&tx, now).await })
        .await;
    match sealed {
        // Two servers that seal at once write the same number: the slower one comes again later.
        Err(Error::Store(StoreError::Exists(_))) => Ok(0),
        done => done,
    }
}

async fn seal_in(tx: &Tx, now: Micros) -> Result<usize, Error> {
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
    let last =
        tx.select::<seal::Entity>().order_by(Expr::col(seal::Column::Number), Order::Desc).one().await?;
    let (number, previous) = last.map_or((1, String::new()), |seal| (seal.number + 1, seal.hash));
    for some in entries.chunks(SEALED_AT_ONCE) {
        tx.update::<entry::Entity>(Action::Edit)
            .set(entry::Column::Seal, Expr::val(number))
            .filter(entry::Column::Id.is_in(padded(some.iter().map(|entry| entry.id))))
            .run()
            .await?;
    }
    let seal = seal::ActiveModel {
        workspace_id: NotSet,
        number: Set(number),
        at: Set(now),
        entries: Set(i64::try_from(entries.len()).unwrap_or(i64::MAX)),
        hash: Set(hash(number, now, &previous, &entries)),
        previous: Set(previous),
    };
    tx.insert(vec![seal]).await?;
    Ok(entries.len())
}

/// What a check of the chain finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    check(app, workspace, None).await
}

/// Recomputes the whole chain and finds the head of an earlier check in it: where it is missing, the tail was
/// cut off or the chain made anew.
///
/// # Errors
/// Where the database does not answer.
pub async fn verify_since(app: &App, workspace: Uuid, head: &str) -> Result<Verdict, Error> {
    check(app, workspace, Some(head)).await
}

async fn check(app: &App, workspace: Uuid, kept: Option<&str>) -> Result<Verdict, Error> {
    app.db
        .read(workspace, Sight::Task(Task::Upkeep), move |tx| async move {
            let mut verdict = Verdict::default();
            let (mut last, mut is_kept_found) = (0, kept.is_none_or(str::is_empty));
            while let Some(seals) = check_some(&tx, &mut verdict, last).await? {
                last = seals.last().map_or(last, |seal| seal.number);
                is_kept_found |= seals.iter().any(|seal| Some(seal.hash.as_str()) == kept);
            }
            if verdict.broken.is_none() {
                check_tail(&tx, &mut verdict, last, is_kept_found).await?;
            }
            Ok(verdict)
        })
        .await
}

/// Checks the next seals and returns them; none where there are no more, or one does not hold.
async fn check_some(tx: &Tx, verdict: &mut Verdict, after: i64) -> Result<Option<Vec<seal::Model>>, Error> {
    let seals = tx
        .select::<seal::Entity>()
        .filter(seal::Column::Number.gt(after))
        .order_by(Expr::col(seal::Column::Number), Order::Asc)
        .limit(SEALS_READ_MAX)
        .all()
        .await;
    let Some(seals) = readable(seals)? else {
        verdict.broken = Some((after + 1, "a seal cannot be read any more".to_owned()));
        return Ok(None);
    };
    for seal in &seals {
        let entries = tx
            .select::<entry::Entity>()
            .filter(entry::Column::Seal.eq(seal.number))
            .order_by(Expr::col(entry::Column::Id), Order::Asc)
            .all()
            .await;
        let entries = readable(entries)?;
        verdict.seals += 1;
        let why = match &entries {
            None => Some("an entry cannot be read any more".to_owned()),
            Some(entries) => fault(seal, verdict.seals, &verdict.head, entries),
        };
        verdict.entries += entries.map_or(0, |entries| entries.len() as u64);
        if let Some(why) = why {
            verdict.broken = Some((seal.number, why));
            return Ok(None);
        }
        verdict.head.clone_from(&seal.hash);
    }
    Ok(Some(seals).filter(|seals| !seals.is_empty()))
}

/// Rows whose bytes are no text or id any more were tampered with; everything else is the database's trouble.
fn readable<T>(rows: Result<T, StoreError>) -> Result<Option<T>, Error> {
    match rows {
        Ok(rows) => Ok(Some(rows)),
        Err(StoreError::Other(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn fault(seal: &seal::Model, place: u64, previous: &str, entries: &[entry::Model]) -> Option<String> {
    if u64::try_from(seal.number) != Ok(place) {
        return Some(format!("seal {place} is missing"));
    }
    if seal.previous != previous {
        return Some("it does not follow the seal before it".to_owned());
    }
    if u64::try_from(seal.entries) != Ok(entries.len() as u64) {
        return Some(format!("it covers {} entries, {} are there", seal.entries, entries.len()));
    }
    let is_as_sealed = hash(seal.number, seal.at, previous, entries) == seal.hash;
    (!is_as_sealed).then(|| "an entry, or the seal itself, was changed".to_owned())
}

async fn check_tail(tx: &Tx, verdict: &mut Verdict, last: i64, is_kept_found: bool) -> Result<(), Error> {
    let strays = sea_orm::Condition::any().add(entry::Column::Seal.gt(last)).add(entry::Column::Seal.lt(1));
    let strays = tx.select::<entry::Entity>().filter(strays).count().await?;
    if strays > 0 {
        verdict.broken = Some((last + 1, format!("{strays} entries name a seal that is not there")));
    } else if !is_kept_found {
        verdict.broken = Some((last + 1, "the head that was kept elsewhere is not in the chain".to_owned()));
    }
    verdict.unsealed = tx.select::<entry::Entity>().filter(entry::Column::Seal.is_null()).count().await?;
    Ok(())
}

fn hash(number: i64, at: Micros, previous: &str, entries: &[entry::Model]) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: &str| {
        // Lengths keep neighbouring values apart.
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    add(&number.to_string());
    add(&at.to_string());
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
