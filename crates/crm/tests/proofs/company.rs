//! A company at work: set up, with people, territories and rules made over HTTP.

use access::BuiltInRole;
use axum::body::Body;
use axum::http::{Method, Request};
use crm::people::setup::{self, Start};
use crm::people::sign_in;
use crm::trail::Actor;
use serde_json::{Value, json};
use testkit::{Answer, Site};
use uuid::Uuid;

const PASSWORD: &str = "drei Wetter und ein Taft";

#[derive(Clone)]
pub struct Company {
    pub site: Site,
    pub workspace: Uuid,
    pub boss: Person,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    cookie: String,
}

impl Person {
    pub fn cookie(&self) -> &str {
        &self.cookie
    }
}

impl Company {
    /// The workspace of an administrator.
    pub async fn new(site: &Site) -> Company {
        let ask = setup::Ask {
            name: "Chefin".to_owned(),
            email: "chefin@example.com".to_owned(),
            password: PASSWORD.to_owned(),
            language: "de".to_owned(),
            workspace_name: None,
            time_zone: None,
            currency: None,
            default_country: None,
            start: Start::Empty,
        };
        let draft = ask.parse().expect("a good draft");
        let founded = setup::found(&site.app, draft, &Actor::console()).await.expect("it is founded");
        let workspace = founded.workspace;
        let boss = signed_in(site, workspace, founded.administrator).await;
        Company { site: site.clone(), workspace, boss }
    }

    /// The same company on another server, or after a restart.
    pub fn at(&self, site: &Site) -> Company {
        Company { site: site.clone(), ..self.clone() }
    }

    /// Signs somebody in anew, since sessions end while the clock is turned.
    pub async fn again(&self, person: &Person) -> Person {
        signed_in(&self.site, self.workspace, person.id).await
    }

    pub async fn person(&self, name: &str, role: BuiltInRole) -> Person {
        self.person_with(name, role, json!({})).await
    }

    pub async fn person_with(&self, name: &str, role: BuiltInRole, more: Value) -> Person {
        let mut body = json!({ "name": name, "email": format!("{name}@example.com"), "role": role.key(),
            "password": PASSWORD });
        merge(&mut body, more);
        let made = self.post(&self.boss, "/api/v1/users", body).await.is(201);
        let id = id_of(&made);
        signed_in(&self.site, self.workspace, id).await
    }

    pub async fn territory(&self, body: Value) -> Uuid {
        id_of(&self.post(&self.boss, "/api/v1/territories", body).await.is(201))
    }

    pub async fn rule(&self, territory: Uuid, when: Value) -> Uuid {
        let path = format!("/api/v1/territories/{territory}/rules");
        id_of(&self.post(&self.boss, &path, json!({ "name": "Regel", "when": when })).await.is(201))
    }

    /// Makes somebody a member with access who is handed leads.
    pub async fn member(&self, territory: Uuid, person: &Person, more: Value) {
        let mut body = json!({ "access": true, "assignment": true });
        merge(&mut body, more);
        let path = format!("/api/v1/territories/{territory}/members/{}", person.id);
        self.ask(&self.boss, Method::PUT, &path, &[], Some(body)).await.is_fine();
    }

    /// Changes the workspace's settings.
    pub async fn settings(&self, change: Value) {
        let tag = self.get(&self.boss, "/api/v1/workspace").await.is(200).header("etag").to_owned();
        let headers = [("if-match", tag.as_str())];
        self.ask(&self.boss, Method::PATCH, "/api/v1/workspace", &headers, Some(change)).await.is(200);
    }

    /// Creates a lead as somebody and returns it.
    pub async fn lead(&self, person: &Person, body: Value) -> Value {
        self.post(person, "/api/v1/leads", body).await.is(201).json()["lead"].clone()
    }

    pub async fn get(&self, person: &Person, path: &str) -> Answer {
        self.ask(person, Method::GET, path, &[], None).await
    }

    pub async fn post(&self, person: &Person, path: &str, body: Value) -> Answer {
        self.ask(person, Method::POST, path, &[], Some(body)).await
    }

    /// Changes a lead as it is now.
    pub async fn patch_lead(&self, person: &Person, id: &str, body: Value) -> Answer {
        let path = format!("/api/v1/leads/{id}");
        let tag = self.get(person, &path).await.is(200).header("etag").to_owned();
        self.ask(person, Method::PATCH, &path, &[("if-match", tag.as_str())], Some(body)).await
    }

    /// Gives, moves or unpins a lead as it is now.
    pub async fn assign(&self, person: &Person, id: &str, body: Value) -> Answer {
        let path = format!("/api/v1/leads/{id}");
        let tag = self.get(person, &path).await.is(200).header("etag").to_owned();
        let path = format!("{path}/assignment");
        self.ask(person, Method::POST, &path, &[("if-match", tag.as_str())], Some(body)).await
    }

    pub async fn ask(
        &self,
        person: &Person,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", &person.cookie)
            .header("sec-fetch-site", "same-origin");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.site.send(request.body(body).expect("a request")).await
    }
}

async fn signed_in(site: &Site, workspace: Uuid, user: Uuid) -> Person {
    let secret = sign_in::start_session(&site.app, workspace, user, String::new(), String::new()).await;
    Person { id: user, cookie: format!("revier_session={}", secret.expect("a session").text) }
}

pub fn id_of(answer: &Answer) -> Uuid {
    answer.text_at("/id").parse().expect("an id")
}

/// The text of a member, for comparisons with ids.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub fn merge(into: &mut Value, more: Value) {
    let (Value::Object(into), Value::Object(more)) = (into, more) else { panic!("two objects") };
    into.extend(more);
}

/// `filter=` and others, encoded for an address.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
