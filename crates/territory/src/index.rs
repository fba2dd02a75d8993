//! The index: a plan compiled so that a lead finds its territory without trying the rules one by one.
//! Never changes: a changed plan is another index, which shares what has not changed.
//! Uses: plan, tree, vocabulary, cover, post, slice, program, lead.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use condition::standard::COUNTRY;
use condition::{Condition, Facts};

use crate::axis::spread;
use crate::cover::{Key, postings};
use crate::dictionary::Term;
use crate::lead::{Lead, MISSING, UNKNOWN};
use crate::plan::{Plan, Rule, RuleId, TerritoryId};
use crate::post::{self, Posts, Probe};
use crate::program::Programs;
use crate::shape::{Ask, Shape};
use crate::shared::{Pages, SharedMap};
use crate::slice::Slices;
use crate::tree::{Labels, Tree};
use crate::vocabulary::{CELLS_MAX, Lens, Slot, Vocabulary};

/// The label of a rule that has been removed or replaced.
pub(crate) const RETIRED: u64 = u64::MAX;

/// Where a lead belongs and the rule that says so; the default territory has no rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    pub territory: Option<TerritoryId>,
    pub rule: Option<RuleId>,
}

/// A placement with the territories that were tried in vain before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    pub placed: Placed,
    /// In the order in which they were tried; the first so many, where there are more.
    pub tried: Vec<TerritoryId>,
    pub tried_count: usize,
}

#[derive(Clone, Debug)]
pub struct Index {
    pub(crate) tree: Tree,
    pub(crate) rules: Pages<RuleHead>,
    pub(crate) by_id: SharedMap<RuleId, u32>,
    pub(crate) retired: usize,
    pub(crate) default_territory: Option<TerritoryId>,
    /// Where countries stand, if any rule reads them: half of every pair.
    country: Option<Slot>,
    vocabulary: Arc<Vocabulary>,
    programs: Programs,
    posts: Posts,
    slices: Slices,
    /// Active territories by label, made when first asked for.
    pub(crate) order: OnceLock<Arc<[(u64, TerritoryId)]>>,
}

#[derive(Clone, Debug)]
pub(crate) struct RuleHead {
    pub id: RuleId,
    pub territory: u32,
    /// Here as well, so that placing a lead reads one cache line of the rule.
    pub territory_id: TerritoryId,
    /// Its priority: the lowest matching one wins.
    pub label: u64,
    pub condition: Option<Arc<Condition>>,
}

impl Index {
    /// Compiles a plan.
    pub fn build(plan: &Plan) -> Index {
        let mut tree = Tree::of(plan);
        let mut labels = Labels::fresh();
        let mut rules: Pages<RuleHead> = Pages::default();
        let mut by_id =
            SharedMap::for_about(plan.territories.iter().map(|territory| territory.rules.len()).sum());
        for (at, territory) in (0..).zip(plan.in_order()) {
            for rule in &territory.rules {
                let condition = rule.condition().filter(|_| territory.active).cloned();
                let head = RuleHead {
                    id: rule.id,
                    territory: at,
                    territory_id: territory.id,
                    label: labels.take(),
                    condition,
                };
                let number = rules.push(head);
                tree.node_mut(at).rules.push(number);
                by_id.insert(rule.id, number);
            }
            tree.node_mut(at).label = labels.take();
        }

        let heads: Vec<&RuleHead> = rules.iter().collect();
        let shapes: Vec<Option<Shape>> =
            heads.iter().map(|head| head.condition.as_deref().map(Shape::of)).collect();
        let vocabulary = learn(shapes.iter().flatten());

        let mut programs = Programs::default();
        let mut posts = post::Builder::default();
        let mut sliced = Vec::new();
        for ((number, head), shape) in (0..).zip(&heads).zip(shapes) {
            programs.push(shape.as_ref(), &vocabulary);
            let Some(shape) = shape else { continue };
            let is_posted =
                postings(&shape, &vocabulary).is_some_and(|postings| posts.try_add(postings, number));
            if !is_posted {
                sliced.push((number, head.label, shape));
            }
        }
        let slices = Slices::build(&sliced, &vocabulary);
        drop(sliced);
        let posts = posts.finish(|rule| heads[rule as usize].label);
        Index {
            country: vocabulary.slot(COUNTRY),
            vocabulary: Arc::new(vocabulary),
            programs,
            posts,
            slices,
            tree,
            rules,
            by_id,
            retired: 0,
            default_territory: plan.default_territory,
            order: OnceLock::new(),
        }
    }

    /// Finds the territory of a record.
    pub fn place(&self, facts: &Facts) -> Placed {
        match self.winner(facts) {
            Some(rule) => {
                let head = self.rules.get(rule);
                Placed { territory: Some(head.territory_id), rule: Some(head.id) }
            }
            None => Placed { territory: self.active_default(), rule: None },
        }
    }

    /// Finds the territory of a record, and at most so many of those that were tried before it.
    pub fn explain(&self, facts: &Facts, tried_max: usize) -> Explained {
        let placed = self.place(facts);
        let order = self.order.get_or_init(|| self.active_in_order());
        let tried_count = match self.winner(facts) {
            Some(rule) => {
                let label = self.rules.get(rule).label;
                order.partition_point(|&(tried, _)| tried < label)
            }
            None => order.len(),
        };
        let tried = order[..tried_count.min(tried_max)].iter().map(|&(_, id)| id).collect();
        Explained { placed, tried, tried_count }
    }

    /// How many rules the index holds, disabled and broken ones included.
    pub fn rule_count(&self) -> usize {
        self.rules.len() - self.retired
    }

    fn active_in_order(&self) -> Arc<[(u64, TerritoryId)]> {
        let active = self.tree.nodes().filter(|node| node.is_active);
        let mut order: Vec<_> = active.map(|node| (node.label, node.id)).collect();
        order.sort_unstable();
        order.into()
    }

    fn active_default(&self) -> Option<TerritoryId> {
        let at = self.tree.find(self.default_territory?)?;
        self.tree.node(at).is_active.then_some(self.tree.node(at).id)
    }

    fn winner(&self, facts: &Facts) -> Option<u32> {
        let lead = Lead::new(facts, &self.vocabulary);
        let mut search = Search { index: self, lead: &lead, worst: RETIRED, winner: None };
        for &probe in self.posts.probes() {
            search.probe(probe);
        }
        let mut winner = search.winner;
        self.slices.each_candidate(&lead, search.worst, |rule, priority| {
            let wins = self.is_live(rule, priority) && self.programs.holds(rule, &lead);
            wins.then(|| {
                winner = Some(rule);
                priority
            })
        });
        winner
    }

    /// Tells whether the rule still has that priority: entries of retired rules stay in the tables.
    fn is_live(&self, rule: u32, priority: u64) -> bool {
        self.rules.get(rule).label == priority
    }

    /// Enters a rule under a new number and returns it.
    pub(crate) fn enter(&mut self, rule: &Rule, territory: u32, label: u64) -> u32 {
        let is_active = self.tree.node(territory).is_active;
        let condition = rule.condition().filter(|_| is_active).cloned();
        self.enter_condition(rule.id, condition, territory, label)
    }

    pub(crate) fn enter_condition(
        &mut self,
        id: RuleId,
        condition: Option<Arc<Condition>>,
        territory: u32,
        label: u64,
    ) -> u32 {
        let number = self.rules.push(RuleHead {
            id,
            territory,
            territory_id: self.tree.node(territory).id,
            label,
            condition: condition.clone(),
        });
        self.by_id.insert(id, number);
        let shape = condition.as_deref().map(Shape::of);
        if let Some(shape) = &shape {
            Arc::make_mut(&mut self.vocabulary).learn(shape, false);
            self.country = self.vocabulary.slot(COUNTRY);
        }
        self.programs.push(shape.as_ref(), &self.vocabulary);
        if let Some(shape) = &shape {
            let rules = &self.rules;
            let is_live = |rule, priority| rules.get(rule).label == priority;
            let is_posted = postings(shape, &self.vocabulary)
                .is_some_and(|postings| self.posts.try_add(&postings, number, label, is_live));
            if !is_posted {
                self.slices.add(number, label, shape, &self.vocabulary, is_live);
            }
        }
        number
    }

    pub(crate) fn retire(&mut self, rule: u32) {
        let head = self.rules.get_mut(rule);
        head.label = RETIRED;
        head.condition = None;
        self.retired += 1;
    }
}

/// Gathers what the rules name, and cuts each field's numbers into cells.
fn learn<'s, 'a: 's>(shapes: impl Iterator<Item = &'s Shape<'a>>) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let mut numbers: BTreeMap<Slot, Vec<i64>> = BTreeMap::new();
    for shape in shapes {
        vocabulary.learn(shape, true);
        shape.each_leaf(&mut |leaf| {
            if let Ask::Within(interval) = leaf.ask
                && let (Some(lo), Some(hi)) = (interval.lo, interval.hi)
                && let Some(slot) = vocabulary.slot(leaf.field())
            {
                numbers.entry(slot).or_default().extend([lo, hi]);
            }
        });
    }
    for (slot, bounds) in numbers {
        vocabulary.set_cells(slot, spread(bounds, CELLS_MAX - 1));
    }
    vocabulary
}

/// The search for the matching rule of the lowest priority.
struct Search<'a> {
    index: &'a Index,
    lead: &'a Lead<'a>,
    worst: u64,
    winner: Option<u32>,
}

impl Search<'_> {
    fn probe(&mut self, probe: Probe) {
        let words = self.index.vocabulary.words(probe.slot);
        if probe.lens == Lens::Exact && words.is_single() {
            let term = self.lead.term(probe.slot);
            if term < UNKNOWN {
                self.look(probe, term);
            }
        } else if let Some(value) = self.lead.value(probe.slot) {
            words.each_term(probe.lens, value, |term| self.look(probe, term));
        }
    }

    fn look(&mut self, probe: Probe, term: Term) {
        if probe.has_singles {
            self.search(Key::of(probe.slot, probe.lens, None, term));
        }
        if probe.has_pairs
            && let Some(country) = self.index.country.map(|slot| self.lead.term(slot))
            && !matches!(country, MISSING | UNKNOWN)
        {
            self.search(Key::of(probe.slot, probe.lens, Some(country), term));
        }
    }

    fn search(&mut self, key: Key) {
        let Some(found) = self.index.posts.find(key) else { return };
        let (index, lead) = (self.index, self.lead);
        found.first(lead, self.worst, |rule, priority, is_open| {
            // A program is asked first: most open entries fall there, and few are of retired rules.
            let wins = (!is_open || index.programs.holds(rule, lead)) && index.is_live(rule, priority);
            if wins {
                self.worst = priority;
                self.winner = Some(rule);
            }
            wins
        });
    }
}
