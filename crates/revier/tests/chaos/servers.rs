//! Several servers on one PostgreSQL.

use testkit::{Base, Kind, Server};

use crate::oracle;
use crate::town::{Town, load, on, rounds};

const CLIENTS: usize = 64;

/// 10,048 leads.
#[test]
fn three_servers_hand_out_in_one_order() {
    on(Kind::Postgres, async |base: Base| {
        hand_out(base, &[1, 1, 1, 1, 1, 1, 1], 157).await;
    });
}

#[test]
fn three_servers_keep_uneven_weights_within_one_lead() {
    on(Kind::Postgres, async |base: Base| {
        hand_out(base, &[1, 1, 45, 1, 3, 2, 45, 3], rounds(40).min(157)).await;
    });
}

async fn hand_out(base: Base, weights: &[i64], each: usize) {
    let town = Town::new(base, weights).await;
    let servers: Vec<Server> = (0..3).map(|_| town.server(&[])).collect();
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
#[test]
fn a_frozen_server_holds_nobody_up_for_long_and_commits_nothing_twice() {
    on(Kind::Postgres, async |base: Base| {
        let town = Town::new(base, &[1, 1, 1]).await;
        let frozen = town.server(&[("FAILPOINTS", "lead_after_turns=1*sleep(1500)")]);
        let healthy = town.server(&[]);
        let urls = [frozen.url.as_str()];
        let stuck = load(&town, &urls, 1, 1);
        let others = async {
            let in_transaction = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                 AND state = 'idle in transaction' AND query LIKE 'UPDATE%rotation%'";
            while oracle::count(&town.base, in_transaction).await == 0 {}
            frozen.freeze();
            let (acks, unknown) = load(&town, &[&healthy.url], 4, 5).await;
            assert!(unknown.is_empty(), "{} leads were held up for too long", unknown.len());
            let there = oracle::count(&town.base, "SELECT COUNT(*) FROM lead").await;
            assert_eq!(there, 20, "what the frozen server had begun is not there");
            frozen.thaw();
            acks
        };
        let ((late, unknown), mut acks) = futures::future::join(stuck, others).await;
        assert!(late.len() == 1 || unknown.len() == 1);
        acks.extend(late);
        acks.extend(crate::town::retry(&town, &healthy.url, &unknown).await);
        assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
        assert_eq!(oracle::count(&town.base, "SELECT COUNT(*) FROM lead").await, 21, "once and no more");
        // PostgreSQL's own setting is what ends the frozen session: it is what our servers ask for.
        let ended = "SELECT CAST(setting AS bigint) FROM pg_settings \
             WHERE name = 'idle_in_transaction_session_timeout'";
        assert_eq!(oracle::count(&town.base, ended).await, 0, "not the cluster's default did it");
        frozen.stop();
        healthy.stop();
        town.base.drop().await;
    });
}
