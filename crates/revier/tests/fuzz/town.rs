//! The demo company behind the built binary, somebody's way in, and one run of schemathesis against it.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use testkit::server::command;
use testkit::{Base, Kind, Server};

use super::{EXAMPLES, SEED};

const PASSWORD: &str = "Turmuhr schlägt dreizehn";
const ADMINISTRATOR: &str = "katrin@example.com";
const CONFIGURATION: &str = include_str!("schemathesis.toml");

/// As whom the run asks.
#[derive(Clone, Copy, Debug)]
pub enum Credential {
    None,
    /// An API token of somebody with this role.
    Token(&'static str),
    /// The administrator's session, which opens what no token does.
    Session,
}

pub struct Town {
    pub directory: tempfile::TempDir,
    base: Base,
    server: Server,
    /// The name and value of the header that says who asks.
    header: Option<(&'static str, String)>,
    role: &'static str,
}

/// What a run found.
pub struct Outcome {
    pub text: String,
    pub cases: usize,
    has_passed: bool,
}

impl Outcome {
    pub fn is_fine(&self) -> bool {
        self.has_passed
    }
}

impl Town {
    pub async fn new(kind: Kind, credential: Credential) -> Town {
        let base = Base::empty(kind).await;
        let who = ["setup", "--email", ADMINISTRATOR, "--name", "Katrin Huber", "--password-stdin", "--demo"];
        revier(&base, &who, PASSWORD);
        // The demo company has no second manager of its own.
        let words =
            ["user", "create", "--email", "mia@example.com", "--name", "Mia", "--role", "sales_manager"];
        revier(&base, &[&words[..], &["--password-stdin"]].concat(), PASSWORD);
        let users = revier(&base, &["user", "list"], "");
        let token = |role: &str| {
            let users = users.as_array().expect("users");
            let user = users.iter().find(|user| user["role"] == role && user["is_active"] == true);
            let email = text(&user.unwrap_or_else(|| panic!("nobody is {role}"))["email"]);
            let words = ["token", "create", "--user", &email, "--name", "fuzz"];
            text(&revier(&base, &words, "")["token"])
        };
        let administrator = token("administrator");
        let bearer = |role| Some(("authorization", format!("Bearer {}", token(role))));
        let (role, header) = match credential {
            Credential::None => ("nobody", None),
            Credential::Token(role) => (role, bearer(role)),
            Credential::Session => ("administrator", None),
        };
        let server = Server::start(Path::new(env!("CARGO_BIN_EXE_revier")), &base, &[]);
        let directory = tempfile::tempdir().expect("a directory");
        let mut town = Town { directory, base, server, header, role };
        if let Credential::Session = credential {
            town.header = Some(("cookie", town.session().await));
        }
        let configuration = format!("{CONFIGURATION}\n{}", town.dictionaries(&administrator).await);
        std::fs::write(town.directory.path().join("schemathesis.toml"), configuration).expect("written");
        town
    }

    /// Runs the selected operations of a contract against the server.
    pub fn run(&self, schemathesis: &Path, contract: &Path, selection: &[&str]) -> Outcome {
        let factor = if std::env::var_os("REVIER_SOAK").is_some() { 50 } else { 1 };
        let mut run = Command::new(schemathesis);
        run.arg("--config-file").arg(self.directory.path().join("schemathesis.toml")).arg("run");
        run.arg(contract).args(["--url", &self.server.url, "--no-color", "--seed", SEED]);
        run.args(["--max-examples", &(EXAMPLES * factor).to_string()]);
        match &self.header {
            Some((name, value)) => run.arg("--header").arg(format!("{name}: {value}")),
            // Whoever has not signed in hears that first, whatever the method.
            None => run.args(["--exclude-checks", "unsupported_method"]),
        };
        let output = run.args(selection).current_dir(self.directory.path()).output().expect("it runs");
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let text = said(&output.stdout) + &said(&output.stderr);
        let cases = text.lines().find_map(|line| line.trim().split_once(" generated")?.0.parse().ok());
        Outcome { cases: cases.unwrap_or(0), has_passed: output.status.success(), text }
    }

    /// The run has not shut itself out, which would have made the rest of it a row of 401s.
    pub async fn is_still_in(&self) {
        if self.header.is_some() {
            let answer = self.get("/api/v1/session", self.header.as_ref()).await;
            assert_eq!(answer["role"]["key"], self.role, "the run shut itself out: {answer}");
        }
    }

    pub async fn end(self) {
        self.server.stop();
        self.base.drop().await;
    }

    async fn session(&self) -> String {
        let body = json!({ "email": ADMINISTRATOR, "password": PASSWORD });
        let address = format!("{}/api/v1/session", self.server.url);
        let answer = reqwest::Client::new().post(address).json(&body).send().await.expect("an answer");
        let cookie = answer.headers()["set-cookie"].to_str().expect("a text").to_owned();
        cookie.split(';').next().expect("a cookie").to_owned()
    }

    /// The ids of what is there, as schemathesis reads them.
    async fn dictionaries(&self, administrator: &str) -> String {
        let header = ("authorization", format!("Bearer {administrator}"));
        self.furnish(administrator).await;
        let users = self.ids("/api/v1/users?limit=20", &header).await;
        let territories = self.ids("/api/v1/territories", &header).await;
        let rules = format!("/api/v1/territories/{}/rules", territories[0]);
        let absences = format!("/api/v1/users/{}/absences", users[0]);
        let lists = [
            ("leads", self.ids("/api/v1/leads?limit=20", &header).await),
            ("rules", self.ids(&rules, &header).await),
            ("absences", self.ids(&absences, &header).await),
            ("tokens", self.ids("/api/v1/tokens", &header).await),
            ("sessions", users.clone()),
            ("fields", vec!["einkauf".to_owned(), "industry".to_owned(), "nothing".to_owned()]),
            ("users", users),
            ("territories", territories),
        ];
        let mut text = String::new();
        for (name, ids) in lists {
            assert!(!ids.is_empty(), "there are no {name}");
            writeln!(text, "[dictionaries.{name}]\nvalues = {}", json!(ids)).expect("a text");
        }
        text
    }

    /// What the demo company does not have: a field of its own and somebody who is away.
    async fn furnish(&self, administrator: &str) {
        let field = json!({ "key": "einkauf", "kind": "choice", "label_en": "Purchasing", "label_de": "Einkauf",
            "choices": [{ "key": "zentral", "label_en": "Central", "label_de": "Zentral" }] });
        let header = ("authorization", format!("Bearer {administrator}"));
        let user = self.ids("/api/v1/users?limit=1", &header).await.remove(0);
        let absence = json!({ "starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-02T00:00:00Z" });
        for (path, body) in
            [("/api/v1/fields".to_owned(), field), (format!("/api/v1/users/{user}/absences"), absence)]
        {
            let request = reqwest::Client::new().post(format!("{}{path}", self.server.url)).json(&body);
            let answer = request.bearer_auth(administrator).send().await.expect("an answer");
            assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap_or_default());
        }
    }

    async fn get(&self, path: &str, header: Option<&(&'static str, String)>) -> Value {
        let mut request = reqwest::Client::new().get(format!("{}{path}", self.server.url));
        if let Some((name, value)) = header {
            request = request.header(*name, value);
        }
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    /// The ids of the things in a list, whatever the list is called.
    async fn ids(&self, path: &str, header: &(&'static str, String)) -> Vec<String> {
        let list = self.get(path, Some(header)).await;
        let items = list.as_array().or_else(|| list.as_object()?.values().find_map(Value::as_array));
        items.unwrap_or_else(|| panic!("{path}: {list}")).iter().map(|item| text(&item["id"])).collect()
    }
}

fn revier(base: &Base, words: &[&str], input: &str) -> Value {
    let options = base.options();
    let words = words.iter().copied().chain(["--json"]).chain(options.iter().map(String::as_str));
    let words: Vec<&str> = words.collect();
    let output = command(Path::new(env!("CARGO_BIN_EXE_revier")), &words, input);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
