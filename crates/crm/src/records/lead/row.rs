//! A draft in its normal form becomes a row, and a row becomes what the API shows.

use condition::normal::{Draft, Stored};
use condition::{Catalog, FieldId, Value, standard};
use place::Country;
use sea_orm::ActiveValue::Set;
use sea_orm::TryIntoModel;
use serde_json::{Map, json};
use uuid::Uuid;

use super::store::lead;
use crate::error::Error;

/// Puts every field of the draft into the row; fields that the draft lacks become empty.
pub fn fill(row: &mut lead::ActiveModel, draft: &Draft, catalog: &Catalog, day_of: &dyn Fn(i64) -> i64) {
    let country = draft.get(standard::COUNTRY).and_then(key).and_then(|code| Country::by_code(&code));
    let value = |field: FieldId| {
        let kind = catalog.field(field).kind;
        draft.get(field).map(|stored| stored.value(kind, country, day_of))
    };
    /// Fills a column with what is shown, and its sibling with what is compared.
    macro_rules! texts {
        ($($field:ident $column:ident $column_key:ident),* $(,)?) => {$(
            row.$column = Set(draft.get(standard::$field).and_then(text));
            row.$column_key = Set(value(standard::$field).and_then(compared));
        )*};
    }
    macro_rules! keys {
        ($($field:ident $column:ident),* $(,)?) => {$(
            row.$column = Set(draft.get(standard::$field).and_then(key));
        )*};
    }
    texts!(
        SALUTATION salutation salutation_key,
        TITLE title title_key,
        FIRST_NAME first_name first_name_key,
        LAST_NAME last_name last_name_key,
        JOB_TITLE job_title job_title_key,
        COMPANY company company_key,
        EMAILS emails emails_key,
        WEBSITE website website_key,
        STREET street street_key,
        CITY city city_key,
        POSTCODE postcode postcode_key,
        NOTES notes notes_key,
    );
    keys!(
        COUNTRY country,
        STATE state,
        INDUSTRY industry,
        SOURCE source,
        STATUS status,
    );
    row.requirements = Set(draft.get(standard::REQUIREMENTS).and_then(text));
    row.phones = Set(draft.get(standard::PHONES).and_then(phones));
    row.employees = Set(draft.get(standard::EMPLOYEES).and_then(number));
    row.score = Set(draft.get(standard::SCORE).and_then(number));
    let revenue = draft.get(standard::ANNUAL_REVENUE).and_then(money);
    row.annual_revenue_minor = Set(revenue.as_ref().map(|(minor, _)| *minor));
    row.annual_revenue_currency = Set(revenue.map(|(_, currency)| currency));
    let point = draft.get(standard::PLACE).and_then(|stored| match stored {
        Stored::Point(point) => Some(*point),
        _ => None,
    });
    row.point_x = Set(point.map(|point| point.x));
    row.point_y = Set(point.map(|point| point.y));
    row.point_z = Set(point.map(|point| point.z));
    let (mut custom, mut custom_key) = (Map::new(), Map::new());
    for field in catalog.fields() {
        let Some(name) = field.key.strip_prefix("custom.") else { continue };
        if let (Some(stored), Some(value)) = (draft.get(field.id), value(field.id)) {
            custom.insert(name.to_owned(), shown_own(stored));
            custom_key.insert(name.to_owned(), store::filter::custom_json(&value));
        }
    }
    row.custom = Set(serde_json::Value::Object(custom).to_string());
    row.custom_key = Set(serde_json::Value::Object(custom_key).to_string());
    let derived: Vec<&str> = draft.derived().iter().map(|field| catalog.field(*field).key.as_str()).collect();
    row.derived = Set(json!(derived).to_string());
    let repairs: Vec<_> = draft
        .notes()
        .iter()
        .map(|note| json!({ "field": catalog.field(note.field).key, "code": note.kind.name(), "value": note.written }))
        .collect();
    row.repairs = Set(json!(repairs).to_string());
}

/// The row as it will be read back.
///
/// # Errors
/// Where a column was left out, which would be a bug.
pub fn shown(row: &lead::ActiveModel) -> Result<lead::Model, Error> {
    let mut row = row.clone();
    row.workspace_id = Set(Uuid::nil());
    row.try_into_model().map_err(|error| Error::Bug(error.to_string()))
}

/// The fields of a row as the API shows and reads them, without those that are empty.
pub fn fields(row: &lead::Model) -> Map<String, serde_json::Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Option<serde_json::Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    let list = |text: &Option<String>| text.as_ref().and_then(|text| serde_json::from_str(text).ok());
    put("salutation", text(&row.salutation));
    put("title", text(&row.title));
    put("first_name", text(&row.first_name));
    put("last_name", text(&row.last_name));
    put("job_title", text(&row.job_title));
    put("company", text(&row.company));
    put("emails", list(&row.emails));
    put("phones", list(&row.phones).map(shown_phones));
    put("website", text(&row.website));
    put("street", text(&row.street));
    put("city", text(&row.city));
    put("country", text(&row.country));
    put("state", text(&row.state));
    put("postcode", text(&row.postcode));
    put("industry", text(&row.industry));
    put("source", text(&row.source));
    put("status", text(&row.status));
    put("employees", row.employees.map(|number| json!(number)));
    put("score", row.score.map(|number| json!(number)));
    let revenue = shown_money(row.annual_revenue_minor, row.annual_revenue_currency.as_deref());
    put("annual_revenue", revenue);
    put("requirements", list(&row.requirements));
    put("notes", text(&row.notes));
    let custom: Map<String, serde_json::Value> = serde_json::from_str(&row.custom).unwrap_or_default();
    for (name, value) in custom {
        put(&format!("custom.{name}"), Some(value));
    }
    fields
}

/// An own field as the API shows and reads it: it holds one phone, where the standard one lists them.
fn shown_own(stored: &Stored) -> serde_json::Value {
    match (stored, stored.to_json()) {
        (Stored::Phones(_), serde_json::Value::Array(mut phones)) if phones.len() == 1 => phones.remove(0),
        (_, json) => json,
    }
}

/// Phones as they are shown, from what is stored of them.
pub fn shown_phones(stored: serde_json::Value) -> serde_json::Value {
    let phones = stored.as_array().map(Vec::as_slice).unwrap_or_default();
    phones.iter().map(|phone| phone.get("text").cloned().unwrap_or_default()).collect()
}

/// An amount as it is shown, from the columns that hold it.
pub fn shown_money(minor: Option<i64>, currency: Option<&str>) -> Option<serde_json::Value> {
    let currency = condition::Currency::parse(currency?)?;
    Some(Stored::Money { minor: minor?, currency }.to_json())
}

fn text(stored: &Stored) -> Option<String> {
    match stored {
        Stored::Text(text) | Stored::Key(text) => Some(text.to_string()),
        Stored::Texts(texts) | Stored::Keys(texts) => Some(json!(texts).to_string()),
        _ => None,
    }
}

fn key(stored: &Stored) -> Option<String> {
    match stored {
        Stored::Key(key) => Some(key.to_string()),
        _ => None,
    }
}

fn number(stored: &Stored) -> Option<i64> {
    match stored {
        Stored::Integer(number) => Some(*number),
        _ => None,
    }
}

fn money(stored: &Stored) -> Option<(i64, String)> {
    match stored {
        Stored::Money { minor, currency } => Some((*minor, currency.code().to_owned())),
        _ => None,
    }
}

fn phones(stored: &Stored) -> Option<String> {
    let Stored::Phones(phones) = stored else { return None };
    let phone = |phone: &condition::normal::Phone| {
        let fact = phone.fact();
        json!({ "number": fact.number, "country": fact.country, "area": fact.area, "text": phone.to_string() })
    };
    Some(phones.iter().map(phone).collect::<serde_json::Value>().to_string())
}

fn compared(value: Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Key(text) => Some(text.into()),
        Value::Texts(texts) => Some(json!(texts).to_string()),
        _ => None,
    }
}
