//! The route that invites somebody: the account, the territories and the link, in one transaction.

use access::{Action, Object, Permission};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{StoreError, Tx};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Fault};
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::headers::moment;
use crate::http::once::{Answer, Once, Ticket};
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::email::Email;
use crate::people::invitation::{self, Invited};
use crate::people::user;
use crate::people::values::{self, Faults};
use crate::territories::members;

/// Territories that an invitation names.
pub const INVITED_TERRITORIES_MAX: usize = 200;

pub fn routes(table: Table) -> Table {
    table.row(Permission::To(Object::User, Action::Create), routes!(invite))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    #[schema(example = "Jonas Weber")]
    name: String,
    #[schema(example = "jonas@example.com")]
    email: String,
    /// The role's key: `seller`, `sales_manager`, …
    #[schema(example = "seller")]
    role: String,
    /// The workspace's where nothing is said.
    language: Option<String>,
    #[serde(default)]
    territories: Vec<InvitedTo>,
}

/// A territory to which somebody invited gets access.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitedTo {
    territory: Uuid,
    /// Is handed leads there from the day on which the person comes in.
    #[serde(default)]
    assignment: bool,
}

/// The user who was made.
#[derive(Serialize, ToSchema)]
struct Made {
    user: Uuid,
    expires_at: String,
}

/// Invites somebody: makes an account without password, gives access to the territories named, and answers with a
/// link to hand over, which is shown this once and lets in once. A repetition with the same Idempotency-Key shows the
/// same invitation with a new secret, as long as nobody has used it.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "invitation", request_body = NewInvitation,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = crate::people::http::InvitationLink), (status = "4XX", body = Problem)))]
async fn invite(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    body: Body<NewInvitation>,
) -> Result<Answer, Error> {
    let ticket = once.ticket(&app, &caller, &body.bytes);
    let (draft, territories) = parse(body.value)?;
    let attempt = || {
        app.db.write(caller.workspace, caller.sight(), |tx| {
            let (app, caller, ticket, draft, territories) =
                (&app, &caller, &ticket, draft.clone(), &territories);
            async move { invite_once(app, &tx, caller, ticket, draft, territories).await }
        })
    };
    match attempt().await {
        // Either our own repetition was faster, or somebody else got the address between our look and our insert.
        Err(Error::Store(StoreError::Exists(_))) => attempt().await,
        done => done,
    }
}

fn parse(body: NewInvitation) -> Result<(user::Draft, Vec<InvitedTo>), Error> {
    let NewInvitation { name, email, role, language, territories } = body;
    let mut faults = Faults::default();
    let name = faults.keep(values::name("/name", &name));
    let email = faults.keep(Email::parse("/email", &email));
    let language = faults.keep_some(language, |text| values::language("/language", &text));
    if territories.len() > INVITED_TERRITORIES_MAX {
        let detail = format!("at most {INVITED_TERRITORIES_MAX} territories; give access above them instead");
        faults.add([Fault::new("/territories", "too_many", territories.len(), detail)]);
    }
    let (Some(name), Some(email)) = (name, email) else { return Err(faults.into()) };
    faults.end()?;
    let draft = user::Draft {
        name,
        email,
        role,
        language,
        time_zone: None,
        working_hours: None,
        password_hash: None,
    };
    Ok((draft, territories))
}

/// What the idempotency key remembers is the answer without its secret, which is kept nowhere.
async fn invite_once(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    ticket: &Ticket,
    draft: user::Draft,
    territories: &[InvitedTo],
) -> Result<Answer, Error> {
    if let Some(answer) = ticket.find(tx).await? {
        let id = answer.body.get("user").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
        let id = id.ok_or_else(|| Error::Bug("an invitation's answer names nobody".to_owned()))?;
        let made = invitation::show_again(tx, id).await?;
        return Ok(with_secret(answer, made));
    }
    let row = user::create(app, tx, caller, draft).await?;
    for (at, InvitedTo { territory, assignment }) in territories.iter().enumerate() {
        let draft = members::Draft {
            has_access: true,
            has_assignment: *assignment,
            includes_children: false,
            role: None,
            weight: 1,
            position: None,
            open_leads_max: None,
            leads_per_day_max: None,
        };
        let put = members::put(tx, app, &caller.actor(), (*territory, row.id), draft, None).await;
        put.map_err(|error| match error {
            Error::NotFound => {
                let pointer = format!("/territories/{at}/territory");
                let detail = "there is no such territory, or you may not see it";
                Error::invalid(&pointer, "unknown_territory", territory.to_string(), detail)
            }
            error => error,
        })?;
    }
    let made = invitation::make(app, tx, caller, row.id).await?;
    let told = Made { user: row.id, expires_at: moment(made.expires_at) };
    let answer = Answer::created(format!("/api/v1/users/{}", row.id), None, &told)?;
    ticket.remember(tx, &answer).await?;
    Ok(with_secret(answer, made))
}

fn with_secret(mut answer: Answer, made: Invited) -> Answer {
    if let Value::Object(body) = &mut answer.body {
        body.insert("token".to_owned(), Value::String(made.secret.text));
        body.insert("expires_at".to_owned(), Value::String(moment(made.expires_at)));
    }
    answer
}
