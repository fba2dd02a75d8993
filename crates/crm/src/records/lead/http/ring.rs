//! The route of a territory's ring.

use access::{Action, Object, Permission, Scope};
use axum::extract::State;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::At;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::records::lead::create::timestamp;
use crate::records::lead::ring::{self, RotationView};

pub fn routes(table: Table) -> Table {
    table.row(Permission::To(Object::Rotation, Action::View), routes!(get_rotation))
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
    // A note may say why somebody is ill.
    let manages = [(Object::User, Action::Edit), (Object::Rotation, Action::Edit)];
    let with_notes = manages.into_iter().any(|(object, act)| caller.viewer.scope(object, act) == Scope::All);
    let app = &app;
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
