//! Axes: a field's values cut into at most 256 buckets, and what a condition says of each bucket.
//! Uses: shape, vocabulary, lead, condition.

use std::sync::Arc;

use condition::tree::PostcodeRange;
use condition::{Interval, Kind, Value};

use crate::lead::{Lead, MISSING, UNKNOWN};
use crate::shape::{Ask, Leaf, Shape};
use crate::vocabulary::{Slot, Vocabulary, Words};

pub const BUCKETS: usize = 256;
/// The fields that most rules read get an axis; others are left to evaluation.
pub const AXES_MAX: usize = 32;
/// The bucket of a missing value.
const MISSING_BUCKET: usize = 0;
/// On an axis of terms: a value that no rule named when the axis was made.
const UNKNOWN_BUCKET: usize = 1;
/// Buckets of an axis of terms that hold terms.
const TERM_BUCKETS: usize = BUCKETS - 2;
/// Bounds of an axis of numbers: they leave one bucket below and one for the missing.
const BOUNDS_MAX: usize = BUCKETS - 2;
/// Longest postcode of digits that is told apart by its number.
const ORDINAL_DIGITS_MAX: usize = 15;

#[derive(Clone, Debug)]
pub struct Axis {
    slot: Slot,
    scale: Scale,
}

#[derive(Clone, Debug)]
enum Scale {
    /// By term; the first so many were known when the axis was made.
    Terms(u32),
    Numbers(Arc<[i64]>),
    /// By [`ordinal`].
    Postcodes(Arc<[i64]>),
}

/// A set of buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buckets(pub [u64; BUCKETS / 64]);

impl Buckets {
    const NONE: Buckets = Buckets([0; BUCKETS / 64]);
    pub const ALL: Buckets = Buckets([u64::MAX; BUCKETS / 64]);

    fn add(&mut self, bucket: usize) {
        self.0[bucket / 64] |= 1 << (bucket % 64);
    }

    fn or(self, other: Buckets) -> Buckets {
        Buckets(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    fn and(self, other: Buckets) -> Buckets {
        Buckets(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    fn not(self) -> Buckets {
        Buckets(self.0.map(|word| !word))
    }
}

/// What a criterion says of the values in each bucket.
struct Says {
    /// True of some value in the bucket, as far as one can tell.
    may: Buckets,
    /// True of every value in the bucket, for sure.
    must: Buckets,
}

impl Says {
    const NOTHING: Says = Says { may: Buckets::ALL, must: Buckets::NONE };
}

/// What the rules of the slices compare a field with: the bounds of its buckets are chosen from it.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    has_terms: bool,
    numbers: Vec<i64>,
    ordinals: Vec<i64>,
}

impl Marks {
    pub fn note(&mut self, leaf: &Leaf, words: &Words) {
        match leaf.ask {
            Ask::Within(interval) => self.numbers.extend([interval.lo, interval.hi].into_iter().flatten()),
            Ask::OneOf(texts) if words.kind == Kind::Postcode => {
                let points = texts.iter().map(|text| ordinal(text));
                self.ordinals.extend(points.flat_map(|point| [point, point + 1]));
            }
            Ask::StartsWith(texts) if words.kind == Kind::Postcode => {
                let spans = texts.iter().flat_map(|text| spans_of_prefix(text));
                self.ordinals.extend(spans.flat_map(|(first, last)| [first, last + 1]));
            }
            Ask::InRange(ranges) => {
                let spans = ranges.iter().filter_map(|range| span_of_range(*range));
                self.ordinals.extend(spans.flat_map(|(first, last)| [first, last + 1]));
            }
            Ask::OneOf(_) if words.is_single() => self.has_terms = true,
            _ => {}
        }
    }

    pub fn axis(self, slot: Slot, words: &Words) -> Option<Axis> {
        let scale = if !self.ordinals.is_empty() {
            Scale::Postcodes(even_bounds(self.ordinals))
        } else if !self.numbers.is_empty() {
            Scale::Numbers(even_bounds(self.numbers))
        } else if self.has_terms {
            Scale::Terms(words.exact.len())
        } else {
            return None;
        };
        Some(Axis { slot, scale })
    }
}

fn even_bounds(marks: Vec<i64>) -> Arc<[i64]> {
    spread(marks, BOUNDS_MAX)
}

/// Sorts the marks and keeps at most so many of them, evenly spread.
pub fn spread(mut marks: Vec<i64>, at_most: usize) -> Arc<[i64]> {
    marks.sort_unstable();
    marks.dedup();
    if marks.len() <= at_most {
        return marks.into();
    }
    (0..at_most).map(|at| marks[(2 * at + 1) * marks.len() / (2 * at_most)]).collect()
}

impl Axis {
    /// How many buckets are in use.
    pub fn buckets(&self) -> usize {
        match &self.scale {
            Scale::Terms(known) => (*known as usize).min(TERM_BUCKETS) + 2,
            Scale::Numbers(bounds) | Scale::Postcodes(bounds) => bounds.len() + 2,
        }
    }

    /// The bucket of the lead's value.
    pub fn bucket(&self, lead: &Lead) -> usize {
        match &self.scale {
            Scale::Terms(known) => match lead.term(self.slot) {
                MISSING => MISSING_BUCKET,
                term => term_bucket(term, *known),
            },
            Scale::Numbers(bounds) => lead
                .number(self.slot)
                .map_or(MISSING_BUCKET, |number| 1 + bounds.partition_point(|&bound| bound <= number)),
            Scale::Postcodes(bounds) => match lead.value(self.slot) {
                Some(Value::Key(text) | Value::Text(text)) => {
                    let ordinal = ordinal(text);
                    1 + bounds.partition_point(|&bound| bound <= ordinal)
                }
                _ => MISSING_BUCKET,
            },
        }
    }

    /// The buckets in which the rule may match; all others it does not match for sure.
    pub fn project(&self, shape: &Shape, vocabulary: &Vocabulary) -> Buckets {
        match shape {
            Shape::All(members) => {
                members.iter().fold(Buckets::ALL, |all, member| all.and(self.project(member, vocabulary)))
            }
            Shape::Any(members) => {
                members.iter().fold(Buckets::NONE, |any, member| any.or(self.project(member, vocabulary)))
            }
            Shape::Leaf(leaf) => {
                if vocabulary.slot(leaf.field()) != Some(self.slot) {
                    return Buckets::ALL;
                }
                let says = self.says(leaf, vocabulary.words(self.slot));
                if leaf.is_negated { says.must.not() } else { says.may }
            }
        }
    }

    fn says(&self, leaf: &Leaf, words: &Words) -> Says {
        if let Ask::Empty = leaf.ask {
            let mut missing = Buckets::NONE;
            missing.add(MISSING_BUCKET);
            return Says { may: missing, must: missing };
        }
        match (&self.scale, leaf.ask) {
            (Scale::Terms(known), Ask::OneOf(texts)) => {
                let mut may = Buckets::NONE;
                for text in texts {
                    may.add(term_bucket(words.exact.find(text.as_bytes()).unwrap_or(UNKNOWN), *known));
                }
                let mut must = Buckets::NONE;
                if *known as usize <= TERM_BUCKETS {
                    // Every bucket but the unknown one holds a single term.
                    must = may;
                    must.0[UNKNOWN_BUCKET / 64] &= !(1 << (UNKNOWN_BUCKET % 64));
                }
                Says { may, must }
            }
            (Scale::Numbers(bounds), Ask::Within(interval)) => within(bounds, interval),
            (Scale::Postcodes(bounds), Ask::OneOf(texts)) => {
                let points = texts.iter().map(|text| (text, ordinal(text)));
                let spans = points.map(|(text, point)| (point, point, is_told_apart(text)));
                union_of_spans(bounds, spans)
            }
            (Scale::Postcodes(bounds), Ask::StartsWith(texts)) => {
                let spans = texts.iter().flat_map(|text| spans_of_prefix(text));
                // The first span is of postcodes with letters, which are not told apart.
                union_of_spans(bounds, spans.map(|(first, last)| (first, last, first >= 1 << 59)))
            }
            (Scale::Postcodes(bounds), Ask::InRange(ranges)) => {
                if ranges.iter().any(|range| span_of_range(*range).is_none()) {
                    return Says::NOTHING;
                }
                let spans = ranges.iter().filter_map(|range| span_of_range(*range));
                union_of_spans(bounds, spans.map(|(first, last)| (first, last, true)))
            }
            _ => Says::NOTHING,
        }
    }
}

fn term_bucket(term: u32, known: u32) -> usize {
    match term {
        term if term < known => 2 + term as usize % TERM_BUCKETS,
        _ => UNKNOWN_BUCKET,
    }
}

fn within(bounds: &[i64], interval: Interval) -> Says {
    let mut says = Says { may: Buckets::NONE, must: Buckets::NONE };
    if interval.lo.is_some_and(|lo| interval.hi.is_some_and(|hi| hi <= lo)) {
        return says;
    }
    let bucket = |number: i64| 1 + bounds.partition_point(|&bound| bound <= number);
    let first = interval.lo.map_or(1, bucket);
    let last = interval.hi.map_or(bounds.len() + 1, |hi| bucket(hi.saturating_sub(1)));
    for at in first..=last {
        says.may.add(at);
        let from = at.checked_sub(2).map(|below| bounds[below]);
        let to = bounds.get(at - 1);
        let begins_inside = interval.lo.is_none_or(|lo| from.is_some_and(|from| lo <= from));
        let ends_inside = interval.hi.is_none_or(|hi| to.is_some_and(|&to| to <= hi));
        if begins_inside && ends_inside {
            says.must.add(at);
        }
    }
    says
}

/// First and last ordinal of each span, and whether all values there satisfy the criterion.
fn union_of_spans(bounds: &[i64], spans: impl Iterator<Item = (i64, i64, bool)>) -> Says {
    spans.fold(Says { may: Buckets::NONE, must: Buckets::NONE }, |all, (first, last, is_sure)| {
        let one = within(bounds, Interval { lo: Some(first), hi: Some(last + 1) });
        Says { may: all.may.or(one.may), must: if is_sure { all.must.or(one.must) } else { all.must } }
    })
}

/// A postcode's place on its axis: those of digits by length and number, before them all others by
/// their first bytes.
fn ordinal(text: &str) -> i64 {
    if is_told_apart(text) {
        let number: i64 = text.parse().expect("up to 15 digits");
        return digits_begin(text.len()) + number;
    }
    let mut head = [0; 8];
    for (to, &byte) in head[1..].iter_mut().zip(text.as_bytes()) {
        *to = byte;
    }
    i64::from_be_bytes(head)
}

fn is_told_apart(text: &str) -> bool {
    (1..=ORDINAL_DIGITS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where the postcodes of so many digits begin: beyond all texts, whose ordinals have 56 bits.
fn digits_begin(digits: usize) -> i64 {
    (1 << 59) + (i64::try_from(digits).expect("few digits") << 55)
}

fn span_of_range(range: PostcodeRange) -> Option<(i64, i64)> {
    let digits = usize::from(range.digits);
    if !(1..=ORDINAL_DIGITS_MAX).contains(&digits) || range.first > range.last {
        return None;
    }
    let begin = digits_begin(digits);
    Some((begin + i64::try_from(range.first).ok()?, begin + i64::try_from(range.last).ok()?))
}

/// Where postcodes with that prefix lie: those with letters first, then those of digits by length.
fn spans_of_prefix(prefix: &str) -> Vec<(i64, i64)> {
    let mut low = [0; 8];
    let mut high = [0, 255, 255, 255, 255, 255, 255, 255];
    for (at, &byte) in prefix.as_bytes().iter().take(7).enumerate() {
        low[at + 1] = byte;
        high[at + 1] = byte;
    }
    let mut spans = vec![(i64::from_be_bytes(low), i64::from_be_bytes(high))];
    if prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = if prefix.is_empty() { 0 } else { prefix.parse().unwrap_or(0) };
        for digits in prefix.len().max(1)..=ORDINAL_DIGITS_MAX {
            let wild = u32::try_from(digits - prefix.len()).expect("few digits");
            let first = digits_begin(digits) + number * 10i64.pow(wild);
            spans.push((first, first + 10i64.pow(wild) - 1));
        }
    }
    spans
}
