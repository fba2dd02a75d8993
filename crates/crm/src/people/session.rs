//! Sessions: who I am and what I may do, where I am signed in, how it ends, and my password.

use std::collections::BTreeMap;

use access::{Action, Object, Permission, Scope, Task, Viewer};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::all;
use serde_json::json;
use store::{Sight, Tx};

use super::store::{role, session, user, workspace};
use super::{password, sign_in};
use crate::app::{App, Micros};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::trail::{self, Entry};

/// Sessions of one person shown at once.
const SESSIONS_LISTED_MAX: u64 = 200;

/// The signed-in person, as pages need them.
pub struct Me {
    pub user: user::Model,
    pub role: role::Model,
    pub workspace: workspace::Model,
}

/// Reads the signed-in person with role and workspace, which everybody may know of themselves.
///
/// # Errors
/// Where the database does not answer.
pub async fn me(app: &App, caller: &Caller) -> Result<Me, Error> {
    let id = caller.user;
    app.db
        .read(caller.workspace, Sight::Task(Task::SignIn), |tx| async move {
            let user = tx.select::<user::Entity>().filter(user::Column::Id.eq(id)).one().await?;
            let user = user.ok_or(Error::SignInNeeded)?;
            let role = tx.select::<role::Entity>().filter(role::Column::Id.eq(user.role_id)).one().await?;
            let role = role.ok_or_else(|| Error::Bug(format!("user {id} has no role")))?;
            let workspace = tx.select::<workspace::Entity>().one().await?.ok_or(Error::NotFound)?;
            Ok(Me { user, role, workspace })
        })
        .await
}

/// How far the viewer may go, by object and action; what they may not do at all is left out. Where only a role
/// in a territory allows an act, its scope is *territory*.
pub fn permissions(viewer: &Viewer) -> BTreeMap<&'static str, BTreeMap<&'static str, &'static str>> {
    let scope_of = |object: Object, action: Action| match viewer.scope(object, action) {
        _ if !viewer.may(Permission::To(object, action)) => Scope::None,
        Scope::None => Scope::Territory,
        scope => scope,
    };
    let acts_on = |object: Object| {
        let scopes = object.actions().iter().map(|&action| (action.name(), scope_of(object, action)));
        let granted = scopes.filter(|(_, scope)| *scope != Scope::None);
        granted.map(|(action, scope)| (action, scope.name())).collect::<BTreeMap<_, _>>()
    };
    let objects = Object::ALL.into_iter().map(|object| (object.name(), acts_on(object)));
    objects.filter(|(_, acts)| !acts.is_empty()).collect()
}

/// The live sessions of a user, the latest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn live(tx: &Tx, user: Uuid, now: Micros) -> Result<Vec<session::Model>, Error> {
    let select = tx.select::<session::Entity>().filter(session::Column::UserId.eq(user)).filter(is_live(now));
    let select = select.order_by(Expr::col(session::Column::LastSeenAt), Order::Desc);
    let select = select.order_by(Expr::col(session::Column::Id), Order::Desc);
    Ok(select.limit(SESSIONS_LISTED_MAX).all().await?)
}

fn is_live(now: Micros) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(session::Column::EndedAt.is_null())
        .add(session::Column::ExpiresAt.gt(now))
        .add(session::Column::LastSeenAt.gt(now - sign_in::SESSION_IDLE))
}

/// Ends the caller's own session.
///
/// # Errors
/// [`Error::Refused`] for API tokens, which are revoked instead.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<(), Error> {
    let (current, now) = (caller.session()?, app.clock.now());
    app.db
        .write(caller.workspace, Sight::Task(Task::SignIn), |tx| async move {
            let is_it = all![session::Column::Id.eq(current), session::Column::EndedAt.is_null()];
            let found = tx.select::<session::Entity>().filter(is_it).lock().all().await?;
            mark_ended(app, &tx, caller, &found, now).await
        })
        .await
}

/// Ends one session.
///
/// # Errors
/// [`Error::NotFound`] where it is over already, or not the viewer's to end.
pub async fn end(app: &App, caller: &Caller, id: Uuid) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(caller.workspace, caller.sight(), |tx| async move {
            let is_it = sea_orm::Condition::all().add(session::Column::Id.eq(id)).add(is_live(now));
            let found = tx.select_for::<session::Entity>(Action::Delete).filter(is_it).lock().one().await?;
            let found = found.ok_or(Error::NotFound)?;
            mark_ended(app, &tx, caller, &[found], now).await
        })
        .await
}

/// Ends all sessions of the caller but the one they came by.
///
/// # Errors
/// Where the database refuses.
pub async fn end_others(app: &App, caller: &Caller) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(caller.workspace, caller.sight(), |tx| async move {
            let others = sessions_of(&tx, caller.user, Some(caller.credential)).await?;
            mark_ended(app, &tx, caller, &others, now).await
        })
        .await
}

/// All sessions of a user that nothing has ended yet, locked in the order of ids.
pub(super) async fn sessions_of(
    tx: &Tx,
    user: Uuid,
    except: Option<Uuid>,
) -> Result<Vec<session::Model>, Error> {
    let mut theirs = sea_orm::Condition::all()
        .add(session::Column::UserId.eq(user))
        .add(session::Column::EndedAt.is_null());
    theirs = theirs.add_option(except.map(|id| session::Column::Id.ne(id)));
    let tx = tx.as_task(Task::SignIn);
    let select = tx.select::<session::Entity>().filter(theirs);
    Ok(select.order_by(Expr::col(session::Column::Id), Order::Asc).lock().all().await?)
}

/// Ends sessions and says so in the log.
pub(super) async fn mark_ended(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    sessions: &[session::Model],
    now: Micros,
) -> Result<(), Error> {
    if sessions.is_empty() {
        return Ok(());
    }
    let ids = sessions.iter().map(|session| session.id);
    let entries = sessions.iter().map(|session| Entry {
        action: "end",
        object: "session",
        object_id: session.id.to_string(),
        before: Some(json!({ "user_id": session.user_id })),
        after: None,
    });
    trail::write(tx, app, &caller.actor(), entries.collect()).await?;
    let tx = tx.as_task(Task::SignIn);
    let update = tx.update::<session::Entity>(Action::Edit);
    let update = update.set(session::Column::EndedAt, Expr::val(now));
    update.filter(session::Column::Id.is_in(ids)).run().await?;
    Ok(())
}

/// Changes the caller's own password and ends their other sessions. The old one is needed, and wrong tries count
/// as they do when signing in: a session left open is no way to the password.
///
/// # Errors
/// [`Error::Invalid`] where the old one is wrong or the new one unfit.
pub async fn change_password(app: &App, caller: &Caller, old: String, new: String) -> Result<(), Error> {
    let current = caller.session()?;
    let me = me(app, caller).await?;
    let about = [me.user.name.as_str(), me.user.email.as_str(), me.workspace.name.as_str()];
    if let Some(fault) = password::fault("/new_password", &new, &about) {
        return Err(Error::Invalid(vec![fault]));
    }
    let key = me.user.email_key.clone();
    let proved = sign_in::prove(app, caller.workspace, &key, old.clone(), &caller.address).await?;
    let Some(proved) = proved else {
        let detail = "this is not your present password";
        return Err(Error::invalid("/old_password", "password_wrong", serde_json::Value::Null, detail));
    };
    if old == new {
        let detail = "take another password than the present one";
        return Err(Error::invalid("/new_password", "password_same", serde_json::Value::Null, detail));
    }
    let (hash, now) = (app.passwords.hash("/new_password", new, &about).await?, app.clock.now());
    let change = |tx: Tx| {
        let (key, hash, known) = (&key, hash.clone(), proved.password_hash.clone());
        async move {
            // Whoever changed it first has won; this request proved a password that is none any more.
            let is_proved = all![user::Column::Id.eq(caller.user), user::Column::PasswordHash.eq(known)];
            let update = tx.update::<user::Entity>(Action::Edit).filter(is_proved);
            let changed = update.set(user::Column::PasswordHash, Expr::val(hash)).run().await?;
            if changed == 0 {
                return Err(Error::SignInNeeded);
            }
            sign_in::forgive(&tx, key).await?;
            trail::write(&tx, app, &caller.actor(), vec![password_changed(caller.user)]).await?;
            let others = sessions_of(&tx, caller.user, Some(current)).await?;
            mark_ended(app, &tx, caller, &others, now).await
        }
    };
    app.db.write(caller.workspace, Sight::Task(Task::OwnAccount), change).await
}

/// What the log says of a new password: that there is one.
pub(super) fn password_changed(user: Uuid) -> Entry {
    Entry { action: "set_password", object: "user", object_id: user.to_string(), before: None, after: None }
}
