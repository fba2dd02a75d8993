//! Who is calling: a session's cookie or an API token becomes a viewer, or nobody.

use std::sync::Arc;

use access::{Permission, Viewer};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use store::Sight;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::people::sign_in::{Credential, Presence};
use crate::territories::recognition::Recognised;
use crate::trail::Actor;

pub const SESSION_COOKIE: &str = "revier_session";

/// A signed-in person at work through one door.
#[derive(Clone, Debug)]
pub struct Caller {
    pub workspace: Uuid,
    pub user: Uuid,
    pub viewer: Arc<Viewer>,
    /// The session or token by which the person came.
    pub credential: Uuid,
    /// `page` for sessions, `api` for tokens: what history and audit log say.
    pub door: &'static str,
    pub address: String,
}

impl Caller {
    pub fn sight(&self) -> Sight {
        Sight::Viewer(Arc::clone(&self.viewer))
    }

    /// As whom history and audit log know the caller.
    pub fn actor(&self) -> Actor {
        Actor { user: Some(self.user), door: self.door, address: self.address.clone() }
    }

    /// The session by which the caller came.
    ///
    /// # Errors
    /// [`Error::Refused`] for API tokens: what follows is for the person alone.
    pub fn session(&self) -> Result<Uuid, Error> {
        if self.door == "page" {
            return Ok(self.credential);
        }
        let detail = "an API token is not enough for this; sign in with e-mail and password";
        Err(Error::refused("session_needed", detail))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Error::SignInNeeded.into_response())
    }
}

/// Identifies the caller and checks the route's permission.
///
/// # Errors
/// [`Error::SignInNeeded`], or [`Error::Denied`] where the role never allows it.
pub async fn identify(app: &App, headers: &HeaderMap, permission: Permission) -> Result<Caller, Error> {
    identify_as(app, headers, permission, Presence::AtWork).await
}

/// The same for a stream that looks whether its listener may still listen: nobody has done anything, so a session
/// grows old meanwhile.
///
/// # Errors
/// As [`identify`].
pub async fn identify_idle(app: &App, headers: &HeaderMap, permission: Permission) -> Result<Caller, Error> {
    identify_as(app, headers, permission, Presence::Idle).await
}

async fn identify_as(
    app: &App,
    headers: &HeaderMap,
    permission: Permission,
    presence: Presence,
) -> Result<Caller, Error> {
    let credential = credential(headers).ok_or(Error::SignInNeeded)?;
    let recognised = app.recognition.of(app, &credential, presence).await?;
    let Recognised { workspace, known, viewer } = recognised;
    if !viewer.may(permission) {
        return Err(Error::Denied(permission.to_string()));
    }
    Ok(Caller {
        workspace,
        user: known.user.id,
        viewer,
        credential: known.credential,
        door: known.door,
        address: address(app, headers),
    })
}

fn credential(headers: &HeaderMap) -> Option<Credential> {
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        let token = authorization.to_str().ok()?.strip_prefix("Bearer ")?;
        return Some(Credential::Token(token.trim().to_owned()));
    }
    session_cookie(headers).map(Credential::Session)
}

/// The session's secret from the cookie.
pub fn session_cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| value.to_owned())
}

/// The address of the person, as far as the operator's proxies are believed.
pub fn address(app: &App, headers: &HeaderMap) -> String {
    let peer = headers.get(PEER_HEADER).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let proxies = app.settings.trusted_proxies;
    if proxies == 0 {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).map(str::trim).collect();
    hops.len().checked_sub(proxies).and_then(|at| hops.get(at)).map_or(peer, |hop| (*hop).to_owned())
}

/// The browser, as it calls itself.
pub fn user_agent(headers: &HeaderMap) -> String {
    let value = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// Set by our own outermost layer from the connection, whatever the client sent under this name.
pub const PEER_HEADER: &str = "x-revier-peer";
