//! The rows of rotations, and the counts that caps are compared with.

use std::collections::{BTreeMap, BTreeSet};

use access::Task;
use rotation::Rotation;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use store::{Tx, padded};

use super::store::{decision, rotation as row};
use crate::error::Error;

/// Locks the rotations of the territories, in the order of their ids, so that no two batches wait for
/// each other; territories that have taken no turn yet begin here.
///
/// # Errors
/// Where the database refuses.
pub async fn lock(tx: &Tx, territories: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, Rotation<Uuid>>, Error> {
    if territories.is_empty() {
        return Ok(BTreeMap::new());
    }
    let tx = tx.as_task(Task::Assignment);
    let mut rows = locked(&tx, territories).await?;
    if rows.len() < territories.len() {
        let known: BTreeSet<Uuid> = rows.iter().map(|row| row.territory_id).collect();
        let new = territories.difference(&known).map(|&territory| row(territory, &Rotation::default()));
        let new = new.collect::<Result<_, _>>()?;
        tx.insert_missing::<row::ActiveModel>(new).await?;
        rows = locked(&tx, territories).await?;
    }
    let rotation = |row: row::Model| {
        let mut rotation: Rotation<Uuid> = serde_json::from_str(&row.state)?;
        if store::mutant!("credits are forgotten between batches") {
            rotation.keep_only(|_| false);
        }
        Ok((row.territory_id, rotation))
    };
    rows.into_iter().map(rotation).collect()
}

async fn locked(tx: &Tx, territories: &BTreeSet<Uuid>) -> Result<Vec<row::Model>, Error> {
    let rows = tx
        .select::<row::Entity>()
        .filter(row::Column::TerritoryId.is_in(padded(territories.iter().copied())))
        .order_by(Expr::col(row::Column::TerritoryId), Order::Asc)
        .lock();
    Ok(rows.all().await?)
}

fn row(territory: Uuid, rotation: &Rotation<Uuid>) -> Result<row::ActiveModel, Error> {
    Ok(row::ActiveModel {
        workspace_id: NotSet,
        territory_id: Set(territory),
        turn: Set(i64::try_from(rotation.turn()).unwrap_or(i64::MAX)),
        state: Set(serde_json::to_string(rotation)?),
    })
}

/// Writes the rotations that moved.
///
/// # Errors
/// Where the database refuses.
pub async fn save(tx: &Tx, rotations: impl Iterator<Item = (Uuid, Rotation<Uuid>)>) -> Result<(), Error> {
    let rows = rotations.map(|(territory, rotation)| row(territory, &rotation));
    let rows = rows.collect::<Result<Vec<row::ActiveModel>, Error>>()?;
    Ok(tx.as_task(Task::Assignment).insert_over(rows).await?)
}

/// The rotation as it stands, for those who look at it.
///
/// # Errors
/// Where the database does not answer.
pub async fn read(tx: &Tx, territory: Uuid) -> Result<Rotation<Uuid>, Error> {
    let row = tx.select::<row::Entity>().filter(row::Column::TerritoryId.eq(territory)).one().await?;
    Ok(row.map(|row| serde_json::from_str(&row.state)).transpose()?.unwrap_or_default())
}

/// Leads that the territory's rotation has handed to the user since an instant.
pub(super) async fn handed_since(tx: &Tx, territory: Uuid, user: Uuid, since: i64) -> Result<u32, Error> {
    let count = tx
        .select::<decision::Entity>()
        .filter(decision::Column::OwnerId.eq(user))
        .filter(decision::Column::At.gte(since))
        .filter(decision::Column::TerritoryId.eq(territory))
        .filter(decision::Column::Turn.is_not_null())
        .count()
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
