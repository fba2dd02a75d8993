//! Changes of members: who has access to a territory, and who is handed its leads.
//! Uses: tree, states, hold.

use std::collections::BTreeMap;

use access::{Action, Object, Role, Task};
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use store::Tx;

use super::differing::differing;
use super::edit::{demand, demand_branch, tree_now};
use super::faults::refuse;
use super::hold::{self, Fate};
use super::states::{begin, end, now};
use super::store::member;
use super::tree::Tree;
use crate::app::App;
use crate::error::{Error, Fault};
use crate::people::store::{role, user};
use crate::trail::{self, Actor, Entry};
use crate::versions::{self, Version};

pub const WEIGHT_MAX: i64 = 1_000;
pub const LEADS_MAX: i64 = 1_000_000;
pub const POSITION_MAX: i64 = 1_000_000;
/// Members of one territory.
pub const MEMBERS_MAX: usize = 5_000;

/// What a membership says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub has_access: bool,
    pub has_assignment: bool,
    pub includes_children: bool,
    pub role: Option<Uuid>,
    pub weight: i64,
    /// None: the last.
    pub position: Option<i64>,
    pub open_leads_max: Option<i64>,
    pub leads_per_day_max: Option<i64>,
}

/// The members of the workspace as they are now, whoever asks.
///
/// # Errors
/// Where the database refuses.
pub async fn members_now(tx: &Tx) -> Result<Vec<member::Model>, Error> {
    let task = tx.as_task(Task::Assignment);
    Ok(task.select::<member::Entity>().filter(now::<member::Entity>()).all().await?)
}

/// The membership as it is now, if there is one.
///
/// # Errors
/// Where the database refuses.
pub async fn find(tx: &Tx, territory: Uuid, user: Uuid) -> Result<Option<member::Model>, Error> {
    let members = tx.select::<member::Entity>().filter(now::<member::Entity>());
    let members = members.filter(member::Column::TerritoryId.eq(territory));
    Ok(members.filter(member::Column::UserId.eq(user)).one().await?)
}

/// Makes somebody a member, or changes the membership.
///
/// # Errors
/// [`Error::Invalid`] with every fault, [`Error::HeldUp`] where access is taken from the owner of
/// records, and others by cause.
pub async fn put(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    (territory, user): (Uuid, Uuid),
    draft: Draft,
    fate: Option<Fate>,
) -> Result<(), Error> {
    demand(tx, Object::Rotation, Action::Edit, Some(territory))?;
    versions::lock(tx).await?;
    let tree = tree_now(tx).await?;
    let place = tree.get(territory).ok_or(Error::NotFound)?;
    if draft.includes_children {
        demand_branch(tx, Object::Rotation, &tree, territory)?;
    }
    let person = person(tx, user).await?.ok_or(Error::NotFound)?;
    let members = members_now(tx).await?;
    let here: Vec<&member::Model> =
        members.iter().filter(|member| member.territory_id == territory).collect();
    let old = here.iter().find(|member| member.user_id == user).copied();
    let mut faults = faults(&draft);
    faults.extend(role_fault(tx, old, draft.role).await?);
    if old.is_none() && here.len() >= MEMBERS_MAX {
        let detail = format!("a territory has at most {MEMBERS_MAX} members");
        faults.push(Fault::new("", "too_many_members", here.len(), detail));
    }
    refuse(faults)?;
    let last = here.iter().map(|member| member.position).max().unwrap_or_default();
    let position = draft.position.or(old.map(|old| old.position)).unwrap_or((last + 1).min(POSITION_MAX));
    let new = row((territory, user), &draft, position);
    if old.is_some_and(|old| same(old, &new)) {
        return Ok(());
    }
    let note = format!("{}: {}", place.name, person.name);
    let version = versions::next_plan(tx, app, actor, &note).await?;
    let which = sea_orm::Condition::all()
        .add(member::Column::TerritoryId.eq(territory))
        .add(member::Column::UserId.eq(user));
    end::<member::Entity>(tx, version, which).await?;
    let (before, after) = differing(old.map_or_else(|| json!({}), as_json), as_json(&new));
    let action = if old.is_some() { "edit" } else { "create" };
    begin::<member::ActiveModel>(tx, vec![begun(new, tx, version)]).await?;
    settle(tx, app, actor, &tree, &members, user, fate).await?;
    let entry = Entry {
        action,
        object: "member",
        object_id: format!("{territory}/{user}"),
        before: old.map(|_| before),
        after: Some(after),
    };
    trail::write(tx, app, actor, vec![entry]).await
}

/// Ends a membership.
///
/// # Errors
/// [`Error::HeldUp`] where access is taken from the owner of records, and others by cause.
pub async fn remove(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    (territory, user): (Uuid, Uuid),
    fate: Option<Fate>,
) -> Result<(), Error> {
    demand(tx, Object::Rotation, Action::Edit, Some(territory))?;
    versions::lock(tx).await?;
    let tree = tree_now(tx).await?;
    let place = tree.get(territory).ok_or(Error::NotFound)?;
    let members = members_now(tx).await?;
    let is_the_one = |member: &&member::Model| (member.territory_id, member.user_id) == (territory, user);
    let old = members.iter().find(is_the_one).ok_or(Error::NotFound)?;
    let name = person(tx, user).await?.map_or_else(|| user.to_string(), |person| person.name);
    let version = versions::next_plan(tx, app, actor, &format!("{}: − {name}", place.name)).await?;
    let which = sea_orm::Condition::all()
        .add(member::Column::TerritoryId.eq(territory))
        .add(member::Column::UserId.eq(user));
    end::<member::Entity>(tx, version, which).await?;
    settle(tx, app, actor, &tree, &members, user, fate).await?;
    let entry = Entry {
        action: "delete",
        object: "member",
        object_id: format!("{territory}/{user}"),
        before: Some(as_json(old)),
        after: None,
    };
    trail::write(tx, app, actor, vec![entry]).await
}

async fn settle(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    tree: &Tree,
    before: &[member::Model],
    user: Uuid,
    fate: Option<Fate>,
) -> Result<(), Error> {
    let of = |members: &[member::Model]| -> Vec<member::Model> {
        members.iter().filter(|member| member.user_id == user).cloned().collect()
    };
    let after = members_now(tx).await?;
    let lost = hold::lost(&hold::accesses(tree, &of(before)), &hold::accesses(tree, &of(&after)));
    hold::settle(tx, app, actor, lost, fate).await
}

async fn person(tx: &Tx, id: Uuid) -> Result<Option<user::Model>, Error> {
    let task = tx.as_task(Task::Assignment);
    Ok(task.select::<user::Entity>().filter(user::Column::Id.eq(id)).one().await?)
}

/// What is wrong with what a membership says.
pub fn faults(draft: &Draft) -> Vec<Fault> {
    let mut faults = Vec::new();
    if draft.has_assignment && !draft.has_access {
        let detail = "whoever is handed leads has access to them; give access, or no assignment";
        faults.push(Fault::new("/assignment", "assignment_without_access", true, detail));
    }
    let ranges = [
        ("/weight", Some(draft.weight), 1, WEIGHT_MAX),
        ("/position", draft.position, 1, POSITION_MAX),
        ("/open_leads_max", draft.open_leads_max, 0, LEADS_MAX),
        ("/leads_per_day_max", draft.leads_per_day_max, 0, LEADS_MAX),
    ];
    for (pointer, value, least, most) in ranges {
        if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
            let detail = format!("a number from {least} to {most}; this is {value}");
            faults.push(Fault::new(pointer, "out_of_range", value, detail));
        }
    }
    faults
}

/// A role in a territory exists, and grants nothing that the one who gives it has not got: else whoever
/// may edit members could make themselves an administrator of a territory.
///
/// # Errors
/// Where the database refuses.
pub async fn role_fault(
    tx: &Tx,
    old: Option<&member::Model>,
    id: Option<Uuid>,
) -> Result<Option<Fault>, Error> {
    let Some(id) = id.filter(|&id| old.is_none_or(|old| old.role_id != Some(id))) else { return Ok(None) };
    let task = tx.as_task(Task::Assignment);
    let row = task.select::<role::Entity>().filter(role::Column::Id.eq(id)).one().await?;
    let Some(row) = row else {
        return Ok(Some(Fault::new("/role", "unknown_role", id.to_string(), "there is no such role")));
    };
    let role: Role = serde_json::from_str(&row.detail)?;
    let store::Sight::Viewer(viewer) = tx.sight() else { return Ok(None) };
    let exceeds = Object::ALL.into_iter().any(|object| {
        object.actions().iter().any(|&action| role.scope(object, action) > viewer.scope(object, action))
    });
    let detail = "this role may do more than you may; only somebody who may do it all can give it";
    Ok(exceeds.then(|| Fault::new("/role", "role_exceeds_yours", row.key, detail)))
}

fn row((territory, user): (Uuid, Uuid), draft: &Draft, position: i64) -> member::Model {
    let Draft {
        has_access,
        has_assignment,
        includes_children,
        role,
        weight,
        position: _,
        open_leads_max,
        leads_per_day_max,
    } = draft.clone();
    member::Model {
        workspace_id: Uuid::nil(),
        territory_id: territory,
        user_id: user,
        since: 0,
        until: None,
        valid_from: 0,
        valid_to: None,
        has_access,
        has_assignment,
        includes_children,
        role_id: role,
        weight,
        position,
        open_leads_max,
        leads_per_day_max,
    }
}

/// A row as this version begins it.
pub fn begun(row: member::Model, tx: &Tx, version: Version) -> member::Model {
    member::Model { workspace_id: tx.workspace(), since: version.number, valid_from: version.at, ..row }
}

fn same(old: &member::Model, new: &member::Model) -> bool {
    let timeless = |row: &member::Model| member::Model {
        workspace_id: Uuid::nil(),
        since: 0,
        valid_from: 0,
        ..row.clone()
    };
    timeless(old) == timeless(new)
}

/// What a membership says, as audit log and answers have it.
pub fn as_json(row: &member::Model) -> Value {
    json!({
        "access": row.has_access, "assignment": row.has_assignment,
        "includes_children": row.includes_children, "role": row.role_id, "weight": row.weight,
        "position": row.position, "open_leads_max": row.open_leads_max,
        "leads_per_day_max": row.leads_per_day_max,
    })
}

/// Names of the roles that memberships mention.
///
/// # Errors
/// Where the database refuses.
pub async fn role_keys(tx: &Tx) -> Result<BTreeMap<Uuid, String>, Error> {
    let roles = tx.as_task(Task::Assignment);
    let roles = roles.select::<role::Entity>().all().await?;
    Ok(roles.into_iter().map(|role| (role.id, role.key)).collect())
}
