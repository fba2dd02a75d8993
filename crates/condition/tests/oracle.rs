//! The obvious versions that everything must agree with, on random conditions and facts.

use std::collections::BTreeSet;

use condition::generate::{self, TODAY, catalog, conditions, facts};
use condition::{
    Condition, Criterion, Facts, Interval, Language, Purpose, Speaker, Test, Value, Written, pattern,
};
use jiff::tz::TimeZone;
use proptest::prelude::*;

/// `rules.md` §2, read aloud: every value tried, nothing sorted, nothing cut short.
fn slow(condition: &Condition, facts: &Facts) -> bool {
    match condition {
        Condition::All(all) => all.iter().filter(|condition| !slow(condition, facts)).count() == 0,
        Condition::Any(any) => any.iter().filter(|condition| slow(condition, facts)).count() > 0,
        Condition::Not(condition) => !slow(condition, facts),
        Condition::Is(criterion) => slow_criterion(criterion, facts),
    }
}

fn slow_criterion(criterion: &Criterion, facts: &Facts) -> bool {
    let value = facts.get(criterion.field);
    let texts: Vec<&str> = match value {
        None => vec![],
        Some(Value::Text(text) | Value::Key(text)) => vec![text],
        Some(Value::Texts(texts) | Value::Keys(texts)) => texts.iter().map(|text| &**text).collect(),
        Some(Value::Phones(phones)) => phones.iter().map(|phone| &*phone.number).collect(),
        Some(_) => vec![],
    };
    let any = |values: &[Box<str>], satisfies: &dyn Fn(&str, &str) -> bool| {
        texts.iter().any(|text| values.iter().any(|value| satisfies(text, value)))
    };
    let inside = |interval: &Interval, number: i64| {
        interval.lo.is_none_or(|lo| number >= lo) && interval.hi.is_none_or(|hi| number < hi)
    };
    let day = match value {
        Some(Value::Integer(day) | Value::Moment { day, .. }) => Some(*day),
        _ => None,
    };
    match &criterion.test {
        Test::IsEmpty => value.is_none(),
        Test::IsNotEmpty => value.is_some(),
        Test::IsAnyOf(values) | Test::HasAnyOf(values) => any(values, &|text, value| text == value),
        Test::IsNoneOf(values) | Test::HasNoneOf(values) => !any(values, &|text, value| text == value),
        Test::HasAllOf(values) => value.is_some() && values.iter().all(|value| texts.contains(&&**value)),
        Test::StartsWithAnyOf(values) => any(values, &|text, value| text.starts_with(value)),
        Test::EndsWithAnyOf(values) => any(values, &|text, value| text.ends_with(value)),
        Test::ContainsAnyOf(values) => any(values, &|text, value| text.contains(value)),
        Test::MatchesAnyOf(values) => any(values, &|text, value| pattern::matches(value, text)),
        Test::Within(interval) => match value {
            Some(Value::Integer(number)) => inside(interval, *number),
            Some(Value::Moment { us, .. }) => inside(interval, *us),
            _ => false,
        },
        Test::MoneyWithin(bounds) => match value {
            Some(Value::Money { minor, currency }) => {
                bounds.iter().any(|(known, interval)| known == currency && inside(interval, *minor))
            }
            _ => false,
        },
        Test::InLastDays(count) => day.is_some_and(|day| (0..*count).contains(&(TODAY - day))),
        Test::InNextDays(count) => day.is_some_and(|day| (0..*count).contains(&(day - TODAY))),
        Test::Is(wanted) => value == Some(&Value::YesNo(*wanted)),
        Test::InRangeAnyOf(ranges) => ranges.iter().any(|range| {
            (range.first..=range.last).any(|code| {
                texts.contains(&format!("{code:0width$}", width = usize::from(range.digits)).as_str())
            })
        }),
        Test::WithinKm(circles) => match value {
            Some(Value::Point(point)) => circles
                .iter()
                .zip(circles.written())
                .any(|(circle, written)| point.km_to(circle.center) <= f64::from(written.metres) / 1000.0),
            _ => false,
        },
        Test::PhoneCountryIsAnyOf(values) => {
            phones(value).any(|phone| phone.country.is_some_and(|at| values.contains(&at)))
        }
        Test::PhoneAreaIsAnyOf(values) => {
            phones(value).any(|phone| phone.area.is_some_and(|area| values.contains(&area)))
        }
    }
}

fn phones(value: Option<&Value>) -> impl Iterator<Item = condition::PhoneFact> {
    let phones = match value {
        Some(Value::Phones(phones)) => phones.to_vec(),
        _ => vec![],
    };
    phones.into_iter()
}

/// The outcome if only some criteria are known; `None` if the others could change it.
fn from_reasons(condition: &Condition, known: &[(&Criterion, bool)]) -> Option<bool> {
    let group = |conditions: &[Condition], decides: bool| {
        let outcomes: Vec<_> = conditions.iter().map(|condition| from_reasons(condition, known)).collect();
        match () {
            () if outcomes.contains(&Some(decides)) => Some(decides),
            () if outcomes.contains(&None) => None,
            () => Some(!decides),
        }
    };
    match condition {
        Condition::All(all) => group(all, false),
        Condition::Any(any) => group(any, true),
        Condition::Not(condition) => from_reasons(condition, known).map(|outcome| !outcome),
        Condition::Is(criterion) => {
            known.iter().find(|(known, _)| *known == criterion).map(|(_, held)| *held)
        }
    }
}

fn fields_one_by_one(condition: &Condition, fields: &mut BTreeSet<condition::FieldId>) {
    match condition {
        Condition::All(inner) | Condition::Any(inner) => {
            inner.iter().for_each(|one| fields_one_by_one(one, fields))
        }
        Condition::Not(inner) => fields_one_by_one(inner, fields),
        Condition::Is(criterion) => {
            fields.insert(criterion.field);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn evaluation_agrees_with_trying_every_value(
        condition in conditions(&catalog(), Purpose::Filter),
        facts in facts(&catalog()),
    ) {
        prop_assert_eq!(condition.holds(&facts), slow(&condition, &facts));
    }

    #[test]
    fn the_reasons_suffice_for_the_outcome(
        condition in conditions(&catalog(), Purpose::Filter),
        facts in facts(&catalog()),
    ) {
        let reasons = condition.explain(&facts);
        let known: Vec<_> = reasons.iter().map(|reason| (reason.criterion, reason.held)).collect();
        prop_assert_eq!(from_reasons(&condition, &known), Some(condition.holds(&facts)));
    }

    #[test]
    fn the_way_to_json_and_back_is_the_same_condition(condition in conditions(&catalog(), Purpose::Filter)) {
        let catalog = catalog();
        let json = condition.to_json(&catalog);
        prop_assert_eq!(&generate::parse(&catalog, &json), &condition);
        prop_assert_eq!(condition.to_json(&catalog), json);
    }

    #[test]
    fn the_fields_read_are_those_of_all_criteria(condition in conditions(&catalog(), Purpose::Rule)) {
        let mut fields = BTreeSet::new();
        fields_one_by_one(&condition, &mut fields);
        prop_assert_eq!(condition.fields(), fields);
    }

    #[test]
    fn every_condition_and_its_reasons_can_be_said(
        condition in conditions(&catalog(), Purpose::Filter),
        facts in facts(&catalog()),
    ) {
        let catalog = catalog();
        for language in [Language::German, Language::English] {
            let speaker = Speaker {
                catalog: &catalog,
                language,
                time_zone: &TimeZone::UTC,
                name_of: &|_, _| None,
                written: &Written::default(),
            };
            let said = speaker.say(&condition).to_string();
            prop_assert!(said.ends_with('.') && !said.contains("  "), "{}", said);
            prop_assert_eq!(said.matches('(').count(), said.matches(')').count(), "{}", said);
            let reasons = condition.explain(&facts);
            let because = speaker.because(&reasons).to_string();
            prop_assert_eq!(because.is_empty(), reasons.is_empty(), "{}", because);
            let speaks_of_many = because.contains("deren ") || because.contains("whose ");
            prop_assert!(!because.contains("  ") && !speaks_of_many, "{}", because);
        }
    }
}
