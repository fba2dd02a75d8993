use access::BuiltInRole;
use serde_json::json;

use crate::house::{House, Person, houses};

async fn names(house: &House, person: &Person) -> Vec<String> {
    let list = house.get(person, "/api/v1/territories").await.is(200).body;
    let items = list["items"].as_array().expect("a list").iter();
    items.map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

fn member(territory: &str, person: &Person) -> String {
    format!("/api/v1/territories/{territory}/members/{}", person.id)
}

#[tokio::test]
async fn a_seller_sees_the_territories_with_access_and_nothing_else() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let germany = house.territory(&mia, "Deutschland", None).await;
        let south = house.territory(&mia, "Süd", Some(&germany)).await;
        house.territory(&mia, "Bayern", Some(&south)).await;
        assert_eq!(names(&house, &sam).await, [""; 0]);

        house.put(&mia, &member(&south, &sam), json!({ "access": true })).await.is(201);
        assert_eq!(names(&house, &sam).await, ["Süd"]);
        let seen = house.get(&sam, &format!("/api/v1/territories/{south}")).await.is(200).body;
        assert_eq!((&seen["parent"], &seen["members"]), (&json!(null), &json!(null)));
        house.get(&sam, &format!("/api/v1/territories/{germany}")).await.is(404);
        house.get(&sam, &format!("/api/v1/territories/{south}/members")).await.is(403);
        house.get(&sam, "/api/v1/members").await.is(403);
    }
}

#[tokio::test]
async fn access_spreads_to_children_where_the_membership_says_so_and_no_nearer_one_speaks() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let germany = house.territory(&mia, "Deutschland", None).await;
        let south = house.territory(&mia, "Süd", Some(&germany)).await;
        house.territory(&mia, "Bayern", Some(&south)).await;
        let whole = json!({ "access": true, "includes_children": true });
        house.put(&mia, &member(&germany, &sam), whole).await.is(201);
        assert_eq!(names(&house, &sam).await, ["Bayern", "Süd", "Deutschland"]);
        house.put(&mia, &member(&south, &sam), json!({ "access": false })).await.is(201);
        assert_eq!(names(&house, &sam).await, ["Bayern", "Deutschland"]);
        house.territory(&mia, "Schwaben", Some(&south)).await;
        assert_eq!(names(&house, &sam).await, ["Bayern", "Schwaben", "Deutschland"]);
        house.delete(&mia, &member(&germany, &sam)).await.is(204);
        assert_eq!(names(&house, &sam).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_role_in_a_territory_counts_there_in_place_of_the_own() {
    for house in houses().await {
        let (mia, ray) = (house.manager().await, house.person("ray", BuiltInRole::ReadOnly).await);
        let north = house.territory(&mia, "Nord", None).await;
        house.territory(&mia, "Süd", None).await;
        let path = format!("/api/v1/territories/{north}");
        let roles = house.get(&mia, "/api/v1/members").await.is(200).body;
        let manager = roles["users"].as_array().expect("users").iter().find(|user| user["name"] == "mia");
        let role = manager.expect("herself")["role"].clone();

        house.patch(&ray, &path, json!({ "name": "Norden" })).await.is(403);
        house.put(&mia, &member(&north, &ray), json!({ "access": true, "role": role })).await.is(201);
        house.patch(&ray, &path, json!({ "name": "Norden" })).await.is(200);
        assert_eq!(names(&house, &ray).await, ["Norden"]);
    }
}

#[tokio::test]
async fn nobody_gives_a_role_that_may_do_more_than_their_own() {
    for house in houses().await {
        let (mia, ada) = (house.manager().await, house.person("ada", BuiltInRole::Administrator).await);
        let north = house.territory(&mia, "Nord", None).await;
        let matrix = house.get(&mia, "/api/v1/members").await.is(200).body;
        let users = matrix["users"].as_array().expect("users");
        let role = users.iter().find(|user| user["name"] == "ada").expect("her")["role"].clone();
        let draft = json!({ "access": true, "role": role });
        let refused = house.put(&mia, &member(&north, &mia), draft.clone()).await.is(422);
        assert_eq!(refused.codes(), [("/role", "role_exceeds_yours")]);
        house.put(&ada, &member(&north, &mia), draft).await.is(201);
    }
}

#[tokio::test]
async fn a_membership_hears_of_all_its_faults_at_once() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let north = house.territory(&mia, "Nord", None).await;
        let draft = json!({
            "access": false, "assignment": true, "weight": 0, "position": 0, "open_leads_max": -1,
            "leads_per_day_max": 1_000_001, "role": house.workspace,
        });
        let refused = house.put(&mia, &member(&north, &sam), draft).await.is(422);
        let expected = [
            ("/assignment", "assignment_without_access"),
            ("/weight", "out_of_range"),
            ("/position", "out_of_range"),
            ("/open_leads_max", "out_of_range"),
            ("/leads_per_day_max", "out_of_range"),
            ("/role", "unknown_role"),
        ];
        assert_eq!(refused.codes(), expected);
    }
}

#[tokio::test]
async fn a_change_of_a_membership_names_the_version_that_it_builds_on() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let north = house.territory(&mia, "Nord", None).await;
        let path = member(&north, &sam);
        let method = axum::http::Method::PUT;
        let give = || Some(json!({ "access": true, "assignment": true, "weight": 3 }));
        let made = house.ask(&mia, method.clone(), &path, &[], give()).await.is(201);
        house.ask(&mia, method.clone(), &path, &[], give()).await.is(428);
        let same = house.ask(&mia, method.clone(), &path, &[("if-match", &made.etag)], give()).await.is(200);
        assert_eq!(same.etag, made.etag);
        let other = Some(json!({ "access": true }));
        house.ask(&mia, method.clone(), &path, &[("if-match", &made.etag)], other).await.is(200);
        let late = house.ask(&mia, method, &path, &[("if-match", &made.etag)], give()).await.is(412);
        assert_eq!(late.body["current"]["weight"], 1);
    }
}
