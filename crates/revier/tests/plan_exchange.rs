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

/// A plan that says all that a plan file can say.
fn rich(user: &str) -> Value {
    let mut plan = plan(user);
    plan["default_country"] = json!("AT");
    plan["fields"] = json!([
        { "key": "custom.branch", "kind": "choice", "label_en": "Branch", "label_de": "Gewerk", "choices": [
            { "key": "roof", "label_en": "Roofer", "label_de": "Dachdecker" } ] },
        { "key": "source", "choices": [{ "key": "fair_2026", "label_en": "Fair 2026", "label_de": "Messe 2026" }] },
    ]);
    let south = &mut plan["territories"][1];
    south["calendar"] = json!("DE-BY");
    south["color"] = json!("moos");
    south["rules"][0]["when"] = json!({ "any": [
        { "field": "custom.branch", "op": "is_any_of", "values": ["roof"] },
        { "field": "source", "op": "is_any_of", "values": ["fair_2026"] } ] });
    let member = &mut south["members"][0];
    member["includes_children"] = json!(true);
    member["role"] = json!("seller");
    member["open_leads_max"] = json!(40);
    member["leads_per_day_max"] = json!(7);
    plan
}

#[test]
fn a_plan_brings_its_fields_caps_roles_and_calendars_into_an_empty_workspace() {
    testkit::both::runtime().block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("plan.json").display().to_string();
        for kind in [Kind::Sqlite, Kind::Postgres] {
            if testkit::base::available(kind).is_none() {
                continue;
            }
            let (one, other) = (workspace(kind).await, workspace(kind).await);
            std::fs::write(&file, rich("katrin@example.com").to_string()).expect("written");
            fine(&revier(&one, &["plan", "import", &file], ""));
            let first = fine(&revier(&one, &["plan", "export"], ""));
            let (read, wanted): (Value, Value) =
                (serde_json::from_str(&first).expect("JSON"), rich("katrin@example.com"));
            assert_eq!(read["fields"], wanted["fields"], "{first}");
            // Default country, like currency and time zone, is the workspace's: the set-up's clocks tick in Berlin.
            assert_eq!(read["default_country"], "DE");
            for pointer in ["calendar", "color", "members/0"] {
                let pointer = format!("/territories/1/{pointer}");
                assert_eq!(read.pointer(&pointer), wanted.pointer(&pointer), "{first}");
            }
            std::fs::write(&file, &first).expect("written");
            fine(&revier(&other, &["plan", "import", &file], ""));
            assert_eq!(fine(&revier(&other, &["plan", "export"], "")), first);
            let again = fine(&revier(&other, &["plan", "import", &file, "--json"], ""));
            assert!(again.contains("\"steps\":[]"), "nothing changes the second time: {again}");
            one.drop().await;
            other.drop().await;
        }
        let leads = directory.path().join("leads.csv").display().to_string();
        std::fs::write(&leads, "company,custom.branch,source\nA,Dachdecker,\nB,,Messe 2026\nC,,\n")
            .expect("written");
        let words = ["route", "--plan", &file, "--leads", &leads];
        let routed = fine(&command(Path::new(env!("CARGO_BIN_EXE_revier")), &words, ""));
        let territories: Vec<&str> =
            routed.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
        assert_eq!(territories, ["Bayern Süd", "Bayern Süd", "Rest der Welt"], "{routed}");
    });
}

#[test]
fn the_plan_of_the_demo_company_goes_into_an_empty_workspace() {
    testkit::both::runtime().block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("plan.json").display().to_string();
        for kind in [Kind::Sqlite, Kind::Postgres] {
            if testkit::base::available(kind).is_none() {
                continue;
            }
            let set_up = |base: &Base, demo: &[&str]| {
                let words = ["setup", "--email", "katrin.wolters@musterwerk.example", "--name", "Katrin"];
                let words: Vec<&str> =
                    words.iter().chain(&["--password-stdin"]).chain(demo).copied().collect();
                fine(&revier(base, &words, "correct horse battery staple"));
            };
            let (demo, empty) = (Base::empty(kind).await, Base::empty(kind).await);
            set_up(&demo, &["--demo"]);
            set_up(&empty, &[]);
            let users = fine(&revier(&demo, &["user", "list", "--json"], ""));
            let users: Value = serde_json::from_str(&users).expect("JSON");
            for user in users.as_array().expect("users").iter().filter(|user| user["role"] != "administrator")
            {
                let text = |key: &str| user[key].as_str().expect("a text").to_owned();
                let (email, name, role) = (text("email"), text("name"), text("role"));
                let words = ["user", "create", "--email", &email, "--name", &name, "--role", &role];
                fine(&revier(&empty, &words, ""));
            }
            fine(&revier(&demo, &["plan", "export", "--to", &file], ""));
            fine(&command(Path::new(env!("CARGO_BIN_EXE_revier")), &["plan", "check", &file], ""));
            fine(&revier(&empty, &["plan", "import", &file], ""));
            let (first, second) = (
                std::fs::read_to_string(&file).expect("read"),
                fine(&revier(&empty, &["plan", "export"], "")),
            );
            assert_eq!(second, first);
            for key in ["includes_children", "open_leads_max", "calendar"] {
                assert!(first.contains(&format!("\"{key}\"")), "the demo's plan says nothing of {key}");
            }
            demo.drop().await;
            empty.drop().await;
        }
    });
}
