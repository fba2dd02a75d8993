//! Routes of invitations: what a link shows, coming in by it, a new link, and taking it back. Inviting itself is
//! among the routes of territories, since it says where the person belongs.

use access::{Action, Object, Permission};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::session::{SignedIn, let_in};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::{self, Caller};
use crate::http::extract::{At, Body};
use crate::http::headers::moment;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::invitation::{self, Acceptance, Invited};
use crate::people::password::Typed;
use crate::people::user;

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::Anyone, routes!(read))
        .row(Permission::Anyone, routes!(accept))
        .row(Permission::To(Object::User, Action::Create), routes!(renew))
        .row(Permission::To(Object::User, Action::Create), routes!(withdraw))
}

/// An invitation with the secret of its link, which is shown this once.
#[derive(Serialize, ToSchema)]
pub struct InvitationLink {
    /// The user who is invited.
    user: Uuid,
    /// The page `/invitation#<token>` lets in whoever has it, once.
    token: String,
    expires_at: String,
}

impl From<Invited> for InvitationLink {
    fn from(Invited { user, secret, expires_at }: Invited) -> InvitationLink {
        InvitationLink { user, token: secret.text, expires_at: moment(expires_at) }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationToken {
    #[schema(value_type = String)]
    token: Typed,
}

/// What a link shows to whoever opens it.
#[derive(Serialize, ToSchema)]
pub struct InvitationView {
    name: String,
    email: String,
    language: String,
    workspace: String,
    invited_by: String,
    expires_at: String,
    is_expired: bool,
}

/// Shows the invitation of a link. A POST, so that the secret stands in no log of addresses.
#[utoipa::path(post, path = "/api/v1/invitations/read", tag = "invitation", security(()),
    request_body = InvitationToken,
    responses((status = 200, body = InvitationView), (status = "4XX", body = Problem)))]
async fn read(State(app): State<App>, body: Body<InvitationToken>) -> Result<Json<InvitationView>, Error> {
    let open = invitation::open(&app, &body.value.token.into_text()).await?;
    Ok(Json(InvitationView {
        name: open.user.name,
        email: open.user.email,
        language: open.user.language,
        workspace: open.workspace.name,
        invited_by: open.invited_by,
        expires_at: moment(open.expires_at),
        is_expired: app.clock.now() >= open.expires_at,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationAcceptance {
    #[schema(value_type = String)]
    token: Typed,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200)]
    password: Typed,
    /// `de` or `en`.
    #[schema(example = "de")]
    language: String,
}

/// Sets the password of somebody invited and signs them in. A link lets in once.
#[utoipa::path(post, path = "/api/v1/invitations/accept", tag = "invitation", security(()),
    request_body = InvitationAcceptance,
    responses((status = 201, body = SignedIn), (status = "4XX", body = Problem)))]
async fn accept(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body<InvitationAcceptance>,
) -> Result<Response, Error> {
    let InvitationAcceptance { token, password, language } = body.value;
    let accepted = Acceptance {
        token: token.into_text(),
        password: password.into_text(),
        language,
        address: caller::address(&app, &headers),
        user_agent: caller::user_agent(&headers),
    };
    let (secret, user) = invitation::accept(&app, accepted).await?;
    let_in(&app, &secret, user)
}

/// Makes a new link for somebody who has no password yet; the old one ends. Takes no Idempotency-Key: a repetition
/// makes another link, and only the last one holds.
#[utoipa::path(put, path = "/api/v1/users/{id}/invitation", tag = "invitation", params(("id" = Uuid, Path)),
    responses((status = 200, body = InvitationLink), (status = "4XX", body = Problem)))]
async fn renew(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<Json<InvitationLink>, Error> {
    let made = app.db.write(caller.workspace, caller.sight(), |tx| {
        let (app, caller) = (&app, &caller);
        async move {
            user::get(&tx, caller, id).await?;
            invitation::make(app, &tx, caller, id).await
        }
    });
    Ok(Json(made.await?.into()))
}

/// Withdraws an invitation: its link lets nobody in any more.
#[utoipa::path(delete, path = "/api/v1/users/{id}/invitation", tag = "invitation", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn withdraw(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<StatusCode, Error> {
    let done = app.db.write(caller.workspace, caller.sight(), |tx| {
        let (app, caller) = (&app, &caller);
        async move { invitation::withdraw(app, &tx, caller, id).await }
    });
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}
