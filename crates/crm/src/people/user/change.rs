//! Changing a user: who may change what, that an administrator remains, and how somebody is shut out.

use access::{Action, Change as AdministratorChange, Person, Task, an_administrator_remains};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::all;
use serde_json::Value;
use store::Tx;

use super::{all_roles, edits_users, get, is_taken, taken, told};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::people::email::Email;
use crate::people::leaving::{self, Handover, InTerritory, Leaving};
use crate::people::store::{role, user};
use crate::people::{invitation, role as roles, session, token, workspace};
use crate::trail::{self, Entry};

/// What is to change about a user, checked; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub email: Option<Email>,
    pub language: Option<String>,
    pub time_zone: Option<String>,
    /// `Some(None)`: can always be handed leads.
    pub working_hours: Option<Option<String>>,
    pub role: Option<String>,
    pub is_active: Option<bool>,
    /// What becomes of the records of somebody who is deactivated.
    pub records: Option<Handover>,
    /// The same territory by territory, where it is not everywhere the same.
    pub records_in: Vec<InTerritory>,
}

/// Changes a user, in the transaction given; `seen` compares the version that the caller has read.
///
/// # Errors
/// [`Error::Conflict`] for the last administrator, or where a room refuses to let the user go;
/// [`Error::Denied`] for what the caller may not change.
pub async fn change(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    change: Change,
    seen: impl FnOnce(&user::Model, &[role::Model]) -> Result<(), Error>,
) -> Result<user::Model, Error> {
    let roles = all_roles(tx).await?;
    let touches_rights = change.role.is_some() || change.is_active.is_some();
    let (before, administrators) = locked(tx, caller, id, touches_rights, &roles).await?;
    seen(&before, &roles)?;
    let own_role = find_role(&roles, before.role_id)?;
    may_change(caller, &before, own_role, &change)?;
    let after = applied(tx, &before, &change, &roles).await?;
    if after == before {
        return Ok(before);
    }
    roles::at_most_own(&caller.viewer, find_role(&roles, after.role_id)?)
        .or_else(|denied| if after.role_id == before.role_id { Ok(()) } else { Err(denied) })?;
    if touches_rights {
        keep_an_administrator(&administrators, &roles, &after)?;
    }
    let after = user::Model { version: before.version + 1, ..after };
    save(tx, &after).await?;
    if before.email_key != after.email_key {
        // Its link went to the old address.
        invitation::end(app, tx, &caller.actor(), id).await?;
    }
    let entry = difference(&before, &after, &roles);
    trail::write(tx, app, &caller.actor(), vec![entry]).await?;
    if is_read_by_rotation(&before, &after) {
        workspace::rules_changed(tx).await?;
    }
    if before.is_active && !after.is_active {
        shut_out(app, tx, caller, id).await?;
        // Inactive by now, so that no rotation hands anything back.
        let (records, records_in) = (change.records, change.records_in);
        let leaving = Leaving { user: id, actor: caller.actor(), records, records_in };
        leaving::ask(app, tx, &leaving).await?;
    }
    Ok(after)
}

/// Locks the user and, where rights are at stake, all administrators with them, in the order of ids, so that two
/// who deactivate each other do it one after the other.
async fn locked(
    tx: &Tx,
    caller: &Caller,
    id: Uuid,
    with_administrators: bool,
    roles: &[role::Model],
) -> Result<(user::Model, Vec<user::Model>), Error> {
    let administrator = roles.iter().find(|role| roles::built_in_of(role) == Some(ADMINISTRATOR));
    let mut wanted = sea_orm::Condition::any().add(user::Column::Id.eq(id));
    if let Some(administrator) = administrator.filter(|_| with_administrators) {
        wanted = wanted.add(all![user::Column::RoleId.eq(administrator.id), user::Column::IsActive.eq(true)]);
    }
    // Whom the caller may name is checked first: what one may not see does not exist.
    get(tx, caller, id).await?;
    let account = tx.as_task(Task::OwnAccount);
    let select = account.select::<user::Entity>().filter(wanted);
    let people = select.order_by(Expr::col(user::Column::Id), Order::Asc).lock().all().await?;
    let user = people.iter().find(|user| user.id == id).cloned().ok_or(Error::NotFound)?;
    Ok((user, people))
}

const ADMINISTRATOR: access::BuiltInRole = access::BuiltInRole::Administrator;

pub(in crate::people) fn find_role(roles: &[role::Model], id: Uuid) -> Result<&role::Model, Error> {
    roles.iter().find(|role| role.id == id).ok_or_else(|| Error::Bug(format!("there is no role {id}")))
}

/// Everybody changes their own name, language, zone and hours; the rest needs the right to edit users, and no
/// role below that of the user.
fn may_change(caller: &Caller, user: &user::Model, role: &role::Model, change: &Change) -> Result<(), Error> {
    if edits_users(&caller.viewer) {
        return roles::at_most_own(&caller.viewer, role);
    }
    let Change {
        name: _,
        email,
        language: _,
        time_zone: _,
        working_hours: _,
        role,
        is_active,
        records,
        records_in,
    } = change;
    let keeps_records = records.is_none() && records_in.is_empty();
    let is_personal = email.is_none() && role.is_none() && is_active.is_none() && keeps_records;
    if caller.user != user.id || !is_personal {
        return Err(Error::Denied("user.edit".to_owned()));
    }
    caller.session().map(|_| ())
}

/// The user as they will be.
async fn applied(
    tx: &Tx,
    before: &user::Model,
    change: &Change,
    roles: &[role::Model],
) -> Result<user::Model, Error> {
    let Change {
        name,
        email,
        language,
        time_zone,
        working_hours,
        role,
        is_active,
        records: _,
        records_in: _,
    } = change.clone();
    let mut after = before.clone();
    let mut faults = Vec::new();
    if let Some(email) = email {
        if is_taken(tx, &email, Some(before.id)).await? {
            faults.push(taken(&email));
        }
        (after.email_key, after.email) = (email.key(), email.text().to_owned());
    }
    if let Some(key) = role {
        match roles::find(roles, "/role", &key) {
            Ok(role) => after.role_id = role.id,
            Err(fault) => faults.push(fault),
        }
    }
    if is_active == Some(true) && before.password_hash.is_none() {
        let detail = "set a password first; without one nobody can sign in";
        faults.push(Fault::new("/is_active", "password_needed", true, detail));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    after.name = name.unwrap_or(after.name);
    after.language = language.unwrap_or(after.language);
    after.time_zone = time_zone.unwrap_or(after.time_zone);
    after.working_hours = working_hours.unwrap_or(after.working_hours);
    after.is_active = is_active.unwrap_or(after.is_active);
    Ok(after)
}

fn keep_an_administrator(
    people: &[user::Model],
    roles: &[role::Model],
    after: &user::Model,
) -> Result<(), Error> {
    let built_in = |id: Uuid| roles.iter().find(|role| role.id == id).and_then(roles::built_in_of);
    let person = |user: &user::Model| Person {
        user: user.id,
        is_active: user.is_active,
        role: built_in(user.role_id),
    };
    let people: Vec<Person> = people.iter().map(person).collect();
    let mut changes = vec![AdministratorChange::GiveRole(after.id, built_in(after.role_id))];
    if !after.is_active {
        changes.push(AdministratorChange::Deactivate(after.id));
    }
    an_administrator_remains(&people, &changes)
        .map_err(|fault| Error::conflict("last_administrator", fault.to_string()))
}

/// Ends all sessions and tokens of a user.
async fn shut_out(app: &App, tx: &Tx, caller: &Caller, id: Uuid) -> Result<(), Error> {
    let sessions = session::sessions_of(tx, id, None).await?;
    session::mark_ended(app, tx, caller, &sessions, app.clock.now()).await?;
    token::revoke_all(app, tx, id, &caller.actor()).await
}

async fn save(tx: &Tx, user: &user::Model) -> Result<(), Error> {
    let user::Model {
        workspace_id: _,
        id,
        email,
        email_key,
        name,
        language,
        time_zone,
        password_hash: _,
        role_id,
        is_active,
        working_hours,
        version,
        created_at: _,
    } = user.clone();
    let tx = tx.as_task(Task::OwnAccount);
    tx.update::<user::Entity>(Action::Edit)
        .set(user::Column::Email, Expr::val(email))
        .set(user::Column::EmailKey, Expr::val(email_key))
        .set(user::Column::Name, Expr::val(name))
        .set(user::Column::Language, Expr::val(language))
        .set(user::Column::TimeZone, Expr::val(time_zone))
        .set(user::Column::RoleId, Expr::val(role_id))
        .set(user::Column::IsActive, Expr::val(is_active))
        .set(user::Column::WorkingHours, Expr::val(working_hours))
        .set(user::Column::Version, Expr::val(version))
        .filter(user::Column::Id.eq(id))
        .run()
        .await?;
    Ok(())
}

pub(in crate::people) fn difference(
    before: &user::Model,
    after: &user::Model,
    roles: &[role::Model],
) -> Entry {
    let (mut was, mut is) = (told(before, roles), told(after, roles));
    let same: Vec<String> =
        was.iter().filter(|(name, value)| is.get(*name) == Some(*value)).map(key).collect();
    for name in same {
        was.remove(&name);
        is.remove(&name);
    }
    Entry {
        action: "edit",
        object: "user",
        object_id: after.id.to_string(),
        before: Some(Value::Object(was)),
        after: Some(Value::Object(is)),
    }
}

fn key((name, _): (&String, &Value)) -> String {
    name.clone()
}

fn is_read_by_rotation(before: &user::Model, after: &user::Model) -> bool {
    (before.is_active, &before.working_hours, &before.time_zone)
        != (after.is_active, &after.working_hours, &after.time_zone)
}

/// Sets somebody's password and ends their sessions. Whoever had none yet is let in by it.
///
/// # Errors
/// [`Error::Denied`] where the user's role may do more than the caller's.
pub async fn set_password(app: &App, tx: &Tx, caller: &Caller, id: Uuid, hash: String) -> Result<(), Error> {
    let roles = all_roles(tx).await?;
    let (user, _) = locked(tx, caller, id, false, &roles).await?;
    roles::at_most_own(&caller.viewer, find_role(&roles, user.role_id)?)?;
    let is_first = user.password_hash.is_none();
    let account = tx.as_task(Task::OwnAccount);
    let mut update = account.update::<user::Entity>(Action::Edit).filter(user::Column::Id.eq(id));
    update = update.set(user::Column::PasswordHash, Expr::val(hash));
    let mut entries = vec![session::password_changed(id)];
    if is_first {
        invitation::end(app, tx, &caller.actor(), id).await?;
        update = update.set(user::Column::IsActive, Expr::val(true));
        update = update.set(user::Column::Version, Expr::val(user.version + 1));
        let let_in = user::Model { is_active: true, ..user.clone() };
        entries.push(difference(&user, &let_in, &roles));
    }
    update.run().await?;
    drop(account);
    trail::write(tx, app, &caller.actor(), entries).await?;
    let sessions = session::sessions_of(tx, id, None).await?;
    session::mark_ended(app, tx, caller, &sessions, app.clock.now()).await?;
    if is_first { workspace::rules_changed(tx).await } else { Ok(()) }
}
