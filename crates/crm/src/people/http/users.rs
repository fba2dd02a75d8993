//! Routes of users.

use std::collections::HashMap;

use access::{Action, Object, Permission};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::{App, Micros};
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::http::extract::{At, Body, Params};
use crate::http::headers::{IfMatch, etag, moment};
use crate::http::once::{Answer, Once};
use crate::http::page;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::email::Email;
use crate::people::invitation as invitations;
use crate::people::leaving::{Handover, InTerritory};
use crate::people::password::{self, Typed};
use crate::people::store::{invitation, role, user as row};
use crate::people::user::{self, Change, Draft};
use crate::people::values::{self, Faults, Hours};

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::To(Object::User, Action::View), routes!(list))
        .row(Permission::SignedIn, routes!(show))
        .row(Permission::To(Object::User, Action::Create), routes!(create))
        .row(Permission::SignedIn, routes!(change))
        .row(Permission::To(Object::User, Action::Edit), routes!(set_password))
}

/// A user: the name for everybody, the account for oneself and for those who edit users.
#[derive(Serialize, ToSchema)]
pub struct UserView {
    id: Uuid,
    name: String,
    is_active: bool,
    /// Null where it is none of the caller's business.
    account: Option<Account>,
}

#[derive(Serialize, ToSchema)]
pub struct Account {
    email: String,
    language: String,
    time_zone: String,
    /// Spans like `08:00-17:00` per weekday, in the user's time zone; null: can always be handed leads.
    #[schema(value_type = Option<std::collections::BTreeMap<String, Vec<String>>>)]
    working_hours: Option<Hours>,
    /// The role's key.
    role: String,
    /// False until an administrator sets a password: nobody can sign in yet.
    has_password: bool,
    /// The open invitation of somebody who has no password yet.
    invitation: Option<OpenInvitation>,
    created_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct OpenInvitation {
    created_at: String,
    expires_at: String,
    is_expired: bool,
}

/// What a view of users needs beside their rows.
struct Beside {
    roles: Vec<role::Model>,
    invitations: HashMap<Uuid, invitation::Model>,
    now: Micros,
}

async fn beside(app: &App, tx: &Tx, rows: &[row::Model]) -> Result<Beside, Error> {
    let waiting: Vec<Uuid> =
        rows.iter().filter(|row| row.password_hash.is_none()).map(|row| row.id).collect();
    let invitations = if waiting.is_empty() { HashMap::new() } else { invitations::of(tx, &waiting).await? };
    Ok(Beside { roles: user::all_roles(tx).await?, invitations, now: app.clock.now() })
}

fn view(row: &row::Model, beside: &Beside, caller: &Caller) -> Result<UserView, Error> {
    let Beside { roles, invitations, now } = beside;
    let row::Model {
        workspace_id: _,
        id,
        email,
        email_key: _,
        name,
        language,
        time_zone,
        password_hash,
        role_id,
        is_active,
        working_hours,
        version: _,
        created_at,
    } = row;
    let account = if user::shows_account(caller, *id) {
        let role = roles.iter().find(|role| role.id == *role_id).map(|role| role.key.clone());
        Some(Account {
            email: email.clone(),
            language: language.clone(),
            time_zone: time_zone.clone(),
            working_hours: working_hours.as_deref().map(serde_json::from_str).transpose()?,
            role: role.ok_or_else(|| Error::Bug(format!("user {id} has no role")))?,
            has_password: password_hash.is_some(),
            invitation: invitations.get(id).map(|open| OpenInvitation {
                created_at: moment(open.created_at),
                expires_at: moment(open.expires_at),
                is_expired: *now >= open.expires_at,
            }),
            created_at: moment(*created_at),
        })
    } else {
        None
    };
    Ok(UserView { id: *id, name: name.clone(), is_active: *is_active, account })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Only active users, or only the others.
    is_active: Option<bool>,
    cursor: Option<String>,
    /// Rows of a page, 1 to 200; 50 where nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

#[derive(Serialize, ToSchema)]
pub struct UserPage {
    items: Vec<UserView>,
    next_cursor: Option<String>,
}

/// Lists users in the order of their names.
#[utoipa::path(get, path = "/api/v1/users", tag = "user", params(Asked),
    responses((status = 200, body = UserPage), (status = "4XX", body = Problem)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<UserPage>, Error> {
    let Asked { is_active, cursor, limit } = asked;
    let (limit, who, app) = (page::limit(limit)?, &caller, &app);
    let (rows, next_cursor, beside) = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let (rows, next) = user::list(&tx, who, is_active, cursor.as_deref(), limit).await?;
            let beside = beside(app, &tx, &rows).await?;
            Ok::<_, Error>((rows, next, beside))
        })
        .await?;
    let items = rows.iter().map(|row| view(row, &beside, &caller)).collect::<Result<_, Error>>()?;
    Ok(Json(UserPage { items, next_cursor }))
}

/// One user; oneself in any case.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "user", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserView, headers(("ETag" = String))), (status = "4XX", body = Problem)))]
async fn show(State(app): State<App>, caller: Caller, At(id): At<Uuid>) -> Result<Response, Error> {
    let (who, app) = (&caller, &app);
    let (row, beside) = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let row = user::get(&tx, who, id).await?;
            let beside = beside(app, &tx, std::slice::from_ref(&row)).await?;
            Ok::<_, Error>((row, beside))
        })
        .await?;
    Ok(Answer::ok(Some(etag(row.version)), &view(&row, &beside, &caller)?)?.into_response())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    #[schema(example = "Jonas Weber")]
    name: String,
    #[schema(example = "jonas@example.com")]
    email: String,
    /// The role's key: `seller`, `sales_manager`, …
    #[schema(example = "seller")]
    role: String,
    /// The workspace's where nothing is said.
    language: Option<String>,
    /// The workspace's where nothing is said.
    time_zone: Option<String>,
    #[schema(value_type = Option<std::collections::BTreeMap<String, Vec<String>>>)]
    working_hours: Option<Hours>,
    /// Without one the user stays inactive until an administrator sets one.
    #[schema(value_type = Option<String>, format = Password, min_length = 12, max_length = 200)]
    password: Option<Typed>,
}

/// Adds a user.
#[utoipa::path(post, path = "/api/v1/users", tag = "user", request_body = NewUser,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = UserView, headers(("ETag" = String), ("Location" = String))),
              (status = "4XX", body = Problem)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<NewUser>,
) -> Result<Answer, Error> {
    let ticket = once.ticket(&app, &caller, &without_password(&body.bytes)?);
    let draft = draft(&app, &caller, body.value).await?;
    let email = draft.email.clone();
    let made = ticket.run(&app, &caller, |tx| {
        let (app, caller, draft) = (&app, &caller, draft.clone());
        async move {
            let row = user::create(app, &tx, caller, draft).await?;
            let beside = beside(app, &tx, std::slice::from_ref(&row)).await?;
            let location = format!("/api/v1/users/{}", row.id);
            Answer::created(location, Some(etag(row.version)), &view(&row, &beside, caller)?)
        }
    });
    made.await.map_err(|error| taken_meanwhile(error, &email))
}

/// Somebody else got the address between our look and our insert.
fn taken_meanwhile(error: Error, email: &Email) -> Error {
    match error {
        Error::Store(store::StoreError::Exists(_)) => Error::Invalid(vec![user::taken(email)]),
        error => error,
    }
}

/// What an idempotency key compares: a fast hash of a password would be kept otherwise.
fn without_password(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut body: Value = serde_json::from_slice(bytes)?;
    if let Value::Object(members) = &mut body {
        members.remove("password");
    }
    Ok(serde_json::to_vec(&body)?)
}

async fn draft(app: &App, caller: &Caller, body: NewUser) -> Result<Draft, Error> {
    let NewUser { name, email, role, language, time_zone, working_hours, password } = body;
    let password = password.map(Typed::into_text);
    let mut faults = Faults::default();
    let name = faults.keep(values::name("/name", &name));
    let email = faults.keep(Email::parse("/email", &email));
    let language = faults.keep_some(language, |text| values::language("/language", &text));
    let time_zone = faults.keep_some(time_zone, |text| values::time_zone("/time_zone", &text));
    let working_hours = working_hours.and_then(|hours| hours_of(hours, &mut faults));
    let mut about = user::known_of(app, caller, None).await?;
    about.extend(name.clone().into_iter().chain(email.as_ref().map(|email| email.text().to_owned())));
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    faults.add(password.as_deref().and_then(|password| password::fault("/password", password, &about)));
    let (Some(name), Some(email)) = (name, email) else { return Err(faults.into()) };
    faults.end()?;
    let password_hash = match password {
        Some(password) => Some(app.passwords.hash("/password", password, &about).await?),
        None => None,
    };
    Ok(Draft { name, email, role, language, time_zone, working_hours, password_hash })
}

fn hours_of(hours: Hours, faults: &mut Faults) -> Option<String> {
    match values::hours("/working_hours", hours) {
        Ok(text) => Some(text),
        Err(wrong) => {
            faults.add(wrong);
            None
        }
    }
}

/// What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    name: Option<String>,
    email: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    /// Null: can always be handed leads.
    #[serde(default, deserialize_with = "also_null")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, Vec<String>>>)]
    working_hours: Option<Option<Hours>>,
    /// The role's key.
    role: Option<String>,
    /// False: ends all sessions and tokens at once.
    is_active: Option<bool>,
    /// What becomes of the records of somebody who is deactivated; asked for where they own any.
    records: Option<Records>,
    /// To whom they are given.
    to: Option<Uuid>,
    /// The same for single territories, where it is not everywhere the same.
    #[serde(default)]
    records_in: Vec<RecordsIn>,
}

/// What becomes of the records of one territory.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordsIn {
    /// Null: of the records without territory.
    territory: Option<Uuid>,
    records: Records,
    to: Option<Uuid>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Records {
    /// Each goes to whoever's turn it is in its territory.
    Rotate,
    /// Each waits in its territory's queue.
    Queue,
    /// All go to the user named by `to`.
    Give,
}

/// Territories for which a request says what becomes of the records.
pub const RECORDS_IN_MAX: usize = 1_000;

fn in_territories(asked: Vec<RecordsIn>, faults: &mut Faults) -> Vec<InTerritory> {
    if asked.len() > RECORDS_IN_MAX {
        let detail = format!("at most {RECORDS_IN_MAX} territories; say for the rest what `records` says");
        faults.add([Fault::new("/records_in", "too_many", asked.len(), detail)]);
        return Vec::new();
    }
    let read = asked.into_iter().enumerate().filter_map(|(at, one)| {
        let RecordsIn { territory, records, to } = one;
        let handed = handover(Some(records), to).map_err(|fault| fault.below(&format!("/records_in/{at}")));
        faults.keep(handed).flatten().map(|records| InTerritory { territory, records })
    });
    read.collect()
}

fn handover(records: Option<Records>, to: Option<Uuid>) -> Result<Option<Handover>, Fault> {
    match (records, to) {
        (None, None) => Ok(None),
        (Some(Records::Rotate), None) => Ok(Some(Handover::Rotate)),
        (Some(Records::Queue), None) => Ok(Some(Handover::Queue)),
        (Some(Records::Give), Some(to)) => Ok(Some(Handover::GiveTo(to))),
        (Some(Records::Give), None) => {
            Err(Fault::new("/to", "to_needed", Value::Null, "say to whom the records are given"))
        }
        (_, Some(to)) => {
            let detail = "`to` goes with \"records\": \"give\" only";
            Err(Fault::new("/to", "to_unneeded", to.to_string(), detail))
        }
    }
}

fn also_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Hours>>, D::Error> {
    Option::<Hours>::deserialize(deserializer).map(Some)
}

/// Changes a user. Everybody changes their own name, language, time zone and hours; the rest needs the right to
/// edit users.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "user", request_body = UserChange,
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = UserView, headers(("ETag" = String))), (status = "4XX", body = Problem)))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    if_match: IfMatch,
    body: Body<UserChange>,
) -> Result<Answer, Error> {
    let change = changes(body.value)?;
    let email = change.email.clone();
    let done = app.db.write(caller.workspace, caller.sight(), |tx| {
        let (app, caller, change) = (&app, &caller, change.clone());
        async move {
            let seen = |row: &row::Model, roles: &[role::Model]| {
                let now = app.clock.now();
                let beside = Beside { roles: roles.to_vec(), invitations: HashMap::new(), now };
                let current = || Ok(serde_json::to_value(view(row, &beside, caller)?)?);
                if_match.check(row.version, current)
            };
            let row = user::change(app, &tx, caller, id, change, seen).await?;
            let beside = beside(app, &tx, std::slice::from_ref(&row)).await?;
            Answer::ok(Some(etag(row.version)), &view(&row, &beside, caller)?)
        }
    });
    match (done.await, email) {
        (Err(error), Some(email)) => Err(taken_meanwhile(error, &email)),
        (done, _) => done,
    }
}

fn changes(body: UserChange) -> Result<Change, Error> {
    let UserChange {
        name,
        email,
        language,
        time_zone,
        working_hours,
        role,
        is_active,
        records,
        to,
        records_in,
    } = body;
    let mut faults = Faults::default();
    let name = faults.keep_some(name, |text| values::name("/name", &text));
    let email = faults.keep_some(email, |text| Email::parse("/email", &text));
    let language = faults.keep_some(language, |text| values::language("/language", &text));
    let time_zone = faults.keep_some(time_zone, |text| values::time_zone("/time_zone", &text));
    let working_hours = working_hours.map(|hours| hours.and_then(|hours| hours_of(hours, &mut faults)));
    let records = faults.keep(handover(records, to)).flatten();
    let records_in = in_territories(records_in, &mut faults);
    faults.end()?;
    Ok(Change { name, email, language, time_zone, working_hours, role, is_active, records, records_in })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordOf {
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200)]
    password: Typed,
}

/// Sets somebody's password and ends their sessions; whoever had none yet becomes active. For one's own there is
/// `POST /api/v1/session/password`. Takes no Idempotency-Key: a repetition sets the same password once more, and a
/// key would have to remember the password to tell it from another.
#[utoipa::path(post, path = "/api/v1/users/{id}/password", tag = "user", request_body = PasswordOf,
    params(("id" = Uuid, Path)), responses((status = 204), (status = "4XX", body = Problem)))]
async fn set_password(
    State(app): State<App>,
    caller: Caller,
    At(id): At<Uuid>,
    body: Body<PasswordOf>,
) -> Result<StatusCode, Error> {
    caller.session()?;
    if id == caller.user {
        let detail = "change your own password with the old one: POST /api/v1/session/password";
        return Err(Error::refused("own_password", detail));
    }
    let about = user::known_of(&app, &caller, Some(id)).await?;
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let hash = app.passwords.hash("/password", body.value.password.into_text(), &about).await?;
    app.db
        .write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, hash) = (&app, &caller, hash.clone());
            async move { user::set_password(app, &tx, caller, id, hash).await }
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
