//! Signing in with e-mail and password, and recognising who comes back.

use std::collections::{BTreeSet, HashMap};

use access::{Action, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::all;
use store::{Sight, StoreError, Tx, padded};

use super::email;
use super::secret::Secret;
use super::store::{api_token, invitation, role, session, sign_in_failure, user};
use crate::app::{App, DAY, HOUR, MINUTE, Micros, SECOND};
use crate::error::Error;
use crate::trail::{self, Actor, Entry};

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

/// Sessions are listed and audited for a while after their end.
const SESSION_KEPT: Micros = 90 * DAY;
const USER_AGENT_CHARS_MAX: usize = 200;

/// What a caller shows.
pub enum Credential {
    Session(String),
    Token(String),
}

/// Whether somebody asks, or only their open page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    AtWork,
    Idle,
}

/// A credential as the database keeps it.
pub struct Shown {
    pub workspace: Uuid,
    hash: String,
    is_session: bool,
}

impl Shown {
    /// Reads what a caller shows; `None` where it was never ours.
    pub fn of(credential: &Credential) -> Option<Shown> {
        let (text, is_session) = match credential {
            Credential::Session(text) => (text.as_str(), true),
            Credential::Token(text) => (text.strip_prefix("rv_").unwrap_or(text), false),
        };
        let secret = Secret::parse(text)?;
        Some(Shown { workspace: secret.workspace, hash: secret.hash(), is_session })
    }
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

/// What a credential turned out to be.
pub enum Found {
    Live {
        known: Box<Known>,
        /// Not marked as seen for a while.
        is_stale: bool,
    },
    /// A session whose time is over, and which nothing has ended yet.
    Over { session: Uuid },
}

impl Found {
    pub fn known(&self) -> Option<&Known> {
        match self {
            Found::Live { known, .. } => Some(known),
            Found::Over { .. } => None,
        }
    }
}

/// Looks up credentials, all of one workspace, in their order.
///
/// # Errors
/// Where the database does not answer; each credential has an error of its own where it is unknown, ended,
/// revoked, too old, or its user is no longer active.
pub async fn look_up(tx: &Tx, shown: &[Shown], now: Micros) -> Result<Vec<Result<Found, Error>>, Error> {
    let hashes = |is_session: bool| -> Vec<&String> {
        let those = shown.iter().filter(move |shown| shown.is_session == is_session);
        padded(those.map(|shown| &shown.hash).collect::<BTreeSet<_>>())
    };
    let mut tickets: HashMap<(bool, String), Shows> = HashMap::new();
    let (sessions, tokens) = (hashes(true), hashes(false));
    if !sessions.is_empty() {
        let sessions = tx.select::<session::Entity>().filter(session::Column::TokenHash.is_in(sessions));
        for row in sessions.all().await? {
            tickets.insert((true, row.token_hash.clone()), Shows::of_session(row, now));
        }
    }
    if !tokens.is_empty() {
        let tokens = tx.select::<api_token::Entity>().filter(api_token::Column::TokenHash.is_in(tokens));
        for row in tokens.all().await? {
            tickets.insert((false, row.token_hash.clone()), Shows::of_token(row, now));
        }
    }
    let people = people(tx, tickets.values().filter_map(Shows::user).collect()).await?;
    let found = |shown: &Shown| match tickets.get(&(shown.is_session, shown.hash.clone())) {
        None | Some(Shows::Nothing) => Err(Error::SignInNeeded),
        Some(Shows::Over { session }) => Ok(Found::Over { session: *session }),
        Some(Shows::Person { user, credential, door, scopes, is_stale }) => {
            let (user, role) = people.get(user).ok_or(Error::SignInNeeded)?.clone();
            let role = role.ok_or_else(|| Error::Bug(format!("user {} has no role", user.id)))?;
            let known = Known { user, role, credential: *credential, door, scopes: scopes.clone() };
            Ok(Found::Live { known: Box::new(known), is_stale: *is_stale })
        }
    };
    Ok(shown.iter().map(found).collect())
}

/// What a row of a session or token shows.
enum Shows {
    Person { user: Uuid, credential: Uuid, door: &'static str, scopes: Option<String>, is_stale: bool },
    Over { session: Uuid },
    Nothing,
}

impl Shows {
    fn of_session(session: session::Model, now: Micros) -> Shows {
        if session.ended_at.is_some() {
            return Shows::Nothing;
        }
        if now >= session.expires_at || now - session.last_seen_at >= SESSION_IDLE {
            return Shows::Over { session: session.id };
        }
        let is_stale = now - session.last_seen_at >= SEEN_STEP;
        Shows::Person { user: session.user_id, credential: session.id, door: "page", scopes: None, is_stale }
    }

    fn of_token(token: api_token::Model, now: Micros) -> Shows {
        if token.revoked_at.is_some() || token.expires_at.is_some_and(|end| now >= end) {
            return Shows::Nothing;
        }
        let is_stale = token.last_used_at.is_none_or(|at| now - at >= SEEN_STEP);
        let scopes = Some(token.scopes);
        Shows::Person { user: token.user_id, credential: token.id, door: "api", scopes, is_stale }
    }

    fn user(&self) -> Option<Uuid> {
        match self {
            Shows::Person { user, .. } => Some(*user),
            Shows::Over { .. } | Shows::Nothing => None,
        }
    }
}

/// The active ones of these users, with their roles.
async fn people(
    tx: &Tx,
    ids: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, (user::Model, Option<role::Model>)>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let users = tx.select::<user::Entity>().filter(user::Column::Id.is_in(padded(ids))).all().await?;
    let users: Vec<user::Model> = users.into_iter().filter(|user| user.is_active).collect();
    let roles: BTreeSet<Uuid> = users.iter().map(|user| user.role_id).collect();
    if roles.is_empty() {
        return Ok(HashMap::new());
    }
    let roles = tx.select::<role::Entity>().filter(role::Column::Id.is_in(padded(roles))).all().await?;
    let roles: HashMap<Uuid, role::Model> = roles.into_iter().map(|role| (role.id, role)).collect();
    let with_role = |user: user::Model| (user.id, (user.clone(), roles.get(&user.role_id).cloned()));
    Ok(users.into_iter().map(with_role).collect())
}

/// Writes down what a look-up has shown of a session or token, and tells whose it is.
///
/// # Errors
/// [`Error::SignInNeeded`] where the session is over.
pub async fn settle(app: &App, workspace: Uuid, presence: Presence, found: Found) -> Result<Known, Error> {
    let now = app.clock.now();
    match found {
        Found::Live { known, is_stale } => {
            if is_stale && presence == Presence::AtWork {
                mark_seen(app, workspace, &known, now).await;
            }
            Ok(*known)
        }
        Found::Over { session } => {
            // Written down, so that a clock that is put back revives nobody.
            end_session(app, workspace, session, now).await?;
            Err(Error::SignInNeeded)
        }
    }
}

/// Best effort: whoever reads goes on reading where the disk is full.
async fn mark_seen(app: &App, workspace: Uuid, known: &Known, now: Micros) {
    let (id, is_session) = (known.credential, known.scopes.is_none());
    let marked = app.db.write(workspace, Sight::Task(Task::SignIn), |tx| async move {
        if is_session {
            let update = tx.update::<session::Entity>(Action::Edit);
            let update = update.set(session::Column::LastSeenAt, Expr::val(now));
            update.filter(session::Column::Id.eq(id)).run().await
        } else {
            let update = tx.update::<api_token::Entity>(Action::Edit);
            let update = update.set(api_token::Column::LastUsedAt, Expr::val(now));
            update.filter(api_token::Column::Id.eq(id)).run().await
        }
    });
    if let Err::<_, StoreError>(error) = marked.await {
        tracing::warn!(%error, "a session or token could not be marked as seen");
    }
}

async fn end_session(app: &App, workspace: Uuid, id: Uuid, now: Micros) -> Result<(), Error> {
    app.db
        .write(workspace, Sight::Task(Task::SignIn), |tx| async move {
            let update = tx.update::<session::Entity>(Action::Edit);
            let update = update.set(session::Column::EndedAt, Expr::val(now));
            let is_it = all![session::Column::Id.eq(id), session::Column::EndedAt.is_null()];
            update.filter(is_it).run().await?;
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
/// [`Error::TooMany`] after too many failures of the account or the network, [`Error::Refused`] otherwise.
pub async fn sign_in(app: &App, workspace: Uuid, attempt: Attempt) -> Result<(Secret, user::Model), Error> {
    let Attempt { email, password, address, user_agent } = attempt;
    // Nobody has a longer address, and a try is kept for a while.
    let email_key: String = email::key(&email).chars().take(email::EMAIL_CHARS_MAX).collect();
    let proved = prove(app, workspace, &email_key, password, &address).await?;
    let user = proved.ok_or_else(wrong)?;
    let secret = start_proved(app, workspace, &user, address, user_agent).await?;
    Ok((secret, user))
}

fn wrong() -> Error {
    Error::refused("sign_in_wrong", "e-mail or password is wrong")
}

/// Finds the active user whose e-mail and password these are. Each try counts against account and network
/// until the password proves right.
///
/// # Errors
/// [`Error::TooMany`] after too many failures.
pub async fn prove(
    app: &App,
    workspace: Uuid,
    email_key: &str,
    password: String,
    address: &str,
) -> Result<Option<user::Model>, Error> {
    let attempt = sign_in_failure::ActiveModel {
        workspace_id: NotSet,
        id: Set(app.ids.next()),
        email_key: Set(email_key.to_owned()),
        address: Set(network(address)),
        at: Set(app.clock.now()),
    };
    // The try is written down before the password is looked at: a thousand at once would else all be counted
    // as the first.
    let user = app
        .db
        .write(workspace, Sight::Task(Task::SignIn), |tx| {
            let attempt = attempt.clone();
            async move { admit(&tx, attempt).await }
        })
        .await?;
    let user = user.filter(|user| user.is_active);
    let known = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = app.passwords.verify(password, known).await?;
    Ok(user.filter(|_| is_right))
}

/// Counts a try and reads the account; refused tries are not counted, so that waiting helps.
async fn admit(tx: &Tx, attempt: sign_in_failure::ActiveModel) -> Result<Option<user::Model>, Error> {
    let (email_key, network) = (attempt.email_key.as_ref().clone(), attempt.address.as_ref().clone());
    let since = attempt.at.as_ref() - FAILURE_WINDOW;
    tx.insert(vec![attempt]).await?;
    let limits = [
        (sign_in_failure::Column::EmailKey.eq(&email_key), FAILURES_PER_ACCOUNT_MAX),
        (sign_in_failure::Column::Address.eq(network), FAILURES_PER_NETWORK_MAX),
    ];
    for (whose, most) in limits {
        let recent = all![whose, sign_in_failure::Column::At.gt(since)];
        let tries = tx.select::<sign_in_failure::Entity>().filter(recent).count_up_to(most + 1).await?;
        if tries > most {
            return Err(Error::TooMany { retry_after_s: (FAILURE_WINDOW / SECOND).unsigned_abs() });
        }
    }
    Ok(tx.select::<user::Entity>().filter(user::Column::EmailKey.eq(email_key)).one().await?)
}

/// Forgets the failures of an account whose password has just been proved.
///
/// # Errors
/// Where the database refuses.
pub async fn forgive(tx: &Tx, email_key: &str) -> Result<(), Error> {
    tx.as_task(Task::SignIn)
        .delete::<sign_in_failure::Entity>(sign_in_failure::Column::EmailKey.eq(email_key))
        .await?;
    Ok(())
}

/// Starts a session for an active user without asking for a password.
///
/// # Errors
/// [`Error::NotFound`] where there is no such user.
pub async fn start_session(
    app: &App,
    workspace: Uuid,
    user: Uuid,
    address: String,
    user_agent: String,
) -> Result<Secret, Error> {
    let user = app
        .db
        .read(workspace, Sight::Task(Task::SignIn), |tx| async move {
            let user = tx.select::<user::Entity>().filter(user::Column::Id.eq(user)).one().await?;
            user.ok_or(Error::NotFound)
        })
        .await?;
    start_proved(app, workspace, &user, address, user_agent).await
}

/// Starts a session for a user who has just proved who they are; refuses where the account was deactivated, or its
/// password changed, in this very moment.
async fn start_proved(
    app: &App,
    workspace: Uuid,
    proved: &user::Model,
    address: String,
    user_agent: String,
) -> Result<Secret, Error> {
    let secret = Secret::new(workspace)?;
    let now = app.clock.now();
    let actor = &Actor { user: Some(proved.id), door: "page", address: address.clone() };
    let row = session::ActiveModel {
        workspace_id: NotSet,
        id: Set(app.ids.next()),
        user_id: Set(proved.id),
        token_hash: Set(secret.hash()),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + SESSION_LIFE),
        ended_at: Set(None),
        user_agent: Set(user_agent.chars().take(USER_AGENT_CHARS_MAX).collect()),
        address: Set(address),
    };
    let start = |tx: Tx| {
        let row = row.clone();
        async move {
            let user =
                tx.select::<user::Entity>().filter(user::Column::Id.eq(proved.id)).share().one().await?;
            let is_as_proved =
                |user: &user::Model| user.is_active && user.password_hash == proved.password_hash;
            user.filter(is_as_proved).ok_or_else(wrong)?;
            forgive(&tx, &proved.email_key).await?;
            let entry = Entry {
                action: "create",
                object: "session",
                object_id: row.id.as_ref().to_string(),
                before: None,
                after: Some(serde_json::json!({ "user_id": proved.id })),
            };
            tx.insert(vec![row]).await?;
            trail::write(&tx, app, actor, vec![entry]).await
        }
    };
    app.db.write(workspace, Sight::Task(Task::SignIn), start).await?;
    Ok(secret)
}

/// Forgets failures that no longer count, and sessions and invitations that ended long ago.
///
/// # Errors
/// Where the database refuses.
pub async fn forget_old(app: &App, workspace: Uuid) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(workspace, Sight::Task(Task::Upkeep), |tx| async move {
            let before = now - FAILURE_WINDOW;
            tx.delete::<sign_in_failure::Entity>(sign_in_failure::Column::At.lt(before)).await?;
            let before = now - SESSION_KEPT;
            tx.delete::<session::Entity>(session::Column::ExpiresAt.lt(before)).await?;
            tx.delete::<invitation::Entity>(invitation::Column::ExpiresAt.lt(before)).await?;
            Ok(())
        })
        .await
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
