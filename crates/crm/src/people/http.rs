//! Routes of people: session, sessions, tokens, users, roles, absences.

use access::Permission;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::sign_in::{self, Attempt};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::{self, SESSION_COOKIE};
use crate::http::extract::Body;
use crate::http::problem::Problem;
use crate::http::table::Table;

pub fn routes(table: Table) -> Table {
    table.row(Permission::Anyone, routes!(sign_in))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(example = "katrin@example.com")]
    email: String,
    password: String,
}

#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    id: Uuid,
    name: String,
    language: String,
}

/// Signs in and sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", security(()), request_body = SignIn,
    responses((status = 201, body = SignedIn), (status = "4XX", body = Problem)))]
async fn sign_in(State(app): State<App>, headers: HeaderMap, body: Body<SignIn>) -> Result<Response, Error> {
    let SignIn { email, password } = body.value;
    let workspace = *app.db.workspaces().await?.first().ok_or(Error::NotFound)?;
    let user_agent =
        headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let attempt = Attempt {
        email,
        password,
        address: caller::address(&app, &headers),
        user_agent: user_agent.to_owned(),
    };
    let (secret, user) = sign_in::sign_in(&app, workspace, attempt).await?;
    let body = axum::Json(SignedIn { id: user.id, name: user.name, language: user.language });
    let mut response = (axum::http::StatusCode::CREATED, body).into_response();
    response.headers_mut().insert(header::SET_COOKIE, session_cookie(&app, &secret.text)?);
    Ok(response)
}

fn session_cookie(app: &App, value: &str) -> Result<HeaderValue, Error> {
    let secure = if app.settings.origin.starts_with("https://") { "; Secure" } else { "" };
    let life = sign_in::SESSION_LIFE / crate::app::SECOND;
    let text = format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life}{secure}");
    HeaderValue::from_str(&text).map_err(|error| Error::Bug(error.to_string()))
}
