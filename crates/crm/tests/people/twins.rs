//! Two workspaces with equal ids in one database: neither doubles, mixes or changes what the other has.

use serde_json::{Value, json};
use testkit::Site;

use super::house::{Asks, Person, hire, path_of, set_up, token};

testkit::on_both_databases!(a_twin_with_the_same_ids_is_neither_seen_nor_touched);

/// Everything that an administrator reads of people.
async fn all(site: &Site, who: &Person, of: &Person) -> Vec<Value> {
    let mut answers = Vec::new();
    for path in [
        "/api/v1/session".to_owned(),
        "/api/v1/users".to_owned(),
        "/api/v1/roles".to_owned(),
        "/api/v1/workspace".to_owned(),
        "/api/v1/workspace/rates".to_owned(),
        "/api/v1/audit".to_owned(),
        path_of(of),
        format!("{}/absences", path_of(of)),
        format!("/api/v1/tokens?user={}", of.id),
        format!("/api/v1/sessions?user={}", of.id),
    ] {
        answers.push(site.get(&who.who, &path).await.is(200).json());
    }
    answers
}

async fn a_twin_with_the_same_ids_is_neither_seen_nor_touched(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    token(&site, &paul, json!(["all"])).await;
    let absence = json!({ "starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-02T00:00:00Z" });
    let absences = format!("{}/absences", path_of(&paul));
    site.post(&administrator.who, &absences, absence).await.is(201);
    let workspace = site.app.db.workspaces().await.expect("an answer")[0];
    crm::trail::seal(&site.app, workspace).await.expect("it seals");

    let before = all(&site, &administrator, &paul).await;
    let twin = testkit::twin::make(&site.base, workspace).await;
    assert_eq!(all(&site, &administrator, &paul).await, before);

    let path = path_of(&paul);
    site.patch(&administrator.who, &path, json!({ "name": "Other", "role": "read_only" })).await.is(200);
    site.patch(&administrator.who, &path, json!({ "is_active": false })).await.is(200);
    site.patch(&administrator.who, "/api/v1/workspace", json!({ "name": "Other" })).await.is(200);
    let untouched = site.app.db.read(twin, store::Sight::Task(access::Task::Upkeep), |tx| async move {
        let users = tx.select::<crm::people::store::user::Entity>().all().await?;
        let sessions = tx.select::<crm::people::store::session::Entity>().all().await?;
        let tokens = tx.select::<crm::people::store::api_token::Entity>().all().await?;
        let workspace = crm::versions::workspace(&tx).await?;
        Ok::<_, crm::Error>((users, sessions, tokens, workspace))
    });
    let (users, sessions, tokens, workspace) = untouched.await.expect("an answer");
    let mut names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Katrin Huber", "Paul"]);
    assert!(users.iter().all(|user| user.is_active));
    assert!(sessions.len() == 2 && sessions.iter().all(|session| session.ended_at.is_none()));
    assert!(tokens.len() == 1 && tokens.iter().all(|token| token.revoked_at.is_none()));
    assert_eq!(workspace.name, "Huber Werkzeuge");
}
