//! The tree of territories as the index keeps it, with a label for every rule and territory: labels
//! grow in the order of trial and leave gaps, so that a move renumbers only what moves.
//! Uses: plan, shared.

use std::sync::Arc;

use crate::plan::{Plan, Territory, TerritoryId, rank};
use crate::shared::{Pages, SharedMap};

/// The gap between neighbours in a fresh plan: room for 2³⁶ moves spread evenly, and for about 36
/// that always hit the same place.
const GAP: u64 = 1 << 36;

#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Pages<Arc<Node>>,
    by_id: SharedMap<TerritoryId, u32>,
    roots: Arc<Vec<u32>>,
}

/// One territory. Its rules carry the labels below its own and above those of what is tried before.
#[derive(Clone, Debug)]
pub struct Node {
    pub id: TerritoryId,
    pub parent: Option<u32>,
    pub position: i64,
    pub name: String,
    pub is_active: bool,
    /// In the order in which they are tried.
    pub children: Vec<u32>,
    /// In the order in which they are tried, by the rule's number in the index.
    pub rules: Vec<u32>,
    pub label: u64,
}

/// Labels without end: the first is the lowest that may be given, and so on evenly.
#[derive(Clone, Copy, Debug)]
pub struct Labels {
    next: u64,
    step: u64,
}

impl Labels {
    pub fn fresh() -> Labels {
        Labels { next: GAP, step: GAP }
    }

    /// Spreads so many labels evenly between two others; `None` where the gap is too small.
    pub fn between(below: u64, above: u64, count: usize) -> Option<Labels> {
        let step = (above - below) / (u64::try_from(count).ok()? + 1);
        (step > 0).then_some(Labels { next: below + step, step })
    }

    pub fn take(&mut self) -> u64 {
        let label = self.next;
        self.next += self.step;
        label
    }
}

impl Tree {
    /// Takes in the territories, in the order of trial, without their rules.
    pub fn of(plan: &Plan) -> Tree {
        let order = plan.in_order();
        let mut tree =
            Tree { nodes: Pages::default(), by_id: SharedMap::for_about(order.len()), roots: Arc::default() };
        for (at, territory) in (0..).zip(&order) {
            tree.by_id.insert(territory.id, at);
        }
        for territory in &order {
            tree.nodes.push(Arc::new(Node {
                id: territory.id,
                parent: territory.parent.and_then(|parent| tree.by_id.get(&parent).copied()),
                position: territory.position,
                name: territory.name.clone(),
                is_active: territory.active,
                children: Vec::new(),
                rules: Vec::new(),
                label: 0,
            }));
        }
        // Siblings come in the order of trial, as they do in `order`.
        for at in (0..).take(order.len()) {
            match tree.node(at).parent {
                Some(parent) => tree.node_mut(parent).children.push(at),
                None => Arc::make_mut(&mut tree.roots).push(at),
            }
        }
        debug_assert!(
            order.windows(2).all(|two| two[0].parent != two[1].parent || rank(two[0]) < rank(two[1]))
        );
        tree
    }

    pub fn find(&self, id: TerritoryId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub fn node(&self, at: u32) -> &Node {
        self.nodes.get(at)
    }

    pub fn node_mut(&mut self, at: u32) -> &mut Node {
        Arc::make_mut(self.nodes.get_mut(at))
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().map(Arc::as_ref)
    }

    /// The label of whatever is tried last before the first rule of this territory itself.
    pub fn label_before_rules(&self, at: u32) -> u64 {
        match self.node(at).children.last() {
            Some(&child) => self.node(child).label,
            None => self.label_before_branch(at),
        }
    }

    /// The label of whatever is tried last before this territory and everything below it.
    pub fn label_before_branch(&self, at: u32) -> u64 {
        let mut at = at;
        loop {
            let siblings = self.siblings(at);
            let place = siblings.iter().position(|&sibling| sibling == at).expect("a child of its parent");
            if place > 0 {
                return self.node(siblings[place - 1]).label;
            }
            match self.node(at).parent {
                Some(parent) => at = parent,
                None => return 0,
            }
        }
    }

    /// The label of whatever is tried first after this territory.
    pub fn label_after_branch(&self, at: u32, label_of_rule: impl Fn(u32) -> u64) -> u64 {
        let siblings = self.siblings(at);
        let place = siblings.iter().position(|&sibling| sibling == at).expect("a child of its parent");
        let mut next = match (siblings.get(place + 1), self.node(at).parent) {
            (Some(&sibling), _) => {
                let mut first = sibling;
                while let Some(&child) = self.node(first).children.first() {
                    first = child;
                }
                Some(first)
            }
            (None, parent) => parent,
        };
        match next.take() {
            Some(next) => {
                let node = self.node(next);
                node.rules.first().map_or(node.label, |&rule| label_of_rule(rule))
            }
            None => u64::MAX,
        }
    }

    fn siblings(&self, at: u32) -> &[u32] {
        match self.node(at).parent {
            Some(parent) => &self.node(parent).children,
            None => &self.roots,
        }
    }

    /// Adds a territory without children and rules in its place among its siblings; its label is not set.
    pub fn add(&mut self, territory: &Territory, parent: Option<u32>) -> u32 {
        let at = self.nodes.push(Arc::new(Node {
            id: territory.id,
            parent,
            position: territory.position,
            name: territory.name.clone(),
            is_active: territory.active,
            children: Vec::new(),
            rules: Vec::new(),
            label: 0,
        }));
        self.by_id.insert(territory.id, at);
        self.hang(at, parent, territory.position, &territory.name);
        at
    }

    /// Takes a territory without children and rules out; its place in the list stays, inactive.
    pub fn remove(&mut self, at: u32) {
        let (id, parent) = (self.node(at).id, self.node(at).parent);
        self.edit_siblings(parent, |siblings| siblings.retain(|&sibling| sibling != at));
        self.by_id.remove(&id);
        self.node_mut(at).is_active = false;
    }

    /// Hangs a territory elsewhere; its label and those of everything below it are then stale.
    /// Tells whether that was possible: nothing moves below itself.
    pub fn hang(&mut self, at: u32, parent: Option<u32>, position: i64, name: &str) -> bool {
        let mut above = parent;
        while let Some(ancestor) = above {
            if ancestor == at {
                return false;
            }
            above = self.node(ancestor).parent;
        }
        self.edit_siblings(self.node(at).parent, |siblings| siblings.retain(|&sibling| sibling != at));
        let node = self.node_mut(at);
        node.parent = parent;
        node.position = position;
        name.clone_into(&mut node.name);
        let place = {
            let rank = |node: &Node| (node.position, node.name.clone(), node.id);
            let own = rank(self.node(at));
            self.siblings(at).partition_point(|&sibling| rank(self.node(sibling)) < own)
        };
        self.edit_siblings(parent, |siblings| siblings.insert(place, at));
        true
    }

    fn edit_siblings(&mut self, parent: Option<u32>, edit: impl FnOnce(&mut Vec<u32>)) {
        match parent {
            Some(parent) => edit(&mut self.node_mut(parent).children),
            None => edit(Arc::make_mut(&mut self.roots)),
        }
    }

    /// The territory and everything below it, in the order of trial.
    pub fn branch(&self, at: u32) -> Vec<u32> {
        let mut order = Vec::new();
        let mut stack = vec![(at, false)];
        while let Some((at, children_done)) = stack.pop() {
            if children_done {
                order.push(at);
            } else {
                stack.push((at, true));
                stack.extend(self.node(at).children.iter().rev().map(|&child| (child, false)));
            }
        }
        order
    }
}
