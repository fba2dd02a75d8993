//! A lead's way over HTTP: placed, handed to whose turn it is, changed, retried, deleted.

use access::BuiltInRole::{RestrictedSeller, Seller};
use axum::http::Method;
use crm::records::lead::queue;
use serde_json::{Value, json};
use testkit::{Answer, Site};
use uuid::Uuid;

use crate::company::{Company, Person, text};
use crate::content;

const HOUR: i64 = 3_600_000_000;

testkit::on_both_databases!(
    a_lead_finds_its_territory_and_whose_turn_it_is,
    why_me_is_one_sentence_that_tells_no_hidden_field,
    a_named_owner_stays_if_they_have_access_and_takes_no_turn,
    a_lead_of_somebody_known_goes_to_their_seller_and_takes_no_turn,
    rules_run_on_change_as_the_workspace_says,
    a_pinned_lead_stays_until_it_is_unpinned,
    the_queue_is_handed_out_when_an_absence_ends_even_after_a_restart,
    the_queue_is_handed_out_when_working_hours_begin_even_after_a_restart,
    nobody_gets_more_than_their_caps,
    no_update_is_lost,
    a_retry_is_answered_from_its_key,
    a_deleted_lead_is_gone,
);

/// Bavaria with two sellers.
struct Bavaria {
    company: Company,
    territory: Uuid,
    anna: Person,
    ben: Person,
}

async fn bavaria(site: &Site) -> Bavaria {
    let company = Company::new(site).await;
    let territory = company.territory(json!({ "name": "Bayern" })).await;
    company.rule(territory, json!({ "field": "state", "op": "is_any_of", "values": ["DE-BY"] })).await;
    let (anna, ben) = (company.person("anna", Seller).await, company.person("ben", Seller).await);
    company.member(territory, &anna, json!({ "position": 1 })).await;
    company.member(territory, &ben, json!({ "position": 2 })).await;
    Bavaria { company, territory, anna, ben }
}

fn from_munich(company: &str) -> Value {
    json!({ "company": company, "country": "DE", "postcode": "80331" })
}

fn owner(lead: &Value) -> Uuid {
    text(&lead["owner"]["id"]).parse().unwrap_or_default()
}

fn territory(lead: &Value) -> Uuid {
    text(&lead["territory"]["id"]).parse().unwrap_or_default()
}

async fn turns(site: &Site) -> i64 {
    content::number(&site.base, "SELECT CAST(COALESCE(SUM(turn), 0) AS bigint) FROM rotation").await
}

async fn a_lead_finds_its_territory_and_whose_turn_it_is(site: Site) {
    let Bavaria { company, territory: bavaria, anna, ben } = bavaria(&site).await;
    let mut owners = Vec::new();
    for number in 1..=4 {
        let lead = company.lead(&company.boss, from_munich(&format!("Firma {number}"))).await;
        assert_eq!(territory(&lead), bavaria, "{lead}");
        assert_eq!((&lead["state"], &lead["city"]), (&json!("DE-BY"), &json!("München")), "{lead}");
        owners.push(owner(&lead));
        let path = format!("/api/v1/leads/{}", text(&lead["id"]));
        let shown = company.get(&company.boss, &path).await.is(200);
        assert_eq!(shown.json(), lead);
        let why = company.get(&company.boss, &format!("{path}/decision")).await.is(200).json();
        assert_eq!(why["details"]["turn"], json!(number), "{why}");
        assert_eq!(why["placed_by"], "rule", "{why}");
        company.get(&company.boss, &format!("{path}/history")).await.is(200);
    }
    assert_eq!(owners, [anna.id, ben.id, anna.id, ben.id]);
    let base = &site.base;
    for (sql, count) in [
        ("SELECT COUNT(*) FROM decision WHERE turn IS NOT NULL", 4),
        ("SELECT COUNT(*) FROM audit WHERE object = 'lead' AND action = 'create'", 4),
        ("SELECT COUNT(*) FROM outbox WHERE kind = 'lead.created'", 4),
    ] {
        assert_eq!(content::number(base, sql).await, count, "{sql}");
    }
    let stranger = company.lead(&company.boss, json!({ "company": "Wien", "country": "AT" })).await;
    assert_eq!((&stranger["territory"], &stranger["owner"]), (&Value::Null, &Value::Null));
    let own = company.get(&anna, "/api/v1/leads").await.is(200).json();
    assert_eq!(own["count"]["value"], 4, "a seller sees the territory, and nothing beside it");
}

async fn why_me_is_one_sentence_that_tells_no_hidden_field(site: Site) {
    let Bavaria { company, territory: bavaria, anna, .. } = bavaria(&site).await;
    let why = async |person: &Person, lead: &Value| {
        let path = format!("/api/v1/leads/{}/decision", text(&lead["id"]));
        company.get(person, &path).await.is(200).json()
    };
    let lead = company.lead(&company.boss, from_munich("A")).await;
    let hers = why(&anna, &lead).await;
    let said = "Der Lead gehört zu Bayern, weil sein Bundesland Bayern ist. Sie waren in der Ringverteilung an der Reihe.";
    assert_eq!(hers["sentence"]["de"], said, "{hers}");
    let said = "Der Lead gehört zu Bayern, weil sein Bundesland Bayern ist. In der Ringverteilung war anna an der Reihe.";
    let whole = why(&company.boss, &lead).await;
    assert_eq!((&whole["sentence"]["de"], whole["details"].is_object()), (&json!(said), true), "{whole}");
    // A restricted seller does not know the score, so they do not learn that it led here.
    let robin = company.person("robin", RestrictedSeller).await;
    let north = company.territory(json!({ "name": "Nord" })).await;
    company.rule(north, json!({ "field": "score", "op": "gte", "values": [40] })).await;
    company.rule(north, json!({ "field": "company", "op": "ends_with_any_of", "values": ["GmbH"] })).await;
    company.member(north, &robin, json!({})).await;
    let lead = company.lead(&company.boss, json!({ "company": "Werft AG", "score": 42 })).await;
    let his = why(&robin, &lead).await;
    let said = "The lead belongs to Nord because one of its rules matches. It was your turn in the rotation.";
    assert_eq!((&his["sentence"]["en"], &his["rule"]), (&json!(said), &Value::Null), "{his}");
    let lead = company.lead(&company.boss, json!({ "company": "Hafen Nord GmbH" })).await;
    let his = why(&robin, &lead).await;
    assert!(text(&his["sentence"]["de"]).contains("„Hafen Nord GmbH“"), "as it was written: {his}");
    assert_ne!(north, bavaria);
}

async fn a_named_owner_stays_if_they_have_access_and_takes_no_turn(site: Site) {
    let Bavaria { company, anna, ben, .. } = bavaria(&site).await;
    let mut asked = from_munich("Mit Namen");
    asked["owner"] = json!(ben.id);
    assert_eq!(owner(&company.lead(&company.boss, asked.clone()).await), ben.id);
    assert_eq!(turns(&site).await, 0);
    let outsider = company.person("olaf", Seller).await;
    asked["owner"] = json!(outsider.id);
    let lead = company.lead(&company.boss, asked).await;
    assert_eq!(owner(&lead), anna.id, "who has no access cannot own it: whose turn it is does");
    assert_eq!(turns(&site).await, 1);
}

async fn a_lead_of_somebody_known_goes_to_their_seller_and_takes_no_turn(site: Site) {
    let Bavaria { company, anna, .. } = bavaria(&site).await;
    let with = |name: &str, key: &str, value: &str| {
        let mut body = from_munich(name);
        body[key] = json!([value]);
        body
    };
    let lead = company.lead(&company.boss, with("A", "emails", "Info@Huber.example")).await;
    assert_eq!(owner(&lead), anna.id);
    let lead = company.lead(&company.boss, with("B", "emails", "info@huber.example")).await;
    assert_eq!((owner(&lead), turns(&site).await), (anna.id, 1));
    company.settings(json!({ "is_sticky": false })).await;
    let lead = company.lead(&company.boss, with("C", "emails", "info@huber.example")).await;
    assert_ne!(owner(&lead), anna.id);
    assert_eq!(turns(&site).await, 2);
    company.settings(json!({ "is_sticky": true })).await;
    let first = company.lead(&company.boss, with("D", "phones", "089 1234567")).await;
    let second = company.lead(&company.boss, with("E", "phones", "+49 89 1234567")).await;
    assert_eq!((owner(&first), turns(&site).await), (owner(&second), 3));
}

async fn rules_run_on_change_as_the_workspace_says(site: Site) {
    let Bavaria { company, territory: bavaria, anna, .. } = bavaria(&site).await;
    let saxony = company.territory(json!({ "name": "Sachsen" })).await;
    company.rule(saxony, json!({ "field": "state", "op": "is_any_of", "values": ["DE-SN"] })).await;
    let dora = company.person("dora", Seller).await;
    company.member(saxony, &dora, json!({})).await;
    let cases =
        [("never", bavaria, anna.id), ("while_unowned", bavaria, anna.id), ("always", saxony, dora.id)];
    let asked = |name: &str| {
        let mut body = from_munich(name);
        body["owner"] = json!(anna.id);
        body
    };
    for (mode, place, who) in cases {
        company.settings(json!({ "rules_run": mode })).await;
        let lead = company.lead(&company.boss, asked(mode)).await;
        let id = text(&lead["id"]);
        let moved =
            company.patch_lead(&company.boss, &id, json!({ "postcode": "01067" })).await.is(200).json();
        assert_eq!(moved["state"], "DE-SN", "what was derived is derived anew");
        assert_eq!((territory(&moved), owner(&moved)), (place, who), "{mode}");
        let path = format!("/api/v1/leads/{id}/history");
        let history = company.get(&company.boss, &path).await.is(200).json();
        assert!(history["items"].to_string().contains("01067"), "{history}");
    }
    // Without an owner and a territory it is placed by its first change that a rule reads.
    company.settings(json!({ "rules_run": "while_unowned" })).await;
    let lead = company.lead(&company.boss, json!({ "company": "Ohne Adresse" })).await;
    assert_eq!(lead["territory"], Value::Null);
    let id = text(&lead["id"]);
    let same = company.patch_lead(&company.boss, &id, json!({ "notes": "ruft an" })).await.is(200).json();
    assert_eq!(same["territory"], Value::Null);
    let address = json!({ "country": "DE", "postcode": "01067" });
    let placed = company.patch_lead(&company.boss, &id, address).await.is(200).json();
    assert_eq!((territory(&placed), owner(&placed)), (saxony, dora.id));
}

async fn a_pinned_lead_stays_until_it_is_unpinned(site: Site) {
    let Bavaria { company, territory: bavaria, .. } = bavaria(&site).await;
    company.settings(json!({ "rules_run": "always" })).await;
    let saxony = company.territory(json!({ "name": "Sachsen" })).await;
    company.rule(saxony, json!({ "field": "state", "op": "is_any_of", "values": ["DE-SN"] })).await;
    let dora = company.person("dora", Seller).await;
    company.member(saxony, &dora, json!({})).await;
    let lead = company.lead(&company.boss, from_munich("Fest")).await;
    let id = text(&lead["id"]);
    let pinned = company.assign(&company.boss, &id, json!({ "territory": saxony, "hand_out": true })).await;
    let pinned = pinned.is(200).json();
    assert_eq!((territory(&pinned), owner(&pinned), &pinned["pinned"]), (saxony, dora.id, &json!(true)));
    let changed = company.patch_lead(&company.boss, &id, json!({ "postcode": "80333" })).await.is(200).json();
    assert_eq!(territory(&changed), saxony);
    let free = company.assign(&company.boss, &id, json!({ "unpin": true })).await.is(200).json();
    assert_eq!((territory(&free), &free["pinned"]), (bavaria, &json!(false)), "{free}");
    assert_ne!(owner(&free), dora.id, "an owner without access to the territory does not stay");
}

async fn the_queue_is_handed_out_when_an_absence_ends_even_after_a_restart(site: Site) {
    let company = Company::new(&site).await;
    let place = company.territory(json!({ "name": "Bayern" })).await;
    company.rule(place, json!({ "field": "state", "op": "is_any_of", "values": ["DE-BY"] })).await;
    let anna = company.person("anna", Seller).await;
    company.member(place, &anna, json!({})).await;
    let away = json!({ "starts_at": "2026-11-24T00:00:00Z", "ends_at": "2026-11-24T12:00:00Z" });
    company.post(&company.boss, &format!("/api/v1/users/{}/absences", anna.id), away).await.is(201);
    let mut waiting = Vec::new();
    for number in 0..3 {
        let lead = company.lead(&company.boss, from_munich(&format!("{number}"))).await;
        assert_eq!((territory(&lead), &lead["owner"]), (place, &Value::Null));
        assert!(lead["queued_at"].is_string());
        waiting.push(text(&lead["id"]));
        site.clock.turn(1_000_000);
    }
    assert_eq!(queue::serve(&site.app, company.workspace).await.expect("served"), 0);
    site.clock.turn(3 * HOUR);
    let restarted = site.another_server().await;
    assert_eq!(queue::serve(&restarted.app, company.workspace).await.expect("served"), 3);
    handed_in_order(&company.at(&restarted), &waiting, anna.id).await;
    restarted.end().await;
}

async fn the_queue_is_handed_out_when_working_hours_begin_even_after_a_restart(site: Site) {
    let company = Company::new(&site).await;
    let place = company.territory(json!({ "name": "Bayern" })).await;
    company.rule(place, json!({ "field": "state", "op": "is_any_of", "values": ["DE-BY"] })).await;
    // In Berlin it is eleven o'clock; she begins at one.
    let hours = json!({ "working_hours": { "tuesday": ["13:00-17:00"] } });
    let anna = company.person_with("anna", Seller, hours).await;
    company.member(place, &anna, json!({})).await;
    let lead = company.lead(&company.boss, from_munich("Zu früh")).await;
    assert_eq!(lead["owner"], Value::Null);
    site.clock.turn(2 * HOUR - 1);
    let restarted = site.another_server().await;
    assert_eq!(queue::serve(&restarted.app, company.workspace).await.expect("served"), 0);
    site.clock.turn(1);
    assert_eq!(queue::serve(&restarted.app, company.workspace).await.expect("served"), 1);
    handed_in_order(&company.at(&restarted), &[text(&lead["id"])], anna.id).await;
    restarted.end().await;
}

async fn handed_in_order(company: &Company, waiting: &[String], to: Uuid) {
    let boss = company.again(&company.boss).await;
    for (id, turn) in waiting.iter().zip(1..) {
        let lead = company.get(&boss, &format!("/api/v1/leads/{id}")).await.is(200).json();
        assert_eq!((owner(&lead), &lead["queued_at"]), (to, &Value::Null));
        let why = company.get(&boss, &format!("/api/v1/leads/{id}/decision")).await.is(200).json();
        assert_eq!((&why["details"]["how"], &why["details"]["turn"]), (&json!("from_queue"), &json!(turn)));
    }
}

async fn nobody_gets_more_than_their_caps(site: Site) {
    let company = Company::new(&site).await;
    let place = company.territory(json!({ "name": "Bayern" })).await;
    company.rule(place, json!({ "field": "state", "op": "is_any_of", "values": ["DE-BY"] })).await;
    let (anna, ben) = (company.person("anna", Seller).await, company.person("ben", Seller).await);
    company.member(place, &anna, json!({ "position": 1, "leads_per_day_max": 2 })).await;
    company.member(place, &ben, json!({ "position": 2, "open_leads_max": 1 })).await;
    // All at once, so that one batch counts within itself.
    let asks = (0..6).map(|number| company.lead(&company.boss, from_munich(&format!("{number}"))));
    let leads = futures::future::join_all(asks).await;
    let of = |person: &Person| leads.iter().filter(|lead| owner(lead) == person.id).count();
    assert_eq!((of(&anna), of(&ben)), (2, 1));
    assert_eq!(leads.iter().filter(|lead| lead["queued_at"].is_string()).count(), 3);
    let bens = leads.iter().find(|lead| owner(lead) == ben.id).map(|lead| text(&lead["id"]));
    let closed = json!({ "status": "disqualified" });
    company.patch_lead(&company.boss, &bens.expect("one"), closed).await.is(200);
    assert_eq!(queue::serve(&site.app, company.workspace).await.expect("served"), 1, "ben has room again");
    site.clock.turn(24 * HOUR);
    assert_eq!(queue::serve(&site.app, company.workspace).await.expect("served"), 2, "anna's next day");
}

async fn no_update_is_lost(site: Site) {
    let Bavaria { company, .. } = bavaria(&site).await;
    let lead = company.lead(&company.boss, from_munich("Zwei Browser")).await;
    let path = format!("/api/v1/leads/{}", text(&lead["id"]));
    let tag = company.get(&company.boss, &path).await.header("etag").to_owned();
    for (method, path, body) in [
        (Method::PATCH, path.clone(), Some(json!({ "notes": "x" }))),
        (Method::DELETE, path.clone(), None),
        (Method::POST, format!("{path}/assignment"), Some(json!({ "hand_out": true }))),
    ] {
        company.ask(&company.boss, method, &path, &[], body).await.is(428);
    }
    let seen = [("if-match", tag.as_str())];
    let change = |text: &str| Some(json!({ "notes": text }));
    company.ask(&company.boss, Method::PATCH, &path, &seen, change("die Erste")).await.is(200);
    let late = company.ask(&company.boss, Method::PATCH, &path, &seen, change("die Zweite")).await.is(412);
    assert!(late.text.contains("die Erste"), "the newer version is shown: {late}");
    let now = company.get(&company.boss, &path).await.is(200);
    assert_eq!(now.json()["notes"], "die Erste");
    company.ask(&company.boss, Method::DELETE, &path, &seen, None).await.is(412);
    // Both at once: one of them wins, the other is told.
    let tag = now.header("etag").to_owned();
    let seen = [("if-match", tag.as_str())];
    let both =
        ["links", "rechts"].map(|text| company.ask(&company.boss, Method::PATCH, &path, &seen, change(text)));
    let mut statuses: Vec<u16> =
        futures::future::join_all(both).await.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

async fn a_retry_is_answered_from_its_key(site: Site) {
    let Bavaria { company, anna, .. } = bavaria(&site).await;
    let send = async |person: &Person, key: &str, body: Value| -> Answer {
        let headers = [("idempotency-key", key)];
        company.ask(person, Method::POST, "/api/v1/leads", &headers, Some(body)).await
    };
    let first = send(&company.boss, "k1", from_munich("Einmal")).await.is(201);
    let again = send(&company.boss, "k1", from_munich("Einmal")).await.is(201);
    assert_eq!((&first.text, first.header("etag")), (&again.text, again.header("etag")));
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(turns(&site).await, 1);
    send(&company.boss, "k1", from_munich("Etwas anderes")).await.is(409);
    let foreign = send(&anna, "k1", from_munich("Einmal")).await.is(201);
    assert_ne!(foreign.text_at("/id"), first.text_at("/id"), "somebody else's key is another key");
    assert_eq!(turns(&site).await, 2);
    // Eight at once with one key, on two servers.
    let other = site.another_server().await;
    let there = company.at(&other);
    let headers = [("idempotency-key", "k2")];
    let asks = (0..8).map(|number| {
        let company = if number % 2 == 0 { &company } else { &there };
        company.ask(&company.boss, Method::POST, "/api/v1/leads", &headers, Some(from_munich("Acht")))
    });
    let answers = futures::future::join_all(asks).await;
    let done: Vec<&Answer> = answers.iter().filter(|answer| answer.status.as_u16() == 201).collect();
    assert_eq!(done.len(), 8, "{answers:?}");
    assert!(done.iter().all(|answer| answer.text == done[0].text));
    assert_eq!(turns(&site).await, 3);
    // The mutant: without keys each is one more.
    company.post(&company.boss, "/api/v1/leads", from_munich("Acht")).await.is(201);
    assert_eq!(turns(&site).await, 4);
    other.end().await;
}

async fn a_deleted_lead_is_gone(site: Site) {
    let Bavaria { company, anna, .. } = bavaria(&site).await;
    let robin = company.person("robin", RestrictedSeller).await;
    let mut known = from_munich("Weg");
    known["emails"] = json!(["weg@example.com"]);
    let lead = company.lead(&company.boss, known).await;
    let path = format!("/api/v1/leads/{}", text(&lead["id"]));
    let tag = company.get(&company.boss, &path).await.header("etag").to_owned();
    let seen = [("if-match", tag.as_str())];
    company.ask(&robin, Method::DELETE, &path, &seen, None).await;
    company.get(&company.boss, &path).await.is(200);
    company.ask(&company.boss, Method::DELETE, &path, &seen, None).await.is(204);
    for person in [&company.boss, &anna] {
        for tail in ["", "/decision", "/history"] {
            company.get(person, &format!("{path}{tail}")).await.is_not_found();
        }
    }
    assert_eq!(content::number(&site.base, "SELECT COUNT(*) FROM known").await, 0);
    let audit = "SELECT COUNT(*) FROM audit WHERE object = 'lead' AND action = 'delete'";
    assert_eq!(content::number(&site.base, audit).await, 1);
}
