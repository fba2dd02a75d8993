//! Requests into types: bodies, paths and queries whose rejections are problem documents.

use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::shape;
use crate::error::Error;

/// Nested deeper than this, a body is refused before it is parsed.
pub const JSON_DEPTH_MAX: usize = 64;

/// The character that databases do not store, as addresses write it.
const ZERO: &str = "%00";

/// A JSON body; with its bytes, since idempotency keys compare them.
pub struct Body<T> {
    pub value: T,
    pub bytes: Bytes,
}

/// A path's parameters.
pub struct At<T>(pub T);

/// A query's parameters.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        if !is_json(&request) {
            let detail = "send the body as JSON with Content-Type: application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail).into_response());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(bytes_rejected)?;
        if depth(&bytes) > JSON_DEPTH_MAX {
            let detail = format!("the body nests deeper than {JSON_DEPTH_MAX} levels");
            return Err(Problem::new(StatusCode::BAD_REQUEST, "too_deep", detail).into_response());
        }
        if let Some(pointer) = zero_character(&bytes) {
            let detail = "the text holds the control character U+0000; take it out";
            let error = Error::invalid(&pointer, "control_character", serde_json::Value::Null, detail);
            return Err(error.into_response());
        }
        match shape::read(&bytes) {
            Ok(value) => Ok(Body { value, bytes }),
            Err(error) if error.is_data() => {
                Err(Error::invalid("", "wrong_shape", serde_json::Value::Null, error.to_string())
                    .into_response())
            }
            Err(error) => {
                Err(Problem::new(StatusCode::BAD_REQUEST, "not_json", error.to_string()).into_response())
            }
        }
    }
}

/// Reads a member of a change that is there, be it null: `#[serde(default, deserialize_with = "present")]`
/// on an `Option<Option<T>>` tells "set to nothing" from "leave as it is".
///
/// # Errors
/// Where the value has another shape.
pub fn present<'de, T: serde::Deserialize<'de>, D: serde::Deserializer<'de>>(
    value: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(axum::http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
    })
}

fn bytes_rejected(rejection: BytesRejection) -> Response {
    let status = rejection.status();
    let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "unreadable" };
    Problem::new(status, code, rejection.body_text()).into_response()
}

/// Where a text of the body holds the one character that databases do not store; JSON can only escape it.
fn zero_character(bytes: &[u8]) -> Option<String> {
    let escaped = br"\u0000";
    if !bytes.windows(escaped.len()).any(|window| window == escaped) {
        return None;
    }
    let body = serde_json::from_slice(bytes).ok()?;
    zero_character_in(&body)
}

fn zero_character_in(value: &serde_json::Value) -> Option<String> {
    let below = |(step, value): (String, &serde_json::Value)| {
        let step = step.replace('~', "~0").replace('/', "~1");
        zero_character_in(value).map(|rest| format!("/{step}{rest}"))
    };
    match value {
        serde_json::Value::String(text) => text.contains('\0').then(String::new),
        serde_json::Value::Array(values) => {
            values.iter().enumerate().map(|(at, value)| (at.to_string(), value)).find_map(below)
        }
        serde_json::Value::Object(members) => {
            let is_key = |key: &&String| key.contains('\0');
            let named = members.keys().find(is_key).map(|_| String::new());
            named.or_else(|| members.iter().map(|(key, value)| (key.clone(), value)).find_map(below))
        }
        _ => None,
    }
}

fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut is_escaped) = (0_usize, 0, false, false);
    for &byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        if parts.uri.path().contains(ZERO) {
            return Err(Error::NotFound.into_response());
        }
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(At(value)),
            // An id that is none names nothing.
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Error::NotFound.into_response()),
            Err(rejection) => Err(Error::Bug(rejection.body_text()).into_response()),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        if let Some(query) = parts.uri.query().filter(|query| query.contains(ZERO)) {
            let detail = "the query holds the control character U+0000; take it out";
            return Err(Error::invalid("", "control_character", query, detail).into_response());
        }
        let query: Result<_, QueryRejection> =
            axum::extract::Query::<T>::from_request_parts(parts, state).await;
        match query {
            Ok(axum::extract::Query(value)) => Ok(Params(value)),
            Err(rejection) => {
                let query = parts.uri.query().unwrap_or_default();
                Err(Error::invalid("", "wrong_query", query, rejection.body_text()).into_response())
            }
        }
    }
}
