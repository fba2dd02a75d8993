//! Fields in a plan file: a workspace's own, and its own choices of standard ones.
//! Uses: read, condition.

use std::collections::BTreeSet;

use condition::{Catalog, Choice, Kind};
use serde_json::{Map, Value as Json, json};

use super::fault::FileCode;
use super::read::Reader;
use super::values::shown;
use super::{FileField, PlanFile};

const CUSTOM: &str = "custom.";

impl PlanFile {
    /// The fields that are known anyway, and those of the file.
    pub fn catalog(&self, known: &Catalog) -> Catalog {
        with(known, &self.fields)
    }
}

/// A catalogue with the fields and choices that it does not have yet.
pub(super) fn with(known: &Catalog, fields: &[FileField]) -> Catalog {
    let mut catalog = known.clone();
    for field in fields {
        let FileField { key, kind, label_en, label_de, choices } = field;
        // Own fields of a file with faults may have no name.
        if key.is_empty() || key == CUSTOM {
            continue;
        }
        let id = catalog.find(key).map(|field| field.id);
        let id = id.or_else(|| {
            Some(catalog.add_custom(key.strip_prefix(CUSTOM)?, (*kind)?, label_en, label_de, Vec::new()))
        });
        for choice in choices {
            if let Some(id) = id {
                catalog.add_choice(id, choice.clone());
            }
        }
    }
    catalog
}

impl Reader<'_> {
    pub(super) fn field(&mut self, json: &Json, known: &Catalog) -> FileField {
        let nothing = Map::new();
        let object = self.object(json);
        let is_readable = object.is_some();
        let object = object.unwrap_or(&nothing);
        self.only_keys(object, &["key", "kind", "label_en", "label_de", "choices"]);
        let key = if is_readable { self.text(object, "key") } else { String::new() };
        let here = known.find(&key);
        let kind = self.optional_text(object, "kind").and_then(|name| self.kind(&name));
        let is_own = key.strip_prefix(CUSTOM).is_some_and(|key| !key.is_empty());
        match here {
            Some(field) if kind.is_some_and(|kind| kind != field.kind) => {
                let detail = format!("{key} is known as {}; a field keeps its kind", field.kind.name());
                self.fault_at("kind", FileCode::KindDiffers, field.kind.name(), detail);
            }
            None if !key.is_empty() && !is_own => {
                let detail = format!("{key} is no standard field; own fields are called custom.…");
                self.fault_at("key", FileCode::NoStandardField, &key, detail);
            }
            None if is_own && !object.contains_key("kind") => self.missing("kind", "an own field has one"),
            _ => {}
        }
        let choices = self.list(object, "choices", |reader, _, json| reader.choice(json));
        let holds = here.map(|field| field.kind).or(kind);
        if !choices.is_empty() && !matches!(holds, Some(Kind::Choice | Kind::MultiChoice) | None) {
            self.fault_at("choices", FileCode::ChoicesUnwanted, &key, format!("{key} has no choices"));
        }
        let mut seen = BTreeSet::new();
        for (at, choice) in choices.iter().enumerate() {
            if !choice.key.is_empty() && !seen.insert(choice.key.as_str()) {
                let detail = format!("\"{}\" is there twice", choice.key);
                self.fault_at(format!("choices/{at}/key"), FileCode::ChoiceTwice, &choice.key, detail);
            }
        }
        let (label_en, label_de) = self.labels(object, &key);
        FileField { key, kind, label_en, label_de, choices }
    }

    fn choice(&mut self, json: &Json) -> Choice {
        let Some(object) = self.object(json) else {
            return Choice { key: String::new(), label_en: String::new(), label_de: String::new() };
        };
        self.only_keys(object, &["key", "label_en", "label_de"]);
        let key = self.text(object, "key");
        let (label_en, label_de) = self.labels(object, &key);
        Choice { key, label_en, label_de }
    }

    /// Where one language says nothing, the other speaks, and at last the key.
    fn labels(&mut self, object: &Map<String, Json>, key: &str) -> (String, String) {
        let english = self.optional_text(object, "label_en");
        let german = self.optional_text(object, "label_de");
        let either = || english.clone().or(german.clone()).unwrap_or_else(|| key.to_owned());
        (either(), german.clone().unwrap_or_else(either))
    }

    fn kind(&mut self, name: &str) -> Option<Kind> {
        let kind = Kind::own(name);
        if kind.is_none() {
            let known = Kind::OWN.map(Kind::name).join(", ");
            let detail = format!("{} is no kind of field; known are {known}", shown(&json!(name)));
            self.fault_at("kind", FileCode::UnknownKind, name, detail);
        }
        kind
    }

    pub(super) fn check_fields(&mut self, fields: &[FileField]) {
        let mut seen = BTreeSet::new();
        for (at, field) in fields.iter().enumerate() {
            if !field.key.is_empty() && !seen.insert(field.key.as_str()) {
                let detail = format!("{} is there twice", field.key);
                self.fault_at(format!("{at}/key"), FileCode::FieldTwice, &field.key, detail);
            }
        }
    }
}

/// A field with its keys in one order.
pub(super) fn written(field: &FileField) -> Json {
    let FileField { key, kind, label_en, label_de, choices } = field;
    let mut json = Map::new();
    json.insert("key".into(), json!(key));
    if let Some(kind) = kind {
        json.insert("kind".into(), json!(kind.name()));
        json.insert("label_en".into(), json!(label_en));
        json.insert("label_de".into(), json!(label_de));
    }
    if !choices.is_empty() {
        let choices = choices.iter().map(|choice| {
            let Choice { key, label_en, label_de } = choice;
            json!({ "key": key, "label_en": label_en, "label_de": label_de })
        });
        json.insert("choices".into(), choices.collect());
    }
    Json::Object(json)
}
