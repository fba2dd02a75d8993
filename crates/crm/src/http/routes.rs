//! The table of all routes. A route that is not here does not exist.

use access::Permission;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::headers;
use super::live;
use super::openapi::{self, Contract};
use super::problem::Problem;
use super::table::{Row, Table};
use crate::app::App;
use crate::error::Error;
use crate::fields;
use crate::people;
use crate::places;
use crate::records::lead;
use crate::territories::{self, book};
use crate::trail;

/// Bytes of a request's body.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// The table, before it becomes a router.
pub fn table(app: &App) -> Table {
    let table = Table::new(app.clone(), OpenApiRouter::with_openapi(Contract::openapi()))
        .row(Permission::Anyone, routes!(is_live))
        .row(Permission::Anyone, routes!(ready));
    let table = table.row(Permission::SignedIn, routes!(live::events));
    let table = people::http::routes(table);
    let table = places::http::routes(table);
    let table = fields::http::routes(table);
    let table = territories::http::routes(table);
    let table = lead::http::routes(table);
    trail::http::routes(table)
}

/// The rows, for tests that call every route.
pub fn rows(app: &App) -> Vec<Row> {
    table(app).rows
}

/// The contract as it is committed to `docs/openapi.json`.
///
/// # Errors
/// Never for a contract that compiles.
pub fn openapi(app: &App) -> Result<String, serde_json::Error> {
    let (_, document) = table(app).router.split_for_parts();
    serde_json::to_string_pretty(&openapi::named(document))
}

/// The whole server below its pages: `pages` answers what the API does not.
pub fn router(app: App, pages: Router) -> Router {
    let (router, document) = table(&app).router.split_for_parts();
    let docs =
        utoipa_swagger_ui::SwaggerUi::new("/api/docs").url("/api/v1/openapi.json", openapi::named(document));
    let is_https = app.settings.origin.starts_with("https://");
    let router = router
        .merge(docs)
        .route("/api/{*rest}", axum::routing::any(no_route))
        .method_not_allowed_fallback(no_method)
        .with_state(app)
        .fallback_service(pages);
    let router = if is_https { router.layer(middleware::map_response(headers::keep_https)) } else { router };
    router
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CsrfLayer::new().with_rejection_response(from_elsewhere))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(headers::secure))
}

async fn no_route() -> Error {
    Error::NotFound
}

/// Answers of a path that is there, but not for this method.
pub async fn no_method() -> Response {
    let detail = "this address does not know the method; the header Allow names those that it knows";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_unknown", detail).into_response()
}

fn from_elsewhere(_: ProtectionError) -> Response {
    let detail = "this request comes from another site's page; do it on our own";
    Error::refused("origin_foreign", detail).into_response()
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Error::Bug(text.unwrap_or_else(|| "a panic without words".to_owned())).into_response()
}

/// Says that the process runs.
#[utoipa::path(get, path = "/live", tag = "operation", security(()), responses((status = 200, body = String)))]
async fn is_live() -> &'static str {
    "live"
}

/// Says that the database answers and that leads can be placed at once; at the start it waits for that.
#[utoipa::path(get, path = "/ready", tag = "operation", security(()),
    responses((status = 200, body = String), (status = 503, body = Problem)))]
async fn ready(State(app): State<App>) -> Result<&'static str, Error> {
    app.db.ping().await?;
    book::open_all(&app).await?;
    Ok("ready")
}

/// Answers of the kind that only a wrong path gets.
pub fn not_found() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is no such page").into_response()
}
