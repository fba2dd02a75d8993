//! Own fields and own choices in plan files: those that rules read go out, those that are missing come in.
//! Uses: fields.

use std::collections::BTreeSet;

use ::territory::file::FileField;
use access::{Action, Object};
use condition::{Choice, Kind};
use serde_json::Value;
use store::Tx;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Fault};
use crate::fields::edit::{self, Draft};
use crate::fields::faults::{choices_faults, choices_of_kind, key_fault, label_fault};
use crate::fields::store::{choice, custom_field};
use crate::fields::{Fields, StoredChoice};
use crate::territories::edit::demand;
use crate::trail::Actor;

const CUSTOM: &str = "custom.";

/// The keys of all fields that a condition names.
pub(super) fn read_by(json: &Value, keys: &mut BTreeSet<String>) {
    match json {
        Value::Array(items) => items.iter().for_each(|item| read_by(item, keys)),
        Value::Object(object) => match object.get("field").and_then(Value::as_str) {
            Some(key) => {
                keys.insert(key.to_owned());
            }
            None => object.values().for_each(|value| read_by(value, keys)),
        },
        _ => {}
    }
}

/// The fields as files hold them: own ones whole, of standard ones the workspace's own choices.
pub(super) fn exported(fields: &Fields, keys: &BTreeSet<String>) -> Vec<FileField> {
    let mut files = Vec::new();
    for field in keys.iter().filter_map(|key| fields.catalog.find(key)) {
        let is_own = field.key.starts_with(CUSTOM);
        let own_choices = || edit::of_field(fields, &field.key).map(of_row).collect();
        let choices: Vec<Choice> = if is_own { field.choices.clone() } else { own_choices() };
        if is_own || !choices.is_empty() {
            files.push(FileField {
                key: field.key.clone(),
                kind: is_own.then_some(field.kind),
                label_en: field.label_en.clone(),
                label_de: field.label_de.clone(),
                choices,
            });
        }
    }
    files
}

/// What a file's fields add to a workspace.
#[derive(Clone, Debug, Default)]
pub(super) struct Added {
    new: Vec<Draft>,
    /// All choices, the old ones first, of own fields and of standard ones.
    of_own: Vec<(custom_field::Model, Vec<StoredChoice>)>,
    of_standard: Vec<(String, Vec<StoredChoice>)>,
    /// By their names, for people.
    pub words: Vec<String>,
}

impl Added {
    /// Makes what is missing, by somebody who may.
    pub async fn make(self, tx: &Tx, app: &App, actor: &Actor) -> Result<(), Error> {
        let Added { new, of_own, of_standard, words: _ } = self;
        if !new.is_empty() {
            demand(tx, Object::Field, Action::Create, None)?;
        }
        if !of_own.is_empty() || !of_standard.is_empty() {
            demand(tx, Object::Field, Action::Edit, None)?;
        }
        for draft in new {
            edit::create(tx, app, actor, draft).await?;
        }
        for (row, choices) in of_own {
            let change = edit::Change { choices: Some(choices), ..edit::Change::default() };
            edit::change(tx, app, actor, &row, change).await?;
        }
        for (key, choices) in of_standard {
            edit::put_choices(tx, app, actor, &key, choices, false).await?;
        }
        Ok(())
    }
}

/// The workspace's fields with those of the file, and what that adds; `faults` takes what cannot be.
pub(super) fn with(
    present: &Fields,
    app: &App,
    workspace: Uuid,
    files: &[FileField],
    faults: &mut Vec<Fault>,
) -> Result<(Fields, Added), Error> {
    let mut added = Added::default();
    let mut rows: Vec<custom_field::Model> = present.own.iter().map(|(_, row)| row.clone()).collect();
    let mut own_choices = present.own_choices.clone();
    for (at, file) in files.iter().enumerate() {
        let pointer = format!("/fields/{at}");
        let below = |fault: Fault| fault.below(&pointer);
        let known = present.catalog.find(&file.key);
        let has = |choice: &&Choice| {
            known.is_some_and(|field| field.choices.iter().any(|one| one.key == choice.key))
        };
        let missing: Vec<StoredChoice> =
            file.choices.iter().filter(|choice| !has(choice)).map(stored).collect();
        let Some(key) = file.key.strip_prefix(CUSTOM) else {
            let Some(field) = known.filter(|field| missing.is_empty() || edit::takes_choices(field)) else {
                let detail = format!("{} has no choices of a workspace's own", file.key);
                faults.push(Fault::new(&pointer, "choices_unwanted", file.key.as_str(), detail));
                continue;
            };
            if missing.is_empty() {
                continue;
            }
            let standard = condition::Catalog::standard();
            let beside = standard.find(&field.key).map(|field| field.choices.as_slice()).unwrap_or_default();
            let old = edit::of_field(present, &field.key).map(|row| stored(&of_row(row)));
            let all: Vec<StoredChoice> = old.chain(missing.iter().cloned()).collect();
            faults.extend(choices_faults("/choices", &all, beside).into_iter().map(below));
            added.words.push(field.key.clone());
            for (position, choice) in (1_000..).zip(missing) {
                let StoredChoice { key, label_en, label_de } = choice;
                let field = field.key.clone();
                own_choices.push(choice::Model {
                    workspace_id: workspace,
                    field,
                    key,
                    label_en,
                    label_de,
                    position,
                });
            }
            added.of_standard.push((field.key.clone(), all));
            continue;
        };
        if let Some(row) = rows.iter_mut().find(|row| row.key == key) {
            if !missing.is_empty() {
                let old: Vec<StoredChoice> = serde_json::from_str(&row.choices)?;
                let all: Vec<StoredChoice> = old.into_iter().chain(missing).collect();
                faults.extend(choices_faults("/choices", &all, &[]).into_iter().map(below));
                added.words.push(file.key.clone());
                added.of_own.push((row.clone(), all.clone()));
                row.choices = serde_json::to_string(&all)?;
            }
            continue;
        }
        let kind = file.kind.unwrap_or(Kind::Text);
        let choices: Vec<StoredChoice> = file.choices.iter().map(stored).collect();
        faults.extend(key_fault("/key", key).map(below));
        faults.extend(label_fault("/label_en", &file.label_en).map(below));
        faults.extend(label_fault("/label_de", &file.label_de).map(below));
        faults.extend(choices_of_kind(kind, &choices).into_iter().map(below));
        let position = rows.iter().map(|row| row.position).max().unwrap_or_default() + 1;
        rows.push(custom_field::Model {
            workspace_id: workspace,
            id: app.ids.next(),
            key: key.to_owned(),
            kind: kind.name().to_owned(),
            label_en: file.label_en.clone(),
            label_de: file.label_de.clone(),
            choices: serde_json::to_string(&choices)?,
            position,
            version: 1,
            created_at: app.clock.now(),
            removed_at: None,
        });
        added.words.push(file.key.clone());
        added.new.push(Draft {
            key: key.to_owned(),
            kind: kind.name().to_owned(),
            label_en: file.label_en.clone(),
            label_de: file.label_de.clone(),
            choices,
            position: Some(position),
        });
    }
    Ok((Fields::of(own_choices, rows)?, added))
}

fn of_row(row: &choice::Model) -> Choice {
    Choice { key: row.key.clone(), label_en: row.label_en.clone(), label_de: row.label_de.clone() }
}

fn stored(choice: &Choice) -> StoredChoice {
    let Choice { key, label_en, label_de } = choice.clone();
    StoredChoice { key, label_en, label_de }
}
