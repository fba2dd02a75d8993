//! What one may not see changes nothing that one is told, and neither does another workspace.

use access::BuiltInRole::{ReadOnly, RestrictedSeller, Seller};
use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Site, twin};
use uuid::Uuid;

use crate::chance::{Chance, rounds};
use crate::company::{Company, Person, encoded, text};
use crate::content;

testkit::on_both_databases!(
    a_lead_that_one_may_not_see_leaves_every_answer_as_it_was,
    a_twin_workspace_with_equal_ids_is_neither_seen_nor_touched,
);

struct Town {
    company: Company,
    south: Uuid,
    north: Uuid,
    nora: Person,
    /// Those to whom the north is closed.
    southerners: [Person; 3],
    /// Ids to put into addresses: visible and hidden ones.
    ids: Vec<String>,
}

async fn town(site: &Site) -> Town {
    let company = Company::new(site).await;
    let south = company.territory(json!({ "name": "Süd" })).await;
    let north = company.territory(json!({ "name": "Nord" })).await;
    let rule = company.rule(south, json!({ "field": "state", "op": "is_any_of", "values": ["DE-BY"] })).await;
    company.rule(north, json!({ "field": "state", "op": "is_any_of", "values": ["DE-HH"] })).await;
    let anna = company.person("anna", Seller).await;
    let rita = company.person("rita", ReadOnly).await;
    let robin = company.person("robin", RestrictedSeller).await;
    let nora = company.person("nora", Seller).await;
    company.member(south, &anna, json!({})).await;
    company.member(south, &rita, json!({ "assignment": false })).await;
    company.member(south, &robin, json!({})).await;
    company.member(north, &nora, json!({})).await;
    let mut ids = vec![south.to_string(), north.to_string(), rule.to_string()];
    for (number, postcode) in ["80331", "80333", "20095"].into_iter().enumerate() {
        let lead = company.lead(&company.boss, lead(number, postcode)).await;
        ids.push(text(&lead["id"]));
    }
    ids.extend([&anna, &nora, &company.boss].map(|person| person.id.to_string()));
    Town { company, south, north, nora, southerners: [anna, rita, robin], ids }
}

fn lead(number: usize, postcode: &str) -> Value {
    json!({ "company": format!("Firma {number}"), "country": "DE", "postcode": postcode,
        "emails": [format!("firma{number}@example.com")], "employees": number * 10 })
}

/// Every answer to a person, with its address.
async fn answers(town: &Town, person: &Person) -> Vec<(String, u16, String)> {
    let company = &town.company;
    let mut paths = Vec::new();
    for row in crm::http::routes::rows(&company.site.app) {
        // The stream of events never ends; it has a test of its own.
        if row.method.to_uppercase() != "GET" || row.path.ends_with("/events") {
            continue;
        }
        if !row.path.contains('{') {
            paths.push(row.path);
            continue;
        }
        for id in &town.ids {
            let named = ["{id}", "{user}", "{absence}"];
            paths.push(named.iter().fold(row.path.clone(), |path, name| path.replace(name, id)));
        }
    }
    for sort in ["company", "-employees", "territory", "created_at"] {
        paths.push(format!("/api/v1/leads?sort={sort}&limit=1"));
    }
    for filter in [
        json!({ "field": "company", "op": "starts_with_any_of", "values": ["firma"] }),
        json!({ "not": { "field": "state", "op": "is_any_of", "values": ["DE-BY"] } }),
        json!({ "field": "place", "op": "within_km", "values": [{ "country": "DE", "postcode": "20095", "km": 50 }] }),
        json!({ "field": "owner", "op": "is_any_of", "values": [town.nora.id] }),
    ] {
        paths.push(format!("/api/v1/leads?filter={}", encoded(&filter.to_string())));
    }
    let mut answers = Vec::new();
    for path in paths {
        assert!(!path.contains('{'), "{path} has a part that this test does not know");
        let answer = company.get(person, &path).await;
        let tag = answer.header("etag").to_owned();
        answers.push((path, answer.status.as_u16(), format!("{tag} {}", answer.text)));
    }
    let all = json!({ "condition": { "all": [] } });
    for door in ["count", "search"] {
        let answer = company.post(person, &format!("/api/v1/leads/{door}"), all.clone()).await;
        answers.push((door.to_owned(), answer.status.as_u16(), answer.text));
    }
    answers
}

async fn everybody(town: &Town) -> Vec<Vec<(String, u16, String)>> {
    let mut all = Vec::new();
    for person in &town.southerners {
        all.push(answers(town, person).await);
    }
    all
}

fn differences(before: &[Vec<(String, u16, String)>], after: &[Vec<(String, u16, String)>]) -> Vec<String> {
    let pairs = before.iter().flatten().zip(after.iter().flatten());
    pairs.filter(|(a, b)| a != b).map(|(a, b)| format!("{a:?}\nbecame {b:?}")).collect()
}

async fn a_lead_that_one_may_not_see_leaves_every_answer_as_it_was(site: Site) {
    let town = town(&site).await;
    let company = &town.company;
    let mut chance = Chance::new(31);
    let before = everybody(&town).await;
    for person in &before {
        let fine = person.iter().filter(|(_, status, _)| *status == 200).count();
        assert!(fine > 8, "only {fine} routes answered: {person:?}");
    }
    for _ in 0..rounds(4) {
        // Often with the e-mail of a lead that they see.
        let mut hidden = lead(chance.below(5), "20095");
        if chance.one_in(3) {
            hidden = json!({ "company": "Ohne Gebiet" });
        }
        let made = company.lead(&company.boss, hidden).await;
        assert_ne!(text(&made["territory"]["id"]), town.south.to_string(), "{made}");
        assert_eq!(differences(&before, &everybody(&town).await), Vec::<String>::new(), "after its creation");
        let id = text(&made["id"]);
        company.patch_lead(&company.boss, &id, json!({ "company": "Anders", "employees": 9 })).await.is(200);
        if chance.one_in(2) {
            let tag =
                company.get(&company.boss, &format!("/api/v1/leads/{id}")).await.header("etag").to_owned();
            let seen = [("if-match", tag.as_str())];
            company
                .ask(&company.boss, Method::DELETE, &format!("/api/v1/leads/{id}"), &seen, None)
                .await
                .is(204);
        }
        assert_eq!(differences(&before, &everybody(&town).await), Vec::<String>::new(), "after its change");
    }
    // The mutant: a lead that they may see does change what they are told.
    company.lead(&company.boss, lead(9, "80331")).await;
    let after = everybody(&town).await;
    for (before, after) in before[..2].iter().zip(&after) {
        assert!(before != after, "nobody would notice");
    }
    assert_ne!(town.north, town.south);
}

async fn a_twin_workspace_with_equal_ids_is_neither_seen_nor_touched(site: Site) {
    let town = town(&site).await;
    let company = &town.company;
    let leads = "SELECT COUNT(*) FROM lead";
    let before = (everybody(&town).await, answers(&town, &company.boss).await);
    let single = content::number(&site.base, leads).await;
    let twin = twin::make(&site.base, company.workspace).await;
    assert_eq!(content::number(&site.base, leads).await, 2 * single, "a forgotten workspace would double");
    let after = (everybody(&town).await, answers(&town, &company.boss).await);
    assert_eq!(differences(&before.0, &after.0), Vec::<String>::new());
    assert_eq!(differences(&[before.1], &[after.1]), Vec::<String>::new());

    let untouched = content::of_workspace(&site.base, twin).await;
    assert!(untouched.len() > 30, "the twin is there");
    let boss = &company.boss;
    let id = town.ids[3].clone();
    company.lead(boss, lead(7, "80331")).await;
    company.patch_lead(boss, &id, json!({ "company": "Anders", "postcode": "20095" })).await.is(200);
    company.assign(boss, &id, json!({ "territory": town.north, "hand_out": true })).await.is(200);
    let path = format!("/api/v1/leads/{id}");
    let tag = company.get(boss, &path).await.header("etag").to_owned();
    company.ask(boss, Method::DELETE, &path, &[("if-match", tag.as_str())], None).await.is(204);
    company.settings(json!({ "rules_run": "always" })).await;
    company.person("neu", Seller).await;
    let away = json!({ "starts_at": "2026-11-24T00:00:00Z", "ends_at": "2026-11-25T00:00:00Z" });
    company.post(boss, &format!("/api/v1/users/{}/absences", town.nora.id), away).await.is(201);
    company.lead(boss, lead(8, "20095")).await;
    company.rule(town.south, json!({ "all": [] })).await;
    crm::records::lead::queue::serve(&site.app, company.workspace).await.expect("served");
    crm::trail::seal(&site.app, company.workspace).await.expect("sealed");
    assert_eq!(content::of_workspace(&site.base, twin).await, untouched);
}
