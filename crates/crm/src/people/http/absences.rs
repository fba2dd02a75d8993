//! Routes of absences.

use access::Permission;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::moment;
use crate::http::once::{Answer, Once};
use crate::http::page;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::absence::{self, Draft};
use crate::people::store::absence as row;

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::SignedIn, routes!(list))
        .row(Permission::SignedIn, routes!(create))
        .row(Permission::SignedIn, routes!(delete))
}

#[derive(Serialize, ToSchema)]
pub struct AbsenceView {
    id: Uuid,
    user_id: Uuid,
    starts_at: String,
    ends_at: String,
    note: String,
}

fn view(row: row::Model) -> AbsenceView {
    let row::Model { workspace_id: _, id, user_id, starts_at, ends_at, note, created_at: _ } = row;
    AbsenceView { id, user_id, starts_at: moment(starts_at), ends_at: moment(ends_at), note }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    cursor: Option<String>,
    /// Rows of a page, 1 to 200; 50 where nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

#[derive(Serialize, ToSchema)]
pub struct AbsencePage {
    items: Vec<AbsenceView>,
    next_cursor: Option<String>,
}

/// Lists somebody's absences, those that end last first: one's own, or anybody's for those who manage rotations.
#[utoipa::path(get, path = "/api/v1/users/{id}/absences", tag = "user", params(("id" = Uuid, Path), Asked),
    responses((status = 200, body = AbsencePage), (status = "4XX", body = Problem)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(user): At<Uuid>,
    Params(Asked { cursor, limit }): Params<Asked>,
) -> Result<Json<AbsencePage>, Error> {
    let (limit, who) = (page::limit(limit)?, &caller);
    let (rows, next_cursor) = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            absence::list(&tx, who, user, cursor.as_deref(), limit).await
        })
        .await?;
    Ok(Json(AbsencePage { items: rows.into_iter().map(view).collect(), next_cursor }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAbsence {
    /// RFC 3339.
    #[schema(example = "2026-08-03T00:00:00+02:00")]
    starts_at: String,
    /// RFC 3339; from then on the user is back.
    #[schema(example = "2026-08-15T00:00:00+02:00")]
    ends_at: String,
    /// Seen by the user and by those who manage rotations.
    #[serde(default)]
    note: String,
}

/// Enters an absence: rotation passes the user over from its start to its end.
#[utoipa::path(post, path = "/api/v1/users/{id}/absences", tag = "user", request_body = NewAbsence,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = AbsenceView, headers(("Location" = String))),
              (status = "4XX", body = Problem)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    At(user): At<Uuid>,
    once: Once,
    body: Body<NewAbsence>,
) -> Result<Answer, Error> {
    let ticket = once.ticket(&app, &caller, &body.bytes);
    let NewAbsence { starts_at, ends_at, note } = body.value;
    let draft = Draft::parse(&starts_at, &ends_at, &note)?;
    ticket
        .run(&app, &caller, |tx| {
            let (app, caller, draft) = (&app, &caller, draft.clone());
            async move {
                let row = absence::create(app, &tx, caller, user, draft).await?;
                let location = format!("/api/v1/users/{user}/absences/{}", row.id);
                Answer::created(location, None, &view(row))
            }
        })
        .await
}

/// Takes an absence back.
#[utoipa::path(delete, path = "/api/v1/users/{id}/absences/{absence}", tag = "user",
    params(("id" = Uuid, Path), ("absence" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete(
    State(app): State<App>,
    caller: Caller,
    At((user, id)): At<(Uuid, Uuid)>,
) -> Result<StatusCode, Error> {
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller) = (&app, &caller);
            async move { absence::delete(app, &tx, caller, user, id).await }
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
