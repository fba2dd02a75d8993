//! API tokens: what they open, and what they never do.

use axum::http::Method;
use crm::app::{HOUR, MINUTE};
use serde_json::{Value, json};
use testkit::Site;

use super::house::{Asks, PASSWORD, Who, hire, path_of, set_up, token};

testkit::on_both_databases!(
    a_token_does_what_its_scopes_say_and_no_more,
    a_token_never_does_more_than_its_owner,
    a_token_is_shown_once,
    a_repeated_request_gets_the_same_token_with_a_fresh_secret,
    a_token_ends_at_its_time,
    a_revoked_token_opens_nothing_from_the_next_request_on,
    a_token_does_nothing_that_is_for_the_person_alone,
    a_draft_hears_of_all_its_faults_at_once,
    nobody_sees_or_revokes_the_tokens_of_others_but_administrators,
    who_may_have_no_tokens_gets_none,
    tokens_of_one_user_have_an_end,
);

async fn a_token_does_what_its_scopes_say_and_no_more(site: Site) {
    let administrator = set_up(&site).await;
    for (scopes, users, roles, settings) in [
        (json!(["all"]), 200, 200, 200),
        (json!(["user.view"]), 200, 403, 403),
        (json!(["user.*", "role.view"]), 200, 200, 403),
        (json!(["*.view"]), 200, 200, 200),
        (json!(["lead.create"]), 403, 403, 403),
    ] {
        let program = token(&site, &administrator, scopes.clone()).await;
        let statuses = [
            site.get(&program, "/api/v1/users").await.status.as_u16(),
            site.get(&program, "/api/v1/roles").await.status.as_u16(),
            site.get(&program, "/api/v1/workspace").await.status.as_u16(),
        ];
        assert_eq!(statuses, [users, roles, settings], "{scopes}");
    }
    let reader = token(&site, &administrator, json!(["user.view", "settings.view"])).await;
    site.patch(&reader, "/api/v1/workspace", json!({ "name": "Mine" })).await.is_denied();
    let body = json!({ "name": "Nele", "email": "nele@example.com", "role": "administrator" });
    site.post(&reader, "/api/v1/users", body.clone()).await.is_denied();
    site.patch(&reader, &path_of(&administrator), json!({ "name": "Other" })).await.is_denied();
    // It may add users, but nobody who may do more than the token itself.
    let creator = token(&site, &administrator, json!(["user.*"])).await;
    site.post(&creator, "/api/v1/users", body).await.is_denied();
}

async fn a_token_never_does_more_than_its_owner(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let program = token(&site, &paul, json!(["all"])).await;
    site.get(&program, "/api/v1/users").await.is(200);
    for path in ["/api/v1/audit", "/api/v1/roles", "/api/v1/workspace"] {
        site.get(&program, path).await.is_denied();
    }
    // Rights that are taken away are gone with the next request.
    site.patch(&administrator.who, &path_of(&paul), json!({ "role": "read_only" })).await.is(200);
    site.get(&program, "/api/v1/tokens").await.is_denied();
}

async fn a_token_is_shown_once(site: Site) {
    let administrator = set_up(&site).await;
    let body = json!({ "name": " Website ", "scopes": ["lead.create", "lead.create"] });
    let made = site.post(&administrator.who, "/api/v1/tokens", body).await.is(201);
    let secret = made.text_at("/token");
    assert!(secret.starts_with("rv_") && secret.len() > 70, "{secret}");
    assert_eq!(made.header("location"), format!("/api/v1/tokens/{}", made.text_at("/id")));
    let listed = site.get(&administrator.who, "/api/v1/tokens").await.is(200);
    let only = &listed.json()["items"][0];
    assert_eq!((&only["name"], &only["scopes"]), (&json!("Website"), &json!(["lead.create"])));
    assert_eq!(only["last_used_at"], Value::Null);
    let (_, random) = secret.split_once('.').expect("a secret");
    assert!(!listed.text.contains(random) && only.get("token").is_none());

    site.clock.turn(MINUTE);
    site.get(&Who::Token(secret), "/api/v1/session").await.is(200);
    let listed = site.get(&administrator.who, "/api/v1/tokens").await.is(200);
    assert_eq!(listed.json()["items"][0]["last_used_at"], "2026-11-24T10:01:00Z");
}

async fn a_repeated_request_gets_the_same_token_with_a_fresh_secret(site: Site) {
    let administrator = set_up(&site).await;
    let key = [("idempotency-key", "once")];
    let ask = |body: Value| {
        let (site, who) = (site.clone(), administrator.who.clone());
        async move { site.ask(&who, Method::POST, "/api/v1/tokens", &key, Some(body)).await }
    };
    let body = json!({ "name": "Import", "scopes": ["lead.create"] });
    let first = ask(body.clone()).await.is(201);
    let second = ask(body.clone()).await.is(201);
    assert_eq!(first.text_at("/id"), second.text_at("/id"));
    site.get(&Who::Token(first.text_at("/token")), "/api/v1/session").await.is(401);
    site.get(&Who::Token(second.text_at("/token")), "/api/v1/session").await.is(200);
    // Once it has been used, it has arrived.
    ask(body).await.is_problem(409, "token_shown");
    ask(json!({ "name": "Import", "scopes": ["all"] })).await.is_problem(409, "key_used");
    let listed = site.get(&administrator.who, "/api/v1/tokens").await.is(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
}

async fn a_token_ends_at_its_time(site: Site) {
    let administrator = set_up(&site).await;
    let body = json!({ "name": "Short", "scopes": ["all"], "expires_at": "2026-11-24T12:00:00+01:00" });
    let made = site.post(&administrator.who, "/api/v1/tokens", body).await.is(201);
    assert_eq!(made.text_at("/expires_at"), "2026-11-24T11:00:00Z");
    let program = Who::Token(made.text_at("/token"));
    site.clock.turn(HOUR - 1);
    site.get(&program, "/api/v1/session").await.is(200);
    site.clock.turn(1);
    site.get(&program, "/api/v1/session").await.is_problem(401, "sign_in_needed");
}

async fn a_revoked_token_opens_nothing_from_the_next_request_on(site: Site) {
    let administrator = set_up(&site).await;
    let other = site.another_server().await;
    let body = json!({ "name": "Old", "scopes": ["all"] });
    let made = site.post(&administrator.who, "/api/v1/tokens", body).await.is(201);
    let (program, path) =
        (Who::Token(made.text_at("/token")), format!("/api/v1/tokens/{}", made.text_at("/id")));
    other.get(&program, "/api/v1/session").await.is(200);
    site.delete(&administrator.who, &path).await.is(204);
    for server in [&site, &other] {
        server.get(&program, "/api/v1/session").await.is_problem(401, "sign_in_needed");
    }
    site.delete(&administrator.who, &path).await.is_not_found();
}

async fn a_token_does_nothing_that_is_for_the_person_alone(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let program = token(&site, &administrator, json!(["all"])).await;
    let of_paul = token(&site, &paul, json!(["all"])).await;
    let new = json!({ "name": "Child", "scopes": ["all"] });
    site.post(&program, "/api/v1/tokens", new).await.is_problem(403, "session_needed");
    site.delete(&program, "/api/v1/session").await.is_problem(403, "session_needed");
    let password = json!({ "password": PASSWORD });
    let path = format!("{}/password", path_of(&paul));
    site.post(&program, &path, password).await.is_problem(403, "session_needed");
    site.patch(&of_paul, &path_of(&paul), json!({ "name": "P" })).await.is_problem(403, "session_needed");
    let absence = json!({ "starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-02T00:00:00Z" });
    let path = format!("{}/absences", path_of(&paul));
    site.post(&of_paul, &path, absence).await.is_problem(403, "session_needed");
}

async fn a_draft_hears_of_all_its_faults_at_once(site: Site) {
    let administrator = set_up(&site).await;
    let body = json!({
        "name": "", "scopes": ["lead.create", "lead.fly", "", "lead.view user.view"],
        "expires_at": "2026-11-24T09:00:00Z",
    });
    let answer = site.post(&administrator.who, "/api/v1/tokens", body).await.is_problem(422, "invalid");
    assert_eq!(
        answer.faults(),
        [
            "/expires_at instant_past",
            "/name name_empty",
            "/scopes/1 scope_unknown",
            "/scopes/2 scope_unknown",
            "/scopes/3 scope_unknown",
        ]
    );
    let body = json!({ "name": "x", "scopes": [], "expires_at": "tomorrow" });
    let answer = site.post(&administrator.who, "/api/v1/tokens", body).await.is(422);
    assert_eq!(answer.faults(), ["/expires_at instant_unreadable", "/scopes scopes_empty"]);
}

async fn nobody_sees_or_revokes_the_tokens_of_others_but_administrators(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let mia = hire(&site, &administrator, "Mia", "sales_manager").await;
    let program = token(&site, &paul, json!(["all"])).await;
    let own = site.get(&paul.who, "/api/v1/tokens").await.is(200).json();
    let path = format!("/api/v1/tokens/{}", own["items"][0]["id"].as_str().expect("a token"));
    let of_paul = format!("/api/v1/tokens?user={}", paul.id);
    assert_eq!(site.get(&mia.who, &of_paul).await.is(200).json()["items"], json!([]));
    site.delete(&mia.who, &path).await.is_not_found();
    site.get(&program, "/api/v1/session").await.is(200);
    assert_eq!(site.get(&administrator.who, &of_paul).await.is(200).json()["items"][0]["name"], "a program");
    site.delete(&administrator.who, &path).await.is(204);
    site.get(&program, "/api/v1/session").await.is(401);
}

async fn who_may_have_no_tokens_gets_none(site: Site) {
    let administrator = set_up(&site).await;
    let rita = hire(&site, &administrator, "Rita", "restricted_seller").await;
    let body = json!({ "name": "x", "scopes": ["all"] });
    site.post(&rita.who, "/api/v1/tokens", body).await.is_problem(403, "denied");
    site.get(&rita.who, "/api/v1/tokens").await.is_denied();
}

async fn tokens_of_one_user_have_an_end(site: Site) {
    let administrator = set_up(&site).await;
    let body = json!({ "name": "x", "scopes": ["all"] });
    for _ in 0..crm::people::token::TOKENS_MAX {
        site.post(&administrator.who, "/api/v1/tokens", body.clone()).await.is(201);
    }
    site.post(&administrator.who, "/api/v1/tokens", body).await.is_problem(409, "tokens_many");
}
