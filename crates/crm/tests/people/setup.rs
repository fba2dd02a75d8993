//! The first start.

use crm::Error;
use crm::people::setup::{self, Ask, Start};
use crm::trail::Actor;
use serde_json::{Value, json};
use testkit::Site;

use super::house::{Asks, PASSWORD, Who, session_of, set_up, wish};

testkit::on_both_databases!(
    the_first_start_makes_a_workspace_and_signs_its_administrator_in,
    only_who_knows_the_consoles_token_sets_up,
    a_set_up_hears_of_all_its_faults_at_once,
    nothing_is_set_up_twice,
    of_many_set_ups_at_once_one_makes_the_workspace,
    a_script_sets_up_without_a_token,
    nobody_signs_in_before_the_set_up,
);

async fn the_first_start_makes_a_workspace_and_signs_its_administrator_in(site: Site) {
    assert_eq!(site.get(&Who::Nobody, "/api/v1/setup").await.is(200).json(), json!({ "needed": true }));
    let administrator = set_up(&site).await;
    assert_eq!(site.get(&Who::Nobody, "/api/v1/setup").await.is(200).json(), json!({ "needed": false }));

    let session = site.get(&administrator.who, "/api/v1/session").await.is(200).json();
    assert_eq!(session["user"]["name"], "Katrin Huber");
    assert_eq!(session["user"]["time_zone"], "Europe/Vienna");
    assert_eq!(session["role"]["key"], "administrator");
    assert_eq!(session["permissions"]["user"]["edit"], "all");
    let workspace = &session["workspace"];
    assert_eq!(
        (&workspace["name"], &workspace["currency"], &workspace["time_zone"], &workspace["language"]),
        (&json!("Huber Werkzeuge"), &json!("CHF"), &json!("Europe/Vienna"), &json!("de")),
    );
    let roles = site.get(&administrator.who, "/api/v1/roles").await.is(200).json();
    let keys: Vec<&Value> =
        roles["items"].as_array().expect("roles").iter().map(|role| &role["key"]).collect();
    assert_eq!(keys, ["administrator", "read_only", "restricted_seller", "sales_manager", "seller"]);
}

async fn only_who_knows_the_consoles_token_sets_up(site: Site) {
    let first = setup::announce(&site.app).await.expect("an answer").expect("a token");
    let second = setup::announce(&site.app).await.expect("an answer").expect("a token");
    for wrong in ["", "x", &first[1..], &format!("{first}{second}")] {
        let answer = site.post(&Who::Nobody, "/api/v1/setup", wish(wrong)).await;
        answer.is_problem(403, "setup_token_wrong");
    }
    // Each server of a database prints a token of its own; all of them are good until one is used.
    site.post(&Who::Nobody, "/api/v1/setup", wish(&format!(" {first}\n"))).await.is(201);
    assert_eq!(setup::announce(&site.app).await.expect("an answer"), None);
    site.post(&Who::Nobody, "/api/v1/setup", wish(&second)).await.is_problem(409, "set_up_already");
}

async fn a_set_up_hears_of_all_its_faults_at_once(site: Site) {
    let token = setup::announce(&site.app).await.expect("an answer").expect("a token");
    let body = json!({
        "token": token, "name": " ", "email": "katrin", "password": "short", "language": "fr",
        "workspace_name": "", "time_zone": "Berlin", "currency": "EURO", "default_country": "Atlantis",
    });
    let answer = site.post(&Who::Nobody, "/api/v1/setup", body).await.is_problem(422, "invalid");
    assert_eq!(
        answer.faults(),
        [
            "/currency currency_unknown",
            "/default_country country_unknown",
            "/email email_unreadable",
            "/language language_unknown",
            "/name name_empty",
            "/password password_short",
            "/time_zone time_zone_unknown",
            "/workspace_name name_empty",
        ]
    );
    site.post(&Who::Nobody, "/api/v1/setup", wish(&token)).await.is(201);
}

async fn nothing_is_set_up_twice(site: Site) {
    let token = setup::announce(&site.app).await.expect("an answer").expect("a token");
    site.post(&Who::Nobody, "/api/v1/setup", wish(&token)).await.is(201);
    site.post(&Who::Nobody, "/api/v1/setup", wish(&token)).await.is_problem(409, "set_up_already");
    assert_eq!(site.workspaces().await.len(), 1);
}

async fn of_many_set_ups_at_once_one_makes_the_workspace(site: Site) {
    let token = setup::announce(&site.app).await.expect("an answer").expect("a token");
    let servers = [site.clone(), site.another_server().await];
    let attempts = (0..8).map(|at| {
        let (server, body) = (servers[at % 2].clone(), wish(&token));
        tokio::spawn(async move { server.post(&Who::Nobody, "/api/v1/setup", body).await })
    });
    let mut made = Vec::new();
    for attempt in attempts.collect::<Vec<_>>() {
        let answer = attempt.await.expect("an answer");
        if answer.status.as_u16() == 201 {
            made.push(session_of(&answer));
        } else {
            answer.is_problem(409, "set_up_already");
        }
    }
    assert_eq!(made.len(), 1);
    assert_eq!(site.workspaces().await.len(), 1);
    let users = site.get(&made[0], "/api/v1/users").await.is(200).json();
    assert_eq!(users["items"].as_array().map(Vec::len), Some(1));
}

async fn a_script_sets_up_without_a_token(site: Site) {
    let ask = || Ask {
        name: "Ada".to_owned(),
        email: "ada@example.com".to_owned(),
        password: PASSWORD.to_owned(),
        language: "en".to_owned(),
        workspace_name: None,
        time_zone: None,
        currency: None,
        default_country: None,
        start: Start::Demo,
    };
    let draft = ask().parse().expect("a right set-up");
    let founded = setup::found(&site.app, draft, &Actor::console()).await.expect("a workspace");
    assert_eq!(founded.start, Start::Demo);
    let again = setup::found(&site.app, ask().parse().expect("a right set-up"), &Actor::console()).await;
    assert!(matches!(again, Err(Error::Conflict { code: "set_up_already", .. })), "{again:?}");

    let ada = session_of(&site.sign_in("ada@example.com", PASSWORD).await.is(201));
    let workspace = site.get(&ada, "/api/v1/workspace").await.is(200).json();
    assert_eq!((&workspace["currency"], &workspace["time_zone"]), (&json!("EUR"), &json!("Europe/Berlin")));
}

async fn nobody_signs_in_before_the_set_up(site: Site) {
    site.sign_in("katrin@example.com", PASSWORD).await.is_problem(409, "setup_needed");
    site.get(&Who::Nobody, "/api/v1/session").await.is_problem(401, "sign_in_needed");
}
