//! The pages inside the binary, and the one document that starts them all.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memory_serve::CacheControl;

/// Built by Vite, with `CSP_NONCE` wherever a nonce belongs; empty where the pages are not built.
const INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/index.html"));
const NONCE_MARK: &str = "CSP_NONCE";
const NONCE_BYTES: usize = 18;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>Revier</title>\
    <p>This build of Revier has no pages; its API works. <code>make run</code> builds both, \
    or by hand: <code>cd web &amp;&amp; npm ci &amp;&amp; npm run build</code>, then build the binary again.</p>";

/// Everything that is not the API.
pub fn router() -> Router {
    let assets: Router =
        memory_serve::load!().index_file(None).cache_control(CacheControl::Medium).into_router();
    Router::new()
        .route("/", get(index))
        .merge(assets)
        .method_not_allowed_fallback(crm::http::routes::no_method)
        .fallback(page)
        .layer(middleware::from_fn(keep_hashed_names))
}

/// Vite names assets by their content, so a browser may keep them for ever.
async fn keep_hashed_names(request: Request, next: Next) -> Response {
    let is_hashed = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    if is_hashed && response.status().is_success() {
        let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, for_ever);
    }
    response
}

/// Every address that names no file is a page of the application, which reads it itself.
async fn page(request: Request) -> Response {
    let path = request.uri().path();
    let names_a_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if names_a_file || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return crm::http::routes::not_found();
    }
    index().await
}

async fn index() -> Response {
    if INDEX.is_empty() {
        return (StatusCode::OK, Html(NOT_BUILT)).into_response();
    }
    let mut bytes = [0_u8; NONCE_BYTES];
    if let Err(error) = getrandom::fill(&mut bytes) {
        return crm::Error::Bug(format!("no source of chance: {error}")).into_response();
    }
    let nonce = STANDARD_NO_PAD.encode(bytes);
    let mut response = Html(INDEX.replace(NONCE_MARK, &nonce)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match HeaderValue::from_str(&policy(&nonce)) {
        Ok(policy) => headers.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(error) => return crm::Error::Bug(error.to_string()).into_response(),
    };
    response
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
