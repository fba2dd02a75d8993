//! What readers were told while servers died: each answer about lead, owner, decision and rotation is one
//! committed state, none older than what had been acknowledged before it was asked for, none taken back.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::Value;
use testkit::Kind;
use uuid::Uuid;

use crate::crash::until_killed;
use crate::oracle;
use crate::stage::{Stage, on, rounds};
use crate::town::{Ack, Ended, Town, client, retry};

const WRITERS: usize = 8;
const READERS: usize = 3;

#[test]
fn every_read_is_one_committed_state_while_servers_die_on_sqlite() {
    on(Kind::Sqlite, read_while_servers_die);
}

#[test]
fn every_read_is_one_committed_state_while_servers_die_on_postgres() {
    on(Kind::Postgres, read_while_servers_die);
}

/// A territory's rotation as one answer told it.
struct Reading {
    /// Leads that had been acknowledged before it was asked for.
    acknowledged: u64,
    turn: u64,
    /// By member: turns received (from the decisions), leads owned (from the leads).
    members: HashMap<Uuid, (u64, u64)>,
}

/// A lead as its answers told it.
struct Told {
    lead: Uuid,
    owner: Option<Uuid>,
    turn: Option<u64>,
}

pub async fn read_while_servers_die(stage: Stage) {
    let town = Town::new(stage, &[1, 1, 1, 1, 1]).await;
    let mut acks: Vec<Ack> = Vec::new();
    let (mut readings, mut told) = (Vec::new(), Vec::new());
    for round in 0..rounds(3, 50) {
        let doomed = town.server("");
        // On PostgreSQL another server lives on, and its readers with it.
        let witness = (town.base.kind == Kind::Postgres).then(|| town.server(""));
        let urls: Vec<String> = [Some(&doomed), witness.as_ref()]
            .into_iter()
            .flatten()
            .map(|server| server.url.clone())
            .collect();
        let acknowledged = AtomicU64::new(acks.len() as u64);
        let is_over = AtomicBool::new(false);
        let writers = async {
            let done =
                futures::future::join_all((0..WRITERS).map(|_| write(&town, &urls[0], &acknowledged))).await;
            is_over.store(true, Ordering::SeqCst);
            done
        };
        let writers = until_killed(writers, doomed, town.holds(40 + (round * 13) % 40));
        let readers = (0..READERS).map(|at| read(&town, &urls[at % urls.len()], &acknowledged, &is_over));
        let (written, read) = futures::future::join(writers, futures::future::join_all(readers)).await;
        let mut unknown = Vec::new();
        for (more, rest) in written {
            acks.extend(more);
            unknown.extend(rest);
        }
        for (more, of_leads) in read {
            readings.extend(more);
            told.extend(of_leads);
        }
        let server = town.server("");
        acks.extend(retry(&town, &server.url, &unknown).await);
        server.stop();
        if let Some(witness) = witness {
            witness.stop();
        }
    }
    assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
    let faults = faults(&town, &readings, &told).await;
    assert!(
        faults.is_empty(),
        "{} answers told of no committed state: {:?}",
        faults.len(),
        &faults[..faults.len().min(5)]
    );
    println!(
        "{} answers about the rotation and {} about leads, {} leads",
        readings.len(),
        told.len(),
        acks.len()
    );
    assert!(readings.len() > 20 && told.len() > 20, "only {} and {} answers", readings.len(), told.len());
    town.base.drop().await;
}

async fn write(town: &Town, url: &str, acknowledged: &AtomicU64) -> (Vec<Ack>, Vec<usize>) {
    let (client, mut acks) = (client(), Vec::new());
    loop {
        let number = town.next();
        match town.ask(&client, url, number).await {
            Ended::Acknowledged(ack) => {
                acknowledged.fetch_add(1, Ordering::SeqCst);
                acks.push(ack);
            }
            Ended::Unknown => return (acks, vec![number]),
        }
    }
}

/// Reads until the writers' server has died: the rotation, and the newest lead with its decision.
async fn read(
    town: &Town,
    url: &str,
    acknowledged: &AtomicU64,
    is_over: &AtomicBool,
) -> (Vec<Reading>, Vec<Told>) {
    let client = client();
    let (mut readings, mut told) = (Vec::new(), Vec::new());
    let get = async |path: &str| -> Option<Value> {
        let answer = client.get(format!("{url}{path}")).bearer_auth(&town.token).send().await.ok()?;
        let is_fine = answer.status().is_success();
        answer.json().await.ok().filter(|_| is_fine)
    };
    let rotation = format!("/api/v1/territories/{}/rotation", town.territory);
    while !is_over.load(Ordering::SeqCst) {
        let before = acknowledged.load(Ordering::SeqCst);
        let Some(answer) = get(&rotation).await else { continue };
        readings.push(reading(before, &answer));
        let Some(list) = get("/api/v1/leads?sort=-created_at&limit=3").await else { continue };
        for item in list["items"].as_array().into_iter().flatten() {
            let id = item["id"].as_str().unwrap_or_default();
            let Some(decision) = get(&format!("/api/v1/leads/{id}/decision")).await else { continue };
            told.push(Told {
                lead: id.parse().expect("an id"),
                owner: item["owner"]["id"].as_str().and_then(|id| id.parse().ok()),
                turn: decision["details"]["turn"].as_u64(),
            });
        }
    }
    (readings, told)
}

fn reading(acknowledged: u64, answer: &Value) -> Reading {
    let number = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("no number: {answer}"));
    let member = |member: &Value| {
        let id = member["user"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        (id, (number(&member["received"]), number(&member["open_leads"])))
    };
    let members = answer["members"].as_array().expect("members").iter().map(member).collect();
    Reading { acknowledged, turn: number(&answer["turn"]), members }
}

/// Compares with the order in which turns stand in the end: every answer is a beginning of it.
async fn faults(town: &Town, readings: &[Reading], told: &[Told]) -> Vec<String> {
    let sql = "SELECT lead_id, owner_id FROM decision WHERE turn IS NOT NULL ORDER BY turn";
    let connection = town.base.connection().await;
    let mut order: Vec<(Uuid, Uuid)> = Vec::new();
    for row in oracle::rows(&connection, sql).await {
        order.push((row.try_get_by_index(0).expect("a lead"), row.try_get_by_index(1).expect("an owner")));
    }
    let mut faults = Vec::new();
    for reading in readings {
        let turn = usize::try_from(reading.turn).expect("few");
        if turn > order.len() {
            faults.push(format!("turn {turn} was told, but only {} were committed", order.len()));
            continue;
        }
        if reading.turn < reading.acknowledged {
            faults.push(format!("turn {turn} was told after {} were acknowledged", reading.acknowledged));
        }
        for (&member, &(received, open)) in &reading.members {
            let due = order[..turn].iter().filter(|(_, owner)| *owner == member).count() as u64;
            if received != due || open != due {
                faults.push(format!(
                    "at turn {turn} {member} has {due}; told were {received} decisions, {open} leads"
                ));
            }
        }
    }
    for Told { lead, owner, turn } in told {
        let Some(at) = order.iter().position(|(there, _)| there == lead) else {
            faults.push(format!("{lead} was told, and is not there"));
            continue;
        };
        if *owner != Some(order[at].1) || *turn != Some(at as u64 + 1) {
            faults.push(format!(
                "{lead} is turn {} of {}; told were {turn:?} and {owner:?}",
                at + 1,
                order[at].1
            ));
        }
    }
    faults
}
