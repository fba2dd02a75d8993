//! Who takes part in a lead sees it and changes it like their own, hears of it, and no longer when they are out.

use access::BuiltInRole::{RestrictedSeller, Seller};
use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Site};
use uuid::Uuid;

use crate::company::{Company, Person, text};
use crate::content;
use crate::ears::Ears;

testkit::on_both_databases!(
    who_takes_part_sees_and_changes_the_lead_wherever_it_lies,
    only_who_may_assign_a_lead_says_who_takes_part,
    a_change_of_who_takes_part_is_remembered,
    who_takes_part_hears_of_the_lead_until_they_are_out,
);

struct Shared {
    company: Company,
    anna: Person,
    carla: Person,
    /// Anna's, in a territory where Carla has nothing to do.
    lead: String,
}

async fn shared(site: &Site) -> Shared {
    let company = Company::new(site).await;
    let territory = company.territory(json!({ "name": "Bayern" })).await;
    company.rule(territory, json!({ "field": "country", "op": "is_any_of", "values": ["DE"] })).await;
    let (anna, carla) = (company.person("anna", Seller).await, company.person("carla", Seller).await);
    company.member(territory, &anna, json!({})).await;
    let lead = company.lead(&company.boss, json!({ "company": "Gemeinsam", "country": "DE" })).await;
    Shared { company, anna, carla, lead: text(&lead["id"]) }
}

fn path(lead: &str) -> String {
    format!("/api/v1/leads/{lead}")
}

fn part(lead: &str, user: Uuid) -> String {
    format!("/api/v1/leads/{lead}/collaborators/{user}")
}

async fn ask(company: &Company, by: &Person, method: Method, path: &str) -> Answer {
    company.ask(by, method, path, &[("if-match", "*")], None).await
}

async fn who_takes_part_sees_and_changes_the_lead_wherever_it_lies(site: Site) {
    let Shared { company, anna, carla, lead } = shared(&site).await;
    company.get(&carla, &path(&lead)).await.is_not_found();
    let shown = ask(&company, &anna, Method::PUT, &part(&lead, carla.id)).await.is(200).json();
    assert_eq!(shown["collaborators"], json!([{ "id": carla.id, "name": "carla" }]), "{shown}");
    let again = ask(&company, &anna, Method::PUT, &part(&lead, carla.id)).await.is(200).json();
    assert_eq!(again, shown, "twice is once");

    let seen = company.get(&carla, &path(&lead)).await.is(200).json();
    assert_eq!((&seen["can"]["edit"], &seen["can"]["delete"]), (&json!(true), &json!(false)), "{seen}");
    let list = company.get(&carla, "/api/v1/leads").await.is(200).json();
    assert_eq!(
        (&list["count"]["value"], &list["items"][0]["can"]["edit"]),
        (&json!(1), &json!(true)),
        "{list}"
    );
    for tail in ["/decision", "/history"] {
        company.get(&carla, &format!("{}{tail}", path(&lead))).await.is(200);
    }
    company.patch_lead(&carla, &lead, json!({ "notes": "gemeinsam besucht" })).await.is(200);

    ask(&company, &anna, Method::DELETE, &part(&lead, carla.id)).await.is(200);
    for tail in ["", "/decision", "/history"] {
        company.get(&carla, &format!("{}{tail}", path(&lead))).await.is_not_found();
    }
    ask(&company, &carla, Method::PUT, &part(&lead, carla.id)).await.is_not_found();
    assert_eq!(company.get(&carla, "/api/v1/leads").await.is(200).json()["count"]["value"], 0);
}

async fn only_who_may_assign_a_lead_says_who_takes_part(site: Site) {
    let Shared { company, anna, carla, lead } = shared(&site).await;
    let robin = company.person("robin", RestrictedSeller).await;
    ask(&company, &robin, Method::PUT, &part(&lead, robin.id)).await.is(403);
    ask(&company, &carla, Method::PUT, &part(&lead, carla.id)).await.is_not_found();
    let bare = company.ask(&anna, Method::PUT, &part(&lead, carla.id), &[], None).await.is(428);
    assert_eq!(bare.text_at("/code"), "if_match_needed");
    let stale = [("if-match", "\"7\"")];
    company.ask(&anna, Method::PUT, &part(&lead, carla.id), &stale, None).await.is(412);
    for (user, code) in [(anna.id, "owner_already"), (Uuid::nil(), "unknown_user")] {
        let refused = ask(&company, &anna, Method::PUT, &part(&lead, user)).await.is(422);
        assert_eq!(refused.text_at("/errors/0/code"), code);
    }
    ask(&company, &anna, Method::DELETE, &part(&lead, carla.id)).await.is_not_found();
    // A restricted seller sees nothing but their own: this lead becomes one of them.
    ask(&company, &anna, Method::PUT, &part(&lead, robin.id)).await.is(200);
    company.get(&robin, &path(&lead)).await.is(200);
    ask(&company, &robin, Method::DELETE, &part(&lead, robin.id)).await.is(403);
}

async fn a_change_of_who_takes_part_is_remembered(site: Site) {
    let Shared { company, anna, carla, lead } = shared(&site).await;
    let before = company.get(&anna, &path(&lead)).await.is(200);
    ask(&company, &anna, Method::PUT, &part(&lead, carla.id)).await.is(200);
    let history = company.get(&anna, &format!("{}/history", path(&lead))).await.is(200).json();
    let change = &history["items"][0];
    assert_eq!(change["fields"][0], json!({ "field": "collaborators", "before": [], "after": ["carla"] }));
    assert_eq!(change["user"]["name"], "anna");
    let audit = "SELECT COUNT(*) FROM audit WHERE object = 'lead' AND after LIKE '%collaborators%'";
    assert_eq!(content::number(&site.base, audit).await, 1);
    // Whoever still has the former version learns of both.
    company.patch_lead(&carla, &lead, json!({ "notes": "neu" })).await.is(200);
    let seen = [("if-match", before.header("etag"))];
    let body = Some(json!({ "notes": "alt" }));
    let late = company.ask(&anna, Method::PATCH, &path(&lead), &seen, body).await.is(412).json();
    assert_eq!(late["current"]["notes"], "neu");
    assert_eq!(
        late["changed"],
        json!([
            { "field": "collaborators", "before": [], "after": ["carla"] },
            { "field": "notes", "before": null, "after": "neu" },
        ])
    );
    ask(&company, &company.boss, Method::DELETE, &path(&lead)).await.is(204);
    assert_eq!(content::number(&site.base, "SELECT COUNT(*) FROM lead_collaborator").await, 0);
}

async fn who_takes_part_hears_of_the_lead_until_they_are_out(site: Site) {
    let Shared { company, anna, carla, lead } = shared(&site).await;
    let (mut hers, mut annas) =
        (Ears::open(&company, &carla, None).await, Ears::open(&company, &anna, None).await);
    let heard = |kind: &str, is_visible: bool| {
        (kind.to_owned(), json!({ "kind": kind, "object_id": lead, "is_visible": is_visible }))
    };
    let created = heard("lead.created", true);
    hers.look(&site).await;
    assert_eq!(annas.next().await, Some(created));
    for act in [Method::PUT, Method::DELETE, Method::PUT] {
        ask(&company, &anna, act, &part(&lead, carla.id)).await.is(200);
        hers.look(&site).await;
        assert_eq!(annas.next().await, Some(heard("lead.changed", true)));
    }
    for is_visible in [true, false, true] {
        assert_eq!(hers.next().await, Some(heard("lead.changed", is_visible)));
    }
    company.patch_lead(&anna, &lead, json!({ "notes": "Messe" })).await.is(200);
    ask(&company, &company.boss, Method::DELETE, &path(&lead)).await.is(204);
    hers.look(&site).await;
    let deleted = json!({ "kind": "lead.deleted", "object_id": lead, "is_visible": false });
    // By now she takes part in nothing, so the change before the deletion is none of her business.
    let mut last = hers.next().await;
    if last.as_ref().is_some_and(|(kind, _)| kind == "lead.changed") {
        last = hers.next().await;
    }
    assert_eq!(last, Some(("lead.deleted".to_owned(), deleted)));
    assert_eq!(Value::Null, company.get(&carla, &path(&lead)).await.is(404).json()["current"]);
}
