use access::BuiltInRole;
use serde_json::{Value, json};

use crate::house::{House, Person, houses};

/// Every kind with a value as it is written, as it is shown, and a criterion that it satisfies.
fn kinds() -> Vec<(&'static str, Value, Value, &'static str, Value)> {
    let same = |kind, value: Value, op, values| (kind, value.clone(), value, op, values);
    vec![
        same("text", json!("Halle 7"), "starts_with_any_of", json!(["halle"])),
        same("long_text", json!("eins\nzwei"), "contains_any_of", json!(["ZWEI"])),
        same("email", json!("Lager@example.com"), "is_any_of", json!(["lager@example.com"])),
        ("phone", json!("089 32168-0"), json!("+4989321680"), "area_code_is_any_of", json!(["+4989"])),
        (
            "url",
            json!("Example.com/a"),
            json!("https://example.com/a"),
            "contains_any_of",
            json!(["example"]),
        ),
        ("integer", json!("1.200"), json!(1200), "gte", json!([1200])),
        ("decimal", json!(2.5), json!("2.5"), "lt", json!(["2.6"])),
        (
            "money",
            json!({ "amount": "99.90", "currency": "EUR" }),
            json!({ "amount": "99.90", "currency": "EUR" }),
            "between",
            json!([{ "amount": "99.90", "currency": "EUR" }, { "amount": "100.00", "currency": "EUR" }]),
        ),
        same("date", json!("2026-03-01"), "lt", json!(["2026-03-02"])),
        same("date_time", json!("2026-03-01T10:00:00Z"), "gte", json!(["2026-03-01T10:00:00Z"])),
        same("yes_no", json!(true), "is", json!([true])),
        ("choice", json!("Blau"), json!("blue"), "is_any_of", json!(["blue"])),
        (
            "multi_choice",
            json!(["Blau", "red"]),
            json!(["blue", "red"]),
            "has_all_of",
            json!(["red", "blue"]),
        ),
        ("country", json!("Österreich"), json!("AT"), "is_any_of", json!(["AT"])),
        ("state", json!("DE-BY"), json!("DE-BY"), "is_any_of", json!(["DE-BY"])),
    ]
}

fn colours() -> Value {
    json!([
        { "key": "blue", "label_en": "Blue", "label_de": "Blau" },
        { "key": "red", "label_en": "Red", "label_de": "Rot" }
    ])
}

fn new_field(kind: &str) -> Value {
    let choices = if kind.ends_with("choice") { colours() } else { json!([]) };
    json!({ "key": format!("own_{kind}"), "kind": kind, "label_en": format!("Own {kind}"),
        "label_de": format!("Eigenes {kind}"), "choices": choices })
}

fn coded(condition: &Value) -> String {
    let text = condition.to_string();
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

async fn listed(house: &House, person: &Person, query: &str) -> Vec<Value> {
    let list = house.get(person, &format!("/api/v1/leads?{query}")).await.is(200).body;
    list["items"].as_array().expect("a list").iter().map(|lead| lead["id"].clone()).collect()
}

#[tokio::test]
async fn an_own_field_of_every_kind_works_from_the_door_to_the_history() {
    for house in houses().await {
        let mia = house.manager().await;
        house.post(&mia, "/api/v1/leads", json!({ "company": "Ohne alles" })).await.is(201);
        for (kind, written, shown, op, values) in kinds() {
            let field = house.post(&mia, "/api/v1/fields", new_field(kind)).await.is(201).body;
            let key = format!("custom.own_{kind}");
            assert_eq!(
                (&field["key"], &field["kind"], &field["version"]),
                (&json!(key), &json!(kind), &json!(1))
            );
            assert!(field["operators"].as_array().is_some_and(|known| known.contains(&json!(op))), "{field}");

            let place = house.territory(&mia, &format!("Gebiet {kind}"), None).await;
            let when = json!({ "field": key, "op": op, "values": values });
            let rule = json!({ "name": kind, "when": when });
            house.post(&mia, &format!("/api/v1/territories/{place}/rules"), rule).await.is(201);

            let lead = json!({ "company": kind, "custom": { format!("own_{kind}"): written } });
            let made = house.post(&mia, "/api/v1/leads", lead).await.is(201).body;
            let lead = &made["lead"];
            assert_eq!(lead[&key], shown, "{kind}");
            assert_eq!(lead["territory"]["id"], json!(place), "the rule reads {kind}");

            let path = format!("/api/v1/leads/{}", lead["id"].as_str().expect("an id"));
            assert_eq!(house.get(&mia, &path).await.is(200).body[&key], shown, "{kind}");
            let found = listed(&house, &mia, &format!("filter={}", coded(&when))).await;
            assert_eq!(found, [lead["id"].clone()], "the filter reads {kind}");

            // What is shown can be written back, and another change leaves it alone.
            house.patch(&mia, &path, json!({ key.clone(): shown })).await.is(200);
            let renamed = house.patch(&mia, &path, json!({ "company": "Anders" })).await.is(200).body;
            assert_eq!(renamed[&key], shown, "{kind}");
            let cleared = house.patch(&mia, &path, json!({ key.clone(): null })).await.is(200).body;
            assert_eq!(cleared[&key], Value::Null, "{kind}");
            let history = house.get(&mia, &format!("{path}/history")).await.is(200).body.to_string();
            assert!(history.contains(&key), "{kind}: {history}");
            house.patch(&mia, &path, json!({ key.clone(): written })).await.is(200);

            let sorted = house.get(&mia, &format!("/api/v1/leads?sort={key}&limit=1")).await;
            if field["is_sortable"] == true {
                let page = sorted.is(200).body;
                assert_eq!(page["items"][0]["id"], lead["id"], "rows without {kind} come last");
                let shown = house.get(&mia, &path).await.is(200).body;
                assert_eq!(page["items"][0][&key], shown[&key], "{kind}");
                let cursor = page["next_cursor"].as_str().expect("more pages");
                let rest = listed(&house, &mia, &format!("sort={key}&cursor={cursor}")).await;
                assert!(!rest.is_empty() && !rest.contains(&lead["id"]), "{kind}");
            } else {
                sorted.is(422);
            }
        }
    }
}

#[tokio::test]
async fn leads_are_sorted_by_an_own_number_as_numbers() {
    for house in houses().await {
        let mia = house.manager().await;
        house.post(&mia, "/api/v1/fields", new_field("integer")).await.is(201);
        for number in [9, 100, 20] {
            let lead = json!({ "company": number.to_string(), "custom.own_integer": number });
            house.post(&mia, "/api/v1/leads", lead).await.is(201);
        }
        for (sort, expected) in
            [("custom.own_integer", ["9", "20", "100"]), ("-custom.own_integer", ["100", "20", "9"])]
        {
            let mut companies = Vec::new();
            let mut cursor = String::new();
            loop {
                let path = format!("/api/v1/leads?sort={sort}&limit=1{cursor}");
                let page = house.get(&mia, &path).await.is(200).body;
                companies.push(page["items"][0]["company"].as_str().expect("a company").to_owned());
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(companies, expected);
        }
    }
}

#[tokio::test]
async fn a_field_made_on_one_server_can_be_written_on_another_at_once() {
    for house in houses().await {
        let ada = house.person("ada", BuiltInRole::Administrator).await;
        let other = house.another_server().await;
        other.post(&ada, "/api/v1/leads", json!({ "company": "Vorher" })).await.is(201);
        let field = house.post(&ada, "/api/v1/fields", new_field("integer")).await.is(201).body;
        let lead = json!({ "company": "Huber", "custom.own_integer": 7 });
        other.post(&ada, "/api/v1/leads", lead.clone()).await.is(201);
        let path = format!("/api/v1/fields/{}", field["id"].as_str().expect("an id"));
        house.delete(&ada, &path).await.is(204);
        other.post(&ada, "/api/v1/leads", lead).await.is(422);
    }
}

#[tokio::test]
async fn a_field_hears_of_all_its_faults() {
    for house in houses().await {
        let mia = house.manager().await;
        let wrong =
            json!({ "key": "Zahl der Maschinen", "kind": "colour", "label_en": "", "label_de": "Farbe" });
        let refused = house.post(&mia, "/api/v1/fields", wrong).await.is(422);
        assert_eq!(
            refused.codes(),
            [("/key", "key_form"), ("/label_en", "label_length"), ("/kind", "unknown_kind")]
        );
        let twice = json!({ "key": "a", "kind": "choice", "label_en": "A", "label_de": "A", "choices": [
            { "key": "blue", "label_en": "Blue", "label_de": "Blau" },
            { "key": "red", "label_en": "blau", "label_de": "Rot" } ] });
        let refused = house.post(&mia, "/api/v1/fields", twice).await.is(422);
        assert_eq!(refused.codes(), [("/choices/1/label_en", "choice_taken")]);
        house.post(&mia, "/api/v1/fields", new_field("text")).await.is(201);
        let refused = house.post(&mia, "/api/v1/fields", new_field("text")).await.is(422);
        assert_eq!(refused.codes(), [("/key", "key_taken")]);
    }
}

#[tokio::test]
async fn a_field_that_rules_read_goes_only_where_somebody_insists() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let ada = house.person("ada", BuiltInRole::Administrator).await;
        let field = house.post(&mia, "/api/v1/fields", new_field("choice")).await.is(201);
        let path = format!("/api/v1/fields/{}", field.body["id"].as_str().expect("an id"));
        let place = house.territory(&mia, "Süd", None).await;
        let when = json!({ "field": "custom.own_choice", "op": "is_any_of", "values": ["red"] });
        let rules = format!("/api/v1/territories/{place}/rules");
        house.post(&mia, &rules, json!({ "name": "Rote", "when": when })).await.is(201);
        let lead = json!({ "company": "Rot & Co", "custom.own_choice": "red" });
        let lead = house.post(&mia, "/api/v1/leads", lead).await.is(201).body;
        let lead = format!("/api/v1/leads/{}", lead["id"].as_str().expect("an id"));

        house.delete(&sam, &path).await.is(403);
        let blue = json!({ "choices": [colours()[0]] });
        let refused = house.patch(&mia, &path, blue.clone()).await.is(409).body;
        assert_eq!(
            (&refused["code"], &refused["held_up_by"][0]["name"]),
            (&json!("choice_in_use"), &json!("Rote"))
        );
        let refused = house.delete(&ada, &path).await.is(409).body;
        assert_eq!(
            (&refused["code"], &refused["held_up_by"][0]["name"]),
            (&json!("field_in_use"), &json!("Rote"))
        );

        // A new label breaks nothing; an old version is told apart.
        let renamed = house.patch(&mia, &path, json!({ "label_de": "Farbe" })).await.is(200);
        let method = axum::http::Method::PATCH;
        let old = [("if-match", field.etag.as_str())];
        house.ask(&mia, method, &path, &old, Some(json!({ "label_de": "Ton" }))).await.is(412);
        assert_eq!(renamed.body["label_de"], "Farbe");

        house.patch(&mia, &format!("{path}?force=true"), blue).await.is(200);
        let rule = &house.get(&mia, &rules).await.is(200).body["items"][0];
        assert_eq!(rule["broken"][0]["code"], "unknown_choice", "{rule}");
        // Leads keep the choice that is gone, and can be changed all the same.
        let changed = house.patch(&mia, &lead, json!({ "company": "Rot AG" })).await.is(200).body;
        assert_eq!(changed["custom.own_choice"], "red");

        house.delete(&ada, &path).await.is(204);
        house.get(&mia, &lead).await.is(200);
        let changed = house.patch(&mia, &lead, json!({ "company": "Rot SE" })).await.is(200).body;
        assert!(changed.get("custom.own_choice").is_none(), "{changed}");
        let refused = house.post(&mia, "/api/v1/fields", new_field("choice")).await.is(422);
        assert_eq!(refused.codes(), [("/key", "key_taken")]);
    }
}

#[tokio::test]
async fn a_standard_field_takes_choices_of_the_workspaces_own() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let path = "/api/v1/fields/source/choices";
        let choices = json!([{ "key": "roadshow", "label_en": "Roadshow", "label_de": "Hausmesse" }]);
        house.put(&sam, path, choices.clone()).await.is(403);
        let field = house.put(&mia, path, choices.clone()).await.is(200).body;
        let own: Vec<&Value> = field["choices"]
            .as_array()
            .expect("choices")
            .iter()
            .filter(|choice| choice["is_own"] == true)
            .collect();
        assert_eq!(own.len(), 1, "{field}");
        let lead = json!({ "company": "Gast", "source": "hausmesse" });
        let made = house.post(&mia, "/api/v1/leads", lead).await.is(201).body;
        assert_eq!(made["lead"]["source"], "roadshow");

        let taken = json!([{ "key": "fair", "label_en": "Trade fair", "label_de": "Markt" }]);
        let refused = house.put(&mia, path, taken).await.is(422);
        assert_eq!(refused.codes(), [("/0/label_en", "choice_taken")]);
        house.put(&mia, "/api/v1/fields/company/choices", json!([])).await.is(404);

        let place = house.territory(&mia, "Süd", None).await;
        let when = json!({ "field": "source", "op": "is_any_of", "values": ["roadshow"] });
        let rule = json!({ "name": "Gäste", "when": when });
        house.post(&mia, &format!("/api/v1/territories/{place}/rules"), rule).await.is(201);
        let refused = house.put(&mia, path, json!([])).await.is(409).body;
        assert_eq!(refused["held_up_by"][0]["name"], "Gäste");
        house.put(&mia, &format!("{path}?force=true"), json!([])).await.is(200);
    }
}

#[tokio::test]
async fn the_catalogue_leaves_out_what_a_role_hides() {
    for house in houses().await {
        let (mia, rita) = (house.manager().await, house.person("rita", BuiltInRole::RestrictedSeller).await);
        let keys = async |person: &Person| -> Vec<String> {
            let list = house.get(person, "/api/v1/fields").await.is(200).body;
            let items = list["items"].as_array().expect("a list").iter();
            items.map(|field| field["key"].as_str().expect("a key").to_owned()).collect()
        };
        let (all, hers) = (keys(&mia).await, keys(&rita).await);
        assert!(all.contains(&"score".to_owned()) && !hers.contains(&"score".to_owned()));
        assert!(hers.contains(&"company".to_owned()));
        let fields = house.get(&rita, "/api/v1/fields").await.is(200).body;
        let field = |key: &str| {
            fields["items"]
                .as_array()
                .expect("a list")
                .iter()
                .find(|field| field["key"] == key)
                .expect(key)
                .clone()
        };
        assert_eq!(field("annual_revenue")["is_editable"], false);
        assert_eq!(field("postcode")["kind"], "postcode");
        assert_eq!(field("territory")["for_rules"], false);
    }
}
