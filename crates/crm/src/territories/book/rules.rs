//! The rules of a book: compiled, in the order in which each territory tries them. A copy shares what does
//! not change, so that a book of 100,000 rules follows one change without being made anew.
//! Uses: store (rows).

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use condition::parse::{Door, Parsed};
use condition::{Catalog, Condition};
use sea_orm::entity::prelude::*;
use territory::SharedMap;
use territory::{RuleId, When};

use crate::territories::matched::RuleWords;
use crate::territories::store::rule;

/// A rule as the book keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub row: rule::Model,
    /// What is wrong, where the rule is broken; it never matches then.
    pub broken: Vec<condition::Fault>,
    pub condition: Option<Arc<Condition>>,
    /// Said when first asked for.
    pub words: OnceLock<RuleWords>,
}

impl Rule {
    /// Reads the condition of a row.
    pub fn compiled(door: &Door<'_>, row: rule::Model) -> Rule {
        let json = serde_json::from_str(&row.condition).unwrap_or_default();
        let (condition, broken) = match door.parse(&json) {
            Ok(Parsed::Sound(condition)) => (Some(Arc::new(condition)), Vec::new()),
            Ok(Parsed::Broken(faults)) | Err(faults) => (None, faults),
        };
        Rule { row, broken, condition, words: OnceLock::new() }
    }

    /// The rule as the index takes it.
    pub fn for_index(&self) -> territory::Rule {
        let when =
            self.condition.as_ref().map_or(When::Broken, |condition| When::Holds(Arc::clone(condition)));
        let rule::Model { id, name, is_enabled, .. } = &self.row;
        territory::Rule { id: RuleId(id.as_u128()), name: name.clone(), enabled: *is_enabled, when }
    }

    /// What the rules of a territory are tried by.
    fn rank(&self) -> (i64, Uuid) {
        (self.row.position, self.row.id)
    }

    /// The API names of the fields that the rule reads while it is enabled.
    fn reads<'c>(&self, catalog: &'c Catalog) -> impl Iterator<Item = &'c str> {
        let condition = self.condition.as_ref().filter(|_| self.row.is_enabled);
        let ids = condition.map(|condition| condition.fields()).unwrap_or_default();
        ids.into_iter().map(|id| catalog.field(id).key.as_str())
    }
}

/// All rules of a workspace.
#[derive(Clone, Debug)]
pub struct Rules {
    by_id: SharedMap<Uuid, Arc<Rule>>,
    /// By territory, in the order in which they are tried.
    order: SharedMap<Uuid, Arc<Vec<(i64, Uuid)>>>,
    /// How many enabled rules read each field, by its API name.
    readers: HashMap<String, usize>,
    count: usize,
}

impl Rules {
    pub fn of(rules: impl Iterator<Item = Rule>, catalog: &Catalog) -> Rules {
        let rules: Vec<Arc<Rule>> = rules.map(Arc::new).collect();
        let mut order: HashMap<Uuid, Vec<(i64, Uuid)>> = HashMap::new();
        let mut all = Rules {
            by_id: SharedMap::for_about(rules.len()),
            order: SharedMap::for_about(rules.len() / 16),
            readers: HashMap::new(),
            count: rules.len(),
        };
        for rule in rules {
            order.entry(rule.row.territory_id).or_default().push(rule.rank());
            all.count_readers(&rule, catalog, true);
            all.by_id.insert(rule.row.id, rule);
        }
        for (territory, mut rules) in order {
            rules.sort_unstable();
            all.order.insert(territory, Arc::new(rules));
        }
        all
    }

    pub fn get(&self, id: Uuid) -> Option<&Arc<Rule>> {
        self.by_id.get(&id)
    }

    pub fn len(&self) -> usize {
        self.count
    }

    /// The rules of a territory in the order in which they are tried.
    pub fn of_territory(&self, territory: Uuid) -> impl Iterator<Item = &Arc<Rule>> {
        let ids = self.order.get(&territory).map_or(&[][..], |order| order.as_slice());
        ids.iter().filter_map(|(_, id)| self.by_id.get(id))
    }

    /// How many rules of its territory are tried before this one.
    pub fn place(&self, rule: &Rule) -> usize {
        let order = self.order.get(&rule.row.territory_id);
        order.map_or(0, |order| order.partition_point(|rank| *rank < rule.rank()))
    }

    /// Puts a rule in, in place of the one with its id.
    pub fn put(&mut self, rule: Rule, catalog: &Catalog) {
        self.take(rule.row.id, catalog);
        let rule = Arc::new(rule);
        let (territory, place) = (rule.row.territory_id, self.place(&rule));
        if self.order.get(&territory).is_none() {
            self.order.insert(territory, Arc::default());
        }
        if let Some(order) = self.order.get_mut(&territory) {
            Arc::make_mut(order).insert(place, rule.rank());
        }
        self.count_readers(&rule, catalog, true);
        self.by_id.insert(rule.row.id, rule);
        self.count += 1;
    }

    /// Takes a rule out, if it is there.
    pub fn take(&mut self, id: Uuid, catalog: &Catalog) {
        let Some(rule) = self.by_id.get(&id).cloned() else { return };
        let place = self.place(&rule);
        if let Some(order) = self.order.get_mut(&rule.row.territory_id) {
            Arc::make_mut(order).remove(place);
        }
        self.count_readers(&rule, catalog, false);
        self.by_id.remove(&id);
        self.count -= 1;
    }

    /// Says whether an enabled rule reads the field, or one from which it is derived.
    pub fn read(&self, key: &str) -> bool {
        let reads = |key: &str| self.readers.get(key).is_some_and(|&count| count > 0);
        // The point of a record follows from its postcode and country.
        match key {
            "place" => false,
            "postcode" | "country" => reads(key) || reads("place"),
            key => reads(key),
        }
    }

    fn count_readers(&mut self, rule: &Rule, catalog: &Catalog, comes: bool) {
        for key in rule.reads(catalog) {
            match self.readers.get_mut(key) {
                Some(count) if comes => *count += 1,
                Some(count) => *count -= 1,
                None => {
                    self.readers.insert(key.to_owned(), usize::from(comes));
                }
            }
        }
    }
}
