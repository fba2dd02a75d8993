//! Routes of leads.

mod batches;
mod collaborators;
mod preview;
mod ring;
mod search;

use std::collections::HashSet;
use std::sync::Arc;

use access::{Action, Object, Permission, Viewer};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use condition::Condition;
use condition::parse::Purpose;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Tx;
use store::filter::Reading;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use super::arrivals::Arrival;
use super::create::{Created, Incoming};
use super::edit::{self, Placement};
use super::history::ChangeView;
use super::listed::{Lens, Row};
use super::store::lead;
use super::view::{LeadView, whole};
use super::why::DecisionView;
use super::{columns, field_rights, history, list, why};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::{IfMatch, etag};
use crate::http::once::{Answer, Once, Ticket};
use crate::http::page::Count;
use crate::http::problem::Problem;
use crate::http::shape;
use crate::http::table::Table;
use crate::territories::book::RuleBook;

pub fn routes(table: Table) -> Table {
    let lead = |action| Permission::To(Object::Lead, action);
    let table = batches::routes(preview::routes(table));
    search::routes(collaborators::routes(ring::routes(table)))
        .row(lead(Action::View), routes!(list_leads))
        .row(lead(Action::Create), routes!(create_lead))
        .row(lead(Action::View), routes!(get_lead))
        .row(lead(Action::Edit), routes!(change_lead))
        .row(lead(Action::Delete), routes!(delete_lead))
        .row(lead(Action::Assign), routes!(assign_lead))
        .row(lead(Action::View), routes!(get_decision))
        .row(lead(Action::View), routes!(get_history))
}

/// A lead's fields by API name. What is left out is empty; own fields are written `custom.<key>`.
#[derive(Deserialize, ToSchema)]
#[expect(
    dead_code,
    reason = "the contract of a body that is read field by field, to name every fault at once"
)]
#[schema(example = json!({ "company": "Bäckerei Huber", "country": "DE", "postcode": "80331" }))]
pub struct LeadFields {
    salutation: Option<String>,
    title: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    job_title: Option<String>,
    company: Option<String>,
    /// The first is primary.
    emails: Option<Vec<String>>,
    /// The first is primary; read with the lead's country.
    phones: Option<Vec<String>>,
    website: Option<String>,
    street: Option<String>,
    city: Option<String>,
    /// ISO 3166-1 code, or the English or German name.
    country: Option<String>,
    /// ISO 3166-2 code, name or usual abbreviation.
    state: Option<String>,
    postcode: Option<String>,
    industry: Option<String>,
    source: Option<String>,
    status: Option<String>,
    employees: Option<i64>,
    score: Option<i64>,
    annual_revenue: Option<Money>,
    requirements: Option<Vec<String>>,
    notes: Option<String>,
    /// Own fields by key.
    custom: Option<Map<String, Value>>,
    /// On creation: the owner, where the creator chooses one.
    owner: Option<Uuid>,
    /// On creation: the territory, where the creator sets it by hand.
    territory: Option<Uuid>,
}

#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "the contract of an amount")]
pub struct Money {
    #[schema(example = "1234.50")]
    amount: String,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// A condition as JSON, the same as in rules.
    filter: Option<String>,
    /// Fields, comma-separated; `-` before one sorts downwards. Default: `-created_at`.
    sort: Option<String>,
    limit: Option<u64>,
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct LeadPage<'a> {
    pub items: Vec<LeadView<'a>>,
    pub next_cursor: Option<String>,
    pub count: Count,
}

/// Lists leads.
#[utoipa::path(get, path = "/api/v1/leads", tag = "leads", params(ListQuery),
    responses((status = 200, body = LeadPage), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn list_leads(
    State(app): State<App>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Result<Response, Error> {
    let ListQuery { filter, sort, limit, cursor } = query;
    let read = |book: &RuleBook, viewer: &Viewer| {
        filter.as_deref().map(|text| self::filter(book, viewer, text)).transpose()
    };
    page(&app, &caller, read, sort.as_deref(), limit, cursor.as_deref()).await
}

/// A page of leads under the filter that `read` makes.
async fn page(
    app: &App,
    caller: &Caller,
    read: impl Fn(&RuleBook, &Viewer) -> Result<Option<Condition>, Error> + Sync,
    sort: Option<&str>,
    limit: Option<u64>,
    cursor: Option<&str>,
) -> Result<Response, Error> {
    let read = &read;
    let page = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let book = app.books.book(&tx).await?;
            let filter = read(&book, &caller.viewer)?;
            let (catalog, dialect) = (book.catalog(), tx.dialect());
            let asked = list::Query::new(catalog, dialect, &caller.viewer, filter, sort, cursor, limit)?;
            let reading = reading(app, &tx, &book);
            let page = asked.page(&tx, &reading).await?;
            let count = asked.count(&tx, &reading).await?;
            let (rows, next_cursor) = asked.rows(&page)?;
            let mine = shared_with_me(&tx, caller, &rows).await?;
            let mut lens = Lens::new(&book, &caller.viewer, mine);
            let items = rows.iter().map(|row| lens.show(row)).collect::<Result<_, _>>()?;
            Ok::<_, Error>(serde_json::to_vec(&LeadPage { items, next_cursor, count })?)
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], page).into_response())
}

/// Creates a lead; it finds its territory and its owner by itself.
#[utoipa::path(post, path = "/api/v1/leads", tag = "leads", request_body = LeadFields,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition safe for 7 days")),
    responses((status = 201, body = Created), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn create_lead(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<Map<String, Value>>,
) -> Result<Answer, Error> {
    let ticket = once.ticket(&app, &caller, &body.bytes);
    let mut fields = body.value;
    let (owner, territory) = (take_id(&mut fields, "owner")?, take_id(&mut fields, "territory")?);
    let may_assign = caller.viewer.may(Permission::To(Object::Lead, Action::Assign));
    if (territory.is_some() || owner.is_some_and(|owner| owner != caller.user)) && !may_assign {
        return Err(Error::Denied(Permission::To(Object::Lead, Action::Assign).to_string()));
    }
    // The batch reads the lead again where the book has changed, so the last one known is good enough,
    // but only that of this moment may refuse a lead.
    let latest = app.books.latest(caller.workspace);
    let read = latest.and_then(|book| read_new(&book, &caller, fields.clone(), owner, territory).ok());
    let incoming = match read {
        Some(incoming) => incoming,
        None => {
            let book = book(&app, &caller).await?;
            match read_new(&book, &caller, fields, owner, territory) {
                Ok(incoming) => incoming,
                // Asked for again, it is answered as before, whatever has become of its owner or its choices.
                Err(error) => return earlier(&app, &caller, &ticket).await?.ok_or(error),
            }
        }
    };
    let arrival = Arrival {
        actor: edit::actor(&caller),
        viewer: Some(Arc::clone(&caller.viewer)),
        incoming,
        ticket: Some(ticket),
    };
    app.arrivals.create(&app, caller.workspace, arrival).await
}

async fn book(app: &App, caller: &Caller) -> Result<Arc<RuleBook>, Error> {
    app.db.read(caller.workspace, caller.sight(), |tx| async move { app.books.book(&tx).await }).await
}

fn read_new(
    book: &RuleBook,
    caller: &Caller,
    mut fields: Map<String, Value>,
    owner: Option<Uuid>,
    territory: Option<Uuid>,
) -> Result<Incoming, Error> {
    let mut faults = field_rights::take(book, &caller.viewer, &mut fields);
    let incoming = Incoming::read(book, fields, None, owner, territory);
    match incoming {
        Err(Error::Invalid(more)) => faults.extend(more),
        incoming if faults.is_empty() => return incoming,
        _ => {}
    }
    Err(Error::Invalid(faults))
}

async fn earlier(app: &App, caller: &Caller, ticket: &Ticket) -> Result<Option<Answer>, Error> {
    app.db.read(caller.workspace, caller.sight(), |tx| async move { ticket.find(&tx).await }).await
}

/// Shows a lead.
#[utoipa::path(get, path = "/api/v1/leads/{id}", tag = "leads", params(("id" = Uuid, Path)),
    responses((status = 200, body = LeadView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn get_lead(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<Answer, Error> {
    let (app, caller) = (&app, &caller);
    app.db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let (row, book) = read_one(app, &tx, id).await?;
            Answer::ok(Some(etag(row.version)), &whole(&tx, &row, &book, &caller.viewer).await?)
        })
        .await
}

/// Changes fields of a lead; `null` empties one.
#[utoipa::path(patch, path = "/api/v1/leads/{id}", tag = "leads", request_body = LeadFields,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = LeadView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn change_lead(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    seen: IfMatch,
    body: Body<Map<String, Value>>,
) -> Result<Answer, Error> {
    let (app, caller, patch) = (&app, &caller, &body.value);
    let answer = app
        .db
        .write(caller.workspace, caller.sight(), |tx| async move {
            let (row, book) = edit::change(&tx, app, caller, id, seen, patch).await?;
            answer_changed(&tx, &book, caller, &row).await
        })
        .await?;
    app.live.doorbell.notify_one();
    Ok(answer)
}

/// Deletes a lead.
#[utoipa::path(delete, path = "/api/v1/leads/{id}", tag = "leads",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn delete_lead(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    seen: IfMatch,
) -> Result<Answer, Error> {
    let (app, caller) = (&app, &caller);
    app.db
        .write(caller.workspace, caller.sight(), |tx| async move {
            edit::delete(&tx, app, caller, id, seen).await
        })
        .await?;
    app.live.doorbell.notify_one();
    Ok(Answer::nothing())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignLead {
    /// Gives the lead to this user, who needs access to its territory.
    owner: Option<Uuid>,
    /// Puts the lead there and pins it.
    territory: Option<Uuid>,
    /// Lets rules decide again.
    #[serde(default)]
    unpin: bool,
    /// Lets the territory's rotation choose the owner anew.
    #[serde(default)]
    hand_out: bool,
}

/// Gives a lead to somebody, puts it into a territory, or hands it out again.
#[utoipa::path(post, path = "/api/v1/leads/{id}/assignment", tag = "leads", request_body = AssignLead,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was read"),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = LeadView), (status = 204, description = "Done; you no longer see the lead"),
        (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn assign_lead(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    seen: IfMatch,
    once: Once,
    body: Body<AssignLead>,
) -> Result<Answer, Error> {
    let ticket = once.ticket(&app, &caller, &body.bytes);
    let AssignLead { owner, territory, unpin, hand_out } = body.value;
    let placement = &Placement { owner, territory, unpin, hand_out };
    let (app, caller) = (&app, &caller);
    let answer = ticket
        .run(app, caller, |tx| async move {
            let (row, book) = edit::assign(&tx, app, caller, id, seen, placement).await?;
            answer_changed(&tx, &book, caller, &row).await
        })
        .await?;
    app.live.doorbell.notify_one();
    Ok(answer)
}

/// Tells why the lead is in its territory and with its owner.
#[utoipa::path(get, path = "/api/v1/leads/{id}/decision", tag = "leads", params(("id" = Uuid, Path)),
    responses((status = 200, body = DecisionView), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn get_decision(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<Answer, Error> {
    let (app, caller) = (&app, &caller);
    app.db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let (row, book) = read_one(app, &tx, id).await?;
            Answer::ok(None, &why::latest(&tx, &book, &caller.viewer, &row).await?)
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub struct History {
    pub items: Vec<ChangeView>,
}

/// Lists the changes of a lead, newest first.
#[utoipa::path(get, path = "/api/v1/leads/{id}/history", tag = "leads", params(("id" = Uuid, Path)),
    responses((status = 200, body = History), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn get_history(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<Answer, Error> {
    let (app, caller) = (&app, &caller);
    app.db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let (row, book) = read_one(app, &tx, id).await?;
            let items = history::changes(&tx, &book, &caller.viewer, &row).await?;
            Answer::ok(None, &History { items })
        })
        .await
}

/// Which of the leads I take part in, where that decides what I may do with them.
async fn shared_with_me(tx: &Tx, caller: &Caller, leads: &[Row<'_>]) -> Result<HashSet<Uuid>, Error> {
    let decides = |action| {
        let reach = caller.viewer.reach(Object::Lead, action);
        !matches!(reach, access::Reach::Everything | access::Reach::Nothing)
    };
    if leads.is_empty() || ![Action::Edit, Action::Delete, Action::Assign].into_iter().any(decides) {
        return Ok(HashSet::new());
    }
    let ids: Vec<Uuid> = leads.iter().map(Row::id).collect::<Result<_, _>>()?;
    super::collaborators::shared_with(tx, caller.user, &ids).await
}

async fn read_one(app: &App, tx: &Tx, id: Uuid) -> Result<(lead::Model, Arc<RuleBook>), Error> {
    let book = app.books.book(tx).await?;
    Ok((edit::find(tx, id).await?, book))
}

/// The changed lead, if its changer still sees it.
async fn answer_changed(
    tx: &Tx,
    book: &RuleBook,
    caller: &Caller,
    row: &lead::Model,
) -> Result<Answer, Error> {
    match edit::find(tx, row.id).await {
        Ok(_) => Answer::ok(Some(etag(row.version)), &whole(tx, row, book, &caller.viewer).await?),
        Err(Error::NotFound) => Ok(Answer::nothing()),
        Err(error) => Err(error),
    }
}

fn take_id(fields: &mut Map<String, Value>, key: &str) -> Result<Option<Uuid>, Error> {
    match fields.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_str().and_then(|text| Uuid::try_parse(text).ok()) {
            Some(id) => Ok(Some(id)),
            None => Err(Error::invalid(&format!("/{key}"), "not_an_id", value, "write the id as a UUID")),
        },
    }
}

fn filter(book: &RuleBook, viewer: &Viewer, text: &str) -> Result<Condition, Error> {
    let json: Value = shape::read(text.as_bytes()).map_err(|error| {
        Error::invalid("filter", "not_json", text, format!("the filter is not JSON: {error}"))
    })?;
    parsed(book, viewer, &json, "filter")
}

fn parsed(book: &RuleBook, viewer: &Viewer, json: &Value, pointer: &str) -> Result<Condition, Error> {
    let is_readable = |field: &condition::Field| list::is_readable(viewer, field);
    let door = book.door(Purpose::Filter, Some(&is_readable));
    door.parse(json).and_then(condition::parse::Parsed::sound).map_err(|faults| {
        Error::Invalid(faults.iter().map(|fault| Fault::of_condition(fault, pointer)).collect())
    })
}

/// How conditions are read from the table of leads.
fn reading<'b>(app: &App, tx: &Tx, book: &'b RuleBook) -> Reading<'b> {
    Reading {
        dialect: tx.dialect(),
        form: Box::new(|field| columns::form(book.catalog(), field)),
        today: book.day_of(app.clock.now()),
        day_start: Box::new(|day| book.day_start(day)),
    }
}
