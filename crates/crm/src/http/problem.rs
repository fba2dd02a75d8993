//! Errors as problem documents (RFC 9457); the page words their codes in its reader's language.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use store::StoreError;
use utoipa::ToSchema;

use crate::error::{Error, Fault};

/// RFC 9457, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`: the status says it.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: String,
    pub status: u16,
    /// Stable, snake_case: what a program branches on.
    pub code: &'static str,
    /// What happened and what to do, in English.
    pub detail: String,
    /// Every faulty value of the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
    /// Of a stale change (412): the record as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub current: Option<Value>,
    /// Of a stale change of a lead: each field that has changed since it was read, `before` and `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub changed: Option<Value>,
    /// Of a change that is held up (409): what holds it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub held_up_by: Option<Value>,
    /// Of a 500: what to tell the operator; the log has it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemError {
    /// JSON pointer into the body, or the name of a query parameter.
    pub pointer: String,
    pub code: String,
    #[schema(value_type = serde_json::Value)]
    pub value: Value,
    pub detail: String,
}

impl From<Fault> for ProblemError {
    fn from(fault: Fault) -> ProblemError {
        let Fault { pointer, code, value, detail } = fault;
        ProblemError { pointer: cut(pointer), code, value: cut_value(value), detail: cut(detail) }
    }
}

/// Characters of what a request said that its problem says again: a megabyte would come back for each fault.
const SAID_CHARS_MAX: usize = 1_000;

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(SAID_CHARS_MAX) {
        text.truncate(at);
        text.push('…');
    }
    text
}

fn cut_value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(cut(text)),
        Value::Array(_) | Value::Object(_) => {
            let text = value.to_string();
            if text.len() > SAID_CHARS_MAX { Value::String(cut(text)) } else { value }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code,
            detail: cut(detail.into()),
            errors: Vec::new(),
            current: None,
            changed: None,
            held_up_by: None,
            operation: None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let detail = self.to_string();
        match self {
            Error::NotFound => Problem::new(StatusCode::NOT_FOUND, "not_found", detail).into_response(),
            Error::SignInNeeded => {
                Problem::new(StatusCode::UNAUTHORIZED, "sign_in_needed", detail).into_response()
            }
            Error::Denied(_) => Problem::new(StatusCode::FORBIDDEN, "denied", detail).into_response(),
            Error::Refused { code, .. } => Problem::new(StatusCode::FORBIDDEN, code, detail).into_response(),
            Error::Invalid(faults) => {
                let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
                problem.errors = faults.into_iter().map(ProblemError::from).collect();
                problem.into_response()
            }
            Error::Conflict { code, .. } => Problem::new(StatusCode::CONFLICT, code, detail).into_response(),
            Error::HeldUp { code, by, .. } => {
                let mut problem = Problem::new(StatusCode::CONFLICT, code, detail);
                problem.held_up_by = Some(by);
                problem.into_response()
            }
            Error::MatchNeeded => {
                Problem::new(StatusCode::PRECONDITION_REQUIRED, "if_match_needed", detail).into_response()
            }
            Error::Stale { current, changed, etag } => stale(detail, current, changed, &etag),
            Error::TooMany { retry_after_s } => {
                let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_tries", detail);
                later(problem, retry_after_s)
            }
            Error::Busy => later(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail), 1),
            Error::Full => {
                Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", detail).into_response()
            }
            Error::Store(error) => from_store(error),
            Error::Bug(_) => bug(&detail),
        }
    }
}

fn stale(detail: String, current: Value, changed: Option<Value>, etag: &str) -> Response {
    let mut problem = Problem::new(StatusCode::PRECONDITION_FAILED, "stale", detail);
    problem.current = Some(current);
    problem.changed = changed;
    let mut response = problem.into_response();
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn later(problem: Problem, seconds: u64) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn from_store(error: StoreError) -> Response {
    match error {
        StoreError::Busy(_) | StoreError::Unreachable(_) | StoreError::Unknown(_) => {
            tracing::warn!(%error, "the database did not answer");
            Error::Busy.into_response()
        }
        StoreError::Full(_) => Error::Full.into_response(),
        StoreError::Exists(_) => {
            let detail = "such a thing exists already; give it another name";
            Problem::new(StatusCode::CONFLICT, "exists", detail).into_response()
        }
        StoreError::Other(_) => bug(&error.to_string()),
    }
}

fn bug(detail: &str) -> Response {
    let operation = uuid::Uuid::now_v7().to_string();
    tracing::error!(%operation, detail, "an operation failed");
    let mut problem = Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "something went wrong on our side; tell your operator the operation's number",
    );
    problem.operation = Some(operation);
    problem.into_response()
}
