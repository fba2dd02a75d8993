//! Viewers: a user's role and memberships, spread down the tree, as they are in the database now.
//! Never answers from memory alone: what is kept is used only under the version that it was made from.
//! Uses: people, tree.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::{Membership, Role, Task, TokenScopes, Viewer, spread};
use sea_orm::entity::prelude::*;
use store::Tx;

use super::edit::tree_now;
use super::states::now;
use super::store::member;
use crate::error::Error;
use crate::people::sign_in::Known;
use crate::people::store::role;

/// With more than so many people kept in memory, all are forgotten and read anew.
const KEPT_MAX: usize = 10_000;

/// What viewers were made of lately, by workspace and user.
#[derive(Default)]
pub struct Viewers {
    kept: Mutex<HashMap<(Uuid, Uuid), Kept>>,
}

struct Kept {
    rules_version: i64,
    role: role::Model,
    viewer: Arc<Viewer>,
}

impl Viewers {
    /// The viewer that somebody recognised is in this transaction, whichever server changed their rights.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn of(&self, tx: &Tx, rules_version: i64, known: &Known) -> Result<Arc<Viewer>, Error> {
        let (workspace, user) = (tx.workspace(), known.user.id);
        let viewer = match self.kept(workspace, rules_version, known) {
            Some(viewer) => viewer,
            None => {
                let viewer = Arc::new(read(tx, user, &known.role).await?);
                let kept = Kept { rules_version, role: known.role.clone(), viewer: Arc::clone(&viewer) };
                self.keep((workspace, user), kept);
                viewer
            }
        };
        let Some(scopes) = &known.scopes else { return Ok(viewer) };
        let scopes: TokenScopes = scopes.parse().map_err(|fault| bug(known.credential, &fault))?;
        Ok(Arc::new(viewer.limited_to(&scopes)))
    }

    fn kept(&self, workspace: Uuid, rules_version: i64, known: &Known) -> Option<Arc<Viewer>> {
        let all = self.locked();
        let kept = all.get(&(workspace, known.user.id))?;
        let is_same = kept.rules_version == rules_version && kept.role == known.role;
        is_same.then(|| Arc::clone(&kept.viewer))
    }

    fn keep(&self, key: (Uuid, Uuid), kept: Kept) {
        let mut all = self.locked();
        if all.len() >= KEPT_MAX && !all.contains_key(&key) {
            all.clear();
        }
        all.insert(key, kept);
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<(Uuid, Uuid), Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the viewer that a user is with the role, in this transaction.
///
/// # Errors
/// Where the database does not answer.
pub async fn read(tx: &Tx, user: Uuid, role: &role::Model) -> Result<Viewer, Error> {
    let task = tx.as_task(Task::SignIn);
    let members = task
        .select::<member::Entity>()
        .filter(now::<member::Entity>())
        .filter(member::Column::UserId.eq(user))
        .all()
        .await?;
    let roles = roles(&task, &members).await?;
    let memberships: Vec<Membership> = members.iter().map(|member| membership(member, &roles)).collect();
    let memberships = if memberships.iter().any(|membership| membership.includes_children) {
        let tree = tree_now(&task).await?;
        spread(&memberships, |id| tree.children(Some(id)).to_vec())
    } else {
        memberships
    };
    Ok(Viewer::new(user, tx.workspace(), Arc::new(parsed(role)?), memberships))
}

fn membership(member: &member::Model, roles: &HashMap<Uuid, Arc<Role>>) -> Membership {
    Membership {
        territory: member.territory_id,
        has_access: member.has_access,
        role: member.role_id.and_then(|id| roles.get(&id).cloned()),
        includes_children: member.includes_children,
    }
}

async fn roles(task: &Tx, members: &[member::Model]) -> Result<HashMap<Uuid, Arc<Role>>, Error> {
    let mut ids: Vec<Uuid> = members.iter().filter_map(|member| member.role_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = task.select::<role::Entity>().filter(role::Column::Id.is_in(ids)).all().await?;
    rows.iter().map(|row| Ok((row.id, Arc::new(parsed(row)?)))).collect()
}

fn parsed(role: &role::Model) -> Result<Role, Error> {
    serde_json::from_str(&role.detail).map_err(|fault| bug(role.id, &fault))
}

fn bug(id: Uuid, fault: &dyn std::fmt::Display) -> Error {
    Error::Bug(format!("the rights of {id} do not parse: {fault}"))
}
