//! What has happened to a lead's fields, as far as its viewer may see them.

use std::collections::BTreeMap;

use access::{FieldRight, Object, Viewer};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Tx;
use utoipa::ToSchema;

use super::store::{change, lead};
use super::view::{Named, tie};
use crate::error::Error;
use crate::http::headers::moment;
use crate::territories::book::RuleBook;

/// Changes shown at once.
const CHANGES_MAX: u64 = 500;

/// One moment in the life of a lead.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeView {
    pub at: String,
    /// None: Revier itself.
    pub user: Option<Named>,
    pub door: String,
    /// `created` or `changed`.
    pub kind: &'static str,
    pub version: i64,
    pub fields: Vec<ChangedField>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangedField {
    pub field: String,
    #[schema(value_type = serde_json::Value)]
    pub before: Value,
    #[schema(value_type = serde_json::Value)]
    pub after: Value,
}

/// All changes, newest first, its creation last.
///
/// # Errors
/// Where the database does not answer.
pub async fn changes(
    tx: &Tx,
    book: &RuleBook,
    viewer: &Viewer,
    lead: &lead::Model,
) -> Result<Vec<ChangeView>, Error> {
    let rows = tx
        .select::<change::Entity>()
        .filter(change::Column::LeadId.eq(lead.id))
        .order_by(Expr::col(change::Column::At), Order::Desc)
        .order_by(Expr::col(change::Column::Id), Order::Desc)
        .limit(CHANGES_MAX)
        .all()
        .await?;
    let named = |id: Uuid| Named { id, name: book.user_name(id) };
    let mut changes = Vec::with_capacity(rows.len() + 1);
    for row in rows {
        let detail: Map<String, Value> = serde_json::from_str(&row.detail)?;
        let fields: Vec<ChangedField> =
            detail.into_iter().filter_map(|(key, pair)| shown(book, viewer, lead, key, &pair)).collect();
        // A change of nothing but hidden fields never happened.
        if !fields.is_empty() {
            changes.push(ChangeView {
                at: moment(row.at),
                user: row.user_id.map(named),
                door: row.door,
                kind: "changed",
                version: row.version,
                fields,
            });
        }
    }
    changes.push(ChangeView {
        at: moment(lead.created_at),
        user: lead.created_by.map(named),
        door: lead.door.clone(),
        kind: "created",
        version: 1,
        fields: Vec::new(),
    });
    Ok(changes)
}

/// What has changed of a lead since a version that somebody read: each field once, as it was then and is now.
///
/// # Errors
/// Where the database does not answer.
pub async fn since(
    tx: &Tx,
    book: &RuleBook,
    viewer: &Viewer,
    lead: &lead::Model,
    version: i64,
) -> Result<Vec<ChangedField>, Error> {
    let rows = tx
        .select::<change::Entity>()
        .filter(change::Column::LeadId.eq(lead.id))
        .filter(change::Column::Version.gt(version))
        .order_by(Expr::col(change::Column::Version), Order::Asc)
        .limit(CHANGES_MAX)
        .all()
        .await?;
    let mut pairs: BTreeMap<String, [Value; 2]> = BTreeMap::new();
    for row in rows {
        let detail: Map<String, Value> = serde_json::from_str(&row.detail)?;
        for (key, pair) in detail {
            let [before, after] = [0, 1].map(|at| pair.get(at).cloned().unwrap_or_default());
            pairs.entry(key).or_insert([before, Value::Null])[1] = after;
        }
    }
    let shown = |(key, pair): (String, [Value; 2])| shown(book, viewer, lead, key, &json!(pair));
    Ok(pairs.into_iter().filter_map(shown).collect())
}

fn shown(
    book: &RuleBook,
    viewer: &Viewer,
    lead: &lead::Model,
    key: String,
    pair: &Value,
) -> Option<ChangedField> {
    let [before, after] = [0, 1].map(|at| pair.get(at).cloned().unwrap_or_default());
    let id = |value: &Value| value.as_str().and_then(|text| Uuid::try_parse(text).ok());
    let (before, after) = match key.as_str() {
        "owner" => {
            let name = |value: Value| id(&value).map_or(Value::Null, |id| book.user_name(id).into());
            (name(before), name(after))
        }
        "collaborators" => {
            let names = |value: Value| {
                let ids = value.as_array().cloned().unwrap_or_default();
                let mut names: Vec<String> = ids.iter().filter_map(id).map(|id| book.user_name(id)).collect();
                names.sort();
                Value::from(names)
            };
            (names(before), names(after))
        }
        "territory" => {
            let name = |value: Value| territory_seen(book, viewer, id(&value));
            (name(before), name(after))
        }
        _ if viewer.field_right(Object::Lead, &key, &tie(lead, Vec::new())) == FieldRight::Hidden => {
            return None;
        }
        _ => (before, after),
    };
    (before != after).then_some(ChangedField { field: key, before, after })
}

/// The name of a territory, for those who may know that it exists.
fn territory_seen(book: &RuleBook, viewer: &Viewer, id: Option<Uuid>) -> Value {
    let tie = access::Tie { territory: id, ..Default::default() };
    match id {
        Some(id) if viewer.can(Object::Territory, access::Action::View, &tie) => {
            book.territory_name(id).0.into()
        }
        _ => Value::Null,
    }
}
