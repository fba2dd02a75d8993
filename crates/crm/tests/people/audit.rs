//! The log over HTTP.

use crm::app::HOUR;
use serde_json::Value;
use serde_json::json;
use testkit::Site;

use super::house::{Asks, hire, path_of, set_up, token};

testkit::on_both_databases!(
    every_change_is_in_the_log_with_who_and_what,
    the_log_is_read_in_pages_the_newest_first,
    the_log_is_narrowed_by_user_object_act_and_time,
    only_administrators_read_the_log,
);

fn items(page: &Value) -> Vec<Value> {
    page["items"].as_array().cloned().expect("entries")
}

async fn every_change_is_in_the_log_with_who_and_what(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let program = token(&site, &administrator, json!(["user.*", "all"])).await;
    site.patch(&program, &path_of(&paul), json!({ "name": "Paul P", "role": "read_only" })).await.is(200);
    site.patch(&administrator.who, &path_of(&paul), json!({ "is_active": false })).await.is(200);
    let log = site.get(&administrator.who, "/api/v1/audit").await.is(200).json();
    let said: Vec<String> = items(&log)
        .iter()
        .map(|entry| {
            let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
            let by = match entry["user_id"].as_str() {
                Some(id) if id == administrator.id => "katrin",
                Some(id) if id == paul.id => "paul",
                _ => "-",
            };
            format!("{by} {} {} {}", text("door"), text("action"), text("object"))
        })
        .collect();
    assert_eq!(
        said,
        [
            "katrin page end session",
            "katrin page edit user",
            "katrin api edit user",
            "katrin page create token",
            "paul page create session",
            "katrin page create user",
            "katrin page create session",
            "- page create user",
            "- page create workspace",
        ]
    );
    let change = &items(&log)[2];
    assert_eq!(change["before"], json!({ "name": "Paul", "role": "seller" }));
    assert_eq!(change["after"], json!({ "name": "Paul P", "role": "read_only" }));
    assert_eq!((&change["object_id"], &change["is_sealed"]), (&json!(paul.id), &json!(false)));
}

async fn the_log_is_read_in_pages_the_newest_first(site: Site) {
    let administrator = set_up(&site).await;
    for at in 0..5 {
        let change = json!({ "name": format!("Name {at}") });
        site.patch(&administrator.who, &path_of(&administrator), change).await.is(200);
    }
    let all = items(&site.get(&administrator.who, "/api/v1/audit").await.is(200).json());
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page =
            site.get(&administrator.who, &format!("/api/v1/audit?limit=3{cursor}")).await.is(200).json();
        paged.extend(items(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, all);
    assert_eq!(all[0]["after"]["name"], "Name 4");
}

async fn the_log_is_narrowed_by_user_object_act_and_time(site: Site) {
    let administrator = set_up(&site).await;
    site.clock.turn(HOUR);
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    site.clock.turn(HOUR);
    site.patch(&paul.who, &path_of(&paul), json!({ "name": "P" })).await.is(200);
    for (query, count) in [
        (format!("user={}", paul.id), 2),
        (format!("user={}&object=user", paul.id), 1),
        (format!("object=user&object_id={}", paul.id), 2),
        ("action=create&object=session".to_owned(), 2),
        ("from=2026-11-24T11:00:00Z".to_owned(), 3),
        ("from=2026-11-24T11:00:00Z&to=2026-11-24T12:00:00Z".to_owned(), 2),
        ("to=2026-11-24T11:00:00%2B01:00".to_owned(), 0),
        ("object=nothing".to_owned(), 0),
    ] {
        let page = site.get(&administrator.who, &format!("/api/v1/audit?{query}")).await.is(200).json();
        assert_eq!(items(&page).len(), count, "{query}: {page}");
    }
    let wrong = site.get(&administrator.who, "/api/v1/audit?from=yesterday&to=").await.is(422);
    assert_eq!(wrong.faults(), ["from instant_unreadable", "to instant_unreadable"]);
    site.get(&administrator.who, "/api/v1/audit?user=nobody").await.is_problem(422, "invalid");
}

async fn only_administrators_read_the_log(site: Site) {
    let administrator = set_up(&site).await;
    for (name, role) in
        [("Mia", "sales_manager"), ("Sara", "seller"), ("Rita", "restricted_seller"), ("Ron", "read_only")]
    {
        let person = hire(&site, &administrator, name, role).await;
        site.get(&person.who, "/api/v1/audit").await.is_problem(403, "denied");
    }
}
