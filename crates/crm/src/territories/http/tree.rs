//! Routes of the tree.

use std::collections::HashMap;

use access::{Action, Object, Permission, Task, Tie, Viewer};
use axum::extract::State;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params, present};
use crate::http::headers::{IfMatch, etag};
use crate::http::once::{Answer, Once};
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::territories::edit::{self, Change, Draft};
use crate::territories::hold::Fate;
use crate::territories::states::{self, as_of, now};
use crate::territories::store::{member, rule, territory};
use crate::territories::tree::Tree;
use crate::versions;

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::To(Object::Territory, Action::View), routes!(list))
        .row(Permission::To(Object::Territory, Action::View), routes!(show))
        .row(Permission::To(Object::Territory, Action::Create), routes!(create))
        .row(Permission::To(Object::Territory, Action::Edit), routes!(change))
        .row(Permission::To(Object::Territory, Action::Delete), routes!(remove))
}

#[derive(Serialize, ToSchema)]
pub struct TerritoryList {
    /// In the order in which they are tried: children before their parent.
    items: Vec<TerritoryView>,
}

#[derive(Serialize, ToSchema)]
pub struct TerritoryView {
    id: Uuid,
    #[schema(example = "Bayern Süd")]
    name: String,
    /// The nearest one above that the caller may see.
    parent: Option<Uuid>,
    /// Place among the siblings that the caller may see, counted from one.
    position: i64,
    /// A name of the palette.
    #[schema(example = "enzian")]
    color: String,
    active: bool,
    /// Country or state whose public holidays count.
    #[schema(example = "DE-BY")]
    calendar: Option<String>,
    /// Catches what no rule matches.
    default: bool,
    rules: i64,
    /// None where the caller may not see the members.
    members: Option<i64>,
    /// Version of the plan that made this state; the entity tag.
    version: i64,
    can: Can,
}

/// What the caller may do.
#[derive(Serialize, ToSchema)]
pub struct Can {
    pub edit: bool,
    pub delete: bool,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AsOf {
    /// A past version of the plan in place of the one that is valid now.
    version: Option<i64>,
}

/// The territories that the caller may see, in the order in which they are tried.
#[utoipa::path(get, path = "/api/v1/territories", tag = "territories", params(AsOf),
    responses((status = 200, body = TerritoryList), (status = "4XX", body = Problem)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(AsOf { version }): Params<AsOf>,
) -> Result<axum::Json<TerritoryList>, Error> {
    let viewer = std::sync::Arc::clone(&caller.viewer);
    let items = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move { views(&tx, &viewer, version, None).await })
        .await?;
    Ok(axum::Json(TerritoryList { items }))
}

/// One territory.
#[utoipa::path(get, path = "/api/v1/territories/{id}", tag = "territories",
    params(("id" = Uuid, Path, description = "The territory")),
    responses((status = 200, body = TerritoryView), (status = "4XX", body = Problem)))]
async fn show(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<Answer, Error> {
    let viewer = std::sync::Arc::clone(&caller.viewer);
    app.db.read(caller.workspace, caller.sight(), |tx| async move { answer(&tx, &viewer, id).await }).await
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTerritory {
    #[schema(example = "Bayern Süd")]
    name: String,
    #[serde(default)]
    parent: Option<Uuid>,
    /// Place among its siblings, counted from one; left out: the last.
    #[serde(default)]
    position: Option<usize>,
    /// A name of the palette; left out: a free one.
    #[serde(default)]
    color: Option<String>,
    #[serde(default = "yes")]
    active: bool,
    #[serde(default)]
    calendar: Option<String>,
    #[serde(default)]
    default: bool,
}

fn yes() -> bool {
    true
}

/// Makes a territory.
#[utoipa::path(post, path = "/api/v1/territories", tag = "territories", request_body = NewTerritory,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TerritoryView), (status = "4XX", body = Problem)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<NewTerritory>,
) -> Result<Answer, Error> {
    let NewTerritory { name, parent, position, color, active, calendar, default } = body.value;
    let name = name.trim().to_owned();
    let draft =
        Draft { name, parent, place: position, color, is_active: active, calendar, is_default: default };
    let ticket = once.ticket(&app, &caller, &body.bytes);
    ticket
        .run(&app, &caller, |tx| {
            let (app, caller, draft) = (&app, &caller, draft.clone());
            async move {
                let id = edit::create(&tx, app, &caller.actor(), draft).await?;
                let answer = answer(&tx, &caller.viewer, id).await?;
                Ok(Answer { status: 201, location: Some(format!("/api/v1/territories/{id}")), ..answer })
            }
        })
        .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerritoryChange {
    name: Option<String>,
    /// Null makes it a root.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    parent: Option<Option<Uuid>>,
    /// Place among its siblings, counted from one.
    position: Option<usize>,
    color: Option<String>,
    active: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    calendar: Option<Option<String>>,
    default: Option<bool>,
    /// What becomes of records whose owner loses access by the move.
    records: Option<Records>,
    /// With `give`: to whom.
    to: Option<Uuid>,
}

/// What becomes of records whose owner loses access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Records {
    /// Handed out in the territory's rotation.
    Rotate,
    /// Given to the user named in `to`.
    Give,
    /// Without owner, in the territory's queue.
    Queue,
}

/// Reads what becomes of records.
///
/// # Errors
/// [`Error::Invalid`] where `give` names nobody.
pub fn fate(records: Option<Records>, to: Option<Uuid>) -> Result<Option<Fate>, Error> {
    match (records, to) {
        (None, None) => Ok(None),
        (Some(Records::Rotate), None) => Ok(Some(Fate::Rotate)),
        (Some(Records::Queue), None) => Ok(Some(Fate::Queue)),
        (Some(Records::Give), Some(to)) => Ok(Some(Fate::Give(to))),
        (Some(Records::Give), None) => Err(Error::invalid(
            "/to",
            "missing",
            serde_json::Value::Null,
            "say in \"to\" who gets the records",
        )),
        (_, Some(to)) => {
            let detail = "\"to\" belongs to \"records\": \"give\"";
            Err(Error::invalid("/to", "not_wanted", to.to_string(), detail))
        }
    }
}

/// Changes or moves a territory.
#[utoipa::path(patch, path = "/api/v1/territories/{id}", tag = "territories",
    params(("id" = Uuid, Path, description = "The territory"), ("If-Match" = String, Header)),
    request_body = TerritoryChange,
    responses((status = 200, body = TerritoryView), (status = "4XX", body = Problem)))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    if_match: IfMatch,
    body: Body<TerritoryChange>,
) -> Result<Answer, Error> {
    let TerritoryChange { name, parent, position, color, active, calendar, default, records, to } =
        body.value;
    let change = Change {
        name: name.map(|name| name.trim().to_owned()),
        parent,
        place: position,
        color,
        is_active: active,
        calendar,
        is_default: default,
        fate: fate(records, to)?,
    };
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, change) = (&app, &caller, change.clone());
            async move {
                unchanged(&tx, &caller.viewer, id, if_match).await?;
                edit::change(&tx, app, &caller.actor(), id, change).await?;
                answer(&tx, &caller.viewer, id).await
            }
        })
        .await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// What becomes of records whose owner loses access.
    #[param(inline)]
    pub records: Option<Records>,
    /// With `give`: to whom.
    pub to: Option<Uuid>,
}

/// Takes a territory away; its children move to its parent. Refused while leads are in it.
#[utoipa::path(delete, path = "/api/v1/territories/{id}", tag = "territories",
    params(("id" = Uuid, Path, description = "The territory"), ("If-Match" = String, Header), Removal),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    if_match: IfMatch,
    Params(Removal { records, to }): Params<Removal>,
) -> Result<Answer, Error> {
    let fate = fate(records, to)?;
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller) = (&app, &caller);
            async move {
                unchanged(&tx, &caller.viewer, id, if_match).await?;
                edit::remove(&tx, app, &caller.actor(), id, fate).await?;
                Ok(Answer::nothing())
            }
        })
        .await
}

/// Locks the plan and compares the territory's version with the one that the caller has read.
async fn unchanged(tx: &Tx, viewer: &Viewer, id: Uuid, if_match: IfMatch) -> Result<(), Error> {
    versions::lock(tx).await?;
    let view = one(tx, viewer, id).await?;
    if_match.check(view.version, || Ok(serde_json::to_value(&view)?))
}

async fn answer(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<Answer, Error> {
    let view = one(tx, viewer, id).await?;
    Answer::ok(Some(etag(view.version)), &view)
}

async fn one(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<TerritoryView, Error> {
    views(tx, viewer, None, Some(id)).await?.pop().ok_or(Error::NotFound)
}

/// The territories in sight, or the one of them, as of a version or now.
async fn views(
    tx: &Tx,
    viewer: &Viewer,
    version: Option<i64>,
    only: Option<Uuid>,
) -> Result<Vec<TerritoryView>, Error> {
    let workspace = versions::workspace(tx).await?;
    let valid = version.map_or_else(now::<territory::Entity>, as_of::<territory::Entity>);
    let seen = tx.select::<territory::Entity>().filter(valid.clone()).all().await?;
    let whole = tx.as_task(Task::Assignment).select::<territory::Entity>().filter(valid).all().await?;
    let tree = Tree::of(whole).seen(&seen.into_iter().map(|row| row.id).collect());
    let rules = counts::<rule::Entity>(tx, rule::Column::TerritoryId, version, only).await?;
    let members = counts::<member::Entity>(tx, member::Column::TerritoryId, version, only).await?;
    let rows = match only {
        Some(id) => tree.get(id).into_iter().collect(),
        None => tree.in_order(),
    };
    let places = tree.places();
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let can =
            |object, action| viewer.can(object, action, &Tie { territory: Some(row.id), ..Tie::default() });
        let count = |of: &HashMap<Uuid, i64>| of.get(&row.id).copied().unwrap_or_default();
        views.push(TerritoryView {
            id: row.id,
            name: row.name.clone(),
            parent: row.parent_id,
            position: places.get(&row.id).copied().unwrap_or(1),
            color: row.color.clone(),
            active: row.is_active,
            calendar: row.calendar.clone(),
            default: workspace.default_territory_id == Some(row.id),
            rules: count(&rules),
            members: can(Object::Rotation, Action::View).then(|| count(&members)),
            version: row.since,
            can: Can {
                edit: can(Object::Territory, Action::Edit),
                delete: can(Object::Territory, Action::Delete),
            },
        });
    }
    Ok(views)
}

/// Rows per territory, as far as the viewer may see them.
async fn counts<E: states::Stateful>(
    tx: &Tx,
    territory: E::Column,
    version: Option<i64>,
    only: Option<Uuid>,
) -> Result<HashMap<Uuid, i64>, Error> {
    let mut rows = tx.select::<E>().filter(version.map_or_else(now::<E>, as_of::<E>));
    if let Some(only) = only {
        rows = rows.filter(territory.eq(only));
    }
    let column = Expr::col(territory.as_column_ref());
    let rows: Vec<(Uuid, i64)> =
        rows.tuples(vec![column.clone(), Expr::cust("COUNT(*)")], vec![column]).await?;
    Ok(rows.into_iter().collect())
}
