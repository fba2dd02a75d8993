//! Changing a workspace's own fields and choices. A field that goes is only marked: records keep values of it.
//! Uses: versions, trail.

use std::collections::BTreeSet;

use access::Action;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use store::Tx;

use super::store::{choice, custom_field};
use super::{Fields, StoredChoice, kind_named, own_kinds};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::trail::{self, Actor, Entry};
use crate::versions;

pub const OWN_FIELDS_MAX: usize = 200;
pub const CHOICES_MAX: usize = 1_000;
const KEY_CHARACTERS_MAX: usize = 60;
const LABEL_CHARACTERS_MAX: usize = 120;

/// An own field as it was asked for.
#[derive(Clone, Debug)]
pub struct Draft {
    pub key: String,
    pub kind: String,
    pub label_en: String,
    pub label_de: String,
    pub choices: Vec<StoredChoice>,
}

/// What changes of an own field; its key and kind stay, since values are stored by them.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub label_en: Option<String>,
    pub label_de: Option<String>,
    pub choices: Option<Vec<StoredChoice>>,
}

/// Adds an own field.
///
/// # Errors
/// [`Error::Invalid`] with every fault.
pub async fn create(tx: &Tx, app: &App, actor: &Actor, draft: Draft) -> Result<custom_field::Model, Error> {
    versions::lock(tx).await?;
    let fields = Fields::load(tx).await?;
    let mut faults = Vec::new();
    key_faults("/key", &draft.key, &mut faults);
    let same = tx.select::<custom_field::Entity>().filter(custom_field::Column::Key.eq(draft.key.as_str()));
    if same.count().await? > 0 {
        // Also one that was deleted: records may still hold values of its kind.
        let detail = "a field has or had this key; choose another";
        faults.push(Fault::new("/key", "key_taken", draft.key.as_str(), detail));
    }
    if kind_named(&draft.kind).is_none() {
        let known: Vec<&str> = own_kinds().collect();
        let detail = format!("a field is one of: {}", known.join(", "));
        faults.push(Fault::new("/kind", "unknown_kind", draft.kind.as_str(), detail));
    }
    if fields.own.len() >= OWN_FIELDS_MAX {
        let detail = format!("a workspace has at most {OWN_FIELDS_MAX} fields of its own; delete one first");
        faults.push(Fault::new("", "fields_many", fields.own.len(), detail));
    }
    label_faults("/label_en", &draft.label_en, &mut faults);
    label_faults("/label_de", &draft.label_de, &mut faults);
    choice_faults(&draft.kind, &draft.choices, &mut faults);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let position = fields.own.iter().map(|(_, row)| row.position).max().unwrap_or(0) + 1;
    let row = custom_field::Model {
        workspace_id: tx.workspace(),
        id: app.ids.next(),
        key: draft.key,
        kind: draft.kind,
        label_en: draft.label_en.trim().to_owned(),
        label_de: draft.label_de.trim().to_owned(),
        choices: serde_json::to_string(&draft.choices)?,
        position,
        version: 1,
        created_at: app.clock.now(),
        removed_at: None,
    };
    let custom_field::Model { workspace_id: _, id, key, kind, label_en, label_de, choices, .. } = row.clone();
    let model = custom_field::ActiveModel {
        workspace_id: NotSet,
        id: Set(id),
        key: Set(key),
        kind: Set(kind),
        label_en: Set(label_en),
        label_de: Set(label_de),
        choices: Set(choices),
        position: Set(position),
        version: Set(1),
        created_at: Set(row.created_at),
        removed_at: Set(None),
    };
    tx.insert(vec![model]).await?;
    written(tx, app, actor, "create", &row.key, None, Some(shown(&row))).await?;
    Ok(row)
}

/// Finds an own field by its key, with or without `custom.`.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &Tx, key: &str) -> Result<custom_field::Model, Error> {
    let key = key.strip_prefix("custom.").unwrap_or(key);
    let own = Fields::load(tx).await?.own;
    own.into_iter().map(|(_, row)| row).find(|row| row.key == key).ok_or(Error::NotFound)
}

/// Changes labels or choices.
///
/// # Errors
/// [`Error::Invalid`] with every fault.
pub async fn change(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    before: &custom_field::Model,
    change: Change,
) -> Result<custom_field::Model, Error> {
    versions::lock(tx).await?;
    let mut row = before.clone();
    let mut faults = Vec::new();
    if let Some(label) = change.label_en {
        label_faults("/label_en", &label, &mut faults);
        row.label_en = label.trim().to_owned();
    }
    if let Some(label) = change.label_de {
        label_faults("/label_de", &label, &mut faults);
        row.label_de = label.trim().to_owned();
    }
    if let Some(choices) = change.choices {
        choice_faults(&row.kind, &choices, &mut faults);
        row.choices = serde_json::to_string(&choices)?;
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    row.version += 1;
    tx.update::<custom_field::Entity>(Action::Edit)
        .set(custom_field::Column::LabelEn, Expr::val(row.label_en.as_str()))
        .set(custom_field::Column::LabelDe, Expr::val(row.label_de.as_str()))
        .set(custom_field::Column::Choices, Expr::val(row.choices.as_str()))
        .set(custom_field::Column::Version, Expr::val(row.version))
        .filter(custom_field::Column::Id.eq(row.id))
        .run()
        .await?;
    written(tx, app, actor, "change", &row.key, Some(shown(before)), Some(shown(&row))).await?;
    Ok(row)
}

/// Takes an own field away; rules that read it are broken from then on.
///
/// # Errors
/// Where the database refuses.
pub async fn remove(tx: &Tx, app: &App, actor: &Actor, row: &custom_field::Model) -> Result<(), Error> {
    versions::lock(tx).await?;
    tx.update::<custom_field::Entity>(Action::Delete)
        .set(custom_field::Column::RemovedAt, Expr::val(app.clock.now()))
        .filter(custom_field::Column::Id.eq(row.id))
        .run()
        .await?;
    written(tx, app, actor, "delete", &row.key, Some(shown(row)), None).await
}

/// Sets the workspace's own choices of a standard field, beside those that Revier brings.
///
/// # Errors
/// [`Error::NotFound`] where the field has no choices, [`Error::Invalid`] with every fault.
pub async fn set_choices(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    key: &str,
    choices: Vec<StoredChoice>,
) -> Result<(), Error> {
    versions::lock(tx).await?;
    let standard = condition::Catalog::standard();
    let field = standard.find(key).filter(|field| !field.choices.is_empty()).ok_or(Error::NotFound)?;
    let mut faults = Vec::new();
    choice_faults("choice", &choices, &mut faults);
    for (at, own) in choices.iter().enumerate().filter(|(_, own)| field.choice(&own.key).is_some()) {
        let detail = "Revier brings a choice with this key; choose another";
        faults.push(Fault::new(&format!("/{at}/key"), "key_taken", own.key.as_str(), detail));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let before = Fields::load(tx).await?.own_choices;
    let before: Vec<&str> =
        before.iter().filter(|row| row.field == key).map(|row| row.key.as_str()).collect();
    let before = json!(before);
    tx.delete::<choice::Entity>(choice::Column::Field.eq(key)).await?;
    let after = json!(choices.iter().map(|choice| &choice.key).collect::<Vec<_>>());
    let row = |(position, choice): (i64, StoredChoice)| choice::ActiveModel {
        workspace_id: NotSet,
        field: Set(key.to_owned()),
        key: Set(choice.key),
        label_en: Set(choice.label_en),
        label_de: Set(choice.label_de),
        position: Set(position),
    };
    tx.insert((1..).zip(choices).map(row).collect()).await?;
    written(tx, app, actor, "change", key, Some(before), Some(after)).await
}

async fn written(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    action: &'static str,
    key: &str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    versions::bump_rules(tx).await?;
    let entry = Entry { action, object: "field", object_id: key.to_owned(), before, after };
    trail::write(tx, app, actor, vec![entry]).await
}

fn shown(row: &custom_field::Model) -> Value {
    let choices: Value = serde_json::from_str(&row.choices).unwrap_or_default();
    json!({ "kind": row.kind, "label_en": row.label_en, "label_de": row.label_de, "choices": choices })
}

fn key_faults(pointer: &str, key: &str, faults: &mut Vec<Fault>) {
    let is_sound = key.len() <= KEY_CHARACTERS_MAX
        && key.starts_with(|sign: char| sign.is_ascii_lowercase())
        && key.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_');
    if !is_sound {
        let detail =
            format!("a key has small letters, digits and _, at most {KEY_CHARACTERS_MAX}, a letter first");
        faults.push(Fault::new(pointer, "key_form", key, detail));
    }
}

fn label_faults(pointer: &str, label: &str, faults: &mut Vec<Fault>) {
    let characters = label.trim().chars().count();
    if characters == 0 || characters > LABEL_CHARACTERS_MAX || label.chars().any(char::is_control) {
        let detail = format!("a name has 1 to {LABEL_CHARACTERS_MAX} characters, in one line");
        faults.push(Fault::new(pointer, "label_length", label, detail));
    }
}

fn choice_faults(kind: &str, choices: &[StoredChoice], faults: &mut Vec<Fault>) {
    let takes_choices = matches!(kind, "choice" | "multi_choice");
    if !takes_choices && !choices.is_empty() {
        let detail = "only choice and multi_choice have choices; leave them out";
        faults.push(Fault::new("/choices", "choices_unwanted", choices.len(), detail));
        return;
    }
    if choices.len() > CHOICES_MAX {
        let detail = format!("a field has at most {CHOICES_MAX} choices");
        faults.push(Fault::new("/choices", "choices_many", choices.len(), detail));
    }
    let mut seen = BTreeSet::new();
    for (at, choice) in choices.iter().enumerate() {
        key_faults(&format!("/choices/{at}/key"), &choice.key, faults);
        label_faults(&format!("/choices/{at}/label_en"), &choice.label_en, faults);
        label_faults(&format!("/choices/{at}/label_de"), &choice.label_de, faults);
        if !seen.insert(&choice.key) {
            let detail = "two choices have this key; give one another";
            faults.push(Fault::new(&format!("/choices/{at}/key"), "key_taken", choice.key.as_str(), detail));
        }
    }
}
