//! What must be true of a town's database, whatever has happened to its servers.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use testkit::Base;
use uuid::Uuid;

use crate::town::{Ack, Town};

struct Lead {
    owner: Option<Uuid>,
    is_queued: bool,
}

/// Everything that is wrong; empty where all is well.
pub async fn faults(town: &Town, acks: &[Ack]) -> Vec<String> {
    let connection = town.base.connection().await;
    let mut faults = Vec::new();
    let mut leads = HashMap::new();
    for row in rows(&connection, "SELECT id, owner_id, queued_at FROM lead").await {
        let queued: Option<i64> = row.try_get_by_index(2).expect("an instant");
        let owner = row.try_get_by_index(1).expect("an owner");
        leads.insert(
            row.try_get_by_index::<Uuid>(0).expect("an id"),
            Lead { owner, is_queued: queued.is_some() },
        );
    }
    for Ack { id, owner } in acks {
        match leads.get(id) {
            None => faults.push(format!("the acknowledged lead {id} is lost")),
            Some(lead) if owner.is_some() && lead.owner != *owner => {
                faults.push(format!("{id} was acknowledged for {owner:?} and is {:?}'s", lead.owner));
            }
            Some(_) => {}
        }
    }
    for (id, lead) in &leads {
        if lead.owner.is_some() == lead.is_queued {
            faults.push(format!("{id} has an owner and waits, or neither"));
        }
    }
    faults.extend(turns(&connection, town, &leads).await);
    faults
}

/// Turns are 1 to n, one per lead, and at every n nobody is a whole lead away from their share.
async fn turns(connection: &DatabaseConnection, town: &Town, leads: &HashMap<Uuid, Lead>) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut turned, mut decided) = (HashSet::new(), HashSet::new());
    let mut counts: HashMap<Uuid, i64> = town.members.iter().map(|&(member, _)| (member, 0)).collect();
    let sum: i64 = town.members.iter().map(|&(_, weight)| weight).sum();
    let mut number = 0;
    let sql = "SELECT lead_id, turn, owner_id FROM decision ORDER BY turn";
    for row in rows(connection, sql).await {
        let lead: Uuid = row.try_get_by_index(0).expect("a lead");
        decided.insert(lead);
        let Some(turn) = row.try_get_by_index::<Option<i64>>(1).expect("a turn") else { continue };
        let owner: Option<Uuid> = row.try_get_by_index(2).expect("an owner");
        number += 1;
        if turn != number {
            faults.push(format!("turn {turn} stands where {number} should"));
        }
        if !turned.insert(lead) {
            faults.push(format!("{lead} took two turns"));
        }
        if leads.get(&lead).is_some_and(|lead| lead.owner != owner) {
            faults.push(format!("turn {turn} went to {owner:?}, the lead did not"));
        }
        if let Some(count) = owner.and_then(|owner| counts.get_mut(&owner)) {
            *count += 1;
        }
        for &(member, weight) in &town.members {
            let strays = (counts[&member] * sum - number * weight).abs();
            if strays >= sum {
                faults.push(format!(
                    "after {number} turns {member} has {} of weight {weight}",
                    counts[&member]
                ));
            }
        }
    }
    for lead in leads.keys().filter(|lead| !decided.contains(lead)) {
        faults.push(format!("nobody decided about {lead}"));
    }
    for lead in decided.iter().filter(|lead| !leads.contains_key(lead)) {
        faults.push(format!("{lead} was decided about and is not there"));
    }
    for row in rows(connection, "SELECT turn FROM rotation").await {
        let turn: i64 = row.try_get_by_index(0).expect("a turn");
        if turn != number {
            faults.push(format!("the rotation stands at {turn} after {number} turns"));
        }
    }
    faults
}

/// What `revier doctor` would say of the rows.
pub async fn exceptions(base: &Base) -> Vec<String> {
    let db = base.open().await;
    let findings = db.invariants().await.expect("the database answers");
    db.close().await;
    let broken = findings.into_iter().filter(|finding| finding.exceptions > 0);
    broken.map(|finding| format!("not for {}: {}", finding.exceptions, finding.sentence)).collect()
}

/// The number of leads that are there.
pub async fn leads(base: &Base) -> usize {
    usize::try_from(count(base, "SELECT COUNT(*) FROM lead").await).expect("no less than none")
}

pub async fn count(base: &Base, sql: &str) -> i64 {
    let connection = base.connection().await;
    let rows = rows(&connection, sql).await;
    connection.close().await.expect("it is closed");
    rows[0].try_get_by_index(0).expect("a number")
}

/// Damages the database as a broken server would have.
pub async fn damage(base: &Base, sql: &str) {
    base.connection().await.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

pub async fn rows(connection: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}
