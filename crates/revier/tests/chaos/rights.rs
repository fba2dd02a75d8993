//! Access is taken and given while leads arrive.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use testkit::Kind;

use crate::oracle;
use crate::stage::{Stage, on, rounds};
use crate::town::{Town, load};

const CLIENTS: usize = 16;

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
    let server = town.server("insert lead=sleep(20)");
    let is_done = AtomicBool::new(false);
    let leads = async {
        let (mut acks, mut unknown) = (Vec::new(), Vec::new());
        while !is_done.load(Ordering::SeqCst) {
            let (more, rest) = load(&town, &[&server.url], CLIENTS, 2).await;
            acks.extend(more);
            unknown.extend(rest);
        }
        (acks, unknown)
    };
    let manager = async {
        for taken in 0..changes {
            let (member, _) = town.members[taken % 3];
            let path = format!("/api/v1/territories/{}/members/{member}", town.territory);
            for has_access in [false, true] {
                let body = json!({ "access": has_access, "assignment": has_access, "records": "rotate" });
                let answer = town.send(&server.url, "PUT", &path, "", &body).await;
                let status = answer.expect("a sound server answers").status();
                assert!(status.is_success(), "{status}");
                assert_eq!(
                    oracle::exceptions(&town.base).await,
                    Vec::<String>::new(),
                    "after change {taken}"
                );
            }
        }
        is_done.store(true, Ordering::SeqCst);
    };
    let ((acks, unknown), ()) = futures::future::join(leads, manager).await;
    assert!(unknown.is_empty(), "{} of {} leads were not taken", unknown.len(), acks.len());
    assert_eq!(oracle::exceptions(&town.base).await, Vec::<String>::new());
    assert_eq!(oracle::leads(&town.base).await, acks.len());
    println!("access was taken and given while {} leads arrived", acks.len());
    server.stop();
    town.base.drop().await;
}
