//! Fields: the standard ones with a workspace's own choices, and its custom fields.
//! Never holds values: those are the records'.
//! Uses: people (the workspace's row).

pub mod store;

use ::store::Tx;
use access::Task;
use condition::{Catalog, Choice, Kind};
use sea_orm::Order;
use sea_orm::entity::prelude::*;

use crate::error::Error;
use store::{choice, custom_field};

/// The catalogue of the workspace as it is in this transaction.
///
/// # Errors
/// Where the database does not answer.
pub async fn catalog(tx: &Tx) -> Result<Catalog, Error> {
    let tx = tx.as_task(Task::Assignment);
    let mut catalog = Catalog::standard();
    let choices =
        tx.select::<choice::Entity>().order_by(Expr::col(choice::Column::Position), Order::Asc).all().await?;
    for row in choices {
        if let Some(field) = catalog.find(&row.field).map(|field| field.id) {
            catalog
                .add_choice(field, Choice { key: row.key, label_en: row.label_en, label_de: row.label_de });
        }
    }
    let fields =
        tx.select::<custom_field::Entity>().order_by(Expr::col(custom_field::Column::Id), Order::Asc);
    for row in fields.all().await? {
        let kind = kind_named(&row.kind).ok_or_else(|| Error::Bug(format!("field kind {}", row.kind)))?;
        let choices: Vec<(String, String, String)> = serde_json::from_str(&row.choices)?;
        let choices =
            choices.into_iter().map(|(key, label_en, label_de)| Choice { key, label_en, label_de }).collect();
        catalog.add_custom(&row.key, kind, &row.label_en, &row.label_de, choices);
    }
    Ok(catalog)
}

/// The kinds that custom fields may have, by the names of the API.
pub const KINDS: [(&str, Kind); 15] = [
    ("text", Kind::Text),
    ("long_text", Kind::LongText),
    ("integer", Kind::Integer),
    ("decimal", Kind::Decimal),
    ("money", Kind::Money),
    ("date", Kind::Date),
    ("date_time", Kind::DateTime),
    ("yes_no", Kind::YesNo),
    ("choice", Kind::Choice),
    ("multi_choice", Kind::MultiChoice),
    ("email", Kind::Email),
    ("phone", Kind::Phone),
    ("url", Kind::Url),
    ("country", Kind::Country),
    ("state", Kind::State),
];

pub fn kind_named(name: &str) -> Option<Kind> {
    KINDS.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
}
