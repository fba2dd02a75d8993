//! API tokens: part of what their owner may do, for programs; kept as hashes, shown once.

use access::{Action, Task, TokenScopes};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::all;
use serde_json::json;
use store::Tx;

use super::secret::Secret;
use super::store::{api_token, user};
use super::values::{self, Faults};
use crate::app::{App, Micros};
use crate::error::{Error, Fault};
use crate::trail::{self, Actor, Entry};

/// Live tokens of one user.
pub const TOKENS_MAX: u64 = 100;
/// In front of every token, so that scanners of source code know one when they see it.
pub const PREFIX: &str = "rv_";
/// The word for every scope.
const ALL: &str = "all";

/// A token to be, checked.
#[derive(Clone)]
pub struct Draft {
    name: String,
    scopes: TokenScopes,
    expires_at: Option<Micros>,
}

impl Draft {
    /// Reads what a form or a script asks for. Scopes are `all` or permissions like `lead.create`, `lead.*`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all faults at once.
    pub fn parse(
        name: &str,
        scopes: &[String],
        expires_at: Option<&str>,
        now: Micros,
    ) -> Result<Draft, Error> {
        let mut faults = Faults::default();
        let name = faults.keep(values::name("/name", name));
        let scopes = scopes_of(scopes, &mut faults);
        let expires_at = faults.keep_some(expires_at, |text| future("/expires_at", text, now));
        match (name, scopes) {
            (Some(name), Some(scopes)) => {
                faults.end()?;
                Ok(Draft { name, scopes, expires_at })
            }
            _ => Err(faults.into()),
        }
    }
}

fn scopes_of(scopes: &[String], faults: &mut Faults) -> Option<TokenScopes> {
    if scopes.is_empty() {
        let detail = "say what the token is for: \"all\", or permissions like lead.create";
        faults.add([Fault::new("/scopes", "scopes_empty", json!([]), detail)]);
    }
    let read = |(at, scope): (usize, &String)| {
        let pattern = if scope == ALL { "*" } else { scope.as_str() };
        let is_one = !pattern.is_empty() && !pattern.contains(char::is_whitespace);
        let read = pattern.parse::<TokenScopes>().ok().filter(|_| is_one);
        read.map(|scopes| scopes.to_string()).ok_or_else(|| {
            let detail = "there is no such permission; write object and act, like lead.create, lead.* or all";
            Fault::new(&format!("/scopes/{at}"), "scope_unknown", scope.as_str(), detail)
        })
    };
    let read: Vec<_> = scopes.iter().enumerate().map(read).collect();
    let patterns: Vec<String> = read.into_iter().filter_map(|read| faults.keep(read)).collect();
    patterns.join(" ").parse().ok()
}

/// Scopes as the API writes them.
pub fn scopes(row: &api_token::Model) -> Vec<String> {
    let patterns = row.scopes.split_whitespace();
    patterns.map(|pattern| if pattern == "*" { ALL } else { pattern }.to_owned()).collect()
}

fn future(pointer: &str, text: &str, now: Micros) -> Result<Micros, Fault> {
    let at = values::instant(pointer, text)?;
    if at > now {
        return Ok(at);
    }
    Err(Fault::new(pointer, "instant_past", text, "this instant is past; name one that is to come"))
}

/// The live tokens of a user, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn live(tx: &Tx, user: Uuid, now: Micros) -> Result<Vec<api_token::Model>, Error> {
    let select = tx.select::<api_token::Entity>().filter(is_live_of(user, now));
    Ok(select.order_by(Expr::col(api_token::Column::Id), Order::Desc).limit(TOKENS_MAX).all().await?)
}

fn is_live_of(user: Uuid, now: Micros) -> sea_orm::Condition {
    let unexpired = sea_orm::Condition::any()
        .add(api_token::Column::ExpiresAt.is_null())
        .add(api_token::Column::ExpiresAt.gt(now));
    sea_orm::Condition::all()
        .add(api_token::Column::UserId.eq(user))
        .add(api_token::Column::RevokedAt.is_null())
        .add(unexpired)
}

/// Makes a token for a user; the secret leaves here and is kept nowhere.
///
/// # Errors
/// [`Error::NotFound`] where there is no such active user, [`Error::Conflict`] where they have too many.
pub async fn create(
    app: &App,
    tx: &Tx,
    user: Uuid,
    draft: Draft,
    actor: &Actor,
) -> Result<(api_token::Model, String), Error> {
    let now = app.clock.now();
    let account = tx.as_task(Task::OwnAccount);
    let owner = account.select::<user::Entity>().filter(user::Column::Id.eq(user)).lock().one().await?;
    owner.filter(|owner| owner.is_active).ok_or(Error::NotFound)?;
    let live = account.select::<api_token::Entity>().filter(is_live_of(user, now)).count_up_to(TOKENS_MAX);
    if live.await? >= TOKENS_MAX {
        let detail = format!("there are {TOKENS_MAX} live tokens already; revoke one that is not needed");
        return Err(Error::conflict("tokens_many", detail));
    }
    let secret = Secret::new(tx.workspace())?;
    let row = api_token::Model {
        workspace_id: tx.workspace(),
        id: app.ids.next(),
        user_id: user,
        name: draft.name,
        token_hash: secret.hash(),
        scopes: draft.scopes.to_string(),
        created_at: now,
        expires_at: draft.expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    tx.insert(vec![active(&row)]).await?;
    let after = json!({ "name": row.name, "user_id": user, "scopes": scopes(&row) });
    trail::write(tx, app, actor, vec![entry("create", &row, None, Some(after))]).await?;
    Ok((row, format!("{PREFIX}{}", secret.text)))
}

fn active(row: &api_token::Model) -> api_token::ActiveModel {
    let api_token::Model {
        workspace_id: _,
        id,
        user_id,
        name,
        token_hash,
        scopes,
        created_at,
        expires_at,
        last_used_at,
        revoked_at,
    } = row.clone();
    api_token::ActiveModel {
        workspace_id: NotSet,
        id: Set(id),
        user_id: Set(user_id),
        name: Set(name),
        token_hash: Set(token_hash),
        scopes: Set(scopes),
        created_at: Set(created_at),
        expires_at: Set(expires_at),
        last_used_at: Set(last_used_at),
        revoked_at: Set(revoked_at),
    }
}

/// Gives a token that was made but never used a new secret: its maker asks again with the same idempotency key,
/// so the first answer was lost on its way.
///
/// # Errors
/// [`Error::Conflict`] where it has been used or revoked: the secret did arrive.
pub async fn renew(tx: &Tx, id: Uuid) -> Result<String, Error> {
    let secret = Secret::new(tx.workspace())?;
    let is_unused = sea_orm::Condition::all()
        .add(api_token::Column::Id.eq(id))
        .add(api_token::Column::LastUsedAt.is_null())
        .add(api_token::Column::RevokedAt.is_null());
    let tx = tx.as_task(Task::OwnAccount);
    let update = tx.update::<api_token::Entity>(Action::Edit).filter(is_unused);
    let changed = update.set(api_token::Column::TokenHash, Expr::val(secret.hash())).run().await?;
    if changed == 0 {
        let detail = "this token was shown and used already; revoke it and make another if you lost it";
        return Err(Error::conflict("token_shown", detail));
    }
    Ok(format!("{PREFIX}{}", secret.text))
}

/// Revokes a token at once.
///
/// # Errors
/// [`Error::NotFound`] where it is revoked already, or not the viewer's.
pub async fn revoke(app: &App, tx: &Tx, id: Uuid, actor: &Actor) -> Result<(), Error> {
    let is_it = all![api_token::Column::Id.eq(id), api_token::Column::RevokedAt.is_null()];
    let found = tx.select_for::<api_token::Entity>(Action::Delete).filter(is_it).lock().one().await?;
    mark_revoked(app, tx, &[found.ok_or(Error::NotFound)?], actor).await
}

/// Revokes all tokens of a user.
pub(super) async fn revoke_all(app: &App, tx: &Tx, user: Uuid, actor: &Actor) -> Result<(), Error> {
    let theirs = all![api_token::Column::UserId.eq(user), api_token::Column::RevokedAt.is_null()];
    let account = tx.as_task(Task::OwnAccount);
    let select = account.select::<api_token::Entity>().filter(theirs);
    let tokens = select.order_by(Expr::col(api_token::Column::Id), Order::Asc).lock().all().await?;
    mark_revoked(app, tx, &tokens, actor).await
}

async fn mark_revoked(app: &App, tx: &Tx, tokens: &[api_token::Model], actor: &Actor) -> Result<(), Error> {
    if tokens.is_empty() {
        return Ok(());
    }
    let before = |row: &api_token::Model| json!({ "name": row.name, "user_id": row.user_id });
    let entries = tokens.iter().map(|row| entry("revoke", row, Some(before(row)), None)).collect();
    trail::write(tx, app, actor, entries).await?;
    let tx = tx.as_task(Task::OwnAccount);
    let update = tx.update::<api_token::Entity>(Action::Edit);
    let update = update.set(api_token::Column::RevokedAt, Expr::val(app.clock.now()));
    update.filter(api_token::Column::Id.is_in(tokens.iter().map(|row| row.id))).run().await?;
    Ok(())
}

fn entry(
    action: &'static str,
    row: &api_token::Model,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Entry {
    Entry { action, object: "token", object_id: row.id.to_string(), before, after }
}
