//! The ring as its managers see it: shares, loads, absences and the last turns.

use crm::records::lead::queue;
use serde_json::{Value, json};
use testkit::{Site, lead};

testkit::on_both_databases!(
    shares_are_of_those_who_are_handed_leads,
    absences_of_the_next_weeks_stand_in_the_ring_which_only_its_managers_see,
    a_paused_rotation_hands_nothing_out_and_goes_on_where_it_stood
);

fn seat<'a>(ring: &'a Value, name: &str) -> &'a Value {
    let members = ring["members"].as_array().expect("members");
    members.iter().find(|member| member["user"]["name"] == name).expect("they are a member")
}

async fn shares_are_of_those_who_are_handed_leads(site: Site) {
    let boss = site.administrator().await;
    let when = json!({ "field": "country", "op": "is_any_of", "values": ["AT"] });
    let austria = boss.makes_territory("Austria", None, when).await;
    boss.hires_seller("Nora", &austria).await;
    boss.hires_seller("Otto", &austria).await;
    let guest = boss.hires("Gabi", "seller").await;
    boss.lets_in(&austria, &guest, false).await;
    let mut leads = Vec::new();
    for number in 0..5 {
        leads.push(boss.creates(lead(&format!("Company {number}")).in_country("AT")).await);
    }
    let path = format!("/api/v1/territories/{austria}/rotation");
    let ring = boss.get(&path).await.is(200).json();
    assert_eq!(ring["turn"], 5);
    let of = |name: &str, field: &str| seat(&ring, name)[field].as_u64().expect("a number");
    // Whoever only has access is owed nothing, and takes nothing from the shares of the others.
    assert_eq!(of("Nora", "due_thousandths"), 2_500);
    assert_eq!(of("Otto", "due_thousandths"), 2_500);
    assert_eq!(of("Gabi", "due_thousandths"), 0);
    assert_eq!(of("Nora", "received") + of("Otto", "received"), 5);
    // Without a daily cap too.
    assert_eq!(of("Nora", "leads_today") + of("Otto", "leads_today"), 5);
    let turns: Vec<u64> =
        ring["recent"].as_array().expect("turns").iter().filter_map(|one| one["turn"].as_u64()).collect();
    assert_eq!(turns, [5, 4, 3, 2, 1]);
    assert_eq!(ring["recent"][0]["lead"], json!(leads[4]));
    assert!(ring["wait_ms"].is_u64() && ring["since"].is_string(), "{ring:#}");
}

async fn absences_of_the_next_weeks_stand_in_the_ring_which_only_its_managers_see(site: Site) {
    let boss = site.administrator().await;
    let when = json!({ "field": "country", "op": "is_any_of", "values": ["AT"] });
    let austria = boss.makes_territory("Austria", None, when).await;
    let nora = boss.hires_seller("Nora", &austria).await;
    let reader = boss.hires("Ria", "read_only").await;
    boss.lets_in(&austria, &reader, false).await;
    let at = |days: i64| {
        jiff::Timestamp::from_microsecond(site.clock.now()).expect("a moment")
            + jiff::SignedDuration::from_hours(24 * days)
    };
    let absence = |from: i64, until: i64, note: &str| json!({ "starts_at": at(from).to_string(), "ends_at": at(until).to_string(), "note": note });
    let path = format!("/api/v1/users/{}/absences", nora.id);
    for away in [absence(-9, -2, "over"), absence(40, 42, "later"), absence(-1, 3, "surgery")] {
        boss.post(&path, away).await.is(201);
    }
    let path = format!("/api/v1/territories/{austria}/rotation");
    let ring = boss.get(&path).await.is(200).json();
    let notes: Vec<&Value> = seat(&ring, "Nora")["absences"]
        .as_array()
        .expect("absences")
        .iter()
        .map(|one| &one["note"])
        .collect();
    assert_eq!(notes, [&json!("surgery")]);
    assert_eq!(seat(&ring, "Nora")["is_eligible"], false);
    reader.get(&path).await.is_denied();
}

async fn a_paused_rotation_hands_nothing_out_and_goes_on_where_it_stood(site: Site) {
    let boss = site.administrator().await;
    let when = json!({ "field": "country", "op": "is_any_of", "values": ["AT"] });
    let austria = boss.makes_territory("Austria", None, when).await;
    let nora = boss.hires_seller("Nora", &austria).await;
    let otto = boss.hires_seller("Otto", &austria).await;
    let workspace = site.workspaces().await[0];
    let owner = async |lead: &str| {
        let lead = boss.get(&format!("/api/v1/leads/{lead}")).await.is_fine().json();
        lead["owner"]["name"].as_str().map(str::to_owned)
    };
    let first = boss.creates(lead("First").in_country("AT")).await;
    assert_eq!(owner(&first).await.as_deref(), Some("Nora"));

    let path = format!("/api/v1/territories/{austria}/rotation");
    nora.put(&path, json!({ "is_paused": true })).await.is_denied();
    let ring = boss.put(&path, json!({ "is_paused": true })).await.is_fine().json();
    assert_eq!((&ring["next"], &ring["queue"]["served_at"]), (&Value::Null, &Value::Null));
    assert!(ring["paused"]["since"].is_string() && ring["paused"]["by"]["name"].is_string(), "{ring:#}");
    // Said twice it is the same pause.
    let again = boss.put(&path, json!({ "is_paused": true })).await.is_fine().json();
    assert_eq!(ring["paused"], again["paused"]);
    let waiting = boss.creates(lead("Second").in_country("AT")).await;
    assert_eq!(owner(&waiting).await, None);
    let why = boss.get(&format!("/api/v1/leads/{waiting}/decision")).await.is_fine().text;
    assert!(why.contains("angehalten war"), "{why}");
    assert_eq!(queue::serve(&site.app, workspace).await.expect("served"), 0);
    // Whoever is named owns it all the same: that is not the rotation's doing.
    let named = boss.creates(lead("Third").in_country("AT").with("owner", otto.id.to_string())).await;
    assert_eq!(owner(&named).await.as_deref(), Some("Otto"));

    let ring = boss.put(&path, json!({ "is_paused": false })).await.is_fine().json();
    assert_eq!(
        (&ring["paused"], &ring["next"]["name"], &ring["turn"]),
        (&Value::Null, &json!("Otto"), &json!(1))
    );
    assert_eq!(queue::serve(&site.app, workspace).await.expect("served"), 1);
    assert_eq!(owner(&waiting).await.as_deref(), Some("Otto"));
    let log = boss.get("/api/v1/audit?object=rotation").await.is_fine().json();
    let acts: Vec<&Value> =
        log["items"].as_array().expect("a log").iter().map(|one| &one["action"]).collect();
    assert_eq!(acts, [&json!("resume"), &json!("pause")]);
}
