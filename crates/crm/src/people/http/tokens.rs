//! Routes of API tokens.

use access::{Action, Object, Permission};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::moment;
use crate::http::once::{Answer, Once, Ticket};
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::store::api_token;
use crate::people::token::{self, Draft};

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::To(Object::Token, Action::View), routes!(list))
        .row(Permission::To(Object::Token, Action::Create), routes!(create))
        .row(Permission::To(Object::Token, Action::Delete), routes!(revoke))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Owner {
    /// Whose; one's own where nothing is said.
    user: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
pub struct TokenView {
    id: Uuid,
    user_id: Uuid,
    name: String,
    /// `all`, or permissions like `lead.create`, `lead.*`, `*.view`; never more than the owner's role.
    scopes: Vec<String>,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct TokenList {
    items: Vec<TokenView>,
}

/// Lists live tokens, the newest first.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "token", params(Owner),
    responses((status = 200, body = TokenList), (status = "4XX", body = Problem)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(Owner { user }): Params<Owner>,
) -> Result<Json<TokenList>, Error> {
    let (user, now) = (user.unwrap_or(caller.user), app.clock.now());
    let rows = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move { token::live(&tx, user, now).await })
        .await?;
    Ok(Json(TokenList { items: rows.iter().map(view).collect() }))
}

fn view(row: &api_token::Model) -> TokenView {
    let scopes = token::scopes(row);
    let api_token::Model {
        workspace_id: _,
        id,
        user_id,
        name,
        token_hash: _,
        scopes: _,
        created_at,
        expires_at,
        last_used_at,
        revoked_at: _,
    } = row;
    TokenView {
        id: *id,
        user_id: *user_id,
        name: name.clone(),
        scopes,
        created_at: moment(*created_at),
        expires_at: expires_at.map(moment),
        last_used_at: last_used_at.map(moment),
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    #[schema(example = "Website form")]
    name: String,
    /// `all`, or permissions like `lead.create`, `lead.*`, `*.view`.
    #[schema(example = json!(["lead.create"]))]
    scopes: Vec<String>,
    /// RFC 3339; never where nothing is said.
    expires_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct MadeToken {
    #[serde(flatten)]
    view: TokenView,
    /// Shown this once: send it as `Authorization: Bearer …`.
    token: String,
}

/// Makes a token for myself and shows it, this once. A repetition with the same Idempotency-Key shows the same
/// token with a new secret, as long as nobody has used it.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "token", request_body = NewToken,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = MadeToken), (status = "4XX", body = Problem)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<NewToken>,
) -> Result<Answer, Error> {
    // A token that could make tokens would outlive its own end.
    caller.session()?;
    let NewToken { name, scopes, expires_at } = &body.value;
    let draft = Draft::parse(name, scopes, expires_at.as_deref(), app.clock.now())?;
    let ticket = once.ticket(&app, &caller, &body.bytes);
    let attempt = || {
        app.db.write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, ticket, draft) = (&app, &caller, &ticket, draft.clone());
            async move { create_once(app, &tx, caller, ticket, draft).await }
        })
    };
    match attempt().await {
        Err(Error::Store(store::StoreError::Exists(_))) if ticket.has_key() => attempt().await,
        done => done,
    }
}

/// What the idempotency key remembers is the answer without its secret, which is kept nowhere.
async fn create_once(
    app: &App,
    tx: &store::Tx,
    caller: &Caller,
    ticket: &Ticket,
    draft: Draft,
) -> Result<Answer, Error> {
    if let Some(answer) = ticket.find(tx).await? {
        let id = answer.body.get("id").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
        let id = id.ok_or_else(|| Error::Bug("a token's answer has no id".to_owned()))?;
        let secret = token::renew(tx, id).await?;
        return Ok(with_secret(answer, secret));
    }
    let (row, secret) = token::create(app, tx, caller.user, draft, &caller.actor()).await?;
    let answer = Answer::created(format!("/api/v1/tokens/{}", row.id), None, &view(&row))?;
    ticket.remember(tx, &answer).await?;
    Ok(with_secret(answer, secret))
}

fn with_secret(mut answer: Answer, secret: String) -> Answer {
    if let Value::Object(body) = &mut answer.body {
        body.insert("token".to_owned(), Value::String(secret));
    }
    answer
}

/// Revokes a token at once.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "token", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn revoke(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<StatusCode, Error> {
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller) = (&app, &caller);
            async move { token::revoke(app, &tx, id, &caller.actor()).await }
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
