//! How many open leads members have: what their caps are compared with.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use store::Tx;

use super::store::lead;
use crate::assignment::Batch;
use crate::error::Error;

/// Leads of this status are no longer open.
pub const CLOSED: &str = "disqualified";

/// Counts the open leads of those members of a batch who have a cap.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_open(tx: &Tx, batch: &mut Batch<'_>) -> Result<(), Error> {
    for (territory, members) in batch.capped() {
        for (member, open) in open(tx, territory, &members).await? {
            batch.set_open(territory, member, open);
        }
    }
    Ok(())
}

/// Open leads by member of a territory; members without any are absent.
///
/// # Errors
/// Where the database does not answer.
pub async fn open(tx: &Tx, territory: Uuid, members: &[Uuid]) -> Result<HashMap<Uuid, u32>, Error> {
    let owner = Expr::col(lead::Column::OwnerId);
    let counts: Vec<(Uuid, i64)> = tx
        .select::<lead::Entity>()
        .filter(lead::Column::TerritoryId.eq(territory))
        .filter(lead::Column::OwnerId.is_in(members.iter().copied()))
        .filter(
            sea_orm::Condition::any()
                .add(lead::Column::Status.is_null())
                .add(lead::Column::Status.ne(CLOSED)),
        )
        .tuples(vec![owner.clone(), Expr::cust("COUNT(*)")], vec![owner])
        .await?;
    Ok(counts.into_iter().map(|(member, open)| (member, u32::try_from(open).unwrap_or(u32::MAX))).collect())
}
