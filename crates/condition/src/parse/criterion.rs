//! One criterion: field, operator and values become a test.

use serde_json::{Map, Value as Json};

use super::nearest::nearest;
use super::{Parser, Purpose, RULE_VALUES_MAX, shown};
use crate::fault::Code;
use crate::field::{Field, Kind};
use crate::money::{MoneyBound, MoneyBounds};
use crate::operator::{Count, Operator};
use crate::tree::{Criterion, PostcodeRange, Test, Values, values};
use crate::value::Interval;

impl<'a> Parser<'a> {
    pub(super) fn criterion(&mut self, object: &Map<String, Json>) -> Option<Criterion> {
        self.only_keys(object, &["field", "op", "values"]);
        let field = self.field(&object["field"]);
        let operator = self.operator(object.get("op"), field);
        let nothing = Json::Array(Vec::new());
        let values = match object.get("values") {
            Some(Json::Array(values)) => Some(values),
            None if operator.is_some_and(|operator| operator.count() == Count::Exactly(0)) => {
                nothing.as_array()
            }
            None => {
                self.fault(Code::MissingKey, "", "values");
                None
            }
            Some(other) => {
                self.below("values", |parser| parser.fault(Code::NotAList, shown(other), ""));
                None
            }
        };
        let (field, operator, values) = (field?, operator?, values?);
        self.below("values", |parser| {
            parser.count(operator, values).then(|| parser.test(field, operator, values))
        })?
        .map(|test| Criterion::new(field, test))
    }

    fn field(&mut self, json: &Json) -> Option<&'a Field> {
        let door = self.door;
        self.below("field", |parser| {
            let Json::String(key) = json else {
                parser.fault(Code::NotAText, shown(json), "");
                return None;
            };
            let is_readable = |field: &&Field| door.is_readable.is_none_or(|is_readable| is_readable(field));
            let Some(field) = door.catalog.find(key).filter(is_readable) else {
                let known = door.catalog.fields().iter().filter(is_readable).map(|field| field.key.as_str());
                parser.fault(Code::UnknownField, key, nearest(key, known).unwrap_or(""));
                return None;
            };
            if field.is_system && door.purpose == Purpose::Rule {
                parser.fault(Code::FieldNotForRules, key, "");
                return None;
            }
            Some(field)
        })
    }

    fn operator(&mut self, json: Option<&Json>, field: Option<&Field>) -> Option<Operator> {
        let known = field.map_or(Operator::ALL, |field| Operator::of(field.kind));
        let names = || known.iter().map(|operator| operator.name()).collect::<Vec<_>>().join(", ");
        let Some(json) = json else {
            self.fault(Code::MissingKey, "", "op");
            return None;
        };
        self.below("op", |parser| {
            let operator = json.as_str().and_then(Operator::parse);
            match operator {
                None => parser.fault(Code::UnknownOperator, shown(json), names()),
                Some(operator) if !known.contains(&operator) => {
                    parser.fault(Code::OperatorNotForField, operator.name(), names());
                    return None;
                }
                Some(_) => {}
            }
            operator
        })
    }

    fn count(&mut self, operator: Operator, values: &[Json]) -> bool {
        let before = self.values;
        self.values += values.len();
        if self.values > RULE_VALUES_MAX {
            // Said once, and the values are not read: they would be as many faults.
            if before <= RULE_VALUES_MAX {
                self.fault(Code::TooManyValues, self.values, RULE_VALUES_MAX);
            }
            return false;
        }
        match operator.count() {
            Count::AtLeastOne if values.is_empty() => self.fault(Code::NoValues, operator.name(), ""),
            Count::Exactly(count) if values.len() != count => {
                self.fault(Code::WrongValueCount, values.len(), count);
            }
            _ => return true,
        }
        false
    }

    fn test(&mut self, field: &Field, operator: Operator, values: &[Json]) -> Option<Test> {
        let test = match operator {
            Operator::IsEmpty => Test::IsEmpty,
            Operator::IsNotEmpty => Test::IsNotEmpty,
            Operator::IsAnyOf => Test::IsAnyOf(self.wholes(field, values)?),
            Operator::IsNoneOf => Test::IsNoneOf(self.wholes(field, values)?),
            Operator::StartsWithAnyOf => Test::StartsWithAnyOf(self.beginnings(field, values)?),
            Operator::EndsWithAnyOf => Test::EndsWithAnyOf(self.texts(values, Self::folded)?),
            Operator::ContainsAnyOf => Test::ContainsAnyOf(self.texts(values, Self::folded)?),
            Operator::MatchesAnyOf => Test::MatchesAnyOf(self.patterns(field, values)?),
            Operator::HasAnyOf => Test::HasAnyOf(self.wholes(field, values)?),
            Operator::HasAllOf => Test::HasAllOf(self.wholes(field, values)?),
            Operator::HasNoneOf => Test::HasNoneOf(self.wholes(field, values)?),
            Operator::Is => Test::Is(self.each(values, Self::yes_no)?[0]),
            Operator::InLastDays => Test::InLastDays(self.each(values, Self::day_count)?[0]),
            Operator::InNextDays => Test::InNextDays(self.each(values, Self::day_count)?[0]),
            Operator::InRangeAnyOf => {
                let ranges = self.each(values, Self::postcode_range)?;
                Test::InRangeAnyOf(PostcodeRange::merge(ranges))
            }
            Operator::WithinKm => Test::WithinKm(self.circles(values)?),
            Operator::CountryIsAnyOf => Test::PhoneCountryIsAnyOf(self.texts(values, Self::country)?),
            Operator::AreaCodeIsAnyOf => Test::PhoneAreaIsAnyOf(self.texts(values, Self::area_code)?),
            _ if field.kind == Kind::Money => Test::MoneyWithin(self.money(operator, values)?),
            _ => Test::Within(self.interval(field.kind, operator, values)?),
        };
        Some(test)
    }

    /// Reads every value, so that every fault is found.
    pub(super) fn each<T>(
        &mut self,
        values: &[Json],
        mut read: impl FnMut(&mut Self, &Json) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut read_values = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            read_values.extend(self.below(index, |parser| read(parser, value)));
        }
        (read_values.len() == values.len()).then_some(read_values)
    }

    pub(super) fn texts(
        &mut self,
        texts: &[Json],
        read: impl FnMut(&mut Self, &Json) -> Option<Box<str>>,
    ) -> Option<Values> {
        self.each(texts, read).map(values)
    }

    fn interval(&mut self, kind: Kind, operator: Operator, values: &[Json]) -> Option<Interval> {
        // Every value covers a span: one number, or a whole day of microseconds.
        let spans = self.each(values, |parser, value| parser.span(kind, value))?;
        let (start, end) = spans[0];
        Some(match operator {
            Operator::Eq => Interval { lo: Some(start), hi: Some(end) },
            Operator::Lt => Interval { lo: None, hi: Some(start) },
            Operator::Lte => Interval { lo: None, hi: Some(end) },
            Operator::Gt => Interval { lo: Some(end), hi: None },
            Operator::Gte => Interval { lo: Some(start), hi: None },
            _ => {
                let (upper, _) = spans[1];
                if upper <= start {
                    self.fault(Code::BetweenReversed, shown(&values[0]), shown(&values[1]));
                    return None;
                }
                Interval { lo: Some(start), hi: Some(upper) }
            }
        })
    }

    fn money(&mut self, operator: Operator, values: &[Json]) -> Option<MoneyBounds> {
        let amounts = self.each(values, Self::amount)?;
        let (currency, minor) = amounts[0];
        let bound = |minor, is_included| Some(MoneyBound { minor, is_included });
        let (lower, upper) = match operator {
            Operator::Eq => (bound(minor, true), bound(minor, true)),
            Operator::Lt => (None, bound(minor, false)),
            Operator::Lte => (None, bound(minor, true)),
            Operator::Gt => (bound(minor, false), None),
            Operator::Gte => (bound(minor, true), None),
            _ => {
                let (other, upper) = amounts[1];
                if other != currency {
                    self.below(1, |parser| parser.fault(Code::TwoCurrencies, other, currency));
                    return None;
                }
                if upper <= minor {
                    self.fault(Code::BetweenReversed, shown(&values[0]), shown(&values[1]));
                    return None;
                }
                (bound(minor, true), bound(upper, false))
            }
        };
        Some(MoneyBounds::new(currency, lower, upper, self.door.rates))
    }
}
