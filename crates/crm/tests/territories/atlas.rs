//! Outlines of territories, and who gets the leads of which area.

use serde_json::{Value, json};

use crate::house::{House, Person, houses};

async fn rule(house: &House, by: &Person, territory: &str, when: Value) {
    let path = format!("/api/v1/territories/{territory}/rules");
    house.post(by, &path, json!({ "name": "Regel", "when": when })).await.is(201);
}

fn is_in(field: &str, values: &[&str]) -> Value {
    json!({ "field": field, "op": "is_any_of", "values": values })
}

fn begins(beginnings: &[&str]) -> Value {
    json!({ "all": [is_in("country", &["DE"]),
        { "field": "postcode", "op": "starts_with_any_of", "values": beginnings }] })
}

/// The rings of a path: corners in pixels.
fn rings(path: &str) -> Vec<Vec<(f64, f64)>> {
    let ring = |text: &str| {
        let mut at = (0.0, 0.0);
        let steps = text.trim_start_matches('M').split(['l', ' ']);
        steps
            .map(|step| {
                let (x, y) = step.split_once(',').expect("two numbers");
                at = (at.0 + x.parse::<f64>().expect("a number"), at.1 + y.parse::<f64>().expect("a number"));
                at
            })
            .collect()
    };
    path.split('z').filter(|ring| !ring.is_empty()).map(ring).collect()
}

async fn outline(house: &House, by: &Person, territory: &str) -> Option<Vec<Vec<(f64, f64)>>> {
    let list = house.get(by, "/api/v1/territories/outlines").await.is(200).body;
    let items = list["items"].as_array().expect("a list");
    let item = items.iter().find(|item| item["territory_id"] == json!(territory))?;
    Some(rings(item["path"].as_str().expect("a path")))
}

async fn area(house: &House, by: &Person, map: &str, code: &str) -> Value {
    let list = house.get(by, &format!("/api/v1/territories/areas?map={map}")).await.is(200).body;
    let items = list["items"].as_array().expect("a list");
    items.iter().find(|item| item["area"] == json!(code)).expect("the area").clone()
}

#[tokio::test]
async fn an_outline_is_the_union_of_the_places_that_rules_name() {
    let house = House::on_sqlite().await;
    let mia = house.manager().await;
    let munich = json!({ "field": "place", "op": "within_km", "values": [{ "country": "DE", "postcode": "80331", "km": 60 }] });
    let large = json!({ "field": "employees", "op": "gte", "values": [500] });
    let cases = [
        ("Bayern", is_in("state", &["DE-BY"]), Some(1)),
        ("Südbayern", begins(&["80", "81", "82", "83", "84", "85", "86", "87"]), Some(1)),
        ("München", begins(&["80", "81"]), Some(1)),
        ("Zwei Enden", begins(&["01", "79"]), Some(2)),
        ("Kreis", munich, None),
        ("Große in Bayern", json!({ "all": [is_in("state", &["DE-BY"]), large] }), Some(1)),
        ("Frankreich und Spanien", is_in("country", &["FR", "ES"]), None),
        ("Texas", is_in("state", &["US-TX"]), Some(1)),
        (
            "Ein Bezirk von Wien",
            json!({ "all": [is_in("country", &["AT"]), is_in("postcode", &["1010"])] }),
            Some(1),
        ),
    ];
    for (name, when, expected) in cases {
        let id = house.territory(&mia, name, None).await;
        rule(&house, &mia, &id, when).await;
        let rings = outline(&house, &mia, &id).await.unwrap_or_else(|| panic!("{name} has an outline"));
        assert!(expected.is_none_or(|count| count == rings.len()), "{name}: {rings:?}");
        let (corners, mut low, mut high) = (rings.concat(), (f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for &(x, y) in &corners {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        assert!(corners.len() <= 160, "{name} is simple: {} corners", corners.len());
        assert!(low.0 >= 0.0 && low.1 >= 0.0 && high.0 <= 40.0 && high.1 <= 40.0, "{name}: {low:?} {high:?}");
        assert!((high.0 - low.0).max(high.1 - low.1) > 36.0, "{name} fills the box: {low:?} {high:?}");
    }
}

#[tokio::test]
async fn rules_that_name_no_place_have_no_outline_and_might_take_leads_anywhere() {
    let house = House::on_sqlite().await;
    let mia = house.manager().await;
    let large = house.territory(&mia, "Großkunden", None).await;
    rule(&house, &mia, &large, json!({ "field": "employees", "op": "gte", "values": [500] })).await;
    let empty = house.territory(&mia, "Leer", None).await;
    assert_eq!(outline(&house, &mia, &large).await, None);
    assert_eq!(outline(&house, &mia, &empty).await, None);
    let list = house.get(&mia, "/api/v1/territories/areas?map=dach-states").await.is(200).body;
    assert_eq!(list["anywhere"], json!([large]));
    assert_eq!(area(&house, &mia, "dach-states", "DE-BY").await["territories"], json!([]));
}

#[tokio::test]
async fn an_outline_follows_its_rules() {
    for house in houses().await {
        let mia = house.manager().await;
        let south = house.territory(&mia, "Süd", None).await;
        rule(&house, &mia, &south, is_in("state", &["DE-BY"])).await;
        let before = outline(&house, &mia, &south).await.expect("an outline");
        rule(&house, &mia, &south, is_in("state", &["DE-BW"])).await;
        let after = outline(&house, &mia, &south).await.expect("an outline");
        assert_ne!(before, after);
    }
}

#[tokio::test]
async fn an_area_belongs_to_those_who_could_get_at_least_half_of_it_in_the_order_of_trial() {
    let house = House::on_sqlite().await;
    let mia = house.manager().await;
    let germany = house.territory(&mia, "Deutschland", None).await;
    rule(&house, &mia, &germany, is_in("country", &["DE"])).await;
    let large = house.territory(&mia, "Große", Some(&germany)).await;
    let over_500 = json!({ "field": "employees", "op": "gte", "values": [500] });
    rule(&house, &mia, &large, json!({ "all": [is_in("state", &["DE-BY"]), over_500] })).await;
    let munich = house.territory(&mia, "München", Some(&germany)).await;
    rule(&house, &mia, &munich, begins(&["80", "81"])).await;
    let first = |code: &str, expected: Value| (code.to_owned(), expected);
    for (code, expected) in [
        // Large ones might get some, the rest is Munich's for certain; nothing is left for Germany.
        first("DE 80", json!([large, munich])),
        first("DE 90", json!([large, germany])),
        first("DE 20", json!([germany])),
        first("AT-9", json!([])),
    ] {
        let area = area(&house, &mia, "dach-postcodes-2", &code).await;
        assert_eq!(area["territories"], expected, "{code}");
        assert_eq!(area["without_percent"], json!(if code == "AT-9" { 100 } else { 0 }), "{code}");
    }
    let shared = area(&house, &mia, "dach-postcodes-2", "DE 80").await;
    assert_eq!((&shared["main"], &shared["claims"]), (&json!(munich), &json!([munich, germany])));
    // Whoever has most of the leads, but not before those who get the rest for certain.
    for (postcode, employees) in
        [("80331", 900), ("80333", 700), ("80335", 20), ("90402", 600), ("90403", 500)]
    {
        let lead =
            json!({ "company": postcode, "country": "DE", "postcode": postcode, "employees": employees });
        house.post(&mia, "/api/v1/leads", lead).await.is(201);
    }
    for (code, expected) in [("DE 80", &munich), ("DE 90", &large), ("DE 91", &germany)] {
        assert_eq!(area(&house, &mia, "dach-postcodes-2", code).await["main"], json!(expected), "{code}");
    }
    let inactive = format!("/api/v1/territories/{large}");
    house.patch(&mia, &inactive, json!({ "active": false })).await.is(200);
    assert_eq!(area(&house, &mia, "dach-postcodes-2", "DE 80").await["territories"], json!([munich]));
    assert!(outline(&house, &mia, &large).await.is_some(), "it keeps its shape");
}

#[tokio::test]
async fn leads_are_counted_where_they_are_on_every_map() {
    for house in houses().await {
        let mia = house.manager().await;
        let south = house.territory(&mia, "Süd", None).await;
        rule(&house, &mia, &south, begins(&["8"])).await;
        for (country, postcode) in [
            ("DE", "80331"),
            ("DE", "80333"),
            ("DE", "20095"),
            ("AT", "1010"),
            ("US", "90001"),
            ("FR", "75001"),
        ] {
            let draft = json!({ "company": "Huber", "country": country, "postcode": postcode });
            house.post(&mia, "/api/v1/leads", draft).await.is(201);
        }
        for (map, code, expected) in [
            ("dach-states", "DE-BY", 2),
            ("dach-postcodes-1", "DE 8", 2),
            ("dach-postcodes-2", "DE 80", 2),
            ("dach-postcodes-3", "DE 803", 2),
            ("dach-postcodes-2", "AT-9", 1),
            ("us-states", "US-CA", 1),
            ("us-counties", "US 06037", 1),
            ("world", "FR", 1),
        ] {
            assert_eq!(area(&house, &mia, map, code).await["leads"], json!(expected), "{map} {code}");
        }
        let list = house.get(&mia, "/api/v1/territories/areas?map=dach-states").await.is(200).body;
        assert_eq!(list["leads_elsewhere"], json!(2));
        let load = json!({ "territory_id": south, "open_leads": 2, "receivers": 0 });
        assert_eq!(list["loads"], json!([load]));
    }
}

#[tokio::test]
async fn territories_that_one_may_not_see_are_on_no_map() {
    for house in houses().await {
        let mia = house.manager().await;
        let sam = house.seller("sam").await;
        let south = house.territory(&mia, "Süd", None).await;
        rule(&house, &mia, &south, is_in("state", &["DE-BY"])).await;
        let hidden = house.territory(&mia, "Nord", None).await;
        rule(&house, &mia, &hidden, is_in("country", &["DE"])).await;
        let member = format!("/api/v1/territories/{south}/members/{}", sam.id);
        house.put(&mia, &member, json!({ "access": true, "assignment": true })).await.is(201);
        assert!(outline(&house, &sam, &south).await.is_some());
        assert_eq!(outline(&house, &sam, &hidden).await, None);
        assert_eq!(area(&house, &sam, "dach-states", "DE-BY").await["territories"], json!([south]));
        assert_eq!(area(&house, &sam, "dach-states", "DE-HH").await["territories"], json!([]));
        assert_eq!(area(&house, &sam, "dach-states", "DE-HH").await["without_percent"], json!(100));
        assert_eq!(area(&house, &mia, "dach-states", "DE-HH").await["territories"], json!([hidden]));
    }
}

#[tokio::test]
async fn an_unknown_map_is_refused() {
    let house = House::on_sqlite().await;
    let mia = house.manager().await;
    house.get(&mia, "/api/v1/territories/areas?map=moon").await.is(422);
    house.get(&mia, "/api/v1/territories/areas").await.is(422);
}
