//! Changing and deleting leads: nobody's change is lost, and every change is remembered.

use std::slice;

use access::{Action, FieldRight, Object, Task, Viewer};
use condition::normal::{Draft, Stored};
use condition::{Catalog, Field, Kind};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, Iterable};
use serde_json::{Map, Value, json};
use store::Tx;

use super::create::{draft, timestamp};
use super::store::{change, collaborator, known, lead};
use super::view::{tie, whole};
use super::{collaborators, field_rights, history, known as known_leads, placed, row};
use crate::app::App;
use crate::assignment::store::decision;
use crate::assignment::{Assigned, Batch, Request};
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::http::headers::{IfMatch, etag};
use crate::outbox::{self, Event};
use crate::territories::book::RuleBook;
use crate::trail::{self, Actor, Entry};

/// What is done to who owns a lead and where it belongs.
#[derive(Clone, Debug, Default)]
pub struct Placement {
    /// Give it to this user.
    pub owner: Option<Uuid>,
    /// Put it there and pin it.
    pub territory: Option<Uuid>,
    /// Unpin it: rules decide again.
    pub unpin: bool,
    /// Let the rotation choose the owner anew.
    pub hand_out: bool,
}

/// The lead, where the viewer may see it.
///
/// # Errors
/// [`Error::NotFound`] where there is none or the viewer may not see it.
pub async fn find(tx: &Tx, id: Uuid) -> Result<lead::Model, Error> {
    tx.select::<lead::Entity>().filter(lead::Column::Id.eq(id)).one().await?.ok_or(Error::NotFound)
}

/// Finds the lead for a change: it must be visible, the change allowed, and the version the one read.
pub(super) async fn find_for(
    tx: &Tx,
    book: &RuleBook,
    viewer: &Viewer,
    id: Uuid,
    action: Action,
    seen: IfMatch,
) -> Result<lead::Model, Error> {
    let row = tx.select::<lead::Entity>().filter(lead::Column::Id.eq(id)).lock().one().await?;
    let row = row.ok_or(Error::NotFound)?;
    let is_allowed = tx.select_for::<lead::Entity>(action).filter(lead::Column::Id.eq(id)).count().await? > 0;
    if !is_allowed {
        return Err(Error::Denied(access::Permission::To(Object::Lead, action).to_string()));
    }
    if seen.is_of(row.version) { Ok(row) } else { Err(stale(tx, book, viewer, &row, seen).await?) }
}

/// Both versions: the lead as it is, and what each changed field was in the version that was read.
async fn stale(
    tx: &Tx,
    book: &RuleBook,
    viewer: &Viewer,
    row: &lead::Model,
    seen: IfMatch,
) -> Result<Error, Error> {
    let current = serde_json::to_value(whole(tx, row, book, viewer).await?)?;
    let changed = history::since(tx, book, viewer, row, seen.0.unwrap_or_default()).await?;
    Ok(Error::Stale { current, changed: Some(serde_json::to_value(changed)?), etag: etag(row.version) })
}

/// Changes fields. What completion had derived is derived anew, and rules run as the workspace says.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`], [`Error::Stale`], or [`Error::Invalid`] with every fault.
pub async fn change(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    id: Uuid,
    seen: IfMatch,
    patch: &Map<String, Value>,
) -> Result<(lead::Model, std::sync::Arc<RuleBook>), Error> {
    let book = app.books.book_kept(tx).await?;
    let before = find_for(tx, &book, &caller.viewer, id, Action::Edit, seen).await?;
    let patch = flat(patch);
    refuse_locked_fields(&book, &caller.viewer, &before, &patch)?;
    let mut fields = row::fields(&before);
    let derived: Vec<String> = serde_json::from_str(&before.derived)?;
    for field in &derived {
        fields.remove(field);
    }
    let draft = redraft(&book, fields, &patch).map_err(Error::Invalid)?;
    let now = app.clock.now();
    let mut after = touched(&before, now);
    row::fill(&mut after, &draft, book.catalog(), &|us| book.day_of(us));
    let shown = row::shown(&after)?;
    let mut shown_before = row::fields(&before);
    shown_before.retain(|key, _| book.catalog().find(key).is_some());
    let changed = difference(&shown_before, &row::fields(&shown));
    if changed.is_empty() {
        return Ok((before, book));
    }
    let assigned = if rules_run(&book, &before, &changed) {
        let today = book.day_of(now);
        let facts = draft.facts(book.catalog(), today, |us| book.day_of(us));
        let request = Request { facts, texts: draft.texts(), pinned: None, named: None, known: Vec::new() };
        replaced(tx, &book, &before, request, now).await?
    } else {
        None
    };
    if let Some(assigned) = &assigned {
        put(&mut after, assigned, now);
    }
    let task = tx.as_task(Task::Assignment);
    task.delete::<known::Entity>(known::Column::LeadId.eq(id)).await?;
    task.insert_missing(known_leads::keys(&draft).into_iter().map(|key| known_leads::row(key, id)).collect())
        .await?;
    let saving =
        Saving { before: &before, after, changed: &changed, assigned, former_collaborators: Vec::new() };
    let shown = save(&task, app, &actor(caller), saving).await?;
    Ok((shown, book))
}

/// Gives a lead to somebody, puts it into a territory, or hands it out again.
///
/// # Errors
/// As [`change`]; [`Error::Invalid`] where the new owner has no access to the territory.
pub async fn assign(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    id: Uuid,
    seen: IfMatch,
    placement: &Placement,
) -> Result<(lead::Model, std::sync::Arc<RuleBook>), Error> {
    let book = app.books.book_kept(tx).await?;
    let before = find_for(tx, &book, &caller.viewer, id, Action::Assign, seen).await?;
    let Placement { owner, territory, unpin, hand_out } = placement;
    if owner.is_none() && territory.is_none() && !unpin && !hand_out {
        let detail = "say what to do: \"owner\", \"territory\", \"unpin\" or \"hand_out\"";
        return Err(Error::invalid("", "nothing_asked", Value::Null, detail));
    }
    let now = app.clock.now();
    let draft = redraft(&book, row::fields(&before), &Map::new()).map_err(Error::Invalid)?;
    let pinned = match (placement.territory, placement.unpin) {
        (Some(territory), _) => Some(territory),
        (None, true) => None,
        (None, false) if before.is_pinned => before.territory_id,
        (None, false) => None,
    };
    if let Some(territory) = pinned.filter(|&territory| book.tree().get(territory).is_none()) {
        let detail = "there is no territory with this id";
        return Err(Error::invalid("/territory", "unknown_territory", territory.to_string(), detail));
    }
    // Without a new territory the lead stays where it is; only its owner is found anew.
    let stays = pinned.or(before.territory_id.filter(|_| !placement.unpin));
    if let Some(owner) = placement.owner {
        let may_own = stays.is_none_or(|territory| book.has_access(owner, territory));
        if !book.is_active_user(owner) || !may_own {
            let detail =
                "the owner needs access to the lead's territory; give access first or choose another";
            return Err(Error::invalid("/owner", "owner_without_access", owner.to_string(), detail));
        }
    }
    let facts = draft.facts(book.catalog(), book.day_of(now), |us| book.day_of(us));
    let keeps_owner = !placement.hand_out && placement.owner.is_none();
    let named = placement.owner.or(before.owner_id.filter(|_| keeps_owner));
    let request = Request { facts, texts: draft.texts(), pinned: stays, named, known: Vec::new() };
    let mut assigned = batch_of_one(tx, &book, request, now).await?;
    if territory.is_none() && !unpin {
        let task = tx.as_task(Task::Assignment);
        placed::remember(&task, slice::from_ref(&before), slice::from_mut(&mut assigned)).await?;
    }
    if placement.owner.is_some() {
        assigned.decision.how = rotation::How::ByHand;
    }
    let mut after = touched(&before, now);
    after.is_pinned = Set(pinned.is_some());
    put(&mut after, &assigned, now);
    let changed = Map::from_iter([
        ("territory".to_owned(), json!([before.territory_id, assigned.territory])),
        ("owner".to_owned(), json!([before.owner_id, assigned.owner])),
    ]);
    let task = tx.as_task(Task::Assignment);
    let saving = Saving {
        before: &before,
        after,
        changed: &changed,
        assigned: Some(assigned),
        former_collaborators: Vec::new(),
    };
    let shown = save(&task, app, &actor(caller), saving).await?;
    Ok((shown, book))
}

/// Deletes a lead; its decisions and history stay, for the audit.
///
/// # Errors
/// As [`change`].
pub async fn delete(tx: &Tx, app: &App, caller: &Caller, id: Uuid, seen: IfMatch) -> Result<(), Error> {
    let book = app.books.book_kept(tx).await?;
    let before = find_for(tx, &book, &caller.viewer, id, Action::Delete, seen).await?;
    let former_collaborators = collaborators::of(tx, id).await?;
    tx.delete::<lead::Entity>(lead::Column::Id.eq(id)).await?;
    let task = tx.as_task(Task::Assignment);
    task.delete::<known::Entity>(known::Column::LeadId.eq(id)).await?;
    task.delete::<collaborator::Entity>(collaborator::Column::LeadId.eq(id)).await?;
    drop(task);
    let event = Event {
        kind: "lead.deleted",
        object: id,
        territory: before.territory_id,
        owner: before.owner_id,
        former_territory: None,
        former_owner: None,
        former_collaborators,
    };
    outbox::publish(tx, app, vec![event]).await?;
    let entry = Entry {
        action: "delete",
        object: "lead",
        object_id: id.to_string(),
        before: Some(Value::Object(row::fields(&before))),
        after: None,
    };
    trail::write(tx, app, &actor(caller), vec![entry]).await
}

pub fn actor(caller: &Caller) -> Actor {
    Actor { user: Some(caller.user), door: caller.door, address: caller.address.clone() }
}

/// Own fields beside the standard ones, as `custom.<key>`.
fn flat(patch: &Map<String, Value>) -> Map<String, Value> {
    let mut flat = Map::new();
    for (key, value) in patch {
        match value {
            Value::Object(own) if key == "custom" => {
                flat.extend(own.iter().map(|(key, value)| (format!("custom.{key}"), value.clone())));
            }
            value => {
                flat.insert(key.clone(), value.clone());
            }
        }
    }
    flat
}

/// Reads the fields of a row with what changes of them. What the catalogue no longer knows is nobody's fault
/// today: values of fields that were removed are left out, choices that were removed stay as they are.
pub(super) fn redraft(
    book: &RuleBook,
    mut fields: Map<String, Value>,
    patch: &Map<String, Value>,
) -> Result<Draft, Vec<Fault>> {
    let mut removed = Vec::new();
    fields.retain(|key, value| {
        let Some(field) = book.catalog().find(key) else { return false };
        let kept = (!patch.contains_key(key)).then(|| removed_choice(book.catalog(), field, value)).flatten();
        let stays = kept.is_none();
        removed.extend(kept.map(|stored| (field.id, stored)));
        stays
    });
    fields.extend(patch.iter().map(|(key, value)| (key.clone(), value.clone())));
    let mut draft = draft(book, &fields, None)?;
    for (field, stored) in removed {
        draft.set(field, stored);
    }
    Ok(draft)
}

/// The stored choice, where the catalogue does not know it any more.
fn removed_choice(catalog: &Catalog, field: &Field, value: &Value) -> Option<Stored> {
    let keys: Vec<&str> = match (field.kind, value) {
        (Kind::Choice, Value::String(key)) => vec![key],
        (Kind::MultiChoice, Value::Array(keys)) => keys.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    if keys.iter().all(|key| catalog.choice_key(field, key).is_some()) {
        return None;
    }
    Some(match field.kind {
        Kind::Choice => Stored::Key(keys[0].into()),
        _ => Stored::Keys(keys.into_iter().map(Into::into).collect()),
    })
}

fn refuse_locked_fields(
    book: &RuleBook,
    viewer: &Viewer,
    row: &lead::Model,
    patch: &Map<String, Value>,
) -> Result<(), Error> {
    let tie = tie(row, Vec::new());
    let mut faults = Vec::new();
    for (key, value) in patch {
        let is_known = book.catalog().find(key).is_some();
        match viewer.field_right(Object::Lead, key, &tie) {
            FieldRight::Editable if is_known => {}
            FieldRight::ReadOnly if is_known => faults.push(field_rights::read_only(&[key], value)),
            _ => faults.push(field_rights::unknown(&[key], key)),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Changed values by field: `[before, after]`.
fn difference(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |fields: &Map<String, Value>, key: &str| fields.get(key).cloned().unwrap_or_default();
    let pair = |key: &&String| (value(before, key), value(after, key));
    keys.into_iter()
        .map(|key| (key, pair(&key)))
        .filter(|(_, (before, after))| before != after)
        .map(|(key, (before, after))| (key.clone(), json!([before, after])))
        .collect()
}

/// Says whether rules run again, as the workspace wishes, after these fields have changed.
fn rules_run(book: &RuleBook, row: &lead::Model, changed: &Map<String, Value>) -> bool {
    let wished = match book.workspace().rules_run.as_str() {
        "always" => true,
        "while_unowned" => row.owner_id.is_none(),
        _ => false,
    };
    wished && !row.is_pinned && changed.keys().any(|key| book.is_read_by_rules(key))
}

/// The new place, where it differs from the old one: a lead that stays keeps its owner.
async fn replaced(
    tx: &Tx,
    book: &RuleBook,
    before: &lead::Model,
    request: Request,
    now: i64,
) -> Result<Option<Assigned>, Error> {
    let placed = book.index().place(&request.facts).territory.map(|id| Uuid::from_u128(id.0));
    if placed == before.territory_id && (before.owner_id.is_some() || before.queued_at.is_some()) {
        return Ok(None);
    }
    Ok(Some(batch_of_one(tx, book, request, now).await?))
}

async fn batch_of_one(tx: &Tx, book: &RuleBook, request: Request, now: i64) -> Result<Assigned, Error> {
    let task = tx.as_task(Task::Assignment);
    let mut batch = Batch::lock(&task, book, vec![request], timestamp(now)).await?;
    super::load::count_open(&task, &mut batch).await?;
    let mut assigned = batch.assign(&task).await?;
    assigned.pop().ok_or_else(|| Error::Bug("a batch of one came back empty".to_owned()))
}

pub(super) fn put(row: &mut lead::ActiveModel, assigned: &Assigned, now: i64) {
    let owner_stays = row.owner_id.as_ref() == &assigned.owner;
    row.territory_id = Set(assigned.territory);
    row.owner_id = Set(assigned.owner);
    row.queued_at = Set(assigned.is_queued.then_some(now));
    if !owner_stays {
        row.assigned_at = Set(assigned.owner.map(|_| now));
    }
}

/// A changed lead before it is written.
pub(super) struct Saving<'a> {
    pub before: &'a lead::Model,
    pub after: lead::ActiveModel,
    /// By field: before and after.
    pub changed: &'a Map<String, Value>,
    pub assigned: Option<Assigned>,
    /// Who took part in it until now.
    pub former_collaborators: Vec<Uuid>,
}

/// The row's next version, as yet unchanged.
pub(super) fn touched(before: &lead::Model, now: i64) -> lead::ActiveModel {
    let mut after = before.clone().into_active_model();
    after.version = Set(before.version + 1);
    after.updated_at = Set(now);
    after
}

/// Writes the row with its history, decision, event and audit entry.
pub(super) async fn save(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    saving: Saving<'_>,
) -> Result<lead::Model, Error> {
    let Saving { before, mut after, changed, assigned, former_collaborators } = saving;
    for column in lead::Column::iter() {
        after.reset(column);
    }
    let shown = row::shown(&after)?;
    tx.replace(after, lead::Column::Id.eq(before.id)).await?;
    if let Some(assigned) = assigned {
        let row = decision::ActiveModel {
            workspace_id: NotSet,
            id: Set(app.ids.next()),
            lead_id: Set(before.id),
            at: Set(shown.updated_at),
            territory_id: Set(assigned.territory),
            owner_id: Set(assigned.owner),
            turn: Set(assigned.turn),
            detail: Set(serde_json::to_string(&assigned.decision)?),
        };
        tx.insert(vec![row]).await?;
    }
    let row = change::ActiveModel {
        workspace_id: NotSet,
        id: Set(app.ids.next()),
        lead_id: Set(before.id),
        at: Set(shown.updated_at),
        user_id: Set(actor.user),
        door: Set(actor.door.to_owned()),
        version: Set(shown.version),
        detail: Set(Value::Object(changed.clone()).to_string()),
    };
    tx.insert(vec![row]).await?;
    let event = Event {
        kind: "lead.changed",
        object: before.id,
        territory: shown.territory_id,
        owner: shown.owner_id,
        former_territory: before.territory_id,
        former_owner: before.owner_id,
        former_collaborators,
    };
    outbox::publish(tx, app, vec![event]).await?;
    let side = |at: usize| -> Value {
        changed.iter().map(|(key, pair)| (key.clone(), pair[at].clone())).collect::<Map<_, _>>().into()
    };
    let entry = Entry {
        action: "change",
        object: "lead",
        object_id: before.id.to_string(),
        before: Some(side(0)),
        after: Some(side(1)),
    };
    trail::write(tx, app, actor, vec![entry]).await?;
    Ok(shown)
}
