//! `rules.md` §2 as a table: what each test says of each value, and of a missing one.

use condition::standard::{
    ANNUAL_REVENUE, COMPANY, CREATED_AT, EMAILS, EMPLOYEES, INDUSTRY, PHONES, PINNED, PLACE, POSTCODE,
    REQUIREMENTS,
};
use condition::tree::values;
use condition::{
    Around, By, Catalog, Circle, Circles, Condition, Criterion, Currency, Facts, FieldId, Interval, Middle,
    MoneyBound, MoneyBounds, PhoneFact, Point, PostcodeRange, Rates, Test, Value,
};

const TODAY: i64 = 20_000;

fn is(field: FieldId, test: Test) -> Condition {
    Criterion::new(Catalog::standard().field(field), test).into()
}

fn facts(entries: &[(FieldId, Value)]) -> Facts {
    let mut facts = Facts::new(Catalog::standard().fields().len(), TODAY);
    for (field, value) in entries {
        facts.set(*field, value.clone());
    }
    facts
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn key(key: &str) -> Value {
    Value::Key(key.into())
}

/// A record with all the fields that the tests ask for.
fn baker() -> Facts {
    let phone = |number: &str, country: &str, area: &str| PhoneFact {
        number: number.into(),
        country: Some(country.into()),
        area: Some(area.into()),
    };
    facts(&[
        (COMPANY, text("bäckerei huber gmbh")),
        (EMAILS, Value::Texts(["info@huber.example".into(), "hans@huber.example".into()].into())),
        (
            PHONES,
            Value::Phones([phone("+49891234567", "DE", "+4989"), phone("+4312345678", "AT", "+431")].into()),
        ),
        (POSTCODE, key("80331")),
        (INDUSTRY, key("food")),
        (EMPLOYEES, Value::Integer(40)),
        (ANNUAL_REVENUE, Value::Money { minor: 150_000, currency: Currency::EUR }),
        (REQUIREMENTS, Value::Keys(["demo".into(), "quote".into()].into())),
        (PINNED, Value::YesNo(false)),
        (CREATED_AT, Value::Moment { us: 5_000_000, day: TODAY - 6 }),
        (PLACE, Value::Point(Point::from_degrees(48.137, 11.575))),
    ])
}

fn range(digits: u8, first: u64, last: u64) -> PostcodeRange {
    PostcodeRange { digits, first, last }
}

fn circle(latitude: f64, longitude: f64, metres: u32) -> Test {
    let middle = Middle::Degrees { latitude_e7: 0, longitude_e7: 0 };
    let circle = Circle::around(Point::from_degrees(latitude, longitude), metres);
    Test::WithinKm(Circles::new(vec![(Around { middle, metres }, circle)]))
}

fn between(lo: i64, hi: i64) -> Test {
    Test::Within(Interval { lo: Some(lo), hi: Some(hi) })
}

fn money(currency: Currency, minor: i64) -> Test {
    let lower = Some(MoneyBound { minor, is_included: true });
    Test::MoneyWithin(MoneyBounds::new(currency, lower, None, &Rates::new(Currency::EUR)))
}

#[test]
fn each_test_says_of_a_value_what_its_name_says() {
    let baker = baker();
    let cases = [
        (COMPANY, Test::IsEmpty, false),
        (COMPANY, Test::IsNotEmpty, true),
        (COMPANY, Test::IsAnyOf(values(["bäckerei huber gmbh", "zz"])), true),
        (COMPANY, Test::IsAnyOf(values(["huber"])), false),
        (COMPANY, Test::IsNoneOf(values(["huber"])), true),
        (COMPANY, Test::StartsWithAnyOf(values(["bäcker", "zz"])), true),
        (COMPANY, Test::EndsWithAnyOf(values(["ag", "gmbh"])), true),
        (COMPANY, Test::ContainsAnyOf(values(["huber"])), true),
        (COMPANY, Test::MatchesAnyOf(values(["b?ckerei*"])), true),
        (COMPANY, Test::MatchesAnyOf(values(["huber*"])), false),
        (EMAILS, Test::IsAnyOf(values(["hans@huber.example"])), true),
        (EMAILS, Test::IsNoneOf(values(["hans@huber.example"])), false),
        (EMAILS, Test::EndsWithAnyOf(values(["@huber.example"])), true),
        (PHONES, Test::IsAnyOf(values(["+4312345678"])), true),
        (PHONES, Test::PhoneCountryIsAnyOf(values(["AT"])), true),
        (PHONES, Test::PhoneCountryIsAnyOf(values(["CH"])), false),
        (PHONES, Test::PhoneAreaIsAnyOf(values(["+4989"])), true),
        (INDUSTRY, Test::IsAnyOf(values(["food", "it"])), true),
        (INDUSTRY, Test::IsNoneOf(values(["food", "it"])), false),
        (EMPLOYEES, between(40, 41), true),
        (EMPLOYEES, between(39, 40), false),
        (ANNUAL_REVENUE, money(Currency::EUR, 150_000), true),
        (ANNUAL_REVENUE, money(Currency::EUR, 150_001), false),
        // Without a rate the criterion is not satisfied.
        (ANNUAL_REVENUE, money(Currency(*b"USD"), 1), false),
        (REQUIREMENTS, Test::HasAnyOf(values(["quote", "training"])), true),
        (REQUIREMENTS, Test::HasAllOf(values(["quote", "demo"])), true),
        (REQUIREMENTS, Test::HasAllOf(values(["quote", "training"])), false),
        (REQUIREMENTS, Test::HasNoneOf(values(["training"])), true),
        (REQUIREMENTS, Test::HasNoneOf(values(["quote"])), false),
        (PINNED, Test::Is(false), true),
        (PINNED, Test::Is(true), false),
        (CREATED_AT, between(5_000_000, 5_000_001), true),
        (CREATED_AT, Test::InLastDays(7), true),
        (CREATED_AT, Test::InLastDays(6), false),
        (CREATED_AT, Test::InNextDays(30), false),
        (POSTCODE, Test::IsAnyOf(values(["80331"])), true),
        (POSTCODE, Test::StartsWithAnyOf(values(["7", "80"])), true),
        (POSTCODE, Test::InRangeAnyOf(PostcodeRange::merge(vec![range(5, 80_331, 80_331)])), true),
        (POSTCODE, Test::InRangeAnyOf(PostcodeRange::merge(vec![range(5, 80_332, 90_000)])), false),
        // Only a value of digits with the ends' length can lie inside.
        (POSTCODE, Test::InRangeAnyOf(PostcodeRange::merge(vec![range(6, 0, 999_999)])), false),
        (PLACE, circle(48.137, 11.575, 1), true),
        // Augsburg lies about 57 km from Munich.
        (PLACE, circle(48.371, 10.898, 60_000), true),
        (PLACE, circle(48.371, 10.898, 55_000), false),
    ];
    for (field, test, expected) in cases {
        assert_eq!(is(field, test.clone()).holds(&baker), expected, "{test:?}");
        let not = Condition::Not(Box::new(is(field, test)));
        assert_eq!(not.holds(&baker), !expected);
    }
}

#[test]
fn a_missing_value_satisfies_only_is_empty_and_is_none_of() {
    let nobody = facts(&[]);
    let cases = [
        (COMPANY, Test::IsEmpty, true),
        (COMPANY, Test::IsNotEmpty, false),
        (COMPANY, Test::IsNoneOf(values(["huber"])), true),
        (REQUIREMENTS, Test::HasNoneOf(values(["quote"])), true),
        (COMPANY, Test::IsAnyOf(values(["huber"])), false),
        (COMPANY, Test::MatchesAnyOf(values(["*"])), false),
        (EMPLOYEES, Test::Within(Interval { lo: None, hi: None }), false),
        (REQUIREMENTS, Test::HasAllOf(values::<&str>([])), false),
        (PINNED, Test::Is(false), false),
        (CREATED_AT, Test::InLastDays(7), false),
        (PLACE, circle(48.0, 11.0, 20_000_000), false),
    ];
    for (field, test, expected) in cases {
        assert_eq!(is(field, test.clone()).holds(&nobody), expected, "{test:?}");
        // Plain negation: of a criterion on a missing value it is true.
        assert_eq!(Condition::Not(Box::new(is(field, test))).holds(&nobody), !expected);
    }
}

#[test]
fn days_count_whole_with_today_included() {
    let on = |day| facts(&[(CREATED_AT, Value::Moment { us: 0, day })]);
    let last = is(CREATED_AT, Test::InLastDays(1));
    let next = is(CREATED_AT, Test::InNextDays(2));
    let holds = |condition: &Condition| [-1, 0, 1, 2].map(|day| condition.holds(&on(TODAY + day)));
    assert_eq!(holds(&last), [false, true, false, false]);
    assert_eq!(holds(&next), [false, true, true, false]);
}

#[test]
fn empty_groups_say_all_true_and_any_false() {
    assert!(Condition::All(vec![]).holds(&facts(&[])));
    assert!(!Condition::Any(vec![]).holds(&facts(&[])));
}

#[test]
fn the_end_of_a_circle_lies_inside_it() {
    // 1 degree of a meridian is 111.195 km on a sphere of R = 6371.0088 km.
    let metres = (6371.0088_f64.to_radians() * 1000.0).ceil();
    for (latitude, inside) in [(1.0, true), (1.000_01, false), (-1.0, true)] {
        let north = facts(&[(PLACE, Value::Point(Point::from_degrees(latitude, 0.0)))]);
        assert_eq!(is(PLACE, circle(0.0, 0.0, metres as u32)).holds(&north), inside, "{latitude}");
    }
}

#[test]
fn a_reason_is_the_criterion_that_decided() {
    let baker = baker();
    let starts = is(POSTCODE, Test::StartsWithAnyOf(values(["79", "80", "81"])));
    let small = is(EMPLOYEES, between(0, 10));
    let food = is(INDUSTRY, Test::IsNoneOf(values(["food"])));
    let any = Condition::Any(vec![small.clone(), starts.clone(), food.clone()]);
    let all = Condition::All(vec![any, Condition::Not(Box::new(food))]);
    let reasons = all.explain(&baker);
    let said: Vec<_> = reasons.iter().map(|reason| (reason.criterion.field, reason.held)).collect();
    assert_eq!(said, [(POSTCODE, true), (INDUSTRY, false)]);
    assert_eq!(reasons[0].by, Some(By::Text { text: "80331", value: "80" }));
    let none = Condition::All(vec![starts, small]);
    let said: Vec<_> =
        none.explain(&baker).iter().map(|reason| (reason.criterion.field, reason.held)).collect();
    assert_eq!(said, [(EMPLOYEES, false)]);
}

mod oracle {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn prefixes_are_found_as_by_trying_each(
            prefixes in proptest::collection::vec("[abü]{0,4}", 0..12),
            text in "[abü]{0,6}",
        ) {
            let starts = prefixes.iter().any(|prefix| text.starts_with(prefix));
            let test = Test::StartsWithAnyOf(values(prefixes));
            let facts = facts(&[(COMPANY, Value::Text(text.into()))]);
            prop_assert_eq!(is(COMPANY, test).holds(&facts), starts);
        }

        #[test]
        fn ranges_are_found_as_by_trying_each(
            ranges in proptest::collection::vec((1..4_u8, 0..120_u64, 0..40_u64), 0..8),
            code in "[0-9]{1,3}",
        ) {
            let ranges: Vec<_> =
                ranges.into_iter().map(|(digits, first, more)| range(digits, first, first + more)).collect();
            let number: u64 = code.parse().expect("digits");
            let inside = ranges.iter().any(|range| {
                usize::from(range.digits) == code.len() && (range.first..=range.last).contains(&number)
            });
            let facts = facts(&[(POSTCODE, key(&code))]);
            let test = Test::InRangeAnyOf(PostcodeRange::merge(ranges));
            prop_assert_eq!(is(POSTCODE, test).holds(&facts), inside);
        }

        #[test]
        fn an_explanation_agrees_with_the_outcome(
            employees in 0..3_i64,
            bounds in proptest::collection::vec((0..3_i64, 0..3_i64, proptest::bool::ANY), 0..5),
        ) {
            let conditions = bounds
                .into_iter()
                .map(|(lo, more, negated)| {
                    let criterion = is(EMPLOYEES, between(lo, lo + more));
                    if negated { Condition::Not(Box::new(criterion)) } else { criterion }
                })
                .collect::<Vec<_>>();
            let facts = facts(&[(EMPLOYEES, Value::Integer(employees))]);
            for group in [Condition::All(conditions.clone()), Condition::Any(conditions)] {
                for reason in group.explain(&facts) {
                    prop_assert_eq!(reason.held, reason.criterion.holds(&facts));
                }
            }
        }
    }
}
