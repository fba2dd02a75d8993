//! From a condition back to canonical JSON: keys and values in one order, so that equal conditions
//! make equal text, and reading it again gives the same condition.
//! Uses: tree, field, operator.

use serde_json::{Value as Json, json};

use crate::circle::{Around, Middle};
use crate::field::{Catalog, Kind};
use crate::money::{MoneyBound, MoneyBounds};
use crate::normal::DECIMAL_DIGITS;
use crate::normal::number::{amount_text, decimal_text};
use crate::normal::time::{date_text, moment_text};
use crate::operator::Operator;
use crate::tree::{Condition, Criterion, Test, Values};
use crate::value::{Currency, Interval};

impl Condition {
    /// Writes the condition as JSON that [`crate::Door::parse`] reads back.
    pub fn to_json(&self, catalog: &Catalog) -> Json {
        let list = |conditions: &[Condition]| -> Json {
            conditions.iter().map(|condition| condition.to_json(catalog)).collect()
        };
        match self {
            Condition::All(conditions) => json!({ "all": list(conditions) }),
            Condition::Any(conditions) => json!({ "any": list(conditions) }),
            Condition::Not(condition) => json!({ "not": condition.to_json(catalog) }),
            Condition::Is(criterion) => criterion.to_json(catalog),
        }
    }
}

impl Criterion {
    fn to_json(&self, catalog: &Catalog) -> Json {
        let field = &catalog.field(self.field).key;
        let is = |operator: Operator, values: Vec<Json>| json!({ "field": field, "op": operator.name(), "values": values });
        let texts = |operator, values: &Values| is(operator, values.iter().map(|text| json!(text)).collect());
        match &self.test {
            Test::IsEmpty => json!({ "field": field, "op": Operator::IsEmpty.name() }),
            Test::IsNotEmpty => json!({ "field": field, "op": Operator::IsNotEmpty.name() }),
            Test::IsAnyOf(values) => texts(Operator::IsAnyOf, values),
            Test::IsNoneOf(values) => texts(Operator::IsNoneOf, values),
            Test::StartsWithAnyOf(values) => texts(Operator::StartsWithAnyOf, values),
            Test::EndsWithAnyOf(values) => texts(Operator::EndsWithAnyOf, values),
            Test::ContainsAnyOf(values) => texts(Operator::ContainsAnyOf, values),
            Test::MatchesAnyOf(values) => texts(Operator::MatchesAnyOf, values),
            Test::HasAnyOf(values) => texts(Operator::HasAnyOf, values),
            Test::HasAllOf(values) => texts(Operator::HasAllOf, values),
            Test::HasNoneOf(values) => texts(Operator::HasNoneOf, values),
            Test::PhoneCountryIsAnyOf(values) => texts(Operator::CountryIsAnyOf, values),
            Test::PhoneAreaIsAnyOf(values) => texts(Operator::AreaCodeIsAnyOf, values),
            Test::Is(wanted) => is(Operator::Is, vec![json!(wanted)]),
            Test::InLastDays(count) => is(Operator::InLastDays, vec![json!(count)]),
            Test::InNextDays(count) => is(Operator::InNextDays, vec![json!(count)]),
            Test::InRangeAnyOf(ranges) => {
                let texts = ranges.iter().map(|range| {
                    let digits = usize::from(range.digits);
                    json!(format!("{:0digits$}-{:0digits$}", range.first, range.last))
                });
                is(Operator::InRangeAnyOf, texts.collect())
            }
            Test::WithinKm(circles) => is(Operator::WithinKm, circles.written().iter().map(around).collect()),
            Test::Within(interval) => {
                let (operator, values) = ends(*interval);
                is(operator, values.into_iter().map(|value| number(self.kind, value)).collect())
            }
            Test::MoneyWithin(bounds) => {
                let criteria = money_ends(bounds);
                let mut criteria = criteria.into_iter().map(|(operator, amounts)| {
                    is(operator, amounts.into_iter().map(|minor| amount(bounds.currency, minor)).collect())
                });
                match criteria.len() {
                    1 => criteria.next().expect("one criterion"),
                    _ => json!({ "all": criteria.collect::<Vec<_>>() }),
                }
            }
        }
    }
}

/// The operator and values of an interval. Only whole numbers: `gt 9` and `gte 10` are one.
fn ends(interval: Interval) -> (Operator, Vec<i64>) {
    match (interval.lo, interval.hi) {
        (Some(lo), Some(hi)) if lo.checked_add(1) == Some(hi) => (Operator::Eq, vec![lo]),
        (Some(lo), Some(hi)) => (Operator::Between, vec![lo, hi]),
        (Some(lo), None) => (Operator::Gte, vec![lo]),
        (None, Some(hi)) => (Operator::Lt, vec![hi]),
        (None, None) => (Operator::IsNotEmpty, Vec::new()),
    }
}

/// Money keeps its ends as written, since other currencies hang on them.
fn money_ends(bounds: &MoneyBounds) -> Vec<(Operator, Vec<i64>)> {
    let lower = |bound: MoneyBound| if bound.is_included { Operator::Gte } else { Operator::Gt };
    let upper = |bound: MoneyBound| if bound.is_included { Operator::Lte } else { Operator::Lt };
    match (bounds.lower, bounds.upper) {
        (Some(from), Some(to)) if from == to && from.is_included => vec![(Operator::Eq, vec![from.minor])],
        (Some(from), Some(to)) if from.is_included && !to.is_included && from.minor < to.minor => {
            vec![(Operator::Between, vec![from.minor, to.minor])]
        }
        (Some(from), Some(to)) => vec![(lower(from), vec![from.minor]), (upper(to), vec![to.minor])],
        (Some(from), None) => vec![(lower(from), vec![from.minor])],
        (None, Some(to)) => vec![(upper(to), vec![to.minor])],
        (None, None) => vec![(Operator::IsNotEmpty, Vec::new())],
    }
}

fn number(kind: Kind, value: i64) -> Json {
    match kind {
        Kind::Decimal => json!(decimal_text(value, DECIMAL_DIGITS)),
        Kind::Date => json!(date_text(value)),
        Kind::DateTime => json!(moment_text(value)),
        _ => json!(value),
    }
}

fn amount(currency: Currency, minor: i64) -> Json {
    json!({ "amount": amount_text(minor, currency.minor_digits()), "currency": currency.code() })
}

fn around(around: &Around) -> Json {
    let km = whole_or_decimal(f64::from(around.metres) / 1000.0);
    match &around.middle {
        Middle::Postcode { country, postcode } => {
            json!({ "country": country, "postcode": postcode, "km": km })
        }
        Middle::Degrees { latitude_e7, longitude_e7 } => {
            let degrees = |e7: i32| whole_or_decimal(f64::from(e7) / 1e7);
            json!({ "lat": degrees(*latitude_e7), "lon": degrees(*longitude_e7), "km": km })
        }
    }
}

fn whole_or_decimal(number: f64) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "kilometres and degrees are small")]
    if number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
}
