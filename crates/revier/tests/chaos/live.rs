//! Live events from three servers: a listener hears of everything, in whatever order it is committed.

use serde_json::{Value, json};
use testkit::Kind;

use crate::servers::{asleep, holder};
use crate::stage::{Stage, on, rounds};
use crate::town::{Ended, Town, client, load};

#[test]
fn a_listener_hears_of_a_commit_that_comes_later_than_its_number() {
    on(Kind::Postgres, hear_everything);
}

/// An open stream of events.
struct Ears {
    response: reqwest::Response,
    text: String,
}

/// One event with its number.
#[derive(Debug)]
struct Heard {
    id: String,
    kind: String,
    object: String,
}

impl Ears {
    async fn open(town: &Town, url: &str, last: Option<&str>) -> Ears {
        let request = client().get(format!("{url}/api/v1/events")).bearer_auth(&town.token);
        let request = match last {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        let response = request.send().await.expect("the server answers");
        assert_eq!(response.status(), 200);
        Ears { response, text: String::new() }
    }

    /// Everything up to the change of this lead.
    async fn until(&mut self, kind: &str, object: &str) -> Vec<Heard> {
        let mut all = Vec::new();
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let heard = heard(event);
                self.text = rest.to_owned();
                let Some(heard) = heard else { continue };
                let is_last = heard.kind == kind && heard.object == object;
                all.push(heard);
                if is_last {
                    return all;
                }
            }
            let piece = self.response.chunk().await.expect("the stream is open").expect("the stream goes on");
            self.text.push_str(&String::from_utf8_lossy(&piece));
        }
    }
}

/// None for what only keeps the connection open.
fn heard(event: &str) -> Option<Heard> {
    let part = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let data: Value = serde_json::from_str(part("data:")?).expect("JSON");
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    Some(Heard { id: part("id:")?.to_owned(), kind: text("kind"), object: text("object_id") })
}

/// A lead's event is written, and while its transaction stays open another server commits a later one.
pub async fn hear_everything(stage: Stage) {
    let town = Town::new(stage, &[1]).await;
    for _ in 0..rounds(1, 20) {
        let slow = town.server("insert audit=1*sleep(2000)");
        let (quick, listened) = (town.server(""), town.server(""));
        let (acks, _) = load(&town, &[&quick.url], 1, 3).await;
        let object: Vec<String> = acks.iter().map(|ack| ack.id.to_string()).collect();
        let touch = async |at: usize| {
            let body = json!({ "company": format!("Neu {at}") });
            let path = format!("/api/v1/leads/{}", object[at]);
            let answer = town.send(&quick.url, "PATCH", &path, "", &body).await.expect("it answers");
            assert!(answer.status().is_success(), "{}", answer.status());
        };
        let mut ears = Ears::open(&town, &listened.url, None).await;
        let (client, number) = (client(), town.next());
        let late = town.ask(&client, &slow.url, number);
        let others = async {
            holder(&town).await;
            touch(0).await;
            let early = ears.until("lead.changed", &object[0]).await;
            assert!(asleep(&town).await > 0, "the late lead was committed before the early event was heard");
            early
        };
        let (late, early) = futures::future::join(late, others).await;
        let Ended::Acknowledged(late) = late else { panic!("a slow server answers") };
        touch(1).await;
        let made = ("lead.created", late.id.to_string());
        let is_made = |heard: &Heard| (heard.kind.as_str(), heard.object.clone()) == made;
        let rest = ears.until("lead.changed", &object[1]).await;
        assert!(rest.iter().any(is_made), "nobody told of the late lead: {rest:?}");
        // Whoever was away since the early event is told of the late one too, which has a lower number.
        let last = early.last().expect("an event").id.clone();
        let number = &rest.iter().find(|heard| is_made(heard)).expect("just found").id;
        assert!(*number < last, "the late commit has a later number, so this proves nothing");
        let mut ears = Ears::open(&town, &listened.url, Some(&last)).await;
        let again = ears.until("lead.changed", &object[1]).await;
        assert!(again.iter().any(is_made), "nobody told of the late lead after a break: {again:?}");
        for server in [slow, quick, listened] {
            server.stop();
        }
    }
    town.base.drop().await;
}
