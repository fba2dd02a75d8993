//! Several servers on one PostgreSQL.

use testkit::{Kind, Server};

use crate::oracle;
use crate::stage::{Stage, on, rounds};
use crate::town::{Ended, Town, client, id_of, load, retry};

const CLIENTS: usize = 64;
/// A frozen server may hold others up for so long, by PostgreSQL's clock.
const HELD_MS_MAX: i64 = 5_000;

#[test]
fn three_servers_hand_out_in_one_order() {
    on(Kind::Postgres, async |stage: Stage| hand_out(stage, &[1, 1, 1, 1, 1, 1, 1], 157).await);
}

#[test]
fn three_servers_keep_uneven_weights_within_one_lead() {
    on(Kind::Postgres, async |stage: Stage| hand_out(stage, &[1, 1, 45, 1, 3, 2, 45, 3], 40).await);
}

#[test]
fn a_frozen_server_holds_nobody_up_for_long_and_commits_nothing_twice() {
    on(Kind::Postgres, freeze);
}

#[test]
fn a_change_of_rules_counts_at_once_on_every_server() {
    on(Kind::Postgres, change_rules);
}

/// Each client creates so many; with `REVIER_SOAK=1` together 10,048 leads.
pub async fn hand_out(stage: Stage, weights: &[i64], each: usize) {
    let town = Town::new(stage, weights).await;
    let each = rounds(each, 157);
    let servers: Vec<Server> = (0..3).map(|_| town.server("")).collect();
    let urls: Vec<&str> = servers.iter().map(|server| server.url.as_str()).collect();
    let (acks, unknown) = load(&town, &urls, CLIENTS, each).await;
    assert!(unknown.is_empty(), "{} of {} were not answered", unknown.len(), CLIENTS * each);
    assert_eq!(acks.len(), CLIENTS * each);
    assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
    for server in servers {
        server.stop();
    }
    town.base.drop().await;
}

/// Frozen between the turn and the commit, it holds the territory's row until PostgreSQL ends its session.
pub async fn freeze(stage: Stage) {
    let town = Town::new(stage, &[1, 1, 1]).await;
    let frozen = town.server("insert lead=1*sleep(1500)");
    let healthy = town.server("");
    let urls = [frozen.url.as_str()];
    let stuck = load(&town, &urls, 1, 1);
    let others = async {
        let session = holder(&town).await;
        frozen.freeze();
        let healthy = [healthy.url.as_str()];
        let work = load(&town, &healthy, 4, 5);
        // A change stands in line behind the frozen server, and the leads that come later behind the change.
        let rule = serde_json::json!({ "name": "Nord",
            "when": { "field": "company", "op": "is_any_of", "values": ["Nord"] } });
        let path = format!("/api/v1/territories/{}/rules", town.territory);
        let change = town.call(healthy[0], "POST", &path, rule);
        let held = held_ms(&town, session);
        let ((acks, unknown), held_ms, _) = futures::future::join3(work, held, change).await;
        println!("the others were held up for {held_ms} ms");
        assert!(unknown.is_empty(), "{} leads were held up for too long", unknown.len());
        assert_eq!(oracle::leads(&town.base).await, 20, "what the frozen server had begun is not there");
        frozen.thaw();
        acks
    };
    let ((late, unknown), mut acks) = futures::future::join(stuck, others).await;
    assert!(late.len() == 1 || unknown.len() == 1);
    acks.extend(late);
    acks.extend(retry(&town, &healthy.url, &unknown).await);
    assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
    assert_eq!(oracle::leads(&town.base).await, 21, "once and no more");
    // PostgreSQL's own setting is what ends the frozen session: it is what our servers ask for.
    let ended = "SELECT CAST(setting AS bigint) FROM pg_settings \
         WHERE name = 'idle_in_transaction_session_timeout'";
    assert_eq!(oracle::count(&town.base, ended).await, 0, "not the cluster's default did it");
    frozen.stop();
    healthy.stop();
    town.base.drop().await;
}

/// The session that has done nothing in its open transaction for a while: its server sleeps there.
pub async fn holder(town: &Town) -> i64 {
    loop {
        let session = asleep(town).await;
        if session > 0 {
            return session;
        }
    }
}

/// The same where there is one at this moment; else 0.
pub async fn asleep(town: &Town) -> i64 {
    let sql = "SELECT COALESCE(MAX(pid), 0)::bigint FROM pg_stat_activity WHERE datname = current_database() \
         AND state = 'idle in transaction' AND clock_timestamp() - state_change > interval '150 ms'";
    oracle::count(&town.base, sql).await
}

/// How long the session's transaction lasts until PostgreSQL ends it.
async fn held_ms(town: &Town, session: i64) -> i64 {
    let sql = format!(
        "SELECT COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - xact_start) * 1000), 0)::bigint \
         FROM pg_stat_activity WHERE pid = {session}"
    );
    let mut longest = 0;
    loop {
        let held = oracle::count(&town.base, &sql).await;
        assert!(held <= HELD_MS_MAX, "the frozen server holds the territory's row after {HELD_MS_MAX} ms");
        if held == 0 {
            return longest;
        }
        longest = held;
    }
}

/// One server changes the rules, another places the next lead.
pub async fn change_rules(stage: Stage) {
    let town = Town::new(stage, &[1]).await;
    let (here, there) = (town.server(""), town.server(""));
    let body = serde_json::json!({ "name": "Nord", "position": 1 });
    let north = id_of(&town.call(&here.url, "POST", "/api/v1/territories", body).await);
    let place = async |url: &str| match town.ask(&client(), url, town.next()).await {
        Ended::Acknowledged(ack) => ack.id,
        Ended::Unknown => panic!("a sound server answers"),
    };
    place(&there.url).await;
    for round in 1..=rounds(20, 1_000) {
        let company = format!("Firma {round}");
        let rule = serde_json::json!({ "name": company,
            "when": { "field": "company", "op": "is_any_of", "values": [company] } });
        let path = format!("/api/v1/territories/{north}/rules");
        town.call(&here.url, "POST", &path, rule).await;
        let lead = place(&there.url).await;
        let sql = format!("SELECT COUNT(*) FROM lead WHERE id = '{lead}' AND territory_id = '{north}'");
        assert_eq!(oracle::count(&town.base, &sql).await, 1, "{company} was placed by rules that are gone");
    }
    here.stop();
    there.stop();
    town.base.drop().await;
}
