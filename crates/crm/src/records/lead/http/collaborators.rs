//! The routes of those who take part in a lead.

use access::{Action, Object, Permission};
use axum::extract::State;
use utoipa_axum::routes;
use uuid::Uuid;

use super::answer_changed;
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::At;
use crate::http::headers::IfMatch;
use crate::http::once::Answer;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::records::lead::collaborators;
use crate::records::lead::view::LeadView;

pub fn routes(table: Table) -> Table {
    let assign = Permission::To(Object::Lead, Action::Assign);
    table.row(assign, routes!(add_collaborator)).row(assign, routes!(remove_collaborator))
}

/// Lets somebody take part in a lead: for them it is one of their own, whatever its territory.
#[utoipa::path(put, path = "/api/v1/leads/{id}/collaborators/{user}", tag = "leads",
    params(("id" = Uuid, Path), ("user" = Uuid, Path),
        ("If-Match" = String, Header, description = "The lead's ETag that was read")),
    responses((status = 200, body = LeadView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn add_collaborator(
    State(app): State<App>,
    caller: Caller,
    At((id, user)): At<(Uuid, Uuid)>,
    seen: IfMatch,
) -> Result<Answer, Error> {
    let (app, caller) = (&app, &caller);
    let answer = app
        .db
        .write(caller.workspace, caller.sight(), |tx| async move {
            let (row, book) = collaborators::add(&tx, app, caller, id, user, seen).await?;
            answer_changed(&tx, &book, caller, &row).await
        })
        .await?;
    app.live.doorbell.notify_one();
    Ok(answer)
}

/// Takes somebody out of a lead.
#[utoipa::path(delete, path = "/api/v1/leads/{id}/collaborators/{user}", tag = "leads",
    params(("id" = Uuid, Path), ("user" = Uuid, Path),
        ("If-Match" = String, Header, description = "The lead's ETag that was read")),
    responses((status = 200, body = LeadView), (status = 204, description = "Done; you no longer see the lead"),
        (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn remove_collaborator(
    State(app): State<App>,
    caller: Caller,
    At((id, user)): At<(Uuid, Uuid)>,
    seen: IfMatch,
) -> Result<Answer, Error> {
    let (app, caller) = (&app, &caller);
    let answer = app
        .db
        .write(caller.workspace, caller.sight(), |tx| async move {
            let (row, book) = collaborators::remove(&tx, app, caller, id, user, seen).await?;
            answer_changed(&tx, &book, caller, &row).await
        })
        .await?;
    app.live.doorbell.notify_one();
    Ok(answer)
}
