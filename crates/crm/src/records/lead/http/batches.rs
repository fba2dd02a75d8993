//! Routes of batches: a rule changed together with the leads that it moves, and undone.

use std::collections::HashMap;

use access::{Action, Object, Permission};
use axum::extract::{DefaultBodyLimit, State};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;

use super::preview::{EndView, IntendedRule, names, visible, weighed};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::moment;
use crate::http::once::{Answer, Once};
use crate::http::page;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::records::lead::batch::begin::{self, RuleDetail};
use crate::records::lead::batch::store::{KEPT, STAYED, WAITING, batch, batch_lead};
use crate::records::lead::batch::undo;
use crate::territories::http::conditions::CONDITION_BYTES_MAX;

/// Leads listed of a batch.
const LISTED_MAX: u64 = 200;

pub fn routes(table: Table) -> Table {
    let large = DefaultBodyLimit::max(CONDITION_BYTES_MAX);
    let plan = |action| Permission::To(Object::Plan, action);
    table
        .row(plan(Action::View), routes!(list_batches))
        .row(plan(Action::Edit), routes!(begin_batch).layer(large))
        .row(plan(Action::View), routes!(get_batch))
        .row(plan(Action::View), routes!(list_batch_leads))
        .row(plan(Action::Edit), routes!(undo_batch))
}

/// Leads moved together.
#[derive(Serialize, ToSchema)]
pub struct BatchView {
    id: Uuid,
    at: String,
    by: Uuid,
    /// `rule`: a rule was changed, and leads moved with it.
    kind: String,
    /// The rule's name.
    title: String,
    /// The rule; it may be gone since.
    rule: Uuid,
    /// `create`, `change`, `delete`: what became of the rule.
    change: String,
    /// `moving`, `moved`, `undoing`, `undone`.
    state: String,
    finished_at: Option<String>,
    undone_by: Option<Uuid>,
    undone_at: Option<String>,
    /// Leads that the caller may see, by what has become of them.
    leads: LeadsOfBatch,
    /// Leads that were set by hand and therefore not touched.
    pinned: u64,
    version: i64,
}

#[derive(Clone, Copy, Default, Serialize, ToSchema)]
pub struct LeadsOfBatch {
    waiting: i64,
    moved: i64,
    /// Changed before their turn came, so that they were left as they are.
    kept: i64,
    undone: i64,
    /// Changed since they were moved, so that undoing left them as they are.
    stayed: i64,
}

#[derive(Serialize, ToSchema)]
pub struct BatchList {
    /// The newest first.
    items: Vec<BatchView>,
    next_cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BatchPage {
    /// At most 200; left out: 50.
    limit: Option<u64>,
    /// From the page before.
    cursor: Option<String>,
}

/// All batches, the newest first.
#[utoipa::path(get, path = "/api/v1/batches", tag = "batches", params(BatchPage),
    responses((status = 200, body = BatchList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn list_batches(
    State(app): State<App>,
    caller: Caller,
    Params(BatchPage { limit, cursor }): Params<BatchPage>,
) -> Result<axum::Json<BatchList>, Error> {
    let limit = page::limit(limit)?;
    let before = cursor.as_deref().map(|cursor| {
        Uuid::try_parse(cursor).map_err(|_| {
            Error::invalid("cursor", "unknown_cursor", cursor, "take the cursor from the page before")
        })
    });
    let before = before.transpose()?;
    let list = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let mut batches = tx.select::<batch::Entity>();
            if let Some(before) = before {
                batches = batches.filter(batch::Column::Id.lt(before));
            }
            let id = Expr::col(batch::Column::Id);
            let mut rows = batches.order_by(id, Order::Desc).limit(limit + 1).all().await?;
            let has_more = rows.len() as u64 > limit;
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let next_cursor = rows.last().filter(|_| has_more).map(|row| row.id.to_string());
            let counts = counts(&tx, rows.iter().map(|row| row.id).collect()).await?;
            let view = |row: batch::Model| {
                let leads = counts.get(&row.id).copied().unwrap_or_default();
                view(row, leads)
            };
            let items = rows.into_iter().map(view).collect::<Result<_, _>>()?;
            Ok::<_, Error>(BatchList { items, next_cursor })
        })
        .await?;
    Ok(axum::Json(list))
}

/// A change of a rule that takes the leads that are there along.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBatch {
    change: IntendedRule,
    /// From the preview: rules and members must still be the same.
    seen: i64,
}

/// Changes a rule and begins to move the leads that the preview has counted. They move step by step; `batch.changed`
/// tells of each.
#[utoipa::path(post, path = "/api/v1/batches", tag = "batches",
    params(("Idempotency-Key" = Option<String>, Header)), request_body = NewBatch,
    responses((status = 201, body = BatchView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn begin_batch(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<NewBatch>,
) -> Result<Answer, Error> {
    let NewBatch { change, seen } = body.value;
    let intended = change.read()?;
    // Long before the lock; what changes meanwhile is weighed anew under it. A repeated call may find the rule as it
    // has left it: its answer is known, and nothing is weighed.
    let before = weighed(&app, &caller, &intended).await;
    let ticket = once.ticket(&app, &caller, &body.bytes);
    let answer = ticket
        .run(&app, &caller, |tx| {
            let (app, caller, intended, before) = (&app, &caller, &intended, &before);
            async move {
                let before = before.as_ref().map_err(repeated)?;
                let id = begin::begin(&tx, app, caller, intended, seen, before).await?;
                let view = shown(&tx, id).await?;
                Answer::created(format!("/api/v1/batches/{id}"), None, &view)
            }
        })
        .await?;
    app.live.doorbell.notify_one();
    Ok(answer)
}

/// The error of the weighing, for the transaction that cannot begin without it.
fn repeated(error: &Error) -> Error {
    match error {
        Error::NotFound => Error::NotFound,
        Error::Denied(what) => Error::Denied(what.clone()),
        Error::Invalid(faults) => Error::Invalid(faults.clone()),
        Error::Busy => Error::Busy,
        other => Error::Bug(other.to_string()),
    }
}

/// One batch and how far it is.
#[utoipa::path(get, path = "/api/v1/batches/{id}", tag = "batches", params(("id" = Uuid, Path)),
    responses((status = 200, body = BatchView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn get_batch(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
) -> Result<axum::Json<BatchView>, Error> {
    let view = app.db.read(caller.workspace, caller.sight(), |tx| async move { shown(&tx, id).await });
    Ok(axum::Json(view.await?))
}

#[derive(Serialize, ToSchema)]
pub struct BatchLeadList {
    items: Vec<BatchLeadView>,
}

/// What has become of a lead in a batch.
#[derive(Serialize, ToSchema)]
pub struct BatchLeadView {
    lead: Uuid,
    name: Option<String>,
    place: Option<String>,
    /// `waiting`, `moved`, `kept`, `undone`, `stayed`.
    state: String,
    from: EndView,
    to: EndView,
    from_owner: Option<Uuid>,
    to_owner: Option<Uuid>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OfBatch {
    /// True: only those that were left as they are, because they had changed.
    #[serde(default)]
    left: bool,
}

/// Leads of a batch that the caller may see, the first 200.
#[utoipa::path(get, path = "/api/v1/batches/{id}/leads", tag = "batches", params(("id" = Uuid, Path), OfBatch),
    responses((status = 200, body = BatchLeadList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn list_batch_leads(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    Params(OfBatch { left }): Params<OfBatch>,
) -> Result<axum::Json<BatchLeadList>, Error> {
    let (app, caller) = (&app, &caller);
    let list = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            shown(&tx, id).await?;
            let mut rows = tx.select::<batch_lead::Entity>().filter(batch_lead::Column::BatchId.eq(id));
            if left {
                rows = rows.filter(batch_lead::Column::State.is_in([KEPT, STAYED]));
            }
            let lead = Expr::col(batch_lead::Column::LeadId);
            let rows = rows.order_by(lead, Order::Asc).limit(LISTED_MAX).all().await?;
            let book = app.books.book(&tx).await?;
            let visible = visible(&tx).await?;
            let ids = rows.iter().map(|row| row.lead_id).collect();
            let names = names(&tx, &book, &caller.viewer, ids).await?;
            let view = |row: batch_lead::Model| {
                let (name, place) = names.get(&row.lead_id).cloned().unwrap_or_default();
                BatchLeadView {
                    lead: row.lead_id,
                    name,
                    place,
                    state: row.state,
                    from: EndView::of(row.from_territory_id, &visible),
                    to: EndView::of(row.to_territory_id, &visible),
                    from_owner: row.from_owner_id,
                    to_owner: row.to_owner_id,
                }
            };
            Ok::<_, Error>(BatchLeadList { items: rows.into_iter().map(view).collect() })
        })
        .await?;
    Ok(axum::Json(list))
}

/// Begins to put every lead of a batch back to where it was and to whom it belonged. Leads that have changed since
/// stay, and are listed; the rule stays as it is.
#[utoipa::path(post, path = "/api/v1/batches/{id}/undo", tag = "batches",
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = BatchView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn undo_batch(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    once: Once,
) -> Result<Answer, Error> {
    let ticket = once.ticket(&app, &caller, b"");
    let answer = ticket
        .run(&app, &caller, |tx| {
            let (app, caller) = (&app, &caller);
            async move {
                undo::turn_round(&tx, app, &caller.actor(), id).await?;
                Answer::ok(None, &shown(&tx, id).await?)
            }
        })
        .await?;
    app.live.doorbell.notify_one();
    Ok(answer)
}

async fn shown(tx: &Tx, id: Uuid) -> Result<BatchView, Error> {
    let row = tx.select::<batch::Entity>().filter(batch::Column::Id.eq(id)).one().await?;
    let row = row.ok_or(Error::NotFound)?;
    let leads = counts(tx, vec![id]).await?.remove(&id).unwrap_or_default();
    view(row, leads)
}

async fn counts(tx: &Tx, batches: Vec<Uuid>) -> Result<HashMap<Uuid, LeadsOfBatch>, Error> {
    let [id, state] = [batch_lead::Column::BatchId, batch_lead::Column::State].map(Expr::col);
    let rows: Vec<(Uuid, String, i64)> = tx
        .select::<batch_lead::Entity>()
        .filter(batch_lead::Column::BatchId.is_in(batches))
        .tuples(vec![id.clone(), state.clone(), Expr::cust("COUNT(*)")], vec![id, state])
        .await?;
    let mut counts: HashMap<Uuid, LeadsOfBatch> = HashMap::new();
    for (id, state, count) in rows {
        let leads = counts.entry(id).or_default();
        match state.as_str() {
            WAITING => leads.waiting = count,
            KEPT => leads.kept = count,
            STAYED => leads.stayed = count,
            "undone" => leads.undone = count,
            _ => leads.moved = count,
        }
    }
    Ok(counts)
}

fn view(row: batch::Model, leads: LeadsOfBatch) -> Result<BatchView, Error> {
    let batch::Model {
        workspace_id: _,
        id,
        at,
        user_id,
        door: _,
        address: _,
        kind,
        title,
        detail,
        state,
        finished_at,
        undone_by,
        undone_at,
        version,
    } = row;
    let RuleDetail { rule, change, plan_version: _, pinned } = serde_json::from_str(&detail)?;
    Ok(BatchView {
        id,
        at: moment(at),
        by: user_id,
        kind,
        title,
        rule,
        change,
        state,
        finished_at: finished_at.map(moment),
        undone_by,
        undone_at: undone_at.map(moment),
        leads,
        pinned,
        version,
    })
}
