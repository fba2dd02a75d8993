//! Routes of searches whose condition is too long for an address: 30,000 postcodes or account numbers.

use access::{Action, Object, Permission, Viewer};
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;

use super::{LeadPage, list, page, parsed, reading};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::page::Count;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::territories::book::RuleBook;
use crate::territories::http::conditions::CONDITION_BYTES_MAX;

pub fn routes(table: Table) -> Table {
    let large = || DefaultBodyLimit::max(CONDITION_BYTES_MAX);
    let view = || Permission::To(Object::Lead, Action::View);
    table.row(view(), routes!(count_leads).layer(large())).row(view(), routes!(search_leads).layer(large()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountQuery {
    /// A condition; an empty `{"all": []}` counts everything.
    #[schema(value_type = Object, example = json!({ "all": [] }))]
    condition: Value,
}

#[derive(Serialize, ToSchema)]
pub struct Counted {
    pub count: Count,
}

/// Counts the visible leads that satisfy a condition: the live count beside a rule.
#[utoipa::path(post, path = "/api/v1/leads/count", tag = "leads", request_body = CountQuery,
    responses((status = 200, body = Counted), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn count_leads(
    State(app): State<App>,
    caller: Caller,
    body: Body<CountQuery>,
) -> Result<axum::Json<Counted>, Error> {
    let (app, caller, condition) = (&app, &caller, &body.value.condition);
    let count = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let book = app.books.book(&tx).await?;
            let filter = parsed(&book, &caller.viewer, condition, "/condition")?;
            list::count(&tx, Some(&filter), &reading(app, &tx, &book)).await
        })
        .await?;
    Ok(axum::Json(Counted { count }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadSearch {
    /// A condition, the same as in rules; it may hold 100,000 values.
    #[schema(value_type = Object, example = json!({ "all": [] }))]
    condition: Value,
    /// Fields, comma-separated; `-` before one sorts downwards. Default: `-created_at`.
    sort: Option<String>,
    limit: Option<u64>,
    cursor: Option<String>,
}

/// Lists leads as `GET /leads` does, under a condition that is too long for an address. Changes nothing.
#[utoipa::path(post, path = "/api/v1/leads/search", tag = "leads", request_body = LeadSearch,
    responses((status = 200, body = LeadPage), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn search_leads(
    State(app): State<App>,
    caller: Caller,
    body: Body<LeadSearch>,
) -> Result<Response, Error> {
    let LeadSearch { condition, sort, limit, cursor } = body.value;
    let read = |book: &RuleBook, viewer: &Viewer| parsed(book, viewer, &condition, "/condition").map(Some);
    page(&app, &caller, read, sort.as_deref(), limit, cursor.as_deref()).await.map_err(in_body)
}

/// Faults that name a query parameter, as places in a body.
fn in_body(error: Error) -> Error {
    let Error::Invalid(mut faults) = error else { return error };
    for fault in faults.iter_mut().filter(|fault| !fault.pointer.starts_with('/')) {
        fault.pointer.insert(0, '/');
    }
    Error::Invalid(faults)
}
