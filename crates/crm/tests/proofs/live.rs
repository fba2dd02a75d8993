//! Live events: resumed without a gap, on another server too, and over as soon as the right to hear them is.

use access::BuiltInRole::Seller;
use axum::http::Method;
use crm::outbox::EVENTS_READ_MAX;
use crm::people::sign_in::{Credential, Presence};
use serde_json::json;
use testkit::Site;

use crate::company::{Company, Person, text};
use crate::ears::Ears;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

testkit::on_both_databases!(
    what_was_missed_is_told_on_another_server,
    who_was_away_for_longer_than_a_day_reads_everything_anew,
    who_missed_very_much_reads_everything_anew,
    a_crowd_of_events_keeps_nobody_waiting,
    a_stream_ends_with_its_session,
    a_page_that_is_merely_open_keeps_no_session_alive,
);

async fn company(site: &Site) -> (Company, Person) {
    let company = Company::new(site).await;
    let territory = company.territory(json!({ "name": "Bayern" })).await;
    company.rule(territory, json!({ "field": "country", "op": "is_any_of", "values": ["DE"] })).await;
    let anna = company.person("anna", Seller).await;
    company.member(territory, &anna, json!({})).await;
    (company, anna)
}

async fn lead(company: &Company, name: &str) -> String {
    text(&company.lead(&company.boss, json!({ "company": name, "country": "DE" })).await["id"])
}

async fn what_was_missed_is_told_on_another_server(site: Site) {
    let (company, anna) = company(&site).await;
    let mut ears = Ears::open(&company, &anna, None).await;
    let first = lead(&company, "Erste").await;
    ears.look(&site).await;
    assert_eq!(ears.next().await.map(|(_, event)| text(&event["object_id"])), Some(first));
    let last = ears.last_id.clone().expect("events have ids");
    drop(ears);
    let missed = [lead(&company, "Zweite").await, lead(&company, "Dritte").await];
    let other = site.another_server().await;
    let there = company.at(&other);
    let mut ears = Ears::open(&there, &anna, Some(&last)).await;
    let fresh = lead(&company, "Vierte").await;
    // The look finds the missed ones too; whoever has been told of them is not told again.
    ears.look(&other).await;
    for id in missed.iter().chain([&fresh]) {
        let (kind, event) = ears.next().await.expect("an event");
        assert_eq!((kind.as_str(), &text(&event["object_id"])), ("lead.created", id));
    }
    drop(ears);
    other.end().await;
}

async fn who_was_away_for_longer_than_a_day_reads_everything_anew(site: Site) {
    let (company, anna) = company(&site).await;
    let mut ears = Ears::open(&company, &anna, None).await;
    lead(&company, "Gestern").await;
    ears.look(&site).await;
    ears.next().await.expect("an event");
    let last = ears.last_id.clone().expect("events have ids");
    drop(ears);
    site.clock.turn(DAY + HOUR);
    let anna = company.again(&anna).await;
    let mut ears = Ears::open(&company, &anna, Some(&last)).await;
    assert_eq!(ears.next().await.map(|(kind, _)| kind).as_deref(), Some("resync"));
}

async fn who_missed_very_much_reads_everything_anew(site: Site) {
    let (company, anna) = company(&site).await;
    let mut ears = Ears::open(&company, &anna, None).await;
    lead(&company, "Eine").await;
    ears.look(&site).await;
    ears.next().await.expect("an event");
    let last = ears.last_id.clone().expect("events have ids");
    drop(ears);
    crowd(&site, &company, EVENTS_READ_MAX).await;
    let mut ears = Ears::open(&company, &anna, Some(&last)).await;
    assert_eq!(ears.next().await.map(|(kind, _)| kind).as_deref(), Some("resync"));
}

/// So many events at this moment, of settings that everybody may know of.
async fn crowd(site: &Site, company: &Company, count: u64) {
    let event = |_| crm::outbox::Event {
        kind: "settings.changed",
        object: company.workspace,
        territory: None,
        owner: None,
        former_territory: None,
        former_owner: None,
        former_collaborators: Vec::new(),
    };
    let sight = store::Sight::Task(access::Task::Upkeep);
    let write = site.app.db.write(company.workspace, sight, |tx| async move {
        crm::outbox::publish(&tx, &site.app, (0..count).map(event).collect()).await
    });
    write.await.expect("written");
}

async fn a_crowd_of_events_keeps_nobody_waiting(site: Site) {
    let (company, anna) = company(&site).await;
    crowd(&site, &company, EVENTS_READ_MAX + 10).await;
    let mut ears = Ears::open(&company, &anna, None).await;
    ears.look(&site).await;
    // What has been passed on is not passed on again, and does not hide what comes behind it.
    drop(ears);
    let mut ears = Ears::open(&company, &anna, None).await;
    crowd(&site, &company, 1).await;
    ears.look(&site).await;
    let behind = lead(&company, "Dahinter").await;
    ears.look(&site).await;
    loop {
        let (kind, event) = ears.next().await.expect("the stream goes on, or says resync");
        if kind == "lead.created" {
            assert_eq!(text(&event["object_id"]), behind);
            return;
        }
        if kind == "resync" {
            return;
        }
    }
}

async fn a_stream_ends_with_its_session(site: Site) {
    let (company, anna) = company(&site).await;
    let mut ears = Ears::open(&company, &anna, None).await;
    let other = site.another_server().await;
    let there = company.at(&other);
    there.ask(&anna, Method::DELETE, "/api/v1/session", &[], None).await.is(204);
    // Within two seconds, by the stream's own look at the rights.
    assert_eq!(ears.next().await, None);
    drop(ears);
    other.end().await;
}

async fn a_page_that_is_merely_open_keeps_no_session_alive(site: Site) {
    let (company, anna) = company(&site).await;
    let of = |person: &Person| {
        let secret = person.cookie().trim_start_matches("revier_session=").to_owned();
        Credential::Session(secret)
    };
    let look = async |person: &Person, presence| {
        site.app.recognition.of(&site.app, &of(person), presence).await.is_ok()
    };
    let (open, at_work) = (company.again(&anna).await, company.again(&anna).await);
    site.clock.turn(7 * HOUR);
    assert!(look(&open, Presence::Idle).await);
    assert!(look(&at_work, Presence::AtWork).await);
    site.clock.turn(6 * HOUR);
    assert!(!look(&open, Presence::Idle).await, "thirteen hours without anybody at work");
    assert!(look(&at_work, Presence::Idle).await);
}
