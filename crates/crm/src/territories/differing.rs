//! What a change has changed, for the audit log: only the values that differ, before and after.

use serde_json::{Map, Value};

/// Keeps of two JSON objects what differs.
pub fn differing(before: Value, after: Value) -> (Value, Value) {
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        return (Value::Null, Value::Null);
    };
    let keep = |of: &Map<String, Value>, other: &Map<String, Value>| -> Value {
        of.iter()
            .filter(|(key, value)| other.get(*key) != Some(*value))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    };
    (keep(&before, &after), keep(&after, &before))
}
