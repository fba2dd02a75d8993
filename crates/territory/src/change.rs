//! Changes of a compiled plan: each gives another index, which shares what has not changed.
//! Uses: index, tree, plan.

use std::fmt;
use std::sync::OnceLock;

use crate::index::Index;
use crate::plan::{Rule, RuleId, Territory, TerritoryId};
use crate::tree::Labels;

/// With more retired rules than live ones, and more than so many, an index is built anew.
const RETIRED_MAX: usize = 4096;

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    UnknownTerritory(TerritoryId),
    UnknownRule(RuleId),
    KnownRule(RuleId),
    KnownTerritory(TerritoryId),
    /// A territory goes after its rules and children.
    StillHolds(TerritoryId),
    /// A territory cannot move below itself.
    BelowItself(TerritoryId),
    /// After very many changes there is no room left; build the index anew from the plan.
    WornOut,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::UnknownTerritory(id) => write!(f, "the plan has no territory {:032x}", id.0),
            Refused::UnknownRule(id) => write!(f, "the plan has no rule {:032x}", id.0),
            Refused::KnownRule(id) => write!(f, "the plan already has a rule {:032x}", id.0),
            Refused::KnownTerritory(id) => write!(f, "the plan already has a territory {:032x}", id.0),
            Refused::StillHolds(id) => write!(f, "territory {:032x} still holds rules or territories", id.0),
            Refused::BelowItself(id) => write!(f, "territory {:032x} cannot move below itself", id.0),
            Refused::WornOut => f.write_str("no room for more changes; build the index anew"),
        }
    }
}

impl std::error::Error for Refused {}

impl Index {
    /// Adds a rule to a territory, `at` so many rules from its first, or at its end.
    pub fn with_rule_added(&self, territory: TerritoryId, at: usize, rule: &Rule) -> Result<Index, Refused> {
        if self.by_id.get(&rule.id).is_some() {
            return Err(Refused::KnownRule(rule.id));
        }
        let territory = self.territory(territory)?;
        let mut next = self.next()?;
        let node = next.tree.node(territory);
        let at = at.min(node.rules.len());
        let label = |rule: u32| next.rules.get(rule).label;
        let below = match at {
            0 => next.tree.label_before_rules(territory),
            _ => label(node.rules[at - 1]),
        };
        let above = node.rules.get(at).map_or(node.label, |&rule| label(rule));
        let label = Labels::between(below, above, 1).ok_or(Refused::WornOut)?.take();
        let number = next.enter(rule, territory, label);
        next.tree.node_mut(territory).rules.insert(at, number);
        Ok(next)
    }

    /// Puts a rule in the place of the one with its id.
    pub fn with_rule_replaced(&self, rule: &Rule) -> Result<Index, Refused> {
        let old = self.rule(rule.id)?;
        let mut next = self.next()?;
        let (territory, label) = (self.rules.get(old).territory, self.rules.get(old).label);
        next.retire(old);
        let new = next.enter(rule, territory, label);
        next.renumber(territory, old, new);
        Ok(next)
    }

    /// Takes a rule out.
    pub fn with_rule_removed(&self, rule: RuleId) -> Result<Index, Refused> {
        let old = self.rule(rule)?;
        let mut next = self.next()?;
        next.retire(old);
        next.by_id.remove(&rule);
        next.tree.node_mut(self.rules.get(old).territory).rules.retain(|&number| number != old);
        Ok(next)
    }

    /// Hangs a territory, with everything below it, elsewhere or under another name; the same
    /// parent with another position or name gives it another place among its siblings.
    pub fn with_territory_moved(
        &self,
        territory: TerritoryId,
        parent: Option<TerritoryId>,
        position: i64,
        name: &str,
    ) -> Result<Index, Refused> {
        let at = self.territory(territory)?;
        let parent = parent.map(|parent| self.territory(parent)).transpose()?;
        let mut next = self.next()?;
        if !next.tree.hang(at, parent, position, name) {
            return Err(Refused::BelowItself(territory));
        }
        let branch = next.tree.branch(at);
        let count = branch.iter().map(|&at| next.tree.node(at).rules.len() + 1).sum();
        let below = next.tree.label_before_branch(at);
        let above = next.tree.label_after_branch(at, |rule| next.rules.get(rule).label);
        let mut labels = Labels::between(below, above, count).ok_or(Refused::WornOut)?;
        for at in branch {
            let rules = next.tree.node(at).rules.clone();
            let rules = rules.into_iter().map(|old| next.relabel(old, labels.take())).collect();
            let node = next.tree.node_mut(at);
            node.rules = rules;
            node.label = labels.take();
        }
        next.order = OnceLock::new();
        Ok(next)
    }

    /// Adds a territory in its place among its siblings, without rules: those are added one by one.
    pub fn with_territory_added(&self, territory: &Territory) -> Result<Index, Refused> {
        if self.tree.find(territory.id).is_some() {
            return Err(Refused::KnownTerritory(territory.id));
        }
        let parent = territory.parent.map(|parent| self.territory(parent)).transpose()?;
        let mut next = self.next()?;
        let at = next.tree.add(territory, parent);
        let below = next.tree.label_before_branch(at);
        let above = next.tree.label_after_branch(at, |rule| next.rules.get(rule).label);
        let label = Labels::between(below, above, 1).ok_or(Refused::WornOut)?.take();
        next.tree.node_mut(at).label = label;
        next.order = OnceLock::new();
        Ok(next)
    }

    /// Takes a territory out that holds no rules and no territories any more.
    pub fn with_territory_removed(&self, territory: TerritoryId) -> Result<Index, Refused> {
        let at = self.territory(territory)?;
        let node = self.tree.node(at);
        if !(node.rules.is_empty() && node.children.is_empty()) {
            return Err(Refused::StillHolds(territory));
        }
        let mut next = self.next()?;
        next.tree.remove(at);
        next.order = OnceLock::new();
        Ok(next)
    }

    /// Switches a territory on or off; `rules` are all that it holds, in any order.
    pub fn with_territory_switched(
        &self,
        territory: TerritoryId,
        is_active: bool,
        rules: &[Rule],
    ) -> Result<Index, Refused> {
        let at = self.territory(territory)?;
        let mut next = self.next()?;
        next.tree.node_mut(at).is_active = is_active;
        next.order = OnceLock::new();
        for rule in rules {
            let old = self.rule(rule.id)?;
            let label = self.rules.get(old).label;
            next.retire(old);
            let new = next.enter(rule, at, label);
            next.renumber(at, old, new);
        }
        Ok(next)
    }

    /// Lets another territory, or none, catch what no rule matches.
    #[must_use]
    pub fn with_default_territory(&self, territory: Option<TerritoryId>) -> Index {
        let mut next = self.clone();
        next.default_territory = territory;
        next
    }

    /// Gives a rule another priority.
    fn relabel(&mut self, old: u32, label: u64) -> u32 {
        let head = self.rules.get(old).clone();
        self.retire(old);
        self.enter_condition(head.id, head.condition, head.territory, label)
    }

    fn renumber(&mut self, territory: u32, old: u32, new: u32) {
        for number in &mut self.tree.node_mut(territory).rules {
            if *number == old {
                *number = new;
            }
        }
    }

    fn next(&self) -> Result<Index, Refused> {
        let is_worn_out = self.retired > RETIRED_MAX && self.retired > self.rule_count();
        if is_worn_out { Err(Refused::WornOut) } else { Ok(self.clone()) }
    }

    fn territory(&self, id: TerritoryId) -> Result<u32, Refused> {
        self.tree.find(id).ok_or(Refused::UnknownTerritory(id))
    }

    fn rule(&self, id: RuleId) -> Result<u32, Refused> {
        self.by_id.get(&id).copied().ok_or(Refused::UnknownRule(id))
    }
}
