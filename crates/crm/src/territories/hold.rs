//! Who would lose access to which territories by a change, and the records that they own there: a
//! record's owner always has access to its territory.
//! Uses: tree, store (rows).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::{Membership, Task, spread};
use futures::future::BoxFuture;
use sea_orm::entity::prelude::*;
use serde_json::json;
use store::Tx;

use super::store::{member, placed_lead};
use super::tree::Tree;
use crate::app::App;
use crate::error::Error;
use crate::people::store::user;
use crate::trail::Actor;

/// What becomes of records whose owner loses access to their territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Handed out in the territory's rotation.
    Rotate,
    Give(Uuid),
    /// Without owner, in the territory's queue.
    Queue,
}

/// Records to be taken from their owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub owner: Uuid,
    pub territories: Vec<Uuid>,
    pub fate: Fate,
}

type Releasing = dyn Fn(App, Tx, Actor, Release) -> BoxFuture<'static, Result<u64, Error>> + Send + Sync;

/// How the rooms of records, which come later, carry out a release in the transaction of the change.
#[derive(Clone)]
pub struct Releases(Arc<Releasing>);

impl Releases {
    pub fn new(
        release: impl Fn(App, Tx, Actor, Release) -> BoxFuture<'static, Result<u64, Error>>
        + Send
        + Sync
        + 'static,
    ) -> Releases {
        Releases(Arc::new(release))
    }

    /// Refuses every release: as long as no room of records says how to carry one out.
    pub fn refused() -> Releases {
        Releases::new(|_, _, _, _| {
            let detail = "records cannot be handed over here; give them to others first, one by one";
            Box::pin(async move { Err(Error::conflict("no_release", detail)) })
        })
    }

    /// Takes the records from their owner and returns how many there were.
    ///
    /// # Errors
    /// Where the one they are given to has no access, or the database refuses.
    pub async fn carry_out(&self, app: &App, tx: &Tx, actor: &Actor, release: Release) -> Result<u64, Error> {
        (self.0)(app.clone(), Arc::clone(tx), actor.clone(), release).await
    }
}

/// Number of leads in the territory.
///
/// # Errors
/// Where the database refuses.
pub async fn leads_in(tx: &Tx, territory: Uuid) -> Result<u64, Error> {
    let leads = tx.as_task(Task::Assignment);
    let leads = leads.select::<placed_lead::Entity>();
    Ok(leads.filter(placed_lead::Column::TerritoryId.eq(territory)).count().await?)
}

/// The territories to which each of the users has access by membership.
pub fn accesses(tree: &Tree, members: &[member::Model]) -> BTreeMap<Uuid, BTreeSet<Uuid>> {
    let mut by_user: BTreeMap<Uuid, Vec<Membership>> = BTreeMap::new();
    for member in members.iter().filter(|member| tree.get(member.territory_id).is_some()) {
        by_user.entry(member.user_id).or_default().push(Membership {
            territory: member.territory_id,
            has_access: member.has_access,
            role: None,
            includes_children: member.includes_children,
        });
    }
    let spread = |memberships: Vec<Membership>| -> BTreeSet<Uuid> {
        let everywhere = spread(&memberships, |id| tree.children(Some(id)).to_vec());
        everywhere.into_iter().filter(|here| here.has_access).map(|here| here.territory).collect()
    };
    by_user.into_iter().map(|(user, memberships)| (user, spread(memberships))).collect()
}

/// What each user has in the first and no longer in the second.
pub fn lost(
    before: &BTreeMap<Uuid, BTreeSet<Uuid>>,
    after: &BTreeMap<Uuid, BTreeSet<Uuid>>,
) -> Vec<(Uuid, Vec<Uuid>)> {
    let none = BTreeSet::new();
    let lost = before.iter().map(|(&user, had)| {
        let has = after.get(&user).unwrap_or(&none);
        (user, had.difference(has).copied().collect::<Vec<_>>())
    });
    lost.filter(|(_, territories)| !territories.is_empty()).collect()
}

/// Releases the records of those who lose access, or refuses where nobody says what becomes of them.
///
/// # Errors
/// [`Error::HeldUp`] with the number of records of each user, where there are some and no fate is given.
pub async fn settle(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    lost: Vec<(Uuid, Vec<Uuid>)>,
    fate: Option<Fate>,
) -> Result<(), Error> {
    let mut held = Vec::new();
    for (owner, territories) in lost {
        let count = owned(tx, owner, &territories).await?;
        if count > 0 {
            held.push((person(tx, owner).await?, territories, count));
        }
    }
    let Some(fate) = fate else {
        return if held.is_empty() { Ok(()) } else { Err(held_up(&held)) };
    };
    for (user, territories, _) in held {
        if fate == Fate::Give(user.id) {
            let detail = format!("{} loses access to these records; give them to somebody else", user.name);
            return Err(Error::invalid("/to", "loses_access", user.id.to_string(), detail));
        }
        app.releases.carry_out(app, tx, actor, Release { owner: user.id, territories, fate }).await?;
    }
    Ok(())
}

fn held_up(held: &[(user::Model, Vec<Uuid>, u64)]) -> Error {
    let words: Vec<String> =
        held.iter().map(|(user, _, count)| format!("{count} of {}", user.name)).collect();
    let by: Vec<_> = held
        .iter()
        .map(|(user, territories, count)| {
            json!({ "user": user.id, "name": user.name, "territories": territories, "records": count })
        })
        .collect();
    let words = words.join(", ");
    let detail = format!(
        "records would belong to people without access to their territory ({words}); \
         say what becomes of them: \"records\": \"rotate\", \"queue\", or \"give\" with \"to\""
    );
    Error::HeldUp { code: "records_owned", detail, by: json!(by) }
}

/// Whatever the role, for roles change: an owner's access is a membership.
async fn person(tx: &Tx, id: Uuid) -> Result<user::Model, Error> {
    let task = tx.as_task(Task::Assignment);
    let user = task.select::<user::Entity>().filter(user::Column::Id.eq(id)).one().await?;
    user.ok_or_else(|| Error::Bug(format!("the member {id} is no user")))
}

async fn owned(tx: &Tx, owner: Uuid, territories: &[Uuid]) -> Result<u64, Error> {
    let task = tx.as_task(Task::Assignment);
    let mut count = 0;
    for territories in territories.chunks(TERRITORIES_AT_ONCE) {
        let leads = task.select::<placed_lead::Entity>().filter(placed_lead::Column::OwnerId.eq(owner));
        let here = placed_lead::Column::TerritoryId.is_in(territories.iter().copied());
        count += leads.filter(here).count().await?;
    }
    Ok(count)
}

/// Bound parameters of one statement have an end.
const TERRITORIES_AT_ONCE: usize = 10_000;
