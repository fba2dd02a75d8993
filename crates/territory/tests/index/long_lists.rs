//! Criteria with as many values as a rule may have: built and evaluated without walking the list.

use std::sync::Arc;

use condition::standard::{COMPANY, COUNTRY, EMAILS, POSTCODE};
use condition::tree::{PostcodeRange, values};
use condition::{Condition, Criterion, Facts, FieldId, Kind, Test, Value};
use territory::{Index, Plan, Rule, RuleId, Territory, TerritoryId, When};

use crate::place;

fn is(field: FieldId, kind: Kind, test: Test) -> Condition {
    Condition::Is(Criterion { field, kind, test })
}

/// A rule for each operator that takes a list, on every `step`-th of so many values from `first` on.
fn conditions(count: usize, first: usize, step: usize) -> Vec<Condition> {
    let list = |text: &dyn Fn(usize) -> String| values((0..count).map(|at| text(first + at * step)));
    let range = |at: usize| {
        let code = u64::try_from(first + at * step).expect("small") % 1_000_000;
        PostcodeRange { digits: 6, first: code, last: code }
    };
    vec![
        is(COMPANY, Kind::Text, Test::IsAnyOf(list(&|at| format!("firma {at} ag")))),
        is(COMPANY, Kind::Text, Test::StartsWithAnyOf(list(&|at| format!("kunde {at} ")))),
        is(EMAILS, Kind::Email, Test::EndsWithAnyOf(list(&|at| format!("@haus{at}.de")))),
        is(COMPANY, Kind::Text, Test::ContainsAnyOf(list(&|at| format!(" werk{at}.")))),
        is(COMPANY, Kind::Text, Test::MatchesAnyOf(list(&|at| format!("?. bau{at}.*")))),
        is(POSTCODE, Kind::Postcode, Test::IsAnyOf(list(&|at| format!("p{at}")))),
        is(POSTCODE, Kind::Postcode, Test::StartsWithAnyOf(list(&|at| format!("q{at}x")))),
        is(
            POSTCODE,
            Kind::Postcode,
            Test::InRangeAnyOf(PostcodeRange::merge((0..count).map(range).collect())),
        ),
    ]
}

/// Leads that have the value of that number in one way each, or in none.
fn leads(number: usize) -> Vec<Facts> {
    let lead = |field: FieldId, value: Value| {
        let mut facts = Facts::new(32, 20_000);
        facts.set(COUNTRY, Value::Key("DE".into()));
        facts.set(field, value);
        facts
    };
    let companies = ["firma # ag", "kunde # kg", "das werk#. berlin", "x. bau#. süd", "zwei. bau#. süd"];
    let postcodes = ["p#", "q#x7", "#"];
    let filled = |text: &&str| text.replace('#', &number.to_string());
    let mut leads: Vec<Facts> =
        companies.iter().map(|text| lead(COMPANY, Value::Text(filled(text).into()))).collect();
    leads.extend(postcodes.iter().map(|text| lead(POSTCODE, Value::Key(filled(text).into()))));
    leads.push(lead(POSTCODE, Value::Key(format!("{number:06}").into())));
    let emails = ["info@post.de".into(), format!("anna@haus{number}.de").into()];
    leads.push(lead(EMAILS, Value::Texts(emails.into())));
    leads
}

fn plan(conditions: Vec<Condition>) -> Plan {
    let rules = (1..)
        .zip(conditions)
        .map(|(id, condition)| Rule {
            id: RuleId(id),
            name: format!("rule {id}"),
            enabled: true,
            when: When::Holds(Arc::new(condition)),
        })
        .collect();
    let territory = Territory {
        id: TerritoryId(1),
        parent: None,
        name: "Nord".to_owned(),
        position: 1,
        active: true,
        color: None,
        rules,
    };
    Plan { territories: vec![territory], default_territory: None }
}

fn check(plan: &Plan, numbers: impl Iterator<Item = usize>) -> usize {
    let index = Index::build(plan);
    let mut matched = 0;
    for lead in numbers.flat_map(leads) {
        let placed = index.place(&lead);
        assert_eq!(placed, place(plan, &lead).placed, "{lead:?}");
        matched += usize::from(placed.rule.is_some());
    }
    matched
}

#[test]
fn a_rule_may_have_100_000_values() {
    for (count, numbers) in [(30_000, [0, 29_998, 29_999, 59_998]), (100_000, [0, 7, 99_998, 199_998])] {
        let matched = check(&plan(conditions(count, 0, 2)), numbers.into_iter());
        assert!(matched > 0, "none of {count} values was found");
    }
}

#[test]
fn many_rules_with_long_lists_are_told_apart() {
    let all: Vec<Condition> = (0..40).flat_map(|first| conditions(1_000, first, 40)).collect();
    let nots = conditions(500, 3, 5).into_iter().map(|condition| Condition::Not(Box::new(condition)));
    let matched = check(&plan(all.into_iter().chain([Condition::All(nots.collect())]).collect()), 900..960);
    assert!(matched > 300, "{matched} matched");
}
