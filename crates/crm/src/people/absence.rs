//! Absences: while somebody is away, rotation passes them over.

use access::{Action, Object, Scope, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::all;
use serde_json::{Value, json};
use store::Tx;

use super::store::absence;
use super::values::{self, Faults};
use super::{user, workspace};
use crate::app::{App, Micros};
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::http::headers::moment;
use crate::http::page::{self, Cursor, Sort};
use crate::trail::{self, Entry};

/// The latest end first.
const SORT: &str = "-ends_at";

/// An absence to be, checked: from an instant up to, not including, another.
#[derive(Clone, Debug)]
pub struct Draft {
    starts_at: Micros,
    ends_at: Micros,
    note: String,
}

impl Draft {
    /// Reads what a form asks for.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all faults at once.
    pub fn parse(starts_at: &str, ends_at: &str, note: &str) -> Result<Draft, Error> {
        let mut faults = Faults::default();
        let start = faults.keep(values::instant("/starts_at", starts_at));
        let end = faults.keep(values::instant("/ends_at", ends_at));
        let note = faults.keep(values::note("/note", note));
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            let detail = "an absence ends after it starts";
            faults.add([Fault::new("/ends_at", "ends_before_start", ends_at, detail)]);
        }
        let (Some(starts_at), Some(ends_at), Some(note)) = (start, end, note) else {
            return Err(faults.into());
        };
        faults.end()?;
        Ok(Draft { starts_at, ends_at, note })
    }
}

/// Checks that the caller looks after the absences of a user: their own, or all where they manage users or
/// rotations. Notes may say why somebody is ill, so nobody else sees them.
async fn look_after(tx: &Tx, caller: &Caller, id: Uuid, action: Action) -> Result<(), Error> {
    user::get(tx, caller, id).await?;
    let manages = [(Object::User, Action::Edit), (Object::Rotation, Action::Edit)];
    if manages.into_iter().any(|(object, act)| caller.viewer.scope(object, act) == Scope::All) {
        return Ok(());
    }
    if caller.user != id {
        return Err(Error::Denied("rotation.edit".to_owned()));
    }
    if action == Action::View { Ok(()) } else { caller.session().map(|_| ()) }
}

/// A page of absences of a user, those that end last first.
///
/// # Errors
/// [`Error::Denied`] where they are none of the caller's business.
pub async fn list(
    tx: &Tx,
    caller: &Caller,
    user: Uuid,
    cursor: Option<&str>,
    limit: u64,
) -> Result<(Vec<absence::Model>, Option<String>), Error> {
    look_after(tx, caller, user, Action::View).await?;
    let sorts = [Sort {
        column: Expr::col(absence::Column::EndsAt),
        is_descending: true,
        is_nullable: false,
        is_text: false,
    }];
    let id = Expr::col(absence::Column::Id);
    let mut wanted = sea_orm::Condition::all().add(absence::Column::UserId.eq(user));
    if let Some(cursor) = cursor {
        wanted = wanted.add(Cursor::read(cursor, SORT, &sorts)?.after(&sorts, &id, true));
    }
    let account = tx.as_task(Task::OwnAccount);
    let select = account
        .select::<absence::Entity>()
        .filter(wanted)
        .sorted(page::order(&sorts, &id, true))
        .limit(limit + 1);
    let mut rows = select.all().await?;
    let has_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|row| Cursor::new(SORT, vec![json!(row.ends_at)], row.id).write());
    Ok((rows, next))
}

/// Enters an absence.
///
/// # Errors
/// [`Error::Denied`] where it is none of the caller's business.
pub async fn create(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    user: Uuid,
    draft: Draft,
) -> Result<absence::Model, Error> {
    look_after(tx, caller, user, Action::Create).await?;
    let Draft { starts_at, ends_at, note } = draft;
    let row = absence::Model {
        workspace_id: tx.workspace(),
        id: app.ids.next(),
        user_id: user,
        starts_at,
        ends_at,
        note,
        created_at: app.clock.now(),
    };
    let active = absence::ActiveModel {
        workspace_id: NotSet,
        id: Set(row.id),
        user_id: Set(row.user_id),
        starts_at: Set(row.starts_at),
        ends_at: Set(row.ends_at),
        note: Set(row.note.clone()),
        created_at: Set(row.created_at),
    };
    tx.insert(vec![active]).await?;
    let entry = Entry {
        action: "create",
        object: "absence",
        object_id: row.id.to_string(),
        before: None,
        after: Some(told(&row)),
    };
    trail::write(tx, app, &caller.actor(), vec![entry]).await?;
    workspace::rules_changed(tx).await?;
    Ok(row)
}

/// Takes an absence back.
///
/// # Errors
/// [`Error::NotFound`] where the user has none of that id.
pub async fn delete(app: &App, tx: &Tx, caller: &Caller, user: Uuid, id: Uuid) -> Result<(), Error> {
    look_after(tx, caller, user, Action::Delete).await?;
    let is_it = all![absence::Column::Id.eq(id), absence::Column::UserId.eq(user)];
    let account = tx.as_task(Task::OwnAccount);
    let row = account.select::<absence::Entity>().filter(is_it.clone()).lock().one().await?;
    let row = row.ok_or(Error::NotFound)?;
    account.delete::<absence::Entity>(is_it).await?;
    drop(account);
    let entry = Entry {
        action: "delete",
        object: "absence",
        object_id: id.to_string(),
        before: Some(told(&row)),
        after: None,
    };
    trail::write(tx, app, &caller.actor(), vec![entry]).await?;
    workspace::rules_changed(tx).await
}

/// The log knows when, not why.
fn told(row: &absence::Model) -> Value {
    json!({ "user_id": row.user_id, "starts_at": moment(row.starts_at), "ends_at": moment(row.ends_at) })
}
