//! Routes of members: who has access to a territory and who is handed its leads.

use std::collections::BTreeMap;

use access::{Action, Object, Permission, Tie, Viewer};
use axum::extract::State;
use axum::response::Response;
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::tree::{Records, Removal, fate};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::{IfMatch, etag};
use crate::http::once::Answer;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::store::user;
use crate::territories::edit::tree_now;
use crate::territories::members::{self, Draft, role_keys};
use crate::territories::states::now;
use crate::territories::store::{member, territory};
use crate::versions;

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::To(Object::Rotation, Action::View), routes!(list))
        .row(Permission::To(Object::Rotation, Action::View), routes!(matrix))
        .row(Permission::To(Object::Rotation, Action::Edit), routes!(put))
        .row(Permission::To(Object::Rotation, Action::Edit), routes!(remove))
}

#[derive(Serialize, ToSchema)]
pub struct MemberView {
    territory: Uuid,
    user: Uuid,
    /// Sees the territory's records.
    access: bool,
    /// Is handed leads.
    assignment: bool,
    /// Holds in the territories below too, as far as they say nothing of their own.
    includes_children: bool,
    /// Counts here in place of the user's own.
    role: Option<Uuid>,
    #[schema(example = "seller")]
    role_key: Option<String>,
    weight: i64,
    position: i64,
    open_leads_max: Option<i64>,
    leads_per_day_max: Option<i64>,
    /// Version of the plan that made this state; the entity tag.
    version: i64,
}

#[derive(Serialize, ToSchema)]
pub struct MemberList {
    items: Vec<MemberView>,
    /// The people of the list.
    users: Vec<MemberUser>,
}

#[derive(Serialize, ToSchema)]
pub struct MemberUser {
    id: Uuid,
    name: String,
    email: String,
    role: Uuid,
    role_key: Option<String>,
    active: bool,
    /// Has not come in yet: chooses a password first.
    invited: bool,
}

/// The members of a territory by position.
#[utoipa::path(get, path = "/api/v1/territories/{id}/members", tag = "members",
    params(("id" = Uuid, Path, description = "The territory")),
    responses((status = 200, body = MemberList), (status = "4XX", body = Problem)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<axum::Json<MemberList>, Error> {
    let list = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let territories = tx.select::<territory::Entity>().filter(now::<territory::Entity>());
            territories.filter(territory::Column::Id.eq(id)).one().await?.ok_or(Error::NotFound)?;
            let rows = tx
                .select::<member::Entity>()
                .filter(now::<member::Entity>())
                .filter(member::Column::TerritoryId.eq(id))
                .order_by(Expr::col(member::Column::Position), Order::Asc)
                .order_by(Expr::col(member::Column::UserId), Order::Asc)
                .all()
                .await?;
            let roles = role_keys(&tx).await?;
            let users = tx.select::<user::Entity>();
            let users =
                users.filter(user::Column::Id.is_in(rows.iter().map(|row| row.user_id))).all().await?;
            Ok::<_, Error>(MemberList {
                items: rows.into_iter().map(|row| view(row, &roles)).collect(),
                users: users.into_iter().map(|user| member_user(user, &roles)).collect(),
            })
        })
        .await?;
    Ok(axum::Json(list))
}

#[derive(Serialize, ToSchema)]
pub struct Matrix {
    /// In the order in which they are tried.
    territories: Vec<MatrixTerritory>,
    /// By name; those without any membership too.
    users: Vec<MemberUser>,
    members: Vec<MemberView>,
    can: MatrixCan,
}

#[derive(Serialize, ToSchema)]
pub struct MatrixTerritory {
    id: Uuid,
    name: String,
    parent: Option<Uuid>,
    color: String,
    active: bool,
}

#[derive(Serialize, ToSchema)]
pub struct MatrixCan {
    edit: bool,
}

/// Everybody's memberships: who has access where, and who is handed leads where.
#[utoipa::path(get, path = "/api/v1/members", tag = "members",
    responses((status = 200, body = Matrix), (status = "4XX", body = Problem)))]
async fn matrix(State(app): State<App>, caller: Caller) -> Result<axum::Json<Matrix>, Error> {
    let viewer = std::sync::Arc::clone(&caller.viewer);
    let matrix = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let seen = tx.select::<territory::Entity>().filter(now::<territory::Entity>()).all().await?;
            let tree = tree_now(&tx).await?.seen(&seen.into_iter().map(|row| row.id).collect());
            let members = tx.select::<member::Entity>().filter(now::<member::Entity>()).all().await?;
            let by_name = Expr::col(user::Column::Name);
            let users = tx.select::<user::Entity>().order_by(by_name, Order::Asc).all().await?;
            let roles = role_keys(&tx).await?;
            let edit = viewer.may(Permission::To(Object::Rotation, Action::Edit));
            Ok::<_, Error>(Matrix {
                territories: tree.in_order().into_iter().map(heading).collect(),
                users: users.into_iter().map(|user| member_user(user, &roles)).collect(),
                members: members.into_iter().map(|row| view(row, &roles)).collect(),
                can: MatrixCan { edit },
            })
        })
        .await?;
    Ok(axum::Json(matrix))
}

fn heading(row: &territory::Model) -> MatrixTerritory {
    MatrixTerritory {
        id: row.id,
        name: row.name.clone(),
        parent: row.parent_id,
        color: row.color.clone(),
        active: row.is_active,
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    access: bool,
    #[serde(default)]
    assignment: bool,
    #[serde(default)]
    includes_children: bool,
    #[serde(default)]
    role: Option<Uuid>,
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1000)]
    weight: i64,
    /// Rank in the rotation; left out: as it was, or the last.
    #[serde(default)]
    position: Option<i64>,
    #[serde(default)]
    open_leads_max: Option<i64>,
    #[serde(default)]
    leads_per_day_max: Option<i64>,
    /// What becomes of records where access is taken from their owner.
    #[serde(default)]
    records: Option<Records>,
    /// With `give`: to whom.
    #[serde(default)]
    to: Option<Uuid>,
}

fn one() -> i64 {
    1
}

/// Makes somebody a member, or changes the membership; a change names the version it builds on.
#[utoipa::path(put, path = "/api/v1/territories/{id}/members/{user}", tag = "members",
    params(("id" = Uuid, Path, description = "The territory"), ("user" = Uuid, Path, description = "The user"),
        ("If-Match" = Option<String>, Header, description = "Needed where the membership exists")),
    request_body = Membership,
    responses((status = 200, body = MemberView), (status = 201, body = MemberView), (status = "4XX", body = Problem)))]
async fn put(
    State(app): State<App>,
    caller: Caller,
    At(of): At<(Uuid, Uuid)>,
    if_match: Result<IfMatch, Response>,
    body: Body<Membership>,
) -> Result<Answer, Error> {
    let Membership {
        access,
        assignment,
        includes_children,
        role,
        weight,
        position,
        open_leads_max,
        leads_per_day_max,
        records,
        to,
    } = body.value;
    let fate = fate(records, to)?;
    let draft = Draft {
        has_access: access,
        has_assignment: assignment,
        includes_children,
        role,
        weight,
        position,
        open_leads_max,
        leads_per_day_max,
    };
    let if_match = if_match.ok();
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, draft) = (&app, &caller, draft.clone());
            async move {
                let was_there = unchanged(&tx, &caller.viewer, of, if_match).await?;
                members::put(&tx, app, &caller.actor(), of, draft, fate).await?;
                let row = members::find(&tx, of.0, of.1).await?.ok_or(Error::NotFound)?;
                let view = view(row, &role_keys(&tx).await?);
                let answer = Answer::ok(Some(etag(view.version)), &view)?;
                Ok(Answer { status: if was_there { 200 } else { 201 }, ..answer })
            }
        })
        .await
}

/// Ends a membership.
#[utoipa::path(delete, path = "/api/v1/territories/{id}/members/{user}", tag = "members",
    params(("id" = Uuid, Path, description = "The territory"), ("user" = Uuid, Path, description = "The user"),
        ("If-Match" = String, Header), Removal),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    At(of): At<(Uuid, Uuid)>,
    if_match: IfMatch,
    Params(Removal { records, to }): Params<Removal>,
) -> Result<Answer, Error> {
    let fate = fate(records, to)?;
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller) = (&app, &caller);
            async move {
                unchanged(&tx, &caller.viewer, of, Some(if_match)).await?;
                members::remove(&tx, app, &caller.actor(), of, fate).await?;
                Ok(Answer::nothing())
            }
        })
        .await
}

/// Locks the plan and compares the membership's version with the one that the caller has read; tells
/// whether there is a membership at all.
async fn unchanged(
    tx: &Tx,
    viewer: &Viewer,
    (territory, user): (Uuid, Uuid),
    if_match: Option<IfMatch>,
) -> Result<bool, Error> {
    let tie = Tie { territory: Some(territory), ..Tie::default() };
    if !viewer.can(Object::Territory, Action::View, &tie) {
        return Err(Error::NotFound);
    }
    versions::lock(tx).await?;
    let Some(row) = members::find(tx, territory, user).await? else {
        // A tag of what is not there is the tag of something that has gone meanwhile.
        return match if_match {
            Some(IfMatch(Some(_))) => {
                Err(Error::Stale { current: serde_json::Value::Null, changed: None, etag: String::new() })
            }
            _ => Ok(false),
        };
    };
    let view = view(row, &role_keys(tx).await?);
    let if_match = if_match.ok_or(Error::MatchNeeded)?;
    if_match.check(view.version, || Ok(serde_json::to_value(&view)?))?;
    Ok(true)
}

fn view(row: member::Model, roles: &BTreeMap<Uuid, String>) -> MemberView {
    let member::Model {
        workspace_id: _,
        territory_id,
        user_id,
        since,
        until: _,
        valid_from: _,
        valid_to: _,
        has_access,
        has_assignment,
        includes_children,
        role_id,
        weight,
        position,
        open_leads_max,
        leads_per_day_max,
    } = row;
    MemberView {
        territory: territory_id,
        user: user_id,
        access: has_access,
        assignment: has_assignment,
        includes_children,
        role: role_id,
        role_key: role_id.and_then(|id| roles.get(&id).cloned()),
        weight,
        position,
        open_leads_max,
        leads_per_day_max,
        version: since,
    }
}

fn member_user(user: user::Model, roles: &BTreeMap<Uuid, String>) -> MemberUser {
    MemberUser {
        id: user.id,
        name: user.name,
        email: user.email,
        role_key: roles.get(&user.role_id).cloned(),
        role: user.role_id,
        active: user.is_active,
        invited: !user.is_active && user.password_hash.is_none(),
    }
}
