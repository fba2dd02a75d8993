//! Access is taken and given while leads arrive.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use testkit::{Kind, Server};

use crate::oracle;
use crate::stage::{Stage, on, rounds};
use crate::town::{Town, load};

const CLIENTS: usize = 16;
/// That a client creates without a pause.
const LEADS_EACH: usize = 20;
/// Leads that may be created between the request for a change and its answer: those that were on their way,
/// some batches until the request stands in line, those that are answered before it is.
const OVERTAKING_MAX: usize = 8 * CLIENTS;

#[test]
fn nobody_owns_a_lead_of_a_territory_to_which_access_was_taken_on_sqlite() {
    on(Kind::Sqlite, take_access);
}

#[test]
fn nobody_owns_a_lead_of_a_territory_to_which_access_was_taken_on_postgres() {
    on(Kind::Postgres, take_access);
}

const CHANGES_MAX: usize = 200;

async fn take_access(stage: Stage) {
    change_access(stage, rounds(6, CHANGES_MAX)).await;
}

/// As often as it takes: what is wrong shows only where a change falls between a batch's book and its commit.
pub async fn take_access_often(stage: Stage) {
    change_access(stage, CHANGES_MAX).await;
}

/// Leads wait for a moment between their turn and their commit, so that access is taken meanwhile.
async fn change_access(stage: Stage, changes: usize) {
    let town = Town::new(stage, &[1, 1, 1, 1]).await;
    // Two servers where there can be two, so that one holds the book whenever the other lets go of it.
    let count = if town.base.kind == Kind::Postgres { 2 } else { 1 };
    let servers: Vec<Server> = (0..count).map(|_| town.server("insert lead=sleep(20)")).collect();
    let urls: Vec<&str> = servers.iter().map(|server| server.url.as_str()).collect();
    let is_done = AtomicBool::new(false);
    let leads = async {
        let (mut acks, mut unknown) = (Vec::new(), Vec::new());
        while !is_done.load(Ordering::SeqCst) {
            let (more, rest) = load(&town, &urls, CLIENTS, LEADS_EACH).await;
            acks.extend(more);
            unknown.extend(rest);
        }
        (acks, unknown)
    };
    let manager = async {
        let mut most = 0;
        for taken in 0..changes {
            let (member, _) = town.members[taken % 3];
            let path = format!("/api/v1/territories/{}/members/{member}", town.territory);
            for has_access in [false, true] {
                let body = json!({ "access": has_access, "assignment": has_access, "records": "rotate" });
                let before = oracle::leads(&town.base).await;
                let answer = town.send(urls[0], "PUT", &path, "", &body).await;
                let status = answer.expect("a sound server answers").status();
                assert!(status.is_success(), "{status}");
                let overtook = oracle::leads(&town.base).await - before;
                most = most.max(overtook);
                assert_eq!(
                    oracle::exceptions(&town.base).await,
                    Vec::<String>::new(),
                    "after change {taken}"
                );
                assert!(overtook <= OVERTAKING_MAX, "{overtook} leads overtook change {taken}");
            }
        }
        is_done.store(true, Ordering::SeqCst);
        most
    };
    let ((acks, unknown), most) = futures::future::join(leads, manager).await;
    assert!(unknown.is_empty(), "{} of {} leads were not taken", unknown.len(), acks.len());
    assert_eq!(oracle::exceptions(&town.base).await, Vec::<String>::new());
    assert_eq!(oracle::leads(&town.base).await, acks.len());
    println!("access was taken and given while {} leads arrived; {most} overtook a change", acks.len());
    for server in servers {
        server.stop();
    }
    town.base.drop().await;
}
