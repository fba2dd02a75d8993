//! Conditions bound to a catalogue: what evaluation, the index and SQL all read.

use std::sync::Arc;

use crate::circle::Circles;
use crate::field::{FieldId, Kind};
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
    /// Only a value of digits with the ends' length can lie inside.
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
