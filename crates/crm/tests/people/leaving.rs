//! What becomes of the leads of somebody who is deactivated.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::Site;

use super::house::{Asks, Person, hire, path_of, set_up};

testkit::on_both_databases!(
    leads_hold_a_deactivation_up_until_somebody_says_what_becomes_of_them,
    leads_of_who_leaves_are_handed_out_by_rotation,
    leads_of_who_leaves_go_back_to_the_queue,
    leads_without_territory_go_along,
    territories_may_go_different_ways,
);

struct Germany {
    administrator: Person,
    paul: Person,
    sara: Person,
    leads: Vec<String>,
}

/// Two sellers in one territory; Paul owns its three leads.
async fn germany(site: &Site) -> Germany {
    let administrator = set_up(site).await;
    let paul = hire(site, &administrator, "Paul", "seller").await;
    let sara = hire(site, &administrator, "Sara", "seller").await;
    let who = &administrator.who;
    let territory =
        site.post(who, "/api/v1/territories", json!({ "name": "Deutschland", "parent": null })).await;
    let path = format!("/api/v1/territories/{}", territory.is(201).text_at("/id"));
    let when = json!({ "field": "country", "op": "is_any_of", "values": ["DE"] });
    site.post(who, &format!("{path}/rules"), json!({ "name": "DE", "when": when })).await.is(201);
    let join = |person: &Person| {
        let (site, who) = (site.clone(), administrator.who.clone());
        let path = format!("{path}/members/{}", person.id);
        let body = json!({ "access": true, "assignment": true });
        async move { site.ask(&who, Method::PUT, &path, &[], Some(body)).await.is(201) }
    };
    join(&paul).await;
    let mut leads = Vec::new();
    for company in ["A", "B", "C"] {
        let draft = json!({ "company": company, "country": "DE" });
        leads.push(site.post(who, "/api/v1/leads", draft).await.is(201).text_at("/id"));
    }
    join(&sara).await;
    let germany = Germany { administrator, paul, sara, leads };
    assert_eq!(owners(site, &germany).await, vec![json!(germany.paul.id); 3]);
    germany
}

async fn owners(site: &Site, germany: &Germany) -> Vec<Value> {
    let mut owners = Vec::new();
    for lead in &germany.leads {
        let lead =
            site.get(&germany.administrator.who, &format!("/api/v1/leads/{lead}")).await.is(200).json();
        owners.push(lead["owner"]["id"].clone());
    }
    owners
}

async fn leads_hold_a_deactivation_up_until_somebody_says_what_becomes_of_them(site: Site) {
    let germany = germany(&site).await;
    let (who, path) = (&germany.administrator.who, path_of(&germany.paul));
    let held = site.patch(who, &path, json!({ "is_active": false })).await.is_problem(409, "records_owned");
    assert_eq!(held.json()["held_up_by"][0]["records"], 3);
    // Refused as a whole: nothing has ended.
    site.get(&germany.paul.who, "/api/v1/session").await.is(200);
    for (to, fault) in [
        (json!(null), "/to to_needed"),
        (json!(germany.paul.id), "/to user_inactive"),
        (json!("00000000-0000-7000-8000-000000000000"), "/to user_inactive"),
    ] {
        let body = json!({ "is_active": false, "records": "give", "to": to });
        assert_eq!(site.patch(who, &path, body).await.is(422).faults(), [fault]);
    }
    let body = json!({ "is_active": false, "records": "queue", "to": germany.sara.id });
    assert_eq!(site.patch(who, &path, body).await.is(422).faults(), ["/to to_unneeded"]);
    site.get(&germany.paul.who, "/api/v1/session").await.is(200);

    let body = json!({ "is_active": false, "records": "give", "to": germany.sara.id });
    site.patch(who, &path, body).await.is(200);
    assert_eq!(owners(&site, &germany).await, vec![json!(germany.sara.id); 3]);
    site.get(&germany.paul.who, "/api/v1/session").await.is(401);
}

async fn leads_of_who_leaves_are_handed_out_by_rotation(site: Site) {
    let germany = germany(&site).await;
    let body = json!({ "is_active": false, "records": "rotate" });
    site.patch(&germany.administrator.who, &path_of(&germany.paul), body).await.is(200);
    assert_eq!(owners(&site, &germany).await, vec![json!(germany.sara.id); 3]);
}

async fn leads_of_who_leaves_go_back_to_the_queue(site: Site) {
    let germany = germany(&site).await;
    let body = json!({ "is_active": false, "records": "queue" });
    site.patch(&germany.administrator.who, &path_of(&germany.paul), body).await.is(200);
    assert_eq!(owners(&site, &germany).await, vec![Value::Null; 3]);
}

async fn leads_without_territory_go_along(site: Site) {
    let germany = germany(&site).await;
    let boss = hire(&site, &germany.administrator, "Boss", "sales_manager").await;
    let draft = json!({ "company": "D", "country": "FR" });
    let lead = site.post(&boss.who, "/api/v1/leads", draft).await.is(201);
    let give = json!({ "owner": boss.id });
    let path = format!("/api/v1/leads/{}/assignment", lead.text_at("/id"));
    let given =
        site.ask(&boss.who, Method::POST, &path, &[("if-match", "*")], Some(give)).await.is(200).json();
    assert_eq!((&given["territory"], &given["owner"]["id"]), (&Value::Null, &json!(boss.id)));
    let path = path_of(&boss);
    let held = site.patch(&germany.administrator.who, &path, json!({ "is_active": false })).await;
    held.is_problem(409, "records_owned");
    let body = json!({ "is_active": false, "records": "give", "to": germany.administrator.id });
    site.patch(&germany.administrator.who, &path, body).await.is(200);
    let lead = format!("/api/v1/leads/{}", lead.text_at("/id"));
    let lead = site.get(&germany.administrator.who, &lead).await.is(200).json();
    assert_eq!(lead["owner"]["id"], json!(germany.administrator.id));
}

async fn territories_may_go_different_ways(site: Site) {
    let germany = germany(&site).await;
    let who = &germany.administrator.who;
    let austria = site.post(who, "/api/v1/territories", json!({ "name": "Österreich" })).await;
    let austria = austria.is(201).text_at("/id");
    let path = format!("/api/v1/territories/{austria}");
    let when = json!({ "field": "country", "op": "is_any_of", "values": ["AT"] });
    site.post(who, &format!("{path}/rules"), json!({ "name": "AT", "when": when })).await.is(201);
    let body = json!({ "access": true, "assignment": true });
    let join = format!("{path}/members/{}", germany.paul.id);
    site.ask(who, Method::PUT, &join, &[], Some(body)).await.is(201);
    let draft = json!({ "company": "D", "country": "AT" });
    let lead = site.post(who, "/api/v1/leads", draft).await.is(201).text_at("/id");

    let user = path_of(&germany.paul);
    let held = site.patch(who, &user, json!({ "is_active": false })).await.is_problem(409, "records_owned");
    let held = held.json()["held_up_by"].clone();
    let mut named: Vec<(String, i64)> = held
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            (one["name"].as_str().expect("a name").to_owned(), one["records"].as_i64().expect("a count"))
        })
        .collect();
    named.sort();
    assert_eq!(named, [("Deutschland".to_owned(), 3), ("Österreich".to_owned(), 1)]);

    // What is said of one territory only is not enough, and Sara has no access to the other one.
    let only = json!({ "is_active": false, "records_in": [{ "territory": austria, "records": "queue" }] });
    site.patch(who, &user, only).await.is_problem(409, "records_owned");
    let give = json!({ "territory": austria, "records": "give", "to": germany.sara.id });
    let wrong = json!({ "is_active": false, "records": "rotate", "records_in": [give] });
    let refused = site.patch(who, &user, wrong).await.is(422);
    assert_eq!(refused.faults(), ["/records_in/0/to owner_without_access"]);
    let nobody = json!({ "territory": austria, "records": "give" });
    let wrong = json!({ "is_active": false, "records": "rotate", "records_in": [nobody] });
    assert_eq!(site.patch(who, &user, wrong).await.is(422).faults(), ["/records_in/0/to to_needed"]);
    site.get(&germany.paul.who, "/api/v1/session").await.is(200);
    assert_eq!(owners(&site, &germany).await, vec![json!(germany.paul.id); 3]);

    let body = json!({ "is_active": false, "records": "rotate",
        "records_in": [{ "territory": austria, "records": "queue" }] });
    site.patch(who, &user, body).await.is(200);
    assert_eq!(owners(&site, &germany).await, vec![json!(germany.sara.id); 3]);
    let waiting = site.get(who, &format!("/api/v1/leads/{lead}")).await.is(200).json();
    assert_eq!(waiting["owner"], Value::Null);
    site.get(&germany.paul.who, "/api/v1/session").await.is(401);
}
