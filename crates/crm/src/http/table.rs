//! The table of routes: none enters it without saying which permission it asks for.

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};

use super::caller;
use crate::app::App;
use crate::error::Error;
use access::Permission;

/// One line of the table, as the access matrix and the tests read it.
#[derive(Clone, Debug)]
pub struct Row {
    pub method: String,
    pub path: String,
    pub permission: Permission,
}

/// Collects routes with their permissions and their contract.
pub struct Table {
    app: App,
    pub rows: Vec<Row>,
    pub router: OpenApiRouter<App>,
}

impl Table {
    pub fn new(app: App, router: OpenApiRouter<App>) -> Table {
        Table { app, rows: Vec::new(), router }
    }

    /// Adds a route; its callers need `permission`.
    #[must_use]
    pub fn row(mut self, permission: Permission, routes: UtoipaMethodRouter<App>) -> Table {
        for (path, item) in &routes.1.paths {
            let methods = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            for (method, _) in methods.iter().filter(|(_, is_there)| *is_there) {
                self.rows.push(Row { method: (*method).to_owned(), path: path.clone(), permission });
            }
        }
        let guard = middleware::from_fn_with_state((self.app.clone(), permission), guard);
        self.router = self.router.routes(routes.layer(guard));
        self
    }
}

async fn guard(
    State((app, permission)): State<(App, Permission)>,
    mut request: Request,
    next: Next,
) -> Response {
    if permission == Permission::Anyone {
        return next.run(request).await;
    }
    match caller::identify(&app, request.headers(), permission).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error @ Error::Denied(_)) if store::mutant!("the change comes before the check") => {
            if let Ok(caller) = caller::identify(&app, request.headers(), Permission::SignedIn).await {
                request.extensions_mut().insert(caller);
                next.run(request).await;
            }
            error.into_response()
        }
        Err(error) => error.into_response(),
    }
}
