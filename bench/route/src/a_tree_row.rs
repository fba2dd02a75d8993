//! The crate `a-tree` on the rules of *main*: the best index for boolean expressions on crates.io.

use a_tree::{ATree, AttributeDefinition};
use condition::standard::{COUNTRY, EMPLOYEES, INDUSTRY, POSTCODE};
use condition::{Condition, Criterion, Facts, FieldId, Test, Value};

use crate::measure::nanoseconds_per_item;

/// Builds the tree, finds each lead's first matching rule as `expected` has it, and returns the
/// nanoseconds per lead, the making of the event included.
pub fn run(rules: &[Condition], leads: &[Facts], expected: &[Option<usize>]) -> f64 {
    let attributes = [
        AttributeDefinition::string("country"),
        AttributeDefinition::string("postcode"),
        AttributeDefinition::string("industry"),
        AttributeDefinition::integer("employees"),
    ];
    let mut tree = ATree::new(&attributes).expect("the attributes are distinct");
    for (at, rule) in rules.iter().enumerate() {
        tree.insert(&at, &expression(rule)).expect("the expression is well formed");
    }
    let place = |facts: &Facts| {
        let mut event = tree.make_event();
        for (name, field) in [("country", COUNTRY), ("postcode", POSTCODE), ("industry", INDUSTRY)] {
            event.with_string(name, text(facts, field)).expect("the attribute is known");
        }
        let Some(Value::Integer(employees)) = facts.get(EMPLOYEES) else {
            unreachable!("all have employees")
        };
        event.with_integer("employees", *employees).expect("the attribute is known");
        let event = event.build().expect("all attributes are set");
        let report = tree.search(&event).expect("the event fits");
        report.matches().iter().map(|&&at| at).min()
    };
    for (facts, expected) in leads.iter().zip(expected) {
        assert_eq!(place(facts), *expected, "a-tree and the plain loop differ on {facts:?}");
    }
    nanoseconds_per_item(leads, 3, place)
}

fn text(facts: &Facts, field: FieldId) -> &str {
    match facts.get(field) {
        Some(Value::Key(text)) => text,
        other => unreachable!("{other:?} is no key"),
    }
}

fn expression(rule: &Condition) -> String {
    let Condition::All(members) = rule else { unreachable!("rules of main are flat") };
    let parts = members.iter().map(|member| match member {
        Condition::Is(Criterion { field, test: Test::IsAnyOf(texts), .. }) => {
            let name = match *field {
                COUNTRY => "country",
                POSTCODE => "postcode",
                _ => "industry",
            };
            let list: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
            format!("{name} in [{}]", list.join(", "))
        }
        Condition::Is(Criterion { test: Test::Within(interval), .. }) => {
            let (lo, hi) = (interval.lo.expect("bound"), interval.hi.expect("bound"));
            format!("employees >= {lo} and employees < {hi}")
        }
        other => unreachable!("main has no {other:?}"),
    });
    parts.collect::<Vec<_>>().join(" and ")
}
