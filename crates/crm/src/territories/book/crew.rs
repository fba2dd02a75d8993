//! Who is in a workspace and in its territories: rings, rights, absences, pauses.
//! Uses: people and territories (rows), tree.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use access::{Membership, Role};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rotation::{Absence, Member, Weight, WorkingHours};
use sea_orm::entity::prelude::*;
use store::Tx;

use crate::app::Micros;
use crate::error::Error;
use crate::people::store::{absence, role, user};
use crate::territories::store::{member, rotation_pause};
use crate::territories::tree::Tree;

/// The rows about people, in the order of their ids.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct People {
    users: Vec<user::Model>,
    absences: Vec<absence::Model>,
    roles: Vec<role::Model>,
    pauses: Vec<rotation_pause::Model>,
}

impl People {
    pub async fn load(tx: &Tx) -> Result<People, Error> {
        let mut users = tx.select::<user::Entity>().all().await?;
        let mut absences = tx.select::<absence::Entity>().all().await?;
        let mut roles = tx.select::<role::Entity>().all().await?;
        let mut pauses = tx.select::<rotation_pause::Entity>().all().await?;
        users.sort_by_key(|row| row.id);
        absences.sort_by_key(|row| row.id);
        roles.sort_by_key(|row| row.id);
        pauses.sort_by_key(|row| row.territory_id);
        Ok(People { users, absences, roles, pauses })
    }
}

/// People and memberships, and what follows from them.
pub(super) struct Crew {
    pub people: People,
    pub memberships: Vec<member::Model>,
    users: HashMap<Uuid, usize>,
    /// In the order of the ring: position, then id.
    rings: HashMap<Uuid, Vec<Member<Uuid>>>,
    /// Who has access, children of including memberships resolved.
    access: HashSet<(Uuid, Uuid)>,
}

impl Crew {
    pub fn of(people: People, memberships: Vec<member::Model>, tree: &Tree) -> Result<Crew, Error> {
        let users = people.users.iter().enumerate().map(|(at, user)| (user.id, at)).collect();
        let rings = rings(&memberships, &people)?;
        let mut crew = Crew { people, memberships, users, rings, access: HashSet::new() };
        crew.access = crew.resolved_access(tree)?;
        Ok(crew)
    }

    pub fn user(&self, id: Uuid) -> Option<&user::Model> {
        self.users.get(&id).and_then(|&at| self.people.users.get(at))
    }

    pub fn ring(&self, territory: Uuid) -> &[Member<Uuid>] {
        self.rings.get(&territory).map_or(&[], Vec::as_slice)
    }

    /// The pause of a territory's rotation, if it is paused.
    pub fn pause(&self, territory: Uuid) -> Option<&rotation_pause::Model> {
        let pauses = &self.people.pauses;
        let at = pauses.binary_search_by_key(&territory, |row| row.territory_id).ok()?;
        pauses.get(at)
    }

    pub fn has_access(&self, user: Uuid, territory: Uuid) -> bool {
        self.access.contains(&(user, territory))
    }

    fn resolved_access(&self, tree: &Tree) -> Result<HashSet<(Uuid, Uuid)>, Error> {
        let mut roles: HashMap<Uuid, Arc<Role>> = HashMap::new();
        for row in &self.people.roles {
            roles.insert(row.id, Arc::new(serde_json::from_str(&row.detail)?));
        }
        let mut of_user: HashMap<Uuid, Vec<Membership>> = HashMap::new();
        for row in &self.memberships {
            if self.user(row.user_id).is_some_and(|user| user.is_active) {
                of_user.entry(row.user_id).or_default().push(Membership {
                    territory: row.territory_id,
                    has_access: row.has_access,
                    role: row.role_id.and_then(|id| roles.get(&id).cloned()),
                    includes_children: row.includes_children,
                });
            }
        }
        let spread = of_user.into_iter().flat_map(|(user, stated)| {
            let spread = access::spread(&stated, |territory| tree.children(Some(territory)).to_vec());
            spread.into_iter().filter(|m| m.has_access).map(move |m| (user, m.territory)).collect::<Vec<_>>()
        });
        Ok(spread.collect())
    }
}

fn rings(memberships: &[member::Model], people: &People) -> Result<HashMap<Uuid, Vec<Member<Uuid>>>, Error> {
    let mut away: HashMap<Uuid, Vec<Absence>> = HashMap::new();
    for row in &people.absences {
        let at = |us: Micros| Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX);
        let absence = Absence { from: at(row.starts_at), until: Some(at(row.ends_at)) };
        away.entry(row.user_id).or_default().push(absence);
    }
    let mut users: HashMap<Uuid, (bool, TimeZone, Option<WorkingHours>)> = HashMap::new();
    for user in &people.users {
        let hours = user.working_hours.as_deref().map(serde_json::from_str).transpose()?;
        let zone = TimeZone::get(&user.time_zone).unwrap_or(TimeZone::UTC);
        users.insert(user.id, (user.is_active, zone, hours));
    }
    let mut rings: HashMap<Uuid, Vec<Member<Uuid>>> = HashMap::new();
    for row in memberships {
        let Some((is_active, zone, hours)) = users.get(&row.user_id) else { continue };
        let cap = |cap: Option<i64>| cap.and_then(|cap| u32::try_from(cap).ok());
        let weight = u32::try_from(row.weight).ok().and_then(|weight| Weight::new(weight).ok());
        rings.entry(row.territory_id).or_default().push(Member {
            id: row.user_id,
            position: row.position,
            weight: weight.unwrap_or(Weight::ONE),
            has_assignment: row.has_assignment && row.has_access,
            user_is_active: *is_active,
            time_zone: zone.clone(),
            hours: hours.clone(),
            absences: away.get(&row.user_id).cloned().unwrap_or_default(),
            open_leads: 0,
            open_leads_max: cap(row.open_leads_max),
            leads_today: 0,
            leads_per_day_max: cap(row.leads_per_day_max),
        });
    }
    for ring in rings.values_mut() {
        ring.sort_by_key(|member| (member.position, member.id));
    }
    Ok(rings)
}
