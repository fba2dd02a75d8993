//! Absences: one's own, and those of others for who manages rotations.

use serde_json::json;
use testkit::Site;

use super::house::{Asks, hire, path_of, set_up};

testkit::on_both_databases!(
    one_enters_and_takes_back_ones_own_absences,
    managers_look_after_the_absences_of_others_and_colleagues_do_not,
    an_absence_hears_of_all_its_faults_at_once,
    absences_are_listed_in_pages_the_latest_end_first,
);

async fn one_enters_and_takes_back_ones_own_absences(site: Site) {
    let administrator = set_up(&site).await;
    let rita = hire(&site, &administrator, "Rita", "restricted_seller").await;
    let path = format!("{}/absences", path_of(&rita));
    let body = json!({
        "starts_at": "2026-12-01T00:00:00+01:00", "ends_at": "2026-12-03T00:00:00+01:00", "note": " Kur ",
    });
    let made = site.post(&rita.who, &path, body).await.is(201);
    let id = made.text_at("/id");
    assert_eq!(made.header("location"), format!("{path}/{id}"));
    let own = site.get(&rita.who, &path).await.is(200).json();
    assert_eq!(
        own["items"],
        json!([{ "id": id, "user_id": rita.id, "note": "Kur",
                 "starts_at": "2026-11-30T23:00:00Z", "ends_at": "2026-12-02T23:00:00Z" }])
    );
    site.delete(&rita.who, &format!("{path}/{id}")).await.is(204);
    site.delete(&rita.who, &format!("{path}/{id}")).await.is_not_found();
    assert_eq!(site.get(&rita.who, &path).await.is(200).json()["items"], json!([]));

    let log = site.get(&administrator.who, "/api/v1/audit?object=absence").await.is(200);
    assert_eq!(log.json()["items"].as_array().map(Vec::len), Some(2));
    assert!(!log.text.contains("Kur"), "why somebody is away is not the log's business");
}

async fn managers_look_after_the_absences_of_others_and_colleagues_do_not(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let sara = hire(&site, &administrator, "Sara", "seller").await;
    let mia = hire(&site, &administrator, "Mia", "sales_manager").await;
    let path = format!("{}/absences", path_of(&paul));
    let body = json!({ "starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-02T00:00:00Z" });
    let made = site.post(&mia.who, &path, body.clone()).await.is(201);
    let of_another = format!("{}/absences/{}", path_of(&sara), made.text_at("/id"));
    site.delete(&mia.who, &of_another).await.is_not_found();
    site.get(&sara.who, &path).await.is_problem(403, "denied");
    site.post(&sara.who, &path, body).await.is_problem(403, "denied");
    let one = format!("{path}/{}", made.text_at("/id"));
    site.delete(&sara.who, &one).await.is_problem(403, "denied");
    site.delete(&administrator.who, &one).await.is(204);
    site.get(&mia.who, "/api/v1/users/00000000-0000-7000-8000-000000000000/absences").await.is_not_found();
}

async fn an_absence_hears_of_all_its_faults_at_once(site: Site) {
    let administrator = set_up(&site).await;
    let path = format!("{}/absences", path_of(&administrator));
    let body = json!({ "starts_at": "1.12.2026", "ends_at": "", "note": "x".repeat(501) });
    let answer = site.post(&administrator.who, &path, body).await.is(422);
    assert_eq!(
        answer.faults(),
        ["/ends_at instant_unreadable", "/note text_long", "/starts_at instant_unreadable"]
    );
    let body = json!({ "starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z" });
    let answer = site.post(&administrator.who, &path, body).await.is(422);
    assert_eq!(answer.faults(), ["/ends_at ends_before_start"]);
}

async fn absences_are_listed_in_pages_the_latest_end_first(site: Site) {
    let administrator = set_up(&site).await;
    let path = format!("{}/absences", path_of(&administrator));
    for day in [12, 14, 11, 13] {
        let body =
            json!({ "starts_at": "2026-12-10T00:00:00Z", "ends_at": format!("2026-12-{day}T00:00:00Z") });
        site.post(&administrator.who, &path, body).await.is(201);
    }
    let first = site.get(&administrator.who, &format!("{path}?limit=3")).await.is(200).json();
    let cursor = first["next_cursor"].as_str().expect("more").to_owned();
    let second =
        site.get(&administrator.who, &format!("{path}?limit=3&cursor={cursor}")).await.is(200).json();
    let ends = |page: &serde_json::Value| -> Vec<String> {
        let items = page["items"].as_array().expect("absences");
        items.iter().map(|item| item["ends_at"].as_str().expect("an end")[8..10].to_owned()).collect()
    };
    assert_eq!(
        (ends(&first), ends(&second)),
        (vec!["14".into(), "13".into(), "12".into()], vec!["11".into()])
    );
    assert_eq!(second["next_cursor"], json!(null));
}
