//! What the writer's role says of fields: hidden ones are as unknown as those that never were, and those that
//! are only shown are refused, on creation as on change.

use access::{FieldRight, Object, Viewer};
use serde_json::{Map, Value};

use super::list;
use crate::error::Fault;
use crate::territories::book::RuleBook;

/// The fault of a field that does not exist, or that the role hides: nobody who writes it can tell which.
pub fn unknown(path: &[&str], name: &str) -> Fault {
    let detail = format!("there is no field \"{name}\"; take it out or add it in the settings");
    Fault::new(&pointer(path), "unknown_field", name, detail)
}

/// The fault of a field that the role shows but does not let one write.
pub fn read_only(path: &[&str], value: &Value) -> Fault {
    let detail = "your role shows this field but does not let you change it";
    Fault::new(&pointer(path), "field_read_only", value.clone(), detail)
}

/// Takes out of a new lead what its creator may not write, so that the rest is read as if it had never been
/// there. The territory is not known yet, so a field counts as locked where any of the creator's roles locks it.
pub fn take(book: &RuleBook, viewer: &Viewer, fields: &mut Map<String, Value>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut keeps = |name: &str, path: &[&str], value: &Value| {
        let field = book.catalog().find(name).filter(|field| list::is_readable(viewer, field));
        let fault = match field {
            None => unknown(path, name),
            // Fields that Revier keeps have a fault of their own.
            Some(field) if field.is_system => return true,
            Some(_) => match viewer.field_right_everywhere(Object::Lead, name) {
                FieldRight::ReadOnly => read_only(path, value),
                _ => return true,
            },
        };
        faults.push(fault);
        false
    };
    fields.retain(|key, value| match value {
        Value::Object(own) if key == "custom" => {
            own.retain(|key, value| keeps(&format!("custom.{key}"), &["custom", key], value));
            true
        }
        value => keeps(key, &[key], value),
    });
    faults
}

fn pointer(path: &[&str]) -> String {
    path.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect()
}
