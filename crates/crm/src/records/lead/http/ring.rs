//! Routes of a territory's ring: how it stands, and pausing it.

use access::{Action, Object, Permission, Scope};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{At, Body};
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::records::lead::create::timestamp;
use crate::records::lead::ring::{self, RotationView};
use crate::territories::pause;

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::To(Object::Rotation, Action::View), routes!(get_rotation))
        .row(Permission::To(Object::Rotation, Action::Edit), routes!(put_rotation))
}

/// Shows a territory's rotation: who is next and why, and what waits.
#[utoipa::path(get, path = "/api/v1/territories/{id}/rotation", tag = "rotation", params(("id" = Uuid, Path)),
    responses((status = 200, body = RotationView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn get_rotation(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<axum::Json<RotationView>, Error> {
    let tie = access::Tie { territory: Some(id), ..Default::default() };
    if !caller.viewer.can(Object::Rotation, Action::View, &tie) {
        return Err(Error::NotFound);
    }
    shown(&app, &caller, id).await
}

async fn shown(app: &App, caller: &Caller, id: Uuid) -> Result<axum::Json<RotationView>, Error> {
    // A note may say why somebody is ill.
    let manages = [(Object::User, Action::Edit), (Object::Rotation, Action::Edit)];
    let with_notes = manages.into_iter().any(|(object, act)| caller.viewer.scope(object, act) == Scope::All);
    let view = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let book = app.books.book(&tx).await?;
            book.tree().get(id).ok_or(Error::NotFound)?;
            ring::rotation(&tx, &book, id, timestamp(app.clock.now()), with_notes).await
        })
        .await?;
    Ok(axum::Json(view))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotationChange {
    /// True: nothing is handed out, and what arrives waits in the queue. False: the queue goes out, oldest first,
    /// and the turns go on where they stood.
    is_paused: bool,
}

/// Pauses a territory's rotation, or lets it go on. Owners that are named or already known are not its doing: they
/// are given leads meanwhile too.
#[utoipa::path(put, path = "/api/v1/territories/{id}/rotation", tag = "rotation", params(("id" = Uuid, Path)),
    request_body = RotationChange,
    responses((status = 200, body = RotationView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn put_rotation(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    body: Body<RotationChange>,
) -> Result<axum::Json<RotationView>, Error> {
    let tie = access::Tie { territory: Some(id), ..Default::default() };
    if !caller.viewer.can(Object::Rotation, Action::View, &tie) {
        return Err(Error::NotFound);
    }
    let RotationChange { is_paused } = body.value;
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller) = (&app, &caller);
            async move { pause::set(&tx, app, caller, id, is_paused).await }
        })
        .await?;
    shown(&app, &caller, id).await
}
