//! Changes of own fields and own choices. What rules read goes only where somebody insists.
//! Uses: grammar, faults, versions, trail.

use access::{Action, Task};
use condition::{Kind, Parsed, Purpose};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use store::Tx;

use super::faults::{self, FIELDS_MAX};
use super::grammar::Grammar;
use super::store::{choice, custom_field, reading_rule};
use super::{Fields, StoredChoice};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::trail::{self, Actor, Entry};
use crate::versions;

/// Rules that a refusal names; it counts them all.
const RULES_NAMED_MAX: usize = 20;

/// An own field to be made.
#[derive(Clone, Debug)]
pub struct Draft {
    pub key: String,
    pub kind: String,
    pub label_en: String,
    pub label_de: String,
    pub choices: Vec<StoredChoice>,
    /// None: the last.
    pub position: Option<i64>,
}

/// What changes of an own field; what is none stays. Key and kind stay for ever: records hold values of them.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub label_en: Option<String>,
    pub label_de: Option<String>,
    pub choices: Option<Vec<StoredChoice>>,
    pub position: Option<i64>,
    /// Even where rules break by it.
    pub force: bool,
}

/// The own field by its id or by its name in the API.
///
/// # Errors
/// [`Error::NotFound`] where there is none.
pub async fn find(tx: &Tx, name: &str) -> Result<custom_field::Model, Error> {
    let rows = tx.as_task(Task::Assignment);
    let rows = rows.select::<custom_field::Entity>().filter(custom_field::Column::RemovedAt.is_null());
    let rows = match (Uuid::try_parse(name), name.strip_prefix("custom.")) {
        (Ok(id), _) => rows.filter(custom_field::Column::Id.eq(id)),
        (_, Some(key)) => rows.filter(custom_field::Column::Key.eq(key)),
        _ => return Err(Error::NotFound),
    };
    rows.one().await?.ok_or(Error::NotFound)
}

/// Makes an own field and returns its id.
///
/// # Errors
/// [`Error::Invalid`] with every fault, and others by cause.
pub async fn create(tx: &Tx, app: &App, actor: &Actor, draft: Draft) -> Result<Uuid, Error> {
    versions::lock(tx).await?;
    let task = tx.as_task(Task::Assignment);
    let known = task.select::<custom_field::Entity>().all().await?;
    let Draft { key, kind, label_en, label_de, choices, position } = draft;
    let mut found: Vec<Fault> = faults::key_fault("/key", &key).into_iter().collect();
    if let Some(other) = known.iter().find(|row| row.key == key) {
        let detail = match other.removed_at {
            None => format!("\"{}\" has this key; find another", other.label_en),
            Some(_) => "a field that was removed had this key, and records may hold its values; \
                        find another"
                .to_owned(),
        };
        found.push(Fault::new("/key", "key_taken", key.as_str(), detail));
    }
    found.extend(faults::label_fault("/label_en", &label_en));
    found.extend(faults::label_fault("/label_de", &label_de));
    match faults::kind(&kind) {
        Ok(kind) => found.extend(faults::choices_of_kind(kind, &choices)),
        Err(fault) => found.push(fault),
    }
    let living = known.iter().filter(|row| row.removed_at.is_none());
    if living.clone().count() >= FIELDS_MAX {
        let detail = format!("a workspace has at most {FIELDS_MAX} fields of its own; remove one first");
        found.push(Fault::new("", "fields_many", FIELDS_MAX, detail));
    }
    refuse(found)?;
    let last = living.map(|row| row.position).max().unwrap_or_default();
    let id = app.ids.next();
    let row = custom_field::Model {
        workspace_id: tx.workspace(),
        id,
        key,
        kind,
        label_en,
        label_de,
        choices: serde_json::to_string(&choices)?,
        position: position.unwrap_or(last + 1),
        version: 1,
        created_at: app.clock.now(),
        removed_at: None,
    };
    let after = as_json(&row)?;
    task.insert(vec![active(row)]).await?;
    versions::bump_rules(tx).await?;
    log(tx, app, actor, "create", id.to_string(), None, Some(after)).await?;
    Ok(id)
}

/// Changes an own field.
///
/// # Errors
/// [`Error::Invalid`] with every fault; [`Error::HeldUp`] where rules read a choice that would go.
pub async fn change(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    old: &custom_field::Model,
    change: Change,
) -> Result<(), Error> {
    let Change { label_en, label_de, choices, position, force } = change;
    let mut found: Vec<Fault> = Vec::new();
    found.extend(label_en.as_deref().and_then(|label| faults::label_fault("/label_en", label)));
    found.extend(label_de.as_deref().and_then(|label| faults::label_fault("/label_de", label)));
    if let (Some(choices), Some(kind)) = (&choices, Kind::own(&old.kind)) {
        found.extend(faults::choices_of_kind(kind, choices));
    }
    refuse(found)?;
    let choices = choices.map(|choices| serde_json::to_string(&choices)).transpose()?;
    let new = custom_field::Model {
        label_en: label_en.unwrap_or(old.label_en.clone()),
        label_de: label_de.unwrap_or(old.label_de.clone()),
        choices: choices.unwrap_or(old.choices.clone()),
        position: position.unwrap_or(old.position),
        ..old.clone()
    };
    if new == *old {
        return Ok(());
    }
    let new = custom_field::Model { version: old.version + 1, ..new };
    let before = grammar(tx, app).await?;
    tx.as_task(Task::Assignment).replace(active(new.clone()), custom_field::Column::Id.eq(old.id)).await?;
    hold_up(tx, app, &before, &format!("custom.{}", old.key), "choice_in_use", force).await?;
    versions::bump_rules(tx).await?;
    let (before, after) = (as_json(old)?, as_json(&new)?);
    log(tx, app, actor, "edit", old.id.to_string(), Some(before), Some(after)).await
}

/// Takes an own field away; its key is never given again.
///
/// # Errors
/// [`Error::HeldUp`] where rules read it.
pub async fn remove(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    old: &custom_field::Model,
    force: bool,
) -> Result<(), Error> {
    let before = grammar(tx, app).await?;
    tx.as_task(Task::Assignment)
        .update::<custom_field::Entity>(Action::Edit)
        .set(custom_field::Column::RemovedAt, Expr::val(app.clock.now()))
        .filter(custom_field::Column::Id.eq(old.id))
        .run()
        .await?;
    hold_up(tx, app, &before, &format!("custom.{}", old.key), "field_in_use", force).await?;
    versions::bump_rules(tx).await?;
    log(tx, app, actor, "delete", old.id.to_string(), Some(as_json(old)?), None).await
}

/// Puts the workspace's own choices of a standard field in place of those that it has.
///
/// # Errors
/// [`Error::NotFound`] for fields that know no choices of one's own, [`Error::Invalid`] with every fault,
/// [`Error::HeldUp`] where rules read a choice that would go.
pub async fn put_choices(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    key: &str,
    choices: Vec<StoredChoice>,
    force: bool,
) -> Result<(), Error> {
    versions::lock(tx).await?;
    let standard = condition::Catalog::standard();
    let field = standard.find(key).filter(|field| takes_choices(field)).ok_or(Error::NotFound)?;
    refuse(faults::choices_faults("", &choices, &field.choices))?;
    let before = grammar(tx, app).await?;
    let old: Vec<Value> = of_field(&before.catalog, key).map(choice_json).collect();
    let task = tx.as_task(Task::Assignment);
    task.delete::<choice::Entity>(choice::Column::Field.eq(key)).await?;
    let rows: Vec<choice::ActiveModel> = (1..).zip(&choices).map(|(at, one)| row(key, at, one)).collect();
    let new: Vec<Value> = choices.iter().map(|choice| json!(choice)).collect();
    if old == new {
        task.insert(rows).await?;
        return Ok(());
    }
    task.insert(rows).await?;
    hold_up(tx, app, &before, key, "choice_in_use", force).await?;
    versions::bump_rules(tx).await?;
    let (before, after) = (Some(json!({ "choices": old })), Some(json!({ "choices": new })));
    log(tx, app, actor, "edit", key.to_owned(), before, after).await
}

/// Says whether a workspace may add choices of its own to the standard field.
pub fn takes_choices(field: &condition::Field) -> bool {
    let has_choices = matches!(field.kind, Kind::Choice | Kind::MultiChoice);
    has_choices && !field.is_system && !field.key.starts_with("custom.")
}

/// The own choices of a standard field, in their order.
pub fn of_field<'a>(fields: &'a Fields, key: &'a str) -> impl Iterator<Item = &'a choice::Model> {
    fields.own_choices.iter().filter(move |choice| choice.field == key)
}

async fn grammar(tx: &Tx, app: &App) -> Result<Grammar, Error> {
    Grammar::load(tx, &versions::workspace(tx).await?, app.clock.now()).await
}

/// Refuses what has just been changed where rules that were sound are broken by it.
async fn hold_up(
    tx: &Tx,
    app: &App,
    before: &Grammar,
    key: &str,
    code: &'static str,
    force: bool,
) -> Result<(), Error> {
    if force {
        return Ok(());
    }
    let after = grammar(tx, app).await?;
    let task = tx.as_task(Task::Assignment);
    let mut broken = Vec::new();
    for rule in mentioning(task.select(), key).all().await? {
        if breaks(before, &after, &rule.condition)? {
            broken.push(rule);
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    let seen: Vec<Uuid> = mentioning(tx.select(), key).all().await?.into_iter().map(|rule| rule.id).collect();
    let by: Vec<Value> = broken
        .iter()
        .filter(|rule| seen.contains(&rule.id))
        .take(RULES_NAMED_MAX)
        .map(|rule| json!({ "rule": rule.id, "name": rule.name, "territory": rule.territory_id, "enabled": rule.is_enabled }))
        .collect();
    let names: Vec<String> =
        by.iter().filter_map(|rule| Some(format!("\"{}\"", rule["name"].as_str()?))).collect();
    let detail = format!(
        "{} rules read this and would break: {}; change them first, or insist with force=true",
        broken.len(),
        names.join(", ")
    );
    Err(Error::HeldUp { code, detail, by: json!(by) })
}

/// The rules of now that may read the field: conditions are kept canonical, so its name stands there in quotes.
fn mentioning<'t>(
    select: store::Scoped<'t, reading_rule::Entity>,
    key: &str,
) -> store::Scoped<'t, reading_rule::Entity> {
    select
        .filter(reading_rule::Column::Until.is_null())
        .filter(reading_rule::Column::Condition.contains(format!("\"{key}\"")))
        .order_by(Expr::col(reading_rule::Column::Id), sea_orm::Order::Asc)
}

fn breaks(before: &Grammar, after: &Grammar, condition: &str) -> Result<bool, Error> {
    let condition: Value = serde_json::from_str(condition)?;
    let is_sound = |grammar: &Grammar| {
        matches!(grammar.door(Purpose::Rule, None).parse(&condition), Ok(Parsed::Sound(_)))
    };
    Ok(is_sound(before) && !is_sound(after))
}

fn refuse(faults: Vec<Fault>) -> Result<(), Error> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn row(field: &str, position: i64, choice: &StoredChoice) -> choice::ActiveModel {
    let StoredChoice { key, label_en, label_de } = choice.clone();
    choice::ActiveModel {
        workspace_id: NotSet,
        field: Set(field.to_owned()),
        key: Set(key),
        label_en: Set(label_en),
        label_de: Set(label_de),
        position: Set(position),
    }
}

fn active(row: custom_field::Model) -> custom_field::ActiveModel {
    let custom_field::Model {
        workspace_id,
        id,
        key,
        kind,
        label_en,
        label_de,
        choices,
        position,
        version,
        created_at,
        removed_at,
    } = row;
    custom_field::ActiveModel {
        workspace_id: Set(workspace_id),
        id: Set(id),
        key: Set(key),
        kind: Set(kind),
        label_en: Set(label_en),
        label_de: Set(label_de),
        choices: Set(choices),
        position: Set(position),
        version: Set(version),
        created_at: Set(created_at),
        removed_at: Set(removed_at),
    }
}

fn choice_json(choice: &choice::Model) -> Value {
    json!({ "key": choice.key, "label_en": choice.label_en, "label_de": choice.label_de })
}

fn as_json(row: &custom_field::Model) -> Result<Value, Error> {
    let choices: Value = serde_json::from_str(&row.choices)?;
    Ok(json!({
        "key": row.key, "kind": row.kind, "label_en": row.label_en, "label_de": row.label_de,
        "choices": choices, "position": row.position,
    }))
}

async fn log(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    action: &'static str,
    object_id: String,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    trail::write(tx, app, actor, vec![Entry { action, object: "field", object_id, before, after }]).await
}
