//! Routes of fields: the catalogue, own fields, own choices.

use access::{Action, FieldRight, Object, Permission, Viewer};
use axum::extract::State;
use condition::operator::Operator;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::edit::{self, Change, Draft};
use super::store::custom_field;
use super::{Fields, StoredChoice, kind_name};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::{IfMatch, etag};
use crate::http::once::{Answer, Once};
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::trail::Actor;

pub fn routes(table: Table) -> Table {
    let field = |action| Permission::To(Object::Field, action);
    table
        .row(Permission::SignedIn, routes!(list))
        .row(field(Action::Create), routes!(create))
        .row(field(Action::Edit), routes!(change))
        .row(field(Action::Delete), routes!(remove))
        .row(field(Action::Edit), routes!(set_choices))
}

#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceView {
    /// Small letters, digits and `_`.
    pub key: String,
    pub label_en: String,
    pub label_de: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FieldView {
    /// The API name: `postcode`, `custom.machine_count`.
    pub key: String,
    /// `text`, `integer`, `choice`, …
    pub kind: &'static str,
    /// Holds several values, any of which satisfies a criterion.
    pub is_list: bool,
    pub label_en: String,
    pub label_de: String,
    pub choices: Vec<ChoiceView>,
    /// Kept by Revier: filters may read it, rules may not.
    pub is_system: bool,
    /// Values are ids of users or territories.
    pub holds_ids: bool,
    /// May the caller change it on every lead that they see?
    pub is_editable: bool,
    /// The operators that criteria on it know.
    pub operators: Vec<&'static str>,
    /// Of an own field: the version that a change names.
    pub version: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct FieldList {
    pub items: Vec<FieldView>,
}

/// Lists the fields of leads that the caller may see.
#[utoipa::path(get, path = "/api/v1/fields", tag = "fields",
    responses((status = 200, body = FieldList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<axum::Json<FieldList>, Error> {
    let fields =
        app.db.read(caller.workspace, caller.sight(), |tx| async move { Fields::load(&tx).await }).await?;
    let items =
        fields.catalog.fields().iter().filter_map(|field| view(&fields, field, &caller.viewer)).collect();
    Ok(axum::Json(FieldList { items }))
}

fn view(fields: &Fields, field: &condition::Field, viewer: &Viewer) -> Option<FieldView> {
    let is_kept = field.is_system || field.kind == condition::Kind::Place;
    let right = viewer.field_right_everywhere(Object::Lead, &field.key);
    if !is_kept && right == FieldRight::Hidden {
        return None;
    }
    let own = fields.own.iter().find(|(id, _)| *id == field.id).map(|(_, row)| row.version);
    Some(FieldView {
        key: field.key.clone(),
        kind: kind_name(field.kind),
        is_list: field.is_list,
        label_en: field.label_en.clone(),
        label_de: field.label_de.clone(),
        choices: field.choices.iter().map(choice_view).collect(),
        is_system: field.is_system,
        holds_ids: field.holds_ids,
        is_editable: !is_kept && right == FieldRight::Editable,
        operators: Operator::of(field.kind).iter().map(|operator| operator.name()).collect(),
        version: own,
    })
}

fn choice_view(choice: &condition::Choice) -> ChoiceView {
    let condition::Choice { key, label_en, label_de } = choice.clone();
    ChoiceView { key, label_en, label_de }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewField {
    /// Small letters, digits and `_`; records have it as `custom.<key>`.
    #[schema(example = "machine_count")]
    key: String,
    #[schema(example = "integer")]
    kind: String,
    label_en: String,
    label_de: String,
    #[serde(default)]
    choices: Vec<ChoiceView>,
}

/// Adds an own field.
#[utoipa::path(post, path = "/api/v1/fields", tag = "fields", request_body = NewField,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = FieldView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<NewField>,
) -> Result<Answer, Error> {
    let ticket = once.ticket(&app, &caller, &body.bytes);
    let NewField { key, kind, label_en, label_de, choices } = body.value;
    let draft = &Draft { key, kind, label_en, label_de, choices: stored(choices) };
    let (app, caller) = (&app, &caller);
    ticket
        .run(app, caller, |tx| async move {
            let row = edit::create(&tx, app, &actor(caller), draft.clone()).await?;
            let view = one(&tx, caller, &row).await?;
            Answer::created(format!("/api/v1/fields/custom.{}", row.key), Some(etag(row.version)), &view)
        })
        .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    #[serde(default)]
    label_en: Option<String>,
    #[serde(default)]
    label_de: Option<String>,
    #[serde(default)]
    choices: Option<Vec<ChoiceView>>,
}

/// Changes labels or choices of an own field; key and kind stay.
#[utoipa::path(patch, path = "/api/v1/fields/{key}", tag = "fields", request_body = FieldChange,
    params(("key" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = FieldView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    At(key): At<String>,
    seen: IfMatch,
    body: Body<FieldChange>,
) -> Result<Answer, Error> {
    let FieldChange { label_en, label_de, choices } = body.value;
    let change = &Change { label_en, label_de, choices: choices.map(stored) };
    let (app, caller, key) = (&app, &caller, key.as_str());
    app.db
        .write(caller.workspace, caller.sight(), |tx| async move {
            let before = edit::find(&tx, key).await?;
            let current = one(&tx, caller, &before).await?;
            seen.check(before.version, || Ok(serde_json::to_value(&current)?))?;
            let row = edit::change(&tx, app, &actor(caller), &before, change.clone()).await?;
            Answer::ok(Some(etag(row.version)), &one(&tx, caller, &row).await?)
        })
        .await
}

#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// Deletes the field although rules read it; these are broken then.
    #[serde(default)]
    force: bool,
}

/// Deletes an own field. Refused while rules read it, unless forced.
#[utoipa::path(delete, path = "/api/v1/fields/{key}", tag = "fields",
    params(("key" = String, Path), Removal, ("If-Match" = String, Header)),
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    At(key): At<String>,
    Params(removal): Params<Removal>,
    seen: IfMatch,
) -> Result<Answer, Error> {
    let (app, caller, key) = (&app, &caller, key.as_str());
    app.db
        .write(caller.workspace, caller.sight(), |tx| async move {
            let row = edit::find(&tx, key).await?;
            let current = one(&tx, caller, &row).await?;
            seen.check(row.version, || Ok(serde_json::to_value(&current)?))?;
            let names = app.books.book(&tx).await?.rules_reading(&format!("custom.{}", row.key));
            if !removal.force && !names.is_empty() {
                let detail = format!(
                    "these rules read the field and would be broken: {}; change them first, or force it",
                    names.join(", ")
                );
                return Err(Error::conflict("field_in_use", detail));
            }
            edit::remove(&tx, app, &actor(caller), &row).await?;
            Ok(Answer::nothing())
        })
        .await
}

/// Sets the workspace's own choices of a standard field, beside those that Revier brings.
#[utoipa::path(put, path = "/api/v1/fields/{key}/choices", tag = "fields", request_body = Vec<ChoiceView>,
    params(("key" = String, Path)),
    responses((status = 200, body = FieldView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn set_choices(
    State(app): State<App>,
    caller: Caller,
    At(key): At<String>,
    body: Body<Vec<ChoiceView>>,
) -> Result<Answer, Error> {
    let choices = &stored(body.value);
    let (app, caller, key) = (&app, &caller, key.as_str());
    app.db
        .write(caller.workspace, caller.sight(), |tx| async move {
            edit::set_choices(&tx, app, &actor(caller), key, choices.clone()).await?;
            let fields = Fields::load(&tx).await?;
            let field = fields.catalog.find(key).ok_or(Error::NotFound)?;
            Answer::ok(None, &view(&fields, field, &caller.viewer))
        })
        .await
}

async fn one(tx: &Tx, caller: &Caller, row: &custom_field::Model) -> Result<Option<FieldView>, Error> {
    let fields = Fields::load(tx).await?;
    let field = fields.catalog.find(&format!("custom.{}", row.key));
    Ok(field.and_then(|field| view(&fields, field, &caller.viewer)))
}

fn stored(choices: Vec<ChoiceView>) -> Vec<StoredChoice> {
    let stored = |choice: ChoiceView| {
        let ChoiceView { key, label_en, label_de } = choice;
        StoredChoice { key, label_en, label_de }
    };
    choices.into_iter().map(stored).collect()
}

fn actor(caller: &Caller) -> Actor {
    Actor { user: Some(caller.user), door: caller.door, address: caller.address.clone() }
}
