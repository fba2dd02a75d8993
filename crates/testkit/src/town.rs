//! A small company with one of everything that a path can name, for tests that call every route.

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actor::Actor;
use crate::lead::lead;
use crate::site::Site;

/// The built-in roles, in the order of [`Town::people`].
pub const ROLES: [&str; 5] = ["administrator", "sales_manager", "seller", "restricted_seller", "read_only"];

#[derive(Clone)]
pub struct Town {
    /// One of each role. All but the administrator have access to the territory.
    pub people: Vec<Actor>,
    /// A seller of the territory, who owns the lead, the token, the session and the absence.
    pub colleague: Uuid,
    pub lead: String,
    pub territory: String,
    rule: String,
    token: String,
    session: String,
    absence: String,
    field: String,
    batch: String,
}

impl Town {
    /// Sets a site up.
    ///
    /// # Panics
    /// Where the product refuses what an administrator may.
    pub async fn found(site: &Site) -> Town {
        let administrator = site.administrator().await;
        let territory = administrator.makes_territory("Nord", None, json!({ "all": [] })).await;
        let colleague = administrator.hires_seller("Jonas", &territory).await;
        let mut people = vec![administrator.clone()];
        for role in &ROLES[1..] {
            let person = administrator.hires(role, role).await;
            administrator.lets_in(&territory, &person, false).await;
            people.push(person);
        }
        let rules = administrator.get(&format!("/api/v1/territories/{territory}/rules")).await.is_fine();
        let absence = json!({ "starts_at": "2030-08-03T00:00:00Z", "ends_at": "2030-08-15T00:00:00Z" });
        let absences = format!("/api/v1/users/{}/absences", colleague.id);
        let absence = administrator.post(&absences, absence).await.is(201).text_at("/id");
        let token = json!({ "name": "form", "scopes": ["all"] });
        let token = colleague.post("/api/v1/tokens", token).await.is(201).text_at("/id");
        let sessions = colleague.get("/api/v1/sessions").await.is_fine();
        let field = json!({ "key": "einkauf", "kind": "text", "label_en": "Buying", "label_de": "Einkauf" });
        administrator.post("/api/v1/fields", field).await.is(201);
        let lead = administrator.creates(lead("Bäckerei Huber").in_country("DE")).await;
        let shown = administrator.get(&format!("/api/v1/leads/{lead}")).await.is_fine().json();
        assert_eq!(shown["owner"]["id"], colleague.id.to_string(), "the only member gets the lead: {shown}");
        let unchanged = json!({ "rule": first_id(&rules.json()) });
        let preview = administrator.post("/api/v1/rules/preview", unchanged.clone()).await.is_fine().json();
        let batch = json!({ "change": unchanged, "seen": preview["seen"] });
        let batch = administrator.post("/api/v1/batches", batch).await.is(201).text_at("/id");
        Town {
            people,
            colleague: colleague.id,
            lead,
            territory,
            rule: first_id(&rules.json()),
            token,
            session: first_id(&sessions.json()),
            absence,
            field: "einkauf".to_owned(),
            batch,
        }
    }

    pub fn administrator(&self) -> &Actor {
        &self.people[0]
    }

    /// A route's path with the ids of what is there.
    ///
    /// # Panics
    /// For a path with a part that the town does not know: add one to the town.
    pub fn path(&self, route: &str) -> String {
        let colleague = self.colleague.to_string();
        let id = match route.split('/').nth(3).unwrap_or_default() {
            "leads" => &self.lead,
            "territories" => &self.territory,
            "rules" => &self.rule,
            "batches" => &self.batch,
            "tokens" => &self.token,
            "sessions" => &self.session,
            "users" => &colleague,
            _ => "{id}",
        };
        let named =
            [("{id}", id), ("{user}", &colleague), ("{absence}", &self.absence), ("{key}", &self.field)];
        let path = named.iter().fold(route.to_owned(), |path, (name, value)| path.replace(name, value));
        assert!(!path.contains('{'), "the town has nothing for {route}");
        path
    }
}

/// A body that changes something for somebody who may; none where the route takes none.
///
/// # Panics
/// For a route that the town does not know: add its body to the town.
pub fn body(method: &Method, route: &str) -> Option<Value> {
    let is_bare = [Method::GET, Method::DELETE].contains(method)
        || route.ends_with("/collaborators/{user}")
        || route.ends_with("/undo")
        || route.ends_with("/users/{id}/invitation");
    if is_bare {
        return None;
    }
    let password = "Kanarienvogel im Keller";
    let nowhere = json!({ "territory": Uuid::nil(), "name": "Neu", "when": { "all": [] } });
    let plan = json!({ "plan": { "format": "revier-plan/1", "territories": [] } });
    let field = json!({ "key": "neu", "kind": "text", "label_en": "New", "label_de": "Neu" });
    Some(match (method.as_str(), route.trim_start_matches("/api/v1")) {
        ("POST", "/rules/preview") => nowhere,
        ("POST", "/batches") => json!({ "change": nowhere, "seen": 1 }),
        ("POST", "/conditions/postcodes") => json!({ "text": "60–65" }),
        ("POST", "/conditions/say" | "/leads/count" | "/leads/search") => {
            json!({ "condition": { "all": [] } })
        }
        ("POST", "/fields") => field,
        ("PATCH", "/fields/{key}") => json!({ "label_de": "Anders" }),
        ("PUT", "/fields/{key}/choices") => json!([]),
        ("POST", "/invitations") => {
            json!({ "name": "Neu", "email": "eingeladen@example.com", "role": "seller" })
        }
        ("POST", "/invitations/read") => json!({ "token": "x" }),
        ("POST", "/invitations/accept") => json!({ "token": "x", "password": password, "language": "de" }),
        ("POST", "/leads") => json!({ "company": "Neu" }),
        ("PATCH", "/leads/{id}") => json!({ "company": "Anders" }),
        ("POST", "/leads/{id}/assignment") => json!({ "hand_out": true }),
        ("POST", "/plan/check" | "/plan/import") => plan,
        ("POST", "/session") => json!({ "email": "nobody@example.com", "password": password }),
        ("POST", "/session/password") => json!({ "old_password": password, "new_password": password }),
        ("POST", "/setup") => json!({ "token": "x", "name": "X", "email": "x@example.com",
            "password": password, "language": "de" }),
        ("POST", "/territories") => json!({ "name": "Neu" }),
        ("PATCH", "/territories/{id}" | "/workspace") => json!({ "name": "Anders" }),
        ("PUT", "/territories/{id}/members/{user}") => json!({ "access": true, "weight": 7 }),
        ("PUT", "/territories/{id}/rotation") => json!({ "is_paused": true }),
        ("POST", "/territories/{id}/rules") => json!({ "name": "Neu", "when": { "all": [] } }),
        ("PATCH", "/rules/{id}") => json!({ "name": "Anders" }),
        ("POST", "/tokens") => json!({ "name": "neu", "scopes": ["all"] }),
        ("POST", "/users") => json!({ "name": "Neu", "email": "neu@example.com", "role": "seller" }),
        ("PATCH", "/users/{id}") => json!({ "name": "Anders" }),
        ("POST", "/users/{id}/absences") => {
            json!({ "starts_at": "2031-01-01T00:00:00Z", "ends_at": "2031-01-02T00:00:00Z" })
        }
        ("POST", "/users/{id}/password") => json!({ "password": password }),
        ("PUT", "/workspace/rates") => json!({ "rates": [] }),
        (method, route) => panic!("the town has no body for {method} {route}"),
    })
}

/// The first id in a list, whatever the list is called.
fn first_id(json: &Value) -> String {
    let items = json.as_array().or_else(|| json.as_object()?.values().find_map(Value::as_array));
    let first = items.and_then(|items| items.first()).unwrap_or_else(|| panic!("no list: {json}"));
    first["id"].as_str().unwrap_or_else(|| panic!("no id: {json}")).to_owned()
}
