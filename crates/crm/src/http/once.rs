//! Idempotency keys: a POST that is repeated with its key gets its first answer and changes nothing.
//! Kept seven days, scoped to user and route, the body compared; draft-ietf-httpapi-idempotency-key-header.

use std::collections::HashMap;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use serde_json::Value;
use store::{Tie, Tied, Tx, padded};
use uuid::Uuid;

use super::caller::Caller;
use crate::app::{App, DAY, Micros};
use crate::error::Error;

/// How long an answer can be asked for again.
pub const ANSWER_KEPT: Micros = 7 * DAY;
pub const KEY_CHARS_MAX: usize = 200;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "answer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub route: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub body_hash: String,
        pub status: i64,
        pub etag: Option<String>,
        pub location: Option<String>,
        pub body: String,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl Tied for row::Entity {
    const OBJECT: access::Object = access::Object::Settings;

    fn workspace() -> row::Column {
        row::Column::WorkspaceId
    }

    fn tie() -> Tie<row::Column> {
        Tie::Person(row::Column::UserId)
    }
}

/// What a route answers to a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: Value,
}

impl Answer {
    /// 201 with the thing made.
    ///
    /// # Errors
    /// Where the body is no JSON, which would be a bug.
    pub fn created(location: String, etag: Option<String>, body: &impl Serialize) -> Result<Answer, Error> {
        Ok(Answer { status: 201, etag, location: Some(location), body: serde_json::to_value(body)? })
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// Where the body is no JSON, which would be a bug.
    pub fn ok(etag: Option<String>, body: &impl Serialize) -> Result<Answer, Error> {
        Ok(Answer { status: 200, etag, location: None, body: serde_json::to_value(body)? })
    }

    /// 204.
    pub fn nothing() -> Answer {
        Answer { status: 204, etag: None, location: None, body: Value::Null }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = if status == StatusCode::NO_CONTENT {
            status.into_response()
        } else {
            (status, Json(self.body)).into_response()
        };
        let headers = [(header::ETAG, self.etag), (header::LOCATION, self.location)];
        for (name, value) in headers {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// The key of one POST, if its sender gave one.
#[derive(Clone, Debug)]
pub struct Once {
    route: String,
    key: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        let route = format!("{} {}", parts.method, parts.uri.path());
        let key = match parts.headers.get("idempotency-key").map(|value| value.to_str()) {
            None => None,
            Some(Ok(key)) if (1..=KEY_CHARS_MAX).contains(&key.len()) => Some(key.to_owned()),
            Some(key) => {
                let value = key.unwrap_or_default();
                let detail = format!("an Idempotency-Key has 1 to {KEY_CHARS_MAX} ASCII characters");
                return Err(Error::invalid("Idempotency-Key", "key_length", value, detail).into_response());
            }
        };
        Ok(Once { route, key })
    }
}

/// The key bound to a caller and a body: what a transaction looks up and remembers.
#[derive(Clone, Debug)]
pub struct Ticket {
    user: Uuid,
    route: String,
    key: Option<String>,
    body_hash: String,
    at: Micros,
}

impl Once {
    pub fn ticket(self, app: &App, caller: &Caller, body: &[u8]) -> Ticket {
        Ticket {
            user: caller.user,
            route: self.route,
            key: self.key,
            body_hash: blake3::hash(body).to_hex().to_string(),
            at: app.clock.now(),
        }
    }
}

impl Ticket {
    /// The ticket of something that Revier does in somebody's name, and does once however often it begins anew.
    pub fn of_task(app: &App, user: Uuid, task: &str, key: String, body: &[u8]) -> Ticket {
        Ticket {
            user,
            route: task.to_owned(),
            key: Some(key),
            body_hash: blake3::hash(body).to_hex().to_string(),
            at: app.clock.now(),
        }
    }

    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// What makes two tickets the same; none without a key.
    pub fn identity(&self) -> Option<(Uuid, String, String)> {
        Some((self.user, self.route.clone(), self.key.clone()?))
    }

    /// The first answers of those whose keys have been used: or why that one cannot be given.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn find_all(
        tx: &Tx,
        tickets: &[&Ticket],
    ) -> Result<HashMap<(Uuid, String, String), Result<Answer, Error>>, Error> {
        let keys: Vec<&String> = tickets.iter().filter_map(|ticket| ticket.key.as_ref()).collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = tx.select::<row::Entity>().filter(row::Column::Key.is_in(padded(keys))).all().await?;
        let mut answers = HashMap::new();
        for row in rows {
            let identity = (row.user_id, row.route.clone(), row.key.clone());
            let asked = tickets.iter().find(|ticket| ticket.identity().as_ref() == Some(&identity));
            if let Some(ticket) = asked {
                answers.insert(identity, ticket.replay(row));
            }
        }
        Ok(answers)
    }

    fn replay(&self, row: row::Model) -> Result<Answer, Error> {
        if row.body_hash != self.body_hash {
            let detail = "this Idempotency-Key was used with another body; take a new key";
            return Err(Error::conflict("key_used", detail));
        }
        Ok(Answer {
            status: u16::try_from(row.status).unwrap_or(200),
            etag: row.etag,
            location: row.location,
            body: serde_json::from_str(&row.body)?,
        })
    }

    /// The first answer, where the key has been used.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it was used with another body.
    pub async fn find(&self, tx: &Tx) -> Result<Option<Answer>, Error> {
        let Some(key) = &self.key else { return Ok(None) };
        // No role or token scope may take away the promise that a repeated request gets its own answer.
        let own_answers = tx.as_task(access::Task::Upkeep);
        let found = own_answers
            .select::<row::Entity>()
            .filter(row::Column::UserId.eq(self.user))
            .filter(row::Column::Route.eq(&self.route))
            .filter(row::Column::Key.eq(key))
            .one()
            .await?;
        found.map(|row| self.replay(row)).transpose()
    }

    /// Remembers the answer in the transaction of the change itself.
    ///
    /// # Errors
    /// `Exists` where another server answers the same key right now; the repetition finds its answer.
    pub async fn remember(&self, tx: &Tx, answer: &Answer) -> Result<(), Error> {
        let rows = self.row(answer).into_iter().collect();
        Ok(tx.insert::<row::ActiveModel>(rows).await?)
    }

    /// Remembers many answers in one statement.
    ///
    /// # Errors
    /// As [`Ticket::remember`].
    pub async fn remember_all<'a>(
        tx: &Tx,
        answers: impl Iterator<Item = (&'a Ticket, &'a Answer)>,
    ) -> Result<(), Error> {
        let rows = answers.filter_map(|(ticket, answer)| ticket.row(answer)).collect();
        Ok(tx.insert::<row::ActiveModel>(rows).await?)
    }

    fn row(&self, answer: &Answer) -> Option<row::ActiveModel> {
        if store::mutant!("keys are not kept") {
            return None;
        }
        let key = self.key.clone()?;
        Some(row::ActiveModel {
            workspace_id: sea_orm::ActiveValue::NotSet,
            user_id: Set(self.user),
            route: Set(self.route.clone()),
            key: Set(key),
            body_hash: Set(self.body_hash.clone()),
            status: Set(i64::from(answer.status)),
            etag: Set(answer.etag.clone()),
            location: Set(answer.location.clone()),
            body: Set(answer.body.to_string()),
            at: Set(self.at),
        })
    }

    /// Runs a change once: looks the key up, does the work, remembers its answer, all in one transaction.
    ///
    /// # Errors
    /// What the work returns.
    pub async fn run<F, Fut>(&self, app: &App, caller: &Caller, work: F) -> Result<Answer, Error>
    where
        F: Fn(Tx) -> Fut,
        Fut: Future<Output = Result<Answer, Error>>,
    {
        let work = &work;
        let attempt = || {
            app.db.write(caller.workspace, caller.sight(), move |tx| async move {
                if let Some(answer) = self.find(&tx).await? {
                    return Ok(answer);
                }
                let answer = work(Tx::clone(&tx)).await?;
                self.remember(&tx, &answer).await?;
                Ok(answer)
            })
        };
        match attempt().await {
            // Another server took the same key between our look-up and our commit: its answer is ours.
            Err(Error::Store(store::StoreError::Exists(_))) if self.has_key() => attempt().await,
            done => done,
        }
    }
}

/// Forgets answers that are too old to be asked for.
///
/// # Errors
/// Where the database refuses.
pub async fn forget_old(app: &App, workspace: Uuid) -> Result<u64, Error> {
    let before = app.clock.now() - ANSWER_KEPT;
    app.db
        .write(workspace, store::Sight::Task(access::Task::Upkeep), |tx| async move {
            Ok(tx.delete::<row::Entity>(row::Column::At.lt(before)).await?)
        })
        .await
}
