//! Fields that do not exist, and fields that a role hides: nobody who writes them can tell which.

use access::Viewer;
use serde_json::{Map, Value};

use super::list;
use crate::error::Fault;
use crate::territories::book::RuleBook;

/// The fault of either.
pub fn fault(path: &[&str], name: &str) -> Fault {
    let escaped = |key: &&str| format!("/{}", key.replace('~', "~0").replace('/', "~1"));
    let pointer: String = path.iter().map(escaped).collect();
    let detail = format!("there is no field \"{name}\"; take it out or add it in the settings");
    Fault::new(&pointer, "unknown_field", name, detail)
}

/// Takes them out of what a new lead is made of, so that the others are read as if they had never been there.
pub fn take(book: &RuleBook, viewer: &Viewer, fields: &mut Map<String, Value>) -> Vec<Fault> {
    let is_known = |key: &str| book.catalog().find(key).is_some_and(|field| list::is_readable(viewer, field));
    let mut faults = Vec::new();
    fields.retain(|key, value| match value {
        Value::Object(own) if key == "custom" => {
            own.retain(|key, _| {
                let name = format!("custom.{key}");
                let is_kept = is_known(&name);
                if !is_kept {
                    faults.push(fault(&["custom", key], &name));
                }
                is_kept
            });
            true
        }
        _ => {
            let is_kept = is_known(key);
            if !is_kept {
                faults.push(fault(&[key], key));
            }
            is_kept
        }
    });
    faults
}
