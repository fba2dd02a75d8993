//! Routes of rules.

use std::str::FromStr;

use access::{Action, Object, Permission, Tie, Viewer};
use axum::extract::{DefaultBodyLimit, State};
use condition::Parsed;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;

use super::conditions::SentenceView;
use super::tree::Can;
use crate::app::App;
use crate::error::Error;
use crate::fields::grammar::{Grammar, as_fault};
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::{IfMatch, etag};
use crate::http::once::{Answer, Once};
use crate::http::page;
use crate::http::problem::{Problem, ProblemError};
use crate::http::table::Table;
use crate::territories::rules::{self, Change, Draft};
use crate::territories::states::now;
use crate::territories::store::{rule, territory};
use crate::versions;

/// Bytes of a rule's body: 100,000 account numbers fit.
pub const RULE_BYTES_MAX: usize = 8 * 1024 * 1024;

pub fn routes(table: Table) -> Table {
    let large = || DefaultBodyLimit::max(RULE_BYTES_MAX);
    table
        .row(Permission::To(Object::Territory, Action::View), routes!(list))
        .row(Permission::To(Object::Territory, Action::Edit), routes!(create).layer(large()))
        .row(Permission::To(Object::Territory, Action::View), routes!(show))
        .row(Permission::To(Object::Territory, Action::Edit), routes!(change).layer(large()))
        .row(Permission::To(Object::Territory, Action::Edit), routes!(remove))
}

#[derive(Serialize, ToSchema)]
pub struct RuleList {
    /// In the order in which they are tried.
    items: Vec<RuleView>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct RuleView {
    id: Uuid,
    territory: Uuid,
    #[schema(example = "PLZ 80–87, ab 50 Beschäftigten")]
    name: String,
    position: i64,
    enabled: bool,
    /// The condition in its canonical form.
    #[schema(value_type = Object)]
    when: Value,
    /// The condition in words; none where it is broken.
    sentence: Option<SentenceView>,
    /// Why the rule is broken and never matches; none where it is sound.
    broken: Option<Vec<ProblemError>>,
    /// Version of the plan that made this state; the entity tag.
    version: i64,
    can: Can,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// At most 200; left out: 50.
    limit: Option<u64>,
    /// From the page before.
    cursor: Option<String>,
}

/// The rules of a territory.
#[utoipa::path(get, path = "/api/v1/territories/{id}/rules", tag = "rules",
    params(("id" = Uuid, Path, description = "The territory"), Page),
    responses((status = 200, body = RuleList), (status = "4XX", body = Problem)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    Params(Page { limit, cursor }): Params<Page>,
) -> Result<axum::Json<RuleList>, Error> {
    let limit = page::limit(limit)?;
    let after = cursor.as_deref().map(after).transpose()?;
    let (clock, viewer) = (app.clock.clone(), std::sync::Arc::clone(&caller.viewer));
    let list = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let territories = tx.select::<territory::Entity>().filter(now::<territory::Entity>());
            territories.filter(territory::Column::Id.eq(id)).one().await?.ok_or(Error::NotFound)?;
            let mut rows = rules::page(&tx, id, after, limit + 1).await?;
            let has_more = rows.len() as u64 > limit;
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let last = rows.last().filter(|_| has_more);
            let next_cursor = last.map(|row| format!("{}.{}", row.position, row.id));
            let grammar = Grammar::load(&tx, &versions::workspace(&tx).await?, clock.now()).await?;
            let items = rows.into_iter().map(|row| view(row, &grammar, &viewer)).collect::<Result<_, _>>()?;
            Ok::<_, Error>(RuleList { items, next_cursor })
        })
        .await?;
    Ok(axum::Json(list))
}

fn after(cursor: &str) -> Result<(i64, Uuid), Error> {
    let parsed = cursor
        .split_once('.')
        .and_then(|(position, id)| Some((position.parse().ok()?, Uuid::from_str(id).ok()?)));
    parsed.ok_or_else(|| {
        Error::invalid("cursor", "unknown_cursor", cursor, "take the cursor from the page before")
    })
}

/// One rule.
#[utoipa::path(get, path = "/api/v1/rules/{id}", tag = "rules",
    params(("id" = Uuid, Path, description = "The rule")),
    responses((status = 200, body = RuleView), (status = "4XX", body = Problem)))]
async fn show(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<Answer, Error> {
    let (app, viewer) = (&app, &caller.viewer);
    app.db
        .read(caller.workspace, caller.sight(), |tx| async move { answer(&tx, app, viewer, id).await })
        .await
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Bavaria",
    "when": { "field": "state", "op": "is_any_of", "values": ["DE-BY"] } }))]
pub struct NewRule {
    name: String,
    #[serde(default = "yes")]
    enabled: bool,
    /// Left out: the last.
    #[serde(default)]
    position: Option<i64>,
    /// The condition.
    #[schema(value_type = Object, example = json!({ "field": "state", "op": "is_any_of", "values": ["DE-BY"] }))]
    when: Value,
}

fn yes() -> bool {
    true
}

/// Makes a rule.
#[utoipa::path(post, path = "/api/v1/territories/{id}/rules", tag = "rules",
    params(("id" = Uuid, Path, description = "The territory"), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewRule,
    responses((status = 201, body = RuleView), (status = "4XX", body = Problem)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    once: Once,
    body: Body<NewRule>,
) -> Result<Answer, Error> {
    let NewRule { name, enabled, position, when } = body.value;
    let draft = Draft { name: name.trim().to_owned(), is_enabled: enabled, position, when };
    let ticket = once.ticket(&app, &caller, &body.bytes);
    ticket
        .run(&app, &caller, |tx| {
            let (app, caller, draft) = (&app, &caller, draft.clone());
            async move {
                let rule = rules::create(&tx, app, &caller.actor(), id, draft).await?;
                let answer = answer(&tx, app, &caller.viewer, rule).await?;
                Ok(Answer { status: 201, location: Some(format!("/api/v1/rules/{rule}")), ..answer })
            }
        })
        .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleChange {
    name: Option<String>,
    enabled: Option<bool>,
    position: Option<i64>,
    #[schema(value_type = Option<Object>)]
    when: Option<Value>,
    /// Moves the rule there.
    territory: Option<Uuid>,
}

/// Changes a rule.
#[utoipa::path(patch, path = "/api/v1/rules/{id}", tag = "rules",
    params(("id" = Uuid, Path, description = "The rule"), ("If-Match" = String, Header)),
    request_body = RuleChange,
    responses((status = 200, body = RuleView), (status = "4XX", body = Problem)))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    if_match: IfMatch,
    body: Body<RuleChange>,
) -> Result<Answer, Error> {
    let RuleChange { name, enabled, position, when, territory } = body.value;
    let name = name.map(|name| name.trim().to_owned());
    let change = Change { name, is_enabled: enabled, position, when, territory };
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, change) = (&app, &caller, change.clone());
            async move {
                unchanged(&tx, app, &caller.viewer, id, if_match).await?;
                rules::change(&tx, app, &caller.actor(), id, change).await?;
                answer(&tx, app, &caller.viewer, id).await
            }
        })
        .await
}

/// Takes a rule away.
#[utoipa::path(delete, path = "/api/v1/rules/{id}", tag = "rules",
    params(("id" = Uuid, Path, description = "The rule"), ("If-Match" = String, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    if_match: IfMatch,
) -> Result<Answer, Error> {
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller) = (&app, &caller);
            async move {
                unchanged(&tx, app, &caller.viewer, id, if_match).await?;
                rules::remove(&tx, app, &caller.actor(), id).await?;
                Ok(Answer::nothing())
            }
        })
        .await
}

/// Locks the plan and compares the rule's version with the one that the caller has read.
async fn unchanged(tx: &Tx, app: &App, viewer: &Viewer, id: Uuid, if_match: IfMatch) -> Result<(), Error> {
    let workspace = versions::lock(tx).await?;
    let row = rules::find(tx, id).await?;
    let version = row.since;
    if if_match.0.is_none_or(|seen| seen == version) {
        return Ok(());
    }
    let grammar = Grammar::load(tx, &workspace, app.clock.now()).await?;
    let view = view(row, &grammar, viewer)?;
    if_match.check(version, || Ok(serde_json::to_value(&view)?))
}

async fn answer(tx: &Tx, app: &App, viewer: &Viewer, id: Uuid) -> Result<Answer, Error> {
    let row = rules::find(tx, id).await?;
    let grammar = Grammar::load(tx, &versions::workspace(tx).await?, app.clock.now()).await?;
    let view = view(row, &grammar, viewer)?;
    Answer::ok(Some(etag(view.version)), &view)
}

fn view(row: rule::Model, grammar: &Grammar, viewer: &Viewer) -> Result<RuleView, Error> {
    let tie = Tie { territory: Some(row.territory_id), ..Tie::default() };
    let may_edit = viewer.can(Object::Territory, Action::Edit, &tie);
    let (parsed, written) = rules::stored(grammar, &row.condition)?;
    let (sentence, broken) = match parsed {
        Parsed::Sound(condition) => (Some(grammar.say(&condition, &written).into()), None),
        Parsed::Broken(faults) => {
            (None, Some(faults.iter().map(|fault| as_fault(fault, "/when").into()).collect()))
        }
    };
    let rule::Model {
        workspace_id: _,
        id,
        since,
        until: _,
        valid_from: _,
        valid_to: _,
        territory_id,
        name,
        position,
        is_enabled,
        condition,
    } = row;
    Ok(RuleView {
        id,
        territory: territory_id,
        name,
        position,
        enabled: is_enabled,
        when: serde_json::from_str(&condition)?,
        sentence,
        broken,
        version: since,
        can: Can { edit: may_edit, delete: may_edit },
    })
}
