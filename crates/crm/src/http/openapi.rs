//! The contract as a document: OpenAPI 3.1, and its pages, which work offline.

use utoipa::Modify;
use utoipa::OpenApi;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, ObjectBuilder, RefOr, Response};

use super::caller::SESSION_COOKIE;
use super::once::KEY_CHARS_MAX;
use super::problem::{Problem, ProblemError};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Revier",
        description = "Sales CRM with territory management. Ids are UUIDv7, instants RFC 3339 in UTC, \
                       errors problem documents (RFC 9457) whose `errors` name each faulty value.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem, ProblemError)),
    security(("session" = []), ("token" = [])),
    modifiers(&Security)
)]
pub struct Contract;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE)));
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("session", cookie);
        components.add_security_scheme("token", bearer);
    }
}

/// Problem documents have a media type of their own (RFC 9457 §3).
fn as_problem(response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    let is_problem = |content: &RefOr<Content>| match content {
        RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) => {
            schema.ref_location.ends_with("/Problem")
        }
        _ => false,
    };
    if response.content.get("application/json").is_some_and(is_problem)
        && let Some(content) = response.content.shift_remove("application/json")
    {
        response.content.insert("application/problem+json".to_owned(), content);
    }
}

/// Says how long an idempotency key may be, wherever one is taken.
fn bounded(parameter: &mut RefOr<Parameter>) {
    let RefOr::T(parameter) = parameter else { return };
    if parameter.name == "Idempotency-Key" {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let text = text.min_length(Some(1)).max_length(Some(KEY_CHARS_MAX)).pattern(Some("^[ -~]*$"));
        parameter.schema = Some(text.into());
    }
}

/// Names every operation by its method and path, so that no two share a name: `get_leads_id_decision`.
pub fn named(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut document.paths.paths {
        let place = path.trim_start_matches("/api/v1").replace(['{', '}'], "").replace(['/', '-', '.'], "_");
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}{place}"));
                operation.responses.responses.values_mut().for_each(as_problem);
                operation.parameters.iter_mut().flatten().for_each(bounded);
            }
        }
    }
    document
}
