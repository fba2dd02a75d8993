//! Answers get lost on the way: retried with their keys, leads are made once.

use testkit::{Kind, Mood, Proxy};

use crate::oracle;
use crate::stage::{Stage, on, rounds};
use crate::town::{Ended, Town, client};

#[test]
fn a_retry_after_a_lost_answer_makes_one_record_and_one_turn_on_sqlite() {
    on(Kind::Sqlite, lose_answers);
}

#[test]
fn a_retry_after_a_lost_answer_makes_one_record_and_one_turn_on_postgres() {
    on(Kind::Postgres, lose_answers);
}

pub async fn lose_answers(stage: Stage) {
    let town = Town::new(stage, &[1, 1]).await;
    let server = town.server("");
    let target = server.url.trim_start_matches("http://").parse().expect("an address");
    let proxy = Proxy::start(target).await;
    let url = format!("http://{}", proxy.address);
    let mut acks = Vec::new();
    let times = rounds(50, 500);
    for _ in 0..times {
        let number = town.next();
        proxy.set(Mood::DropAnswers);
        let lost = town.ask(&client(), &url, number).await;
        assert!(matches!(lost, Ended::Unknown), "the proxy let an answer through");
        proxy.set(Mood::Fair);
        for _ in 0..2 {
            let Ended::Acknowledged(ack) = town.ask(&client(), &url, number).await else {
                panic!("a retry is answered")
            };
            acks.push(ack);
        }
    }
    assert_eq!(proxy.dropped(), times);
    let leads = oracle::count(&town.base, "SELECT COUNT(*) FROM lead").await;
    assert_eq!(usize::try_from(leads).ok(), Some(times), "retries made more than one lead each");
    assert_eq!(oracle::faults(&town, &acks).await, Vec::<String>::new());
    server.stop();
    town.base.drop().await;
}
