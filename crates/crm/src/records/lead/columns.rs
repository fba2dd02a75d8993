//! Where a lead's fields are stored: for filters, sorts and changes.

use condition::{Catalog, FieldId, standard};
use store::filter::Form;

/// Writes a column as SQL reads it beside other tables.
macro_rules! column {
    ($name:literal) => {
        concat!("\"lead\".\"", $name, "\"")
    };
}

/// How filters read the field.
pub fn form(catalog: &Catalog, field: FieldId) -> Form {
    if let Some(form) = standard_form(field) {
        return form;
    }
    let key = catalog.field(field).key.trim_start_matches("custom.").to_owned();
    Form::Custom { column: OWN, key }
}

/// Where the compared values of own fields stand.
pub const OWN: &str = column!("custom_key");

pub fn standard_form(field: FieldId) -> Option<Form> {
    Some(match field {
        standard::SALUTATION => Form::Column(column!("salutation_key")),
        standard::TITLE => Form::Column(column!("title_key")),
        standard::FIRST_NAME => Form::Column(column!("first_name_key")),
        standard::LAST_NAME => Form::Column(column!("last_name_key")),
        standard::JOB_TITLE => Form::Column(column!("job_title_key")),
        standard::COMPANY => Form::Column(column!("company_key")),
        standard::EMAILS => Form::Array(column!("emails_key")),
        standard::PHONES => Form::Phones(column!("phones")),
        standard::WEBSITE => Form::Column(column!("website_key")),
        standard::STREET => Form::Column(column!("street_key")),
        standard::CITY => Form::Column(column!("city_key")),
        standard::COUNTRY => Form::Column(column!("country")),
        standard::STATE => Form::Column(column!("state")),
        standard::POSTCODE => Form::Column(column!("postcode_key")),
        standard::INDUSTRY => Form::Column(column!("industry")),
        standard::SOURCE => Form::Column(column!("source")),
        standard::STATUS => Form::Column(column!("status")),
        standard::EMPLOYEES => Form::Column(column!("employees")),
        standard::SCORE => Form::Column(column!("score")),
        standard::ANNUAL_REVENUE => Form::Money {
            minor: column!("annual_revenue_minor"),
            currency: column!("annual_revenue_currency"),
        },
        standard::REQUIREMENTS => Form::Array(column!("requirements")),
        standard::NOTES => Form::Column(column!("notes_key")),
        standard::PLACE => Form::Point([column!("point_x"), column!("point_y"), column!("point_z")]),
        standard::TERRITORY => Form::Id(column!("territory_id")),
        standard::OWNER => Form::Id(column!("owner_id")),
        standard::PINNED => Form::Column(column!("is_pinned")),
        standard::QUEUED => Form::IsSet(column!("queued_at")),
        standard::CREATED_AT => Form::Column(column!("created_at")),
        standard::CREATED_BY => Form::Id(column!("created_by")),
        standard::UPDATED_AT => Form::Column(column!("updated_at")),
        standard::ASSIGNED_AT => Form::Column(column!("assigned_at")),
        _ => return None,
    })
}
