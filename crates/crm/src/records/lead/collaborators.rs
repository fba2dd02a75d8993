//! Collaborators: people who take part in a lead beside its owner, whatever territories they have access to.
//! For them it is one of their own.

use std::collections::HashSet;

use access::{Action, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::all;
use serde_json::{Map, json};
use store::Tx;

use super::edit::{self, Saving};
use super::store::{collaborator, lead};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::http::headers::IfMatch;
use crate::territories::book::RuleBook;

/// People who take part in one lead.
pub const COLLABORATORS_MAX: usize = 50;

/// Who takes part in a lead, in the order of ids.
///
/// # Errors
/// Where the database does not answer.
pub async fn of(tx: &Tx, lead: Uuid) -> Result<Vec<Uuid>, Error> {
    let task = tx.as_task(Task::Assignment);
    let rows = task.select::<collaborator::Entity>().filter(collaborator::Column::LeadId.eq(lead)).all();
    let mut users: Vec<Uuid> = rows.await?.into_iter().map(|row| row.user_id).collect();
    users.sort_unstable();
    Ok(users)
}

/// Those of the leads in which the user takes part.
///
/// # Errors
/// Where the database does not answer.
pub async fn shared_with(tx: &Tx, user: Uuid, leads: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
    let task = tx.as_task(Task::Assignment);
    let is_it = all![
        collaborator::Column::UserId.eq(user),
        collaborator::Column::LeadId.is_in(leads.iter().copied()),
    ];
    let rows = task.select::<collaborator::Entity>().filter(is_it).all().await?;
    Ok(rows.into_iter().map(|row| row.lead_id).collect())
}

/// Lets somebody take part in a lead; who does already goes on doing so.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`] or [`Error::Stale`] as for every change of the lead;
/// [`Error::Invalid`] where the user cannot take part.
pub async fn add(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    id: Uuid,
    user: Uuid,
    seen: IfMatch,
) -> Result<(lead::Model, std::sync::Arc<RuleBook>), Error> {
    let book = app.books.book_kept(tx).await?;
    let before = edit::find_for(tx, &book, &caller.viewer, id, Action::Assign, seen).await?;
    let present = of(tx, id).await?;
    if present.contains(&user) {
        return Ok((before, book));
    }
    if let Some(fault) = fault(&book, &before, present.len(), user) {
        return Err(Error::Invalid(vec![fault]));
    }
    let row = collaborator::ActiveModel { workspace_id: NotSet, lead_id: Set(id), user_id: Set(user) };
    tx.as_task(Task::Assignment).insert(vec![row]).await?;
    let with = present.iter().copied().chain([user]).collect();
    let after = remember(tx, app, caller, &before, present, with).await?;
    Ok((after, book))
}

/// Takes somebody out of a lead.
///
/// # Errors
/// As [`add`]; [`Error::NotFound`] where the user takes no part.
pub async fn remove(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    id: Uuid,
    user: Uuid,
    seen: IfMatch,
) -> Result<(lead::Model, std::sync::Arc<RuleBook>), Error> {
    let book = app.books.book_kept(tx).await?;
    let before = edit::find_for(tx, &book, &caller.viewer, id, Action::Assign, seen).await?;
    let present = of(tx, id).await?;
    if !present.contains(&user) {
        return Err(Error::NotFound);
    }
    let is_it = all![collaborator::Column::LeadId.eq(id), collaborator::Column::UserId.eq(user)];
    tx.as_task(Task::Assignment).delete::<collaborator::Entity>(is_it).await?;
    let without = present.iter().copied().filter(|&other| other != user).collect();
    let after = remember(tx, app, caller, &before, present, without).await?;
    Ok((after, book))
}

/// Why a user cannot take part.
fn fault(book: &RuleBook, lead: &lead::Model, present: usize, user: Uuid) -> Option<Fault> {
    let (code, detail) = if !book.is_active_user(user) {
        ("unknown_user", "there is no active user with this id".to_owned())
    } else if lead.owner_id == Some(user) {
        ("owner_already", "this user owns the lead and takes part in it anyway".to_owned())
    } else if present >= COLLABORATORS_MAX {
        ("too_many_collaborators", format!("at most {COLLABORATORS_MAX} people take part in a lead"))
    } else {
        return None;
    };
    Some(Fault::new("/user", code, user.to_string(), detail))
}

async fn remember(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    before: &lead::Model,
    had: Vec<Uuid>,
    has: Vec<Uuid>,
) -> Result<lead::Model, Error> {
    let after = edit::touched(before, app.clock.now());
    let changed = Map::from_iter([("collaborators".to_owned(), json!([had, has]))]);
    let former_collaborators = had.into_iter().filter(|user| !has.contains(user)).collect();
    let saving = Saving { before, after, changed: &changed, assigned: None, former_collaborators };
    edit::save(&tx.as_task(Task::Assignment), app, &edit::actor(caller), saving).await
}
