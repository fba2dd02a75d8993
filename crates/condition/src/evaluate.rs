//! Evaluation: whether a condition holds for a record's facts. Allocates nothing.
//! Never reads a clock: today is a part of the facts.
//! Uses: tree, value, pattern.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::field::FieldId;
use crate::pattern;
use crate::tree::{Condition, Criterion, PostcodeRange, Test};
use crate::value::{Facts, Interval, PhoneFact, Value};

impl Condition {
    /// Tells whether the record satisfies the condition.
    pub fn holds(&self, facts: &Facts) -> bool {
        match self {
            Condition::All(conditions) => conditions.iter().all(|condition| condition.holds(facts)),
            Condition::Any(conditions) => conditions.iter().any(|condition| condition.holds(facts)),
            Condition::Not(condition) => !condition.holds(facts),
            Condition::Is(criterion) => criterion.holds(facts),
        }
    }

    /// Returns the fields that the condition reads.
    pub fn fields(&self) -> BTreeSet<FieldId> {
        self.criteria().map(|criterion| criterion.field).collect()
    }

    /// Walks all criteria, from left to right.
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            loop {
                match open.pop()? {
                    Condition::All(conditions) | Condition::Any(conditions) => {
                        open.extend(conditions.iter().rev())
                    }
                    Condition::Not(condition) => open.push(condition),
                    Condition::Is(criterion) => return Some(criterion),
                }
            }
        })
    }
}

impl Criterion {
    /// Tells whether the record satisfies the criterion.
    pub fn holds(&self, facts: &Facts) -> bool {
        self.test.holds(facts.get(self.field), facts.today)
    }
}

impl Test {
    /// Tells whether a value satisfies the test. A missing one satisfies only `IsEmpty`, `IsNoneOf`
    /// and `HasNoneOf`.
    pub fn holds(&self, value: Option<&Value>, today: i64) -> bool {
        let Some(value) = value else {
            return matches!(self, Test::IsEmpty | Test::IsNoneOf(_) | Test::HasNoneOf(_));
        };
        match self {
            Test::IsEmpty => false,
            Test::IsNotEmpty => true,
            Test::IsAnyOf(values) => any_text(value, |text| has(values, text)),
            Test::IsNoneOf(values) => !any_text(value, |text| has(values, text)),
            Test::StartsWithAnyOf(values) => any_text(value, |text| prefix_in(values, text).is_some()),
            Test::EndsWithAnyOf(values) => {
                any_text(value, |text| values.iter().any(|end| text.ends_with(&**end)))
            }
            Test::ContainsAnyOf(values) => {
                any_text(value, |text| values.iter().any(|part| text.contains(&**part)))
            }
            Test::MatchesAnyOf(values) => {
                any_text(value, |text| values.iter().any(|pattern| pattern::matches(pattern, text)))
            }
            Test::Within(interval) => match value {
                Value::Integer(number) => interval.contains(*number),
                Value::Moment { us, .. } => interval.contains(*us),
                _ => false,
            },
            Test::MoneyWithin(bounds) => match value {
                Value::Money { minor, currency } => {
                    bounds.interval(*currency).is_some_and(|interval| interval.contains(*minor))
                }
                _ => false,
            },
            Test::InLastDays(_) | Test::InNextDays(_) => match (value, self.days(today)) {
                (Value::Integer(day) | Value::Moment { day, .. }, Some(days)) => days.contains(*day),
                _ => false,
            },
            Test::HasAnyOf(values) => any_key(value, |key| has(values, key)),
            Test::HasNoneOf(values) => !any_key(value, |key| has(values, key)),
            Test::HasAllOf(values) => match value {
                Value::Keys(keys) => values.iter().all(|key| has(keys, key)),
                _ => false,
            },
            Test::Is(wanted) => matches!(value, Value::YesNo(is) if is == wanted),
            Test::InRangeAnyOf(ranges) => any_text(value, |text| range_in(ranges, text).is_some()),
            Test::WithinKm(circles) => match value {
                Value::Point(point) => circles.iter().any(|circle| circle.contains(*point)),
                _ => false,
            },
            Test::PhoneCountryIsAnyOf(values) => {
                any_phone(value, |phone| phone.country.as_deref().is_some_and(|country| has(values, country)))
            }
            Test::PhoneAreaIsAnyOf(values) => {
                any_phone(value, |phone| phone.area.as_deref().is_some_and(|area| has(values, area)))
            }
        }
    }

    /// The days that `InLastDays` and `InNextDays` mean, seen from today; `None` for other tests.
    pub fn days(&self, today: i64) -> Option<Interval> {
        let days = match *self {
            Test::InLastDays(count) => today - count + 1..today + 1,
            Test::InNextDays(count) => today..today + count,
            _ => return None,
        };
        let Range { start, end } = days;
        Some(Interval { lo: Some(start), hi: Some(end) })
    }
}

fn any_text(value: &Value, satisfies: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Text(text) | Value::Key(text) => satisfies(text),
        Value::Texts(texts) => texts.iter().any(|text| satisfies(text)),
        Value::Phones(phones) => phones.iter().any(|phone| satisfies(&phone.number)),
        _ => false,
    }
}

fn any_key(value: &Value, satisfies: impl Fn(&str) -> bool) -> bool {
    matches!(value, Value::Keys(keys) if keys.iter().any(|key| satisfies(key)))
}

fn any_phone(value: &Value, satisfies: impl Fn(&PhoneFact) -> bool) -> bool {
    matches!(value, Value::Phones(phones) if phones.iter().any(satisfies))
}

/// Tells whether the sorted values have that text.
fn has(values: &[Box<str>], text: &str) -> bool {
    values.binary_search_by(|value| (**value).cmp(text)).is_ok()
}

/// Finds a value that the text begins with, in steps of halving however many values there are.
pub(crate) fn prefix_in<'a>(values: &'a [Box<str>], text: &str) -> Option<&'a str> {
    let text = text.as_bytes();
    let mut probe = text.len();
    loop {
        // Every prefix of the text that is a value stands at or before the greatest value that is
        // not above the probe, and is no longer than what that value and the text share.
        let after = values.partition_point(|value| value.as_bytes() <= &text[..probe]);
        let value = &values[after.checked_sub(1)?];
        let shared = value.bytes().zip(text).take_while(|(ours, theirs)| ours == *theirs).count();
        if shared == value.len() {
            return Some(value);
        }
        probe = shared;
    }
}

/// Finds the range that a value of digits lies in; the ranges are sorted and apart.
pub(crate) fn range_in(ranges: &[PostcodeRange], text: &str) -> Option<PostcodeRange> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (digits, number): (u8, u64) = (text.len().try_into().ok()?, text.parse().ok()?);
    let after = ranges.partition_point(|range| (range.digits, range.first) <= (digits, number));
    let range = ranges[after.checked_sub(1)?];
    (range.digits == digits && number <= range.last).then_some(range)
}
