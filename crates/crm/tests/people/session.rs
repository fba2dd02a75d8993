//! Sessions: how they are listed, how they end, and one's own password.

use crm::app::{DAY, HOUR, MINUTE};
use crm::people::sign_in::{FAILURES_PER_ACCOUNT_MAX, SESSION_IDLE, SESSION_LIFE};
use serde_json::json;
use testkit::Site;

use super::house::{Asks, PASSWORD, Who, hire, path_of, session_of, set_up, token};

const ANOTHER: &str = "Brunnen rauscht bei Nacht";

testkit::on_both_databases!(
    a_session_ends_after_half_a_day_without_a_request,
    a_session_ends_after_thirty_days_in_any_case,
    a_clock_put_back_revives_no_session,
    signing_out_ends_the_session_at_once,
    sessions_are_listed_and_ended_one_by_one_or_all_others,
    nobody_sees_or_ends_the_sessions_of_others_but_administrators,
    what_was_never_a_session_opens_nothing,
    those_who_ask_at_the_same_moment_are_each_known_as_themselves,
    a_password_is_changed_with_the_old_one_and_ends_the_other_sessions,
    a_session_left_open_is_no_way_to_guess_the_password,
    permissions_are_those_of_the_role,
    every_answer_forbids_to_keep_it,
);

async fn a_session_ends_after_half_a_day_without_a_request(site: Site) {
    let administrator = set_up(&site).await;
    for _ in 0..4 {
        site.clock.turn(SESSION_IDLE - MINUTE);
        site.get(&administrator.who, "/api/v1/session").await.is(200);
    }
    site.clock.turn(SESSION_IDLE);
    site.get(&administrator.who, "/api/v1/session").await.is_problem(401, "sign_in_needed");
}

async fn those_who_ask_at_the_same_moment_are_each_known_as_themselves(site: Site) {
    let administrator = set_up(&site).await;
    let mut people = vec![administrator.clone()];
    for name in ["Anna", "Ben", "Carla"] {
        people.push(hire(&site, &administrator, name, "seller").await);
    }
    let gone = people.pop().expect("Carla");
    let program = token(&site, &people[1], json!(["all"])).await;
    site.patch(&administrator.who, &path_of(&gone), json!({ "is_active": false })).await.is(200);
    let mut asked: Vec<(&Who, Option<&str>)> = Vec::new();
    for _ in 0..20 {
        asked.extend(people.iter().map(|person| (&person.who, Some(person.id.as_str()))));
        asked.push((&program, Some(&people[1].id)));
        asked.push((&gone.who, None));
    }
    let asks = asked.iter().map(|(who, _)| site.get(who, "/api/v1/session"));
    let answers = futures::future::join_all(asks).await;
    for ((_, known), answer) in asked.iter().zip(answers) {
        match known {
            Some(id) => assert_eq!(answer.is(200).text_at("/user/id"), *id),
            None => assert_eq!(answer.status, 401),
        }
    }
}

async fn a_session_ends_after_thirty_days_in_any_case(site: Site) {
    let administrator = set_up(&site).await;
    let step = 10 * HOUR;
    for _ in 1..SESSION_LIFE / step {
        site.clock.turn(step);
        site.get(&administrator.who, "/api/v1/session").await.is(200);
    }
    site.clock.turn(step);
    site.get(&administrator.who, "/api/v1/session").await.is_problem(401, "sign_in_needed");
}

async fn a_clock_put_back_revives_no_session(site: Site) {
    let administrator = set_up(&site).await;
    site.clock.turn(3650 * DAY);
    site.get(&administrator.who, "/api/v1/session").await.is(401);
    site.clock.turn(-3650 * DAY);
    site.get(&administrator.who, "/api/v1/session").await.is(401);
}

async fn signing_out_ends_the_session_at_once(site: Site) {
    let administrator = set_up(&site).await;
    let other = site.another_server().await;
    other.get(&administrator.who, "/api/v1/session").await.is(200);
    site.delete(&administrator.who, "/api/v1/session").await.is(204);
    for server in [&site, &other] {
        server.get(&administrator.who, "/api/v1/session").await.is_problem(401, "sign_in_needed");
    }
    site.delete(&administrator.who, "/api/v1/session").await.is_problem(401, "sign_in_needed");
}

async fn sessions_are_listed_and_ended_one_by_one_or_all_others(site: Site) {
    let administrator = set_up(&site).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        site.clock.turn(MINUTE);
        others.push(session_of(&site.sign_in(&administrator.email, PASSWORD).await.is(201)));
    }
    let listed = site.get(&administrator.who, "/api/v1/sessions").await.is(200);
    let items = listed.json()["items"].as_array().cloned().expect("sessions");
    assert_eq!(items.len(), 4);
    let current: Vec<bool> = items.iter().map(|item| item["is_current"] == true).collect();
    assert_eq!(current, [false, false, false, true], "the latest first");
    assert!(!listed.text.contains("hash"));

    let first = items[0]["id"].as_str().expect("an id");
    site.delete(&administrator.who, &format!("/api/v1/sessions/{first}")).await.is(204);
    site.get(&others[2], "/api/v1/session").await.is(401);
    site.delete(&administrator.who, &format!("/api/v1/sessions/{first}")).await.is_not_found();
    site.get(&others[1], "/api/v1/session").await.is(200);

    site.delete(&administrator.who, "/api/v1/sessions").await.is(204);
    site.get(&others[0], "/api/v1/session").await.is(401);
    site.get(&others[1], "/api/v1/session").await.is(401);
    site.get(&administrator.who, "/api/v1/session").await.is(200);
}

async fn nobody_sees_or_ends_the_sessions_of_others_but_administrators(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let mia = hire(&site, &administrator, "Mia", "sales_manager").await;
    let own = site.get(&paul.who, "/api/v1/sessions").await.is(200).json();
    let session = own["items"][0]["id"].as_str().expect("a session").to_owned();
    let of_paul = format!("/api/v1/sessions?user={}", paul.id);
    let nothing = site.get(&mia.who, &of_paul).await.is(200).json();
    assert_eq!(nothing["items"], json!([]));
    site.delete(&mia.who, &format!("/api/v1/sessions/{session}")).await.is_not_found();
    site.get(&paul.who, "/api/v1/session").await.is(200);

    let seen = site.get(&administrator.who, &of_paul).await.is(200).json();
    assert_eq!(seen["items"][0]["id"], session);
    site.delete(&administrator.who, &format!("/api/v1/sessions/{session}")).await.is(204);
    site.get(&paul.who, "/api/v1/session").await.is(401);
}

async fn what_was_never_a_session_opens_nothing(site: Site) {
    let administrator = set_up(&site).await;
    let Who::Session(secret) = &administrator.who else { panic!("a session") };
    let nil = uuid::Uuid::nil().simple().to_string();
    let elsewhere = secret.split_once('.').map(|(_, rest)| format!("{nil}.{rest}")).expect("a secret");
    for wrong in ["", ".", "x.y", &secret[..secret.len() - 1], &elsewhere, &secret.to_uppercase()] {
        site.get(&Who::Session(wrong.to_owned()), "/api/v1/session").await.is_problem(401, "sign_in_needed");
        site.get(&Who::Token(wrong.to_owned()), "/api/v1/session").await.is_problem(401, "sign_in_needed");
    }
    // A session is no token.
    site.get(&Who::Token(format!("rv_{secret}")), "/api/v1/session").await.is(401);
}

async fn a_password_is_changed_with_the_old_one_and_ends_the_other_sessions(site: Site) {
    let administrator = set_up(&site).await;
    let other = session_of(&site.sign_in(&administrator.email, PASSWORD).await.is(201));
    let program = token(&site, &administrator, json!(["all"])).await;
    let path = "/api/v1/session/password";
    let change = |old: &str, new: &str| json!({ "old_password": old, "new_password": new });

    let answer = site.post(&administrator.who, path, change("wrong", ANOTHER)).await;
    assert_eq!(answer.is(422).faults(), ["/old_password password_wrong"]);
    let answer = site.post(&administrator.who, path, change(PASSWORD, "short")).await;
    assert_eq!(answer.is(422).faults(), ["/new_password password_short"]);
    let answer = site.post(&administrator.who, path, change(PASSWORD, PASSWORD)).await;
    assert_eq!(answer.is(422).faults(), ["/new_password password_same"]);
    site.post(&program, path, change(PASSWORD, ANOTHER)).await.is_problem(403, "session_needed");

    site.post(&administrator.who, path, change(PASSWORD, ANOTHER)).await.is(204);
    site.get(&administrator.who, "/api/v1/session").await.is(200);
    site.get(&other, "/api/v1/session").await.is(401);
    site.sign_in(&administrator.email, PASSWORD).await.is_problem(403, "sign_in_wrong");
    site.sign_in(&administrator.email, ANOTHER).await.is(201);
}

async fn a_session_left_open_is_no_way_to_guess_the_password(site: Site) {
    let administrator = set_up(&site).await;
    let guess = json!({ "old_password": "wrong", "new_password": ANOTHER });
    for _ in 0..FAILURES_PER_ACCOUNT_MAX {
        site.post(&administrator.who, "/api/v1/session/password", guess.clone()).await.is(422);
    }
    let last = site.post(&administrator.who, "/api/v1/session/password", guess).await;
    last.is_problem(429, "too_many_tries");
}

async fn permissions_are_those_of_the_role(site: Site) {
    let administrator = set_up(&site).await;
    for (name, role) in [("Sara", "seller"), ("Rita", "restricted_seller"), ("Mia", "sales_manager")] {
        let person = hire(&site, &administrator, name, role).await;
        let session = site.get(&person.who, "/api/v1/session").await.is(200).json();
        assert_eq!(session["role"]["key"], role);
        let granted = &access::BuiltInRole::find(role).expect("built in").role();
        let granted = serde_json::to_value(granted).expect("JSON");
        assert_eq!(session["permissions"], granted["grants"], "{role}");
    }
    let program = token(&site, &administrator, json!(["lead.create", "lead.view"])).await;
    let session = site.get(&program, "/api/v1/session").await.is(200).json();
    assert_eq!(session["door"], "api");
    assert_eq!(session["permissions"], json!({ "lead": { "create": "all", "view": "all" } }));
    site.get(&program, &path_of(&administrator)).await.is(200);
}

async fn every_answer_forbids_to_keep_it(site: Site) {
    let administrator = set_up(&site).await;
    for answer in [
        site.get(&administrator.who, "/api/v1/session").await,
        site.get(&Who::Nobody, "/api/v1/session").await,
        site.sign_in("nobody@example.com", "wrong").await,
    ] {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
}
