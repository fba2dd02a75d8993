//! What the API shows of a lead: the fields its viewer may see, and what they may do with it.

use std::borrow::Cow;

use access::{Action, FieldRight, Object, Tie, Viewer};
use condition::Field;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::lead;
use super::{collaborators, row};
use crate::app::Micros;
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
pub struct LeadView<'a> {
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
    pub door: Cow<'a, str>,
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
    pub fields: Fields<'a>,
}

/// Fields in the order of their names.
#[derive(Clone, Debug)]
pub struct Fields<'a>(pub Vec<(Cow<'a, str>, Shown<'a>)>);

/// The value of a field.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Shown<'a> {
    /// The JSON that the database holds.
    Stored(&'a RawValue),
    Value(Value),
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// What every lead says of itself beside its fields.
pub struct Head<'a, 'r> {
    pub id: Uuid,
    pub version: i64,
    pub created_at: Micros,
    pub updated_at: Micros,
    pub assigned_at: Option<Micros>,
    pub queued_at: Option<Micros>,
    /// Of the collaborators it names at least the viewer, where they take part.
    pub tie: Tie,
    pub is_pinned: bool,
    pub door: Cow<'a, str>,
    /// A JSON array of names.
    pub derived: &'r str,
    /// A JSON array of [`Repair`]s.
    pub repairs: &'r str,
}

/// The tie of a row: what decides who may see it.
pub fn tie(row: &lead::Model, collaborators: Vec<Uuid>) -> Tie {
    Tie { territory: row.territory_id, owner: row.owner_id, collaborators }
}

/// The fields that leads show, whoever looks.
pub fn shown_fields(book: &RuleBook) -> impl Iterator<Item = &Field> {
    let fields = book.catalog().fields().iter();
    fields.filter(|field| !field.is_system && field.kind != condition::Kind::Place)
}

/// Shows a row to its viewer, with everybody who takes part in it.
///
/// # Errors
/// Where the database does not answer.
pub async fn whole(
    tx: &Tx,
    row: &lead::Model,
    book: &RuleBook,
    viewer: &Viewer,
) -> Result<LeadView<'static>, Error> {
    let collaborators = collaborators::of(tx, row.id).await?;
    let named = |&id: &Uuid| Named { id, name: book.user_name(id) };
    let mut people: Vec<Named> = collaborators.iter().map(named).collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(LeadView { collaborators: Some(people), ..view(row, &collaborators, book, viewer) })
}

/// Shows a row to its viewer; of the collaborators at least the viewer is named, where they take part.
pub fn view(
    row: &lead::Model,
    collaborators: &[Uuid],
    book: &RuleBook,
    viewer: &Viewer,
) -> LeadView<'static> {
    let tie = tie(row, collaborators.to_vec());
    let mut present = row::fields(row);
    let mut fields: Vec<(Cow<'static, str>, Shown<'static>)> = shown_fields(book)
        .filter(|field| viewer.field_right(Object::Lead, &field.key, &tie) != FieldRight::Hidden)
        .map(|field| {
            let value = present.remove(&field.key).unwrap_or(Value::Null);
            (Cow::Owned(field.key.clone()), Shown::Value(value))
        })
        .collect();
    fields.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let head = Head {
        id: row.id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        assigned_at: row.assigned_at,
        queued_at: row.queued_at,
        tie,
        is_pinned: row.is_pinned,
        door: Cow::Owned(row.door.clone()),
        derived: &row.derived,
        repairs: &row.repairs,
    };
    seen(head, Fields(fields), book, viewer)
}

/// A lead whose visible fields are found already.
pub fn seen<'a>(head: Head<'a, '_>, fields: Fields<'a>, book: &RuleBook, viewer: &Viewer) -> LeadView<'a> {
    let Head {
        id,
        version,
        created_at,
        updated_at,
        assigned_at,
        queued_at,
        tie,
        is_pinned,
        door,
        derived,
        repairs,
    } = head;
    let may = |action: Action| viewer.can(Object::Lead, action, &tie);
    let is_shown = |key: &str| viewer.field_right(Object::Lead, key, &tie) != FieldRight::Hidden;
    let derived: Vec<String> = serde_json::from_str(derived).unwrap_or_default();
    let repairs: Vec<Repair> = serde_json::from_str(repairs).unwrap_or_default();
    LeadView {
        id,
        version,
        created_at: moment(created_at),
        updated_at: moment(updated_at),
        assigned_at: assigned_at.map(moment),
        queued_at: queued_at.map(moment),
        territory: tie.territory.map(|id| named_territory(book, id)),
        owner: tie.owner.map(|id| Named { id, name: book.user_name(id) }),
        pinned: is_pinned,
        door,
        derived: derived.into_iter().filter(|key| is_shown(key)).collect(),
        repairs: repairs.into_iter().filter(|repair| is_shown(&repair.field)).collect(),
        can: LeadCan { edit: may(Action::Edit), delete: may(Action::Delete), assign: may(Action::Assign) },
        collaborators: None,
        fields,
    }
}

fn named_territory(book: &RuleBook, id: Uuid) -> TerritoryRef {
    let (name, color) = book.territory_name(id);
    TerritoryRef { id, name, color }
}
