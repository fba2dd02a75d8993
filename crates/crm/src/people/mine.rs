//! The territories in which somebody has access, with what there is for them to do.
//! Uses: store (rows).

use std::collections::HashMap;

use access::Task;
use sea_orm::Order;
use sea_orm::entity::prelude::*;

use super::store::{own_lead, own_territory};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;

/// Leads of this status are no longer open.
const CLOSED: &str = "disqualified";
/// Bound parameters of one statement have an end.
const TERRITORIES_AT_ONCE: usize = 10_000;

/// A territory in which I have access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    pub id: Uuid,
    pub name: String,
    pub color: String,
    /// My open leads in it.
    pub open_leads: i64,
}

/// The territories in which the caller has access, by name.
///
/// # Errors
/// Where the database does not answer.
pub async fn territories(app: &App, caller: &Caller) -> Result<Vec<Mine>, Error> {
    let ids: Vec<Uuid> = caller.viewer.territories().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (ids, user) = (&ids, caller.user);
    app.db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let territory = Expr::col(own_lead::Column::TerritoryId);
            let is_open = sea_orm::Condition::any()
                .add(own_lead::Column::Status.is_null())
                .add(own_lead::Column::Status.ne(CLOSED));
            let counts: Vec<(Option<Uuid>, i64)> = tx
                .select::<own_lead::Entity>()
                .filter(own_lead::Column::OwnerId.eq(user))
                .filter(is_open)
                .tuples(vec![territory.clone(), Expr::cust("COUNT(*)")], vec![territory])
                .await?;
            let open: HashMap<Option<Uuid>, i64> = counts.into_iter().collect();
            // Whoever has access to a territory may know its name, whatever else their role says.
            let task = tx.as_task(Task::SignIn);
            let mut mine = Vec::with_capacity(ids.len());
            for ids in ids.chunks(TERRITORIES_AT_ONCE) {
                let rows = task
                    .select::<own_territory::Entity>()
                    .filter(own_territory::Column::Until.is_null())
                    .filter(own_territory::Column::Id.is_in(ids.iter().copied()))
                    .order_by(Expr::col(own_territory::Column::Name), Order::Asc)
                    .all()
                    .await?;
                mine.extend(rows.into_iter().map(|row| Mine {
                    open_leads: open.get(&Some(row.id)).copied().unwrap_or_default(),
                    id: row.id,
                    name: row.name,
                    color: row.color,
                }));
            }
            mine.sort_by(|a, b| a.name.cmp(&b.name));
            Ok::<_, Error>(mine)
        })
        .await
}
