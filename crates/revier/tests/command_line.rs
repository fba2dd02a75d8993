//! The binary as operators and scripts use it, on both databases.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use testkit::server::command;
use testkit::{Base, Kind, Server};

const PASSWORD: &str = "correct horse battery staple";

fn revier() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_revier"))
}

/// Runs the test with an empty database of each kind that is there.
fn on_both(test: impl AsyncFn(&Base)) {
    testkit::both::runtime().block_on(async {
        for kind in [Kind::Sqlite, Kind::Postgres] {
            if testkit::base::available(kind).is_some() {
                let base = Base::empty(kind).await;
                test(&base).await;
                base.drop().await;
            }
        }
    });
}

/// A command with the options that name the database, and `--json`.
fn run(base: &Base, words: &[&str], input: &str) -> Output {
    let options = base.options();
    let mut arguments: Vec<&str> = words.to_vec();
    arguments.push("--json");
    arguments.extend(options.iter().map(String::as_str));
    command(revier(), &arguments, input)
}

#[track_caller]
fn fine(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn set_up(base: &Base) {
    let words = ["setup", "--email", "katrin@example.com", "--name", "Katrin Huber", "--password-stdin"];
    fine(&run(base, &words, PASSWORD));
}

#[test]
fn a_script_sets_up_adds_people_and_gets_a_token_that_works() {
    on_both(async |base| {
        set_up(base);
        let again = run(
            base,
            &["setup", "--email", "eve@example.com", "--name", "Eve", "--password-stdin"],
            PASSWORD,
        );
        assert_eq!(again.status.code(), Some(1), "nobody takes over a workspace");
        let words = ["user", "create", "--email", "jonas@example.com", "--name", "Jonas", "--password-stdin"];
        assert_eq!(fine(&run(base, &words, PASSWORD))["role"], "seller");
        let token =
            fine(&run(base, &["token", "create", "--user", "jonas@example.com", "--name", "import"], ""));
        let token = token["token"].as_str().expect("a token").to_owned();

        let server = Server::start(revier(), base, &[]);
        assert_eq!(server.setup_token, None);
        let client = reqwest::Client::new();
        let me = || client.get(format!("{}/api/v1/session", server.url)).bearer_auth(&token).send();
        let answer: Value = me().await.expect("it answers").json().await.expect("JSON");
        assert_eq!(answer["user"]["name"], "Jonas", "{answer}");

        fine(&run(base, &["user", "deactivate", "jonas@example.com"], ""));
        assert_eq!(me().await.expect("it answers").status(), 401, "rights end with the next request");
        let users = fine(&run(base, &["user", "list"], ""));
        let active: Vec<_> =
            users.as_array().expect("a list").iter().map(|user| &user["is_active"]).collect();
        assert_eq!(active, [&json!(false), &json!(true)], "{users}");
        server.stop();
    });
}

#[test]
fn wrong_use_ends_with_2_and_failures_with_1() {
    let unknown = command(revier(), &["sell"], "");
    assert_eq!(unknown.status.code(), Some(2));
    let nothing_there = command(revier(), &["user", "list", "--data", "/nonexistent"], "");
    assert_eq!(nothing_there.status.code(), Some(1));
    let said = String::from_utf8_lossy(&nothing_there.stderr).into_owned();
    assert_eq!(
        said,
        "revier: there is no database at /nonexistent/revier.sqlite; name its directory with --data\n"
    );
}

#[test]
fn whoever_has_read_enough_may_leave() {
    use std::process::{Command, Stdio};
    let base = testkit::both::runtime().block_on(Base::empty(Kind::Sqlite));
    set_up(&base);
    let mut child = Command::new(revier())
        .args(["user", "list"])
        .args(base.options())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn every_option_has_its_twin_in_the_environment() {
    fn words(path: &mut Vec<String>, lacking: &mut Vec<String>) {
        let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = String::from_utf8(command(revier(), &arguments, "").stdout).expect("UTF-8");
        let (commands, options) = help.split_once("Options:").unwrap_or((&help, ""));
        // An option begins with its name; what it says follows until the next.
        for option in options.split("\n      --").flat_map(|part| part.split("\n  -")) {
            let name = option.split_whitespace().next().unwrap_or_default();
            let is_ours = !name.is_empty() && !["h,", "V,", "-h,", "-V,"].contains(&name);
            if is_ours && !option.contains("[env: REVIER_") {
                lacking.push(format!("{} --{name}", path.join(" ")));
            }
        }
        let listed = commands.split_once("Commands:").map_or("", |(_, listed)| listed);
        for line in listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
            let name = line.split_whitespace().next().unwrap_or_default();
            if name != "help" {
                path.push(name.to_owned());
                words(path, lacking);
                path.pop();
            }
        }
    }
    let mut lacking = Vec::new();
    words(&mut Vec::new(), &mut lacking);
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn every_fault_of_a_set_up_is_named_at_once() {
    on_both(async |base| {
        let words =
            ["setup", "--email", "no address", "--name", " ", "--language", "tlh", "--password-stdin"];
        let refused = run(base, &words, "short");
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8_lossy(&refused.stdout).into_owned();
        for field in ["password:", "email:", "name:", "language:"] {
            assert!(said.contains(field), "{field} is not named: {said}");
        }
    });
}

#[test]
fn the_first_start_asks_for_the_token_on_the_console() {
    on_both(async |base| {
        let server = Server::start(revier(), base, &[]);
        let token = server.setup_token.clone().expect("a token on the console");
        let client = reqwest::Client::new();
        let ask = |token: &str| {
            let body = json!({
                "token": token, "name": "Katrin", "email": "katrin@example.com",
                "password": PASSWORD, "language": "de",
            });
            client.post(format!("{}/api/v1/setup", server.url)).json(&body).send()
        };
        assert_eq!(ask("guessed").await.expect("it answers").status(), 403);
        assert_eq!(ask(&token).await.expect("it answers").status(), 201);
        server.stop();
        let server = Server::start(revier(), base, &[]);
        assert_eq!(server.setup_token, None, "a workspace is there");
        server.stop();
    });
}

#[test]
fn the_audit_log_of_the_console_verifies_and_a_changed_entry_is_found() {
    on_both(async |base| {
        set_up(base);
        let server = Server::start(revier(), base, &[]);
        // The first entry is sealed within moments of the start.
        loop {
            let verdict = fine(&run(base, &["audit", "verify"], ""));
            assert_eq!(verdict["broken"], Value::Null);
            if verdict["unsealed"] == 0 && verdict["entries"].as_u64() > Some(0) {
                break;
            }
        }
        server.stop();
        let head = fine(&run(base, &["audit", "verify"], ""))["head"].as_str().expect("a head").to_owned();
        fine(&run(base, &["audit", "verify", "--head", &head], ""));
        let elsewhere = run(base, &["audit", "verify", "--head", "0123"], "");
        assert_eq!(elsewhere.status.code(), Some(1), "a head that is not in the chain betrays a cut");
        let connection = base.connection().await;
        use sea_orm::ConnectionTrait;
        connection.execute_unprepared("UPDATE audit SET action = 'delete'").await.expect("changed");
        let verdict = run(base, &["audit", "verify"], "");
        assert_eq!(verdict.status.code(), Some(1));
        let said: Value = serde_json::from_slice(&verdict.stdout).expect("JSON");
        assert_eq!(said["broken"]["seal"], 1, "{said}");
    });
}

#[test]
fn a_server_stops_at_once_though_somebody_listens_to_events() {
    on_both(async |base| {
        set_up(base);
        let token =
            fine(&run(base, &["token", "create", "--user", "katrin@example.com", "--name", "listen"], ""));
        let server = Server::start(revier(), base, &[]);
        let client = reqwest::Client::new();
        let token = token["token"].as_str().expect("a token");
        let events = client.get(format!("{}/api/v1/events", server.url)).bearer_auth(token).send();
        let events = events.await.expect("it answers");
        assert_eq!(events.status(), 200);
        let begun = std::time::Instant::now();
        server.stop();
        assert!(begun.elapsed().as_secs() < 10, "the open stream held the server up");
    });
}

#[test]
fn three_servers_that_start_together_on_an_empty_database_all_come_up() {
    on_both(async |base| {
        if base.kind == Kind::Sqlite {
            return;
        }
        let starts: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..3).map(|_| scope.spawn(|| Server::start(revier(), base, &[]))).collect();
            starts.into_iter().map(|start| start.join().expect("it came up")).collect()
        });
        for server in starts {
            let ready = reqwest::get(format!("{}/ready", server.url)).await.expect("it answers");
            assert_eq!(ready.status(), 200);
            server.stop();
        }
    });
}
