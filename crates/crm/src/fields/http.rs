//! Routes of fields: what a lead consists of, and what a workspace adds to it.

use access::{Action, FieldRight, Object, Permission, Viewer};
use axum::extract::State;
use condition::{Field, Kind, Operator};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use super::edit::{self, Change, Draft};
use super::store::custom_field;
use super::{Fields, StoredChoice};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::{IfMatch, etag};
use crate::http::once::{Answer, Once};
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::versions;

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::SignedIn, routes!(list))
        .row(Permission::To(Object::Field, Action::Create), routes!(create))
        .row(Permission::To(Object::Field, Action::Edit), routes!(change))
        .row(Permission::To(Object::Field, Action::Delete), routes!(remove))
        .row(Permission::To(Object::Field, Action::Edit), routes!(put_choices))
}

#[derive(Serialize, ToSchema)]
pub struct FieldList {
    /// The standard fields, those that Revier keeps, then the workspace's own by position.
    items: Vec<FieldView>,
    can: FieldCan,
}

/// What the viewer may do with the workspace's own fields.
#[derive(Serialize, ToSchema)]
pub struct FieldCan {
    create: bool,
    edit: bool,
    delete: bool,
}

#[derive(Serialize, ToSchema)]
pub struct FieldView {
    /// Of an own field.
    id: Option<Uuid>,
    /// The name in the API.
    #[schema(example = "custom.machine_count")]
    key: String,
    #[schema(example = "integer")]
    kind: &'static str,
    /// Holds several values, any of which may satisfy a criterion.
    is_list: bool,
    label_en: String,
    label_de: String,
    /// What conditions may ask of it, in the order in which an editor offers it.
    operators: Vec<&'static str>,
    choices: Vec<ChoiceView>,
    /// Whether the workspace may add choices of its own (`PUT /api/v1/fields/{key}/choices`).
    takes_choices: bool,
    /// Kept by Revier itself: filters may read it, rules may not, and nobody writes it.
    is_system: bool,
    /// Its values are ids of users or territories.
    holds_ids: bool,
    /// Whether rules may read it.
    for_rules: bool,
    /// Whether lists may be sorted by it.
    is_sortable: bool,
    /// Whether the viewer may change it on leads without a territory; each lead says what one may do with it.
    is_editable: bool,
    /// Of an own field: its place among these, and the version that a change names.
    position: Option<i64>,
    version: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct ChoiceView {
    key: String,
    label_en: String,
    label_de: String,
    /// The workspace's own: it may be changed.
    is_own: bool,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChoice {
    #[schema(example = "spring_fair")]
    key: String,
    label_en: String,
    label_de: String,
}

impl From<NewChoice> for StoredChoice {
    fn from(choice: NewChoice) -> StoredChoice {
        let NewChoice { key, label_en, label_de } = choice;
        let [key, label_en, label_de] = [key, label_en, label_de].map(|text| text.trim().to_owned());
        StoredChoice { key, label_en, label_de }
    }
}

fn stored(choices: Vec<NewChoice>) -> Vec<StoredChoice> {
    choices.into_iter().map(StoredChoice::from).collect()
}

/// All fields of a lead that the viewer may see.
#[utoipa::path(get, path = "/api/v1/fields", tag = "fields",
    responses((status = 200, body = FieldList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<axum::Json<FieldList>, Error> {
    let viewer = &caller.viewer;
    let items = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let fields = Fields::load(&tx).await?;
            let shown = fields.catalog.fields().iter().filter(|field| is_shown(viewer, field));
            Ok::<_, Error>(shown.map(|field| view(&fields, field, viewer)).collect())
        })
        .await?;
    let may = |action| viewer.can(Object::Field, action, &access::Tie::default());
    let can = FieldCan { create: may(Action::Create), edit: may(Action::Edit), delete: may(Action::Delete) };
    Ok(axum::Json(FieldList { items, can }))
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewField {
    /// Without `custom.`; stays for ever.
    #[schema(example = "machine_count")]
    key: String,
    /// `text`, `long_text`, `integer`, `decimal`, `money`, `date`, `date_time`, `yes_no`, `choice`,
    /// `multi_choice`, `email`, `phone`, `url`, `country`, `state`; stays for ever.
    #[schema(example = "integer")]
    kind: String,
    label_en: String,
    label_de: String,
    #[serde(default)]
    choices: Vec<NewChoice>,
    /// Left out: the last.
    #[serde(default)]
    position: Option<i64>,
}

/// Makes a field of the workspace's own.
#[utoipa::path(post, path = "/api/v1/fields", tag = "fields", request_body = NewField,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = FieldView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<NewField>,
) -> Result<Answer, Error> {
    let NewField { key, kind, label_en, label_de, choices, position } = body.value;
    let [key, label_en, label_de] = [key, label_en, label_de].map(|text| text.trim().to_owned());
    let draft = Draft { key, kind, label_en, label_de, choices: stored(choices), position };
    let ticket = once.ticket(&app, &caller, &body.bytes);
    ticket
        .run(&app, &caller, |tx| {
            let (app, caller, draft) = (&app, &caller, draft.clone());
            async move {
                let key = format!("custom.{}", draft.key);
                edit::create(&tx, app, &caller.actor(), draft).await?;
                let answer = answer(&tx, &caller.viewer, &key).await?;
                Ok(Answer { status: 201, location: Some(format!("/api/v1/fields/{key}")), ..answer })
            }
        })
        .await
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    label_en: Option<String>,
    label_de: Option<String>,
    /// All that it offers from now on.
    choices: Option<Vec<NewChoice>>,
    position: Option<i64>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Force {
    /// Even where rules read what goes: they are broken then, and match nothing.
    #[serde(default)]
    force: bool,
}

/// Changes a field of the workspace's own. Key and kind stay for ever.
#[utoipa::path(patch, path = "/api/v1/fields/{key}", tag = "fields",
    params(("key" = String, Path, description = "Its id, or its name in the API"), Force,
        ("If-Match" = String, Header)),
    request_body = FieldChange,
    responses((status = 200, body = FieldView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    At(name): At<String>,
    Params(Force { force }): Params<Force>,
    if_match: IfMatch,
    body: Body<FieldChange>,
) -> Result<Answer, Error> {
    let FieldChange { label_en, label_de, choices, position } = body.value;
    let [label_en, label_de] = [label_en, label_de].map(|text| text.map(|text| text.trim().to_owned()));
    let change = Change { label_en, label_de, choices: choices.map(stored), position, force };
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, name, change) = (&app, &caller, name.as_str(), change.clone());
            async move {
                let row = unchanged(&tx, &caller.viewer, name, if_match).await?;
                edit::change(&tx, app, &caller.actor(), &row, change).await?;
                answer(&tx, &caller.viewer, &format!("custom.{}", row.key)).await
            }
        })
        .await
}

/// Takes a field of the workspace's own away, and its values with it.
#[utoipa::path(delete, path = "/api/v1/fields/{key}", tag = "fields",
    params(("key" = String, Path, description = "Its id, or its name in the API"), Force,
        ("If-Match" = String, Header)),
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    At(name): At<String>,
    Params(Force { force }): Params<Force>,
    if_match: IfMatch,
) -> Result<Answer, Error> {
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, name) = (&app, &caller, name.as_str());
            async move {
                let row = unchanged(&tx, &caller.viewer, name, if_match).await?;
                edit::remove(&tx, app, &caller.actor(), &row, force).await?;
                Ok(Answer::nothing())
            }
        })
        .await
}

/// Sets the workspace's own choices of a standard field (industry, source, status, requirements), beside those
/// that Revier brings.
#[utoipa::path(put, path = "/api/v1/fields/{key}/choices", tag = "fields",
    params(("key" = String, Path, description = "Its name in the API"), Force), request_body = Vec<NewChoice>,
    responses((status = 200, body = FieldView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn put_choices(
    State(app): State<App>,
    caller: Caller,
    At(key): At<String>,
    Params(Force { force }): Params<Force>,
    body: Body<Vec<NewChoice>>,
) -> Result<Answer, Error> {
    let choices = stored(body.value);
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, key, choices) = (&app, &caller, key.as_str(), choices.clone());
            async move {
                edit::put_choices(&tx, app, &caller.actor(), key, choices, force).await?;
                answer(&tx, &caller.viewer, key).await
            }
        })
        .await
}

/// Locks the fields and compares the version with the one that the caller has read.
async fn unchanged(
    tx: &Tx,
    viewer: &Viewer,
    name: &str,
    if_match: IfMatch,
) -> Result<custom_field::Model, Error> {
    versions::lock(tx).await?;
    let row = edit::find(tx, name).await?;
    if if_match.0.is_none_or(|seen| seen == row.version) {
        return Ok(row);
    }
    let current = answer(tx, viewer, &format!("custom.{}", row.key)).await?.body;
    if_match.check(row.version, || Ok(current))?;
    Ok(row)
}

async fn answer(tx: &Tx, viewer: &Viewer, key: &str) -> Result<Answer, Error> {
    let fields = Fields::load(tx).await?;
    let view = view(&fields, fields.catalog.find(key).ok_or(Error::NotFound)?, viewer);
    Answer::ok(view.version.map(etag), &view)
}

fn is_shown(viewer: &Viewer, field: &Field) -> bool {
    field.is_system
        || field.kind == Kind::Place
        || viewer.field_right_everywhere(Object::Lead, &field.key) != FieldRight::Hidden
}

fn view(fields: &Fields, field: &Field, viewer: &Viewer) -> FieldView {
    let own = fields.own.iter().find(|(id, _)| *id == field.id).map(|(_, row)| row);
    let is_own =
        |key: &str| own.is_some() || edit::of_field(fields, &field.key).any(|choice| choice.key == key);
    let right = viewer.field_right(Object::Lead, &field.key, &access::Tie::default());
    let is_written = !field.is_system && field.kind != Kind::Place;
    FieldView {
        id: own.map(|row| row.id),
        key: field.key.clone(),
        kind: field.kind.name(),
        is_list: field.is_list,
        label_en: field.label_en.clone(),
        label_de: field.label_de.clone(),
        operators: Operator::of(field.kind).iter().map(|operator| operator.name()).collect(),
        choices: field
            .choices
            .iter()
            .map(|choice| ChoiceView {
                is_own: is_own(&choice.key),
                key: choice.key.clone(),
                label_en: choice.label_en.clone(),
                label_de: choice.label_de.clone(),
            })
            .collect(),
        takes_choices: edit::takes_choices(field),
        is_system: field.is_system,
        holds_ids: field.holds_ids,
        for_rules: !field.is_system,
        is_sortable: super::is_sortable(field),
        is_editable: is_written && right == FieldRight::Editable,
        position: own.map(|row| row.position),
        version: own.map(|row| row.version),
    }
}
