//! Routes of the plan as a whole: as a file, and its versions.

use access::{Action, Object, Permission, Task};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, Params};
use crate::http::headers::{etag, moment};
use crate::http::once::{Answer, Once};
use crate::http::page;
use crate::http::problem::{Problem, ProblemError};
use crate::http::table::Table;
use crate::people::store::user;
use crate::territories::plan::{self, Imported, Step};
use crate::versions;

/// Bytes of a plan file.
pub const PLAN_BYTES_MAX: usize = 32 * 1024 * 1024;

pub fn routes(table: Table) -> Table {
    let large = || DefaultBodyLimit::max(PLAN_BYTES_MAX);
    table
        .row(Permission::To(Object::Plan, Action::Export), routes!(export))
        .row(Permission::To(Object::Plan, Action::Edit), routes!(import).layer(large()))
        .row(Permission::To(Object::Plan, Action::View), routes!(check).layer(large()))
        .row(Permission::To(Object::Plan, Action::View), routes!(list_versions))
}

/// The active plan as a file `revier-plan/1`: territories, rules and members in a stable order.
#[utoipa::path(get, path = "/api/v1/plan", tag = "plan",
    responses((status = 200, body = Object, description = "The plan file; its entity tag is the plan's version"),
        (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn export(State(app): State<App>, caller: Caller) -> Result<Response, Error> {
    let app = &app;
    let (text, version) = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let version = versions::workspace(&tx).await?.plan_version;
            Ok::<_, Error>((plan::export(&tx, app).await?.write(), version))
        })
        .await?;
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::ETAG, etag(version))];
    Ok((headers, text).into_response())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "plan": { "format": "revier-plan/1", "territories": [] }, "dry_run": true }))]
pub struct PlanImport {
    /// A plan file.
    #[schema(value_type = Object, example = json!({ "format": "revier-plan/1", "currency": "EUR",
        "time_zone": "Europe/Berlin", "territories": [] }))]
    plan: Value,
    /// Changes nothing, and tells what would change.
    #[serde(default)]
    dry_run: bool,
}

#[derive(Serialize, ToSchema)]
pub struct PlanDifference {
    /// The plan's version afterwards; none on a dry run.
    version: Option<i64>,
    /// What changes, in words.
    steps: Vec<Step>,
}

/// Makes the plan that of a file, as one version: territories by name, members by e-mail address. What the file
/// does not name goes; what it leaves out of colours, calendars, roles and caps stays, and fields that are missing are
/// made. Currency, time zone and default country are taken over by a workspace without territories alone.
#[utoipa::path(post, path = "/api/v1/plan/import", tag = "plan", request_body = PlanImport,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PlanDifference), (status = "4XX", body = Problem),
        (status = "5XX", body = Problem)))]
async fn import(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<PlanImport>,
) -> Result<Answer, Error> {
    let ticket = once.ticket(&app, &caller, &body.bytes);
    let PlanImport { plan, dry_run } = body.value;
    let text = plan.to_string();
    let (app, caller, text) = (&app, &caller, text.as_str());
    if dry_run {
        let read = app.db.read(caller.workspace, caller.sight(), |tx| async move {
            plan::check(&tx, app, text).await.map_err(below_plan)
        });
        return Answer::ok(None, &PlanDifference { version: None, steps: read.await? });
    }
    ticket
        .run(app, caller, |tx| async move {
            let imported = plan::import(&tx, app, &caller.actor(), text).await.map_err(below_plan)?;
            let Imported { version, steps } = imported;
            Answer::ok(Some(etag(version)), &PlanDifference { version: Some(version), steps })
        })
        .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanToCheck {
    /// A plan file.
    #[schema(value_type = serde_json::Value, example = json!({ "format": "revier-plan/1", "currency": "EUR",
        "time_zone": "Europe/Berlin", "territories": [] }))]
    plan: Value,
}

#[derive(Serialize, ToSchema)]
pub struct PlanChecked {
    /// Whether the file could be imported as it is.
    is_sound: bool,
    /// Everything that is wrong, by its place in the file.
    faults: Vec<ProblemError>,
    /// What an import would change, in words.
    steps: Vec<Step>,
}

/// Checks a plan file: its shape, names, conditions, members and examples. Changes nothing.
#[utoipa::path(post, path = "/api/v1/plan/check", tag = "plan", request_body = PlanToCheck,
    responses((status = 200, body = PlanChecked), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn check(
    State(app): State<App>,
    caller: Caller,
    body: Body<PlanToCheck>,
) -> Result<axum::Json<PlanChecked>, Error> {
    let text = body.value.plan.to_string();
    let (app, text) = (&app, text.as_str());
    let checked = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move { plan::check(&tx, app, text).await })
        .await;
    match checked {
        Ok(steps) => Ok(axum::Json(PlanChecked { is_sound: true, faults: Vec::new(), steps })),
        Err(Error::Invalid(faults)) => {
            let faults = faults.into_iter().map(ProblemError::from).collect();
            Ok(axum::Json(PlanChecked { is_sound: false, faults, steps: Vec::new() }))
        }
        Err(error) => Err(error),
    }
}

/// Faults of a file that stands in the body's `plan`.
fn below_plan(error: Error) -> Error {
    let Error::Invalid(faults) = error else { return error };
    Error::Invalid(faults.into_iter().map(|fault| fault.below("/plan")).collect())
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionsAsked {
    /// At most 200; left out: 50.
    limit: Option<u64>,
    /// Only versions before this one.
    before: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct PlanVersions {
    /// The latest first.
    items: Vec<PlanVersion>,
    /// For the next page: its `before`.
    next_before: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct PlanVersion {
    version: i64,
    at: String,
    /// None: Revier itself.
    user: Option<PlanAuthor>,
    /// What it changed, in a few words.
    note: String,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct PlanAuthor {
    id: Uuid,
    name: String,
}

/// The versions of the plan: when, who, what.
#[utoipa::path(get, path = "/api/v1/plan/versions", tag = "plan", params(VersionsAsked),
    responses((status = 200, body = PlanVersions), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn list_versions(
    State(app): State<App>,
    caller: Caller,
    Params(VersionsAsked { limit, before }): Params<VersionsAsked>,
) -> Result<axum::Json<PlanVersions>, Error> {
    let limit = page::limit(limit)?;
    let list = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let mut rows = tx.select::<versions::plan::Entity>();
            if let Some(before) = before {
                rows = rows.filter(versions::plan::Column::Version.lt(before));
            }
            let by_version = Expr::col(versions::plan::Column::Version);
            let mut rows = rows.order_by(by_version, Order::Desc).limit(limit + 1).all().await?;
            let has_more = rows.len() as u64 > limit;
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let next_before = rows.last().filter(|_| has_more).map(|row| row.version);
            let authors: Vec<Uuid> = rows.iter().filter_map(|row| row.user_id).collect();
            let users = tx.as_task(Task::Assignment);
            let users = users.select::<user::Entity>().filter(user::Column::Id.is_in(authors)).all().await?;
            let author = |id: Uuid| {
                let name = users.iter().find(|user| user.id == id).map(|user| user.name.clone());
                PlanAuthor { id, name: name.unwrap_or_default() }
            };
            let items = rows.into_iter().map(|row| PlanVersion {
                version: row.version,
                at: moment(row.at),
                user: row.user_id.map(author),
                note: row.note,
            });
            Ok::<_, Error>(PlanVersions { items: items.collect(), next_before })
        })
        .await?;
    Ok(axum::Json(list))
}
