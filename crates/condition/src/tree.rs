//! Conditions bound to a catalogue: what evaluation, the index and SQL all read.

use std::sync::Arc;

use crate::circle::Circles;
use crate::field::{Field, FieldId, Kind};
use crate::money::MoneyBounds;
use crate::value::Interval;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Empty: true.
    All(Vec<Condition>),
    /// Empty: false.
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Is(Criterion),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    pub field: FieldId,
    pub kind: Kind,
    pub test: Test,
}

/// Sorted, each once, in the field's normal form; shared, since lists reach 100,000 values.
pub type Values = Arc<[Box<str>]>;

/// What a value must satisfy. A missing value satisfies only `IsEmpty`, `IsNoneOf` and `HasNoneOf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    IsEmpty,
    IsNotEmpty,
    /// Text, list of texts (any element), phone numbers, choice, country, state, postcode.
    IsAnyOf(Values),
    IsNoneOf(Values),
    StartsWithAnyOf(Values),
    EndsWithAnyOf(Values),
    ContainsAnyOf(Values),
    /// Folded patterns: `*` any run, `?` one character, the whole value.
    MatchesAnyOf(Values),
    /// Integer, decimal, date; date-time in microseconds.
    Within(Interval),
    /// The bound in each currency that has a rate, sorted by currency: smallest whole minor units
    /// that satisfy it. Currencies that are missing here have no rate and are not satisfied.
    /// Reads as a slice of `(Currency, Interval)`.
    MoneyWithin(MoneyBounds),
    /// Whole days before and including today, workspace time zone.
    InLastDays(i64),
    /// Whole days from today on, today included.
    InNextDays(i64),
    HasAnyOf(Values),
    HasAllOf(Values),
    HasNoneOf(Values),
    Is(bool),
    /// Only a value of digits with the ends' length can lie inside. Sorted and apart: see
    /// [`PostcodeRange::merge`].
    InRangeAnyOf(Arc<[PostcodeRange]>),
    /// Inside any of the circles. Reads as a slice of [`crate::Circle`].
    WithinKm(Circles),
    PhoneCountryIsAnyOf(Values),
    PhoneAreaIsAnyOf(Values),
}

/// All codes of `digits` digits from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PostcodeRange {
    pub digits: u8,
    pub first: u64,
    pub last: u64,
}

impl PostcodeRange {
    /// Sorts ranges and joins those that overlap or touch, so that each code lies in at most one.
    pub fn merge(mut ranges: Vec<PostcodeRange>) -> Arc<[PostcodeRange]> {
        ranges.sort_unstable();
        let mut apart: Vec<PostcodeRange> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match apart.last_mut() {
                Some(last) if last.digits == range.digits && range.first <= last.last.saturating_add(1) => {
                    last.last = last.last.max(range.last);
                }
                _ => apart.push(range),
            }
        }
        apart.into()
    }
}

/// Sorts texts that are in normal form and drops twins: the values of a criterion.
pub fn values<T: Into<Box<str>>>(texts: impl IntoIterator<Item = T>) -> Values {
    let mut values: Vec<Box<str>> = texts.into_iter().map(Into::into).collect();
    values.sort_unstable();
    values.dedup();
    values.into()
}

impl Criterion {
    /// Makes a criterion on a field of a catalogue.
    pub fn new(field: &Field, test: Test) -> Criterion {
        Criterion { field: field.id, kind: field.kind, test }
    }
}

impl From<Criterion> for Condition {
    fn from(criterion: Criterion) -> Condition {
        Condition::Is(criterion)
    }
}
