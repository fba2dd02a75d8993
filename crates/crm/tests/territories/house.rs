//! A workspace to test in: people with roles, and requests as one of them through the whole router.

use std::sync::Arc;

use access::{BuiltInRole, Task};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use crm::app::Settings;
use crm::people::store::{role, user, workspace};
use crm::people::{secret::Secret, sign_in};
use crm::{App, Error};
use http_body_util::BodyExt;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use store::{Sight, Tx};
use testkit::TurnedClock;
use testkit::base::{self, Base, Kind};
use tower::ServiceExt;
use uuid::Uuid;

pub struct House {
    pub app: App,
    pub workspace: Uuid,
    pub clock: TurnedClock,
    router: axum::Router,
    base: Arc<Base>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    cookie: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub etag: String,
    pub body: Value,
}

impl Reply {
    #[track_caller]
    pub fn is(self, status: u16) -> Reply {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// The codes of all faults.
    pub fn codes(&self) -> Vec<(&str, &str)> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap_or(""), error["code"].as_str().unwrap_or("")))
            .collect()
    }
}

/// The databases on which a test runs: SQLite, and PostgreSQL where the test run has one.
pub async fn houses() -> Vec<House> {
    let mut houses = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if base::available(kind).is_some() {
            houses.push(House::build(Base::beside_twin(kind).await).await);
        }
    }
    houses
}

impl House {
    pub async fn on_sqlite() -> House {
        House::build(Base::beside_twin(Kind::Sqlite).await).await
    }

    async fn build(base: Base) -> House {
        let db = base.open().await;
        let clock = TurnedClock::default();
        let app = App::new(db, clock.clock(), settings());
        let workspace = app.ids.next();
        let row = workspace::ActiveModel {
            id: Set(workspace),
            name: Set("Test".to_owned()),
            language: Set("de".to_owned()),
            currency: Set("EUR".to_owned()),
            time_zone: Set("Europe/Berlin".to_owned()),
            default_country: Set(Some("DE".to_owned())),
            rules_run: Set("while_unowned".to_owned()),
            is_sticky: Set(true),
            default_territory_id: Set(None),
            rules_version: Set(1),
            plan_version: Set(1),
            version: Set(1),
            created_at: Set(testkit::clock::TUESDAY_AT_TEN),
        };
        let router = crm::http::routes::router(app.clone(), axum::Router::new());
        let house = House { app, clock, workspace, router, base: Arc::new(base) };
        house
            .write(|tx| {
                let (row, roles) = (row.clone(), roles());
                async move {
                    tx.insert(vec![row]).await?;
                    Ok(tx.insert(roles).await?)
                }
            })
            .await;
        house
    }

    /// One more server on the same database.
    pub async fn another_server(&self) -> House {
        let clock = self.clock.clone();
        let app = App::new(self.base.open().await, clock.clock(), settings());
        let router = crm::http::routes::router(app.clone(), axum::Router::new());
        House { app, clock, workspace: self.workspace, router, base: Arc::clone(&self.base) }
    }

    pub async fn write<F, Fut>(&self, work: F)
    where
        F: Fn(Tx) -> Fut,
        Fut: Future<Output = Result<(), Error>>,
    {
        self.app.db.write(self.workspace, Sight::Task(Task::Setup), work).await.expect("it is written");
    }

    /// Somebody new with a built-in role.
    pub async fn person(&self, name: &str, built_in: BuiltInRole) -> Person {
        let id = self.app.ids.next();
        let row = user::ActiveModel {
            workspace_id: Set(self.workspace),
            id: Set(id),
            email: Set(format!("{name}@example.com")),
            email_key: Set(format!("{name}@example.com")),
            name: Set(name.to_owned()),
            language: Set("de".to_owned()),
            time_zone: Set("Europe/Berlin".to_owned()),
            password_hash: Set(None),
            role_id: Set(role_id(built_in)),
            is_active: Set(true),
            working_hours: Set(None),
            version: Set(1),
            created_at: Set(testkit::clock::TUESDAY_AT_TEN),
        };
        self.write(|tx| {
            let row = row.clone();
            async move { Ok(tx.insert(vec![row]).await?) }
        })
        .await;
        let secret: Secret =
            sign_in::start_session(&self.app, self.workspace, id, String::new(), String::new())
                .await
                .expect("a session");
        Person { id, cookie: format!("revier_session={}", secret.text) }
    }

    pub async fn manager(&self) -> Person {
        self.person("mia", BuiltInRole::SalesManager).await
    }

    pub async fn seller(&self, name: &str) -> Person {
        self.person(name, BuiltInRole::Seller).await
    }

    pub async fn ask(
        &self,
        person: &Person,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", &person.cookie)
            .header("sec-fetch-site", "same-origin");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()))
                .expect("a request"),
            None => request.body(Body::empty()).expect("a request"),
        };
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let etag = parts.headers.get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or("*").to_owned();
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| json!(String::from_utf8_lossy(&bytes).into_owned()));
        Reply { status: parts.status, etag, body }
    }

    pub async fn get(&self, person: &Person, path: &str) -> Reply {
        self.ask(person, Method::GET, path, &[], None).await
    }

    pub async fn post(&self, person: &Person, path: &str, body: Value) -> Reply {
        self.ask(person, Method::POST, path, &[], Some(body)).await
    }

    /// Changes what is there, whatever its version.
    pub async fn patch(&self, person: &Person, path: &str, body: Value) -> Reply {
        self.ask(person, Method::PATCH, path, &[("if-match", "*")], Some(body)).await
    }

    pub async fn put(&self, person: &Person, path: &str, body: Value) -> Reply {
        self.ask(person, Method::PUT, path, &[("if-match", "*")], Some(body)).await
    }

    pub async fn delete(&self, person: &Person, path: &str) -> Reply {
        self.ask(person, Method::DELETE, path, &[("if-match", "*")], None).await
    }

    /// Makes a territory and returns its id.
    pub async fn territory(&self, person: &Person, name: &str, parent: Option<&str>) -> String {
        let body = json!({ "name": name, "parent": parent });
        let reply = self.post(person, "/api/v1/territories", body).await.is(201);
        reply.body["id"].as_str().expect("an id").to_owned()
    }
}

fn settings() -> Settings {
    Settings { origin: "http://localhost".to_owned(), trusted_proxies: 0 }
}

fn roles() -> Vec<role::ActiveModel> {
    let row = |built_in: BuiltInRole| role::ActiveModel {
        workspace_id: sea_orm::ActiveValue::NotSet,
        id: Set(role_id(built_in)),
        key: Set(built_in.key().to_owned()),
        detail: Set(serde_json::to_string(&built_in.role()).expect("JSON")),
        is_built_in: Set(true),
    };
    BuiltInRole::ALL.into_iter().map(row).collect()
}

fn role_id(built_in: BuiltInRole) -> Uuid {
    Uuid::from_u128(1 + built_in as u128)
}
