//! Changes of rules: conditions come in as JSON and are kept in their canonical form, with texts as
//! they were written.
//! Uses: catalog, states, edit.

use std::collections::HashMap;

use access::{Action, Object, Task};
use condition::say::Written;
use condition::{Condition, Kind, Parsed, Purpose, fold};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use store::Tx;

use super::differing::differing;
use super::edit::{demand, tree_now};
use super::faults::{refuse, text_fault};
use super::states::{begin, end, now};
use super::store::rule;
use crate::app::App;
use crate::error::{Error, Fault};
use crate::fields::grammar::{Grammar, as_fault};
use crate::trail::{self, Actor, Entry};
use crate::versions::{self, Version};

pub const POSITION_MAX: i64 = 1_000_000_000;
/// Longer conditions stand in the audit log by their fingerprint; the plan's versions hold them whole.
const AUDIT_CHARS_MAX: usize = 20_000;

/// A rule to be made.
#[derive(Clone, Debug)]
pub struct Draft {
    pub name: String,
    pub is_enabled: bool,
    /// None: the last.
    pub position: Option<i64>,
    pub when: Value,
}

/// What changes of a rule; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub is_enabled: Option<bool>,
    pub position: Option<i64>,
    pub when: Option<Value>,
    pub territory: Option<Uuid>,
}

/// Reads a condition for a rule into the text that is kept.
///
/// # Errors
/// Every fault, by its place below `pointer`.
pub fn read(grammar: &Grammar, when: &Value, pointer: &str) -> Result<(Condition, String), Vec<Fault>> {
    let parsed = grammar.door(Purpose::Rule, None).parse(when).and_then(Parsed::sound);
    let condition = parsed
        .map_err(|faults| faults.into_iter().map(|fault| as_fault(&fault, pointer)).collect::<Vec<_>>())?;
    let text = as_written(condition.to_json(grammar.fields()), when, grammar).to_string();
    Ok((condition, text))
}

/// Gives the texts of a canonical condition back the writing in which they came: conditions compare
/// folded texts, people read their own.
fn as_written(canonical: Value, came: &Value, grammar: &Grammar) -> Value {
    let mut by_folded: HashMap<String, String> = HashMap::new();
    let mut open = vec![came];
    while let Some(json) = open.pop() {
        match json {
            Value::Array(items) => open.extend(items),
            Value::Object(object) => open.extend(object.values()),
            Value::String(text) => {
                by_folded.entry(fold(text)).or_insert_with(|| text.trim().to_owned());
            }
            _ => {}
        }
    }
    restore(canonical, &by_folded, grammar)
}

fn restore(json: Value, written: &HashMap<String, String>, grammar: &Grammar) -> Value {
    match json {
        Value::Array(items) => items.into_iter().map(|item| restore(item, written, grammar)).collect(),
        Value::Object(mut object) => {
            let field =
                object.get("field").and_then(Value::as_str).and_then(|key| grammar.fields().find(key));
            let Some(field) = field else {
                return object
                    .into_iter()
                    .map(|(key, json)| (key, restore(json, written, grammar)))
                    .collect();
            };
            let is_text = matches!(field.kind, Kind::Text | Kind::LongText | Kind::Email | Kind::Url);
            if is_text && let Some(Value::Array(values)) = object.get_mut("values") {
                for value in values {
                    if let Some(text) = value.as_str().and_then(|text| written.get(text)) {
                        *value = Value::String(text.clone());
                    }
                }
            }
            Value::Object(object)
        }
        other => other,
    }
}

/// A rule's condition as it stands in its row: sound, or broken by what has gone since.
///
/// # Errors
/// Where the row's text is no condition at all, which would be a bug.
pub fn stored(grammar: &Grammar, text: &str) -> Result<(Parsed, Written), Error> {
    let json: Value = serde_json::from_str(text)?;
    let written = Written::of(&json);
    match grammar.door(Purpose::Rule, None).parse(&json) {
        Ok(parsed) => Ok((parsed, written)),
        // A release that reads more strictly than the one that wrote it: the rule is broken, not the plan.
        Err(faults) => Ok((Parsed::Broken(faults), written)),
    }
}

/// The rules of a territory as the viewer sees them, by position and id, after the one at `after`.
///
/// # Errors
/// Where the database refuses.
pub async fn page(
    tx: &Tx,
    territory: Uuid,
    after: Option<(i64, Uuid)>,
    limit: u64,
) -> Result<Vec<rule::Model>, Error> {
    let mut rules = tx
        .select::<rule::Entity>()
        .filter(now::<rule::Entity>())
        .filter(rule::Column::TerritoryId.eq(territory));
    if let Some((position, id)) = after {
        let same =
            sea_orm::Condition::all().add(rule::Column::Position.eq(position)).add(rule::Column::Id.gt(id));
        rules = rules.filter(sea_orm::Condition::any().add(rule::Column::Position.gt(position)).add(same));
    }
    let rules = rules
        .order_by(Expr::col(rule::Column::Position), Order::Asc)
        .order_by(Expr::col(rule::Column::Id), Order::Asc)
        .limit(limit);
    Ok(rules.all().await?)
}

/// The rule as it is now.
///
/// # Errors
/// [`Error::NotFound`] where there is none that the viewer may see.
pub async fn find(tx: &Tx, id: Uuid) -> Result<rule::Model, Error> {
    let rules = tx.select::<rule::Entity>().filter(now::<rule::Entity>());
    rules.filter(rule::Column::Id.eq(id)).one().await?.ok_or(Error::NotFound)
}

/// Makes a rule and returns its id.
///
/// # Errors
/// [`Error::Invalid`] with every fault, and others by cause.
pub async fn create(tx: &Tx, app: &App, actor: &Actor, territory: Uuid, draft: Draft) -> Result<Uuid, Error> {
    demand(tx, Object::Territory, Action::Edit, Some(territory))?;
    let workspace = versions::lock(tx).await?;
    let tree = tree_now(tx).await?;
    let place = tree.get(territory).ok_or(Error::NotFound)?;
    let grammar = Grammar::load(tx, &workspace, app.clock.now()).await?;
    let Draft { name, is_enabled, position, when } = draft;
    let mut faults: Vec<Fault> = text_fault("/name", &name).into_iter().collect();
    faults.extend(position.and_then(position_fault));
    let condition = read(&grammar, &when, "/when").map_err(|found| faults.extend(found)).ok();
    refuse(faults)?;
    let (_, condition) =
        condition.ok_or_else(|| Error::Bug("a condition without faults is read".to_owned()))?;
    let position = match position {
        Some(position) => position,
        None => (last_position(tx, territory).await? + 1).min(POSITION_MAX),
    };
    let version = versions::next_plan(tx, app, actor, &format!("{}: + {name}", place.name)).await?;
    let id = app.ids.next();
    let row = rule::Model {
        workspace_id: tx.workspace(),
        id,
        since: version.number,
        until: None,
        valid_from: version.at,
        valid_to: None,
        territory_id: territory,
        name,
        position,
        is_enabled,
        condition,
    };
    let after = as_json(&row)?;
    begin::<rule::ActiveModel>(tx, vec![row]).await?;
    let entry = Entry {
        action: "create",
        object: "rule",
        object_id: id.to_string(),
        before: None,
        after: Some(after),
    };
    trail::write(tx, app, actor, vec![entry]).await?;
    Ok(id)
}

/// Changes a rule or moves it to another territory.
///
/// # Errors
/// [`Error::Invalid`] with every fault, and others by cause.
pub async fn change(tx: &Tx, app: &App, actor: &Actor, id: Uuid, change: Change) -> Result<(), Error> {
    let old = find(tx, id).await?;
    demand(tx, Object::Territory, Action::Edit, Some(old.territory_id))?;
    let Change { name, is_enabled, position, when, territory } = change;
    if let Some(territory) = territory {
        demand(tx, Object::Territory, Action::Edit, Some(territory))?;
    }
    let workspace = versions::lock(tx).await?;
    let tree = tree_now(tx).await?;
    let mut faults: Vec<Fault> =
        name.as_deref().and_then(|name| text_fault("/name", name)).into_iter().collect();
    faults.extend(position.and_then(position_fault));
    let condition = match when {
        None => None,
        Some(when) => {
            let grammar = Grammar::load(tx, &workspace, app.clock.now()).await?;
            read(&grammar, &when, "/when").map_err(|found| faults.extend(found)).ok()
        }
    };
    let territory = territory.unwrap_or(old.territory_id);
    let place = tree.get(territory);
    if place.is_none() {
        let detail = "there is no such territory; pick another";
        faults.push(Fault::new("/territory", "unknown_territory", territory.to_string(), detail));
    }
    refuse(faults)?;
    let new = rule::Model {
        name: name.unwrap_or(old.name.clone()),
        is_enabled: is_enabled.unwrap_or(old.is_enabled),
        position: position.unwrap_or(old.position),
        condition: condition.map_or(old.condition.clone(), |(_, text)| text),
        territory_id: territory,
        ..old.clone()
    };
    if new == old {
        return Ok(());
    }
    let territory = place.map_or("", |place| place.name.as_str());
    let version = versions::next_plan(tx, app, actor, &format!("{territory}: {}", new.name)).await?;
    let (before, after) = differing(as_json(&old)?, as_json(&new)?);
    end::<rule::Entity>(tx, version, rule::Column::Id.eq(id)).await?;
    begin::<rule::ActiveModel>(tx, vec![begun(new, version)]).await?;
    let entry = Entry {
        action: "edit",
        object: "rule",
        object_id: id.to_string(),
        before: Some(before),
        after: Some(after),
    };
    trail::write(tx, app, actor, vec![entry]).await
}

/// Takes a rule away.
///
/// # Errors
/// By cause.
pub async fn remove(tx: &Tx, app: &App, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let old = find(tx, id).await?;
    demand(tx, Object::Territory, Action::Edit, Some(old.territory_id))?;
    versions::lock(tx).await?;
    let tree = tree_now(tx).await?;
    let territory = tree.get(old.territory_id).map_or("", |place| place.name.as_str());
    let version = versions::next_plan(tx, app, actor, &format!("{territory}: − {}", old.name)).await?;
    end::<rule::Entity>(tx, version, rule::Column::Id.eq(id)).await?;
    let entry = Entry {
        action: "delete",
        object: "rule",
        object_id: id.to_string(),
        before: Some(as_json(&old)?),
        after: None,
    };
    trail::write(tx, app, actor, vec![entry]).await
}

/// A row as this version begins it.
pub fn begun(row: rule::Model, version: Version) -> rule::Model {
    rule::Model { since: version.number, valid_from: version.at, ..row }
}

async fn last_position(tx: &Tx, territory: Uuid) -> Result<i64, Error> {
    let task = tx.as_task(Task::Assignment);
    let rules = task.select::<rule::Entity>().filter(now::<rule::Entity>());
    let last = rules
        .filter(rule::Column::TerritoryId.eq(territory))
        .order_by(Expr::col(rule::Column::Position), Order::Desc)
        .one()
        .await?;
    Ok(last.map_or(0, |rule| rule.position))
}

fn position_fault(position: i64) -> Option<Fault> {
    let detail = format!("a number from 1 to {POSITION_MAX}; this is {position}");
    let is_sound = (1..=POSITION_MAX).contains(&position);
    (!is_sound).then(|| Fault::new("/position", "out_of_range", position, detail))
}

fn as_json(row: &rule::Model) -> Result<Value, Error> {
    let when = if row.condition.len() <= AUDIT_CHARS_MAX {
        serde_json::from_str(&row.condition)?
    } else {
        json!({ "blake3": blake3::hash(row.condition.as_bytes()).to_hex().to_string() })
    };
    Ok(json!({
        "territory": row.territory_id, "name": row.name, "position": row.position,
        "enabled": row.is_enabled, "when": when,
    }))
}
