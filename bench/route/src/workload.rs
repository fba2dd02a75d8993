//! The workloads: rules and leads of each row, from fixed seeds.
//!
//! How many values there are, and how many of them a rule names, is a choice, and with it how often
//! rules match: the fewer do, the longer the plain loop walks, and the better an index looks beside
//! it. The column *tried* of the table says how much of the plan the loop walked. *Main*, *ranges*,
//! *negations*, *nested* and *hot* are as the table of goals has them. That table says neither how
//! many values *mixed* and *words* have nor how often they match. Their first numbers made a rule
//! match within the first thousands, so that the loop hardly began; they were narrowed once, to the
//! time that the goal's own plain loop took for *mixed*. In *words* the loop still stops early.
//! In *negations*, where no rule may match, each rule leaves out every value of one field; since
//! slices lay rules alike side by side, they pass over such rules by the section.

use std::sync::Arc;

use condition::standard::*;
use condition::tree::PostcodeRange;
use condition::{Condition, Criterion, Facts, FieldId, Interval, Kind, PhoneFact, Test, Value, Values};

use crate::random::Random;

/// Custom fields of the rows that need more numbers than a lead has.
pub const MACHINES: FieldId = FieldId(40);
pub const TRUCKS: FieldId = FieldId(41);
pub const AREA: FieldId = FieldId(42);
const FIELDS: usize = 43;

/// Countries whose postcodes have five digits, so that leads can be read from text as well.
const COUNTRIES: [&str; 10] = ["DE", "ES", "FI", "FR", "HR", "IT", "MX", "TR", "UA", "US"];
const POSTCODES: u64 = 8_000;
const INDUSTRIES: u64 = 20;
const SOURCES: u64 = 15;
const STATES: u64 = 16;
const CITIES: u64 = 10_000;
const DOMAINS: u64 = 20_000;
const AREA_CODES: u64 = 2_000;
const WORDS: u64 = 50_000;

pub struct Workload {
    pub rules: Vec<Condition>,
    pub leads: Vec<Facts>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Country, 10 postcodes, 3 of 20 industries, a range of employees.
    Main,
    /// Five shapes of rule that have no field in common.
    Mixed,
    /// Five ranges per rule, of which each rule misses one, narrowly.
    Ranges,
    /// Nothing but negations, none of which matches.
    Negations,
    /// Prefixes of and words inside company names.
    Words,
    /// Groups in groups in groups.
    Nested,
    /// All rules on the same 20 postcodes.
    Hot,
}

impl Row {
    pub fn name(self) -> &'static str {
        match self {
            Row::Main => "main",
            Row::Mixed => "mixed",
            Row::Ranges => "ranges",
            Row::Negations => "negations",
            Row::Words => "words",
            Row::Nested => "nested",
            Row::Hot => "hot",
        }
    }

    pub fn workload(self, rules: usize, leads: usize) -> Workload {
        let mut random = Random(20_261_124 + self as u64);
        Workload {
            rules: (0..rules).map(|_| self.rule(&mut random)).collect(),
            leads: (0..leads).map(|_| self.lead(&mut random)).collect(),
        }
    }

    /// Makes one more rule, for a change.
    pub fn rule(self, random: &mut Random) -> Condition {
        match self {
            Row::Main => main_rule(random),
            Row::Mixed => mixed_rule(random),
            Row::Ranges => ranges_rule(random),
            Row::Negations => negations_rule(random),
            Row::Words => words_rule(random),
            Row::Nested => nested_rule(random),
            Row::Hot => hot_rule(random),
        }
    }

    fn lead(self, random: &mut Random) -> Facts {
        let mut facts = lead(random);
        match self {
            Row::Ranges => {
                for field in RANGES {
                    facts.set(field, Value::Integer(random.number(100) * 1_000));
                }
            }
            Row::Hot => {
                let code = random.below(HOT_POSTCODES);
                facts.set(POSTCODE, Value::Key(postcode(code)));
            }
            Row::Main | Row::Mixed | Row::Negations | Row::Words | Row::Nested => {}
        }
        facts
    }
}

/// A lead with every field that some row asks for.
fn lead(random: &mut Random) -> Facts {
    let mut facts = Facts::new(FIELDS, 20_000);
    let words: Vec<String> = (0..3).map(|_| word(random.below(WORDS))).collect();
    facts.set(COMPANY, Value::Text(format!("{} gmbh", words.join(" ")).into()));
    facts.set(COUNTRY, Value::Key(country(random.below(10))));
    facts.set(POSTCODE, Value::Key(postcode(random.below(POSTCODES))));
    facts.set(INDUSTRY, Value::Key(industry(random.below(INDUSTRIES))));
    facts.set(SOURCE, Value::Key(source(random.below(SOURCES))));
    facts.set(STATE, Value::Key(state(random.below(STATES))));
    facts.set(CITY, Value::Text(city(random.below(CITIES))));
    facts.set(EMAILS, Value::Texts([format!("info@{}", domain(random.below(DOMAINS))).into()].into()));
    let area = area_code(random.below(AREA_CODES));
    let phone = PhoneFact {
        number: format!("{area}{}", random.below(1_000_000)).into(),
        country: Some("DE".into()),
        area: Some(area),
    };
    facts.set(PHONES, Value::Phones([phone].into()));
    for field in RANGES {
        facts.set(field, Value::Integer(1 + random.number(10_000)));
    }
    facts
}

fn main_rule(random: &mut Random) -> Condition {
    let from = random.number(7_500);
    all([
        one_of(COUNTRY, Kind::Country, [country(random.below(10))]),
        one_of(POSTCODE, Kind::Postcode, random.some_below(10, POSTCODES).into_iter().map(postcode)),
        one_of(INDUSTRY, Kind::Choice, random.some_below(3, INDUSTRIES).into_iter().map(industry)),
        within(EMPLOYEES, from, from + 2_500),
    ])
}

fn mixed_rule(random: &mut Random) -> Condition {
    match random.below(5) {
        0 => {
            let first = random.below(995) * 100;
            let range = PostcodeRange { digits: 5, first, last: first + 29 };
            all([
                one_of(COUNTRY, Kind::Country, random.some_below(2, 10).into_iter().map(country)),
                is(POSTCODE, Kind::Postcode, Test::InRangeAnyOf([range].into())),
            ])
        }
        1 => all([
            one_of(STATE, Kind::State, random.some_below(3, STATES).into_iter().map(state)),
            one_of(CITY, Kind::Text, random.some_below(2, CITIES).into_iter().map(city)),
        ]),
        2 => {
            let domains =
                random.some_below(3, DOMAINS).into_iter().map(|at| format!("@{}", domain(at)).into());
            all([is(EMAILS, Kind::Email, Test::EndsWithAnyOf(values(domains)))])
        }
        3 => {
            let from = random.number(9_900);
            all([
                one_of(INDUSTRY, Kind::Choice, random.some_below(3, INDUSTRIES).into_iter().map(industry)),
                within(EMPLOYEES, from, from + 5),
            ])
        }
        _ => all([
            one_of(SOURCE, Kind::Choice, random.some_below(2, SOURCES).into_iter().map(source)),
            is(
                PHONES,
                Kind::Phone,
                Test::PhoneAreaIsAnyOf(values(random.some_below(1, AREA_CODES).into_iter().map(area_code))),
            ),
        ]),
    }
}

const RANGES: [FieldId; 5] = [EMPLOYEES, SCORE, MACHINES, TRUCKS, AREA];

/// Leads have multiples of 1,000; four ranges take every lead, the fifth lies between two multiples.
fn ranges_rule(random: &mut Random) -> Condition {
    let missed = random.below(5);
    let mut ranges = Vec::new();
    for (at, field) in (0..).zip(RANGES) {
        ranges.push(if at == missed {
            let multiple = random.number(100) * 1_000;
            within(field, multiple + 1 + random.number(400), multiple + 500 + random.number(500))
        } else {
            within(field, -random.number(1_000), 100_000 + random.number(1_000))
        });
    }
    Condition::All(ranges)
}

/// Each rule leaves out some values of five fields, and all values of one of them.
fn negations_rule(random: &mut Random) -> Condition {
    let full = random.below(5);
    let mut left_out = |at: u64, some: usize, all: u64| -> Vec<u64> {
        if at == full { (0..all).collect() } else { random.some_below(some, all) }
    };
    let country_list = left_out(0, 3, 10);
    let industry_list = left_out(1, 6, INDUSTRIES);
    let source_list = left_out(2, 5, SOURCES);
    let state_list = left_out(3, 5, STATES);
    let (from, to) = if full == 4 { (0, 20_000) } else { (random.number(7_000), 3_000) };
    let mut criteria = vec![
        none_of(COUNTRY, Kind::Country, country_list.into_iter().map(country)),
        none_of(INDUSTRY, Kind::Choice, industry_list.into_iter().map(industry)),
        not(one_of(SOURCE, Kind::Choice, source_list.into_iter().map(source))),
        not(one_of(STATE, Kind::State, state_list.into_iter().map(state))),
        not(within(EMPLOYEES, from, from + to)),
    ];
    random.shuffle(&mut criteria);
    Condition::All(criteria)
}

fn words_rule(random: &mut Random) -> Condition {
    let company = match random.below(2) {
        0 => {
            let words = random.some_below(2, WORDS).into_iter().map(|at| word(at).into());
            Test::ContainsAnyOf(values(words))
        }
        _ => {
            let heads = random.some_below(2, WORDS).into_iter().map(|at| {
                let word = word(at);
                word[..word.len().min(6)].into()
            });
            Test::StartsWithAnyOf(values(heads))
        }
    };
    all([
        is(COMPANY, Kind::Text, company),
        one_of(INDUSTRY, Kind::Choice, random.some_below(3, INDUSTRIES).into_iter().map(industry)),
    ])
}

fn nested_rule(random: &mut Random) -> Condition {
    let from = random.number(9_000);
    let here = all([
        one_of(COUNTRY, Kind::Country, [country(random.below(10))]),
        one_of(POSTCODE, Kind::Postcode, random.some_below(6, POSTCODES).into_iter().map(postcode)),
        not(one_of(SOURCE, Kind::Choice, random.some_below(8, SOURCES).into_iter().map(source))),
    ]);
    let there = all([
        one_of(CITY, Kind::Text, random.some_below(2, CITIES).into_iter().map(city)),
        any([
            within(EMPLOYEES, from, from + 500),
            all([
                one_of(SOURCE, Kind::Choice, random.some_below(2, SOURCES).into_iter().map(source)),
                not(within(SCORE, 0, 9_000)),
            ]),
        ]),
    ]);
    all([
        one_of(INDUSTRY, Kind::Choice, random.some_below(3, INDUSTRIES).into_iter().map(industry)),
        any([here, there]),
    ])
}

const HOT_POSTCODES: u64 = 20;

fn hot_rule(random: &mut Random) -> Condition {
    let (employees, score) = (random.number(9_900), random.number(9_900));
    all([
        one_of(POSTCODE, Kind::Postcode, random.some_below(10, HOT_POSTCODES).into_iter().map(postcode)),
        one_of(INDUSTRY, Kind::Choice, random.some_below(3, INDUSTRIES).into_iter().map(industry)),
        within(EMPLOYEES, employees, employees + 100),
        within(SCORE, score, score + 100),
    ])
}

fn all<const N: usize>(members: [Condition; N]) -> Condition {
    Condition::All(members.into())
}

fn any<const N: usize>(members: [Condition; N]) -> Condition {
    Condition::Any(members.into())
}

fn not(member: Condition) -> Condition {
    Condition::Not(Box::new(member))
}

fn is(field: FieldId, kind: Kind, test: Test) -> Condition {
    Condition::Is(Criterion { field, kind, test })
}

fn one_of(field: FieldId, kind: Kind, texts: impl IntoIterator<Item = Box<str>>) -> Condition {
    is(field, kind, Test::IsAnyOf(values(texts)))
}

fn none_of(field: FieldId, kind: Kind, texts: impl IntoIterator<Item = Box<str>>) -> Condition {
    is(field, kind, Test::IsNoneOf(values(texts)))
}

fn within(field: FieldId, lo: i64, hi: i64) -> Condition {
    is(field, Kind::Integer, Test::Within(Interval { lo: Some(lo), hi: Some(hi) }))
}

fn values(texts: impl IntoIterator<Item = Box<str>>) -> Values {
    let mut texts: Vec<Box<str>> = texts.into_iter().collect();
    texts.sort();
    texts.dedup();
    Arc::from(texts)
}

fn country(at: u64) -> Box<str> {
    COUNTRIES[usize::try_from(at).expect("an index")].into()
}

/// 8,000 codes over the whole range of five digits.
fn postcode(at: u64) -> Box<str> {
    format!("{:05}", 1_000 + at * 12 + at % 7).into()
}

fn industry(at: u64) -> Box<str> {
    format!("industry_{at}").into()
}

fn source(at: u64) -> Box<str> {
    format!("source_{at}").into()
}

fn state(at: u64) -> Box<str> {
    format!("DE-{at:02}").into()
}

fn city(at: u64) -> Box<str> {
    format!("{}stadt", word(at)).into()
}

fn domain(at: u64) -> String {
    format!("{}.example", word(at))
}

fn area_code(at: u64) -> Box<str> {
    format!("+49{}", 30 + at).into()
}

/// A word of four syllables; no two are the same.
fn word(at: u64) -> String {
    const SYLLABLES: [&str; 32] = [
        "ba", "bre", "dor", "ein", "fel", "gru", "hau", "ing", "jo", "kra", "lau", "mer", "nau", "ober",
        "pfa", "qui", "rei", "scha", "tor", "ul", "ver", "wei", "xa", "yp", "zim", "berg", "stein", "hof",
        "tech", "werk", "mann", "haus",
    ];
    let mut rest = at.wrapping_mul(7_919) % (1 << 20);
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(SYLLABLES[usize::try_from(rest % 32).expect("an index")]);
        rest /= 32;
    }
    word
}
