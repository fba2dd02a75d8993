use serde_json::{Value, json};

use crate::house::houses;

fn choice(key: &str) -> Value {
    json!({ "key": key, "label_en": key.to_uppercase(), "label_de": key.to_uppercase() })
}

#[tokio::test]
async fn a_choice_that_rules_name_goes_only_where_somebody_insists() {
    for house in houses().await {
        let mia = house.manager().await;
        let north = house.territory(&mia, "Nord", None).await;
        let path = "/api/v1/fields/source/choices";
        house.put(&mia, path, json!([choice("radio"), choice("pigeon")])).await.is(200);
        let when = json!({ "field": "source", "op": "is_any_of", "values": ["RADIO"] });
        let rules = format!("/api/v1/territories/{north}/rules");
        let rule = house.post(&mia, &rules, json!({ "name": "Hörer", "when": when })).await.is(201).body;
        assert_eq!(rule["when"]["values"], json!(["radio"]));

        // A manager may change choices again and again, though not take fields away.
        house.put(&mia, path, json!([choice("radio")])).await.is(200);
        let held = house.put(&mia, path, json!([choice("pigeon")])).await.is(409).body;
        assert_eq!(held["code"], "choice_in_use");
        assert!(held["detail"].as_str().is_some_and(|detail| detail.contains("Hörer")), "{held}");
        let rule = format!("/api/v1/rules/{}", rule["id"].as_str().expect("an id"));
        assert_eq!(house.get(&mia, &rule).await.is(200).body["broken"], Value::Null);
        let lead = json!({ "company": "A", "source": "radio" });
        let placed = house.post(&mia, "/api/v1/leads", lead).await.is(201).body;
        assert_eq!(placed["lead"]["territory"]["id"], json!(north));

        house.put(&mia, &format!("{path}?force=true"), json!([choice("pigeon")])).await.is(200);
        let broken = house.get(&mia, &rule).await.is(200).body;
        assert_eq!(broken["broken"][0]["code"], "unknown_choice");
        assert_eq!(
            (&broken["sentence"], &broken["broken"][0]["pointer"]),
            (&Value::Null, &json!("/when/values/0"))
        );
        house.put(&mia, path, json!([choice("radio")])).await.is(200);
        assert_eq!(house.get(&mia, &rule).await.is(200).body["broken"], Value::Null);
    }
}

#[tokio::test]
async fn a_choice_of_an_own_field_is_guarded_too() {
    for house in houses().await {
        let mia = house.manager().await;
        let north = house.territory(&mia, "Nord", None).await;
        let field = json!({
            "key": "machine", "kind": "multi_choice", "label_en": "Machine", "label_de": "Maschine",
            "choices": [choice("saw"), choice("drill")],
        });
        let made = house.post(&mia, "/api/v1/fields", field).await.is(201);
        let when = json!({ "field": "custom.machine", "op": "has_any_of", "values": ["saw"] });
        let rules = format!("/api/v1/territories/{north}/rules");
        house.post(&mia, &rules, json!({ "name": "Säger", "when": when })).await.is(201);
        let path = "/api/v1/fields/custom.machine";
        let held = house.patch(&mia, path, json!({ "choices": [choice("drill")] })).await.is(409).body;
        assert_eq!(held["code"], "choice_in_use");
        let same = house.patch(&mia, path, json!({ "label_de": "Gerät" })).await.is(200);
        assert_ne!(same.etag, made.etag);
        let method = axum::http::Method::PATCH;
        let late = Some(json!({ "label_de": "Anlage" }));
        house.ask(&mia, method, path, &[("if-match", &made.etag)], late).await.is(412);
        let force = format!("{path}?force=true");
        house.patch(&mia, &force, json!({ "choices": [choice("drill")] })).await.is(200);
        let rules = house.get(&mia, &rules).await.is(200).body;
        assert_eq!(rules["items"][0]["broken"][0]["code"], "unknown_choice");
    }
}
