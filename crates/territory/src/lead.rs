//! A lead as the index sees it: its values as numbers, each looked up when first asked for.
//! Uses: vocabulary, condition.

use std::cell::Cell;

use condition::{Facts, Value};

use crate::dictionary::Term;
use crate::vocabulary::{Slot, Vocabulary, Words};

/// The field has no value.
pub const MISSING: Term = Term::MAX;
/// The field has a value that no rule names.
pub const UNKNOWN: Term = Term::MAX - 1;
const NOT_LOOKED_UP: Term = Term::MAX - 2;

/// Terms of so many fields are kept without an allocation.
const NEAR: usize = 24;

pub struct Lead<'a> {
    pub facts: &'a Facts,
    vocabulary: &'a Vocabulary,
    near: [Cell<Term>; NEAR],
    far: Vec<Cell<Term>>,
}

impl<'a> Lead<'a> {
    pub fn new(facts: &'a Facts, vocabulary: &'a Vocabulary) -> Lead<'a> {
        let far = vocabulary.len().saturating_sub(NEAR);
        Lead {
            facts,
            vocabulary,
            near: [const { Cell::new(NOT_LOOKED_UP) }; NEAR],
            far: vec![Cell::new(NOT_LOOKED_UP); far],
        }
    }

    pub fn value(&self, slot: Slot) -> Option<&'a Value> {
        self.facts.get(self.vocabulary.field(slot))
    }

    /// What the rules name of the field.
    pub fn words(&self, slot: Slot) -> &'a Words {
        self.vocabulary.words(slot)
    }

    /// The term of a field with one value, or [`MISSING`], or [`UNKNOWN`].
    pub fn term(&self, slot: Slot) -> Term {
        let at = usize::from(slot);
        let kept = if at < NEAR { &self.near[at] } else { &self.far[at - NEAR] };
        if kept.get() == NOT_LOOKED_UP {
            kept.set(self.look_up(slot));
        }
        kept.get()
    }

    fn look_up(&self, slot: Slot) -> Term {
        match self.value(slot) {
            None => MISSING,
            Some(Value::Text(text) | Value::Key(text)) => {
                self.vocabulary.words(slot).exact.find(text.as_bytes()).unwrap_or(UNKNOWN)
            }
            Some(_) => UNKNOWN,
        }
    }

    /// The number of an integer, decimal, date or moment.
    pub fn number(&self, slot: Slot) -> Option<i64> {
        match self.value(slot) {
            Some(Value::Integer(number) | Value::Moment { us: number, .. }) => Some(*number),
            _ => None,
        }
    }
}
