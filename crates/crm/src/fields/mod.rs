//! Fields: the standard ones with a workspace's own choices, and its custom fields.
//! Never holds values: those are the records'.
//! Uses: people (the workspace's row).

pub mod edit;
pub mod faults;
pub mod grammar;
pub mod http;
pub mod store;

use ::store::Tx;
use access::Task;
use condition::{Catalog, Choice, Field, FieldId, Kind, standard};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use self::store::{choice, custom_field};
use crate::error::Error;

/// A catalogue that knows which of its fields are the workspace's own.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    pub catalog: Catalog,
    /// The rows of the workspace's own fields, with their places in the catalogue.
    pub own: Vec<(FieldId, custom_field::Model)>,
    /// The workspace's own choices of standard fields.
    pub own_choices: Vec<choice::Model>,
}

impl PartialEq for Fields {
    /// Equal rows make equal catalogues.
    fn eq(&self, other: &Fields) -> bool {
        self.own == other.own && self.own_choices == other.own_choices
    }
}

/// One choice as the rows of own fields keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredChoice {
    pub key: String,
    pub label_en: String,
    pub label_de: String,
}

/// The catalogue of the workspace as it is in this transaction.
///
/// # Errors
/// Where the database does not answer.
pub async fn catalog(tx: &Tx) -> Result<Catalog, Error> {
    Ok(Fields::load(tx).await?.catalog)
}

impl Fields {
    /// Reads the workspace's fields in this transaction, whoever asks.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn load(tx: &Tx) -> Result<Fields, Error> {
        let task = tx.as_task(Task::Assignment);
        let choices = task
            .select::<choice::Entity>()
            .order_by(Expr::col(choice::Column::Position), Order::Asc)
            .order_by(Expr::col(choice::Column::Key), Order::Asc)
            .all()
            .await?;
        let own = task
            .select::<custom_field::Entity>()
            .filter(custom_field::Column::RemovedAt.is_null())
            .order_by(Expr::col(custom_field::Column::Position), Order::Asc)
            .order_by(Expr::col(custom_field::Column::Id), Order::Asc)
            .all()
            .await?;
        Fields::of(choices, own)
    }

    /// Builds the catalogue of these rows.
    ///
    /// # Errors
    /// Only for rows that are not ours.
    pub fn of(own_choices: Vec<choice::Model>, own: Vec<custom_field::Model>) -> Result<Fields, Error> {
        let mut catalog = Catalog::standard();
        for row in &own_choices {
            let Some(field) = catalog.find(&row.field).map(|field| field.id) else { continue };
            let choice::Model { workspace_id: _, field: _, key, label_en, label_de, position: _ } =
                row.clone();
            catalog.add_choice(field, Choice { key, label_en, label_de });
        }
        let mut placed = Vec::with_capacity(own.len());
        for row in own {
            let kind = Kind::own(&row.kind)
                .ok_or_else(|| Error::Bug(format!("own field {} is of no kind: {}", row.key, row.kind)))?;
            let choices: Vec<StoredChoice> = serde_json::from_str(&row.choices)?;
            let choices = choices.into_iter().map(|choice| {
                let StoredChoice { key, label_en, label_de } = choice;
                Choice { key, label_en, label_de }
            });
            let id = catalog.add_custom(&row.key, kind, &row.label_en, &row.label_de, choices.collect());
            placed.push((id, row));
        }
        Ok(Fields { catalog, own: placed, own_choices })
    }
}

/// Says whether lists may be sorted by the field: it holds one value that has an order.
pub fn is_sortable(field: &Field) -> bool {
    if field.key.starts_with("custom.") {
        return !matches!(field.kind, Kind::LongText | Kind::MultiChoice | Kind::Phone);
    }
    let sortable = [
        standard::FIRST_NAME,
        standard::LAST_NAME,
        standard::JOB_TITLE,
        standard::COMPANY,
        standard::STREET,
        standard::CITY,
        standard::COUNTRY,
        standard::STATE,
        standard::POSTCODE,
        standard::INDUSTRY,
        standard::SOURCE,
        standard::STATUS,
        standard::EMPLOYEES,
        standard::SCORE,
        standard::ANNUAL_REVENUE,
        standard::CREATED_AT,
        standard::UPDATED_AT,
        standard::ASSIGNED_AT,
    ];
    sortable.contains(&field.id)
}
