use serde_json::{Value, json};

use crate::house::houses;

fn text(spans: &Value) -> String {
    spans.as_array().expect("spans").iter().filter_map(|span| span["text"].as_str()).collect()
}

#[tokio::test]
async fn a_rule_is_kept_canonically_and_said_in_both_languages() {
    for house in houses().await {
        let mia = house.manager().await;
        let south = house.territory(&mia, "Süd", None).await;
        let when = json!({ "all": [
            { "field": "state", "op": "is_any_of", "values": ["BY", "Baden-Württemberg"] },
            { "field": "country", "op": "is_any_of", "values": ["Deutschland"] },
            { "field": "company", "op": "contains_any_of", "values": ["Bäckerei"] },
            { "field": "source", "op": "is_any_of", "values": ["Messe"] } ] });
        let path = format!("/api/v1/territories/{south}/rules");
        let rule =
            house.post(&mia, &path, json!({ "name": "Bäcker im Süden", "when": when })).await.is(201).body;
        let criteria = &rule["when"]["all"];
        assert_eq!(criteria[0]["values"], json!(["DE-BW", "DE-BY"]));
        assert_eq!(criteria[1]["values"], json!(["DE"]));
        assert_eq!(criteria[2]["values"], json!(["Bäckerei"]));
        assert_eq!(criteria[3]["values"], json!(["trade_fair"]));
        assert!(text(&rule["sentence"]["de"]).contains("Bayern"), "{}", rule["sentence"]);
        assert!(text(&rule["sentence"]["en"]).contains("Bavaria"), "{}", rule["sentence"]);
        assert_eq!((&rule["broken"], &rule["position"]), (&Value::Null, &json!(1)));
        let list = house.get(&mia, &path).await.is(200).body;
        assert_eq!(list["items"], json!([rule]));
        let tree = house.get(&mia, &format!("/api/v1/territories/{south}")).await.is(200).body;
        assert_eq!(tree["rules"], 1);
    }
}

#[tokio::test]
async fn a_rule_hears_of_all_its_faults_by_their_place() {
    for house in houses().await {
        let mia = house.manager().await;
        let south = house.territory(&mia, "Süd", None).await;
        let when = json!({ "all": [
            { "field": "employees", "op": "gte", "values": ["viele"] },
            { "any": [ { "field": "shoe_size", "op": "eq", "values": [43] } ] } ] });
        let path = format!("/api/v1/territories/{south}/rules");
        let refused =
            house.post(&mia, &path, json!({ "name": "", "position": 0, "when": when })).await.is(422);
        let expected = [
            ("/name", "name_length"),
            ("/position", "out_of_range"),
            ("/when/all/0/values/0", "not_a_whole_number"),
            ("/when/all/1/any/0/field", "unknown_field"),
        ];
        assert_eq!(refused.codes(), expected);
    }
}

#[tokio::test]
async fn rules_are_changed_moved_and_taken_away_in_versions() {
    for house in houses().await {
        let mia = house.manager().await;
        let [north, south] =
            [house.territory(&mia, "Nord", None).await, house.territory(&mia, "Süd", None).await];
        let when = json!({ "field": "country", "op": "is_any_of", "values": ["DE"] });
        let path = format!("/api/v1/territories/{south}/rules");
        let made = house.post(&mia, &path, json!({ "name": "A", "when": when })).await.is(201);
        let rule = format!("/api/v1/rules/{}", made.body["id"].as_str().expect("an id"));
        let moved = house.patch(&mia, &rule, json!({ "territory": north, "enabled": false })).await.is(200);
        assert_eq!((&moved.body["territory"], &moved.body["enabled"]), (&json!(north), &json!(false)));
        let method = axum::http::Method::DELETE;
        house.ask(&mia, method.clone(), &rule, &[("if-match", &made.etag)], None).await.is(412);
        house.ask(&mia, method, &rule, &[("if-match", &moved.etag)], None).await.is(204);
        house.get(&mia, &rule).await.is(404);
        let version = moved.body["version"].as_i64().expect("a version");
        for (version, counts) in [(version - 1, [0, 1]), (version, [1, 0]), (version + 1, [0, 0])] {
            let then = house.get(&mia, &format!("/api/v1/territories?version={version}")).await.is(200).body;
            let found = then["items"].as_array().expect("a list").iter().map(|item| item["rules"].as_i64());
            assert_eq!(found.collect::<Vec<_>>(), counts.map(Some), "{version}");
        }
    }
}

#[tokio::test]
async fn a_list_of_rules_comes_in_pages() {
    for house in houses().await {
        let mia = house.manager().await;
        let south = house.territory(&mia, "Süd", None).await;
        let path = format!("/api/v1/territories/{south}/rules");
        for number in 0..5 {
            let when = json!({ "field": "employees", "op": "gte", "values": [number] });
            // Equal positions go by id.
            let rule = json!({ "name": format!("Regel {number}"), "position": 1 + number / 2, "when": when });
            house.post(&mia, &path, rule).await.is(201);
        }
        let mut names = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = house.get(&mia, &format!("{path}?limit=2{cursor}")).await.is(200).body;
            let items = page["items"].as_array().expect("a list");
            assert!(items.len() <= 2);
            names.extend(items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(names, ["Regel 0", "Regel 1", "Regel 2", "Regel 3", "Regel 4"]);
    }
}

#[tokio::test]
async fn a_rule_takes_thirty_thousand_account_numbers() {
    for house in houses().await {
        let mia = house.manager().await;
        let south = house.territory(&mia, "Süd", None).await;
        let numbers: Vec<String> = (0..30_000).map(|number| format!("Kunde {number:012}")).collect();
        let when = json!({ "field": "company", "op": "is_any_of", "values": numbers });
        let path = format!("/api/v1/territories/{south}/rules");
        let rule = house.post(&mia, &path, json!({ "name": "Liste", "when": when })).await.is(201).body;
        assert_eq!(rule["when"], when);
        let said = text(&rule["sentence"]["de"]);
        assert!(said.len() < 2_000, "{said}");
    }
}

#[tokio::test]
async fn lists_of_thirty_thousand_values_work_at_every_door() {
    for house in houses().await {
        let mia = house.manager().await;
        let south = house.territory(&mia, "Süd", None).await;
        let accounts: Vec<String> = (0..30_000).map(|number| format!("Kunde {number:012}")).collect();
        // No two of them are neighbours: nothing shortens them to ranges.
        let postcodes: Vec<String> = (10_000..100_000).step_by(3).map(|code| code.to_string()).collect();
        assert_eq!(postcodes.len(), 30_000);
        let lists = [
            (
                json!({ "field": "company", "op": "is_any_of", "values": accounts }),
                json!({ "company": accounts[29_999] }),
            ),
            (
                json!({ "field": "postcode", "op": "is_any_of", "values": postcodes }),
                json!({ "company": "Huber", "country": "DE", "postcode": postcodes[29_999] }),
            ),
        ];
        for (at, (when, lead)) in lists.iter().enumerate() {
            let rule = json!({ "name": format!("Liste {at}"), "when": when });
            house.post(&mia, &format!("/api/v1/territories/{south}/rules"), rule).await.is(201);
            let lead = house.post(&mia, "/api/v1/leads", lead.clone()).await.is(201).body;
            assert_eq!(lead["lead"]["territory"]["name"], "Süd");
            let said =
                house.post(&mia, "/api/v1/conditions/say", json!({ "condition": when })).await.is(200).body;
            for (language, more) in [("de", " weitere"), ("en", " more")] {
                let said = text(&said["sentence"][language]);
                assert!(said.len() < 2_000 && said.contains(more), "{said}");
            }
            let condition = json!({ "condition": when });
            let counted = house.post(&mia, "/api/v1/leads/count", condition.clone()).await.is(200).body;
            assert_eq!(counted["count"]["value"], 1);
            let found = house.post(&mia, "/api/v1/leads/search", condition).await.is(200).body;
            assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
            assert_eq!(found["items"][0]["id"], lead["lead"]["id"]);
            let none = json!({ "condition": { "not": when }, "sort": "company", "limit": 5 });
            let others = house.post(&mia, "/api/v1/leads/search", none).await.is(200).body;
            assert_eq!(others["items"].as_array().map(Vec::len), Some(at));
        }

        let as_text = json!({ "text": postcodes.join(", "), "country": "DE" });
        let read = house.post(&mia, "/api/v1/conditions/postcodes", as_text).await.is(200).body;
        assert_eq!(read["faults"], json!([]));
        let back = json!({ "condition": read["condition"], "country": "DE" });
        let back = house.post(&mia, "/api/v1/conditions/postcodes", back).await.is(200).body;
        assert_eq!((&back["codes"], &back["text"]), (&read["codes"], &read["text"]));
        let condition = json!({ "condition": read["condition"] });
        let counted = house.post(&mia, "/api/v1/leads/count", condition).await.is(200).body;
        assert_eq!(counted["count"]["value"], 1);

        let plan = house.get(&mia, "/api/v1/plan").await.is(200).body;
        let came = &plan["territories"][0]["rules"][1]["when"]["values"];
        assert_eq!(came.as_array().map(Vec::len), Some(30_000));
        let checked = house.post(&mia, "/api/v1/plan/check", json!({ "plan": plan })).await.is(200).body;
        assert_eq!((&checked["is_sound"], &checked["steps"]), (&json!(true), &json!([])));
        let imported = house.post(&mia, "/api/v1/plan/import", json!({ "plan": plan })).await.is(200).body;
        assert_eq!(imported["steps"], json!([]));

        let many: Vec<String> = (0..100_001).map(|number| format!("Kunde {number}")).collect();
        let when = json!({ "field": "company", "op": "is_any_of", "values": many });
        let rule = json!({ "name": "Zu lang", "when": when });
        let refused = house.post(&mia, &format!("/api/v1/territories/{south}/rules"), rule).await.is(422);
        assert_eq!(refused.codes().len(), 1, "{}", refused.body);
    }
}

#[tokio::test]
async fn a_search_answers_as_the_list_does() {
    for house in houses().await {
        let mia = house.manager().await;
        for (company, employees) in [("Adler", 5), ("Bach", 50), ("Conrad", 500)] {
            let lead = json!({ "company": company, "employees": employees });
            house.post(&mia, "/api/v1/leads", lead).await.is(201);
        }
        let when = json!({ "field": "employees", "op": "gte", "values": [50] });
        let filter = "%7B%22field%22%3A%22employees%22%2C%22op%22%3A%22gte%22%2C%22values%22%3A%5B50%5D%7D";
        let list = |cursor: &str| format!("/api/v1/leads?filter={filter}&sort=-employees&limit=1{cursor}");
        let page = house.get(&mia, &list("")).await.is(200).body;
        let body = json!({ "condition": when, "sort": "-employees", "limit": 1 });
        assert_eq!(house.post(&mia, "/api/v1/leads/search", body).await.is(200).body, page);
        let cursor = page["next_cursor"].as_str().expect("there is more");
        let next = house.get(&mia, &list(&format!("&cursor={cursor}"))).await.is(200);
        let body =
            json!({ "condition": when, "sort": "-employees", "limit": 1, "cursor": page["next_cursor"] });
        assert_eq!(house.post(&mia, "/api/v1/leads/search", body).await.is(200).body, next.body);
        assert_eq!(next.body["items"][0]["company"], "Bach");

        let wrong = json!({ "condition": { "field": "shoe_size", "op": "is_empty" } });
        let refused = house.post(&mia, "/api/v1/leads/search", wrong).await.is(422);
        assert_eq!(refused.codes(), [("/condition/field", "unknown_field")]);
        for (key, value) in [("sort", json!("shoe_size")), ("limit", json!(0)), ("cursor", json!("x"))] {
            let mut body = json!({ "condition": { "all": [] } });
            body[key] = value;
            let refused = house.post(&mia, "/api/v1/leads/search", body).await.is(422);
            assert_eq!(refused.codes()[0].0, format!("/{key}"), "{}", refused.body);
        }
    }
}

#[tokio::test]
async fn sellers_read_the_rules_of_their_territories_only() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let [north, south] =
            [house.territory(&mia, "Nord", None).await, house.territory(&mia, "Süd", None).await];
        let member = format!("/api/v1/territories/{north}/members/{}", sam.id);
        house.put(&mia, &member, json!({ "access": true })).await.is(201);
        let when = json!({ "field": "country", "op": "is_any_of", "values": ["DE"] });
        for (territory, status) in [(north, 200), (south, 404)] {
            let path = format!("/api/v1/territories/{territory}/rules");
            let made = house.post(&mia, &path, json!({ "name": "A", "when": when })).await.is(201).body;
            house.get(&sam, &path).await.is(status);
            let rule = format!("/api/v1/rules/{}", made["id"].as_str().expect("an id"));
            house.get(&sam, &rule).await.is(status);
            house.patch(&sam, &rule, json!({ "name": "B" })).await.is(403);
        }
    }
}

#[tokio::test]
async fn a_condition_is_said_or_its_faults_are() {
    for house in houses().await {
        let sam = house.seller("sam").await;
        let condition = json!({ "field": "state", "op": "is_any_of", "values": ["Bayern"] });
        let said =
            house.post(&sam, "/api/v1/conditions/say", json!({ "condition": condition })).await.is(200).body;
        assert!(text(&said["sentence"]["de"]).contains("Bayern"), "{said}");
        assert_eq!(said["condition"]["values"], json!(["DE-BY"]));
        let system = json!({ "field": "owner", "op": "is_any_of", "values": [sam.id] });
        let refused = json!({ "condition": system });
        let refused = house.post(&sam, "/api/v1/conditions/say", refused).await.is(200).body;
        assert_eq!(refused["faults"][0]["code"], "field_not_for_rules");
        let filter = json!({ "condition": system, "purpose": "filter" });
        let said = house.post(&sam, "/api/v1/conditions/say", filter).await.is(200).body;
        assert!(text(&said["sentence"]["de"]).contains("sam"), "{said}");
    }
}

#[tokio::test]
async fn postcodes_are_read_written_and_counted() {
    for house in houses().await {
        let sam = house.seller("sam").await;
        for (text, codes) in [("60–65, 67–69 + 76726–76891", 912), ("7xxxx ohne 76726–76891 + 88–89", 1_498)]
        {
            let path = "/api/v1/conditions/postcodes";
            let read = house.post(&sam, path, json!({ "text": text })).await.is(200).body;
            assert_eq!(read["codes"], codes, "{text}");
            let back = house.post(&sam, path, json!({ "condition": read["condition"] })).await.is(200).body;
            assert_eq!((&back["codes"], &back["text"]), (&json!(codes), &read["text"]), "{text}");
        }
        let path = "/api/v1/conditions/postcodes";
        let wrong = house.post(&sam, path, json!({ "text": "60 bis" })).await.is(200).body;
        assert_eq!(wrong["faults"].as_array().map(Vec::len), Some(1), "{wrong}");
        house.post(&sam, path, json!({ "text": "SW1", "country": "GB" })).await.is(422);
        house.post(&sam, path, json!({})).await.is(422);
    }
}

#[tokio::test]
async fn places_are_found_by_part_of_a_german_or_english_name() {
    let house = crate::house::House::on_sqlite().await;
    let sam = house.seller("sam").await;
    for (query, first) in [
        ("kind=country&q=deu", "DE"),
        ("kind=country&q=germ", "DE"),
        ("kind=state&country=DE&q=bava", "DE-BY"),
        ("kind=state&country=Deutschland&q=bay", "DE-BY"),
        ("kind=state&q=th%C3%BCri", "DE-TH"),
        ("kind=postcode&country=DE&q=8033", "80331"),
        ("kind=postcode&country=DE&q=Passau", "94028"),
    ] {
        let list = house.get(&sam, &format!("/api/v1/places?{query}")).await.is(200).body;
        assert_eq!(list["items"][0]["value"], first, "{query}: {}", list["items"][0]);
    }
    house.get(&sam, "/api/v1/places?kind=postcode&q=8").await.is(422);
    house.get(&sam, "/api/v1/places?kind=planet").await.is(422);
}
