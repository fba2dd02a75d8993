//! Headers of every answer, and entity tags.

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::caller::PEER_HEADER;
use crate::error::Error;

const SAFE: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    ),
];

/// Answers that are not pages run and load nothing.
const NO_PAGE_CSP: &str = "default-src 'none'; frame-ancestors 'none'";

/// The contract's pages bring their own scripts; their styles stand in the document.
const DOCS_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the security headers on every answer, and tells later layers the peer's address.
pub async fn secure(mut request: Request, next: Next) -> Response {
    let peer =
        request.extensions().get::<ConnectInfo<std::net::SocketAddr>>().map(|peer| peer.0.ip().to_string());
    request.headers_mut().remove(PEER_HEADER);
    if let Some(value) = peer.and_then(|peer| HeaderValue::from_str(&peer).ok()) {
        request.headers_mut().insert(PEER_HEADER, value);
    }
    let is_api = request.uri().path().starts_with("/api/v1");
    let csp = if request.uri().path().starts_with("/api/docs") { DOCS_CSP } else { NO_PAGE_CSP };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SAFE {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(csp));
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Browsers keep to https for two years, where people reach the server that way.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Tells browsers to come by https only.
pub async fn keep_https(mut response: Response) -> Response {
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    response
}

/// The entity tag of a record's version.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version that the caller has read (`If-Match`); required for every change of a record.
#[derive(Clone, Copy, Debug)]
pub struct IfMatch(pub Option<i64>);

impl IfMatch {
    /// True where this is the version that was read, or any may be meant.
    pub fn is_of(self, version: i64) -> bool {
        self.0.is_none_or(|seen| seen == version)
    }

    /// Compares with the version as it is.
    ///
    /// # Errors
    /// [`Error::Stale`] with the current state where it has changed.
    pub fn check(
        self,
        version: i64,
        current: impl FnOnce() -> Result<serde_json::Value, Error>,
    ) -> Result<(), Error> {
        if self.is_of(version) {
            return Ok(());
        }
        Err(Error::Stale { current: current()?, changed: None, etag: etag(version) })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(Error::MatchNeeded.into_response());
        };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(IfMatch(None));
        }
        let version = text.trim_start_matches("W/").trim_matches('"').parse().ok();
        // A tag that was never ours matches nothing.
        Ok(IfMatch(Some(version.unwrap_or(-1))))
    }
}

/// An instant as the API writes it: RFC 3339 in UTC.
pub fn moment(us: crate::app::Micros) -> String {
    jiff::Timestamp::from_microsecond(us).map(|at| at.to_string()).unwrap_or_default()
}
