//! Memberships as given, per territory, and what they mean for the territories below.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::role::Role;

/// What a user's membership in a territory says of access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub territory: Uuid,
    /// Sees the territory's records, as far as the role grants.
    pub has_access: bool,
    /// Counts in this territory in place of the user's own.
    pub role: Option<Arc<Role>>,
    /// Holds in the territories below, too, as far as they have none of their own.
    pub includes_children: bool,
}

/// Spreads memberships down the tree: each territory gets its own or else that of the nearest one above
/// that includes its children. The result speaks of every territory by itself.
pub fn spread(memberships: &[Membership], children: impl Fn(Uuid) -> Vec<Uuid>) -> Vec<Membership> {
    let own: BTreeMap<Uuid, &Membership> = memberships.iter().map(|m| (m.territory, m)).collect();
    let mut spread: Vec<Membership> = own.values().map(|&membership| membership.clone()).collect();
    for membership in own.values().filter(|membership| membership.includes_children) {
        let mut below = children(membership.territory);
        let mut seen = BTreeSet::from([membership.territory]);
        while let Some(territory) = below.pop() {
            let nearer = own.get(&territory);
            // A nearer one that includes its children speaks for all below it.
            if nearer.is_some_and(|nearer| nearer.includes_children) || !seen.insert(territory) {
                continue;
            }
            if nearer.is_none() {
                spread.push(Membership { territory, ..(*membership).clone() });
            }
            below.extend(children(territory));
        }
    }
    spread
}
