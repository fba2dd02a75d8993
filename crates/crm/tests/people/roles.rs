//! Roles as the API tells of them.

use serde_json::json;
use testkit::Site;

use super::house::{Asks, hire, set_up};

testkit::on_both_databases!(roles_are_told_with_their_grants_and_words);

async fn roles_are_told_with_their_grants_and_words(site: Site) {
    let administrator = set_up(&site).await;
    let roles = site.get(&administrator.who, "/api/v1/roles").await.is(200).json();
    let find = |key: &str| {
        let items = roles["items"].as_array().expect("roles");
        items.iter().find(|role| role["key"] == key).cloned().expect("the role")
    };
    let restricted = find("restricted_seller");
    assert_eq!(restricted["label"], json!({ "en": "Restricted seller", "de": "Verkauf (eingeschränkt)" }));
    assert_eq!(restricted["grants"]["lead"]["view"], "own");
    assert_eq!(restricted["fields"]["lead"]["score"], "hidden");
    assert_eq!(restricted["may_be_changed"], true);
    assert_eq!(find("administrator")["may_be_changed"], false);
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    site.get(&paul.who, "/api/v1/roles").await.is_problem(403, "denied");
}
