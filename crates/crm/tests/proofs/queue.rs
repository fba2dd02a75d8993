//! The queue: handed out as soon as somebody becomes eligible, whatever has made them so.

use access::BuiltInRole::Seller;
use axum::http::Method;
use crm::records::lead::queue;
use serde_json::{Value, json};
use testkit::Site;
use uuid::Uuid;

use crate::company::{Company, Person, text};

testkit::on_both_databases!(
    the_queue_is_handed_out_when_a_member_joins,
    the_queue_is_handed_out_when_a_user_is_active_again,
    a_public_holiday_of_the_territorys_state_hands_nothing_out,
    working_hours_follow_the_clock_on_the_wall_when_it_is_put_forward,
    a_hand_out_stands_in_the_leads_history,
    why_still_names_the_rule_after_the_queue_and_after_a_colleague,
    who_loses_access_is_asked_for_whatever_their_role,
);

async fn place(company: &Company, calendar: Value) -> Uuid {
    let place = company.territory(json!({ "name": "Bayern", "calendar": calendar })).await;
    company.rule(place, json!({ "field": "country", "op": "is_any_of", "values": ["DE"] })).await;
    place
}

/// A lead that nobody can be handed.
async fn waiting(company: &Company, by: &Person) -> String {
    let lead = company.lead(by, json!({ "company": "Wartet", "country": "DE" })).await;
    assert!(lead["queued_at"].is_string(), "{lead}");
    text(&lead["id"])
}

async fn served(site: &Site, company: &Company) -> usize {
    queue::serve(&site.app, company.workspace).await.expect("served")
}

async fn the_queue_is_handed_out_when_a_member_joins(site: Site) {
    let company = Company::new(&site).await;
    let place = place(&company, Value::Null).await;
    waiting(&company, &company.boss).await;
    let anna = company.person("anna", Seller).await;
    company.member(place, &anna, json!({ "assignment": false })).await;
    assert_eq!(served(&site, &company).await, 0, "access alone hands nothing out");
    let path = format!("/api/v1/territories/{place}/members/{}", anna.id);
    let body = Some(json!({ "access": true, "assignment": true }));
    company.ask(&company.boss, Method::PUT, &path, &[("if-match", "*")], body).await.is(200);
    assert_eq!(served(&site, &company).await, 1);
}

async fn the_queue_is_handed_out_when_a_user_is_active_again(site: Site) {
    let company = Company::new(&site).await;
    let place = place(&company, Value::Null).await;
    let anna = company.person("anna", Seller).await;
    company.member(place, &anna, json!({})).await;
    let set = async |is_active: bool| {
        let path = format!("/api/v1/users/{}", anna.id);
        let body = Some(json!({ "is_active": is_active }));
        company.ask(&company.boss, Method::PATCH, &path, &[("if-match", "*")], body).await.is(200);
    };
    set(false).await;
    waiting(&company, &company.boss).await;
    assert_eq!(served(&site, &company).await, 0);
    set(true).await;
    assert_eq!(served(&site, &company).await, 1);
}

async fn a_public_holiday_of_the_territorys_state_hands_nothing_out(site: Site) {
    // Epiphany, a Tuesday: a holiday in Bavaria and none in Lower Saxony.
    site.clock.set(micros("2026-01-06T10:00:00Z"));
    for (calendar, is_handed) in [("DE-BY", false), ("DE-NI", true)] {
        let site = Site::new(testkit::Base::new(site.base.kind).await).await;
        site.clock.set(micros("2026-01-06T10:00:00Z"));
        let company = Company::new(&site).await;
        let place = place(&company, json!(calendar)).await;
        let hours = json!({ "tuesday": ["08:00-17:00"], "wednesday": ["08:00-17:00"] });
        let anna = company.person_with("anna", Seller, json!({ "working_hours": hours })).await;
        company.member(place, &anna, json!({})).await;
        let lead = company.lead(&company.boss, json!({ "company": "Feiertag", "country": "DE" })).await;
        assert_eq!(!lead["owner"].is_null(), is_handed, "{calendar}: {lead}");
        site.clock.set(micros("2026-01-07T06:59:59.999999Z"));
        assert_eq!(served(&site, &company).await, 0, "before eight in Berlin");
        site.clock.set(micros("2026-01-07T07:00:00Z"));
        assert_eq!(served(&site, &company).await, usize::from(!is_handed));
        site.end().await;
    }
}

async fn working_hours_follow_the_clock_on_the_wall_when_it_is_put_forward(site: Site) {
    // On this Sunday the clocks in Germany go from two to three: eight o'clock comes at six UTC.
    site.clock.set(micros("2026-03-28T22:30:00Z"));
    let company = Company::new(&site).await;
    let place = place(&company, Value::Null).await;
    let hours = json!({ "working_hours": { "sunday": ["08:00-12:00"] }, "time_zone": "Europe/Berlin" });
    let anna = company.person_with("anna", Seller, hours).await;
    company.member(place, &anna, json!({})).await;
    waiting(&company, &company.boss).await;
    site.clock.set(micros("2026-03-29T05:59:59.999999Z"));
    assert_eq!(served(&site, &company).await, 0);
    site.clock.set(micros("2026-03-29T06:00:00Z"));
    assert_eq!(served(&site, &company).await, 1);
}

async fn a_hand_out_stands_in_the_leads_history(site: Site) {
    let company = Company::new(&site).await;
    let place = place(&company, Value::Null).await;
    let lead = waiting(&company, &company.boss).await;
    let anna = company.person("anna", Seller).await;
    company.member(place, &anna, json!({})).await;
    assert_eq!(served(&site, &company).await, 1);
    let path = format!("/api/v1/leads/{lead}/history");
    let history = company.get(&company.boss, &path).await.is(200).json();
    let change = &history["items"][0];
    assert_eq!((&change["user"], &change["door"]), (&Value::Null, &json!("revier")), "{history}");
    assert_eq!(change["fields"], json!([{ "field": "owner", "before": null, "after": "anna" }]));
}

async fn why_still_names_the_rule_after_the_queue_and_after_a_colleague(site: Site) {
    let company = Company::new(&site).await;
    let place = place(&company, Value::Null).await;
    let lead = waiting(&company, &company.boss).await;
    let [anna, ben] = [company.person("anna", Seller).await, company.person("ben", Seller).await];
    company.member(place, &anna, json!({})).await;
    assert_eq!(served(&site, &company).await, 1);
    let path = format!("/api/v1/leads/{lead}/decision");
    let why = company.get(&company.boss, &path).await.is(200).json();
    assert_eq!((&why["placed_by"], &why["details"]["how"]), (&json!("rule"), &json!("from_queue")), "{why}");
    let because = "Der Lead gehört zu Bayern, weil er aus Deutschland kommt.";
    let begins = |why: &Value| text(&why["sentence"]["de"]).starts_with(because);
    assert!(begins(&why), "{why}");
    company.member(place, &ben, json!({ "assignment": false })).await;
    let assignment = format!("/api/v1/leads/{lead}/assignment");
    for body in [json!({ "owner": ben.id }), json!({ "hand_out": true })] {
        company.ask(&company.boss, Method::POST, &assignment, &[("if-match", "*")], Some(body)).await.is(200);
        let why = company.get(&company.boss, &path).await.is(200).json();
        assert!(why["placed_by"] == "rule" && begins(&why), "{why}");
    }
    // Lying in the same territory, but now because somebody put it there.
    let body = Some(json!({ "territory": place }));
    company.ask(&company.boss, Method::POST, &assignment, &[("if-match", "*")], body).await.is(200);
    let why = company.get(&company.boss, &path).await.is(200).json();
    assert_eq!(why["placed_by"], "pinned", "{why}");
}

async fn who_loses_access_is_asked_for_whatever_their_role(site: Site) {
    let company = Company::new(&site).await;
    let place = place(&company, Value::Null).await;
    let mia = company.person("mia", access::BuiltInRole::SalesManager).await;
    company.member(place, &mia, json!({})).await;
    company.lead(&company.boss, json!({ "company": "Ihrer", "country": "DE" })).await;
    let path = format!("/api/v1/territories/{place}/members/{}", mia.id);
    let held = company.ask(&company.boss, Method::DELETE, &path, &[("if-match", "*")], None).await.is(409);
    assert_eq!(held.text_at("/code"), "records_owned");
    let path = format!("{path}?records=queue");
    company.ask(&company.boss, Method::DELETE, &path, &[("if-match", "*")], None).await.is(204);
}

fn micros(instant: &str) -> i64 {
    instant.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
}
