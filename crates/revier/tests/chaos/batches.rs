//! Leads moved by a change of rules, and moved back, while servers die amid the steps.

use serde_json::json;
use testkit::Kind;

use crate::oracle;
use crate::stage::{Stage, on};
use crate::town::{Town, client, id_of, load};

const MOVED: &str = "SELECT COUNT(*) FROM batch_lead WHERE state = 'moved'";
const OPEN: &str = "SELECT COUNT(*) FROM batch WHERE state IN ('moving', 'undoing')";
const THERE: &str =
    "SELECT COUNT(*) FROM lead WHERE territory_id IN (SELECT id FROM territory WHERE name = 'Nord')";
/// In the second step of two hundred leads.
const AMID: &str = "insert decision=250*off->panic";
const LEADS: usize = 300;

#[test]
fn a_batch_that_a_server_dies_on_goes_on_where_it_was_and_is_undone_alike_on_sqlite() {
    on(Kind::Sqlite, die_amid_a_batch);
}

#[test]
fn a_batch_that_a_server_dies_on_goes_on_where_it_was_and_is_undone_alike_on_postgres() {
    on(Kind::Postgres, die_amid_a_batch);
}

pub async fn die_amid_a_batch(stage: Stage) {
    let town = Town::new(stage, &[1, 1, 1]).await;
    let server = town.server("");
    let (acks, unknown) = load(&town, &[&server.url], 4, LEADS / 4).await;
    assert!(unknown.is_empty() && acks.len() == LEADS);
    let north = town.call(&server.url, "POST", "/api/v1/territories", json!({ "name": "Nord" })).await;
    let north = id_of(&north);
    let member = format!("/api/v1/territories/{north}/members/{}", town.members[0].0);
    town.call(&server.url, "PUT", &member, json!({ "access": true, "assignment": true })).await;
    // Everything lies in the territory that catches what no rule takes.
    let change = json!({ "territory": north, "name": "Alles", "when": { "all": [] } });
    let preview = town.call(&server.url, "POST", "/api/v1/rules/preview", change.clone()).await;
    assert_eq!(preview["moves"], LEADS, "{preview}");
    server.stop();

    let server = town.server(AMID);
    let batch = json!({ "change": change, "seen": preview["seen"] });
    let batch = id_of(&town.call(&server.url, "POST", "/api/v1/batches", batch).await);
    while client().get(format!("{}/live", server.url)).send().await.is_ok() {}
    server.kill();
    assert_eq!(oracle::count(&town.base, MOVED).await, 200, "one step, and nothing of the next");
    assert_eq!(oracle::count(&town.base, THERE).await, 200);
    let server = town.server("");
    while oracle::count(&town.base, OPEN).await > 0 {}
    assert_eq!(oracle::count(&town.base, THERE).await, 300);
    assert_eq!(oracle::exceptions(&town.base).await, Vec::<String>::new());
    server.stop();

    let server = town.server(AMID);
    town.call(&server.url, "POST", &format!("/api/v1/batches/{batch}/undo"), json!({})).await;
    while client().get(format!("{}/live", server.url)).send().await.is_ok() {}
    server.kill();
    let server = town.server("");
    while oracle::count(&town.base, OPEN).await > 0 {}
    server.stop();
    assert_eq!(oracle::exceptions(&town.base).await, Vec::<String>::new());
    assert_eq!(oracle::count(&town.base, THERE).await, 0);
    let mut faults = oracle::faults(&town, &acks).await;
    faults.retain(|fault| fault.contains("acknowledged"));
    assert_eq!(faults, Vec::<String>::new(), "everybody has again what they had");
    town.base.drop().await;
}
