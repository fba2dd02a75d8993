//! Routes of the audit log.

use access::{Action, Object, Permission};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use super::Filter;
use super::store::entry;
use crate::app::{App, Micros};
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::http::extract::Params;
use crate::http::headers::moment;
use crate::http::page;
use crate::http::problem::Problem;
use crate::http::table::Table;

pub fn routes(table: Table) -> Table {
    table.row(Permission::To(Object::Audit, Action::View), routes!(list))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Only what this user did.
    user: Option<Uuid>,
    /// Only changes of this kind of thing: `user`, `territory`, `lead`, …
    object: Option<String>,
    /// Only changes of the thing with this id, and of the memberships of a territory.
    object_id: Option<String>,
    /// Only this act: `create`, `edit`, `delete`, …
    action: Option<String>,
    /// From this instant on, RFC 3339.
    from: Option<String>,
    /// Before this instant, RFC 3339.
    to: Option<String>,
    cursor: Option<String>,
    /// Rows of a page, 1 to 200; 50 where nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// A change as the log keeps it.
#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    id: Uuid,
    at: String,
    /// Null: Revier itself, or somebody at the server's command line.
    user_id: Option<Uuid>,
    /// Where the request came from.
    address: String,
    /// `page`, `api`, `console` or `revier`.
    door: String,
    action: String,
    object: String,
    object_id: String,
    /// The changed values as they were.
    #[schema(value_type = Option<serde_json::Value>)]
    before: Option<Value>,
    /// The changed values as they became.
    #[schema(value_type = Option<serde_json::Value>)]
    after: Option<Value>,
    /// False for the last moments: a seal follows within seconds.
    is_sealed: bool,
}

#[derive(Serialize, ToSchema)]
pub struct AuditPage {
    items: Vec<AuditEntry>,
    next_cursor: Option<String>,
}

/// Lists changes, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(Asked),
    responses((status = 200, body = AuditPage), (status = "4XX", body = Problem)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<AuditPage>, Error> {
    let limit = page::limit(asked.limit)?;
    let cursor = asked.cursor.clone();
    let filter = filter(asked)?;
    let (rows, next_cursor) = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            super::list(&tx, &filter, cursor.as_deref(), limit).await
        })
        .await?;
    let items = rows.into_iter().map(view).collect::<Result<_, Error>>()?;
    Ok(Json(AuditPage { items, next_cursor }))
}

fn filter(asked: Asked) -> Result<Filter, Error> {
    let Asked { user, object, object_id, action, from, to, cursor: _, limit: _ } = asked;
    let mut faults = Vec::new();
    let from = instant("from", from, &mut faults);
    let to = instant("to", to, &mut faults);
    if faults.is_empty() {
        Ok(Filter { user, object, object_id, action, from, to })
    } else {
        Err(Error::Invalid(faults))
    }
}

fn instant(name: &str, text: Option<String>, faults: &mut Vec<Fault>) -> Option<Micros> {
    let text = text?;
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => Some(at.as_microsecond()),
        Err(_) => {
            let detail = "write an instant like 2026-03-01T00:00:00Z";
            faults.push(Fault::new(name, "instant_unreadable", text, detail));
            None
        }
    }
}

fn view(row: entry::Model) -> Result<AuditEntry, Error> {
    let entry::Model {
        workspace_id: _,
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
        seal,
    } = row;
    let value = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
    Ok(AuditEntry {
        id,
        at: moment(at),
        user_id,
        address,
        door,
        action,
        object,
        object_id,
        before: value(before)?,
        after: value(after)?,
        is_sealed: seal.is_some(),
    })
}
