//! The server dies, at every failpoint between two writes and at random.

use serde_json::json;
use testkit::{Base, Kind};
use uuid::Uuid;

use crate::oracle;
use crate::town::{Town, client, load, on, retry, rounds};

const CLIENTS: usize = 16;
/// More than any server lives to create.
const ENDLESS: usize = 100_000;

const FAILPOINTS: [&str; 6] = [
    "lead_before_turns",
    "lead_after_turns",
    "lead_after_leads",
    "lead_after_decisions",
    "lead_before_answers",
    "lead_before_commit",
];

#[test]
fn an_abort_between_any_two_writes_loses_and_doubles_nothing_on_sqlite() {
    on(Kind::Sqlite, abort_everywhere);
}

#[test]
fn an_abort_between_any_two_writes_loses_and_doubles_nothing_on_postgres() {
    on(Kind::Postgres, abort_everywhere);
}

#[test]
fn an_abort_while_the_queue_is_handed_out_loses_and_doubles_nothing_on_sqlite() {
    on(Kind::Sqlite, abort_in_the_queue);
}

#[test]
fn an_abort_while_the_queue_is_handed_out_loses_and_doubles_nothing_on_postgres() {
    on(Kind::Postgres, abort_in_the_queue);
}

#[test]
fn an_abort_within_a_change_leaves_the_lead_as_it_was_on_sqlite() {
    on(Kind::Sqlite, abort_in_a_change);
}

#[test]
fn an_abort_within_a_change_leaves_the_lead_as_it_was_on_postgres() {
    on(Kind::Postgres, abort_in_a_change);
}

#[test]
fn kill_9_under_load_loses_and_doubles_nothing_on_sqlite() {
    on(Kind::Sqlite, kill_under_load);
}

#[test]
fn kill_9_under_load_loses_and_doubles_nothing_on_postgres() {
    on(Kind::Postgres, kill_under_load);
}

async fn abort_everywhere(base: Base) {
    let town = Town::new(base, &[1, 1, 1]).await;
    let mut acks = Vec::new();
    for (at, failpoint) in FAILPOINTS.iter().enumerate() {
        let armed = format!("{failpoint}={}*off->panic", 2 + at);
        let server = town.server(&[("FAILPOINTS", &armed)]);
        let (more, unknown) = load(&town, &[&server.url], CLIENTS, ENDLESS).await;
        server.kill();
        assert!(!more.is_empty() && !unknown.is_empty(), "{failpoint} was never reached");
        acks.extend(more);
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new(), "{failpoint}");
        let server = town.server(&[]);
        acks.extend(retry(&town, &server.url, &unknown).await);
        server.stop();
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new(), "{failpoint}");
    }
    let leads = oracle::count(&town.base, "SELECT COUNT(*) FROM lead").await;
    assert_eq!(usize::try_from(leads).ok(), Some(acks.len()), "a retry made one more");
    mutants_are_found(&town, &acks).await;
    town.base.drop().await;
}

/// The oracle sees what each kind of broken server would leave behind.
async fn mutants_are_found(town: &Town, acks: &[crate::town::Ack]) {
    let last = "(SELECT MAX(turn) FROM decision)";
    let damages = [
        format!("UPDATE decision SET turn = turn + 1 WHERE turn = {last}"),
        "UPDATE rotation SET turn = turn - 1".to_owned(),
        format!("DELETE FROM lead WHERE id = (SELECT lead_id FROM decision WHERE turn = {last} - 2)"),
        "UPDATE lead SET owner_id = NULL".to_owned(),
    ];
    let mut known = 0;
    for damage in damages {
        oracle::damage(&town.base, &damage).await;
        let faults = oracle::faults(town, acks).await.len();
        assert!(faults > known, "nobody noticed {damage}");
        known = faults;
    }
}

async fn abort_in_the_queue(base: Base) {
    let mut town = Town::new(base, &[]).await;
    let server = town.server(&[("FAILPOINTS", "queue_after_turns=panic")]);
    let (acks, unknown) = load(&town, &[&server.url], CLIENTS, 4).await;
    assert!(unknown.is_empty() && acks.iter().all(|ack| ack.owner.is_none()));
    let member = town.add_member(&server.url, 0, 1).await;
    town.members.push((member, 1));
    // It dies within a round of the queue.
    while client().get(format!("{}/live", server.url)).send().await.is_ok() {}
    server.kill();
    assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
    let waiting = "SELECT COUNT(*) FROM lead WHERE queued_at IS NOT NULL";
    assert_eq!(oracle::count(&town.base, waiting).await, 64, "nothing was handed out by halves");
    let server = town.server(&[]);
    while oracle::count(&town.base, waiting).await > 0 {}
    server.stop();
    assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
    town.base.drop().await;
}

async fn abort_in_a_change(base: Base) {
    let town = Town::new(base, &[1]).await;
    let server = town.server(&[("FAILPOINTS", "lead_after_change=panic")]);
    let (acks, _) = load(&town, &[&server.url], 1, 1).await;
    let id: Uuid = acks[0].id;
    let change = |url: &str| {
        let request = client().patch(format!("{url}/api/v1/leads/{id}")).bearer_auth(&town.token);
        request.header("if-match", "\"1\"").json(&json!({ "company": "Neu" })).send()
    };
    assert!(change(&server.url).await.is_err(), "the server died of it");
    server.kill();
    let unchanged = "SELECT COUNT(*) FROM lead WHERE company = 'Firma 0' AND version = 1";
    assert_eq!(oracle::count(&town.base, unchanged).await, 1);
    assert_eq!(oracle::count(&town.base, "SELECT COUNT(*) FROM change").await, 0);
    let server = town.server(&[]);
    assert_eq!(change(&server.url).await.expect("it answers").status(), 200);
    server.stop();
    assert_eq!(oracle::count(&town.base, "SELECT COUNT(*) FROM change").await, 1);
    town.base.drop().await;
}

async fn kill_under_load(base: Base) {
    let town = Town::new(base, &[1, 1, 1, 1, 1]).await;
    let mut acks = Vec::new();
    for round in 0..rounds(3) {
        let server = town.server(&[]);
        let url = server.url.clone();
        let urls = [url.as_str()];
        let load = load(&town, &urls, CLIENTS, ENDLESS).until_killed(server, 10 + (round * 37) % 90, &town);
        let (more, unknown) = load.await;
        assert!(!more.is_empty() && !unknown.is_empty());
        acks.extend(more);
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new(), "round {round}");
        let server = town.server(&[]);
        acks.extend(retry(&town, &server.url, &unknown).await);
        server.stop();
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new(), "round {round}");
    }
    let leads = oracle::count(&town.base, "SELECT COUNT(*) FROM lead").await;
    assert_eq!(usize::try_from(leads).ok(), Some(acks.len()), "a retry made one more");
    town.base.drop().await;
}

/// Work during which a server is killed.
trait UntilKilled: Future + Sized {
    /// Kills the server once so many more leads are there, and waits for the work to notice.
    async fn until_killed(self, server: testkit::Server, leads: usize, town: &Town) -> Self::Output {
        let before = oracle::count(&town.base, "SELECT COUNT(*) FROM lead").await;
        let end = before + i64::try_from(leads).expect("few");
        let kill = async {
            while oracle::count(&town.base, "SELECT COUNT(*) FROM lead").await < end {}
            server.kill();
        };
        let (output, ()) = futures::future::join(self, kill).await;
        output
    }
}

impl<F: Future> UntilKilled for F {}
