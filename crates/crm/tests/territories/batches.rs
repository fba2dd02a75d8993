//! A rule changed together with the leads that are there: weighed, moved in steps, undone.

use axum::http::Method;
use crm::records::lead::batch::carry::carry_on;
use serde_json::{Value, json};

use crate::house::{House, Person, houses};

struct Town {
    mia: Person,
    anna: Person,
    ben: Person,
    north: String,
    south: String,
}

fn by_postcode(prefix: &str) -> Value {
    json!({ "field": "postcode", "op": "starts_with_any_of", "values": [prefix] })
}

/// North takes 1, south takes 8; anna works in both, ben in the south alone.
async fn town(house: &House) -> Town {
    let mia = house.manager().await;
    let (anna, ben) = (house.seller("anna").await, house.seller("ben").await);
    let north = house.territory(&mia, "Nord", None).await;
    let south = house.territory(&mia, "Süd", None).await;
    for (territory, prefix, people) in [(&north, "1", vec![&anna]), (&south, "8", vec![&ben, &anna])] {
        let path = format!("/api/v1/territories/{territory}/rules");
        let rule = json!({ "name": format!("PLZ {prefix}"), "when": by_postcode(prefix) });
        house.post(&mia, &path, rule).await.is(201);
        for person in people {
            let path = format!("/api/v1/territories/{territory}/members/{}", person.id);
            house.put(&mia, &path, json!({ "access": true, "assignment": true })).await.is(201);
        }
    }
    Town { mia, anna, ben, north, south }
}

async fn lead(house: &House, mia: &Person, postcode: &str) -> String {
    let body = json!({ "company": format!("Firma {postcode}"), "country": "DE", "postcode": postcode });
    let made = house.post(mia, "/api/v1/leads", body).await.is(201).body;
    made["id"].as_str().expect("an id").to_owned()
}

async fn show(house: &House, mia: &Person, id: &str) -> Value {
    house.get(mia, &format!("/api/v1/leads/{id}")).await.is(200).body
}

/// Where a lead is, whose it is, and what says why.
async fn standing(house: &House, mia: &Person, id: &str) -> Value {
    let lead = show(house, mia, id).await;
    let why = house.get(mia, &format!("/api/v1/leads/{id}/decision")).await.is(200).body;
    json!([lead["territory"], lead["owner"], lead["assigned_at"], lead["pinned"], why])
}

async fn carry(house: &House) {
    carry_on(&house.app, house.workspace).await.expect("it goes on");
}

fn change(town: &Town, prefix: &str) -> Value {
    json!({ "territory": town.north, "name": "Alles mit 8", "when": by_postcode(prefix) })
}

#[tokio::test]
async fn a_rule_change_is_previewed_applied_and_undone_exactly() {
    for house in houses().await {
        let town = town(&house).await;
        let mut leads = Vec::new();
        for number in 0..6 {
            leads.push(lead(&house, &town.mia, &format!("8033{number}")).await);
        }
        let far = lead(&house, &town.mia, "50667").await;
        let pinned = lead(&house, &town.mia, "80999").await;
        let path = format!("/api/v1/leads/{pinned}/assignment");
        let here = json!({ "territory": town.south, "owner": town.ben.id });
        house.ask(&town.mia, Method::POST, &path, &[("if-match", "*")], Some(here)).await.is(200);

        let preview = house.post(&town.mia, "/api/v1/rules/preview", change(&town, "8")).await.is(200).body;
        assert_eq!((&preview["moves"], &preview["pinned"]), (&json!(6), &json!(1)), "{preview}");
        assert_eq!((&preview["losing_owner"], &preview["unowned"]), (&json!(3), &json!(0)), "{preview}");
        assert_eq!(preview["leads"]["value"], 8);
        let flow = &preview["flows"][0];
        assert_eq!(flow["from"], json!({ "kind": "territory", "id": town.south }));
        assert_eq!(flow["to"], json!({ "kind": "territory", "id": town.north }));
        assert_eq!((&flow["leads"], flow["some"].as_array().map(Vec::len)), (&json!(6), Some(6)));

        let mut before = Vec::new();
        for id in leads.iter().chain([&far, &pinned]) {
            before.push(standing(&house, &town.mia, id).await);
        }
        let batch = json!({ "change": change(&town, "8"), "seen": preview["seen"] });
        let batch = house.post(&town.mia, "/api/v1/batches", batch).await.is(201).body;
        assert_eq!((&batch["state"], &batch["leads"]["waiting"]), (&json!("moving"), &json!(6)));
        carry(&house).await;
        let path = format!("/api/v1/batches/{}", batch["id"].as_str().expect("an id"));
        let done = house.get(&town.mia, &path).await.is(200).body;
        assert_eq!((&done["state"], &done["leads"]["moved"]), (&json!("moved"), &json!(6)), "{done}");
        for id in &leads {
            let lead = show(&house, &town.mia, id).await;
            assert_eq!(
                (&lead["territory"]["id"], &lead["owner"]["id"]),
                (&json!(town.north), &json!(town.anna.id))
            );
        }
        assert_eq!(standing(&house, &town.mia, &pinned).await, before[7]);
        assert_eq!(standing(&house, &town.mia, &far).await, before[6]);

        // Somebody works on one of them; undoing leaves it alone and says so.
        let worked_on = format!("/api/v1/leads/{}", leads[0]);
        house.patch(&town.mia, &worked_on, json!({ "job_title": "Einkauf" })).await.is(200);
        house.post(&town.mia, &format!("{path}/undo"), json!({})).await.is(200);
        carry(&house).await;
        let undone = house.get(&town.mia, &path).await.is(200).body;
        assert_eq!((&undone["state"], &undone["leads"]["stayed"]), (&json!("undone"), &json!(1)), "{undone}");
        assert_eq!(undone["leads"]["undone"], 5);
        let left = house.get(&town.mia, &format!("{path}/leads?left=true")).await.is(200).body;
        assert_eq!(
            (&left["items"][0]["lead"], &left["items"][0]["state"]),
            (&json!(leads[0]), &json!("stayed"))
        );
        for (id, before) in leads.iter().zip(&before).skip(1) {
            assert_eq!(&standing(&house, &town.mia, id).await, before);
        }
        assert_eq!(show(&house, &town.mia, &leads[0]).await["territory"]["id"], json!(town.north));
        house.post(&town.mia, &format!("{path}/undo"), json!({})).await.is(409);
        let list = house.get(&town.mia, "/api/v1/batches").await.is(200).body;
        assert_eq!(list["items"], json!([undone]));
    }
}

#[tokio::test]
async fn a_change_of_which_nothing_comes_moves_nothing() {
    for house in houses().await {
        let town = town(&house).await;
        lead(&house, &town.mia, "80331").await;
        let early = lead(&house, &town.mia, "10115").await;
        let claim = json!({ "territory": town.south, "when": by_postcode("1") });
        let claimed = house.post(&town.mia, "/api/v1/rules/preview", claim).await.is(200).body;
        let overlap = &claimed["overlaps"][0];
        assert_eq!(overlap["territory"], json!({ "kind": "territory", "id": town.north }), "{claimed}");
        assert_eq!((&overlap["leads"], &overlap["some"][0]["lead"]), (&json!(1), &json!(early)));
        let preview = house.post(&town.mia, "/api/v1/rules/preview", change(&town, "5")).await.is(200).body;
        assert_eq!((&preview["moves"], &preview["flows"]), (&json!(0), &json!([])));
        let batch = json!({ "change": change(&town, "5"), "seen": preview["seen"] });
        let batch = house.post(&town.mia, "/api/v1/batches", batch).await.is(201).body;
        assert_eq!(batch["state"], "moved");
    }
}

#[tokio::test]
async fn rules_that_others_have_changed_since_the_preview_hold_it_up() {
    for house in houses().await {
        let town = town(&house).await;
        let preview = house.post(&town.mia, "/api/v1/rules/preview", change(&town, "8")).await.is(200).body;
        house.territory(&town.mia, "West", None).await;
        let batch = json!({ "change": change(&town, "8"), "seen": preview["seen"] });
        let refused = house.post(&town.mia, "/api/v1/batches", batch).await.is(409);
        assert_eq!(refused.body["code"], "rules_changed");
    }
}

#[tokio::test]
async fn a_rule_that_goes_or_is_switched_off_lets_its_leads_go() {
    for house in houses().await {
        let town = town(&house).await;
        let id = lead(&house, &town.mia, "80331").await;
        let path = format!("/api/v1/territories/{}/rules", town.south);
        let rules = house.get(&town.mia, &path).await.is(200).body;
        let rule = &rules["items"][0]["id"];
        for asked in [json!({ "rule": rule, "delete": true }), json!({ "rule": rule, "enabled": false })] {
            let preview = house.post(&town.mia, "/api/v1/rules/preview", asked).await.is(200).body;
            assert_eq!(preview["flows"][0]["to"], json!({ "kind": "unassigned" }), "{preview}");
            assert_eq!((&preview["moves"], &preview["losing_owner"]), (&json!(1), &json!(0)));
        }
        let asked = json!({ "change": { "rule": rule, "delete": true }, "seen": house
            .post(&town.mia, "/api/v1/rules/preview", json!({ "rule": rule, "delete": true }))
            .await
            .body["seen"] });
        house.post(&town.mia, "/api/v1/batches", asked).await.is(201);
        carry(&house).await;
        let lead = show(&house, &town.mia, &id).await;
        assert_eq!((&lead["territory"]["id"], &lead["owner"]["id"]), (&Value::Null, &json!(town.ben.id)));
    }
}

#[tokio::test]
async fn a_lead_that_comes_after_the_preview_moves_too_and_one_set_by_hand_meanwhile_stays() {
    for house in houses().await {
        let town = town(&house).await;
        let (early, held) = (lead(&house, &town.mia, "80331").await, lead(&house, &town.mia, "80332").await);
        let preview = house.post(&town.mia, "/api/v1/rules/preview", change(&town, "8")).await.is(200).body;
        let late = lead(&house, &town.mia, "80333").await;
        let batch = json!({ "change": change(&town, "8"), "seen": preview["seen"] });
        house.post(&town.mia, "/api/v1/batches", batch).await.is(201);
        let path = format!("/api/v1/leads/{held}/assignment");
        let here = json!({ "territory": town.south });
        house.ask(&town.mia, Method::POST, &path, &[("if-match", "*")], Some(here)).await.is(200);
        carry(&house).await;
        for (id, territory) in [(early, &town.north), (late, &town.north), (held, &town.south)] {
            assert_eq!(show(&house, &town.mia, &id).await["territory"]["id"], json!(territory));
        }
    }
}
