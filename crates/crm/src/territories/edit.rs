//! Changes of the tree: make a territory, change or move it, take it away.
//! Uses: tree, states, hold.

use access::{Action, Object, Task, Tie};
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use store::{Sight, Tx};

use super::differing::differing;
use super::faults::{calendar_fault, color_fault, name_fault, parent_fault, refuse};
use super::hold::{self, Fate};
use super::members::members_now;
use super::palette;
use super::states::{self, begin, end};
use super::store::{example, member, rule, territory};
use super::tree::{Tree, renumbered};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::people::store::workspace;
use crate::trail::{self, Actor, Entry};
use crate::versions::{self, Version};

/// Territories of a workspace: the whole tree is read and answered at once.
pub const TERRITORIES_MAX: usize = 20_000;

/// A territory to be made.
#[derive(Clone, Debug)]
pub struct Draft {
    pub name: String,
    pub parent: Option<Uuid>,
    /// The place among its siblings, counted from one; none: the last.
    pub place: Option<usize>,
    /// None: a free one.
    pub color: Option<String>,
    pub is_active: bool,
    pub calendar: Option<String>,
    pub is_default: bool,
}

/// What changes of a territory; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub parent: Option<Option<Uuid>>,
    pub place: Option<usize>,
    pub color: Option<String>,
    pub is_active: Option<bool>,
    pub calendar: Option<Option<String>>,
    pub is_default: Option<bool>,
    /// For records whose owner loses access by the move.
    pub fate: Option<Fate>,
}

/// The tree as it is now, whoever asks.
///
/// # Errors
/// Where the database refuses.
pub async fn tree_now(tx: &Tx) -> Result<Tree, Error> {
    let task = tx.as_task(Task::Assignment);
    Ok(Tree::of(task.select::<territory::Entity>().filter(states::now::<territory::Entity>()).all().await?))
}

/// Refuses what the viewer may not do to a territory, or at the root of the tree.
///
/// # Errors
/// [`Error::NotFound`] for what one may not see, [`Error::Denied`] for what one may only see.
pub fn demand(tx: &Tx, object: Object, action: Action, territory: Option<Uuid>) -> Result<(), Error> {
    let Sight::Viewer(viewer) = tx.sight() else { return Ok(()) };
    let tie = Tie { territory, ..Tie::default() };
    if territory.is_some() && !viewer.can(Object::Territory, Action::View, &tie) {
        return Err(Error::NotFound);
    }
    if viewer.can(object, action, &tie) {
        return Ok(());
    }
    Err(Error::Denied(format!("{}.{}", object.name(), action.name())))
}

/// Refuses what the viewer may not edit in a territory and in all that lie below it.
///
/// # Errors
/// [`Error::Denied`], also for what lies below and may not be seen.
pub fn demand_branch(tx: &Tx, object: Object, tree: &Tree, id: Uuid) -> Result<(), Error> {
    for below in tree.branch(id) {
        demand(tx, object, Action::Edit, Some(below)).map_err(|_| {
            Error::Denied(format!("{}.edit in every territory below this one", object.name()))
        })?;
    }
    Ok(())
}

/// The default territory catches the leads of all others: only who may edit them all chooses it.
fn demand_everywhere(tx: &Tx) -> Result<(), Error> {
    demand(tx, Object::Territory, Action::Edit, None)
}

/// Makes a territory and returns its id.
///
/// # Errors
/// [`Error::Invalid`] with every fault of the draft, and others by cause.
pub async fn create(tx: &Tx, app: &App, actor: &Actor, draft: Draft) -> Result<Uuid, Error> {
    demand(tx, Object::Territory, Action::Create, draft.parent)?;
    if draft.is_default {
        demand_everywhere(tx)?;
    }
    versions::lock(tx).await?;
    let tree = tree_now(tx).await?;
    let Draft { name, parent, place, color, is_active, calendar, is_default } = draft;
    let mut faults = Vec::new();
    faults.extend(name_fault(&tree, None, &name));
    faults.extend(parent_fault(&tree, None, parent));
    faults.extend(calendar.as_deref().and_then(calendar_fault));
    faults.extend(color.as_deref().and_then(color_fault));
    if tree.len() >= TERRITORIES_MAX {
        let detail = format!("a workspace has at most {TERRITORIES_MAX} territories");
        faults.push(Fault::new("", "too_many_territories", tree.len(), detail));
    }
    refuse(faults)?;
    let id = app.ids.next();
    let color = color.unwrap_or_else(|| free_color(&tree, parent).to_owned());
    let version = versions::next_plan(tx, app, actor, &format!("+ {name}")).await?;
    let siblings = tree.siblings_with(parent, id, place.unwrap_or(usize::MAX));
    let row = territory::Model {
        workspace_id: tx.workspace(),
        id,
        since: version.number,
        until: None,
        valid_from: version.at,
        valid_to: None,
        parent_id: parent,
        name,
        position: place_of(&siblings, id),
        color,
        is_active,
        calendar,
    };
    let after = as_json(&row);
    replace(tx, version, seated(&tree, &siblings, vec![row])).await?;
    if is_default {
        set_default(tx, Some(id)).await?;
    }
    let entry = Entry {
        action: "create",
        object: "territory",
        object_id: id.to_string(),
        before: None,
        after: Some(after),
    };
    trail::write(tx, app, actor, vec![entry]).await?;
    Ok(id)
}

/// Changes or moves a territory; answers the row as it was where nothing changes.
///
/// # Errors
/// [`Error::Invalid`] with every fault, [`Error::HeldUp`] where a move would part records from their
/// owner, and others by cause.
pub async fn change(tx: &Tx, app: &App, actor: &Actor, id: Uuid, change: Change) -> Result<(), Error> {
    demand(tx, Object::Territory, Action::Edit, Some(id))?;
    let workspace = versions::lock(tx).await?;
    let tree = tree_now(tx).await?;
    let old = tree.get(id).ok_or(Error::NotFound)?.clone();
    let Change { name, parent, place, color, is_active, calendar, is_default, fate } = change;
    if let Some(parent) = parent.filter(|parent| *parent != old.parent_id) {
        demand(tx, Object::Territory, Action::Edit, parent)?;
        // Whoever sees what lies below the new parent will see the whole branch.
        demand_branch(tx, Object::Territory, &tree, id)?;
    }
    let mut faults = Vec::new();
    faults.extend(name.as_deref().and_then(|name| name_fault(&tree, Some(id), name)));
    faults.extend(parent.and_then(|parent| parent_fault(&tree, Some(id), parent)));
    faults.extend(calendar.as_ref().and_then(Option::as_deref).and_then(calendar_fault));
    faults.extend(color.as_deref().and_then(color_fault));
    refuse(faults)?;

    let was_default = workspace.default_territory_id == Some(id);
    let is_default = is_default.unwrap_or(was_default);
    if is_default != was_default {
        demand_everywhere(tx)?;
    }
    let mut new = territory::Model {
        name: name.unwrap_or(old.name.clone()),
        parent_id: parent.unwrap_or(old.parent_id),
        color: color.unwrap_or(old.color.clone()),
        is_active: is_active.unwrap_or(old.is_active),
        calendar: calendar.unwrap_or(old.calendar.clone()),
        ..old.clone()
    };
    let is_moved = new.parent_id != old.parent_id || place.is_some();
    let siblings = if is_moved {
        tree.siblings_with(new.parent_id, id, place.unwrap_or(usize::MAX))
    } else {
        Vec::new()
    };
    if is_moved {
        new.position = place_of(&siblings, id);
    }
    let others: Vec<_> = renumbered(&tree, &siblings).into_iter().filter(|&(other, _)| other != id).collect();
    if new == old && others.is_empty() && was_default == is_default {
        return Ok(());
    }
    let version = versions::next_plan(tx, app, actor, &note(&old, &new)).await?;
    let (before, after) = changes(&old, &new, was_default, is_default);
    let rows = seated(&tree, &siblings, vec![new]);
    replace(tx, version, rows).await?;
    if was_default != is_default {
        set_default(tx, is_default.then_some(id)).await?;
    }
    if parent.is_some() {
        settle_move(tx, app, actor, &tree, fate).await?;
    }
    let entry = Entry {
        action: "edit",
        object: "territory",
        object_id: id.to_string(),
        before: Some(before),
        after: Some(after),
    };
    trail::write(tx, app, actor, vec![entry]).await
}

/// Takes a territory away; its children move to its parent, into its place.
///
/// # Errors
/// [`Error::HeldUp`] while leads are in it or records would be parted from their owner, and others by cause.
pub async fn remove(tx: &Tx, app: &App, actor: &Actor, id: Uuid, fate: Option<Fate>) -> Result<(), Error> {
    demand(tx, Object::Territory, Action::Delete, Some(id))?;
    let workspace = versions::lock(tx).await?;
    let tree = tree_now(tx).await?;
    let old = tree.get(id).ok_or(Error::NotFound)?;
    let leads = hold::leads_in(tx, id).await?;
    if leads > 0 {
        let detail = format!(
            "{leads} leads are in {}; move them to other territories first, or make it inactive",
            old.name
        );
        return Err(Error::HeldUp { code: "leads_inside", detail, by: json!({ "leads": leads }) });
    }
    let version = versions::next_plan(tx, app, actor, &format!("− {}", old.name)).await?;
    let mut siblings: Vec<Uuid> = Vec::new();
    for &sibling in tree.children(old.parent_id) {
        // Children are tried before their parent, so its place keeps the order of trial.
        if sibling == id { siblings.extend(tree.children(Some(id))) } else { siblings.push(sibling) }
    }
    let children = tree.children(Some(id)).iter().filter_map(|&child| tree.get(child));
    let children = children.map(|child| territory::Model { parent_id: old.parent_id, ..child.clone() });
    let rows = seated(&tree, &siblings, children.collect());
    end::<territory::Entity>(tx, version, territory::Column::Id.eq(id)).await?;
    end::<rule::Entity>(tx, version, rule::Column::TerritoryId.eq(id)).await?;
    let members = members_now(tx).await?;
    end::<member::Entity>(tx, version, member::Column::TerritoryId.eq(id)).await?;
    end::<example::Entity>(tx, version, example::Column::TerritoryId.eq(id)).await?;
    replace(tx, version, rows).await?;
    if workspace.default_territory_id == Some(id) {
        set_default(tx, None).await?;
    }
    let before = hold::accesses(&tree, &members);
    let after = hold::accesses(&tree_now(tx).await?, &members_now(tx).await?);
    hold::settle(tx, app, actor, hold::lost(&before, &after), fate).await?;
    let entry = Entry {
        action: "delete",
        object: "territory",
        object_id: id.to_string(),
        before: Some(as_json(old)),
        after: None,
    };
    trail::write(tx, app, actor, vec![entry]).await
}

async fn settle_move(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    before: &Tree,
    fate: Option<Fate>,
) -> Result<(), Error> {
    let members = members_now(tx).await?;
    // Only who sees what lies below can lose by a move.
    let reaches_down = |user: Uuid| members.iter().any(|m| m.user_id == user && m.includes_children);
    let members: Vec<_> = members.iter().filter(|member| reaches_down(member.user_id)).cloned().collect();
    let after = tree_now(tx).await?;
    let lost = hold::lost(&hold::accesses(before, &members), &hold::accesses(&after, &members));
    hold::settle(tx, app, actor, lost, fate).await
}

/// The rows, and those siblings that have to be renumbered for them.
fn seated(tree: &Tree, siblings: &[Uuid], mut rows: Vec<territory::Model>) -> Vec<territory::Model> {
    for (id, place) in renumbered(tree, siblings) {
        match rows.iter_mut().find(|row| row.id == id) {
            Some(row) => row.position = place,
            None => rows.extend(tree.get(id).map(|row| territory::Model { position: place, ..row.clone() })),
        }
    }
    rows
}

/// Ends the rows' former states and begins these.
pub(super) async fn replace(tx: &Tx, version: Version, mut rows: Vec<territory::Model>) -> Result<(), Error> {
    for row in &mut rows {
        (row.since, row.valid_from) = (version.number, version.at);
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    for ids in ids.chunks(1_000) {
        end::<territory::Entity>(tx, version, territory::Column::Id.is_in(ids.iter().copied())).await?;
    }
    begin::<territory::ActiveModel>(tx, rows).await
}

/// Makes the territory the one that catches what no rule matches.
///
/// # Errors
/// Where the database refuses.
pub async fn set_default(tx: &Tx, id: Option<Uuid>) -> Result<(), Error> {
    tx.as_task(Task::Assignment)
        .update::<workspace::Entity>(Action::Edit)
        .set(workspace::Column::DefaultTerritoryId, Expr::val(id))
        .run()
        .await?;
    Ok(())
}

fn place_of(siblings: &[Uuid], id: Uuid) -> i64 {
    siblings.iter().zip(1..).find(|(sibling, _)| **sibling == id).map_or(1, |(_, place)| place)
}

fn free_color(tree: &Tree, parent: Option<Uuid>) -> &'static str {
    let siblings = tree.children(parent).iter().copied().chain(parent);
    let neighbours = siblings.filter_map(|id| tree.get(id)).map(|row| row.color.as_str());
    palette::free(tree.rows().map(|row| row.color.as_str()), neighbours)
}

fn note(old: &territory::Model, new: &territory::Model) -> String {
    if old.name == new.name { new.name.clone() } else { format!("{} → {}", old.name, new.name) }
}

fn as_json(row: &territory::Model) -> Value {
    json!({
        "name": row.name, "parent": row.parent_id, "position": row.position, "color": row.color,
        "active": row.is_active, "calendar": row.calendar,
    })
}

/// The values that differ, before and after.
fn changes(
    old: &territory::Model,
    new: &territory::Model,
    was_default: bool,
    is_default: bool,
) -> (Value, Value) {
    let (mut before, mut after) = (as_json(old), as_json(new));
    before["default"] = json!(was_default);
    after["default"] = json!(is_default);
    differing(before, after)
}
