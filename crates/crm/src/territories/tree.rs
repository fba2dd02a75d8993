//! The tree of territories at one moment, and what may be done with it: pure.
//! Uses: store (rows).

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::store::territory;

/// Territories by id, siblings by position, then name, then id.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    rows: HashMap<Uuid, territory::Model>,
    children: HashMap<Option<Uuid>, Vec<Uuid>>,
}

/// The order of siblings.
fn rank(row: &territory::Model) -> (i64, &str, Uuid) {
    (row.position, &row.name, row.id)
}

impl Tree {
    pub fn of(rows: Vec<territory::Model>) -> Tree {
        let rows: HashMap<Uuid, territory::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut sorted: Vec<&territory::Model> = rows.values().collect();
        sorted.sort_unstable_by(|a, b| rank(a).cmp(&rank(b)));
        let mut children: HashMap<Option<Uuid>, Vec<Uuid>> = HashMap::new();
        for row in sorted {
            // A parent that is not in sight makes a root.
            let parent = row.parent_id.filter(|parent| rows.contains_key(parent));
            children.entry(parent).or_default().push(row.id);
        }
        Tree { rows, children }
    }

    pub fn get(&self, id: Uuid) -> Option<&territory::Model> {
        self.rows.get(&id)
    }

    pub fn rows(&self) -> impl Iterator<Item = &territory::Model> {
        self.rows.values()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The children in their order; of nobody, the roots.
    pub fn children(&self, parent: Option<Uuid>) -> &[Uuid] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    pub fn named(&self, name: &str) -> Option<&territory::Model> {
        self.rows.values().find(|row| row.name == name)
    }

    /// What somebody sees of the tree who sees only these: each below the nearest one above that is seen,
    /// in the order of the whole.
    #[must_use]
    pub fn seen(self, seen: &HashSet<Uuid>) -> Tree {
        if seen.len() == self.rows.len() {
            return self;
        }
        let mut children: HashMap<Option<Uuid>, Vec<Uuid>> = HashMap::new();
        let mut rows = HashMap::new();
        for row in self.in_order().into_iter().filter(|row| seen.contains(&row.id)) {
            let path = self.path(row.id);
            let parent = path.iter().rev().skip(1).map(|above| above.id).find(|above| seen.contains(above));
            children.entry(parent).or_default().push(row.id);
            rows.insert(row.id, territory::Model { parent_id: parent, ..row.clone() });
        }
        Tree { rows, children }
    }

    /// All territories in the order in which they are tried: children before their parent.
    pub fn in_order(&self) -> Vec<&territory::Model> {
        let mut order = Vec::with_capacity(self.rows.len());
        let mut stack: Vec<(Uuid, bool)> =
            self.children(None).iter().rev().map(|&root| (root, false)).collect();
        while let Some((id, children_done)) = stack.pop() {
            if children_done {
                order.extend(self.rows.get(&id));
            } else {
                stack.push((id, true));
                stack.extend(self.children(Some(id)).iter().rev().map(|&child| (child, false)));
            }
        }
        order
    }

    /// The place of each among its siblings, counted from one.
    pub fn places(&self) -> HashMap<Uuid, i64> {
        self.children.values().flat_map(|siblings| siblings.iter().copied().zip(1..)).collect()
    }

    /// From the root down to the territory itself.
    pub fn path(&self, id: Uuid) -> Vec<&territory::Model> {
        let mut path = Vec::new();
        let mut seen = HashSet::new();
        let mut next = Some(id);
        while let Some(row) = next.filter(|&id| seen.insert(id)).and_then(|id| self.rows.get(&id)) {
            path.push(row);
            next = row.parent_id;
        }
        path.reverse();
        path
    }

    /// Says whether the territory is the other one or lies somewhere below it.
    pub fn is_within(&self, id: Uuid, branch: Uuid) -> bool {
        self.path(id).iter().any(|row| row.id == branch)
    }

    /// The territory and all that lie below it.
    pub fn branch(&self, id: Uuid) -> Vec<Uuid> {
        let mut branch = vec![id];
        let mut at = 0;
        while let Some(&id) = branch.get(at) {
            branch.extend(self.children(Some(id)));
            at += 1;
        }
        branch
    }

    /// The siblings' new order with the territory as the `place`-th of them, counted from one; beyond the
    /// last, at the end.
    pub fn siblings_with(&self, parent: Option<Uuid>, id: Uuid, place: usize) -> Vec<Uuid> {
        let others = self.children(parent).iter().copied().filter(|&sibling| sibling != id);
        let mut siblings: Vec<Uuid> = others.collect();
        siblings.insert(place.saturating_sub(1).min(siblings.len()), id);
        siblings
    }
}

/// The rows whose position is not their place, counted from one.
pub fn renumbered(tree: &Tree, siblings: &[Uuid]) -> Vec<(Uuid, i64)> {
    let places = siblings.iter().copied().zip(1..);
    places.filter(|&(id, place)| tree.get(id).is_none_or(|row| row.position != place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: u128, parent: Option<u128>, position: i64, name: &str) -> territory::Model {
        territory::Model {
            workspace_id: Uuid::nil(),
            id: Uuid::from_u128(id),
            since: 1,
            until: None,
            valid_from: 0,
            valid_to: None,
            parent_id: parent.map(Uuid::from_u128),
            name: name.to_owned(),
            position,
            color: "moos".to_owned(),
            is_active: true,
            calendar: None,
        }
    }

    fn sample() -> Tree {
        Tree::of(vec![
            row(1, None, 2, "Welt"),
            row(2, None, 1, "Deutschland"),
            row(3, Some(2), 1, "Süd"),
            row(4, Some(2), 1, "Nord"),
            row(5, Some(3), 1, "Bayern"),
        ])
    }

    fn ids(rows: &[&territory::Model]) -> Vec<u128> {
        rows.iter().map(|row| row.id.as_u128()).collect()
    }

    #[test]
    fn children_are_tried_before_their_parent() {
        assert_eq!(ids(&sample().in_order()), [4, 5, 3, 2, 1]);
        assert_eq!(ids(&sample().path(Uuid::from_u128(5))), [2, 3, 5]);
        assert_eq!(sample().branch(Uuid::from_u128(2)).len(), 4);
        assert!(sample().is_within(Uuid::from_u128(5), Uuid::from_u128(2)));
        assert!(!sample().is_within(Uuid::from_u128(2), Uuid::from_u128(5)));
    }

    #[test]
    fn the_order_is_the_one_in_which_rules_are_tried() {
        let tree = sample();
        let plan = ::territory::Plan {
            territories: tree
                .rows()
                .map(|row| ::territory::Territory {
                    id: ::territory::TerritoryId(row.id.as_u128()),
                    parent: row.parent_id.map(|id| ::territory::TerritoryId(id.as_u128())),
                    name: row.name.clone(),
                    position: row.position,
                    active: true,
                    color: None,
                    rules: Vec::new(),
                })
                .collect(),
            default_territory: None,
        };
        let tried: Vec<u128> = plan.in_order().iter().map(|territory| territory.id.0).collect();
        assert_eq!(ids(&tree.in_order()), tried);
    }

    #[test]
    fn a_territory_takes_its_place_among_its_siblings() {
        let tree = sample();
        let (south, germany) = (Uuid::from_u128(3), Some(Uuid::from_u128(2)));
        let siblings = tree.siblings_with(germany, south, 1);
        assert_eq!(siblings, [3, 4].map(Uuid::from_u128));
        assert_eq!(renumbered(&tree, &siblings), [(Uuid::from_u128(4), 2)]);
        assert_eq!(tree.siblings_with(germany, south, 99), [4, 3].map(Uuid::from_u128));
        assert_eq!(tree.siblings_with(None, south, 2), [2, 3, 1].map(Uuid::from_u128));
    }
}
