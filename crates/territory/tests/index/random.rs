//! Random plans, leads and changes: small vocabularies, so that rules match, and odd values.

use std::sync::Arc;

use condition::standard::*;
use condition::tree::PostcodeRange;
use condition::{
    Around, Circle, Circles, Condition, Criterion, Currency, Facts, FieldId, Interval, Kind, Middle,
    MoneyBound, MoneyBounds, PhoneFact, Point, Rates, Test, Value, Values,
};
use territory::{Plan, Rule, RuleId, Territory, TerritoryId, When};

/// SplitMix64: small, and the same for ever.
pub struct Random(pub u64);

impl Random {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ word >> 31
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.word() % end
    }

    pub fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).expect("below a usize")
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.index(choices.len())]
    }

    fn number(&mut self, end: i64) -> i64 {
        i64::try_from(self.below(end.unsigned_abs())).expect("below an i64")
    }
}

const DAYS: FieldId = FieldId(100);

/// How many different postcodes, companies … a plan may name: few make leads match, many are selective.
#[derive(Clone, Copy)]
pub struct Variety(pub u64);

fn postcode(random: &mut Random, variety: Variety) -> Box<str> {
    match random.below(12) {
        0 => random.of(&["1010", "SW1A1AA", "D02", "80331", "0", "123456789012345678901"]).into(),
        1 => format!("{:04}", random.below(variety.0)).into(),
        _ => format!("{:05}", (random.below(variety.0) * 7919) % 100_000).into(),
    }
}

fn company(random: &mut Random, variety: Variety) -> Box<str> {
    let words = ["bau", "maschinenbau", "müller", "a", "gmbh", "bank", "bankhaus", "ag"];
    let count = 1 + random.index(3);
    let mut text: Vec<String> = (0..count).map(|_| (*random.of(&words.each_ref())).to_owned()).collect();
    if random.one_in(2) {
        text.push(format!("x{}", random.below(variety.0)));
    }
    text.join(" ").into()
}

fn key(random: &mut Random, prefix: &str, count: u64) -> Box<str> {
    format!("{prefix}{}", random.below(count)).into()
}

fn email(random: &mut Random, variety: Variety) -> Box<str> {
    format!("{}@{}.de", random.of(&["anna", "ben", "info"]), key(random, "firma", variety.0)).into()
}

fn phone(random: &mut Random) -> PhoneFact {
    let area = random.of(&["+4989", "+4930", "+431", "+1415"]);
    PhoneFact {
        number: format!("{area}{}", random.below(100)).into(),
        country: (!random.one_in(5)).then(|| random.of(&["DE", "AT", "US"]).into()),
        area: (!random.one_in(5)).then(|| area.into()),
    }
}

fn point(random: &mut Random) -> Point {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let degrees = |random: &mut Random, end| random.below(end) as f64 / 10.0;
    Point::from_degrees(47.0 + degrees(random, 80), 6.0 + degrees(random, 90))
}

pub fn lead(random: &mut Random, variety: Variety) -> Facts {
    let mut facts = Facts::new(32, 20_000);
    let mut set = |random: &mut Random, field: FieldId, value: &dyn Fn(&mut Random) -> Value| {
        if !random.one_in(5) {
            let value = value(random);
            facts.set(field, value);
        }
    };
    set(random, COUNTRY, &|random| Value::Key(random.of(&["DE", "AT", "CH", "US"]).into()));
    set(random, STATE, &|random| Value::Key(key(random, "DE-", 16)));
    set(random, POSTCODE, &|random| Value::Key(postcode(random, variety)));
    set(random, INDUSTRY, &|random| Value::Key(key(random, "i", 8)));
    set(random, SOURCE, &|random| Value::Key(key(random, "s", 40)));
    set(random, COMPANY, &|random| Value::Text(company(random, variety)));
    set(random, CITY, &|random| Value::Text(key(random, "city ", variety.0)));
    set(random, EMPLOYEES, &|random| Value::Integer(random.number(1_000)));
    set(random, SCORE, &|random| Value::Integer(random.number(10) * i64::from(i32::MAX) / 4));
    set(random, PINNED, &|random| Value::YesNo(random.one_in(2)));
    set(random, CREATED_AT, &|random| {
        let day = 19_990 + random.number(20);
        Value::Moment { us: day * 86_400_000_000, day }
    });
    set(random, DAYS, &|random| Value::Integer(19_990 + random.number(20)));
    set(random, ANNUAL_REVENUE, &|random| Value::Money {
        minor: random.number(1_000),
        currency: Currency(*random.of(&[b"EUR", b"USD", b"JPY"])),
    });
    set(random, PLACE, &|random| Value::Point(point(random)));
    set(random, EMAILS, &|random| {
        let count = 1 + random.index(2);
        Value::Texts((0..count).map(|_| email(random, variety)).collect())
    });
    set(random, PHONES, &|random| {
        let count = 1 + random.index(2);
        Value::Phones((0..count).map(|_| phone(random)).collect())
    });
    set(random, REQUIREMENTS, &|random| {
        let mut keys: Vec<Box<str>> = (0..=random.index(3)).map(|_| key(random, "r", 50)).collect();
        keys.sort();
        keys.dedup();
        Value::Keys(keys.into())
    });
    facts
}

fn values(random: &mut Random, value: impl Fn(&mut Random) -> Box<str>) -> Values {
    let count = if random.one_in(20) { 0 } else { 1 + random.index(6) };
    let mut values: Vec<Box<str>> = (0..count).map(|_| value(random)).collect();
    values.sort();
    values.dedup();
    values.into()
}

fn interval(random: &mut Random, number: impl Fn(&mut Random) -> i64) -> Interval {
    let bound = |random: &mut Random| (!random.one_in(4)).then(|| number(random));
    let (lo, hi) = (bound(random), bound(random));
    match random.below(3) {
        0 => Interval { lo, hi: lo.map(|lo| lo + 1 + i64::try_from(random.below(5)).expect("few")) },
        _ => Interval { lo, hi },
    }
}

fn text_test(random: &mut Random, value: impl Fn(&mut Random) -> Box<str>) -> Test {
    let part = |random: &mut Random| -> Box<str> {
        let text: Vec<char> = value(random).chars().collect();
        let from = random.index(text.len());
        let to = from + 1 + random.index(text.len() - from);
        text[from..to].iter().collect::<String>().into()
    };
    let head = |random: &mut Random| -> Box<str> {
        let text: Vec<char> = value(random).chars().collect();
        text[..1 + random.index(text.len())].iter().collect::<String>().into()
    };
    match random.below(8) {
        0 | 1 => Test::IsAnyOf(values(random, value)),
        2 => Test::IsNoneOf(values(random, value)),
        3 => Test::StartsWithAnyOf(values(random, head)),
        4 => Test::EndsWithAnyOf(values(random, part)),
        5 => Test::ContainsAnyOf(values(random, part)),
        6 => Test::MatchesAnyOf(values(random, |random| {
            let pattern = value(random).to_string();
            random.of(&["*", "?", "x*"]).chars().chain(pattern.chars().skip(1)).collect::<String>().into()
        })),
        _ => empty_test(random),
    }
}

fn empty_test(random: &mut Random) -> Test {
    if random.one_in(2) { Test::IsEmpty } else { Test::IsNotEmpty }
}

fn key_test(random: &mut Random, value: impl Fn(&mut Random) -> Box<str>) -> Test {
    match random.below(6) {
        0..=2 => Test::IsAnyOf(values(random, value)),
        3 | 4 => Test::IsNoneOf(values(random, value)),
        _ => empty_test(random),
    }
}

fn range(random: &mut Random, variety: Variety) -> PostcodeRange {
    let digits = if random.one_in(6) { 4 } else { 5 };
    let end = 10u64.pow(u32::from(digits));
    let first = random.below(end);
    let width = if random.one_in(2) { 20 } else { variety.0 * 10 };
    PostcodeRange { digits, first, last: (first + random.below(width)).min(end - 1) }
}

/// Sorted and apart from one another, as the normal form has them.
fn ranges(random: &mut Random, variety: Variety) -> Arc<[PostcodeRange]> {
    let mut ranges: Vec<PostcodeRange> = (0..=random.index(3)).map(|_| range(random, variety)).collect();
    ranges.sort();
    ranges.dedup_by(|next, range| next.digits == range.digits && next.first <= range.last + 1);
    ranges.into()
}

fn criterion(random: &mut Random, variety: Variety) -> Criterion {
    let is = |field, kind, test| Criterion { field, kind, test };
    match random.below(17) {
        0 => is(COUNTRY, Kind::Country, key_test(random, |r| r.of(&["DE", "AT", "CH", "US", "FR"]).into())),
        1 => is(STATE, Kind::State, key_test(random, |r| key(r, "DE-", 16))),
        2 => is(INDUSTRY, Kind::Choice, key_test(random, |r| key(r, "i", 10))),
        3 => is(SOURCE, Kind::Choice, key_test(random, |r| key(r, "s", 50))),
        4 => is(COMPANY, Kind::Text, text_test(random, |r| company(r, variety))),
        5 => is(CITY, Kind::Text, text_test(random, |r| key(r, "city ", variety.0))),
        6 => is(EMAILS, Kind::Email, text_test(random, |r| email(r, variety))),
        7 => is(EMPLOYEES, Kind::Integer, Test::Within(interval(random, |r| r.number(1_000)))),
        8 => is(
            SCORE,
            Kind::Integer,
            Test::Within(interval(random, |r| r.number(10) * i64::from(i32::MAX) / 4)),
        ),
        9 => is(PINNED, Kind::YesNo, Test::Is(random.one_in(2))),
        10 => {
            let bound = |random: &mut Random| {
                (!random.one_in(3))
                    .then(|| MoneyBound { minor: random.number(1_000), is_included: random.one_in(2) })
            };
            let (lower, upper) = (bound(random), bound(random));
            let bounds = MoneyBounds::new(Currency::EUR, lower, upper, &Rates::new(Currency::EUR));
            is(ANNUAL_REVENUE, Kind::Money, Test::MoneyWithin(bounds))
        }
        11 => {
            let around = Around { middle: Middle::Degrees { latitude_e7: 0, longitude_e7: 0 }, metres: 1 };
            let metres = u32::try_from(random.below(200_000)).expect("small");
            let circle = Circle::around(point(random), metres);
            is(PLACE, Kind::Place, Test::WithinKm(Circles::new(vec![(around, circle)])))
        }
        12 => {
            let test = match random.below(3) {
                0 => Test::PhoneCountryIsAnyOf(values(random, |r| r.of(&["DE", "AT", "CH"]).into())),
                1 => Test::PhoneAreaIsAnyOf(values(random, |r| r.of(&["+4989", "+4930", "+33"]).into())),
                _ => empty_test(random),
            };
            is(PHONES, Kind::Phone, test)
        }
        13 => {
            let test = match random.below(4) {
                0 => Test::HasAnyOf(values(random, |r| key(r, "r", 60))),
                1 => Test::HasAllOf(values(random, |r| key(r, "r", 60))),
                2 => Test::HasNoneOf(values(random, |r| key(r, "r", 60))),
                _ => empty_test(random),
            };
            is(REQUIREMENTS, Kind::MultiChoice, test)
        }
        14 => {
            let test = match random.below(3) {
                0 => Test::InLastDays(random.number(10)),
                1 => Test::InNextDays(random.number(10)),
                _ => Test::Within(interval(random, |r| 19_990 + r.number(20))),
            };
            is(DAYS, Kind::Date, test)
        }
        _ => {
            let test = match random.below(6) {
                0 | 1 => Test::InRangeAnyOf(ranges(random, variety)),
                2 => text_test(random, |r| postcode(r, variety)),
                _ => key_test(random, |r| postcode(r, variety)),
            };
            is(POSTCODE, Kind::Postcode, test)
        }
    }
}

fn condition(random: &mut Random, variety: Variety, depth: u32) -> Condition {
    let members = |random: &mut Random| {
        let count = if random.one_in(25) { 0 } else { 1 + random.index(3) };
        (0..count).map(|_| condition(random, variety, depth - 1)).collect()
    };
    match random.below(if depth == 0 { 4 } else { 8 }) {
        4 | 5 => Condition::All(members(random)),
        6 => Condition::Any(members(random)),
        7 => Condition::Not(Box::new(condition(random, variety, depth - 1))),
        _ => Condition::Is(criterion(random, variety)),
    }
}

pub fn rule(random: &mut Random, variety: Variety, id: u128) -> Rule {
    let depth = 1 + u32::try_from(random.below(3)).expect("small");
    let mut condition = condition(random, variety, depth);
    // Most rules are narrow, as real ones are; else the first would take every lead.
    if !random.one_in(10) {
        condition = Condition::All(vec![
            condition,
            Condition::Is(criterion(random, variety)),
            Condition::Is(criterion(random, variety)),
        ]);
    }
    let when = if random.one_in(20) { When::Broken } else { When::Holds(Arc::new(condition)) };
    Rule { id: RuleId(id), name: format!("rule {id}"), enabled: !random.one_in(20), when }
}

pub fn plan(random: &mut Random, variety: Variety) -> Plan {
    let territories = random.index(12);
    plan_of(random, variety, territories, 12)
}

/// A plan of so many territories with fewer than so many rules each.
pub fn plan_of(random: &mut Random, variety: Variety, territories: usize, rules: usize) -> Plan {
    let mut next_rule = 1_000_000;
    let territories: Vec<Territory> = (0..territories)
        .map(|at| Territory {
            id: TerritoryId(1 + at as u128),
            parent: (at > 0 && !random.one_in(3)).then(|| TerritoryId(1 + random.index(at) as u128)),
            name: random.of(&["Nord", "Süd", "Ost"]).to_owned(),
            position: i64::try_from(random.below(4)).expect("small"),
            active: !random.one_in(8),
            color: None,
            rules: (0..random.index(rules))
                .map(|_| {
                    next_rule += 1;
                    rule(random, variety, next_rule)
                })
                .collect(),
        })
        .collect();
    let default_territory = (!territories.is_empty() && random.one_in(2))
        .then(|| territories[random.index(territories.len())].id);
    Plan { territories, default_territory }
}
