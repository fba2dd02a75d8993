//! A release server with a workspace to put leads into.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};
use testkit::{Base, Server};

const MEMBERS: usize = 7;

pub struct Site {
    server: Server,
    client: Client,
    /// Of the session, as a request carries it.
    cookie: String,
    territories: Vec<String>,
}

impl Site {
    /// Starts the server and makes territories, each with a rule on a postcode region and seven members.
    ///
    /// # Errors
    /// Where the server refuses something.
    pub async fn start(binary: &Path, base: &Base, territories: usize) -> Result<Site> {
        let server = Server::start(binary, base, &[]);
        let token = server.setup_token.clone().context("a set-up token")?;
        let client = Client::builder().cookie_store(true).build()?;
        let mut site = Site { server, client, cookie: String::new(), territories: Vec::new() };
        let setup = json!({ "token": token, "name": "Bench", "email": "bench@example.com", "language": "en",
            "password": "a password for the bench" });
        let answer = site.client.post(site.url("/setup")).json(&setup).send().await?.error_for_status()?;
        let cookie = answer.headers().get(SET_COOKIE).context("a session")?.to_str()?;
        site.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        // A lead whose e-mail is known follows its owner; here every lead is new.
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            let user = json!({ "name": format!("Seller {number}"), "email": format!("s{number}@example.com"),
                "role": "seller", "password": "a password for the bench" });
            members.push(id(&site.made("/users", &user).await?)?);
        }
        for number in 0..territories {
            let territory =
                id(&site.made("/territories", &json!({ "name": format!("Region {number}") })).await?)?;
            let prefix = &site.postcode(number)[..2];
            let rule = json!({ "name": "by postcode", "when": { "all": [
                { "field": "country", "op": "is_any_of", "values": ["DE"] },
                { "field": "postcode", "op": "starts_with_any_of", "values": [prefix] } ] } });
            site.made(&format!("/territories/{territory}/rules"), &rule).await?;
            for (position, member) in members.iter().enumerate() {
                let membership =
                    json!({ "access": true, "assignment": true, "weight": 1, "position": position + 1 });
                let path = format!("/territories/{territory}/members/{member}");
                let answer = site.client.put(site.url(&path)).json(&membership).send().await?;
                ensure!(answer.status().is_success(), "{path}: {}", answer.text().await?);
            }
            site.territories.push(territory);
        }
        Ok(site)
    }

    /// A postcode of the territory with that number.
    pub fn postcode(&self, territory: usize) -> String {
        format!("{}331", 80 - territory)
    }

    /// `127.0.0.1:<port>`
    pub fn address(&self) -> &str {
        self.server.url.trim_start_matches("http://")
    }

    /// A whole request that posts the JSON, with the session's cookie.
    pub fn request(&self, path: &str, json: &str) -> String {
        format!(
            "POST /api/v1{path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{json}",
            self.address(),
            self.cookie,
            json.len(),
        )
    }

    /// Checks that the figures are of leads that are there, and handed out fairly.
    ///
    /// # Errors
    /// Where a lead is missing or somebody strays a whole lead from the others.
    pub async fn check(&self, leads: u64) -> Result<()> {
        let mut turns = 0;
        for territory in &self.territories {
            let path = format!("/territories/{territory}/rotation");
            let ring: Value = self.client.get(self.url(&path)).send().await?.json().await?;
            turns += ring["turn"].as_u64().context("a number of turns")?;
            let received = ring["members"].as_array().context("members")?.iter();
            let received: Vec<u64> = received.filter_map(|member| member["received"].as_u64()).collect();
            let (least, most) = (received.iter().min(), received.iter().max());
            ensure!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "unfair: {received:?}");
        }
        ensure!(turns == leads, "{leads} leads were acknowledged, {turns} turns taken");
        Ok(())
    }

    pub fn stop(self) {
        self.server.stop();
    }

    async fn made(&self, path: &str, body: &Value) -> Result<Value> {
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

fn id(made: &Value) -> Result<String> {
    Ok(made["id"].as_str().context("an id")?.to_owned())
}
