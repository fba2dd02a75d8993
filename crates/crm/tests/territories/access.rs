//! Who keeps, gains and loses access, and what becomes of their records.

use access::{Action, BuiltInRole, Object, Role, Scope};
use crm::people::store::{role, user};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::house::{House, Person, houses};

fn member(territory: &str, person: &Person) -> String {
    format!("/api/v1/territories/{territory}/members/{}", person.id)
}

async fn rule(house: &House, mia: &Person, territory: &str, country: &str) {
    let when = json!({ "field": "country", "op": "is_any_of", "values": [country] });
    let path = format!("/api/v1/territories/{territory}/rules");
    house.post(mia, &path, json!({ "name": country, "when": when })).await.is(201);
}

/// Makes a lead and returns it.
async fn lead(house: &House, by: &Person, company: &str, country: &str) -> Value {
    let draft = json!({ "company": company, "country": country });
    house.post(by, "/api/v1/leads", draft).await.is(201).body
}

async fn owner(house: &House, by: &Person, lead: &Value) -> Value {
    let path = format!("/api/v1/leads/{}", lead["id"].as_str().expect("an id"));
    house.get(by, &path).await.is(200).body["owner"]["id"].clone()
}

async fn companies(house: &House, by: &Person) -> Vec<String> {
    let page = house.get(by, "/api/v1/leads?sort=company").await.is(200).body;
    let items = page["items"].as_array().expect("a list").iter();
    items.map(|lead| lead["company"].as_str().expect("a company").to_owned()).collect()
}

/// A role of the workspace's own, for whoever is given it.
async fn own_role(house: &House, grants: &[(Object, Action, Scope)]) -> Uuid {
    let mut own = Role::new();
    for &(object, action, scope) in grants {
        own.grant(object, action, scope).expect("the act exists");
    }
    let id = house.app.ids.next();
    let row = role::ActiveModel {
        workspace_id: sea_orm::ActiveValue::NotSet,
        id: Set(id),
        key: Set(format!("own_{id}")),
        detail: Set(serde_json::to_string(&own).expect("JSON")),
        is_built_in: Set(false),
    };
    house
        .write(|tx| {
            let row = row.clone();
            async move { Ok(tx.insert(vec![row]).await?) }
        })
        .await;
    id
}

async fn give_role(house: &House, person: &Person, role: Uuid) {
    let id = person.id;
    house
        .write(|tx| async move {
            let change = tx.update::<user::Entity>(Action::Edit);
            let change = change.set(user::Column::RoleId, Expr::val(role)).filter(user::Column::Id.eq(id));
            change.run().await?;
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn taking_access_away_asks_what_becomes_of_the_records() {
    for house in houses().await {
        let mia = house.manager().await;
        let (sam, tom) = (house.seller("sam").await, house.seller("tom").await);
        let germany = house.territory(&mia, "Deutschland", None).await;
        rule(&house, &mia, &germany, "DE").await;
        let both = json!({ "access": true, "assignment": true });
        house.put(&mia, &member(&germany, &sam), both.clone()).await.is(201);
        let leads = [lead(&house, &mia, "A", "DE").await, lead(&house, &mia, "B", "DE").await];
        house.put(&mia, &member(&germany, &tom), both.clone()).await.is(201);
        for lead in &leads {
            assert_eq!(owner(&house, &mia, lead).await, json!(sam.id));
        }

        let path = member(&germany, &sam);
        let held = house.delete(&mia, &path).await.is(409).body;
        assert_eq!((&held["code"], &held["held_up_by"][0]["records"]), (&json!("records_owned"), &json!(2)));
        let none = json!({ "access": false });
        house.put(&mia, &path, none).await.is(409);
        assert_eq!(companies(&house, &sam).await, ["A", "B"]);

        house.delete(&mia, &format!("{path}?records=give")).await.is(422);
        house.delete(&mia, &format!("{path}?records=give&to={}", sam.id)).await.is(422);
        house.delete(&mia, &format!("{path}?records=give&to={}", house.workspace)).await.is(422);
        house.delete(&mia, &format!("{path}?records=give&to={}", tom.id)).await.is(204);
        for lead in &leads {
            assert_eq!(owner(&house, &mia, lead).await, json!(tom.id));
        }
        assert_eq!(companies(&house, &sam).await, [""; 0]);

        house.put(&mia, &path, both).await.is(201);
        house.delete(&mia, &format!("{}?records=rotate", member(&germany, &tom))).await.is(204);
        for lead in &leads {
            assert_eq!(owner(&house, &mia, lead).await, json!(sam.id));
        }
        house.put(&mia, &path, json!({ "access": false, "records": "queue" })).await.is(200);
        for lead in &leads {
            assert_eq!(owner(&house, &mia, lead).await, Value::Null);
        }
    }
}

#[tokio::test]
async fn a_move_that_would_part_records_from_their_owner_asks_too() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let germany = house.territory(&mia, "Deutschland", None).await;
        let south = house.territory(&mia, "Süd", Some(&germany)).await;
        rule(&house, &mia, &south, "DE").await;
        let whole = json!({ "access": true, "assignment": true, "includes_children": true });
        house.put(&mia, &member(&germany, &sam), whole).await.is(201);
        let lead = lead(&house, &mia, "A", "DE").await;
        let path = format!("/api/v1/leads/{}", lead["id"].as_str().expect("an id"));
        let seen = house.get(&mia, &path).await.is(200).etag;
        let give = Some(json!({ "owner": sam.id }));
        let method = axum::http::Method::POST;
        house.ask(&mia, method, &format!("{path}/assignment"), &[("if-match", &seen)], give).await.is(200);

        let branch = format!("/api/v1/territories/{south}");
        let held = house.patch(&mia, &branch, json!({ "parent": null })).await.is(409).body;
        assert_eq!(held["held_up_by"][0]["records"], 1);
        house.patch(&mia, &branch, json!({ "parent": null, "records": "queue" })).await.is(200);
        assert_eq!(owner(&house, &mia, &lead).await, Value::Null);
        house.get(&sam, &path).await.is(404);
    }
}

#[tokio::test]
async fn no_territory_goes_while_leads_are_in_it() {
    for house in houses().await {
        let mia = house.manager().await;
        let germany = house.territory(&mia, "Deutschland", None).await;
        rule(&house, &mia, &germany, "DE").await;
        lead(&house, &mia, "A", "DE").await;
        let held = house.delete(&mia, &format!("/api/v1/territories/{germany}")).await.is(409).body;
        assert_eq!((&held["code"], &held["held_up_by"]["leads"]), (&json!("leads_inside"), &json!(1)));
    }
}

#[tokio::test]
async fn rights_count_from_the_next_request_on_every_server() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let other = house.another_server().await;
        let germany = house.territory(&mia, "Deutschland", None).await;
        let path = format!("/api/v1/territories/{germany}");
        for _ in 0..3 {
            other.get(&sam, &path).await.is(404);
            house.put(&mia, &member(&germany, &sam), json!({ "access": true })).await.is(201);
            other.get(&sam, &path).await.is(200);
            house.get(&sam, &path).await.is(200);
            other.delete(&mia, &member(&germany, &sam)).await.is(204);
            house.get(&sam, &path).await.is(404);
        }
        give_role(&house, &sam, own_role(&house, &[]).await).await;
        other.get(&sam, &path).await.is(403);
    }
}

#[tokio::test]
async fn nobody_widens_their_reach_beyond_what_they_may_edit() {
    for house in houses().await {
        let (mia, eve) = (house.manager().await, house.seller("eve").await);
        let germany = house.territory(&mia, "Deutschland", None).await;
        let south = house.territory(&mia, "Süd", Some(&germany)).await;
        let world = house.territory(&mia, "Welt", None).await;
        let local = own_role(
            &house,
            &[
                (Object::Lead, Action::View, Scope::Territory),
                (Object::Territory, Action::View, Scope::Territory),
                (Object::Territory, Action::Create, Scope::Territory),
                (Object::Territory, Action::Edit, Scope::Territory),
                (Object::Rotation, Action::View, Scope::Territory),
                (Object::Rotation, Action::Edit, Scope::Territory),
            ],
        )
        .await;
        give_role(&house, &eve, local).await;
        house.put(&mia, &member(&germany, &eve), json!({ "access": true })).await.is(201);

        // Her own territory is hers to look after, what lies below it is not.
        let own = format!("/api/v1/territories/{germany}");
        house.patch(&eve, &own, json!({ "color": "moos" })).await.is(200);
        let wider = json!({ "access": true, "includes_children": true });
        house.put(&eve, &member(&germany, &eve), wider.clone()).await.is(403);
        house.put(&eve, &member(&south, &eve), json!({ "access": true })).await.is(404);
        house.patch(&eve, &own, json!({ "default": true })).await.is(403);
        house.post(&eve, "/api/v1/territories", json!({ "name": "Frei" })).await.is(403);
        house.post(&eve, "/api/v1/territories", json!({ "name": "Neu", "parent": world })).await.is(404);

        house.put(&mia, &member(&world, &eve), wider).await.is(201);
        house.patch(&eve, &own, json!({ "parent": world })).await.is(403);
        house.get(&eve, &format!("/api/v1/territories/{south}")).await.is(404);
    }
}

#[tokio::test]
async fn a_role_in_a_territory_can_allow_less_there() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let mut keys = std::collections::HashMap::new();
        let rick = house.person("rick", BuiltInRole::RestrictedSeller).await;
        let matrix = house.get(&mia, "/api/v1/members").await.is(200).body;
        for user in matrix["users"].as_array().expect("users") {
            keys.insert(user["name"].as_str().expect("a name").to_owned(), user["role"].clone());
        }
        let germany = house.territory(&mia, "Deutschland", None).await;
        let austria = house.territory(&mia, "Österreich", None).await;
        rule(&house, &mia, &germany, "DE").await;
        rule(&house, &mia, &austria, "AT").await;
        let less = json!({ "access": true, "role": keys["rick"] });
        house.put(&mia, &member(&germany, &sam), less).await.is(201);
        house.put(&mia, &member(&austria, &sam), json!({ "access": true })).await.is(201);
        lead(&house, &mia, "Deutsche", "DE").await;
        lead(&house, &mia, "Wiener", "AT").await;
        assert_eq!(companies(&house, &sam).await, ["Wiener"]);
        assert_eq!(companies(&house, &rick).await, [""; 0]);
    }
}
