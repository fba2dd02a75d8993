//! A plan: the tree of territories with their rules, and the order in which they are tried.

use std::collections::HashMap;
use std::sync::Arc;

use condition::Condition;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TerritoryId(pub u128);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u128);

/// What a rule asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// The condition; shared, since plan and index both hold it.
    Holds(Arc<Condition>),
    /// It names a field, choice or unit that does not exist (any more), so the rule never matches.
    Broken,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    pub enabled: bool,
    pub when: When,
}

impl Rule {
    /// The condition, if the rule takes part in placement.
    pub fn condition(&self) -> Option<&Arc<Condition>> {
        match &self.when {
            When::Holds(condition) if self.enabled => Some(condition),
            When::Holds(_) | When::Broken => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Territory {
    pub id: TerritoryId,
    pub parent: Option<TerritoryId>,
    pub name: String,
    /// Rank among its siblings; ties go by name, then by id.
    pub position: i64,
    /// An inactive territory is passed over, its children are not.
    pub active: bool,
    pub color: Option<String>,
    /// In the order in which they are tried.
    pub rules: Vec<Rule>,
}

/// All territories of a workspace at one version. Parents form no circle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub territories: Vec<Territory>,
    /// Catches what no rule matches, as long as it is active.
    pub default_territory: Option<TerritoryId>,
}

impl Plan {
    /// Returns the territories in the order in which they are tried: children before their parent,
    /// siblings by position, then name, then id.
    pub fn in_order(&self) -> Vec<&Territory> {
        let by_id: HashMap<TerritoryId, usize> =
            self.territories.iter().enumerate().map(|(at, territory)| (territory.id, at)).collect();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); self.territories.len()];
        let mut roots = Vec::new();
        for (at, territory) in self.territories.iter().enumerate() {
            match territory.parent.and_then(|parent| by_id.get(&parent)) {
                Some(&parent) => children[parent].push(at),
                None => roots.push(at),
            }
        }
        for siblings in children.iter_mut().chain([&mut roots]) {
            siblings.sort_by(|&a, &b| rank(&self.territories[a]).cmp(&rank(&self.territories[b])));
        }

        let mut order = Vec::with_capacity(self.territories.len());
        // A parent stands in the stack below its children until they are through; depth has no limit.
        let mut stack: Vec<(usize, bool)> = roots.iter().rev().map(|&root| (root, false)).collect();
        while let Some((at, children_done)) = stack.pop() {
            if children_done {
                order.push(&self.territories[at]);
            } else {
                stack.push((at, true));
                stack.extend(children[at].iter().rev().map(|&child| (child, false)));
            }
        }
        order
    }
}

/// What siblings are sorted by.
pub fn rank(territory: &Territory) -> (i64, &str, TerritoryId) {
    (territory.position, &territory.name, territory.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn territory(id: u128, parent: Option<u128>, position: i64, name: &str) -> Territory {
        Territory {
            id: TerritoryId(id),
            parent: parent.map(TerritoryId),
            name: name.to_owned(),
            position,
            active: true,
            color: None,
            rules: Vec::new(),
        }
    }

    fn order(territories: Vec<Territory>) -> Vec<u128> {
        let plan = Plan { territories, default_territory: None };
        plan.in_order().iter().map(|territory| territory.id.0).collect()
    }

    #[test]
    fn children_are_tried_before_their_parent_and_siblings_by_position_name_and_id() {
        let tried = order(vec![
            territory(1, None, 2, "Welt"),
            territory(2, None, 1, "Deutschland"),
            territory(3, Some(2), 1, "Süd"),
            territory(4, Some(2), 1, "Nord"),
            territory(6, Some(3), 1, "Bayern"),
            territory(5, Some(3), 1, "Bayern"),
            territory(7, Some(2), 0, "Zuletzt benannt, zuerst gereiht"),
        ]);
        assert_eq!(tried, [7, 4, 5, 6, 3, 2, 1]);
    }

    #[test]
    fn a_tree_of_100_000_levels_is_walked_without_recursion() {
        let chain = (0..100_000).map(|id| territory(id, id.checked_sub(1), 0, "")).collect();
        assert_eq!(order(chain), (0..100_000).rev().collect::<Vec<_>>());
    }
}
