use serde_json::{Value, json};

use crate::house::houses;

fn file(people: &[(&str, i64)]) -> Value {
    let members: Vec<Value> = people
        .iter()
        .map(|(user, weight)| json!({ "user": format!("{user}@example.com"), "weight": weight }))
        .collect();
    json!({
        "format": "revier-plan/1", "currency": "EUR", "time_zone": "Europe/Berlin",
        "default_territory": "Rest",
        "territories": [
            { "name": "Deutschland", "position": 1 },
            { "name": "Süd", "parent": "Deutschland", "position": 1, "members": members,
              "rules": [{ "name": "Bayern", "when":
                  { "field": "postcode", "op": "starts_with_any_of", "values": ["8"] } }] },
            { "name": "Rest", "position": 2 }
        ],
        "examples": [{ "lead": { "company": "Huber", "country": "DE", "postcode": "80331" }, "territory": "Süd" }]
    })
}

#[tokio::test]
async fn a_plan_comes_in_goes_out_and_comes_in_again_unchanged() {
    for house in houses().await {
        let (mia, _, _) = (house.manager().await, house.seller("sam").await, house.seller("ben").await);
        let first = file(&[("sam", 2), ("ben", 1)]);
        let dry = json!({ "plan": first, "dry_run": true });
        let dry = house.post(&mia, "/api/v1/plan/import", dry).await.is(200).body;
        assert_eq!(dry["version"], Value::Null);
        assert_eq!(house.get(&mia, "/api/v1/territories").await.is(200).body["items"], json!([]));

        let done = house.post(&mia, "/api/v1/plan/import", json!({ "plan": first })).await.is(200).body;
        assert_eq!(done["steps"], dry["steps"]);
        let words: Vec<&str> =
            done["steps"].as_array().expect("steps").iter().filter_map(|step| step["de"].as_str()).collect();
        assert!(words.contains(&"Das Gebiet „Süd“ kommt unter „Deutschland“ dazu"), "{words:?}");
        assert!(
            words.contains(&"Süd: sam wird Mitglied: Zugriff und Zuteilung, Gewicht 2, Stelle 1"),
            "{words:?}"
        );

        let lead = json!({ "company": "Huber", "country": "DE", "postcode": "80331" });
        let lead = house.post(&mia, "/api/v1/leads", lead).await.is(201).body;
        assert_eq!(lead["lead"]["territory"]["name"], "Süd");

        let out = house.get(&mia, "/api/v1/plan").await.is(200).body;
        assert_eq!(out["default_territory"], "Rest");
        let again = house.post(&mia, "/api/v1/plan/import", json!({ "plan": out })).await.is(200).body;
        assert_eq!((&again["steps"], &again["version"]), (&json!([]), &done["version"]));
        let versions = house.get(&mia, "/api/v1/plan/versions").await.is(200).body;
        assert_eq!(versions["items"][0]["version"], done["version"]);
        assert_eq!(versions["items"][0]["user"]["name"], "mia");
    }
}

#[tokio::test]
async fn a_plan_hears_of_all_its_faults_by_their_place() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let mut wrong = file(&[("sam", 1), ("nobody", 1)]);
        wrong["territories"][1]["rules"][0]["when"] =
            json!({ "field": "shoe_size", "op": "eq", "values": [43] });
        let refused = house.post(&mia, "/api/v1/plan/import", json!({ "plan": wrong })).await.is(422);
        let expected = [
            ("/plan/territories/1/rules/0/when/field", "unknown_field"),
            ("/plan/territories/1/members/1/user", "unknown_user"),
        ];
        assert_eq!(refused.codes(), expected);

        // A key that nobody knows, a wrong value and a territory without a name hide no fault behind them.
        wrong["territories"][2]["colour"] = json!("moos");
        wrong["territories"][2]["position"] = json!("zuletzt");
        wrong["territories"][0] =
            json!({ "rules": [{ "name": "R" }], "members": [{ "user": "nemo@example.com" }] });
        wrong["time_zone"] = json!("Mars/Olympus");
        let refused = house.post(&mia, "/api/v1/plan/import", json!({ "plan": wrong })).await.is(422);
        let expected = [
            ("/plan/time_zone", "time_zone_unknown"),
            ("/plan/territories/0", "plan_key_missing"),
            ("/plan/territories/0/rules/0", "plan_key_missing"),
            ("/plan/territories/2/colour", "plan_key_unknown"),
            ("/plan/territories/2/position", "not_a_whole_number"),
            ("/plan/territories/1/parent", "plan_territory_unknown"),
            ("/plan/territories/0/members/0/user", "unknown_user"),
            ("/plan/territories/1/rules/0/when/field", "unknown_field"),
            ("/plan/territories/1/members/1/user", "unknown_user"),
        ];
        assert_eq!(refused.codes(), expected);

        let mut broken = file(&[("sam", 1)]);
        broken["examples"][0]["territory"] = json!("Rest");
        let checked = house.post(&mia, "/api/v1/plan/check", json!({ "plan": broken })).await.is(200).body;
        assert_eq!(
            (&checked["is_sound"], &checked["faults"][0]["pointer"]),
            (&json!(false), &json!("/examples/0"))
        );
        house.post(&sam, "/api/v1/plan/import", json!({ "plan": file(&[]) })).await.is(403);
    }
}

#[tokio::test]
async fn a_plan_takes_nothing_away_from_under_a_lead() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        house.post(&mia, "/api/v1/plan/import", json!({ "plan": file(&[("sam", 1)]) })).await.is(200);
        let lead = json!({ "company": "Huber", "country": "DE", "postcode": "80331" });
        house.post(&mia, "/api/v1/leads", lead).await.is(201);
        let session = house.get(&sam, "/api/v1/session").await.is(200).body;
        assert_eq!(
            (&session["territories"][0]["name"], &session["territories"][0]["open_leads"]),
            (&json!("Süd"), &json!(1))
        );

        let without_sam =
            house.post(&mia, "/api/v1/plan/import", json!({ "plan": file(&[]) })).await.is(409).body;
        assert_eq!(without_sam["code"], "records_owned");
        let empty = json!({ "format": "revier-plan/1", "territories": [] });
        let refused = house.post(&mia, "/api/v1/plan/import", json!({ "plan": empty })).await.is(409).body;
        assert_eq!(
            (&refused["code"], &refused["held_up_by"][0]["name"]),
            (&json!("leads_inside"), &json!("Süd"))
        );
        let tree = house.get(&mia, "/api/v1/territories").await.is(200).body;
        assert_eq!(tree["items"].as_array().map(Vec::len), Some(3));
    }
}
