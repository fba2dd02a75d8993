//! People at work: whoever signs in, asks, and gets answers. No headers in tests.

use axum::body::Body;
use axum::http::{Method, Request};
use crm::people::sign_in;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::answer::Answer;
use crate::lead::Lead;
use crate::site::Site;

/// Of everybody whom the kit hires.
pub const PASSWORD: &str = "Turmuhr schlägt dreizehn";

/// Somebody who is signed in on a site, or nobody.
#[derive(Clone)]
pub struct Actor {
    pub site: Site,
    pub workspace: Uuid,
    pub id: Uuid,
    cookie: Option<String>,
}

impl Site {
    /// Sets the site up; its administrator.
    ///
    /// # Panics
    /// Where it is set up already.
    pub async fn administrator(&self) -> Actor {
        let token = crm::people::setup::announce(&self.app).await.expect("the database answers");
        let body = json!({
            "token": token.expect("there is no workspace yet"), "name": "Katrin Huber",
            "email": "katrin@example.com", "password": PASSWORD, "language": "de",
        });
        let nobody = Actor { site: self.clone(), workspace: Uuid::nil(), id: Uuid::nil(), cookie: None };
        let answer = nobody.post("/api/v1/setup", body).await.is(201);
        let id = answer.text_at("/id").parse().expect("an id");
        let workspace = *self.app.db.workspaces().await.expect("it answers").first().expect("one is there");
        Actor::signed_in(self, workspace, id).await
    }
}

impl Actor {
    /// Signs a user in without their password; also the same user of a twin workspace.
    ///
    /// # Panics
    /// Where the database refuses.
    pub async fn signed_in(site: &Site, workspace: Uuid, id: Uuid) -> Actor {
        let secret = sign_in::start_session(&site.app, workspace, id, String::new(), String::new()).await;
        let cookie = Some(format!("revier_session={}", secret.expect("a session").text));
        Actor { site: site.clone(), workspace, id, cookie }
    }

    /// Whoever has not signed in.
    #[must_use]
    pub fn nobody(&self) -> Actor {
        Actor { cookie: None, ..self.clone() }
    }

    /// The same person on another server.
    #[must_use]
    pub fn on(&self, site: &Site) -> Actor {
        Actor { site: site.clone(), ..self.clone() }
    }

    /// Adds somebody with a built-in role (`sales_manager`, `seller`, …) and signs them in.
    ///
    /// # Panics
    /// Where the actor may not.
    pub async fn hires(&self, name: &str, role: &str) -> Actor {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({ "name": name, "email": email, "role": role, "password": PASSWORD });
        let made = self.post("/api/v1/users", body).await.is(201);
        let id = made.text_at("/id").parse().expect("an id");
        Actor::signed_in(&self.site, self.workspace, id).await
    }

    /// Adds a seller who has access to a territory and is handed its leads.
    ///
    /// # Panics
    /// Where the actor may not.
    pub async fn hires_seller(&self, name: &str, territory: &str) -> Actor {
        let seller = self.hires(name, "seller").await;
        self.lets_in(territory, &seller, true).await;
        seller
    }

    /// Makes a territory whose rule is `when`; returns its id.
    ///
    /// # Panics
    /// Where the actor may not.
    pub async fn makes_territory(&self, name: &str, parent: Option<&str>, when: Value) -> String {
        let made = self.post("/api/v1/territories", json!({ "name": name, "parent": parent })).await.is(201);
        let id = made.text_at("/id");
        let rule = json!({ "name": format!("rule of {name}"), "when": when });
        self.post(&format!("/api/v1/territories/{id}/rules"), rule).await.is(201);
        id
    }

    /// Gives somebody access to a territory and, where `assignment`, its leads in turn.
    ///
    /// # Panics
    /// Where the actor may not.
    pub async fn lets_in(&self, territory: &str, person: &Actor, assignment: bool) {
        let path = format!("/api/v1/territories/{territory}/members/{}", person.id);
        self.put(&path, json!({ "access": true, "assignment": assignment })).await.is_fine();
    }

    /// Creates a lead; returns its id.
    ///
    /// # Panics
    /// Where the actor may not.
    pub async fn creates(&self, lead: Lead) -> String {
        self.post("/api/v1/leads", lead.json()).await.is(201).text_at("/id")
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, &[], Some(body)).await
    }

    /// Changes what is there, whatever its version.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, &[("if-match", "*")], Some(body)).await
    }

    /// Puts in place of what is there, whatever its version.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, &[("if-match", "*")], Some(body)).await
    }

    /// Deletes what is there, whatever its version.
    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, &[("if-match", "*")], None).await
    }

    /// Any request.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        self.site.send(self.request(method, path, headers, body)).await
    }

    /// The status alone, for answers that never end.
    pub async fn status(&self, method: Method, path: &str, body: Option<Value>) -> u16 {
        let request = self.request(method, path, &[("if-match", "*")], body);
        self.site.response(request).await.status().as_u16()
    }

    /// A request as the actor, for whatever else it is to carry.
    pub fn begin(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Request<Body> {
        let mut request = self.begin(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => {
                request.header("content-type", "application/json").body(Body::from(body.to_string()))
            }
            None => request.body(Body::empty()),
        };
        request.expect("a request")
    }
}
