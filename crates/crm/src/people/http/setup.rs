//! Routes of the first start.

use access::Permission;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::session::{SignedIn, let_in};
use crate::app::App;
use crate::error::Error;
use crate::http::caller;
use crate::http::extract::Body;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::password::Typed;
use crate::people::setup::{self, Ask, Start};
use crate::people::sign_in::{self, Attempt};
use crate::trail::Actor;

pub fn routes(table: Table) -> Table {
    table.row(Permission::Anyone, routes!(show)).row(Permission::Anyone, routes!(found))
}

#[derive(Serialize, ToSchema)]
pub struct SetupState {
    /// True while there is no workspace: the token stands on the server's console.
    needed: bool,
}

/// Says whether the server waits for its set-up.
#[utoipa::path(get, path = "/api/v1/setup", tag = "setup", security(()),
    responses((status = 200, body = SetupState), (status = "4XX", body = Problem)))]
async fn show(State(app): State<App>) -> Result<Json<SetupState>, Error> {
    Ok(Json(SetupState { needed: setup::is_needed(&app).await? }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorkspace {
    /// As the server printed it on its console.
    #[schema(value_type = String)]
    token: Typed,
    /// The administrator's.
    #[schema(example = "Katrin Huber")]
    name: String,
    #[schema(example = "katrin@example.com")]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200)]
    password: Typed,
    /// `de` or `en`.
    #[schema(example = "de")]
    language: String,
    workspace_name: Option<String>,
    /// A name of the IANA list; Europe/Berlin where nothing is said.
    time_zone: Option<String>,
    /// ISO 4217; EUR where nothing is said.
    currency: Option<String>,
    /// A country by code or name, of addresses and phone numbers that name none; empty for none. Where it is left
    /// out, what time zone and language suggest.
    default_country: Option<String>,
    /// True: the demo company; false: an empty workspace.
    #[serde(default)]
    demo: bool,
}

/// Makes the workspace and its administrator, and signs them in. Works once.
#[utoipa::path(post, path = "/api/v1/setup", tag = "setup", security(()), request_body = NewWorkspace,
    responses((status = 201, body = SignedIn), (status = "4XX", body = Problem)))]
async fn found(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body<NewWorkspace>,
) -> Result<Response, Error> {
    let NewWorkspace {
        token,
        name,
        email,
        password,
        language,
        workspace_name,
        time_zone,
        currency,
        default_country,
        demo,
    } = body.value;
    if !setup::is_needed(&app).await? {
        return Err(setup::done_already());
    }
    // Before anything costs a password's hash.
    setup::check_token(&app, &token.into_text()).await?;
    let start = if demo { Start::Demo } else { Start::Empty };
    let password = password.into_text();
    let ask = Ask {
        name,
        email: email.clone(),
        password: password.clone(),
        language,
        workspace_name,
        time_zone,
        currency,
        default_country,
        start,
    };
    let address = caller::address(&app, &headers);
    let actor = Actor { user: None, door: "page", address: address.clone() };
    let founded = setup::found(&app, ask.parse()?, &actor).await?;
    // In a task of its own: a browser that goes away does not leave half a demo.
    let furnishing = tokio::spawn({
        let app = app.clone();
        async move { setup::furnish(&app, founded).await }
    });
    furnishing.await.map_err(|fault| Error::Bug(format!("the set-up was cut off: {fault}")))??;
    let attempt = Attempt { email, password, address, user_agent: caller::user_agent(&headers) };
    let (secret, user) = sign_in::sign_in(&app, founded.workspace, attempt).await?;
    let_in(&app, &secret, user)
}
