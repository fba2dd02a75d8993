//! What can be wrong with a field of a workspace's own, and with choices.
//! Uses: nothing but the room's words.

use std::collections::HashMap;

use condition::Kind;

use super::StoredChoice;
use crate::error::Fault;

/// Own fields of a workspace: each record carries their values.
pub const FIELDS_MAX: usize = 500;
pub const CHOICES_MAX: usize = 1_000;
pub const KEY_CHARS_MAX: usize = 40;
pub const LABEL_CHARS_MAX: usize = 120;

/// What is wrong with a key: it is a word of the API.
pub fn key_fault(pointer: &str, key: &str) -> Option<Fault> {
    let is_word = key.starts_with(|sign: char| sign.is_ascii_lowercase())
        && key.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_')
        && key.len() <= KEY_CHARS_MAX;
    let detail = format!(
        "a key has 1 to {KEY_CHARS_MAX} characters: a letter from a to z, then letters, digits and _, \
         such as machine_count"
    );
    (!is_word).then(|| Fault::new(pointer, "key_form", key, detail))
}

/// What is wrong with a label.
pub fn label_fault(pointer: &str, label: &str) -> Option<Fault> {
    let chars = label.chars().count();
    let detail = format!("a label has 1 to {LABEL_CHARS_MAX} characters; this one has {chars}");
    let fits = (1..=LABEL_CHARS_MAX).contains(&chars);
    (!fits).then(|| Fault::new(pointer, "label_length", label, detail))
}

/// The kind by its name, or what is wrong with that.
///
/// # Errors
/// The fault, which lists the kinds.
pub fn kind(name: &str) -> Result<Kind, Fault> {
    Kind::own(name).ok_or_else(|| {
        let known = Kind::OWN.map(Kind::name);
        let detail = format!("own fields are of these kinds: {}", known.join(", "));
        Fault::new("/kind", "unknown_kind", name, detail)
    })
}

/// What is wrong with the choices of an own field of that kind.
pub fn choices_of_kind(kind: Kind, choices: &[StoredChoice]) -> Vec<Fault> {
    let has_choices = matches!(kind, Kind::Choice | Kind::MultiChoice);
    if has_choices && choices.is_empty() {
        let detail = "a field of choices has at least one; name some";
        return vec![Fault::new("/choices", "choices_missing", serde_json::Value::Null, detail)];
    }
    if !has_choices && !choices.is_empty() {
        let detail = "only fields of the kinds choice and multi_choice have choices; leave them out";
        return vec![Fault::new("/choices", "choices_unwanted", choices.len(), detail)];
    }
    choices_faults("/choices", choices, &[])
}

/// What is wrong with choices beside those that are there: a choice goes by its key and by both labels,
/// so none of these may mean another choice.
pub fn choices_faults(pointer: &str, choices: &[StoredChoice], beside: &[condition::Choice]) -> Vec<Fault> {
    if choices.len() > CHOICES_MAX {
        let detail = format!("a field has at most {CHOICES_MAX} choices");
        return vec![Fault::new(pointer, "choices_many", choices.len(), detail)];
    }
    let mut taken: HashMap<String, String> = HashMap::new();
    for choice in beside {
        for name in [&choice.key, &choice.label_en, &choice.label_de] {
            taken.insert(name.to_lowercase(), choice.key.clone());
        }
    }
    let mut faults = Vec::new();
    for (at, choice) in choices.iter().enumerate() {
        let StoredChoice { key, label_en, label_de } = choice;
        faults.extend(key_fault(&format!("{pointer}/{at}/key"), key));
        let names = [("key", key), ("label_en", label_en), ("label_de", label_de)];
        for (member, name) in &names[1..] {
            faults.extend(label_fault(&format!("{pointer}/{at}/{member}"), name));
        }
        for (member, name) in names {
            if let Some(other) = taken.get(&name.to_lowercase()) {
                let detail = format!("the choice \"{other}\" goes by this name already; find another");
                faults.push(Fault::new(
                    &format!("{pointer}/{at}/{member}"),
                    "choice_taken",
                    name.as_str(),
                    detail,
                ));
            }
        }
        taken.extend(names.map(|(_, name)| (name.to_lowercase(), key.clone())));
    }
    faults
}
