//! The door for conditions: JSON becomes a tree that is bound to a catalogue, with all values in
//! normal form. Every fault is reported at once, with its place.
//! Never refuses a plan for a name it does not know: such a criterion breaks its own rule only.
//! Uses: field, tree, operator, fault, normal, place.

mod criterion;
mod nearest;
mod place_values;
mod values;

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use crate::fault::{Code, Fault};
use crate::field::{Catalog, Field};
use crate::money::Rates;
use crate::tree::Condition;

/// Groups in groups.
pub const RULE_DEPTH_MAX: usize = 16;

/// Values of all criteria of one condition together.
pub const RULE_VALUES_MAX: usize = 100_000;

/// What a condition is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Rules may not read what Revier itself keeps: territory, owner, times.
    Rule,
    Filter,
}

/// All that reading a condition depends on.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    pub catalog: &'a Catalog,
    /// The rates of the day, for money.
    pub rates: &'a Rates,
    /// The workspace's zone, for days on date-time fields.
    pub time_zone: &'a TimeZone,
    pub purpose: Purpose,
    /// Fields for which this says false are answered like unknown ones.
    pub is_readable: Option<&'a dyn Fn(&Field) -> bool>,
}

/// A condition of sound structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    Sound(Condition),
    /// Some criterion names a field, choice, country, state, currency or postcode that nobody knows: the
    /// whole rule is broken, and never matches.
    Broken(Vec<Fault>),
}

impl Door<'_> {
    /// Reads a condition from text, as a filter in an address.
    pub fn parse_text(&self, text: &str) -> Result<Parsed, Vec<Fault>> {
        match serde_json::from_str(text) {
            Ok(json) => self.parse(&json),
            Err(error) => Err(vec![Fault::at("", Code::NotJson, error)]),
        }
    }

    /// Reads a condition. `Err` holds every fault of structure and value, and what is broken besides.
    pub fn parse(&self, json: &Json) -> Result<Parsed, Vec<Fault>> {
        let mut parser = Parser {
            door: *self,
            pointer: String::new(),
            countries: Vec::new(),
            values: 0,
            faults: Vec::new(),
        };
        let condition = parser.condition(json, 0);
        let faults = parser.faults;
        match condition {
            Some(condition) if faults.is_empty() => Ok(Parsed::Sound(condition)),
            _ if faults.iter().all(|fault| fault.code.breaks_only_the_rule()) => Ok(Parsed::Broken(faults)),
            _ => Err(faults),
        }
    }
}

impl Parsed {
    /// Returns the condition, or what is broken as faults.
    pub fn sound(self) -> Result<Condition, Vec<Fault>> {
        match self {
            Parsed::Sound(condition) => Ok(condition),
            Parsed::Broken(faults) => Err(faults),
        }
    }
}

struct Parser<'a> {
    door: Door<'a>,
    /// Where we are, as a JSON pointer.
    pointer: String,
    /// The countries that enclosing groups demand: they tell which `Bayern` or `01067` is meant.
    countries: Vec<Vec<place::Country>>,
    values: usize,
    faults: Vec<Fault>,
}

impl Parser<'_> {
    /// Reads below a step of the path.
    fn below<T>(&mut self, step: impl std::fmt::Display, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        write!(self.pointer, "/{step}").expect("strings take everything");
        let result = read(self);
        self.pointer.truncate(length);
        result
    }

    /// Notes a fault at this place.
    fn fault(&mut self, code: Code, value: impl std::fmt::Display, expected: impl std::fmt::Display) {
        self.faults.push(Fault::at(&self.pointer, code, value).expecting(expected));
    }

    fn condition(&mut self, json: &Json, depth: usize) -> Option<Condition> {
        let keys = ["all", "any", "not", "field"];
        let Json::Object(object) = json else {
            self.fault(Code::NotACondition, shown(json), keys.join(", "));
            return None;
        };
        let kind = keys.into_iter().find(|&key| object.contains_key(key));
        if kind == Some("field") {
            return self.criterion(object).map(Condition::Is);
        }
        let Some(key) = kind else {
            self.fault(Code::NotACondition, shown(json), keys.join(", "));
            return None;
        };
        if depth == RULE_DEPTH_MAX {
            self.fault(Code::TooDeep, depth + 1, RULE_DEPTH_MAX);
            return None;
        }
        self.only_keys(object, &[key]);
        let inside = &object[key];
        self.below(key, |parser| match key {
            "all" => parser.all(inside, depth + 1),
            "any" => parser.list(inside, depth + 1).map(Condition::Any),
            _ => parser.condition(inside, depth + 1).map(|inner| Condition::Not(Box::new(inner))),
        })
    }

    fn all(&mut self, json: &Json, depth: usize) -> Option<Condition> {
        let countries = place_values::demanded_countries(json);
        let narrows = countries.is_some();
        self.countries.extend(countries);
        let conditions = self.list(json, depth);
        if narrows {
            self.countries.pop();
        }
        conditions.map(Condition::All)
    }

    fn list(&mut self, json: &Json, depth: usize) -> Option<Vec<Condition>> {
        let Json::Array(items) = json else {
            self.fault(Code::NotAList, shown(json), "");
            return None;
        };
        let mut conditions = Vec::with_capacity(items.len());
        let mut is_whole = true;
        for (index, item) in items.iter().enumerate() {
            match self.below(index, |parser| parser.condition(item, depth)) {
                Some(condition) => conditions.push(condition),
                None => is_whole = false,
            }
        }
        is_whole.then_some(conditions)
    }

    /// Notes every key that has no meaning here.
    fn only_keys(&mut self, object: &Map<String, Json>, known: &[&str]) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let step = key.replace('~', "~0").replace('/', "~1");
            self.below(step, |parser| parser.fault(Code::UnknownKey, key, known.join(", ")));
        }
    }
}

/// A value as a fault shows it: short, and texts without quotes.
fn shown(json: &Json) -> String {
    const SHOWN_MAX: usize = 80;
    let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
