//! From text to a plan file, or to every fault of it.
//! Uses: members, condition.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{Display, Write as _};
use std::sync::Arc;

use condition::{Catalog, Currency, Door, Language, Parsed, Purpose, Rates};
use jiff::tz::TimeZone;
use place::{Country, State};
use serde_json::{Map, Value as Json};

use super::{Example, FORMAT, FileFault, FileField, FileRule, FileTerritory, PlanFile, fields};
use crate::plan::When;

pub(super) fn read(text: &str, catalog: &Catalog) -> Result<PlanFile, Vec<FileFault>> {
    let json: Json = serde_json::from_str(text).map_err(|error| {
        let detail = format!("the file is no JSON: {error}");
        vec![FileFault { pointer: String::new(), detail }]
    })?;
    // The fields come first, wherever they stand: rules are read with them.
    let mut reader = Reader { catalog, pointer: String::new(), faults: Vec::new() };
    let own = reader.fields(&json);
    let catalog = fields::with(catalog, &own);
    let mut reader = Reader { catalog: &catalog, pointer: String::new(), faults: reader.faults };
    let file = reader.file(&json, own);
    match file {
        Some(file) if reader.faults.is_empty() => Ok(file),
        _ => Err(reader.faults),
    }
}

pub(super) struct Reader<'a> {
    catalog: &'a Catalog,
    /// Where we are, as a JSON pointer.
    pointer: String,
    faults: Vec<FileFault>,
}

/// What conditions of this file are read with.
struct Money {
    rates: Rates,
    zone: TimeZone,
}

impl Reader<'_> {
    fn fields(&mut self, json: &Json) -> Vec<FileField> {
        let Some(json) = json.get("fields") else { return Vec::new() };
        let known = self.catalog;
        let fields = self.list(json, "fields", |reader, _, json| reader.field(json, known));
        self.below("fields", |reader| reader.check_fields(&fields));
        fields
    }

    fn file(&mut self, json: &Json, fields: Vec<FileField>) -> Option<PlanFile> {
        let object = self.object(json)?;
        let keys = [
            "format",
            "currency",
            "time_zone",
            "default_country",
            "default_territory",
            "fields",
            "territories",
            "examples",
        ];
        self.only_keys(object, &keys);
        match object.get("format") {
            Some(Json::String(format)) if format == FORMAT => {}
            Some(other) => {
                self.fault_at("format", format!("{other} is not a format that is known; write \"{FORMAT}\""))
            }
            None => self.fault(format!("\"format\" is missing; write \"{FORMAT}\"")),
        }
        let currency = self.currency(object);
        let (zone_name, zone) = self.zone(object);
        let money = Money { rates: Rates::new(currency), zone };
        let default_country = self.country(object);
        let default_territory = self.optional_text(object, "default_territory");
        let territories = match object.get("territories") {
            Some(json) => {
                self.list(json, "territories", |reader, at, json| reader.territory(json, at, &money))
            }
            None => {
                self.fault("\"territories\" is missing; write [] for a plan without any");
                Vec::new()
            }
        };
        let examples = match object.get("examples") {
            Some(json) => self.list(json, "examples", |reader, _, json| reader.example(json)),
            None => Vec::new(),
        };
        let time_zone = zone_name;
        let file = PlanFile {
            currency,
            time_zone,
            default_country,
            default_territory,
            fields,
            territories,
            examples,
        };
        // Places of territories are those of the file only while none of them was left out.
        if self.faults.is_empty() {
            self.check_names(&file);
        }
        Some(file)
    }

    fn currency(&mut self, object: &Map<String, Json>) -> Currency {
        let Some(code) = self.optional_text(object, "currency") else { return Currency::EUR };
        Currency::parse(&code).unwrap_or_else(|| {
            self.fault_at(
                "currency",
                format!("\"{code}\" is no currency; write an ISO 4217 code such as EUR"),
            );
            Currency::EUR
        })
    }

    fn country(&mut self, object: &Map<String, Json>) -> Option<String> {
        let text = self.optional_text(object, "default_country")?;
        let country = Country::find(&text);
        if country.is_none() {
            self.fault_at("default_country", format!("\"{text}\" is no country; write a code such as DE"));
        }
        country.map(|country| country.code().to_owned())
    }

    fn zone(&mut self, object: &Map<String, Json>) -> (String, TimeZone) {
        let name = self.optional_text(object, "time_zone").unwrap_or_else(|| "UTC".to_owned());
        let zone = TimeZone::get(&name).unwrap_or_else(|_| {
            self.fault_at(
                "time_zone",
                format!("\"{name}\" is no time zone; write a name such as Europe/Berlin"),
            );
            TimeZone::UTC
        });
        (name, zone)
    }

    fn territory(&mut self, json: &Json, at: usize, money: &Money) -> Option<FileTerritory> {
        let object = self.object(json)?;
        self.only_keys(
            object,
            &["name", "parent", "position", "active", "color", "calendar", "rules", "members"],
        );
        let name = self.text(object, "name");
        let color = self.optional_text(object, "color");
        if let Some(color) = color.as_ref().filter(|color| !is_color(color)) {
            self.fault_at("color", format!("\"{color}\" is no colour; write one like #3a7d44"));
        }
        let calendar = self.optional_text(object, "calendar");
        let is_known = |code: &&String| Country::by_code(code).is_some() || State::by_code(code).is_some();
        if let Some(code) = calendar.as_ref().filter(|code| !is_known(code)) {
            let detail =
                format!("\"{code}\" is no calendar; write a country or a state, such as DE or DE-BY");
            self.fault_at("calendar", detail);
        }
        Some(FileTerritory {
            parent: self.optional_text(object, "parent"),
            position: self.whole(object, "position").unwrap_or(position_of(at)),
            active: self.yes_no(object, "active", true),
            color,
            calendar,
            rules: match object.get("rules") {
                Some(json) => self.list(json, "rules", |reader, _, json| reader.rule(json, money)),
                None => Vec::new(),
            },
            members: match object.get("members") {
                Some(json) => {
                    let members = self.list(json, "members", |reader, at, json| reader.member(json, at));
                    self.below("members", |reader| reader.check_members(&members));
                    members
                }
                None => Vec::new(),
            },
            name: name?,
        })
    }

    fn rule(&mut self, json: &Json, money: &Money) -> Option<FileRule> {
        let object = self.object(json)?;
        self.only_keys(object, &["name", "enabled", "when"]);
        let name = self.text(object, "name");
        let enabled = self.yes_no(object, "enabled", true);
        let Some(when) = object.get("when") else {
            self.fault("\"when\" is missing; write {\"all\": []} for a rule that takes everything");
            return None;
        };
        let door = Door {
            catalog: self.catalog,
            rates: &money.rates,
            time_zone: &money.zone,
            purpose: Purpose::Rule,
            is_readable: None,
        };
        let pointer = format!("{}/when", self.pointer);
        let file_fault = |fault: condition::Fault| FileFault {
            pointer: fault.pointer.clone(),
            detail: fault.words(Language::English),
        };
        let (parsed, broken) = match door.parse(when) {
            Ok(Parsed::Sound(condition)) => (When::Holds(Arc::new(condition)), Vec::new()),
            Ok(Parsed::Broken(faults)) => {
                let faults = faults.into_iter().map(|fault| file_fault(fault.below(&pointer)));
                (When::Broken, faults.collect())
            }
            Err(faults) => {
                self.faults.extend(faults.into_iter().map(|fault| file_fault(fault.below(&pointer))));
                return None;
            }
        };
        Some(FileRule { name: name?, enabled, when: when.clone(), parsed, broken })
    }

    fn example(&mut self, json: &Json) -> Option<Example> {
        let object = self.object(json)?;
        self.only_keys(object, &["lead", "territory"]);
        let territory = self.optional_text(object, "territory");
        match object.get("lead") {
            Some(Json::Object(lead)) => Some(Example { lead: lead.clone(), territory }),
            Some(other) => {
                self.fault_at("lead", format!("{} is not an object of fields", shown(other)));
                None
            }
            None => {
                self.fault("\"lead\" is missing; write an object of fields");
                None
            }
        }
    }

    /// Names are unique, what they name exists, and parents form no circle.
    fn check_names(&mut self, file: &PlanFile) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (at, territory) in file.territories.iter().enumerate() {
            if let Some(other) = first.get(territory.name.as_str()) {
                self.fault_at(
                    format!("territories/{at}/name"),
                    format!(
                        "\"{}\" is the name of /territories/{other} too; names are unique",
                        territory.name
                    ),
                );
            } else {
                first.insert(&territory.name, at);
            }
        }
        let is_known = |name: &str| first.contains_key(name);
        let unknown = |name: &str| format!("there is no territory \"{name}\" in this plan");
        for (at, territory) in file.territories.iter().enumerate() {
            if let Some(parent) = territory.parent.as_deref().filter(|parent| !is_known(parent)) {
                self.fault_at(format!("territories/{at}/parent"), unknown(parent));
            }
        }
        if let Some(name) = file.default_territory.as_deref().filter(|name| !is_known(name)) {
            self.fault_at("default_territory", unknown(name));
        }
        for (at, example) in file.examples.iter().enumerate() {
            if let Some(name) = example.territory.as_deref().filter(|name| !is_known(name)) {
                self.fault_at(format!("examples/{at}/territory"), unknown(name));
            }
        }
        self.check_circles(file, &first);
    }

    fn check_circles(&mut self, file: &PlanFile, places: &HashMap<&str, usize>) {
        let parent_of =
            |at: usize| file.territories[at].parent.as_deref().and_then(|name| places.get(name)).copied();
        // Territories from which a root is reached, or whose circle has been told.
        let mut done: BTreeSet<usize> = BTreeSet::new();
        for start in 0..file.territories.len() {
            let mut path: BTreeMap<usize, usize> = BTreeMap::new();
            let mut at = Some(start);
            while let Some(here) = at.filter(|here| !done.contains(here)) {
                if let Some(&begin) = path.get(&here) {
                    let mut circle: Vec<(usize, usize)> = path
                        .iter()
                        .map(|(&at, &step)| (step, at))
                        .filter(|&(step, _)| step >= begin)
                        .collect();
                    circle.sort_unstable();
                    let mut names = String::new();
                    for (_, at) in &circle {
                        write!(names, "{} → ", file.territories[*at].name).expect("strings take everything");
                    }
                    self.fault_at(
                        format!("territories/{here}/parent"),
                        format!("parents form a circle: {names}{}", file.territories[here].name),
                    );
                    break;
                }
                path.insert(here, path.len());
                at = parent_of(here);
            }
            done.extend(path.into_keys());
        }
    }
}

/// Reading of single values, each with its fault.
impl Reader<'_> {
    pub(super) fn fault(&mut self, detail: impl Display) {
        self.faults.push(FileFault { pointer: self.pointer.clone(), detail: detail.to_string() });
    }

    pub(super) fn fault_at(&mut self, step: impl Display, detail: impl Display) {
        self.below(step, |reader| reader.fault(detail));
    }

    pub(super) fn below<T>(&mut self, step: impl Display, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        write!(self.pointer, "/{step}").expect("strings take everything");
        let result = read(self);
        self.pointer.truncate(length);
        result
    }

    pub(super) fn object<'j>(&mut self, json: &'j Json) -> Option<&'j Map<String, Json>> {
        let object = json.as_object();
        if object.is_none() {
            self.fault(format!("{} is not an object", shown(json)));
        }
        object
    }

    pub(super) fn only_keys(&mut self, object: &Map<String, Json>, known: &[&str]) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let step = key.replace('~', "~0").replace('/', "~1");
            self.fault_at(
                step,
                format!("\"{key}\" is not a key that is known here; known are {}", known.join(", ")),
            );
        }
    }

    /// Reads a list; members with faults are left out.
    pub(super) fn list<T>(
        &mut self,
        json: &Json,
        key: &str,
        mut read: impl FnMut(&mut Self, usize, &Json) -> Option<T>,
    ) -> Vec<T> {
        self.below(key, |reader| {
            let Json::Array(items) = json else {
                reader.fault(format!("{} is not a list", shown(json)));
                return Vec::new();
            };
            let read = |(at, item)| reader.below(at, |reader| read(reader, at, item));
            items.iter().enumerate().filter_map(read).collect()
        })
    }

    pub(super) fn text(&mut self, object: &Map<String, Json>, key: &str) -> Option<String> {
        if !object.contains_key(key) {
            self.fault(format!("\"{key}\" is missing"));
        }
        let text = self.optional_text(object, key);
        if text.is_none() && object.get(key) == Some(&Json::Null) {
            self.fault_at(key, "null is not a text");
        }
        text
    }

    /// Reads a text; missing and `null` are the same.
    pub(super) fn optional_text(&mut self, object: &Map<String, Json>, key: &str) -> Option<String> {
        match object.get(key)? {
            Json::Null => None,
            Json::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Json::String(_) => {
                self.fault_at(key, "the text is empty");
                None
            }
            other => {
                self.fault_at(key, format!("{} is not a text", shown(other)));
                None
            }
        }
    }

    pub(super) fn whole(&mut self, object: &Map<String, Json>, key: &str) -> Option<i64> {
        let json = object.get(key)?;
        let whole = json.as_i64();
        if whole.is_none() {
            self.fault_at(key, format!("{} is not a whole number", shown(json)));
        }
        whole
    }

    pub(super) fn yes_no(&mut self, object: &Map<String, Json>, key: &str, otherwise: bool) -> bool {
        match object.get(key) {
            None => otherwise,
            Some(Json::Bool(is)) => *is,
            Some(other) => {
                self.fault_at(key, format!("{} is neither true nor false", shown(other)));
                otherwise
            }
        }
    }
}

/// Where a position is missing, the order in the file counts.
pub(super) fn position_of(at: usize) -> i64 {
    i64::try_from(at).expect("files are smaller than that") + 1
}

/// `#3a7d44`, or a name such as `moos`.
fn is_color(text: &str) -> bool {
    let is_name = text.len() <= 30 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    let hex = text.strip_prefix('#');
    is_name || hex.is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(super) fn shown(json: &Json) -> String {
    const SHOWN_MAX: usize = 80;
    let text = json.to_string();
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
