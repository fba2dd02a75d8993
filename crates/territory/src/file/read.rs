//! From text to a plan file, or to every fault of it.
//! Uses: values, fields, members, names, condition.

use std::sync::Arc;

use condition::{Catalog, Currency, Door, Language, Parsed, Purpose, Rates};
use jiff::tz::TimeZone;
use place::{Country, State};
use serde_json::{Map, Value as Json};

use super::fault::FileCode;
use super::values::shown;
use super::{Example, FORMAT, FileFault, FileField, FileRule, FileTerritory, PlanFile, fields};
use crate::plan::When;

pub(super) fn read(text: &str, catalog: &Catalog) -> Result<PlanFile, Vec<FileFault>> {
    match examine(text, catalog) {
        (Some(file), faults) if faults.is_empty() => Ok(file),
        (_, faults) => Err(faults),
    }
}

pub(super) fn examine(text: &str, catalog: &Catalog) -> (Option<PlanFile>, Vec<FileFault>) {
    let json: Json = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            let detail = format!("the file is no JSON: {error}");
            let (code, value) = (FileCode::NotJson, error.to_string());
            return (None, vec![FileFault { pointer: String::new(), code, value, detail }]);
        }
    };
    // The fields come first, wherever they stand: rules are read with them.
    let mut reader = Reader { catalog, pointer: String::new(), faults: Vec::new() };
    let Some(object) = reader.object(&json) else { return (None, reader.faults) };
    let own = reader.fields(object);
    let catalog = fields::with(catalog, &own);
    let mut reader = Reader { catalog: &catalog, pointer: String::new(), faults: reader.faults };
    let file = reader.file(object, own);
    (Some(file), reader.faults)
}

pub(super) struct Reader<'a> {
    catalog: &'a Catalog,
    /// Where we are, as a JSON pointer.
    pub(super) pointer: String,
    pub(super) faults: Vec<FileFault>,
}

/// What conditions of this file are read with.
struct Money {
    rates: Rates,
    zone: TimeZone,
}

impl Reader<'_> {
    fn fields(&mut self, object: &Map<String, Json>) -> Vec<FileField> {
        let known = self.catalog;
        let fields = self.list(object, "fields", |reader, _, json| reader.field(json, known));
        self.below("fields", |reader| reader.check_fields(&fields));
        fields
    }

    fn file(&mut self, object: &Map<String, Json>, fields: Vec<FileField>) -> PlanFile {
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
                let detail = format!("{} is not a format that is known; write \"{FORMAT}\"", shown(other));
                self.fault_at("format", FileCode::UnknownFormat, shown(other), detail);
            }
            None => self.missing("format", &format!("write \"{FORMAT}\"")),
        }
        let currency = self.currency(object);
        let time_zone = self.zone(object);
        let zone = |name: &String| TimeZone::get(name).ok();
        let money = Money {
            rates: Rates::new(currency.unwrap_or(Currency::EUR)),
            zone: time_zone.as_ref().and_then(zone).unwrap_or(TimeZone::UTC),
        };
        let default_country = self.country(object);
        let default_territory = self.optional_text(object, "default_territory");
        if !object.contains_key("territories") {
            self.missing("territories", "write [] for a plan without any");
        }
        let territories =
            self.list(object, "territories", |reader, at, json| reader.territory(json, at, &money));
        let examples = self.list(object, "examples", |reader, _, json| reader.example(json));
        let file = PlanFile {
            currency,
            time_zone,
            default_country,
            default_territory,
            fields,
            territories,
            examples,
        };
        self.check_names(&file);
        file
    }

    fn currency(&mut self, object: &Map<String, Json>) -> Option<Currency> {
        let code = self.optional_text(object, "currency")?;
        let currency = Currency::parse(&code);
        if currency.is_none() {
            let detail = format!("\"{code}\" is no currency; write an ISO 4217 code such as EUR");
            self.fault_at("currency", FileCode::UnknownCurrency, &code, detail);
        }
        currency
    }

    fn country(&mut self, object: &Map<String, Json>) -> Option<String> {
        let text = self.optional_text(object, "default_country")?;
        let country = Country::find(&text);
        if country.is_none() {
            let detail = format!("\"{text}\" is no country; write a code such as DE");
            self.fault_at("default_country", FileCode::UnknownCountry, &text, detail);
        }
        country.map(|country| country.code().to_owned())
    }

    fn zone(&mut self, object: &Map<String, Json>) -> Option<String> {
        let name = self.optional_text(object, "time_zone")?;
        if TimeZone::get(&name).is_ok() {
            return Some(name);
        }
        let detail = format!("\"{name}\" is no time zone; write a name such as Europe/Berlin");
        self.fault_at("time_zone", FileCode::UnknownTimeZone, &name, detail);
        None
    }

    fn territory(&mut self, json: &Json, at: usize, money: &Money) -> FileTerritory {
        let nothing = Map::new();
        let object = self.object(json);
        let is_readable = object.is_some();
        let object = object.unwrap_or(&nothing);
        self.only_keys(
            object,
            &["name", "parent", "position", "active", "color", "calendar", "rules", "members"],
        );
        let name = if is_readable { self.text(object, "name") } else { String::new() };
        let color = self.optional_text(object, "color");
        if let Some(color) = color.as_ref().filter(|color| !is_color(color)) {
            let detail = format!("\"{color}\" is no colour; write one like #3a7d44");
            self.fault_at("color", FileCode::UnreadableColor, color, detail);
        }
        let calendar = self.optional_text(object, "calendar");
        let is_known = |code: &&String| Country::by_code(code).is_some() || State::by_code(code).is_some();
        if let Some(code) = calendar.as_ref().filter(|code| !is_known(code)) {
            let detail =
                format!("\"{code}\" is no calendar; write a country or a state, such as DE or DE-BY");
            self.fault_at("calendar", FileCode::UnknownCalendar, code, detail);
        }
        let parent = self.optional_text(object, "parent");
        let position = self.whole(object, "position").unwrap_or(position_of(at));
        let active = self.yes_no(object, "active", true);
        let rules = self.list(object, "rules", |reader, _, json| reader.rule(json, money));
        let members = self.list(object, "members", |reader, at, json| reader.member(json, at));
        self.below("members", |reader| reader.check_members(&members));
        FileTerritory { name, parent, position, active, color, calendar, rules, members }
    }

    fn rule(&mut self, json: &Json, money: &Money) -> FileRule {
        let broken_off = |name: String, enabled: bool, when: Json| FileRule {
            name,
            enabled,
            when,
            parsed: When::Broken,
            broken: Vec::new(),
        };
        let Some(object) = self.object(json) else {
            return broken_off(String::new(), false, Json::Null);
        };
        self.only_keys(object, &["name", "enabled", "when"]);
        let name = self.text(object, "name");
        let enabled = self.yes_no(object, "enabled", true);
        let Some(when) = object.get("when") else {
            self.missing("when", "write {\"all\": []} for a rule that takes everything");
            return broken_off(name, enabled, Json::Null);
        };
        let door = Door {
            catalog: self.catalog,
            rates: &money.rates,
            time_zone: &money.zone,
            purpose: Purpose::Rule,
            is_readable: None,
        };
        let pointer = format!("{}/when", self.pointer);
        let file_fault = |fault: condition::Fault| {
            let fault = fault.below(&pointer);
            let detail = fault.words(Language::English);
            FileFault {
                pointer: fault.pointer,
                code: FileCode::Condition(fault.code),
                value: fault.value,
                detail,
            }
        };
        match door.parse(when) {
            Ok(Parsed::Sound(condition)) => FileRule {
                name,
                enabled,
                when: when.clone(),
                parsed: When::Holds(Arc::new(condition)),
                broken: Vec::new(),
            },
            Ok(Parsed::Broken(faults)) => FileRule {
                broken: faults.into_iter().map(file_fault).collect(),
                ..broken_off(name, enabled, when.clone())
            },
            Err(faults) => {
                self.faults.extend(faults.into_iter().map(file_fault));
                broken_off(name, enabled, when.clone())
            }
        }
    }

    fn example(&mut self, json: &Json) -> Example {
        let Some(object) = self.object(json) else {
            return Example { lead: Map::new(), territory: None };
        };
        self.only_keys(object, &["lead", "territory"]);
        let territory = self.optional_text(object, "territory");
        let lead = match object.get("lead") {
            Some(Json::Object(lead)) => lead.clone(),
            Some(other) => {
                let detail = format!("{} is not an object of fields", shown(other));
                self.fault_at("lead", FileCode::NotAnObject, shown(other), detail);
                Map::new()
            }
            None => {
                self.missing("lead", "write an object of fields");
                Map::new()
            }
        };
        Example { lead, territory }
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
