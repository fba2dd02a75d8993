//! Invitations: a link, shown once to whoever invites, by which somebody new chooses a password and comes in.

use std::collections::HashMap;

use access::{Action, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use store::{Sight, Tx};

use super::secret::Secret;
use super::store::{invitation, user, workspace};
use super::values::{self, Faults};
use super::{password, role as roles, session, sign_in};
use crate::app::{App, DAY, Micros};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::people::workspace as settings;
use crate::trail::{self, Actor, Entry};

/// How long a link lets in.
pub const INVITATION_LIFE: Micros = 7 * DAY;

/// An invitation that has just been made, with the secret of its link.
pub struct Invited {
    pub user: Uuid,
    pub secret: Secret,
    pub expires_at: Micros,
}

/// Invites a user who has no password yet. The link of an older invitation ends with it.
///
/// # Errors
/// [`Error::Conflict`] for somebody who has a password, [`Error::Denied`] where the user's role may do more than
/// the caller's: whoever holds the link becomes that user.
pub async fn make(app: &App, tx: &Tx, caller: &Caller, id: Uuid) -> Result<Invited, Error> {
    let user = user_for_update(tx, id).await?.ok_or(Error::NotFound)?;
    let known = super::user::all_roles(tx).await?;
    roles::at_most_own(&caller.viewer, super::user::find_role(&known, user.role_id)?)?;
    if user.password_hash.is_some() {
        let detail = "this user has a password already; set a new one where it is forgotten";
        return Err(Error::conflict("password_set_already", detail));
    }
    end(app, tx, &caller.actor(), id).await?;
    let (secret, now) = (Secret::new(tx.workspace())?, app.clock.now());
    let expires_at = now + INVITATION_LIFE;
    let row = invitation::ActiveModel {
        workspace_id: NotSet,
        user_id: Set(id),
        token_hash: Set(secret.hash()),
        created_by: Set(caller.user),
        created_at: Set(now),
        expires_at: Set(expires_at),
    };
    tx.as_task(Task::OwnAccount).insert(vec![row]).await?;
    let after = json!({ "email": user.email, "expires_at": crate::http::headers::moment(expires_at) });
    trail::write(tx, app, &caller.actor(), vec![entry("create", id, None, Some(after))]).await?;
    Ok(Invited { user: id, secret, expires_at })
}

/// Shows an invitation once more under its idempotency key: the same one, with a new secret.
///
/// # Errors
/// [`Error::Conflict`] where it was used or withdrawn meanwhile.
pub async fn show_again(tx: &Tx, id: Uuid) -> Result<Invited, Error> {
    let secret = Secret::new(tx.workspace())?;
    let task = tx.as_task(Task::OwnAccount);
    let of_user = || invitation::Column::UserId.eq(id);
    let row = task.select::<invitation::Entity>().filter(of_user()).lock().one().await?;
    let row = row.ok_or_else(|| {
        Error::conflict("invitation_over", "this invitation was used or withdrawn meanwhile; make a new link")
    })?;
    task.update::<invitation::Entity>(Action::Edit)
        .set(invitation::Column::TokenHash, Expr::val(secret.hash()))
        .filter(of_user())
        .run()
        .await?;
    Ok(Invited { user: id, secret, expires_at: row.expires_at })
}

/// Withdraws an invitation: its link lets nobody in any more.
///
/// # Errors
/// [`Error::NotFound`] where there is none.
pub async fn withdraw(app: &App, tx: &Tx, caller: &Caller, id: Uuid) -> Result<(), Error> {
    user_for_update(tx, id).await?.ok_or(Error::NotFound)?;
    if end(app, tx, &caller.actor(), id).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// Ends the invitation of a user, if there is one.
pub(super) async fn end(app: &App, tx: &Tx, actor: &Actor, id: Uuid) -> Result<bool, Error> {
    let task = tx.as_task(Task::OwnAccount);
    let of_user = || invitation::Column::UserId.eq(id);
    if task.select::<invitation::Entity>().filter(of_user()).one().await?.is_none() {
        return Ok(false);
    }
    task.delete::<invitation::Entity>(of_user()).await?;
    trail::write(tx, app, actor, vec![entry("delete", id, None, None)]).await?;
    Ok(true)
}

fn entry(action: &'static str, user: Uuid, before: Option<Value>, after: Option<Value>) -> Entry {
    Entry { action, object: "invitation", object_id: user.to_string(), before, after }
}

async fn user_for_update(tx: &Tx, id: Uuid) -> Result<Option<user::Model>, Error> {
    let task = tx.as_task(Task::OwnAccount);
    Ok(task.select::<user::Entity>().filter(user::Column::Id.eq(id)).lock().one().await?)
}

/// The open invitations of these users.
///
/// # Errors
/// Where the database does not answer.
pub async fn of(tx: &Tx, users: &[Uuid]) -> Result<HashMap<Uuid, invitation::Model>, Error> {
    let rows = tx.as_task(Task::OwnAccount);
    let rows = rows.select::<invitation::Entity>();
    let rows =
        rows.filter(invitation::Column::UserId.is_in(store::padded(users.iter().copied()))).all().await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row)).collect())
}

/// What a link shows to whoever opens it.
pub struct Open {
    pub user: user::Model,
    pub workspace: workspace::Model,
    pub invited_by: String,
    pub expires_at: Micros,
}

/// Reads the invitation of a link, an expired one too.
///
/// # Errors
/// [`Error::Refused`] where there is none: withdrawn, renewed, used, or never ours.
pub async fn open(app: &App, token: &str) -> Result<Open, Error> {
    let secret = Secret::parse(token.trim()).ok_or_else(unknown)?;
    if !app.db.workspaces().await?.contains(&secret.workspace) {
        return Err(unknown());
    }
    let hash = &secret.hash();
    app.db
        .read(secret.workspace, Sight::Task(Task::SignIn), |tx| async move {
            let row = find(&tx, hash).await?.ok_or_else(unknown)?;
            let person = |id: Uuid| {
                let tx = Tx::clone(&tx);
                async move { tx.select::<user::Entity>().filter(user::Column::Id.eq(id)).one().await }
            };
            let user = person(row.user_id).await?.ok_or_else(unknown)?;
            let invited_by = person(row.created_by).await?.map(|user| user.name).unwrap_or_default();
            let workspace = settings::get(&tx).await?;
            Ok(Open { user, workspace, invited_by, expires_at: row.expires_at })
        })
        .await
}

async fn find(tx: &Tx, hash: &str) -> Result<Option<invitation::Model>, Error> {
    Ok(tx.select::<invitation::Entity>().filter(invitation::Column::TokenHash.eq(hash)).one().await?)
}

fn unknown() -> Error {
    let detail = "this invitation does not hold: it was used, withdrawn or renewed, or the link is not complete; \
                  sign in if you have a password, else ask whoever invited you for a new link";
    Error::refused("invitation_unknown", detail)
}

fn expired() -> Error {
    let detail = "this invitation has expired; ask whoever invited you for a new link";
    Error::refused("invitation_expired", detail)
}

/// What somebody invited chooses, and from where.
pub struct Acceptance {
    pub token: String,
    pub password: String,
    pub language: String,
    pub address: String,
    pub user_agent: String,
}

/// Lets somebody invited in: their password is set, the account is active, the link is used up.
///
/// # Errors
/// [`Error::Refused`] where the link does not hold, [`Error::Invalid`] for a password that is no good.
pub async fn accept(app: &App, accepted: Acceptance) -> Result<(Secret, user::Model), Error> {
    let Acceptance { token, password, language, address, user_agent } = accepted;
    // Before anything costs a password's hash.
    let Open { user: known, workspace, expires_at, .. } = open(app, &token).await?;
    if app.clock.now() >= expires_at {
        return Err(expired());
    }
    let about = [known.name.as_str(), known.email.as_str(), workspace.name.as_str()];
    let mut faults = Faults::default();
    faults.add(password::fault("/password", &password, &about));
    let language = faults.keep(values::language("/language", &language));
    let Some(language) = language else { return Err(faults.into()) };
    faults.end()?;
    let hash = app.passwords.hash("/password", password, &about).await?;
    let token_hash = super::secret::hash(token.trim());
    let actor = Actor { user: Some(known.id), door: "page", address: address.clone() };
    app.db
        .write(workspace.id, Sight::Task(Task::SignIn), |tx| {
            let (actor, hash, language, token_hash) = (&actor, &hash, &language, &token_hash);
            let id = known.id;
            async move { let_in(app, &tx, actor, id, token_hash, hash, language).await }
        })
        .await?;
    let user = user::Model { language, ..known };
    let secret = sign_in::start_session(app, workspace.id, user.id, address, user_agent).await?;
    Ok((secret, user))
}

/// The change itself, under the user's lock, so that of two who open one link only one chooses the password.
async fn let_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    id: Uuid,
    token_hash: &str,
    password_hash: &str,
    language: &str,
) -> Result<(), Error> {
    let before = user_for_update(tx, id).await?.ok_or_else(unknown)?;
    let row = find(tx, token_hash).await?.ok_or_else(unknown)?;
    if app.clock.now() >= row.expires_at {
        return Err(expired());
    }
    let version = before.version + 1;
    tx.update::<user::Entity>(Action::Edit)
        .set(user::Column::PasswordHash, Expr::val(password_hash))
        .set(user::Column::Language, Expr::val(language))
        .set(user::Column::IsActive, Expr::val(true))
        .set(user::Column::Version, Expr::val(version))
        .filter(user::Column::Id.eq(id))
        .run()
        .await?;
    tx.delete::<invitation::Entity>(invitation::Column::UserId.eq(id)).await?;
    let after = user::Model { language: language.to_owned(), is_active: true, version, ..before.clone() };
    let known = super::user::all_roles(tx).await?;
    let entries = vec![
        entry("accept", id, None, None),
        session::password_changed(id),
        super::user::difference(&before, &after, &known),
    ];
    trail::write(tx, app, actor, entries).await?;
    settings::rules_changed(tx).await
}
