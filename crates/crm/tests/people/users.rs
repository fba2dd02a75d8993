//! Users: who sees, adds and changes whom.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, Method};
use crm::http::caller::{self, Caller};
use crm::people::store::{role, user as row};
use crm::people::user::{self, Change};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use testkit::{Answer, Kind, Site};

use super::house::{Asks, PASSWORD, Person, Who, hire, path_of, session_of, set_up, token};

testkit::on_both_databases!(
    colleagues_have_a_name_and_nothing_else,
    a_restricted_seller_sees_only_themselves,
    users_are_listed_by_name_in_pages,
    a_user_without_password_comes_in_when_one_is_set,
    a_draft_hears_of_all_its_faults_at_once,
    an_e_mail_address_belongs_to_one_user,
    a_repeated_request_adds_one_user_and_keeps_no_password,
    everybody_changes_their_own_name_language_zone_and_hours,
    a_change_upon_an_older_version_is_refused_with_the_newer_one,
    one_active_administrator_always_remains,
    two_administrators_cannot_deactivate_each_other_at_once,
    who_is_deactivated_is_out_from_the_next_request_on,
    an_administrator_sets_the_password_of_others,
    nobody_but_administrators_adds_or_changes_users,
    a_changed_role_counts_from_the_next_request_on,
    what_rotation_reads_makes_rule_books_stale,
);

async fn colleagues_have_a_name_and_nothing_else(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let mia = hire(&site, &administrator, "Mia", "sales_manager").await;
    for viewer in [&paul, &mia] {
        let seen = site.get(&viewer.who, &path_of(&administrator)).await.is(200);
        assert_eq!(
            seen.json(),
            json!({ "id": administrator.id, "name": "Katrin Huber", "is_active": true, "account": null })
        );
        let own = site.get(&viewer.who, &path_of(viewer)).await.is(200).json();
        assert_eq!(own["account"]["email"], viewer.email);
        let listed = site.get(&viewer.who, "/api/v1/users").await.is(200);
        assert_eq!(listed.json()["items"].as_array().map(Vec::len), Some(3));
        assert!(!listed.text.contains("katrin@example.com"));
    }
    let all = site.get(&administrator.who, "/api/v1/users").await.is(200).json();
    assert_eq!(all["items"][1]["account"]["role"], "sales_manager");
    site.get(&paul.who, "/api/v1/users/00000000-0000-7000-8000-000000000000").await.is_not_found();
    site.get(&paul.who, "/api/v1/users/nonsense").await.is_not_found();
}

async fn a_restricted_seller_sees_only_themselves(site: Site) {
    let administrator = set_up(&site).await;
    let rita = hire(&site, &administrator, "Rita", "restricted_seller").await;
    let listed = site.get(&rita.who, "/api/v1/users").await.is(200).json();
    let names: Vec<&Value> =
        listed["items"].as_array().expect("users").iter().map(|user| &user["name"]).collect();
    assert_eq!(names, ["Rita"]);
    site.get(&rita.who, &path_of(&rita)).await.is(200);
    site.get(&rita.who, &path_of(&administrator)).await.is_not_found();
}

async fn users_are_listed_by_name_in_pages(site: Site) {
    let administrator = set_up(&site).await;
    let mut names = vec!["Katrin Huber".to_owned()];
    for at in 0..7 {
        // Two of each name: the id decides between them.
        let name = format!("User {}", at / 2);
        let body = json!({ "name": name, "email": format!("u{at}@example.com"), "role": "seller" });
        site.post(&administrator.who, "/api/v1/users", body).await.is(201);
        names.push(name);
    }
    let (mut seen, mut ids, mut cursor) = (Vec::new(), std::collections::BTreeSet::new(), String::new());
    loop {
        let page =
            site.get(&administrator.who, &format!("/api/v1/users?limit=3{cursor}")).await.is(200).json();
        for user in page["items"].as_array().expect("users") {
            seen.push(user["name"].as_str().expect("a name").to_owned());
            ids.insert(user["id"].to_string());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((seen, ids.len()), (names, 8));
    let active = site.get(&administrator.who, "/api/v1/users?is_active=true").await.is(200).json();
    assert_eq!(active["items"].as_array().map(Vec::len), Some(1));
    for (query, code) in
        [("limit=0", "limit_range"), ("limit=201", "limit_range"), ("cursor=x", "cursor_unknown")]
    {
        let answer = site.get(&administrator.who, &format!("/api/v1/users?{query}")).await.is(422);
        assert_eq!(answer.json()["errors"][0]["code"], code);
    }
    site.get(&administrator.who, "/api/v1/users?colour=red").await.is_problem(422, "invalid");
}

async fn a_user_without_password_comes_in_when_one_is_set(site: Site) {
    let administrator = set_up(&site).await;
    let body = json!({ "name": "Nele", "email": "nele@example.com", "role": "seller" });
    let made = site.post(&administrator.who, "/api/v1/users", body).await.is(201);
    let json = made.json();
    assert_eq!((&json["is_active"], &json["account"]["has_password"]), (&json!(false), &json!(false)));
    assert_eq!(json["account"]["time_zone"], "Europe/Vienna", "the workspace's");
    let path = format!("/api/v1/users/{}", made.text_at("/id"));
    assert_eq!(made.header("location"), path);
    let early = site.patch(&administrator.who, &path, json!({ "is_active": true })).await.is(422);
    assert_eq!(early.faults(), ["/is_active password_needed"]);
    let set = format!("{path}/password");
    let short = site.post(&administrator.who, &set, json!({ "password": "short" })).await.is(422);
    assert_eq!(short.faults(), ["/password password_short"]);
    for (easy, code) in [("passwort1234", "password_guessable"), ("nele@example.com", "password_about_you")] {
        let refused = site.post(&administrator.who, &set, json!({ "password": easy })).await.is(422);
        assert_eq!(refused.faults(), [format!("/password {code}")]);
        assert!(!refused.text.contains(easy), "{refused}");
    }
    site.post(&administrator.who, &set, json!({ "password": PASSWORD })).await.is(204);
    site.sign_in("nele@example.com", PASSWORD).await.is(201);

    // Who was deactivated stays out, whatever the password.
    site.patch(&administrator.who, &path, json!({ "is_active": false })).await.is(200);
    site.post(&administrator.who, &set, json!({ "password": PASSWORD })).await.is(204);
    site.sign_in("nele@example.com", PASSWORD).await.is_problem(403, "sign_in_wrong");
}

async fn a_draft_hears_of_all_its_faults_at_once(site: Site) {
    let administrator = set_up(&site).await;
    let body = json!({
        "name": "a\tb", "email": "x@", "role": "seller", "language": "DE", "time_zone": "CET+1",
        "working_hours": { "monday": ["08:00-12:00", "11:00-13:00"], "funday": ["9-5"] }, "password": "x",
    });
    let answer = site.post(&administrator.who, "/api/v1/users", body).await.is_problem(422, "invalid");
    assert_eq!(
        answer.faults(),
        [
            "/email email_unreadable",
            "/language language_unknown",
            "/name name_control_character",
            "/password password_short",
            "/time_zone time_zone_unknown",
            "/working_hours working_hours_day",
            "/working_hours working_hours_overlap",
        ]
    );
    let body = json!({ "name": "x", "email": "katrin@example.com", "role": "boss" });
    let answer = site.post(&administrator.who, "/api/v1/users", body).await.is(422);
    assert_eq!(answer.faults(), ["/email email_taken", "/role role_unknown"]);
    let unknown = json!({ "name": "x", "email": "x@example.com", "role": "seller", "is_boss": true });
    site.post(&administrator.who, "/api/v1/users", unknown).await.is_problem(422, "invalid");
}

async fn an_e_mail_address_belongs_to_one_user(site: Site) {
    let administrator = set_up(&site).await;
    let bodies =
        (0..6).map(|at| json!({ "name": format!("N{at}"), "email": "Nele@example.com", "role": "seller" }));
    let tries = bodies.map(|body| {
        let (site, who) = (site.clone(), administrator.who.clone());
        tokio::spawn(async move { site.post(&who, "/api/v1/users", body).await })
    });
    let mut made = 0;
    for attempt in tries.collect::<Vec<_>>() {
        let answer: Answer = attempt.await.expect("an answer");
        if answer.status.as_u16() == 201 {
            made += 1;
        } else {
            assert_eq!(answer.is(422).faults(), ["/email email_taken"]);
        }
    }
    assert_eq!(made, 1);
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let change = json!({ "email": "NELE@example.com" });
    let answer = site.patch(&administrator.who, &path_of(&paul), change).await.is(422);
    assert_eq!(answer.faults(), ["/email email_taken"]);
    let change = json!({ "email": "PAUL@example.com" });
    site.patch(&administrator.who, &path_of(&paul), change).await.is(200);
}

async fn a_repeated_request_adds_one_user_and_keeps_no_password(site: Site) {
    let administrator = set_up(&site).await;
    let key = [("idempotency-key", "nele")];
    let body = json!({ "name": "Nele", "email": "nele@example.com", "role": "seller", "password": PASSWORD });
    let ask = |body: Value| {
        let (site, who) = (site.clone(), administrator.who.clone());
        async move { site.ask(&who, Method::POST, "/api/v1/users", &key, Some(body)).await }
    };
    let first = ask(body.clone()).await.is(201);
    let second = ask(body.clone()).await.is(201);
    assert_eq!((first.text, first.headers.get("etag")), (second.text, second.headers.get("etag")));
    let other =
        json!({ "name": "Nele B", "email": "nele@example.com", "role": "seller", "password": PASSWORD });
    ask(other).await.is_problem(409, "key_used");
}

async fn everybody_changes_their_own_name_language_zone_and_hours(site: Site) {
    let administrator = set_up(&site).await;
    let rita = hire(&site, &administrator, "Rita", "restricted_seller").await;
    let path = path_of(&rita);
    let change = json!({
        "name": "Rita Maria", "language": "en", "time_zone": "europe/zurich",
        "working_hours": { "tuesday": ["13:00-17:00", "8:00-12:00"] },
    });
    let account = site.patch(&rita.who, &path, change).await.is(200).json();
    assert_eq!(account["name"], "Rita Maria");
    assert_eq!(account["account"]["time_zone"], "Europe/Zurich");
    assert_eq!(account["account"]["working_hours"], json!({ "tuesday": ["08:00-12:00", "13:00-17:00"] }));
    let always = site.patch(&rita.who, &path, json!({ "working_hours": null })).await.is(200).json();
    assert_eq!(always["account"]["working_hours"], Value::Null);
    let kept = site.patch(&rita.who, &path, json!({ "name": "Rita" })).await.is(200).json();
    assert_eq!(kept["account"]["language"], "en");

    for change in [
        json!({ "email": "r@example.com" }),
        json!({ "role": "administrator" }),
        json!({ "is_active": true }),
        json!({ "name": "R", "role": "seller" }),
    ] {
        site.patch(&rita.who, &path, change).await.is_problem(403, "denied");
    }
    let other = site.patch(&rita.who, &path_of(&administrator), json!({ "name": "X" })).await;
    other.is_not_found();
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let other = site.patch(&paul.who, &path_of(&administrator), json!({ "name": "X" })).await;
    other.is_problem(403, "denied");
}

async fn a_change_upon_an_older_version_is_refused_with_the_newer_one(site: Site) {
    let administrator = set_up(&site).await;
    let path = path_of(&administrator);
    let seen = site.get(&administrator.who, &path).await.is(200);
    let tag = seen.header("etag").to_owned();
    let change = |tag: &str, name: &str| {
        let (site, who, path) = (site.clone(), administrator.who.clone(), path.clone());
        let (tag, body) = (tag.to_owned(), json!({ "name": name }));
        async move { site.ask(&who, Method::PATCH, &path, &[("if-match", &tag)], Some(body)).await }
    };
    let first = change(&tag, "Katrin A").await.is(200);
    let stale = change(&tag, "Katrin B").await.is_problem(412, "stale");
    assert_eq!(stale.header("etag"), first.header("etag"));
    assert_eq!(stale.json()["current"]["name"], "Katrin A");
    change(first.header("etag"), "Katrin B").await.is(200);
    let without = site.ask(&administrator.who, Method::PATCH, &path, &[], Some(json!({ "name": "C" }))).await;
    without.is_problem(428, "if_match_needed");
}

async fn one_active_administrator_always_remains(site: Site) {
    let administrator = set_up(&site).await;
    let path = path_of(&administrator);
    for change in [json!({ "is_active": false }), json!({ "role": "seller" })] {
        site.patch(&administrator.who, &path, change).await.is_problem(409, "last_administrator");
    }
    let second = hire(&site, &administrator, "Second", "administrator").await;
    site.patch(&administrator.who, &path, json!({ "role": "seller" })).await.is(200);
    site.get(&administrator.who, "/api/v1/audit").await.is_denied();
    let last = site.patch(&second.who, &path_of(&second), json!({ "is_active": false })).await;
    last.is_problem(409, "last_administrator");
    // Administrators who cannot come in are none.
    let body = json!({ "name": "Third", "email": "third@example.com", "role": "administrator" });
    site.post(&second.who, "/api/v1/users", body).await.is(201);
    let last = site.patch(&second.who, &path_of(&second), json!({ "role": "read_only" })).await;
    last.is_problem(409, "last_administrator");
}

async fn two_administrators_cannot_deactivate_each_other_at_once(site: Site) {
    let first = set_up(&site).await;
    let second = hire(&site, &first, "Second", "administrator").await;
    let out = |server: Site, by: &Person, whom: &Person| {
        let (who, path) = (by.who.clone(), path_of(whom));
        tokio::spawn(async move { server.patch(&who, &path, json!({ "is_active": false })).await })
    };
    let attempts = [out(site.clone(), &first, &second), out(site.another_server().await, &second, &first)];
    let mut statuses = Vec::new();
    for attempt in attempts {
        statuses.push(attempt.await.expect("an answer").status.as_u16());
    }
    statuses.sort_unstable();
    // The other one is signed out already, or is the last administrator.
    assert!(matches!(statuses[..], [200, 401 | 409]), "{statuses:?}");
    let signed_in = [first, second].map(|person| person.who);
    let mut left = 0;
    for who in &signed_in {
        left += usize::from(site.get(who, "/api/v1/audit").await.status.as_u16() == 200);
    }
    assert_eq!(left, 1);
}

async fn who_is_deactivated_is_out_from_the_next_request_on(site: Site) {
    let administrator = set_up(&site).await;
    let other = site.another_server().await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let program = token(&site, &paul, json!(["all"])).await;
    for who in [&paul.who, &program] {
        other.get(who, "/api/v1/session").await.is(200);
    }
    site.patch(&administrator.who, &path_of(&paul), json!({ "is_active": false })).await.is(200);
    for server in [&site, &other] {
        for who in [&paul.who, &program] {
            server.get(who, "/api/v1/session").await.is_problem(401, "sign_in_needed");
        }
        server.sign_in(&paul.email, PASSWORD).await.is_problem(403, "sign_in_wrong");
    }
    // Whoever is let in again begins anew: what was open stays shut.
    site.patch(&administrator.who, &path_of(&paul), json!({ "is_active": true })).await.is(200);
    for who in [&paul.who, &program] {
        site.get(who, "/api/v1/session").await.is(401);
    }
    site.sign_in(&paul.email, PASSWORD).await.is(201);
}

async fn an_administrator_sets_the_password_of_others(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let body = json!({ "password": "Ein neues Kennwort" });
    let path = |person: &Person| format!("{}/password", path_of(person));
    site.post(&administrator.who, &path(&paul), body.clone()).await.is(204);
    site.get(&paul.who, "/api/v1/session").await.is(401);
    site.sign_in(&paul.email, PASSWORD).await.is(403);
    let paul =
        Person { who: session_of(&site.sign_in(&paul.email, "Ein neues Kennwort").await.is(201)), ..paul };
    let own = site.post(&administrator.who, &path(&administrator), body.clone()).await;
    own.is_problem(403, "own_password");
    site.post(&paul.who, &path(&administrator), body).await.is_problem(403, "denied");
}

async fn nobody_but_administrators_adds_or_changes_users(site: Site) {
    let administrator = set_up(&site).await;
    for (name, role) in [("Mia", "sales_manager"), ("Sara", "seller"), ("Ron", "read_only")] {
        let person = hire(&site, &administrator, name, role).await;
        let body = json!({ "name": "N", "email": "n@example.com", "role": "seller" });
        site.post(&person.who, "/api/v1/users", body).await.is_problem(403, "denied");
        let change = json!({ "role": "administrator" });
        site.patch(&person.who, &path_of(&person), change).await.is_problem(403, "denied");
        site.get(&person.who, "/api/v1/audit").await.is_denied();
        site.patch(&person.who, "/api/v1/workspace", json!({ "name": "N" })).await.is_denied();
    }
    site.post(&Who::Nobody, "/api/v1/users", json!({})).await.is_problem(401, "sign_in_needed");
}

async fn a_changed_role_counts_from_the_next_request_on(site: Site) {
    let administrator = set_up(&site).await;
    let other = site.another_server().await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    other.get(&paul.who, "/api/v1/audit").await.is_denied();
    site.patch(&administrator.who, &path_of(&paul), json!({ "role": "administrator" })).await.is(200);
    other.get(&paul.who, "/api/v1/audit").await.is(200);
    site.patch(&administrator.who, &path_of(&paul), json!({ "role": "seller" })).await.is(200);
    other.get(&paul.who, "/api/v1/audit").await.is_denied();
}

async fn what_rotation_reads_makes_rule_books_stale(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let workspace = site.app.db.workspaces().await.expect("an answer")[0];
    for (change, is_read) in [
        (json!({ "name": "P" }), false),
        (json!({ "language": "en" }), false),
        (json!({ "time_zone": "UTC" }), true),
        (json!({ "working_hours": { "friday": ["08:00-12:00"] } }), true),
        (json!({ "working_hours": { "friday": ["8:00-12:00"] } }), false),
        (json!({ "is_active": false }), true),
    ] {
        let before = rules_version(&site, workspace).await;
        site.patch(&administrator.who, &path_of(&paul), change.clone()).await.is(200);
        assert_eq!(rules_version(&site, workspace).await > before, is_read, "{change}");
    }
}

async fn rules_version(site: &Site, workspace: uuid::Uuid) -> i64 {
    let sight = store::Sight::Task(access::Task::Upkeep);
    let read = site.app.db.read(workspace, sight, |tx| async move { crm::versions::workspace(&tx).await });
    read.await.expect("the workspace").rules_version
}

/// Who asks, as the routes know them.
async fn caller(site: &Site, person: &Person) -> Caller {
    let Who::Session(secret) = &person.who else { panic!("a session") };
    let cookie = format!("revier_session={secret}").parse().expect("ASCII");
    let headers = HeaderMap::from_iter([(COOKIE, cookie)]);
    caller::identify(&site.app, &headers, access::Permission::SignedIn).await.expect("a caller")
}

/// SQLite has one writer at a time, so only PostgreSQL can get this wrong.
#[test]
fn who_deactivates_an_administrator_waits_for_who_does_the_same() {
    testkit::both::run(Kind::Postgres, one_waits_for_the_other);
}

async fn one_waits_for_the_other(site: Site) {
    let first = set_up(&site).await;
    let second = hire(&site, &first, "Second", "administrator").await;
    let (by_first, by_second) = (caller(&site, &first).await, caller(&site, &second).await);
    let (of_first, of_second) = (by_first.user, by_second.user);
    let out = || Change { is_active: Some(false), ..Change::default() };
    let has_begun = AtomicBool::new(false);
    let has_seen = AtomicBool::new(false);
    let (app, has_begun, has_seen) = (&site.app, &has_begun, &has_seen);
    let earlier = app.db.write(by_first.workspace, by_first.sight(), |tx| {
        let (site, caller) = (&site, &by_first);
        async move {
            user::change(app, &tx, caller, of_second, out(), |_, _| Ok(())).await?;
            has_begun.store(true, SeqCst);
            // Commits only once the other waits for a row of ours, or has gone past it.
            while !has_seen.load(SeqCst) && !somebody_waits(site).await {}
            Ok::<_, crm::Error>(())
        }
    });
    let later = async {
        while !has_begun.load(SeqCst) {
            tokio::task::yield_now().await;
        }
        let seen = |_: &row::Model, _: &[role::Model]| {
            has_seen.store(true, SeqCst);
            Ok(())
        };
        let write = app.db.write(by_second.workspace, by_second.sight(), |tx| {
            let caller = &by_second;
            async move { user::change(app, &tx, caller, of_first, out(), seen).await }
        });
        write.await
    };
    let (earlier, later) = tokio::join!(earlier, later);
    earlier.expect("the first one wins");
    assert!(matches!(later, Err(crm::Error::Conflict { code: "last_administrator", .. })), "{later:?}");
}

async fn somebody_waits(site: &Site) -> bool {
    let connection = site.base.connection().await;
    let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.expect("an answer").expect("a row");
    let waiting: i64 = row.try_get_by_index(0).expect("a number");
    connection.close().await.expect("it closes");
    waiting > 0
}
