//! The product in process: the whole router over a test's database, with a clock to turn.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use crm::App;
use crm::app::Settings;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::answer::Answer;
use crate::base::Base;
use crate::clock::TurnedClock;

/// One server in process. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    pub app: App,
    pub clock: TurnedClock,
    pub base: Arc<Base>,
    router: Router,
}

impl Site {
    /// Opens the database and builds the router.
    ///
    /// # Panics
    /// Where the database does not answer.
    pub async fn new(base: Base) -> Site {
        Site::over(Arc::new(base), TurnedClock::default()).await
    }

    /// One more server on the same database, with the same clock.
    ///
    /// # Panics
    /// Where the database does not answer.
    pub async fn another_server(&self) -> Site {
        Site::over(Arc::clone(&self.base), self.clock.clone()).await
    }

    async fn over(base: Arc<Base>, clock: TurnedClock) -> Site {
        let settings = Settings { origin: "http://revier.test".to_owned(), trusted_proxies: 0 };
        let app = App::new(base.open().await, clock.clock(), settings);
        let router = crm::http::routes::router(app.clone(), Router::new());
        Site { app, clock, base, router }
    }

    /// Sends a request through the router.
    ///
    /// # Panics
    /// Where the body breaks off.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.response(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the body arrives").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// The response before its body has arrived.
    ///
    /// # Panics
    /// Never: a router answers always.
    pub async fn response(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.expect("a router answers always")
    }

    /// The workspaces that a test has made, without the living twin.
    ///
    /// # Panics
    /// Where the database does not answer.
    pub async fn workspaces(&self) -> Vec<uuid::Uuid> {
        let all = self.app.db.workspaces().await.expect("the database answers").into_iter();
        all.filter(|workspace| *workspace != crate::living_twin::TWIN).collect()
    }

    /// A twin of the workspace with equal record ids; see [`crate::twin`].
    ///
    /// # Panics
    /// Where the database refuses.
    pub async fn twin_of(&self, workspace: uuid::Uuid) -> uuid::Uuid {
        crate::twin::make(&self.base, workspace).await
    }

    /// Closes the pools and removes the database, where this was the last server on it.
    ///
    /// # Panics
    /// Where the database cannot be removed.
    pub async fn end(self) {
        let Site { app, clock: _, base, router } = self;
        drop(router);
        app.db.clone().close().await;
        drop(app);
        if let Ok(base) = Arc::try_unwrap(base) {
            base.drop().await;
        }
    }
}
