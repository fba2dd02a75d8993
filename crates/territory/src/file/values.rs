//! Reading of single values of a plan file, each with its fault.
//! Uses: read, fault.

use std::fmt::{Display, Write as _};

use serde_json::{Map, Value as Json};

use super::fault::{FileCode, FileFault};
use super::read::Reader;

impl Reader<'_> {
    pub(super) fn fault(&mut self, code: FileCode, value: impl Display, detail: impl Display) {
        self.faults.push(FileFault {
            pointer: self.pointer.clone(),
            code,
            value: value.to_string(),
            detail: detail.to_string(),
        });
    }

    pub(super) fn fault_at(
        &mut self,
        step: impl Display,
        code: FileCode,
        value: impl Display,
        detail: impl Display,
    ) {
        self.below(step, |reader| reader.fault(code, value, detail));
    }

    /// A key that has to be there.
    pub(super) fn missing(&mut self, key: &str, remedy: &str) {
        let semicolon = if remedy.is_empty() { "" } else { "; " };
        self.fault(FileCode::MissingKey, key, format!("\"{key}\" is missing{semicolon}{remedy}"));
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
            self.fault(FileCode::NotAnObject, shown(json), format!("{} is not an object", shown(json)));
        }
        object
    }

    pub(super) fn only_keys(&mut self, object: &Map<String, Json>, known: &[&str]) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let step = key.replace('~', "~0").replace('/', "~1");
            let detail = format!("\"{key}\" is not a key that is known here; known are {}", known.join(", "));
            self.fault_at(step, FileCode::UnknownKey, key, detail);
        }
    }

    /// Reads a list; a key that is missing stands for an empty one.
    pub(super) fn list<T>(
        &mut self,
        object: &Map<String, Json>,
        key: &str,
        mut read: impl FnMut(&mut Self, usize, &Json) -> T,
    ) -> Vec<T> {
        let Some(json) = object.get(key) else { return Vec::new() };
        self.below(key, |reader| {
            let Json::Array(items) = json else {
                reader.fault(FileCode::NotAList, shown(json), format!("{} is not a list", shown(json)));
                return Vec::new();
            };
            let read = |(at, item)| reader.below(at, |reader| read(reader, at, item));
            items.iter().enumerate().map(read).collect()
        })
    }

    /// Reads a text that has to be there; empty where it has a fault.
    pub(super) fn text(&mut self, object: &Map<String, Json>, key: &str) -> String {
        match object.get(key) {
            None => self.missing(key, ""),
            Some(Json::Null) => self.fault_at(key, FileCode::NotAText, "null", "null is not a text"),
            Some(_) => return self.optional_text(object, key).unwrap_or_default(),
        }
        String::new()
    }

    /// Reads a text; missing and `null` are the same.
    pub(super) fn optional_text(&mut self, object: &Map<String, Json>, key: &str) -> Option<String> {
        match object.get(key)? {
            Json::Null => None,
            Json::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Json::String(_) => {
                self.fault_at(key, FileCode::EmptyText, "", "the text is empty");
                None
            }
            other => {
                let detail = format!("{} is not a text", shown(other));
                self.fault_at(key, FileCode::NotAText, shown(other), detail);
                None
            }
        }
    }

    pub(super) fn whole(&mut self, object: &Map<String, Json>, key: &str) -> Option<i64> {
        let json = object.get(key)?;
        let whole = json.as_i64();
        if whole.is_none() {
            let detail = format!("{} is not a whole number", shown(json));
            self.fault_at(key, FileCode::NotAWholeNumber, shown(json), detail);
        }
        whole
    }

    pub(super) fn yes_no(&mut self, object: &Map<String, Json>, key: &str, otherwise: bool) -> bool {
        match object.get(key) {
            None => otherwise,
            Some(Json::Bool(is)) => *is,
            Some(other) => {
                let detail = format!("{} is neither true nor false", shown(other));
                self.fault_at(key, FileCode::NotYesNo, shown(other), detail);
                otherwise
            }
        }
    }
}

/// A value in a sentence: cut where it is long.
pub(super) fn shown(json: &Json) -> String {
    const SHOWN_MAX: usize = 80;
    let text = json.to_string();
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
