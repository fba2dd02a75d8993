//! Routes of the session: signing in and out, who I am, where else I am signed in, my password.

use std::collections::BTreeMap;

use access::{Action, Object, Permission};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::{App, SECOND};
use crate::error::Error;
use crate::http::caller::{self, Caller, SESSION_COOKIE};
use crate::http::extract::{At, Body, Params};
use crate::http::headers::moment;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::mine;
use crate::people::password::Typed;
use crate::people::secret::Secret;
use crate::people::session::{self, Me};
use crate::people::sign_in::{self, Attempt};
use crate::people::store::{session as row, user};

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::Anyone, routes!(sign_in))
        .row(Permission::SignedIn, routes!(show))
        .row(Permission::SignedIn, routes!(sign_out))
        .row(Permission::SignedIn, routes!(change_password))
        .row(Permission::To(Object::Session, Action::View), routes!(list))
        .row(Permission::To(Object::Session, Action::Delete), routes!(end))
        .row(Permission::To(Object::Session, Action::Delete), routes!(end_others))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(example = "katrin@example.com")]
    email: String,
    #[schema(value_type = String, format = Password)]
    password: Typed,
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
    let Some(&workspace) = app.db.workspaces().await?.first() else {
        let detail = "the server waits for its set-up; its token stands on the server's console";
        return Err(Error::conflict("setup_needed", detail));
    };
    let attempt = Attempt {
        email,
        password: password.into_text(),
        address: caller::address(&app, &headers),
        user_agent: caller::user_agent(&headers),
    };
    let (secret, user) = sign_in::sign_in(&app, workspace, attempt).await?;
    let_in(&app, &secret, user)
}

/// The answer that signs somebody in.
pub(super) fn let_in(app: &App, secret: &Secret, user: user::Model) -> Result<Response, Error> {
    let body = Json(SignedIn { id: user.id, name: user.name, language: user.language });
    let mut response = (StatusCode::CREATED, body).into_response();
    let cookie = session_cookie(app, &secret.text, sign_in::SESSION_LIFE / SECOND)?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

fn session_cookie(app: &App, value: &str, life_s: i64) -> Result<HeaderValue, Error> {
    let secure = if app.settings.origin.starts_with("https://") { "; Secure" } else { "" };
    let text = format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life_s}{secure}");
    HeaderValue::from_str(&text).map_err(|error| Error::Bug(error.to_string()))
}

/// Who is signed in, and what they may do.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    user: Myself,
    role: RoleName,
    /// How far one may go, by object and action: `own`, `territory` or `all`. What is left out one may not.
    permissions: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
    workspace: WorkspaceName,
    /// `page`: by a session; `api`: by a token.
    door: &'static str,
    /// Where I have access, by name.
    territories: Vec<MyTerritory>,
}

#[derive(Serialize, ToSchema)]
pub struct MyTerritory {
    id: Uuid,
    name: String,
    /// A name of the palette: `enzian`, `ahorn`, …
    color: String,
    /// My own open leads in it.
    open_leads: i64,
}

#[derive(Serialize, ToSchema)]
pub struct Myself {
    id: Uuid,
    name: String,
    email: String,
    language: String,
    time_zone: String,
}

#[derive(Serialize, ToSchema)]
pub struct RoleName {
    id: Uuid,
    /// `administrator`, `sales_manager`, `seller`, `restricted_seller`, `read_only`.
    key: String,
}

#[derive(Serialize, ToSchema)]
pub struct WorkspaceName {
    id: Uuid,
    name: String,
    language: String,
    currency: String,
    time_zone: String,
}

/// Tells who I am, what I may do, and which workspace this is.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, body = SessionView), (status = "4XX", body = Problem)))]
async fn show(State(app): State<App>, caller: Caller) -> Result<Json<SessionView>, Error> {
    let Me { user, role, workspace } = session::me(&app, &caller).await?;
    let permissions = session::permissions(&caller.viewer);
    let user = Myself {
        id: user.id,
        name: user.name,
        email: user.email,
        language: user.language,
        time_zone: user.time_zone,
    };
    let workspace = WorkspaceName {
        id: workspace.id,
        name: workspace.name,
        language: workspace.language,
        currency: workspace.currency,
        time_zone: workspace.time_zone,
    };
    let role = RoleName { id: role.id, key: role.key };
    let territory = |mine: mine::Mine| {
        let mine::Mine { id, name, color, open_leads } = mine;
        MyTerritory { id, name, color, open_leads }
    };
    let territories = mine::territories(&app, &caller).await?.into_iter().map(territory).collect();
    Ok(Json(SessionView { user, role, permissions, workspace, door: caller.door, territories }))
}

/// Signs out: ends the session and takes its cookie back.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn sign_out(State(app): State<App>, caller: Caller) -> Result<Response, Error> {
    session::sign_out(&app, &caller).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, session_cookie(&app, "", 0)?);
    Ok(response)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    #[schema(value_type = String, format = Password)]
    old_password: Typed,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200)]
    new_password: Typed,
}

/// Changes my password and ends my other sessions. Takes no Idempotency-Key, which would have to remember the
/// password: a repetition finds that the old one no longer holds, and changes nothing.
#[utoipa::path(post, path = "/api/v1/session/password", tag = "session", request_body = NewPassword,
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn change_password(
    State(app): State<App>,
    caller: Caller,
    body: Body<NewPassword>,
) -> Result<StatusCode, Error> {
    let NewPassword { old_password, new_password } = body.value;
    session::change_password(&app, &caller, old_password.into_text(), new_password.into_text()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// Whose; one's own where nothing is said.
    user: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
pub struct SessionEntry {
    id: Uuid,
    user_id: Uuid,
    created_at: String,
    last_seen_at: String,
    expires_at: String,
    /// The browser, as it calls itself.
    user_agent: String,
    address: String,
    /// True for the session that asks.
    is_current: bool,
}

#[derive(Serialize, ToSchema)]
pub struct SessionList {
    items: Vec<SessionEntry>,
}

/// Lists where one is signed in, the latest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "session", params(Whose),
    responses((status = 200, body = SessionList), (status = "4XX", body = Problem)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(Whose { user }): Params<Whose>,
) -> Result<Json<SessionList>, Error> {
    let (user, now, current) = (user.unwrap_or(caller.user), app.clock.now(), caller.credential);
    let rows = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move { session::live(&tx, user, now).await })
        .await?;
    let items = rows.into_iter().map(|row| view(row, current)).collect();
    Ok(Json(SessionList { items }))
}

fn view(row: row::Model, current: Uuid) -> SessionEntry {
    let row::Model {
        workspace_id: _,
        id,
        user_id,
        token_hash: _,
        created_at,
        last_seen_at,
        expires_at,
        ended_at: _,
        user_agent,
        address,
    } = row;
    SessionEntry {
        id,
        user_id,
        created_at: moment(created_at),
        last_seen_at: moment(last_seen_at),
        expires_at: moment(expires_at),
        user_agent,
        address,
        is_current: id == current,
    }
}

/// Ends one session.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "session", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn end(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<StatusCode, Error> {
    session::end(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all my sessions but this one.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "session",
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn end_others(State(app): State<App>, caller: Caller) -> Result<StatusCode, Error> {
    session::end_others(&app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
