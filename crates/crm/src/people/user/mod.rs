//! Users: who works here, in which role, when, and whether they may still come in.

mod change;

use ::store::Tx;
use access::{Action, Scope, Task, Viewer};
pub use change::{Change, change, set_password};
pub(super) use change::{difference, find_role};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use serde_json::{Map, Value, json};

use super::email::Email;
use super::store::{role, user};
use super::{role as roles, workspace};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::http::page::{self, Cursor, Sort};
use crate::trail::{self, Entry};

/// The only order there is.
const SORT: &str = "name";

/// A user to be, checked; the role by its key, the password as its hash.
#[derive(Clone, Debug)]
pub struct Draft {
    pub name: String,
    pub email: Email,
    pub role: String,
    /// The workspace's where nothing is said.
    pub language: Option<String>,
    pub time_zone: Option<String>,
    /// Canonical text.
    pub working_hours: Option<String>,
    /// Without one the user stays inactive until an administrator sets one.
    pub password_hash: Option<String>,
}

/// What guessers of a password try first: the workspace's name, and a visible user's name and address.
///
/// # Errors
/// Where the database does not answer.
pub async fn known_of(app: &App, caller: &Caller, id: Option<Uuid>) -> Result<Vec<String>, Error> {
    let read = app.db.read(caller.workspace, caller.sight(), |tx| async move {
        let mut known = vec![workspace::get(&tx).await?.name];
        if let Some(id) = id {
            let row = tx.select::<user::Entity>().filter(user::Column::Id.eq(id)).one().await?;
            known.extend(row.into_iter().flat_map(|row| [row.name, row.email]));
        }
        Ok::<_, Error>(known)
    });
    read.await
}

/// Whether the viewer sees more of the user than the name: all of it for oneself and for those who edit users.
pub fn shows_account(caller: &Caller, id: Uuid) -> bool {
    caller.user == id || edits_users(&caller.viewer)
}

fn edits_users(viewer: &Viewer) -> bool {
    viewer.scope(access::Object::User, Action::Edit) == Scope::All
}

/// The users whom the caller may name: oneself, where the role says *own*, else everybody in the workspace, since
/// the owners and colleagues of whatever one sees have names.
fn nameable(caller: &Caller) -> sea_orm::Condition {
    let own = caller.viewer.scope(access::Object::User, Action::View) == Scope::Own;
    sea_orm::Condition::all().add_option(own.then(|| user::Column::Id.eq(caller.user)))
}

/// A page of users in the order of their names.
///
/// # Errors
/// Where the cursor belongs to another list.
pub async fn list(
    tx: &Tx,
    caller: &Caller,
    is_active: Option<bool>,
    cursor: Option<&str>,
    limit: u64,
) -> Result<(Vec<user::Model>, Option<String>), Error> {
    let sorts = [Sort {
        column: Expr::col(user::Column::Name),
        is_descending: false,
        is_nullable: false,
        is_text: true,
    }];
    let id = Expr::col(user::Column::Id);
    let mut wanted = nameable(caller);
    wanted = wanted.add_option(is_active.map(|is| user::Column::IsActive.eq(is)));
    if let Some(cursor) = cursor {
        wanted = wanted.add(Cursor::read(cursor, SORT, &sorts)?.after(&sorts, &id, false));
    }
    let select =
        tx.select::<user::Entity>().filter(wanted).sorted(page::order(&sorts, &id, false)).limit(limit + 1);
    let mut rows = select.all().await?;
    let has_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|row| Cursor::new(SORT, vec![json!(row.name)], row.id).write());
    Ok((rows, next))
}

/// One user.
///
/// # Errors
/// [`Error::NotFound`] where the caller may not name them.
pub async fn get(tx: &Tx, caller: &Caller, id: Uuid) -> Result<user::Model, Error> {
    let tx = if id == caller.user { tx.as_task(Task::OwnAccount) } else { Tx::clone(tx) };
    let is_it = nameable(caller).add(user::Column::Id.eq(id));
    tx.select::<user::Entity>().filter(is_it).one().await?.ok_or(Error::NotFound)
}

/// Adds a user.
///
/// # Errors
/// [`Error::Invalid`] where the role is unknown or the e-mail taken, [`Error::Denied`] where the role may do more
/// than the caller.
pub async fn create(app: &App, tx: &Tx, caller: &Caller, draft: Draft) -> Result<user::Model, Error> {
    let Draft { name, email, role, language, time_zone, working_hours, password_hash } = draft;
    let workspace = workspace::get(tx).await?;
    let roles = all_roles(tx).await?;
    let mut faults = Vec::new();
    let role = roles::find(&roles, "/role", &role).map_err(|fault| faults.push(fault)).ok();
    if is_taken(tx, &email, None).await? {
        faults.push(taken(&email));
    }
    let Some(role) = role.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
    roles::at_most_own(&caller.viewer, role)?;
    let row = user::Model {
        workspace_id: tx.workspace(),
        id: app.ids.next(),
        email_key: email.key(),
        email: email.text().to_owned(),
        name,
        language: language.unwrap_or(workspace.language),
        time_zone: time_zone.unwrap_or(workspace.time_zone),
        is_active: password_hash.is_some(),
        password_hash,
        role_id: role.id,
        working_hours,
        version: 1,
        created_at: app.clock.now(),
    };
    tx.insert(vec![active(&row)]).await?;
    let entry = Entry {
        action: "create",
        object: "user",
        object_id: row.id.to_string(),
        before: None,
        after: Some(Value::Object(told(&row, &roles))),
    };
    trail::write(tx, app, &caller.actor(), vec![entry]).await?;
    workspace::rules_changed(tx).await?;
    Ok(row)
}

fn active(row: &user::Model) -> user::ActiveModel {
    let user::Model {
        workspace_id: _,
        id,
        email,
        email_key,
        name,
        language,
        time_zone,
        password_hash,
        role_id,
        is_active,
        working_hours,
        version,
        created_at,
    } = row.clone();
    user::ActiveModel {
        workspace_id: NotSet,
        id: Set(id),
        email: Set(email),
        email_key: Set(email_key),
        name: Set(name),
        language: Set(language),
        time_zone: Set(time_zone),
        password_hash: Set(password_hash),
        role_id: Set(role_id),
        is_active: Set(is_active),
        working_hours: Set(working_hours),
        version: Set(version),
        created_at: Set(created_at),
    }
}

/// Roles as the checks need them, whatever the caller's role says of looking at roles.
pub async fn all_roles(tx: &Tx) -> Result<Vec<role::Model>, Error> {
    roles::all(&tx.as_task(Task::OwnAccount)).await
}

async fn is_taken(tx: &Tx, email: &Email, by_other_than: Option<Uuid>) -> Result<bool, Error> {
    let tx = tx.as_task(Task::SignIn);
    let found = tx.select::<user::Entity>().filter(user::Column::EmailKey.eq(email.key())).one().await?;
    Ok(found.is_some_and(|user| Some(user.id) != by_other_than))
}

/// The fault that two users cannot have one e-mail.
pub fn taken(email: &Email) -> Fault {
    let detail = "somebody has this e-mail address already; every user needs their own";
    Fault::new("/email", "email_taken", email.text(), detail)
}

/// What the log tells of a user.
fn told(user: &user::Model, roles: &[role::Model]) -> Map<String, Value> {
    let role = roles.iter().find(|role| role.id == user.role_id).map(|role| role.key.as_str());
    let hours = user.working_hours.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let told = [
        ("name", json!(user.name)),
        ("email", json!(user.email)),
        ("language", json!(user.language)),
        ("time_zone", json!(user.time_zone)),
        ("working_hours", hours.unwrap_or(Value::Null)),
        ("role", json!(role)),
        ("is_active", json!(user.is_active)),
    ];
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
