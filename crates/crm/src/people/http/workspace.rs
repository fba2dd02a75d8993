//! Routes of the workspace's settings and exchange rates.

use access::{Action, Object, Permission};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, present};
use crate::http::headers::{IfMatch, etag};
use crate::http::once::Answer;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::store::{exchange_rate, workspace as row};
use crate::people::{rate, workspace};

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::To(Object::Settings, Action::View), routes!(show))
        .row(Permission::To(Object::Settings, Action::Edit), routes!(change))
        .row(Permission::To(Object::Settings, Action::View), routes!(list_rates))
        .row(Permission::To(Object::Settings, Action::Edit), routes!(replace_rates))
}

#[derive(Serialize, ToSchema)]
pub struct WorkspaceView {
    id: Uuid,
    name: String,
    /// `de` or `en`: what new users begin with.
    language: String,
    /// ISO 4217: what amounts are compared in.
    currency: String,
    /// IANA: in which days begin and end.
    time_zone: String,
    /// ISO 3166-1 alpha-2: the country of addresses and phone numbers that name none.
    default_country: Option<String>,
    /// When rules run again after a lead was made: `never`, `while_unowned`, `always`.
    rules_run: String,
    /// A lead of somebody known goes to whoever knows them.
    is_sticky: bool,
}

fn view(row: &row::Model) -> WorkspaceView {
    let row::Model {
        id,
        name,
        language,
        currency,
        time_zone,
        default_country,
        rules_run,
        is_sticky,
        default_territory_id: _,
        rules_version: _,
        plan_version: _,
        version: _,
        created_at: _,
    } = row.clone();
    WorkspaceView { id, name, language, currency, time_zone, default_country, rules_run, is_sticky }
}

/// The workspace's settings.
#[utoipa::path(get, path = "/api/v1/workspace", tag = "workspace",
    responses((status = 200, body = WorkspaceView, headers(("ETag" = String))),
              (status = "4XX", body = Problem)))]
async fn show(State(app): State<App>, caller: Caller) -> Result<Answer, Error> {
    let row =
        app.db.read(caller.workspace, caller.sight(), |tx| async move { workspace::get(&tx).await }).await?;
    Answer::ok(Some(etag(row.version)), &view(&row))
}

/// What is left out stays as it is.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceChange {
    name: Option<String>,
    language: Option<String>,
    /// Refused while there are exchange rates into the present one.
    currency: Option<String>,
    time_zone: Option<String>,
    /// A country by code or name; null: addresses and phone numbers without a country stay without.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    default_country: Option<Option<String>>,
    rules_run: Option<String>,
    is_sticky: Option<bool>,
}

/// Changes the settings.
#[utoipa::path(patch, path = "/api/v1/workspace", tag = "workspace", request_body = WorkspaceChange,
    params(("If-Match" = String, Header)),
    responses((status = 200, body = WorkspaceView, headers(("ETag" = String))),
              (status = "4XX", body = Problem)))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    if_match: IfMatch,
    body: Body<WorkspaceChange>,
) -> Result<Answer, Error> {
    let WorkspaceChange { name, language, currency, time_zone, default_country, rules_run, is_sticky } =
        body.value;
    let ask = workspace::Ask { name, language, currency, time_zone, default_country, rules_run, is_sticky };
    let change = ask.parse()?;
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, change) = (&app, &caller, change.clone());
            async move {
                let before = workspace::locked(&tx).await?;
                if_match.check(before.version, || Ok(serde_json::to_value(view(&before))?))?;
                let after = workspace::change(app, &tx, &caller.actor(), before, change).await?;
                Answer::ok(Some(etag(after.version)), &view(&after))
            }
        })
        .await
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRate {
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// From this day on, until a later one of the same currency.
    #[schema(example = "2026-03-01")]
    day: String,
    /// What one unit is worth in the workspace's currency.
    #[schema(example = "0.9234")]
    rate: String,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRates {
    rates: Vec<ExchangeRate>,
}

fn rates_view(rows: Vec<exchange_rate::Model>) -> ExchangeRates {
    let one = |row: exchange_rate::Model| {
        let exchange_rate::Model { workspace_id: _, currency, day, rate } = row;
        ExchangeRate { currency, day: rate::date_of(day).to_string(), rate }
    };
    ExchangeRates { rates: rows.into_iter().map(one).collect() }
}

/// All exchange rates, by currency and day; under the ETag of the settings.
#[utoipa::path(get, path = "/api/v1/workspace/rates", tag = "workspace",
    responses((status = 200, body = ExchangeRates, headers(("ETag" = String))),
              (status = "4XX", body = Problem)))]
async fn list_rates(State(app): State<App>, caller: Caller) -> Result<Answer, Error> {
    let (version, rows) = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            Ok::<_, Error>((workspace::get(&tx).await?.version, rate::all(&tx).await?))
        })
        .await?;
    Answer::ok(Some(etag(version)), &rates_view(rows))
}

/// Replaces all exchange rates.
#[utoipa::path(put, path = "/api/v1/workspace/rates", tag = "workspace", request_body = ExchangeRates,
    params(("If-Match" = String, Header)),
    responses((status = 200, body = ExchangeRates, headers(("ETag" = String))),
              (status = "4XX", body = Problem)))]
async fn replace_rates(
    State(app): State<App>,
    caller: Caller,
    if_match: IfMatch,
    body: Body<ExchangeRates>,
) -> Result<Answer, Error> {
    let ask = |one: ExchangeRate| {
        let ExchangeRate { currency, day, rate } = one;
        rate::Ask { currency, day, rate }
    };
    let asked: Vec<rate::Ask> = body.value.rates.into_iter().map(ask).collect();
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, asked) = (&app, &caller, &asked);
            async move {
                let workspace = workspace::locked(&tx).await?;
                let current = rates_view(rate::all(&tx).await?);
                if_match.check(workspace.version, || Ok(serde_json::to_value(current)?))?;
                let rates = rate::parse(asked, &workspace.currency)?;
                let version = rate::replace(app, &tx, &caller.actor(), &workspace, rates).await?;
                Answer::ok(Some(etag(version)), &rates_view(rate::all(&tx).await?))
            }
        })
        .await
}
