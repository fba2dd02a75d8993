//! Reading the log: newest first, narrowed by who, what and when.

use sea_orm::entity::prelude::*;
use serde_json::json;
use store::Tx;

use super::store::entry;
use crate::app::Micros;
use crate::error::Error;
use crate::http::page::{self, Cursor, Sort};

/// The only order there is.
const SORT: &str = "-at";

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub user: Option<Uuid>,
    pub object: Option<String>,
    pub object_id: Option<String>,
    pub action: Option<String>,
    /// From this instant on.
    pub from: Option<Micros>,
    /// Before this instant.
    pub to: Option<Micros>,
}

/// A page of entries, and where the next begins.
///
/// # Errors
/// Where the cursor belongs to another list.
pub async fn list(
    tx: &Tx,
    filter: &Filter,
    cursor: Option<&str>,
    limit: u64,
) -> Result<(Vec<entry::Model>, Option<String>), Error> {
    let Filter { user, object, object_id, action, from, to } = filter;
    let mut narrowed = sea_orm::Condition::all();
    narrowed = narrowed.add_option(user.map(|user| entry::Column::UserId.eq(user)));
    narrowed = narrowed.add_option(object.as_ref().map(|object| entry::Column::Object.eq(object)));
    narrowed = narrowed.add_option(object_id.as_ref().map(|id| of_thing(id)));
    narrowed = narrowed.add_option(action.as_ref().map(|action| entry::Column::Action.eq(action)));
    narrowed = narrowed.add_option(from.map(|from| entry::Column::At.gte(from)));
    narrowed = narrowed.add_option(to.map(|to| entry::Column::At.lt(to)));

    let sorts = [Sort {
        column: Expr::col(entry::Column::At),
        is_descending: true,
        is_nullable: false,
        is_text: false,
    }];
    let id = Expr::col(entry::Column::Id);
    if let Some(cursor) = cursor {
        narrowed = narrowed.add(Cursor::read(cursor, SORT, &sorts)?.after(&sorts, &id, true));
    }
    let select =
        tx.select::<entry::Entity>().filter(narrowed).sorted(page::order(&sorts, &id, true)).limit(limit + 1);
    let mut rows = select.all().await?;
    let has_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|row| Cursor::new(SORT, vec![json!(row.at)], row.id).write());
    Ok((rows, next))
}

/// The thing itself, and what belongs to it: the memberships of a territory are named `territory/user`.
fn of_thing(id: &str) -> sea_orm::Condition {
    let below = entry::Column::ObjectId.starts_with(format!("{id}/"));
    sea_orm::Condition::any().add(entry::Column::ObjectId.eq(id)).add(below)
}
