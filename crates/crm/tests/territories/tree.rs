use serde_json::{Value, json};

use crate::house::{House, Person, houses};

async fn names(house: &House, person: &Person) -> Vec<String> {
    let list = house.get(person, "/api/v1/territories").await.is(200).body;
    let items = list["items"].as_array().expect("a list").iter();
    items.map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

async fn id_of(house: &House, person: &Person, name: &str) -> String {
    let list = house.get(person, "/api/v1/territories").await.is(200).body;
    let items = list["items"].as_array().expect("a list");
    let item = items.iter().find(|item| item["name"] == name).expect("it is there");
    item["id"].as_str().expect("an id").to_owned()
}

/// Deutschland (Nord, Süd (Bayern)), Welt.
async fn sample(house: &House, mia: &Person) -> String {
    let germany = house.territory(mia, "Deutschland", None).await;
    house.territory(mia, "Welt", None).await;
    house.territory(mia, "Nord", Some(&germany)).await;
    let south = house.territory(mia, "Süd", Some(&germany)).await;
    house.territory(mia, "Bayern", Some(&south)).await;
    germany
}

#[tokio::test]
async fn a_tree_is_listed_in_the_order_of_trial() {
    for house in houses().await {
        let mia = house.manager().await;
        sample(&house, &mia).await;
        assert_eq!(names(&house, &mia).await, ["Nord", "Bayern", "Süd", "Deutschland", "Welt"]);
    }
}

#[tokio::test]
async fn a_territory_moves_with_all_that_lies_below_it() {
    for house in houses().await {
        let mia = house.manager().await;
        sample(&house, &mia).await;
        let [south, world] = [id_of(&house, &mia, "Süd").await, id_of(&house, &mia, "Welt").await];
        let path = format!("/api/v1/territories/{south}");
        let moved = house.patch(&mia, &path, json!({ "parent": world })).await.is(200).body;
        assert_eq!(moved["parent"], json!(world));
        assert_eq!(names(&house, &mia).await, ["Nord", "Deutschland", "Bayern", "Süd", "Welt"]);
        let root = house.patch(&mia, &path, json!({ "parent": null, "position": 1 })).await.is(200).body;
        assert_eq!((&root["parent"], &root["position"]), (&Value::Null, &json!(1)));
        assert_eq!(names(&house, &mia).await, ["Bayern", "Süd", "Nord", "Deutschland", "Welt"]);
    }
}

#[tokio::test]
async fn no_territory_moves_below_itself() {
    for house in houses().await {
        let mia = house.manager().await;
        let germany = sample(&house, &mia).await;
        let bavaria = id_of(&house, &mia, "Bayern").await;
        for parent in [&bavaria, &germany] {
            let path = format!("/api/v1/territories/{germany}");
            let refused = house.patch(&mia, &path, json!({ "parent": parent })).await.is(422);
            assert_eq!(refused.codes(), [("/parent", "circle")]);
        }
        assert_eq!(names(&house, &mia).await, ["Nord", "Bayern", "Süd", "Deutschland", "Welt"]);
    }
}

#[tokio::test]
async fn a_draft_hears_of_all_its_faults_at_once() {
    for house in houses().await {
        let mia = house.manager().await;
        sample(&house, &mia).await;
        let draft =
            json!({ "name": "Welt", "parent": house.workspace, "color": "#3a7d44", "calendar": "Bayern" });
        let refused = house.post(&mia, "/api/v1/territories", draft).await.is(422);
        let expected = [
            ("/name", "name_taken"),
            ("/parent", "unknown_territory"),
            ("/calendar", "unknown_calendar"),
            ("/color", "unknown_color"),
        ];
        assert_eq!(refused.codes(), expected);
    }
}

#[tokio::test]
async fn new_territories_get_free_colours_and_the_last_place() {
    for house in houses().await {
        let mia = house.manager().await;
        sample(&house, &mia).await;
        let list = house.get(&mia, "/api/v1/territories").await.body;
        let colors: std::collections::HashSet<&str> = list["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| item["color"].as_str().expect("a colour"))
            .collect();
        assert_eq!(colors.len(), 5);
        let last = house.post(&mia, "/api/v1/territories", json!({ "name": "Rest", "default": true })).await;
        let last = last.is(201).body;
        assert_eq!((&last["position"], &last["default"]), (&json!(3), &json!(true)));
    }
}

#[tokio::test]
async fn the_plan_can_be_read_as_of_every_past_version() {
    for house in houses().await {
        let mia = house.manager().await;
        sample(&house, &mia).await;
        let south = id_of(&house, &mia, "Süd").await;
        let path = format!("/api/v1/territories/{south}");
        let before = house.get(&mia, &path).await.is(200);
        let now = before.body["version"].as_i64().expect("a version") + 1;
        house.patch(&mia, &path, json!({ "name": "Süden" })).await.is(200);
        house
            .delete(&mia, &format!("/api/v1/territories/{}", id_of(&house, &mia, "Nord").await))
            .await
            .is(204);
        assert_eq!(names(&house, &mia).await, ["Bayern", "Süden", "Deutschland", "Welt"]);
        let then = house.get(&mia, &format!("/api/v1/territories?version={now}")).await.is(200).body;
        let then: Vec<&str> = then["items"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|item| item["name"].as_str())
            .collect();
        assert_eq!(then, ["Nord", "Bayern", "Süd", "Deutschland", "Welt"]);
    }
}

#[tokio::test]
async fn a_change_upon_an_older_state_is_refused_with_the_newer_one() {
    for house in houses().await {
        let mia = house.manager().await;
        let id = house.territory(&mia, "Nord", None).await;
        let path = format!("/api/v1/territories/{id}");
        let seen = house.get(&mia, &path).await.etag;
        house.patch(&mia, &path, json!({ "name": "Norden" })).await.is(200);
        let method = axum::http::Method::PATCH;
        let late = house
            .ask(&mia, method.clone(), &path, &[("if-match", &seen)], Some(json!({ "name": "N" })))
            .await;
        assert_eq!(late.is(412).body["current"]["name"], "Norden");
        house.ask(&mia, method, &path, &[], Some(json!({ "name": "N" }))).await.is(428);
    }
}

#[tokio::test]
async fn the_children_of_a_territory_that_goes_take_its_place() {
    for house in houses().await {
        let mia = house.manager().await;
        let germany = sample(&house, &mia).await;
        house.delete(&mia, &format!("/api/v1/territories/{germany}")).await.is(204);
        assert_eq!(names(&house, &mia).await, ["Nord", "Bayern", "Süd", "Welt"]);
        house.get(&mia, &format!("/api/v1/territories/{germany}")).await.is(404);
    }
}

#[tokio::test]
async fn a_change_that_changes_nothing_makes_no_version() {
    for house in houses().await {
        let mia = house.manager().await;
        let id = house.territory(&mia, "Nord", None).await;
        let path = format!("/api/v1/territories/{id}");
        let before = house.get(&mia, &path).await.etag;
        let after = house.patch(&mia, &path, json!({ "name": "Nord", "position": 1 })).await.is(200);
        assert_eq!(after.etag, before);
    }
}

#[tokio::test]
async fn sellers_change_no_territories() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let id = house.territory(&mia, "Nord", None).await;
        house.post(&sam, "/api/v1/territories", json!({ "name": "Süd" })).await.is(403);
        house.patch(&sam, &format!("/api/v1/territories/{id}"), json!({ "name": "S" })).await.is(403);
        house.delete(&sam, &format!("/api/v1/territories/{id}")).await.is(403);
        assert_eq!(names(&house, &mia).await, ["Nord"]);
    }
}
