//! Reach: which spots the rules of a territory could take leads from, and which they surely take.
//! Uses: spots, book.

use condition::standard::{COUNTRY, PLACE, POSTCODE, STATE};
use std::sync::LazyLock;

use condition::{Condition, FieldId, Point, Test, Value};
use uuid::Uuid;

use super::spots::{Land, SPOTS, Spot};
use crate::territories::book::{Rule, RuleBook};

/// Runs of spots, first and end, sorted and apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs(Vec<(u32, u32)>);

impl Runs {
    fn push(&mut self, first: u32, end: u32) {
        match self.0.last_mut() {
            Some(last) if last.1 == first => last.1 = end,
            _ => self.0.push((first, end)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().flat_map(|&(first, end)| first..end)
    }
}

/// What the rules of a territory say of places.
#[derive(Debug)]
pub struct Reach {
    /// The states of the rules that it was made of.
    rules: Vec<(Uuid, i64, bool)>,
    /// Where a record may match, whatever else the rules ask for.
    pub could: Runs,
    /// Where every record matches.
    pub surely: Runs,
    /// A rule that names no place may match anywhere.
    pub is_anywhere: bool,
}

/// What a reach is made of: rules in their states, and whether each can be read.
pub fn states(book: &RuleBook, territory: Uuid) -> Vec<(Uuid, i64, bool)> {
    let enabled = book.rules_of(territory).filter(|rule| rule.row.is_enabled);
    enabled.map(|rule| (rule.row.id, rule.row.since, rule.condition.is_some())).collect()
}

impl Reach {
    /// Works out the reach of a territory's enabled rules; broken ones match nothing.
    pub fn of(book: &RuleBook, territory: Uuid) -> Reach {
        let condition = |rule: &Rule| rule.condition.clone().filter(|_| rule.row.is_enabled);
        let (placed, anywhere): (Vec<_>, Vec<_>) =
            book.rules_of(territory).filter_map(condition).partition(|condition| names_place(condition));
        let placed: Vec<Asked<'_>> = placed.iter().map(|condition| Asked::of(condition)).collect();
        let (mut could, mut surely) = (Runs::default(), Runs::default());
        if !placed.is_empty() {
            for land in &SPOTS.lands {
                add(land, &placed, &mut could, &mut surely);
            }
        }
        Reach { rules: states(book, territory), could, surely, is_anywhere: !anywhere.is_empty() }
    }

    pub fn is_of(&self, book: &RuleBook, territory: Uuid) -> bool {
        self.rules == states(book, territory)
    }
}

fn names_place(condition: &Condition) -> bool {
    condition.criteria().any(|criterion| [COUNTRY, STATE, POSTCODE, PLACE].contains(&criterion.field))
}

/// A rule and the countries that it names, itself or by a state.
struct Asked<'a> {
    condition: &'a Condition,
    countries: Vec<&'a str>,
}

impl<'a> Asked<'a> {
    fn of(condition: &'a Condition) -> Asked<'a> {
        let mut countries = Vec::new();
        for criterion in condition.criteria().filter(|criterion| [COUNTRY, STATE].contains(&criterion.field))
        {
            if let Test::IsAnyOf(values) | Test::IsNoneOf(values) = &criterion.test {
                countries.extend(values.iter().filter_map(|value| value.get(..2)));
            }
        }
        countries.sort_unstable();
        countries.dedup();
        Asked { condition, countries }
    }

    fn names(&self, land: &Land) -> bool {
        self.countries.binary_search(&land.code).is_ok()
    }

    fn truth(&self, land: &Land, spot: &Spot) -> Option<bool> {
        // Where the data know no postcodes, a rule that names the country may hold in a part of it; one that does
        // not, but asks for a postcode, a state or a circle, means some other country.
        let unknown = |missing: &'static Value| (!self.names(land)).then_some(missing);
        self.condition.truth(&|field| match field {
            COUNTRY => Some(&land.country),
            STATE => spot.state.as_ref().or_else(|| unknown(&ELSEWHERE)),
            POSTCODE => spot.postcode.as_ref().or_else(|| unknown(&ELSEWHERE)),
            PLACE => spot.point.as_ref().or_else(|| unknown(&FAR)),
            _ => None,
        })
    }
}

/// A state or postcode that no rule names.
static ELSEWHERE: LazyLock<Value> = LazyLock::new(|| Value::Key("?".into()));

/// The South Pole, where nobody sells.
static FAR: LazyLock<Value> = LazyLock::new(|| Value::Point(Point::from_degrees(-90.0, 0.0)));

fn add(land: &Land, rules: &[Asked<'_>], could: &mut Runs, surely: &mut Runs) {
    let std::ops::Range { start, end } = land.spots;
    let of_land = |field: FieldId| (field == COUNTRY).then_some(&land.country);
    // Most rules name their country; what that leaves open asks for each spot.
    let mut open: Vec<&Asked<'_>> = Vec::new();
    for rule in rules {
        match rule.condition.truth(&of_land) {
            Some(true) => {
                could.push(start, end);
                surely.push(start, end);
                return;
            }
            Some(false) => {}
            None => open.push(rule),
        }
    }
    if open.is_empty() {
        return;
    }
    for at in start..end {
        let spot = &SPOTS.all[at as usize];
        let best = open.iter().map(|rule| rule.truth(land, spot)).max_by_key(|truth| match truth {
            Some(false) => 0,
            None => 1,
            Some(true) => 2,
        });
        match best.flatten() {
            Some(false) => {}
            None => could.push(at, at + 1),
            Some(true) => {
                could.push(at, at + 1);
                surely.push(at, at + 1);
            }
        }
    }
}
