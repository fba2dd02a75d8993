//! Inviting somebody: the link, coming in by it, and how it ends.

use axum::http::Method;
use crm::people::invitation::INVITATION_LIFE;
use serde_json::{Value, json};
use testkit::Site;

use super::house::{Asks, PASSWORD, Person, Who, hire, session_of, set_up};

testkit::on_both_databases!(
    somebody_invited_chooses_a_password_and_sees_their_territory,
    a_link_lets_in_once_and_only_the_newest_one,
    an_expired_link_says_whom_to_ask_and_lets_nobody_in,
    of_many_who_open_one_link_one_comes_in,
    whoever_has_a_password_cannot_be_invited,
    a_link_ends_with_the_address_that_it_went_to,
    an_invitation_hears_of_its_faults_and_leaves_nothing_behind,
    a_repeated_invitation_makes_one_account_and_keeps_no_secret,
);

const READ: &str = "/api/v1/invitations/read";
const ACCEPT: &str = "/api/v1/invitations/accept";

async fn territory(site: &Site, administrator: &Person, name: &str) -> String {
    let made = site.post(&administrator.who, "/api/v1/territories", json!({ "name": name })).await;
    made.is(201).text_at("/id")
}

async fn invite(site: &Site, administrator: &Person, territories: Value) -> (String, String) {
    let body = json!({ "name": "Jonas Weber", "email": "jonas@example.com", "role": "seller",
        "territories": territories });
    let made = site.post(&administrator.who, "/api/v1/invitations", body).await.is(201);
    (made.text_at("/user"), made.text_at("/token"))
}

fn acceptance(token: &str) -> Value {
    json!({ "token": token, "password": PASSWORD, "language": "en" })
}

async fn somebody_invited_chooses_a_password_and_sees_their_territory(site: Site) {
    let administrator = set_up(&site).await;
    let north = territory(&site, &administrator, "Nord").await;
    territory(&site, &administrator, "Süd").await;
    let (id, token) =
        invite(&site, &administrator, json!([{ "territory": north, "assignment": true }])).await;

    let path = format!("/api/v1/users/{id}");
    let invited = site.get(&administrator.who, &path).await.is(200).json();
    assert_eq!((&invited["is_active"], &invited["account"]["has_password"]), (&json!(false), &json!(false)));
    assert_eq!(invited["account"]["invitation"]["is_expired"], false);
    site.sign_in("jonas@example.com", PASSWORD).await.is_problem(403, "sign_in_wrong");

    let shown = site.post(&Who::Nobody, READ, json!({ "token": token })).await.is(200).json();
    assert_eq!(
        (&shown["name"], &shown["email"], &shown["workspace"], &shown["invited_by"], &shown["is_expired"]),
        (
            &json!("Jonas Weber"),
            &json!("jonas@example.com"),
            &json!("Huber Werkzeuge"),
            &json!("Katrin Huber"),
            &json!(false)
        ),
    );
    let short = json!({ "token": token, "password": "kurz", "language": "fr" });
    let refused = site.post(&Who::Nobody, ACCEPT, short).await.is_problem(422, "invalid");
    assert_eq!(refused.faults(), ["/language language_unknown", "/password password_short"]);

    let jonas = session_of(&site.post(&Who::Nobody, ACCEPT, acceptance(&token)).await.is(201));
    let me = site.get(&jonas, "/api/v1/session").await.is(200).json();
    assert_eq!((&me["user"]["language"], &me["role"]["key"]), (&json!("en"), &json!("seller")));
    let mine: Vec<&Value> =
        me["territories"].as_array().expect("territories").iter().map(|one| &one["name"]).collect();
    assert_eq!(mine, ["Nord"]);
    let listed = site.get(&jonas, "/api/v1/territories").await.is(200);
    assert!(!listed.text.contains("Süd"), "{}", listed.text);
    let user = site.get(&administrator.who, &path).await.is(200).json();
    assert_eq!((&user["is_active"], &user["account"]["invitation"]), (&json!(true), &Value::Null));
    session_of(&site.sign_in("jonas@example.com", PASSWORD).await.is(201));
}

async fn a_link_lets_in_once_and_only_the_newest_one(site: Site) {
    let administrator = set_up(&site).await;
    let (id, first) = invite(&site, &administrator, json!([])).await;
    let path = format!("/api/v1/users/{id}/invitation");
    let renewed = site.ask(&administrator.who, Method::PUT, &path, &[], None).await.is(200);
    let second = renewed.text_at("/token");
    for token in [first.as_str(), "", "x", "00000000000070008000000000000000.x"] {
        let answer = site.post(&Who::Nobody, READ, json!({ "token": token })).await;
        answer.is_problem(403, "invitation_unknown");
        let answer = site.post(&Who::Nobody, ACCEPT, acceptance(token)).await;
        answer.is_problem(403, "invitation_unknown");
    }
    site.post(&Who::Nobody, ACCEPT, acceptance(&second)).await.is(201);
    site.post(&Who::Nobody, ACCEPT, acceptance(&second)).await.is_problem(403, "invitation_unknown");

    let body = json!({ "name": "Ida", "email": "ida@example.com", "role": "seller" });
    let ida = site.post(&administrator.who, "/api/v1/invitations", body).await.is(201);
    let path = format!("/api/v1/users/{}/invitation", ida.text_at("/user"));
    site.delete(&administrator.who, &path).await.is(204);
    site.delete(&administrator.who, &path).await.is_not_found();
    let token = ida.text_at("/token");
    site.post(&Who::Nobody, ACCEPT, acceptance(&token)).await.is_problem(403, "invitation_unknown");
}

async fn an_expired_link_says_whom_to_ask_and_lets_nobody_in(site: Site) {
    let administrator = set_up(&site).await;
    let (id, token) = invite(&site, &administrator, json!([])).await;
    site.clock.turn(INVITATION_LIFE);
    let shown = site.post(&Who::Nobody, READ, json!({ "token": token })).await.is(200).json();
    assert_eq!((&shown["is_expired"], &shown["invited_by"]), (&json!(true), &json!("Katrin Huber")));
    site.post(&Who::Nobody, ACCEPT, acceptance(&token)).await.is_problem(403, "invitation_expired");

    // A session has not lasted as long; whoever invites signs in again and renews.
    let again = session_of(&site.sign_in(&administrator.email, PASSWORD).await.is(201));
    let path = format!("/api/v1/users/{id}");
    let user = site.get(&again, &path).await.is(200).json();
    assert_eq!(user["account"]["invitation"]["is_expired"], true);
    let renewed = site.ask(&again, Method::PUT, &format!("{path}/invitation"), &[], None).await.is(200);
    site.post(&Who::Nobody, ACCEPT, acceptance(&renewed.text_at("/token"))).await.is(201);
}

async fn of_many_who_open_one_link_one_comes_in(site: Site) {
    let administrator = set_up(&site).await;
    let (_, token) = invite(&site, &administrator, json!([])).await;
    let servers = [site.clone(), site.another_server().await];
    let attempts = (0..4).map(|at| {
        let (server, body) = (servers[at % 2].clone(), acceptance(&token));
        tokio::spawn(async move { server.post(&Who::Nobody, ACCEPT, body).await })
    });
    let mut came_in = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        let answer = attempt.await.expect("an answer");
        if answer.status.as_u16() == 201 {
            came_in += 1;
        } else {
            answer.is_problem(403, "invitation_unknown");
        }
    }
    assert_eq!(came_in, 1);
}

async fn whoever_has_a_password_cannot_be_invited(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let path = format!("/api/v1/users/{}/invitation", paul.id);
    let refused = site.ask(&administrator.who, Method::PUT, &path, &[], None).await;
    refused.is_problem(409, "password_set_already");
    site.ask(&paul.who, Method::PUT, &path, &[], None).await.is(403);

    // An administrator who sets the password has let the person in; the link is over.
    let (id, token) = invite(&site, &administrator, json!([])).await;
    let body = json!({ "password": PASSWORD });
    site.post(&administrator.who, &format!("/api/v1/users/{id}/password"), body).await.is(204);
    site.post(&Who::Nobody, ACCEPT, acceptance(&token)).await.is_problem(403, "invitation_unknown");
}

async fn a_link_ends_with_the_address_that_it_went_to(site: Site) {
    let administrator = set_up(&site).await;
    let (id, token) = invite(&site, &administrator, json!([])).await;
    let path = format!("/api/v1/users/{id}");
    site.patch(&administrator.who, &path, json!({ "name": "J. Weber" })).await.is(200);
    site.post(&Who::Nobody, READ, json!({ "token": token })).await.is(200);
    site.patch(&administrator.who, &path, json!({ "email": "weber@example.com" })).await.is(200);
    site.post(&Who::Nobody, READ, json!({ "token": token })).await.is_problem(403, "invitation_unknown");
}

async fn an_invitation_hears_of_its_faults_and_leaves_nothing_behind(site: Site) {
    let administrator = set_up(&site).await;
    let north = territory(&site, &administrator, "Nord").await;
    let nowhere = "00000000-0000-7000-8000-000000000000";
    let body = |email: &str, role: &str, territory: &str| json!({ "name": "Ida", "email": email, "role": role, "territories": [{ "territory": territory }] });
    for (body, faults) in [
        (body("ida", "seller", &north), vec!["/email email_unreadable"]),
        (body("ida@example.com", "boss", &north), vec!["/role role_unknown"]),
        (body("KATRIN@example.com", "seller", &north), vec!["/email email_taken"]),
        (body("ida@example.com", "seller", nowhere), vec!["/territories/0/territory unknown_territory"]),
    ] {
        let answer = site.post(&administrator.who, "/api/v1/invitations", body).await.is(422);
        assert_eq!(answer.faults(), faults);
    }
    let users = site.get(&administrator.who, "/api/v1/users").await.is(200).json();
    assert_eq!(users["items"].as_array().map(Vec::len), Some(1));
}

async fn a_repeated_invitation_makes_one_account_and_keeps_no_secret(site: Site) {
    let administrator = set_up(&site).await;
    let body = json!({ "name": "Ida", "email": "ida@example.com", "role": "seller" });
    let send = || {
        let headers = [("idempotency-key", "one")];
        let (site, who, body) = (site.clone(), administrator.who.clone(), body.clone());
        async move { site.ask(&who, Method::POST, "/api/v1/invitations", &headers, Some(body)).await }
    };
    let first = send().await.is(201);
    let second = send().await.is(201);
    assert_eq!(first.text_at("/user"), second.text_at("/user"));
    let token = second.text_at("/token");
    assert_ne!(first.text_at("/token"), token);
    site.post(&Who::Nobody, ACCEPT, acceptance(&token)).await.is(201);
    send().await.is_problem(409, "invitation_over");
}
