//! A change of one rule that is not made yet: what the rule is now, and what it would be.
//! Uses: territories (rules, book).

use std::sync::Arc;

use access::{Action, Object, Viewer};
use condition::parse::{Parsed, Purpose};
use condition::{Condition, Field};
use sea_orm::entity::prelude::*;
use store::Tx;
use territory::Index;

use crate::app::App;
use crate::error::{Error, Fault};
use crate::records::lead::list;
use crate::territories::book::{Rule, RuleBook};
use crate::territories::edit::demand;
use crate::territories::rules::{self, Change, Draft};
use crate::territories::store::rule;
use crate::trail::Actor;

/// What is to become of a rule.
#[derive(Clone, Debug)]
pub enum Intended {
    Create { territory: Uuid, draft: Draft },
    Change { rule: Uuid, change: Change },
    Remove { rule: Uuid },
}

/// A change beside the book that knows nothing of it.
pub struct Considered {
    /// The rule; a made-up id where it is to be created.
    pub id: Uuid,
    pub name: String,
    /// Where the rule would stand; none where it goes.
    pub territory: Option<Uuid>,
    /// The condition that counts today, and the one that would; none where the rule is off, broken or gone.
    pub old: Option<Arc<Condition>>,
    pub new: Option<Arc<Condition>>,
    /// Where leads would be placed.
    pub index: Index,
}

impl Intended {
    /// Reads the change against the book.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], or [`Error::Invalid`] with every fault of the condition.
    pub fn consider(
        &self,
        tx: &Tx,
        app: &App,
        book: &RuleBook,
        viewer: &Viewer,
    ) -> Result<Considered, Error> {
        let rule = |id: Uuid| book.rule(id).ok_or(Error::NotFound);
        let (old, new) = match self {
            Intended::Create { territory, draft } => {
                may_edit(tx, book, *territory)?;
                let condition = read(book, viewer, &draft.when)?;
                let row = rule::Model {
                    workspace_id: tx.workspace(),
                    id: app.ids.next(),
                    since: 0,
                    until: None,
                    valid_from: 0,
                    valid_to: None,
                    territory_id: *territory,
                    name: draft.name.clone(),
                    position: draft.position.unwrap_or(rules::POSITION_MAX),
                    is_enabled: draft.is_enabled,
                    condition,
                };
                (None, Some(row))
            }
            Intended::Change { rule: id, change } => {
                let old = rule(*id)?;
                may_edit(tx, book, old.row.territory_id)?;
                let Change { name, is_enabled, position, when, territory } = change.clone();
                if let Some(territory) = territory {
                    may_edit(tx, book, territory)?;
                }
                let condition = when.map(|when| read(book, viewer, &when)).transpose()?;
                let row = rule::Model {
                    name: name.unwrap_or_else(|| old.row.name.clone()),
                    is_enabled: is_enabled.unwrap_or(old.row.is_enabled),
                    position: position.unwrap_or(old.row.position),
                    condition: condition.unwrap_or_else(|| old.row.condition.clone()),
                    territory_id: territory.unwrap_or(old.row.territory_id),
                    ..old.row.clone()
                };
                (Some(old), Some(row))
            }
            Intended::Remove { rule: id } => {
                let old = rule(*id)?;
                may_edit(tx, book, old.row.territory_id)?;
                (Some(old), None)
            }
        };
        let name = new.as_ref().or(old.map(|old| &old.row)).map(|row| row.name.clone()).unwrap_or_default();
        let id = new.as_ref().or(old.map(|old| &old.row)).map(|row| row.id).unwrap_or_default();
        let territory = new.as_ref().map(|row| row.territory_id);
        let new = new.map(|row| book.compiled(row));
        let (before, after) = (old.and_then(counting), new.as_ref().and_then(counting));
        for condition in [&before, &after].into_iter().flatten() {
            refuse_hidden_fields(book, viewer, condition)?;
        }
        Ok(Considered { id, name, territory, old: before, new: after, index: book.index_with(id, new) })
    }

    /// Makes the change and returns the rule's id.
    ///
    /// # Errors
    /// As the change of a rule by itself.
    pub async fn make(&self, tx: &Tx, app: &App, actor: &Actor) -> Result<Uuid, Error> {
        match self.clone() {
            Intended::Create { territory, draft } => rules::create(tx, app, actor, territory, draft).await,
            Intended::Change { rule, change } => {
                rules::change(tx, app, actor, rule, change).await?;
                Ok(rule)
            }
            Intended::Remove { rule } => {
                rules::remove(tx, app, actor, rule).await?;
                Ok(rule)
            }
        }
    }
}

fn counting(rule: &Rule) -> Option<Arc<Condition>> {
    rule.condition.clone().filter(|_| rule.row.is_enabled)
}

fn may_edit(tx: &Tx, book: &RuleBook, territory: Uuid) -> Result<(), Error> {
    book.tree().get(territory).ok_or(Error::NotFound)?;
    demand(tx, Object::Territory, Action::Edit, Some(territory))
}

fn read(book: &RuleBook, viewer: &Viewer, when: &serde_json::Value) -> Result<String, Error> {
    let is_readable = |field: &Field| list::is_readable(viewer, field);
    let door = book.door(Purpose::Rule, Some(&is_readable));
    door.parse(when).and_then(Parsed::sound).map_err(|faults| {
        Error::Invalid(faults.iter().map(|fault| Fault::of_condition(fault, "/when")).collect())
    })?;
    Ok(when.to_string())
}

/// Counts of leads by a field that one may not read would tell its values.
fn refuse_hidden_fields(book: &RuleBook, viewer: &Viewer, condition: &Condition) -> Result<(), Error> {
    let hidden = condition.fields().into_iter().map(|id| book.catalog().field(id));
    match hidden.into_iter().find(|field| !list::is_readable(viewer, field)) {
        None => Ok(()),
        Some(_) => Err(Error::Denied("a rule that reads fields hidden from you".to_owned())),
    }
}
