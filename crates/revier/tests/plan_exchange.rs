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

/// Runs on each database that is there, with the path of a file for plans.
fn on_each_database(test: impl AsyncFn(Kind, &str)) {
    testkit::both::runtime().block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("plan.json").display().to_string();
        for kind in [Kind::Sqlite, Kind::Postgres] {
            if testkit::base::available(kind).is_some() {
                test(kind, &file).await;
            }
        }
    });
}

#[track_caller]
fn exported(base: &Base) -> String {
    fine(&revier(base, &["plan", "export"], ""))
}

/// Takes a plan into one empty workspace and from there into another; returns what comes out of either.
fn exchanged(one: &Base, other: &Base, file: &str, plan: &Value) -> String {
    std::fs::write(file, plan.to_string()).expect("written");
    fine(&revier(one, &["plan", "import", file], ""));
    let first = exported(one);
    std::fs::write(file, &first).expect("written");
    fine(&command(Path::new(env!("CARGO_BIN_EXE_revier")), &["plan", "check", file], ""));
    fine(&revier(other, &["plan", "import", file], ""));
    assert_eq!(exported(other), first);
    let again = fine(&revier(other, &["plan", "import", file, "--json"], ""));
    assert!(again.contains("\"steps\":[]"), "nothing changes the second time: {again}");
    first
}

#[test]
fn a_plan_that_goes_in_comes_out_the_same() {
    on_each_database(async |kind, file| {
        let (one, other) = (workspace(kind).await, workspace(kind).await);
        let first = exchanged(&one, &other, file, &plan("katrin@example.com"));
        let read: Value = serde_json::from_str(&first).expect("JSON");
        let when = "/territories/1/rules/0/when";
        assert_eq!(read.pointer(when), plan("").pointer(when), "{first}");
        assert_eq!(read["default_territory"], "Rest der Welt");
        let doctor = revier(&other, &["doctor"], "");
        let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
        assert!(said.contains("fine   every lead's owner"), "{doctor:?}");
        one.drop().await;
        other.drop().await;
    });
}

#[test]
fn a_member_whom_nobody_knows_is_named_and_nothing_comes_in() {
    testkit::both::runtime().block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("plan.json").display().to_string();
        std::fs::write(&file, plan("nobody@example.com").to_string()).expect("written");
        let base = workspace(Kind::Sqlite).await;
        let refused = revier(&base, &["plan", "import", &file, "--json"], "");
        assert_eq!(refused.status.code(), Some(2), "as of plan check: the plan is unusable");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains(": /territories/1/members/0/user: nobody here"), "{said}");
        let told: Value = serde_json::from_slice(&refused.stdout).expect("JSON");
        assert_eq!(
            (&told["faults"][0]["pointer"], &told["faults"][0]["code"]),
            (&json!("/territories/1/members/0/user"), &json!("unknown_user"))
        );
        let out = exported(&base);
        assert!(out.contains("\"territories\": []"), "{out}");
    });
}

/// A value that a criterion may have, for a field of each type.
const OWN_FIELDS: [(&str, &str, &str); 15] = [
    ("text", "is_any_of", r#"["Halle 7"]"#),
    ("long_text", "contains_any_of", r#"["Kran"]"#),
    ("email", "ends_with_any_of", r#"["@huber.example"]"#),
    ("phone", "area_code_is_any_of", r#"["+4989"]"#),
    ("url", "starts_with_any_of", r#"["https://huber.example/"]"#),
    ("integer", "gte", "[50]"),
    ("decimal", "lt", r#"["2.5"]"#),
    ("money", "gte", r#"[{ "amount": "1000.00", "currency": "CHF" }]"#),
    ("date", "between", r#"["2026-01-01", "2027-01-01"]"#),
    ("date_time", "gte", r#"["2026-01-01T00:00:00Z"]"#),
    ("yes_no", "is", "[true]"),
    ("choice", "is_any_of", r#"["roof"]"#),
    ("multi_choice", "has_all_of", r#"["roof", "floor"]"#),
    ("country", "is_any_of", r#"["AT"]"#),
    ("state", "is_any_of", r#"["AT-9"]"#),
];

/// A plan that says all that a plan file can say.
fn rich(user: &str) -> Value {
    let mut plan = plan(user);
    plan["currency"] = json!("CHF");
    plan["time_zone"] = json!("Europe/Zurich");
    plan["default_country"] = json!("AT");
    let roofer = json!({ "key": "roof", "label_en": "Roofer", "label_de": "Dachdecker" });
    let floor = json!({ "key": "floor", "label_en": "Floor layer", "label_de": "Bodenleger" });
    let mut fields: Vec<Value> = OWN_FIELDS
        .iter()
        .map(|(kind, _, _)| {
            let mut field = json!({ "key": format!("custom.{kind}"), "kind": kind,
                "label_en": format!("Own {kind}"), "label_de": format!("Eigenes {kind}") });
            if kind.ends_with("choice") {
                field["choices"] = json!([roofer, floor]);
            }
            field
        })
        .collect();
    // Only an example reads this one.
    fields.push(json!({ "key": "custom.note", "kind": "text", "label_en": "Note", "label_de": "Vermerk" }));
    fields.push(json!({ "key": "source",
        "choices": [{ "key": "fair_2026", "label_en": "Fair 2026", "label_de": "Messe 2026" }] }));
    fields.sort_by_key(|field| field["key"].as_str().map(str::to_owned));
    plan["fields"] = json!(fields);
    let mut any: Vec<Value> = OWN_FIELDS
        .iter()
        .map(|(kind, operator, values)| {
            let values: Value = serde_json::from_str(values).expect("JSON");
            json!({ "field": format!("custom.{kind}"), "op": operator, "values": values })
        })
        .collect();
    any.push(json!({ "field": "source", "op": "is_any_of", "values": ["fair_2026"] }));
    let south = &mut plan["territories"][1];
    south["calendar"] = json!("DE-BY");
    south["color"] = json!("moos");
    south["rules"][0]["when"] = json!({ "any": any });
    let member = &mut south["members"][0];
    member["includes_children"] = json!(true);
    member["role"] = json!("seller");
    member["open_leads_max"] = json!(40);
    member["leads_per_day_max"] = json!(7);
    plan["examples"] = json!([
        { "lead": { "company": "Huber", "custom.choice": "roof" }, "territory": "Bayern Süd" },
        { "lead": { "company": "Acme", "custom.note": "am Telefon" }, "territory": "Rest der Welt" },
    ]);
    plan
}

#[test]
fn a_plan_brings_all_that_it_says_into_an_empty_workspace() {
    on_each_database(async |kind, file| {
        let (one, other) = (workspace(kind).await, workspace(kind).await);
        let wanted = rich("katrin@example.com");
        let first = exchanged(&one, &other, file, &wanted);
        let read: Value = serde_json::from_str(&first).expect("JSON");
        for key in ["currency", "time_zone", "default_country", "default_territory", "fields", "examples"] {
            assert_eq!(read[key], wanted[key], "{key} in {first}");
        }
        for pointer in ["calendar", "color", "rules/0/name", "members/0"] {
            let pointer = format!("/territories/1/{pointer}");
            assert_eq!(read.pointer(&pointer), wanted.pointer(&pointer), "{first}");
        }
        one.drop().await;
        other.drop().await;
    });
}

#[test]
fn a_plan_file_places_leads_by_its_own_fields_and_choices() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name).display().to_string();
    let (plan, leads) = (path("plan.json"), path("leads.csv"));
    std::fs::write(&plan, rich("katrin@example.com").to_string()).expect("written");
    let rows = "company,custom.choice,source\nA,Dachdecker,\nB,,Messe 2026\nC,,\n";
    std::fs::write(&leads, rows).expect("written");
    let words = ["route", "--plan", &plan, "--leads", &leads];
    let routed = fine(&command(Path::new(env!("CARGO_BIN_EXE_revier")), &words, ""));
    let territories: Vec<&str> = routed.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(territories, ["Bayern Süd", "Bayern Süd", "Rest der Welt"], "{routed}");
}

#[test]
fn a_workspace_with_a_plan_keeps_its_settings() {
    testkit::both::runtime().block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("plan.json").display().to_string();
        let base = workspace(Kind::Sqlite).await;
        let mut plan = plan("katrin@example.com");
        for (currency, zone) in [("EUR", "Europe/Berlin"), ("CHF", "Europe/Zurich")] {
            plan["currency"] = json!(currency);
            plan["time_zone"] = json!(zone);
            std::fs::write(&file, plan.to_string()).expect("written");
            fine(&revier(&base, &["plan", "import", &file], ""));
            let out: Value = serde_json::from_str(&exported(&base)).expect("JSON");
            assert_eq!((&out["currency"], &out["time_zone"]), (&json!("EUR"), &json!("Europe/Berlin")));
        }
        base.drop().await;
    });
}

#[test]
fn the_plan_of_the_demo_company_goes_into_an_empty_workspace() {
    on_each_database(async |kind, file| {
        let set_up = |base: &Base, demo: &[&str]| {
            let words = ["setup", "--email", "katrin.wolters@musterwerk.example", "--name", "Katrin"];
            let words: Vec<&str> = words.iter().chain(&["--password-stdin"]).chain(demo).copied().collect();
            fine(&revier(base, &words, "correct horse battery staple"));
        };
        let (demo, empty) = (Base::empty(kind).await, Base::empty(kind).await);
        set_up(&demo, &["--demo"]);
        set_up(&empty, &[]);
        let users = fine(&revier(&demo, &["user", "list", "--json"], ""));
        let users: Value = serde_json::from_str(&users).expect("JSON");
        for user in users.as_array().expect("users").iter().filter(|user| user["role"] != "administrator") {
            let text = |key: &str| user[key].as_str().expect("a text").to_owned();
            let (email, name, role) = (text("email"), text("name"), text("role"));
            let words = ["user", "create", "--email", &email, "--name", &name, "--role", &role];
            fine(&revier(&empty, &words, ""));
        }
        fine(&revier(&demo, &["plan", "export", "--to", file], ""));
        fine(&command(Path::new(env!("CARGO_BIN_EXE_revier")), &["plan", "check", file], ""));
        fine(&revier(&empty, &["plan", "import", file], ""));
        let first = std::fs::read_to_string(file).expect("read");
        assert_eq!(exported(&empty), first);
        for key in ["includes_children", "open_leads_max", "calendar"] {
            assert!(first.contains(&format!("\"{key}\"")), "the demo's plan says nothing of {key}");
        }
        demo.drop().await;
        empty.drop().await;
    });
}
