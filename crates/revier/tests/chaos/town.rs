//! A workspace with one territory that takes every lead, and clients that create leads in it.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use testkit::server::command;
use testkit::{Base, Server};
use uuid::Uuid;

use crate::stage::Stage;

const PASSWORD: &str = "correct horse battery staple";

pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_revier"))
}

pub struct Town {
    pub base: Base,
    mutant: &'static str,
    pub token: String,
    pub territory: Uuid,
    /// With their weights.
    pub members: Vec<(Uuid, i64)>,
    /// Leads that were asked for so far: each has its own name and key.
    asked: AtomicUsize,
    answered: AtomicUsize,
}

/// A lead that a server has answered for.
#[derive(Clone, Debug)]
pub struct Ack {
    pub id: Uuid,
    pub owner: Option<Uuid>,
}

/// How a client's request ended.
pub enum Ended {
    Acknowledged(Ack),
    /// The connection broke or the server refused: it may have happened or not.
    Unknown,
}

impl Town {
    /// Founded by sound commands; the town's mutant only gets into its servers.
    pub async fn new(stage: Stage, weights: &[i64]) -> Town {
        let Stage { base, mutant } = stage;
        let run = |words: &[&str], input: &str| -> Value {
            let options = base.options();
            let words: Vec<&str> = words.iter().copied().chain(options.iter().map(String::as_str)).collect();
            let output = command(binary(), &words, input);
            assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice(&output.stdout).unwrap_or_default()
        };
        let who = ["--email", "chefin@example.com", "--name", "Chefin", "--password-stdin", "--json"];
        run(&[&["setup"], &who[..]].concat(), PASSWORD);
        let words = ["token", "create", "--user", "chefin@example.com", "--name", "Last", "--json"];
        let token = run(&words, "")["token"].as_str().expect("a token").to_owned();
        let (asked, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut town =
            Town { base, mutant, token, territory: Uuid::nil(), members: Vec::new(), asked, answered };
        let server = Server::start(binary(), &town.base, &[]);
        let body = json!({ "name": "Welt", "default": true });
        let made = town.call(&server.url, "POST", "/api/v1/territories", body).await;
        town.territory = id_of(&made);
        for (at, &weight) in weights.iter().enumerate() {
            let member = town.add_member(&server.url, at, weight).await;
            town.members.push((member, weight));
        }
        server.stop();
        town
    }

    pub async fn add_member(&self, url: &str, at: usize, weight: i64) -> Uuid {
        let who = json!({ "name": format!("Person {at}"), "email": format!("p{at}@example.com"),
            "role": "seller", "password": PASSWORD });
        let id = id_of(&self.call(url, "POST", "/api/v1/users", who).await);
        let path = format!("/api/v1/territories/{}/members/{id}", self.territory);
        let body = json!({ "access": true, "assignment": true, "weight": weight, "position": at + 1 });
        self.call(url, "PUT", &path, body).await;
        id
    }

    /// Sends a request as the boss, whatever version it is about; none where the server died of it.
    pub async fn send(
        &self,
        url: &str,
        method: &str,
        path: &str,
        key: &str,
        body: &Value,
    ) -> Option<reqwest::Response> {
        let method = method.parse().expect("a method");
        let request = client().request(method, format!("{url}{path}")).bearer_auth(&self.token);
        let request = request.header("if-match", "*").header("idempotency-key", key);
        let request = if body.is_null() { request } else { request.json(body) };
        request.send().await.ok()
    }

    /// One more server on the town's database, with these failpoints.
    pub fn server(&self, failpoints: &str) -> Server {
        self.start(failpoints, &[])
    }

    /// The same; it adds the name of every failpoint that it passes to the file.
    pub fn server_noting(&self, file: &Path) -> Server {
        let file = file.to_str().expect("a path of ours");
        self.start("", &[("REVIER_FAILPOINTS_PASSED", file)])
    }

    fn start(&self, failpoints: &str, more: &[(&str, &str)]) -> Server {
        let armed = [self.mutant, failpoints].join(";");
        let armed = armed.trim_matches(';');
        let mut variables = more.to_vec();
        if !armed.is_empty() {
            variables.push(("FAILPOINTS", armed));
        }
        Server::start_with(binary(), &self.base, &[], &variables)
    }

    pub async fn call(&self, url: &str, method: &str, path: &str, body: Value) -> Value {
        let method = method.parse().expect("a method");
        let request = client().request(method, format!("{url}{path}")).bearer_auth(&self.token).json(&body);
        let answer = request.send().await.expect("the server answers");
        let status = answer.status();
        let text = answer.text().await.expect("a text");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// The number of the next lead to ask for.
    pub fn next(&self) -> usize {
        self.asked.fetch_add(1, Ordering::SeqCst)
    }

    /// Asks for a lead; the number is its key.
    pub async fn ask(&self, client: &reqwest::Client, url: &str, number: usize) -> Ended {
        let request = self.request(client, url, number).header("idempotency-key", format!("key {number}"));
        let ended = sent(request).await;
        if matches!(ended, Ended::Acknowledged(_)) {
            self.answered.fetch_add(1, Ordering::SeqCst);
        }
        ended
    }

    /// Waits until so many more leads are acknowledged.
    pub async fn answers(&self, more: usize) {
        let end = self.answered.load(Ordering::SeqCst) + more;
        while self.answered.load(Ordering::SeqCst) < end {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until so many more leads are there.
    pub async fn holds(&self, more: usize) {
        let end = crate::oracle::leads(&self.base).await + more;
        while crate::oracle::leads(&self.base).await < end {}
    }

    fn request(&self, client: &reqwest::Client, url: &str, number: usize) -> reqwest::RequestBuilder {
        let body = json!({ "company": format!("Firma {number}"), "country": "DE", "postcode": "80331" });
        client.post(format!("{url}/api/v1/leads")).bearer_auth(&self.token).json(&body)
    }
}

async fn sent(request: reqwest::RequestBuilder) -> Ended {
    let Ok(answer) = request.send().await else { return Ended::Unknown };
    let status = answer.status();
    let Ok(json) = answer.json::<Value>().await else { return Ended::Unknown };
    if status.as_u16() != 201 {
        assert!(status.is_server_error() || status.as_u16() == 429, "{status}: {json}");
        return Ended::Unknown;
    }
    let owner = json["lead"]["owner"]["id"].as_str().map(|id| id.parse().expect("an id"));
    Ended::Acknowledged(Ack { id: id_of(&json), owner })
}

pub fn client() -> reqwest::Client {
    reqwest::Client::new()
}

pub fn id_of(json: &Value) -> Uuid {
    json["id"].as_str().unwrap_or_else(|| panic!("no id: {json}")).parse().expect("an id")
}

/// Clients that create leads until each has `each` or its server does not answer. Returns what was
/// acknowledged, and the numbers whose fate is unknown.
pub async fn load(town: &Town, urls: &[&str], clients: usize, each: usize) -> (Vec<Ack>, Vec<usize>) {
    let work = (0..clients).map(async |at| {
        let (client, url) = (client(), urls[at % urls.len()]);
        let (mut acks, mut unknown) = (Vec::new(), Vec::new());
        for _ in 0..each {
            let number = town.next();
            match town.ask(&client, url, number).await {
                Ended::Acknowledged(ack) => acks.push(ack),
                Ended::Unknown => {
                    unknown.push(number);
                    break;
                }
            }
        }
        (acks, unknown)
    });
    let (mut acks, mut unknown) = (Vec::new(), Vec::new());
    for (more, rest) in futures::future::join_all(work).await {
        acks.extend(more);
        unknown.extend(rest);
    }
    (acks, unknown)
}

/// Asks once more for each of the numbers, with the keys that they had.
pub async fn retry(town: &Town, url: &str, numbers: &[usize]) -> Vec<Ack> {
    let client = client();
    let mut acks = Vec::new();
    for &number in numbers {
        match town.ask(&client, url, number).await {
            Ended::Acknowledged(ack) => acks.push(ack),
            Ended::Unknown => panic!("lead {number} is not taken by a healthy server"),
        }
    }
    acks
}
