use serde_json::json;

use crate::house::{House, Person, houses};

/// The path with ids of things that are there.
async fn filled(house: &House, mia: &Person, path: &str) -> String {
    let north = house.territory(mia, "Nord", None).await;
    let when = json!({ "field": "country", "op": "is_any_of", "values": ["DE"] });
    let rules = format!("/api/v1/territories/{north}/rules");
    let rule = house.post(mia, &rules, json!({ "name": "A", "when": when })).await.is(201).body;
    let member = format!("/api/v1/territories/{north}/members/{}", mia.id);
    let membership =
        json!({ "access": true, "assignment": true, "leads_per_day_max": 5, "open_leads_max": 5 });
    house.put(mia, &member, membership).await.is(201);
    let lead = json!({ "company": "A", "country": "DE" });
    let lead = house.post(mia, "/api/v1/leads", lead).await.is(201).body;
    let text = |value: &serde_json::Value| value["id"].as_str().expect("an id").to_owned();
    let id = match path.split('/').nth(3) {
        Some("leads") => text(&lead),
        Some("territories") => north,
        Some("rules") => text(&rule),
        _ => mia.id.to_string(),
    };
    path.replace("{id}", &id).replace("{user}", &mia.id.to_string())
}

#[tokio::test]
async fn no_read_fails_on_either_database() {
    let paths: Vec<String> = {
        let house = House::on_sqlite().await;
        let rows = crm::http::routes::rows(&house.app).into_iter();
        // A stream of events has no end to wait for.
        rows.filter(|row| row.method == "GET" && row.path != "/api/v1/events").map(|row| row.path).collect()
    };
    assert!(paths.len() > 20, "{paths:?}");
    for path in paths {
        for house in houses().await {
            let mia = house.person("mia", access::BuiltInRole::Administrator).await;
            let path = filled(&house, &mia, &path).await;
            let reply = house.get(&mia, &path).await;
            assert!(reply.status.as_u16() < 500, "{path}: {}", reply.body);
        }
    }
}
