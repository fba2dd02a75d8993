//! Signing in with e-mail and password, and recognising who comes back.

use access::Task;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use store::{Sight, Tx};

use super::secret::Secret;
use super::store::{api_token, role, session, sign_in_failure, user};
use crate::app::{App, DAY, HOUR, MINUTE, Micros};
use crate::error::Error;

/// A session ends after this long without a request.
pub const SESSION_IDLE: Micros = 12 * HOUR;
/// A session ends after this long in any case.
pub const SESSION_LIFE: Micros = 30 * DAY;
/// Failures within [`FAILURE_WINDOW`] after which an account, or a network, has to wait.
pub const FAILURES_PER_ACCOUNT_MAX: u64 = 8;
pub const FAILURES_PER_NETWORK_MAX: u64 = 40;
pub const FAILURE_WINDOW: Micros = 15 * MINUTE;
/// `last_seen_at` is written at most this often, so that reading stays reading.
const SEEN_STEP: Micros = 5 * MINUTE;

/// What a caller shows.
pub enum Credential {
    Session(String),
    Token(String),
}

/// Who was recognised.
pub struct Known {
    pub user: user::Model,
    pub role: role::Model,
    /// The session or token.
    pub credential: Uuid,
    pub door: &'static str,
    /// Scopes of a token; none for sessions.
    pub scopes: Option<String>,
}

/// Recognises the bearer of a session or token.
///
/// # Errors
/// [`Error::SignInNeeded`] where it is unknown, ended, revoked, too old, or its user is no longer active.
pub async fn recognise(app: &App, credential: &Credential) -> Result<(Uuid, Known), Error> {
    let (text, is_session) = match credential {
        Credential::Session(text) => (text.as_str(), true),
        Credential::Token(text) => (text.strip_prefix("rv_").unwrap_or(text), false),
    };
    let secret = Secret::parse(text).ok_or(Error::SignInNeeded)?;
    let (workspace, hash, now) = (secret.workspace, secret.hash(), app.clock.now());
    let (known, is_stale) = app
        .db
        .read(workspace, Sight::Task(Task::SignIn), |tx| async move {
            if is_session { session_of(&tx, &hash, now).await } else { token_of(&tx, &hash, now).await }
        })
        .await?;
    if is_stale {
        mark_seen(app, workspace, &known, now).await?;
    }
    Ok((workspace, known))
}

async fn session_of(tx: &Tx, hash: &str, now: Micros) -> Result<(Known, bool), Error> {
    let session = tx.select::<session::Entity>().filter(session::Column::TokenHash.eq(hash)).one().await?;
    let session = session.ok_or(Error::SignInNeeded)?;
    let is_over =
        session.ended_at.is_some() || now >= session.expires_at || now - session.last_seen_at >= SESSION_IDLE;
    if is_over {
        return Err(Error::SignInNeeded);
    }
    let (user, role) = active_user(tx, session.user_id).await?;
    let is_stale = now - session.last_seen_at >= SEEN_STEP;
    Ok((Known { user, role, credential: session.id, door: "page", scopes: None }, is_stale))
}

async fn token_of(tx: &Tx, hash: &str, now: Micros) -> Result<(Known, bool), Error> {
    let token = tx.select::<api_token::Entity>().filter(api_token::Column::TokenHash.eq(hash)).one().await?;
    let token = token.ok_or(Error::SignInNeeded)?;
    if token.revoked_at.is_some() || token.expires_at.is_some_and(|end| now >= end) {
        return Err(Error::SignInNeeded);
    }
    let (user, role) = active_user(tx, token.user_id).await?;
    let is_stale = token.last_used_at.is_none_or(|at| now - at >= SEEN_STEP);
    Ok((Known { user, role, credential: token.id, door: "api", scopes: Some(token.scopes) }, is_stale))
}

async fn active_user(tx: &Tx, id: Uuid) -> Result<(user::Model, role::Model), Error> {
    let user = tx.select::<user::Entity>().filter(user::Column::Id.eq(id)).one().await?;
    let user = user.filter(|user| user.is_active).ok_or(Error::SignInNeeded)?;
    let role = tx.select::<role::Entity>().filter(role::Column::Id.eq(user.role_id)).one().await?;
    let role = role.ok_or_else(|| Error::Bug(format!("user {id} has no role")))?;
    Ok((user, role))
}

async fn mark_seen(app: &App, workspace: Uuid, known: &Known, now: Micros) -> Result<(), Error> {
    let (id, is_session) = (known.credential, known.scopes.is_none());
    app.db
        .write(workspace, Sight::Task(Task::SignIn), |tx| async move {
            if is_session {
                tx.update::<session::Entity>(access::Action::Edit)
                    .set(session::Column::LastSeenAt, Expr::val(now))
                    .filter(session::Column::Id.eq(id))
                    .run()
                    .await?;
            } else {
                tx.update::<api_token::Entity>(access::Action::Edit)
                    .set(api_token::Column::LastUsedAt, Expr::val(now))
                    .filter(api_token::Column::Id.eq(id))
                    .run()
                    .await?;
            }
            Ok(())
        })
        .await
}

/// What somebody types to sign in, and from where.
pub struct Attempt {
    pub email: String,
    pub password: String,
    pub address: String,
    pub user_agent: String,
}

/// Signs in and starts a session; unknown people, wrong passwords and inactive accounts get the same
/// answer after the same work.
///
/// # Errors
/// [`Error::TooMany`] after too many failures of the account or the network, [`Error::Denied`] otherwise.
pub async fn sign_in(app: &App, workspace: Uuid, attempt: Attempt) -> Result<(Secret, user::Model), Error> {
    let Attempt { email, password, address, user_agent } = attempt;
    let email_key = email_key(&email);
    let now = app.clock.now();
    let (key, origin) = (email_key.clone(), network(&address));
    let since = now - FAILURE_WINDOW;
    let (user, failures) = app
        .db
        .read(workspace, Sight::Task(Task::SignIn), |tx| async move {
            let failures = (
                count_failures(&tx, sign_in_failure::Column::EmailKey, &key, since).await?,
                count_failures(&tx, sign_in_failure::Column::Address, &origin, since).await?,
            );
            let user = tx.select::<user::Entity>().filter(user::Column::EmailKey.eq(key)).one().await?;
            Ok::<_, Error>((user, failures))
        })
        .await?;
    if failures.0 >= FAILURES_PER_ACCOUNT_MAX || failures.1 >= FAILURES_PER_NETWORK_MAX {
        return Err(Error::TooMany { retry_after_s: (FAILURE_WINDOW / 1_000_000).unsigned_abs() });
    }
    let user = user.filter(|user| user.is_active);
    let known = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = app.passwords.verify(password, known).await?;
    let Some(user) = user.filter(|_| is_right) else {
        remember_failure(app, workspace, email_key, network(&address), now).await?;
        return Err(Error::Denied("e-mail or password is wrong".to_owned()));
    };
    let secret = start_session(app, workspace, user.id, address, user_agent).await?;
    Ok((secret, user))
}

async fn count_failures(
    tx: &Tx,
    column: sign_in_failure::Column,
    value: &str,
    since: Micros,
) -> Result<u64, Error> {
    let failures = tx
        .select::<sign_in_failure::Entity>()
        .filter(column.eq(value))
        .filter(sign_in_failure::Column::At.gt(since));
    Ok(failures.count_up_to(FAILURES_PER_NETWORK_MAX).await?)
}

async fn remember_failure(
    app: &App,
    workspace: Uuid,
    email_key: String,
    network: String,
    now: Micros,
) -> Result<(), Error> {
    let id = app.ids.next();
    app.db
        .write(workspace, Sight::Task(Task::SignIn), |tx| {
            let row = sign_in_failure::ActiveModel {
                workspace_id: NotSet,
                id: Set(id),
                email_key: Set(email_key.clone()),
                address: Set(network.clone()),
                at: Set(now),
            };
            async move { Ok(tx.insert(vec![row]).await?) }
        })
        .await
}

/// Starts a session for a user who has just proved who they are.
///
/// # Errors
/// Where the database refuses.
pub async fn start_session(
    app: &App,
    workspace: Uuid,
    user: Uuid,
    address: String,
    user_agent: String,
) -> Result<Secret, Error> {
    let secret = Secret::new(workspace)?;
    let now = app.clock.now();
    let row = session::ActiveModel {
        workspace_id: NotSet,
        id: Set(app.ids.next()),
        user_id: Set(user),
        token_hash: Set(secret.hash()),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + SESSION_LIFE),
        ended_at: Set(None),
        user_agent: Set(user_agent.chars().take(200).collect()),
        address: Set(address),
    };
    app.db
        .write(workspace, Sight::Task(Task::SignIn), |tx| {
            let row = row.clone();
            async move { Ok::<_, Error>(tx.insert(vec![row]).await?) }
        })
        .await?;
    Ok(secret)
}

/// E-mail addresses compare without regard to case and surrounding space.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The network that shares a limit: an IPv4 address, or the /64 of an IPv6 address.
fn network(address: &str) -> String {
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(std::net::IpAddr::V6(v6)) => v6.to_ipv4_mapped().map_or_else(String::new, |v4| v4.to_string()),
        _ => address.to_owned(),
    }
}
