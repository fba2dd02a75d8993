//! Reasons: the criteria that decided whether a condition holds, for "Warum ich?" / "Why me?".
//! Uses: evaluate.

use crate::evaluate::{prefix_in, range_in};
use crate::pattern;
use crate::tree::{Condition, Criterion, PostcodeRange, Test};
use crate::value::{Facts, Value};

/// One criterion that decided, with what it met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    pub criterion: &'a Criterion,
    pub held: bool,
    /// The record's value; `None` where it is missing.
    pub value: Option<&'a Value>,
    /// The element of the record's value that satisfied the criterion, and what it satisfied.
    pub by: Option<By<'a>>,
}

/// What of a long criterion satisfied it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// The record's text and the criterion's value: `88682` begins with `88`.
    Text {
        text: &'a str,
        value: &'a str,
    },
    Range {
        text: &'a str,
        range: PostcodeRange,
    },
    /// The place of the circle in the criterion.
    Circle(usize),
}

impl Condition {
    /// Returns the criteria that decided, as few as suffice: of alternatives the first that held,
    /// of demands the first that failed.
    pub fn explain<'a>(&'a self, facts: &'a Facts) -> Vec<Reason<'a>> {
        let mut reasons = Vec::new();
        self.collect(facts, &mut reasons);
        reasons
    }

    /// Adds the reasons for the outcome and returns it.
    fn collect<'a>(&'a self, facts: &'a Facts, reasons: &mut Vec<Reason<'a>>) -> bool {
        let (conditions, decides) = match self {
            Condition::Is(criterion) => {
                let reason = criterion.explain(facts);
                let held = reason.held;
                reasons.push(reason);
                return held;
            }
            Condition::Not(condition) => return !condition.collect(facts, reasons),
            Condition::All(conditions) => (conditions, false),
            Condition::Any(conditions) => (conditions, true),
        };
        let before = reasons.len();
        for condition in conditions {
            let start = reasons.len();
            if condition.collect(facts, reasons) == decides {
                // One child decides alone: what the others did is beside the point.
                reasons.drain(before..start);
                return decides;
            }
        }
        !decides
    }
}

impl Criterion {
    fn explain<'a>(&'a self, facts: &'a Facts) -> Reason<'a> {
        let value = facts.get(self.field);
        let held = self.holds(facts);
        let by = value.and_then(|value| self.test.by(value));
        Reason { criterion: self, held, value, by }
    }
}

impl Test {
    /// Finds what the value satisfies; for negative tests, what it violates.
    fn by<'a>(&'a self, value: &'a Value) -> Option<By<'a>> {
        if let (Test::WithinKm(circles), Value::Point(point)) = (self, value) {
            return circles.iter().position(|circle| circle.contains(*point)).map(By::Circle);
        }
        texts(self, value).find_map(|text| self.by_text(text))
    }

    fn by_text<'a>(&'a self, text: &'a str) -> Option<By<'a>> {
        let value = match self {
            Test::IsAnyOf(values)
            | Test::IsNoneOf(values)
            | Test::HasAnyOf(values)
            | Test::HasNoneOf(values)
            | Test::PhoneCountryIsAnyOf(values)
            | Test::PhoneAreaIsAnyOf(values) => {
                let found = values.binary_search_by(|value| (**value).cmp(text)).ok()?;
                &values[found]
            }
            Test::StartsWithAnyOf(values) => prefix_in(values, text)?,
            Test::EndsWithAnyOf(values) => values.iter().find(|end| text.ends_with(&***end))?,
            Test::ContainsAnyOf(values) => values.iter().find(|part| text.contains(&***part))?,
            Test::MatchesAnyOf(values) => values.iter().find(|pattern| pattern::matches(pattern, text))?,
            Test::InRangeAnyOf(ranges) => {
                return range_in(ranges, text).map(|range| By::Range { text, range });
            }
            _ => return None,
        };
        Some(By::Text { text, value })
    }
}

/// The texts of a value that the test looks at.
fn texts<'a>(test: &Test, value: &'a Value) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    match (test, value) {
        (Test::PhoneCountryIsAnyOf(_), Value::Phones(phones)) => {
            Box::new(phones.iter().filter_map(|phone| phone.country.as_deref()))
        }
        (Test::PhoneAreaIsAnyOf(_), Value::Phones(phones)) => {
            Box::new(phones.iter().filter_map(|phone| phone.area.as_deref()))
        }
        (_, Value::Phones(phones)) => Box::new(phones.iter().map(|phone| &*phone.number)),
        (_, Value::Text(text) | Value::Key(text)) => Box::new(std::iter::once(&**text)),
        (_, Value::Texts(texts) | Value::Keys(texts)) => Box::new(texts.iter().map(|text| &**text)),
        _ => Box::new(std::iter::empty()),
    }
}
