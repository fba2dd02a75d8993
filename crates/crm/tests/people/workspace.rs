//! The workspace's settings.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::Site;

use super::house::{Asks, hire, set_up};

const PATH: &str = "/api/v1/workspace";

testkit::on_both_databases!(
    settings_are_changed_and_told,
    settings_hear_of_all_their_faults_at_once,
    settings_are_changed_upon_the_version_that_was_read,
    managers_read_the_settings_and_sellers_do_not,
);

async fn settings_are_changed_and_told(site: Site) {
    let administrator = set_up(&site).await;
    let change = json!({
        "name": " Huber & Söhne ", "language": "en", "currency": "usd", "time_zone": "america/new_york",
        "rules_run": "always", "is_sticky": false, "default_country": "Schweiz",
    });
    let changed = site.patch(&administrator.who, PATH, change).await.is(200);
    let mut json = changed.json();
    json.as_object_mut().expect("an object").remove("id");
    let expected = json!({
        "name": "Huber & Söhne", "language": "en", "currency": "USD", "time_zone": "America/New_York",
        "rules_run": "always", "is_sticky": false, "default_country": "CH",
    });
    assert_eq!(json, expected);
    let again = site.get(&administrator.who, PATH).await.is(200);
    assert_eq!((again.text.as_str(), again.header("etag")), (changed.text.as_str(), changed.header("etag")));
    // A change that changes nothing makes no version.
    let same = site.patch(&administrator.who, PATH, json!({ "language": "en" })).await.is(200);
    assert_eq!(same.header("etag"), changed.header("etag"));
    let log = site.get(&administrator.who, "/api/v1/audit?object=workspace&action=edit").await.is(200).json();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(log["items"][0]["before"]["name"], "Huber Werkzeuge");
    assert_eq!(log["items"][0]["after"]["rules_run"], "always");
    // The set-up's clocks tick in Vienna.
    assert_eq!(log["items"][0]["before"]["default_country"], "AT");
    let none = site.patch(&administrator.who, PATH, json!({ "default_country": null })).await.is(200);
    assert_eq!(none.json()["default_country"], Value::Null);
}

async fn settings_hear_of_all_their_faults_at_once(site: Site) {
    let administrator = set_up(&site).await;
    let change = json!({
        "name": "", "language": "x", "currency": "€", "time_zone": "Mars/Olympus", "rules_run": "sometimes",
        "default_country": "Atlantis",
    });
    let answer = site.patch(&administrator.who, PATH, change).await.is_problem(422, "invalid");
    assert_eq!(
        answer.faults(),
        [
            "/currency currency_unknown",
            "/default_country country_unknown",
            "/language language_unknown",
            "/name name_empty",
            "/rules_run rules_run_unknown",
            "/time_zone time_zone_unknown",
        ]
    );
    site.patch(&administrator.who, PATH, json!({ "colour": "red" })).await.is_problem(422, "invalid");
}

async fn settings_are_changed_upon_the_version_that_was_read(site: Site) {
    let administrator = set_up(&site).await;
    let tag = site.get(&administrator.who, PATH).await.is(200).header("etag").to_owned();
    let change = |tag: String, name: &str| {
        let (site, who, body) = (site.clone(), administrator.who.clone(), json!({ "name": name }));
        async move { site.ask(&who, Method::PATCH, PATH, &[("if-match", &tag)], Some(body)).await }
    };
    change(tag.clone(), "A").await.is(200);
    let stale = change(tag, "B").await.is_problem(412, "stale");
    assert_eq!(stale.json()["current"]["name"], "A");
    let without = site.ask(&administrator.who, Method::PATCH, PATH, &[], Some(json!({}))).await;
    without.is_problem(428, "if_match_needed");
}

async fn managers_read_the_settings_and_sellers_do_not(site: Site) {
    let administrator = set_up(&site).await;
    let mia = hire(&site, &administrator, "Mia", "sales_manager").await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    site.get(&mia.who, PATH).await.is(200);
    site.patch(&mia.who, PATH, json!({ "name": "X" })).await.is_problem(403, "denied");
    site.get(&paul.who, PATH).await.is_problem(403, "denied");
    site.get(&paul.who, "/api/v1/workspace/rates").await.is_problem(403, "denied");
}
