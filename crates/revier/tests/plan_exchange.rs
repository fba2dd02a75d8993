//! A plan goes out of one workspace and into another, on both databases.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use testkit::server::command;
use testkit::{Base, Kind};

fn revier(base: &Base, words: &[&str], input: &str) -> Output {
    let options = base.options();
    let mut arguments: Vec<&str> = words.to_vec();
    arguments.extend(options.iter().map(String::as_str));
    command(Path::new(env!("CARGO_BIN_EXE_revier")), &arguments, input)
}

#[track_caller]
fn fine(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

async fn workspace(kind: Kind) -> Base {
    let base = Base::empty(kind).await;
    let words = ["setup", "--email", "katrin@example.com", "--name", "Katrin Huber", "--password-stdin"];
    fine(&revier(&base, &words, "correct horse battery staple"));
    base
}

fn plan(user: &str) -> Value {
    json!({
        "format": "revier-plan/1", "currency": "EUR", "time_zone": "Europe/Berlin",
        "default_territory": "Rest der Welt",
        "territories": [
            { "name": "Bayern", "position": 1, "active": true, "rules": [], "members": [] },
            { "name": "Bayern Süd", "parent": "Bayern", "position": 1, "active": true,
              "rules": [{ "name": "PLZ 80–87", "enabled": true, "when": { "all": [
                  { "field": "country", "op": "is_any_of", "values": ["DE"] },
                  { "field": "postcode", "op": "in_range_any_of", "values": ["80000-87999"] } ] } }],
              "members": [{ "user": user, "access": true, "assignment": true, "weight": 2, "position": 1 }] },
            { "name": "Rest der Welt", "position": 2, "active": true, "rules": [], "members": [] },
        ],
    })
}

#[test]
fn a_plan_that_goes_in_comes_out_the_same() {
    testkit::both::runtime().block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("plan.json").display().to_string();
        for kind in [Kind::Sqlite, Kind::Postgres] {
            if testkit::base::available(kind).is_none() {
                continue;
            }
            let (one, other) = (workspace(kind).await, workspace(kind).await);
            std::fs::write(&file, plan("katrin@example.com").to_string()).expect("written");
            fine(&revier(&one, &["plan", "import", &file], ""));
            let first = fine(&revier(&one, &["plan", "export"], ""));
            let read: Value = serde_json::from_str(&first).expect("JSON");
            let when = "/territories/1/rules/0/when";
            assert_eq!(read.pointer(when), plan("").pointer(when), "{first}");
            assert_eq!(read["default_territory"], "Rest der Welt");
            std::fs::write(&file, &first).expect("written");
            fine(&revier(&other, &["plan", "import", &file], ""));
            assert_eq!(fine(&revier(&other, &["plan", "export"], "")), first);
            let again = fine(&revier(&other, &["plan", "import", &file, "--json"], ""));
            assert!(again.contains("\"steps\":[]"), "nothing changes the second time: {again}");
            let doctor = revier(&other, &["doctor"], "");
            assert!(
                String::from_utf8_lossy(&doctor.stdout).contains("fine   every lead's owner"),
                "{doctor:?}"
            );
            one.drop().await;
            other.drop().await;
        }
    });
}

#[test]
fn a_member_whom_nobody_knows_is_named_and_nothing_comes_in() {
    testkit::both::runtime().block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("plan.json").display().to_string();
        std::fs::write(&file, plan("nobody@example.com").to_string()).expect("written");
        let base = workspace(Kind::Sqlite).await;
        let refused = revier(&base, &["plan", "import", &file], "");
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("territories/1/members/0/user: nobody here"), "{said}");
        let out = fine(&revier(&base, &["plan", "export"], ""));
        assert!(out.contains("\"territories\": []"), "{out}");
    });
}
