//! Signing in with e-mail and password.

use axum::body::Body;
use axum::http::{Method, Request};
use crm::app::{MINUTE, SECOND, Settings};
use crm::people::sign_in::{FAILURE_WINDOW, FAILURES_PER_ACCOUNT_MAX, FAILURES_PER_NETWORK_MAX};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use testkit::Site;
use tower::ServiceExt;

use super::house::{Asks, PASSWORD, Who, hire, session_of, set_up};

testkit::on_both_databases!(
    who_is_unknown_or_wrong_or_inactive_gets_the_same_answer,
    e_mail_addresses_compare_without_case_and_space,
    an_account_waits_after_too_many_failures,
    unknown_accounts_wait_as_known_ones_do,
    a_network_waits_after_too_many_failures_of_any_account,
    a_thousand_tries_at_once_are_counted_one_by_one,
    a_right_password_clears_the_accounts_failures,
    old_failures_are_forgotten,
    a_cookie_stays_with_its_server,
    over_https_the_cookie_is_never_sent_in_the_clear,
    what_nobody_can_be_called_is_not_kept,
    a_foreign_page_cannot_sign_in_or_change_anything,
);

async fn who_is_unknown_or_wrong_or_inactive_gets_the_same_answer(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    site.patch(&administrator.who, &format!("/api/v1/users/{}", paul.id), json!({ "is_active": false }))
        .await
        .is(200);
    let body = json!({ "name": "Nele", "email": "nele@example.com", "role": "seller" });
    site.post(&administrator.who, "/api/v1/users", body).await.is(201);

    let wrong = site.sign_in("katrin@example.com", "Turmuhr schlägt zwölf").await;
    let wrong = wrong.is_problem(403, "sign_in_wrong");
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        ("paul@example.com", PASSWORD),
        ("nele@example.com", PASSWORD),
        ("nele@example.com", ""),
        ("", ""),
        ("katrin@example.com", ""),
        ("katrin@example.com' OR '1'='1", PASSWORD),
    ] {
        let before = site.app.passwords.works();
        let answer = site.sign_in(email, password).await;
        assert_eq!((answer.status, &answer.text), (wrong.status, &wrong.text), "{email}");
        // Equal time, without a clock: the one slow thing is done once, whoever asks.
        assert_eq!(site.app.passwords.works() - before, 1, "{email}");
        let names = |answer: &testkit::Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&answer), names(&wrong));
    }
}

async fn e_mail_addresses_compare_without_case_and_space(site: Site) {
    set_up(&site).await;
    site.sign_in(" Katrin@EXAMPLE.com ", PASSWORD).await.is(201);
}

async fn an_account_waits_after_too_many_failures(site: Site) {
    set_up(&site).await;
    for _ in 0..FAILURES_PER_ACCOUNT_MAX {
        site.sign_in("katrin@example.com", "wrong").await.is_problem(403, "sign_in_wrong");
    }
    // Also with the right password: else a guesser would learn that it is right.
    let answer = site.sign_in("katrin@example.com", PASSWORD).await.is_problem(429, "too_many_tries");
    assert_eq!(answer.header("retry-after"), (FAILURE_WINDOW / SECOND).to_string());
    // On another server too.
    let other = site.another_server().await;
    other.sign_in("KATRIN@example.com", PASSWORD).await.is_problem(429, "too_many_tries");
    site.clock.turn(FAILURE_WINDOW - SECOND);
    site.sign_in("katrin@example.com", PASSWORD).await.is_problem(429, "too_many_tries");
    site.clock.turn(SECOND);
    site.sign_in("katrin@example.com", PASSWORD).await.is(201);
}

async fn unknown_accounts_wait_as_known_ones_do(site: Site) {
    set_up(&site).await;
    for _ in 0..FAILURES_PER_ACCOUNT_MAX {
        site.sign_in("nobody@example.com", "wrong").await.is_problem(403, "sign_in_wrong");
    }
    site.sign_in("nobody@example.com", "wrong").await.is_problem(429, "too_many_tries");
    site.sign_in("katrin@example.com", PASSWORD).await.is(201);
}

async fn a_network_waits_after_too_many_failures_of_any_account(site: Site) {
    set_up(&site).await;
    for at in 0..FAILURES_PER_NETWORK_MAX {
        let email = format!("guess-{at}@example.com");
        site.sign_in(&email, "wrong").await.is_problem(403, "sign_in_wrong");
    }
    site.sign_in("katrin@example.com", PASSWORD).await.is_problem(429, "too_many_tries");
}

async fn a_thousand_tries_at_once_are_counted_one_by_one(site: Site) {
    set_up(&site).await;
    let tries = (0..60).map(|_| {
        let site = site.clone();
        tokio::spawn(async move { site.sign_in("katrin@example.com", "wrong").await.status.as_u16() })
    });
    let mut looked_at = 0;
    for status in tries.collect::<Vec<_>>() {
        match status.await.expect("an answer") {
            403 => looked_at += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    // PostgreSQL lets the tries of the moment pass each other, at most one per connection.
    assert!((FAILURES_PER_ACCOUNT_MAX..=FAILURES_PER_ACCOUNT_MAX + 12).contains(&looked_at), "{looked_at}");
}

async fn a_right_password_clears_the_accounts_failures(site: Site) {
    set_up(&site).await;
    for _ in 0..3 {
        for _ in 0..FAILURES_PER_ACCOUNT_MAX - 1 {
            site.sign_in("katrin@example.com", "wrong").await.is_problem(403, "sign_in_wrong");
        }
        site.sign_in("katrin@example.com", PASSWORD).await.is(201);
    }
}

async fn old_failures_are_forgotten(site: Site) {
    set_up(&site).await;
    for _ in 0..FAILURES_PER_ACCOUNT_MAX {
        site.sign_in("katrin@example.com", "wrong").await.is(403);
        site.clock.turn(2 * MINUTE);
    }
    let workspace = site.app.db.workspaces().await.expect("an answer")[0];
    crm::people::sign_in::forget_old(&site.app, workspace).await.expect("an answer");
    site.sign_in("katrin@example.com", PASSWORD).await.is(201);
}

async fn a_cookie_stays_with_its_server(site: Site) {
    let administrator = set_up(&site).await;
    let answer = site.sign_in("katrin@example.com", PASSWORD).await.is(201);
    let cookie = answer.header("set-cookie").to_owned();
    let mut attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax"]);
    let Who::Session(secret) = session_of(&answer) else { panic!("a session") };
    assert!(!answer.text.contains(&secret));

    let gone = site.delete(&administrator.who, "/api/v1/session").await.is(204);
    assert_eq!(gone.header("set-cookie"), "revier_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
}

async fn a_foreign_page_cannot_sign_in_or_change_anything(site: Site) {
    let administrator = set_up(&site).await;
    let body = json!({ "email": "katrin@example.com", "password": PASSWORD });
    let foreign: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("host", "revier.test")],
        &[("origin", "null"), ("host", "revier.test")],
    ];
    for headers in foreign {
        let refused = site.ask(&Who::Nobody, Method::POST, "/api/v1/session", headers, Some(body.clone()));
        refused.await.is_problem(403, "origin_foreign");
        let refused = site.ask(&administrator.who, Method::DELETE, "/api/v1/session", headers, None);
        refused.await.is_problem(403, "origin_foreign");
    }
    site.get(&administrator.who, "/api/v1/session").await.is(200);
    let own = [("sec-fetch-site", "same-origin")];
    site.ask(&Who::Nobody, Method::POST, "/api/v1/session", &own, Some(body)).await.is(201);
}

async fn over_https_the_cookie_is_never_sent_in_the_clear(site: Site) {
    set_up(&site).await;
    let settings = Settings { origin: "https://crm.example.com".to_owned(), ..(*site.app.settings).clone() };
    let app = crm::App::new(site.base.open().await, site.clock.clock(), settings);
    let request = Request::post("/api/v1/session")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "email": "katrin@example.com", "password": PASSWORD }).to_string()));
    let router = crm::http::routes::router(app.clone(), axum::Router::new());
    let response = router.oneshot(request.expect("a request")).await.expect("an answer");
    let cookie = response.headers()["set-cookie"].to_str().expect("ASCII").to_owned();
    assert!(cookie.split("; ").any(|attribute| attribute == "Secure"), "{cookie}");
    app.db.close().await;
}

async fn what_nobody_can_be_called_is_not_kept(site: Site) {
    set_up(&site).await;
    let long = "ä".repeat(400_000);
    site.sign_in(&long, "wrong").await.is_problem(403, "sign_in_wrong");
    let connection = site.base.connection().await;
    let sql = "SELECT MAX(LENGTH(email_key)) FROM sign_in_failure";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.expect("an answer").expect("a row");
    let longest: i64 =
        row.try_get_by_index::<i32>(0).map(i64::from).or_else(|_| row.try_get_by_index(0)).expect("a length");
    assert_eq!(longest, 254);
    connection.close().await.expect("it closes");
}
