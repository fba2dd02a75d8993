//! Every kind of change, cut off before each of its writes, before its commit and after it: either nothing
//! of it is there, or all.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use testkit::{Base, Kind, content};

use crate::stage::{Stage, on};
use crate::town::{Town, id_of, load};

#[test]
fn a_change_that_is_cut_off_anywhere_is_there_as_a_whole_or_not_at_all_on_sqlite() {
    on(Kind::Sqlite, cut_off_everywhere);
}

#[test]
fn a_change_that_is_cut_off_anywhere_is_there_as_a_whole_or_not_at_all_on_postgres() {
    on(Kind::Postgres, cut_off_everywhere);
}

/// A change as it is asked for the first and the second time.
struct Change {
    method: &'static str,
    paths: [String; 2],
    bodies: [Value; 2],
}

fn change(method: &'static str, path: &str, bodies: [Value; 2]) -> Change {
    Change { method, paths: [path.to_owned(), path.to_owned()], bodies }
}

/// One of every kind that writes something different.
async fn changes(town: &Town) -> Vec<Change> {
    let server = town.server("");
    let (acks, unknown) = load(town, &[&server.url], 1, 10).await;
    assert!(unknown.is_empty(), "a sound server answers");
    let lead = |at: usize| format!("/api/v1/leads/{}", acks[at].id);
    let place = format!("/api/v1/territories/{}", town.territory);
    let user = |at: usize| format!("/api/v1/users/{}", town.members[at].0);
    let member = |at: usize| format!("{place}/members/{}", town.members[at].0);
    let mut gone = Vec::new();
    for name in ["Weg 0", "Weg 1"] {
        let made = town.call(&server.url, "POST", "/api/v1/territories", json!({ "name": name })).await;
        gone.push(format!("/api/v1/territories/{}", id_of(&made)));
    }
    server.stop();
    let named = |key: &str| [0, 1].map(|at| json!({ key: format!("Neu {at}") }));
    let rule = |at: usize| json!({ "name": format!("Regel {at}"), "when": { "all": [] } });
    let absence = |day: usize| json!({ "starts_at": format!("2027-01-0{day}T00:00:00Z"), "ends_at": format!("2027-01-0{day}T09:00:00Z") });
    let person = |at: usize| {
        json!({ "name": format!("Neue {at}"), "email": format!("neue{at}@example.com"), "role": "seller",
            "password": "correct horse battery staple" })
    };
    let invited = |at: usize| {
        json!({ "name": format!("Gast {at}"), "email": format!("gast{at}@example.com"), "role": "seller",
            "territories": [{ "territory": town.territory, "assignment": true }] })
    };
    let field = |at: usize| json!({ "key": format!("neu_{at}"), "kind": "text", "label_en": "New", "label_de": "Neu" });
    vec![
        change("POST", "/api/v1/leads", named("company")),
        change("PATCH", &lead(0), named("company")),
        change(
            "POST",
            &format!("{}/assignment", lead(1)),
            [0, 1].map(|at| json!({ "owner": town.members[at].0 })),
        ),
        Change { method: "DELETE", paths: [lead(2), lead(3)], bodies: [Value::Null, Value::Null] },
        change("POST", "/api/v1/territories", named("name")),
        change("PATCH", &place, [0, 1].map(|at| json!({ "name": format!("Welt {at}") }))),
        change("POST", &format!("{place}/rules"), [rule(0), rule(1)]),
        Change {
            method: "PUT",
            paths: [0, 1].map(|at| format!("{}/rotation", gone[at])),
            bodies: [0, 1].map(|_| json!({ "is_paused": true })),
        },
        Change {
            method: "DELETE",
            paths: [gone[0].clone(), gone[1].clone()],
            bodies: [Value::Null, Value::Null],
        },
        change(
            "PUT",
            &member(0),
            [2, 3].map(|weight| json!({ "access": true, "assignment": true, "weight": weight })),
        ),
        change("POST", &format!("{}/absences", user(1)), [absence(1), absence(2)]),
        change("POST", "/api/v1/users", [person(0), person(1)]),
        change("POST", "/api/v1/invitations", [invited(0), invited(1)]),
        change("POST", "/api/v1/fields", [field(0), field(1)]),
        change("PATCH", "/api/v1/workspace", named("name")),
        Change {
            method: "DELETE",
            paths: [2, 3].map(|at| format!("{}?records=rotate", member(at))),
            bodies: [Value::Null, Value::Null],
        },
    ]
}

pub async fn cut_off_everywhere(stage: Stage) {
    let town = Town::new(stage, &[1, 1, 1, 1, 1]).await;
    let changes = changes(&town).await;
    let mut points = 0;
    for (at, change) in changes.iter().enumerate() {
        let ask = async |url: &str, turn: usize| {
            let key = format!("change {at} {turn}");
            let path = &change.paths[turn];
            let answer = town.send(url, change.method, path, &key, &change.bodies[turn]).await;
            let answer = answer?;
            let status = answer.status();
            Some((status, answer.text().await.unwrap_or_default()))
        };
        // Members differ in the leads that are handed out anew, territories in the siblings that move up.
        let is_even = change.method != "DELETE" || change.paths[0].starts_with("/api/v1/leads");
        let what = format!("{} {}", change.method, change.paths[1]);
        let before = counts(&town.base).await;
        let notes = tempfile::NamedTempFile::new().expect("a file");
        let server = town.server_noting(notes.path());
        let (status, text) = ask(&server.url, 0).await.expect("a sound server answers");
        server.stop();
        assert!(status.is_success(), "{what}: {status} {text}");
        let whole = grown(&before, &counts(&town.base).await);
        let (before, rows) = (counts(&town.base).await, state(&town.base).await);
        let passed = passed(notes.path());
        assert!(!passed.is_empty(), "{what} writes nothing that could be cut off");
        points += passed.len();
        for failpoint in passed {
            let server = town.server(&failpoint);
            assert_eq!(ask(&server.url, 1).await, None, "{what} passes no {failpoint}");
            server.kill();
            if failpoint.starts_with("committed") {
                let made = grown(&before, &counts(&town.base).await);
                assert!(
                    made == whole || !is_even,
                    "{what}, cut off after {failpoint}, is there in part: {made:?}"
                );
            } else {
                let part = difference(&rows, &state(&town.base).await);
                assert!(part.is_empty(), "{what}, cut off at {failpoint}, is there in part: {part:?}");
            }
        }
        // Asked once more with its key, it is there once.
        let server = town.server("");
        let (status, text) = ask(&server.url, 1).await.expect("a sound server answers");
        server.stop();
        assert!(status.is_success() || change.method == "DELETE", "{what}: {status} {text}");
        if change.method == "POST" {
            let made = grown(&before, &counts(&town.base).await);
            assert_eq!(made, whole, "{what} was made twice by its retry");
        }
    }
    assert_eq!(crate::oracle::exceptions(&town.base).await, Vec::<String>::new());
    println!("{} changes were cut off at {points} failpoints", changes.len());
    assert!(points > 5 * changes.len(), "only {points} failpoints");
    town.base.drop().await;
}

/// The failpoints to arm, one after the other: every write by its place among those of its name, then the
/// commit.
fn passed(notes: &Path) -> Vec<String> {
    let notes = std::fs::read_to_string(notes).expect("notes");
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut armed = Vec::new();
    let mut commit = None;
    // The seal of the audit log comes by itself, and when a token was last seen is nobody's change.
    for name in notes.lines().filter(|name| !name.contains("seal") && !name.contains("api_token")) {
        let earlier = seen.entry(name).or_default();
        match name.split_once(" with ") {
            Some((_, write)) => commit = commit.or(Some(write)),
            None if *earlier == 0 => armed.push(format!("{name}=panic")),
            None => armed.push(format!("{name}={earlier}*off->panic")),
        }
        *earlier += 1;
    }
    armed.extend(
        commit.iter().flat_map(|write| {
            [format!("commit with {write}=panic"), format!("committed with {write}=panic")]
        }),
    );
    armed
}

/// Everything but the audit log, whose entries are sealed after a while: of it the number.
async fn state(base: &Base) -> Vec<String> {
    let mut rows = content::of(base).await;
    rows.retain(|row| !row.starts_with("audit: ") && !row.starts_with("audit_seal: "));
    let entries = content::number(base, "SELECT COUNT(*) FROM audit").await;
    rows.push(format!("{entries} entries in the audit log"));
    rows
}

/// Rows by table.
async fn counts(base: &Base) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for row in content::of(base).await {
        let (table, _) = row.split_once(": ").expect("a table and a row");
        *counts.entry(table.to_owned()).or_default() += 1;
    }
    counts.remove("audit_seal");
    counts
}

fn grown(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    let mut grown = after.clone();
    for (table, count) in before {
        *grown.entry(table.clone()).or_default() -= count;
    }
    grown.retain(|_, more| *more != 0);
    grown
}

fn difference(before: &[String], after: &[String]) -> Vec<String> {
    let new = after.iter().filter(|row| !before.contains(row)).map(|row| format!("+ {row}"));
    let gone = before.iter().filter(|row| !after.contains(row)).map(|row| format!("- {row}"));
    new.chain(gone).collect()
}
