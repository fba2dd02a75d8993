use std::collections::HashMap;

use serde_json::{Value, json};

use crate::house::{House, Person, houses};

/// Ids of things that are there, by the resource whose paths name them.
async fn ids(house: &House, mia: &Person) -> HashMap<&'static str, String> {
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
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    HashMap::from([("leads", id(&lead)), ("territories", north), ("rules", id(&rule))])
}

#[tokio::test]
async fn no_read_fails_on_either_database() {
    for house in houses().await {
        let mia = house.person("mia", access::BuiltInRole::Administrator).await;
        let ids = ids(&house, &mia).await;
        let rows = crm::http::routes::rows(&house.app).into_iter();
        // A stream of events has no end to wait for.
        let reads = rows.filter(|row| row.method == "GET" && row.path != "/api/v1/events");
        let mut count = 0;
        for row in reads {
            let resource = row.path.split('/').nth(3).unwrap_or_default();
            let own = mia.id.to_string();
            let id = ids.get(resource).unwrap_or(&own);
            let path = row.path.replace("{id}", id).replace("{user}", &own);
            let reply = house.get(&mia, &path).await;
            assert!(reply.status.as_u16() < 500, "{path}: {}", reply.body);
            count += 1;
        }
        assert!(count > 20, "{count}");
    }
}
