//! The server dies, at every failpoint on the way of a lead and at random.

use futures::FutureExt;
use testkit::Kind;

use crate::oracle;
use crate::stage::{Stage, on, rounds};
use crate::town::{Town, client, load, retry};

const CLIENTS: usize = 16;
/// More than any server lives to create.
const ENDLESS: usize = 100_000;

#[test]
fn an_abort_between_any_two_writes_of_a_lead_loses_and_doubles_nothing_on_sqlite() {
    on(Kind::Sqlite, abort_everywhere);
}

#[test]
fn an_abort_between_any_two_writes_of_a_lead_loses_and_doubles_nothing_on_postgres() {
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
fn kill_9_under_load_loses_and_doubles_nothing_on_sqlite() {
    on(Kind::Sqlite, kill_under_load);
}

#[test]
fn kill_9_under_load_loses_and_doubles_nothing_on_postgres() {
    on(Kind::Postgres, kill_under_load);
}

/// Dies with some batches done at every write, before and after the commit, while clients go on.
pub async fn abort_everywhere(stage: Stage) {
    let town = Town::new(stage, &[1, 1, 1]).await;
    let mut acks = Vec::new();
    for (at, failpoint) in passed_by_a_lead(&town, &mut acks).await.iter().enumerate() {
        let armed = format!("{failpoint}={}*off->panic", 2 + at % 5);
        let server = town.server(&armed);
        let (more, unknown) = load(&town, &[&server.url], CLIENTS, ENDLESS).await;
        server.kill();
        assert!(!more.is_empty() && !unknown.is_empty(), "{failpoint} was never reached");
        acks.extend(more);
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new(), "{failpoint}");
        let server = town.server("");
        acks.extend(retry(&town, &server.url, &unknown).await);
        server.stop();
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new(), "{failpoint}");
        assert_eq!(oracle::leads(&town.base).await, acks.len(), "{failpoint}: a retry made one more");
    }
    town.base.drop().await;
}

/// The failpoints in the way of a lead that is not its territory's first.
async fn passed_by_a_lead(town: &Town, acks: &mut Vec<crate::town::Ack>) -> Vec<String> {
    let notes = tempfile::NamedTempFile::new().expect("a file");
    let server = town.server_noting(notes.path());
    let first = load(town, &[&server.url], 1, 1).await;
    let before = std::fs::read_to_string(notes.path()).expect("notes").lines().count();
    let second = load(town, &[&server.url], 1, 1).await;
    server.stop();
    assert!(first.1.is_empty() && second.1.is_empty(), "a sound server answers");
    acks.extend(first.0.into_iter().chain(second.0));
    let passed = std::fs::read_to_string(notes.path()).expect("notes");
    let mut passed: Vec<String> = passed.lines().skip(before).map(str::to_owned).collect();
    // The commit passes one for each of its writes; one is enough, and the seal of the log is another matter.
    passed
        .retain(|name| !name.contains("seal") && (!name.contains(" with ") || name.ends_with("insert lead")));
    passed.dedup();
    for write in ["update rotation", "insert lead", "insert decision", "insert outbox", "insert audit"] {
        assert!(passed.iter().any(|name| name == write), "no failpoint before {write}: {passed:?}");
    }
    assert!(passed.iter().any(|name| name == "committed with insert lead"), "{passed:?}");
    passed
}

/// The oracle sees what each kind of broken server would leave behind.
#[test]
fn the_oracle_notices_every_kind_of_damage() {
    on(Kind::Sqlite, async |stage: Stage| {
        let town = Town::new(stage, &[1, 1, 1]).await;
        let server = town.server("");
        let (acks, _) = load(&town, &[&server.url], 4, 5).await;
        server.stop();
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
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
            let faults = oracle::faults(&town, &acks).await.len();
            assert!(faults > known, "nobody noticed {damage}");
            known = faults;
        }
        town.base.drop().await;
    });
}

pub async fn abort_in_the_queue(stage: Stage) {
    let mut town = Town::new(stage, &[]).await;
    let server = town.server("update lead=panic");
    let (acks, unknown) = load(&town, &[&server.url], CLIENTS, 4).await;
    assert!(unknown.is_empty() && acks.iter().all(|ack| ack.owner.is_none()));
    let member = town.add_member(&server.url, 0, 1).await;
    town.members.push((member, 1));
    // It dies within a round of the queue, after the turns were written and before their leads are.
    while client().get(format!("{}/live", server.url)).send().await.is_ok() {}
    server.kill();
    assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
    let waiting = "SELECT COUNT(*) FROM lead WHERE queued_at IS NOT NULL";
    assert_eq!(oracle::count(&town.base, waiting).await, 64, "nothing was handed out by halves");
    let server = town.server("");
    while oracle::count(&town.base, waiting).await > 0 {}
    server.stop();
    assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
    town.base.drop().await;
}

pub async fn kill_under_load(stage: Stage) {
    let town = Town::new(stage, &[1, 1, 1, 1, 1]).await;
    let mut acks = Vec::new();
    for round in 0..rounds(3, 100) {
        let server = town.server("");
        let url = server.url.clone();
        let urls = [url.as_str()];
        let load = load(&town, &urls, CLIENTS, ENDLESS);
        // Now right after an answer, now right after a commit.
        let leads = 10 + (round * 37) % 90;
        let moment =
            if round % 2 == 0 { town.answers(leads).left_future() } else { town.holds(leads).right_future() };
        let (more, unknown) = until_killed(load, server, moment).await;
        assert!(!more.is_empty() && !unknown.is_empty());
        acks.extend(more);
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new(), "round {round}");
        let server = town.server("");
        acks.extend(retry(&town, &server.url, &unknown).await);
        server.stop();
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new(), "round {round}");
        assert_eq!(oracle::leads(&town.base).await, acks.len(), "a retry made one more in round {round}");
    }
    println!("{} leads were acknowledged", acks.len());
    town.base.drop().await;
}

/// Kills the server at a moment of the work, and waits for the work to notice.
pub async fn until_killed<T>(
    work: impl Future<Output = T>,
    server: testkit::Server,
    moment: impl Future<Output = ()>,
) -> T {
    let kill = async {
        moment.await;
        server.kill();
    };
    futures::future::join(work, kill).await.0
}
