//! How leads came into their territories: remembered by every later decision that leaves them there, so that
//! "Why?" still names the rule after a lead was handed out of the queue or given to somebody by hand.

use std::collections::HashMap;

use sea_orm::Order;
use sea_orm::entity::prelude::*;
use store::Tx;

use super::store::lead;
use crate::assignment::Assigned;
use crate::assignment::decision::Decision;
use crate::assignment::store::decision;
use crate::error::Error;

/// Copies into each new decision what the lead's latest one knows about the territory where it stays.
///
/// # Errors
/// Where the database refuses.
pub(super) async fn remember(tx: &Tx, leads: &[lead::Model], assigned: &mut [Assigned]) -> Result<(), Error> {
    let rows = tx
        .select::<decision::Entity>()
        .filter(decision::Column::LeadId.is_in(leads.iter().map(|lead| lead.id)))
        .order_by(Expr::col(decision::Column::At), Order::Asc)
        .order_by(Expr::col(decision::Column::Id), Order::Asc)
        .all()
        .await?;
    let latest: HashMap<Uuid, decision::Model> = rows.into_iter().map(|row| (row.lead_id, row)).collect();
    for (lead, assigned) in leads.iter().zip(assigned) {
        let Some(row) = latest.get(&lead.id).filter(|row| row.territory_id == assigned.territory) else {
            continue;
        };
        let Decision { territory, tried, tried_count, .. } = serde_json::from_str(&row.detail)?;
        let decision = &mut assigned.decision;
        (decision.territory, decision.tried, decision.tried_count) = (territory, tried, tried_count);
    }
    Ok(())
}
