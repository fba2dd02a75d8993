//! A workspace that was set up through the API, and requests as the people in it.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use testkit::{Answer, Site};

/// Of everybody in these tests.
pub const PASSWORD: &str = "Turmuhr schlägt dreizehn";

/// Who asks.
#[derive(Clone, Debug)]
pub enum Who {
    Nobody,
    Session(String),
    Token(String),
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub email: String,
    pub who: Who,
}

/// What a test asks of a site.
pub trait Asks {
    async fn ask(
        &self,
        who: &Who,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer;

    async fn get(&self, who: &Who, path: &str) -> Answer {
        self.ask(who, Method::GET, path, &[], None).await
    }

    async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask(who, Method::POST, path, &[], Some(body)).await
    }

    async fn delete(&self, who: &Who, path: &str) -> Answer {
        self.ask(who, Method::DELETE, path, &[], None).await
    }

    /// Changes what is there, whatever its version.
    async fn patch(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask(who, Method::PATCH, path, &[("if-match", "*")], Some(body)).await
    }

    async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post(&Who::Nobody, "/api/v1/session", json!({ "email": email, "password": password })).await
    }
}

impl Asks for Site {
    async fn ask(
        &self,
        who: &Who,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        match who {
            Who::Nobody => {}
            Who::Session(secret) => request = request.header("cookie", format!("revier_session={secret}")),
            Who::Token(token) => request = request.header("authorization", format!("Bearer {token}")),
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => {
                request.header("content-type", "application/json").body(Body::from(body.to_string()))
            }
            None => request.body(Body::empty()),
        };
        self.send(request.expect("a request")).await
    }
}

/// The session that an answer's cookie begins.
pub fn session_of(answer: &Answer) -> Who {
    let cookie = answer.header("set-cookie");
    let secret = cookie.strip_prefix("revier_session=").and_then(|rest| rest.split(';').next());
    Who::Session(secret.unwrap_or_else(|| panic!("no session: {answer}")).to_owned())
}

/// A set-up that is right in all.
pub fn wish(token: &str) -> Value {
    json!({
        "token": token, "name": "Katrin Huber", "email": "katrin@example.com", "password": PASSWORD,
        "language": "de", "workspace_name": "Huber Werkzeuge", "time_zone": "Europe/Vienna",
        "currency": "CHF", "demo": false,
    })
}

/// Sets the site up; returns its administrator.
pub async fn set_up(site: &Site) -> Person {
    let token = crm::people::setup::announce(&site.app).await.expect("the database answers");
    let token = token.expect("there is no workspace yet");
    let answer = site.post(&Who::Nobody, "/api/v1/setup", wish(&token)).await.is(201);
    Person { id: answer.text_at("/id"), email: "katrin@example.com".to_owned(), who: session_of(&answer) }
}

/// Adds somebody with a built-in role and signs them in.
pub async fn hire(site: &Site, administrator: &Person, name: &str, role: &str) -> Person {
    let email = format!("{}@example.com", name.to_lowercase());
    let body = json!({ "name": name, "email": email, "role": role, "password": PASSWORD });
    let made = site.post(&administrator.who, "/api/v1/users", body).await.is(201);
    let who = session_of(&site.sign_in(&email, PASSWORD).await.is(201));
    Person { id: made.text_at("/id"), email, who }
}

/// Makes a token for somebody.
pub async fn token(site: &Site, owner: &Person, scopes: Value) -> Who {
    let body = json!({ "name": "a program", "scopes": scopes });
    Who::Token(site.post(&owner.who, "/api/v1/tokens", body).await.is(201).text_at("/token"))
}

pub fn path_of(person: &Person) -> String {
    format!("/api/v1/users/{}", person.id)
}
