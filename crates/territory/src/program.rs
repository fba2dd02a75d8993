//! Programs: each rule's condition as a flat list of tests with a jump on true and one on false.
//! Uses: shape, vocabulary, lead, condition.

use std::collections::BTreeMap;
use std::sync::Arc;

use condition::{Criterion, Interval, Kind, Value};

use crate::lead::Lead;
use crate::shape::{Ask, Leaf, Shape};
use crate::vocabulary::{Lens, Slot, Vocabulary, Words, longest_run, turned_round};

/// Rules per page: one copy per change, and neighbours in order lie side by side.
const PAGE: usize = 256;

const ACCEPT: u32 = u32::MAX;
const REJECT: u32 = u32::MAX - 1;

/// Lists up to that length are searched from one end to the other.
const LINEAR_MAX: usize = 16;

/// The programs of all rules, numbered like the rules.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    pages: Vec<Arc<Page>>,
}

#[derive(Clone, Debug, Default)]
struct Page {
    /// Where each rule's program begins, or `ACCEPT` or `REJECT` itself.
    starts: Vec<u32>,
    tests: Vec<Test>,
    terms: Vec<u32>,
    intervals: Vec<Interval>,
    criteria: Vec<Criterion>,
}

#[derive(Clone, Copy, Debug)]
struct Test {
    op: Op,
    slot: Slot,
    /// What is compared with: a range of `terms`, or one of `intervals` or `criteria`; of patterns
    /// both, a criterion for each term.
    from: u32,
    to: u32,
    on_true: u32,
    on_false: u32,
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Empty,
    /// Of a field with one value.
    OneOf,
    Within,
    /// Looks for any of many texts inside the field's, or at its end.
    Contains,
    EndsWith,
    /// Looks for what many patterns have in common, and asks the criteria from there on.
    Matches(u32),
    /// Asks the criterion itself.
    Holds,
}

impl Programs {
    /// Adds the next rule's program; a rule that takes no part has none.
    pub fn push(&mut self, shape: Option<&Shape>, vocabulary: &Vocabulary) {
        if self.pages.last().is_none_or(|page| page.starts.len() == PAGE) {
            self.pages.push(Arc::default());
        }
        let page = Arc::make_mut(self.pages.last_mut().expect("a page was just added"));
        let start = shape.map_or(REJECT, |shape| page.compile(shape, vocabulary));
        page.starts.push(start);
    }

    /// Tells whether the rule's condition holds for the lead.
    pub fn holds(&self, rule: u32, lead: &Lead) -> bool {
        let page = &self.pages[rule as usize / PAGE];
        let mut at = page.starts[rule as usize % PAGE];
        while at < REJECT {
            let test = page.tests[at as usize];
            at = if page.is_true(test, lead) { test.on_true } else { test.on_false };
        }
        at == ACCEPT
    }
}

impl Page {
    fn is_true(&self, test: Test, lead: &Lead) -> bool {
        match test.op {
            Op::Empty => lead.value(test.slot).is_none(),
            Op::OneOf => {
                let terms = &self.terms[test.from as usize..test.to as usize];
                let term = lead.term(test.slot);
                if terms.len() <= LINEAR_MAX {
                    terms.contains(&term)
                } else {
                    terms.binary_search(&term).is_ok()
                }
            }
            Op::Within => match lead.value(test.slot) {
                Some(Value::Integer(number) | Value::Moment { us: number, .. }) => {
                    self.intervals[test.from as usize].contains(*number)
                }
                _ => false,
            },
            Op::Contains => self.is_found(Lens::Needle, test, lead, |_| true),
            Op::EndsWith => self.is_found(Lens::Suffix, test, lead, |_| true),
            Op::Matches(first) => self.is_found(Lens::Needle, test, lead, |at| {
                self.criteria[first as usize + at].holds(lead.facts)
            }),
            Op::Holds => self.criteria[test.from as usize].holds(lead.facts),
        }
    }

    /// Tells whether the field's value has one of the terms that is accepted, by its place among them.
    fn is_found(&self, lens: Lens, test: Test, lead: &Lead, accepts: impl Fn(usize) -> bool) -> bool {
        let Some(value) = lead.value(test.slot) else { return false };
        let terms = &self.terms[test.from as usize..test.to as usize];
        let mut is_found = false;
        lead.words(test.slot).each_term(lens, value, |term| {
            is_found = is_found || terms.binary_search(&term).is_ok_and(&accepts);
        });
        is_found
    }

    fn compile(&mut self, shape: &Shape, vocabulary: &Vocabulary) -> u32 {
        let begin = self.tests.len();
        let start = self.emit(shape, ACCEPT, REJECT, vocabulary);
        // Tests were written from the last to the first, since a jump needs its target; turned
        // round they run forward through memory.
        let last = to_u32(begin + self.tests.len()).wrapping_sub(1);
        let turn = |at: u32| if at >= REJECT { at } else { last - at };
        self.tests[begin..].reverse();
        for test in &mut self.tests[begin..] {
            test.on_true = turn(test.on_true);
            test.on_false = turn(test.on_false);
        }
        turn(start)
    }

    fn emit(&mut self, shape: &Shape, on_true: u32, on_false: u32, vocabulary: &Vocabulary) -> u32 {
        match shape {
            Shape::Leaf(leaf) => self.emit_leaf(leaf, on_true, on_false, vocabulary),
            Shape::All(members) => cheapest_first(members)
                .into_iter()
                .rev()
                .fold(on_true, |next, member| self.emit(member, next, on_false, vocabulary)),
            Shape::Any(members) => cheapest_first(members)
                .into_iter()
                .rev()
                .fold(on_false, |next, member| self.emit(member, on_true, next, vocabulary)),
        }
    }

    fn emit_criterion(&mut self, leaf: &Leaf) -> (Op, usize, usize) {
        self.criteria.push(leaf.criterion.clone());
        (Op::Holds, self.criteria.len() - 1, 0)
    }

    fn emit_terms(&mut self, op: Op, terms: impl Iterator<Item = Option<u32>>) -> (Op, usize, usize) {
        let from = self.terms.len();
        self.terms.extend(terms.flatten());
        self.terms[from..].sort_unstable();
        (op, from, self.terms.len())
    }

    fn emit_leaf(&mut self, leaf: &Leaf, on_true: u32, on_false: u32, vocabulary: &Vocabulary) -> u32 {
        let slot = vocabulary.slot(leaf.field()).expect("the vocabulary has learnt the rule");
        let words = vocabulary.words(slot);
        let (op, from, to) = match leaf.ask {
            Ask::Empty => (Op::Empty, 0, 0),
            Ask::OneOf(texts) if words.is_single() => {
                self.emit_terms(Op::OneOf, texts.iter().map(|text| words.exact.find(text.as_bytes())))
            }
            Ask::Within(interval) => {
                self.intervals.push(interval);
                (Op::Within, self.intervals.len() - 1, 0)
            }
            Ask::Contains(texts) if is_long(texts, leaf) => {
                self.emit_terms(Op::Contains, texts.iter().map(|text| words.needles.find(text.as_bytes())))
            }
            Ask::EndsWith(texts) if is_long(texts, leaf) => {
                let turned = texts.iter().map(|text| words.suffixes.find(&turned_round(text)));
                self.emit_terms(Op::EndsWith, turned)
            }
            Ask::Matches(patterns) if is_long(patterns, leaf) => match by_needle(patterns, words) {
                Some(by_needle) => {
                    let first = to_u32(self.criteria.len());
                    let criterion = |patterns: Vec<Box<str>>| {
                        let test = condition::Test::MatchesAnyOf(patterns.into());
                        Criterion { test, ..leaf.criterion.clone() }
                    };
                    let (terms, patterns): (Vec<_>, Vec<_>) = by_needle.into_iter().unzip();
                    self.criteria.extend(patterns.into_iter().map(criterion));
                    self.emit_terms(Op::Matches(first), terms.into_iter().map(Some))
                }
                None => self.emit_criterion(leaf),
            },
            _ => self.emit_criterion(leaf),
        };
        // None of these operators has a negative twin.
        let is_swapped = if matches!(op, Op::Holds) { leaf.is_under_not } else { leaf.is_negated };
        let (on_true, on_false) = if is_swapped { (on_false, on_true) } else { (on_true, on_false) };
        self.tests.push(Test { op, slot, from: to_u32(from), to: to_u32(to), on_true, on_false });
        to_u32(self.tests.len() - 1)
    }
}

/// Tells whether looking up what the value has is cheaper than trying the texts one by one.
fn is_long(texts: &[Box<str>], leaf: &Leaf) -> bool {
    texts.len() > LINEAR_MAX && leaf.kind() != Kind::MultiChoice && texts.iter().all(|text| !text.is_empty())
}

/// The patterns by their longest text without wildcard; `None` if one has none.
fn by_needle(patterns: &[Box<str>], words: &Words) -> Option<BTreeMap<u32, Vec<Box<str>>>> {
    let mut by_needle: BTreeMap<u32, Vec<Box<str>>> = BTreeMap::new();
    for pattern in patterns {
        let needle = words.needles.find(longest_run(pattern)?.as_bytes())?;
        by_needle.entry(needle).or_default().push(pattern.clone());
    }
    Some(by_needle)
}

fn to_u32(at: usize) -> u32 {
    u32::try_from(at).expect("a page holds fewer than 2³² entries")
}

fn cheapest_first<'s, 'a>(members: &'s [Shape<'a>]) -> Vec<&'s Shape<'a>> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|member| cost(member));
    sorted
}

/// Roughly what evaluating costs, in tests of a number.
fn cost(shape: &Shape) -> usize {
    match shape {
        Shape::All(members) | Shape::Any(members) => members.iter().map(cost).sum(),
        Shape::Leaf(leaf) => match leaf.ask {
            Ask::Empty | Ask::Within(_) => 1,
            Ask::OneOf(texts) if texts.len() <= LINEAR_MAX => 2,
            Ask::OneOf(_) => 4,
            Ask::StartsWith(texts) | Ask::EndsWith(texts) | Ask::Contains(texts) | Ask::Matches(texts) => {
                10 + 10 * texts.len().min(LINEAR_MAX)
            }
            _ => 10,
        },
    }
}
