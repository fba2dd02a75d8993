//! What the API shows of a lead: the fields its viewer may see, and what they may do with it.

use std::collections::BTreeMap;

use access::{Action, FieldRight, Object, Tie, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::lead;
use super::{collaborators, row};
use crate::error::Error;
use crate::http::headers::moment;
use crate::territories::book::RuleBook;

/// A reference by id, with the name that a page shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TerritoryRef {
    pub id: Uuid,
    pub name: String,
    /// A name of the palette: `enzian`, `ahorn`, …
    pub color: String,
}

/// What the viewer may do with this lead.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct LeadCan {
    pub edit: bool,
    pub delete: bool,
    pub assign: bool,
}

/// Something that the door put right, such as a leading zero that had been lost.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Repair {
    pub field: String,
    pub code: String,
    /// As it was written.
    pub value: String,
}

/// A lead as its viewer may see it. Its fields stand beside these members under their API names
/// (`company`, `postcode`, `custom.machine_count`); hidden ones are absent, empty ones are null.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadView {
    pub id: Uuid,
    pub version: i64,
    pub created_at: String,
    pub updated_at: String,
    pub assigned_at: Option<String>,
    /// Since when it waits in its territory's queue.
    pub queued_at: Option<String>,
    pub territory: Option<TerritoryRef>,
    pub owner: Option<Named>,
    /// The territory was set by hand and rules leave it alone.
    pub pinned: bool,
    /// `page`, `api`, `import`, …
    pub door: String,
    /// Fields that were completed from others, such as the state from the postcode.
    pub derived: Vec<String>,
    pub repairs: Vec<Repair>,
    pub can: LeadCan,
    /// Who takes part in it beside its owner, by name; lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collaborators: Option<Vec<Named>>,
    /// The visible fields by API name.
    #[serde(flatten)]
    #[schema(value_type = Object, additional_properties)]
    pub fields: BTreeMap<String, Value>,
}

/// The tie of a row: what decides who may see it.
pub fn tie(row: &lead::Model, collaborators: Vec<Uuid>) -> Tie {
    Tie { territory: row.territory_id, owner: row.owner_id, collaborators }
}

/// Shows a row to its viewer, with everybody who takes part in it.
///
/// # Errors
/// Where the database does not answer.
pub async fn whole(tx: &Tx, row: &lead::Model, book: &RuleBook, viewer: &Viewer) -> Result<LeadView, Error> {
    let collaborators = collaborators::of(tx, row.id).await?;
    let named = |&id: &Uuid| Named { id, name: book.user_name(id) };
    let mut people: Vec<Named> = collaborators.iter().map(named).collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(LeadView { collaborators: Some(people), ..view(row, &collaborators, book, viewer) })
}

/// Shows a row to its viewer; of the collaborators at least the viewer is named, where they take part.
pub fn view(row: &lead::Model, collaborators: &[Uuid], book: &RuleBook, viewer: &Viewer) -> LeadView {
    let tie = tie(row, collaborators.to_vec());
    let may = |action: Action| viewer.can(Object::Lead, action, &tie);
    let right = |key: &str| viewer.field_right(Object::Lead, key, &tie);
    let mut present = row::fields(row);
    let fields = book
        .catalog()
        .fields()
        .iter()
        .filter(|field| !field.is_system && field.kind != condition::Kind::Place)
        .filter(|field| right(&field.key) != FieldRight::Hidden)
        .map(|field| (field.key.clone(), present.remove(&field.key).unwrap_or(Value::Null)))
        .collect();
    let is_shown = |key: &String| right(key) != FieldRight::Hidden;
    let derived: Vec<String> = serde_json::from_str(&row.derived).unwrap_or_default();
    let repairs: Vec<Repair> = serde_json::from_str(&row.repairs).unwrap_or_default();
    LeadView {
        id: row.id,
        version: row.version,
        created_at: moment(row.created_at),
        updated_at: moment(row.updated_at),
        assigned_at: row.assigned_at.map(moment),
        queued_at: row.queued_at.map(moment),
        territory: row.territory_id.map(|id| territory(book, id)),
        owner: row.owner_id.map(|id| Named { id, name: book.user_name(id) }),
        pinned: row.is_pinned,
        door: row.door.clone(),
        derived: derived.into_iter().filter(is_shown).collect(),
        repairs: repairs.into_iter().filter(|repair| is_shown(&repair.field)).collect(),
        can: LeadCan { edit: may(Action::Edit), delete: may(Action::Delete), assign: may(Action::Assign) },
        collaborators: None,
        fields,
    }
}

fn territory(book: &RuleBook, id: Uuid) -> TerritoryRef {
    let (name, color) = book.territory_name(id);
    TerritoryRef { id, name, color }
}
