//! A release server with a seller among the leads of a whole company.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use testkit::{Base, Server};
use uuid::Uuid;

use crate::fill::{self, Company};

const TERRITORIES: usize = 500;
/// Every so many-th territory is the seller's: 20 of them.
const EVERY: usize = 25;
const COLLEAGUES: usize = 8;
const PASSWORD: &str = "a password for the bench";
const SELLER: &str = "seller@example.com";

pub struct Site {
    server: Server,
    /// The seller's.
    pub client: Client,
    /// How many leads the seller sees.
    pub visible: u64,
}

impl Site {
    /// Starts the server, makes the territories and people over HTTP, puts the leads into the database, and signs
    /// the seller in.
    ///
    /// # Errors
    /// Where the server or the database refuses something.
    pub async fn start(binary: &Path, base: &Base, leads: u64) -> Result<Site> {
        let server = Server::start(binary, base, &[]);
        let token = server.setup_token.clone().context("a set-up token")?;
        let mut site = Site { server, client: crate::client()?, visible: 0 };
        let setup = json!({ "token": token, "name": "Bench", "email": "bench@example.com", "language": "en",
            "password": PASSWORD });
        site.post("/setup", &setup).await?;
        let field =
            json!({ "key": "machine", "kind": "text", "label_en": "Machine", "label_de": "Maschine" });
        site.post("/fields", &field).await?;
        let seller = site.user("Seller", SELLER).await?;
        let mut company = Company { seller, ..Company::default() };
        for number in 0..COLLEAGUES {
            company
                .colleagues
                .push(site.user(&format!("Colleague {number}"), &format!("c{number}@example.com")).await?);
        }
        for number in 0..TERRITORIES {
            let made = site.post("/territories", &json!({ "name": format!("Region {number}") })).await?;
            let territory = id(&made)?;
            company.territories.push((territory, number % EVERY == 0));
            if number % EVERY == 0 {
                let path = site.url(&format!("/territories/{territory}/members/{seller}"));
                let member = json!({ "access": true, "assignment": true, "weight": 1, "position": 1 });
                let answer = site.client.put(path).json(&member).send().await?;
                ensure!(answer.status().is_success(), "a member: {}", answer.text().await?);
            }
        }
        site.server.stop();
        fill::fill(base, &company, leads).await?;
        site.server = Server::start(binary, base, &[]);
        site.client = crate::client()?;
        site.post("/session", &json!({ "email": SELLER, "password": PASSWORD })).await?;
        let page: Value = serde_json::from_str(&site.list(&[]).await?)?;
        site.visible = page["count"]["value"].as_u64().context("a count")?;
        Ok(site)
    }

    /// A page of leads as text.
    ///
    /// # Errors
    /// Where the server does not give it.
    pub async fn list(&self, query: &[(&str, String)]) -> Result<String> {
        let answer = self.client.get(self.url("/leads")).query(query).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status == 200, "{query:?}: {status} {text}");
        Ok(text)
    }

    /// The cursor behind that many pages, or behind the last but one of fewer; nothing where there is one page.
    ///
    /// # Errors
    /// Where the server does not give a page.
    pub async fn cursor_after(
        &self,
        query: &[(&'static str, String)],
        pages: usize,
    ) -> Result<Option<String>> {
        let mut found: Option<String> = None;
        for _ in 0..pages {
            let mut query = query.to_vec();
            query.extend(found.clone().map(|cursor| ("cursor", cursor)));
            let page: Value = serde_json::from_str(&self.list(&query).await?)?;
            let Some(next) = page["next_cursor"].as_str() else { break };
            found = Some(next.to_owned());
        }
        Ok(found)
    }

    pub fn stop(self) {
        self.server.stop();
    }

    async fn user(&self, name: &str, email: &str) -> Result<Uuid> {
        let user = json!({ "name": name, "email": email, "role": "seller", "password": PASSWORD });
        id(&self.post("/users", &user).await?)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let answer = self.client.post(self.url(path)).json(body).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.server.url)
    }
}

fn id(made: &Value) -> Result<Uuid> {
    Ok(made["id"].as_str().context("an id")?.parse()?)
}
