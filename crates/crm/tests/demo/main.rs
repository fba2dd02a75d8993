//! The demo company: its leads are where its plan says, fairly shared, and its people have to be let in first.

use std::collections::{BTreeMap, HashMap};

use access::Task;
use axum::body::Body;
use axum::http::Request;
use condition::normal::{Context, Notation, Reader};
use condition::{Catalog, Currency, Facts};
use crm::assignment::store::decision;
use crm::demo::{self, Filled};
use crm::people::setup::{self, Ask, Founded, Start};
use crm::people::sign_in::{self, Attempt};
use crm::people::store::user;
use crm::records::lead::store::lead;
use crm::territories::store::{member, territory as territory_row};
use crm::trail::Actor;
use crm::{App, Error};
use jiff::tz::TimeZone;
use place::Country;
use serde_json::{Map, Value, json};
use store::{Sight, Tied};
use territory::file::PlanFile;
use territory::{Plan, When};
use testkit::Site;
use uuid::Uuid;

const LEADS: &str = include_str!("../../../../data/demo/leads.csv");
const PLAN: &str = include_str!("../../../../data/demo/plan.json");
/// Any day: no rule of the plan reads a date.
const TODAY: i64 = 20_000;

testkit::on_both_databases!(
    every_lead_is_where_the_plain_loop_over_the_plan_puts_it_and_shared_by_weight,
    nobody_of_the_demo_signs_in_before_an_administrator_sets_a_password,
    the_demo_comes_only_into_an_empty_workspace_and_by_its_administrator,
    whoever_sets_up_over_http_finds_the_demo_at_work,
);

#[test]
fn the_plan_keeps_its_examples() {
    let catalog = territory::file::catalog();
    let file = PlanFile::read(PLAN, &catalog).expect("the plan is right");
    assert_eq!(file.broken_rules().count(), 0);
    assert_eq!(file.broken_examples(&catalog, &territory::Index::build(&file.plan()), TODAY), []);
}

async fn whoever_sets_up_over_http_finds_the_demo_at_work(site: Site) {
    let token = setup::announce(&site.app).await.expect("answered").expect("a set-up is needed");
    // One of the demo's own people, who is then both.
    let ask = json!({
        "token": token, "name": "Jonas Fehr", "email": "jonas.fehr@musterwerk.example", "language": "de",
        "password": "correct horse battery", "demo": true,
    });
    let request = Request::post("/api/v1/setup")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json")
        .body(Body::from(ask.to_string()));
    let answer = site.send(request.expect("a request")).await.is(201);
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let get =
        |path: &str| Request::get(path).header("cookie", &cookie).body(Body::empty()).expect("a request");
    let leads = site.send(get("/api/v1/leads?limit=1")).await.is(200).json();
    assert_eq!(leads["count"], json!({ "value": csv_rows().len(), "exact": true }));
    assert_eq!(leads["items"].as_array().map(Vec::len), Some(1));
    let users = site.send(get("/api/v1/users?limit=100")).await.is(200).json();
    assert_eq!(users["items"].as_array().map(Vec::len), Some(19), "{users}");
}

async fn every_lead_is_where_the_plain_loop_over_the_plan_puts_it_and_shared_by_weight(site: Site) {
    let founded = found(&site.app, Start::Demo).await;
    let filled = demo::fill(&site.app, founded.workspace, founded.administrator).await.expect("filled");
    let expected = placed_by_the_plain_loop();
    assert_eq!(filled, Filled { people: 19, territories: 23, leads: expected.len() });

    let territories = rows::<territory_row::Entity>(&site.app, founded).await;
    let names: HashMap<Uuid, String> = territories.into_iter().map(|row| (row.id, row.name)).collect();
    let leads = rows::<lead::Entity>(&site.app, founded).await;
    assert_eq!(leads.len(), expected.len());
    for lead in &leads {
        let company = lead.company.as_deref().expect("every lead is a company");
        let found = lead.territory_id.and_then(|id| names.get(&id)).map(String::as_str);
        assert_eq!(found, expected.get(company).copied().flatten(), "{company}");
        assert!(lead.owner_id.is_some(), "{company} waits, though everybody was at work");
    }
    assert_eq!(counts(expected.values().copied()), COUNTS.into_iter().collect());

    let handed = rows::<decision::Entity>(&site.app, founded).await;
    let members = rows::<member::Entity>(&site.app, founded).await;
    for (territory, name) in &names {
        let turns: Vec<Uuid> = handed
            .iter()
            .filter(|row| row.territory_id == Some(*territory) && row.turn.is_some())
            .filter_map(|row| row.owner_id)
            .collect();
        let ring: Vec<&member::Model> =
            members.iter().filter(|row| row.territory_id == *territory && row.has_assignment).collect();
        let weights: i64 = ring.iter().map(|member| member.weight).sum();
        for member in ring {
            let got = turns.iter().filter(|&&owner| owner == member.user_id).count();
            // Less than one lead from the exact share, without a fraction.
            let strays = int(got) * weights - int(turns.len()) * member.weight;
            assert!(strays.abs() < weights, "{name}: {got} of {} by {}", turns.len(), member.weight);
        }
    }
}

async fn nobody_of_the_demo_signs_in_before_an_administrator_sets_a_password(site: Site) {
    let founded = found(&site.app, Start::Demo).await;
    setup::furnish(&site.app, founded).await.expect("furnished");
    let users = rows::<user::Entity>(&site.app, founded).await;
    let (own, theirs): (Vec<_>, Vec<_>) =
        users.into_iter().partition(|user| user.id == founded.administrator);
    assert_eq!((own.len(), theirs.len()), (1, 19));
    assert!(theirs.iter().all(|user| user.is_active && user.password_hash.is_none()));
    for password in ["", "musterwerk", "correct horse battery"] {
        let attempt = Attempt {
            email: theirs[0].email.clone(),
            password: password.to_owned(),
            address: "192.0.2.7".to_owned(),
            user_agent: String::new(),
        };
        let refused = sign_in::sign_in(&site.app, founded.workspace, attempt).await;
        assert!(refused.is_err(), "{} came in by {password:?}", theirs[0].email);
    }
}

async fn the_demo_comes_only_into_an_empty_workspace_and_by_its_administrator(site: Site) {
    let founded = found(&site.app, Start::Empty).await;
    setup::furnish(&site.app, founded).await.expect("an empty workspace stays empty");
    assert_eq!(rows::<lead::Entity>(&site.app, founded).await.len(), 0);
    let stranger = site.app.ids.next();
    let refused = demo::fill(&site.app, founded.workspace, stranger).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    demo::fill(&site.app, founded.workspace, founded.administrator).await.expect("filled");
    let again = demo::fill(&site.app, founded.workspace, founded.administrator).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
    assert_eq!(int(rows::<lead::Entity>(&site.app, founded).await.len()), int(csv_rows().len()));
}

async fn found(app: &App, start: Start) -> Founded {
    let ask = Ask {
        name: "Katrin Wolters".to_owned(),
        email: "katrin.wolters@musterwerk.example".to_owned(),
        password: "correct horse battery".to_owned(),
        language: "de".to_owned(),
        workspace_name: None,
        time_zone: None,
        currency: None,
        default_country: None,
        start,
    };
    setup::found(app, ask.parse().expect("a right set-up"), &Actor::console()).await.expect("founded")
}

async fn rows<E: Tied>(app: &App, founded: Founded) -> Vec<E::Model> {
    let sight = Sight::Task(Task::Upkeep);
    let read = app
        .db
        .read(founded.workspace, sight, |tx| async move { Ok::<_, Error>(tx.select::<E>().all().await?) });
    read.await.expect("the rows are read")
}

/// The territory of every company: the first in the order of trial of which a rule holds.
fn placed_by_the_plain_loop() -> BTreeMap<String, Option<&'static str>> {
    let file: &'static PlanFile =
        Box::leak(Box::new(PlanFile::read(PLAN, &territory::file::catalog()).expect("the plan is right")));
    let plan: &'static Plan = Box::leak(Box::new(file.plan()));
    let order = plan.in_order();
    let catalog = Catalog::standard();
    let context = Context {
        country: Country::by_code("DE"),
        notation: Notation::German,
        currency: Currency::EUR,
        time_zone: TimeZone::UTC,
    };
    let mut reader = Reader::new(&catalog, &context);
    let mut placed = BTreeMap::new();
    for fields in csv_rows() {
        let mut draft = reader.json(&fields).unwrap_or_else(|faults| panic!("{fields:?}: {faults:?}"));
        draft.complete(&context);
        let facts = draft.facts(&catalog, TODAY, |us| us);
        let first = order.iter().copied().find(|territory| holds(territory, &facts));
        let name = first.map(|territory| territory.name.as_str()).or(file.default_territory.as_deref());
        let company = fields["company"].as_str().expect("a text").to_owned();
        assert!(placed.insert(company, name).is_none(), "{fields:?} is there twice");
    }
    placed
}

fn holds(territory: &territory::Territory, facts: &Facts) -> bool {
    let matches = |rule: &territory::Rule| match &rule.when {
        When::Holds(condition) => rule.enabled && condition.holds(facts),
        When::Broken => false,
    };
    territory.active && territory.rules.iter().any(matches)
}

fn csv_rows() -> Vec<Map<String, Value>> {
    let mut reader = csv::Reader::from_reader(LEADS.as_bytes());
    let head = reader.headers().expect("a head").clone();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.expect("a row");
        let cells = head.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(column, cell)| (column.to_owned(), value(column, cell))).collect()
    };
    reader.records().map(row).collect()
}

fn value(column: &str, cell: &str) -> Value {
    match column {
        "annual_revenue" => json!({ "amount": cell.trim_end_matches(" USD"), "currency": "USD" }),
        _ => json!(cell),
    }
}

fn counts<'n>(names: impl Iterator<Item = Option<&'n str>>) -> BTreeMap<&'n str, i64> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name.unwrap_or("–")).or_default() += 1;
    }
    counts
}

fn int(count: usize) -> i64 {
    i64::try_from(count).expect("few")
}

/// Leads of each territory.
const COUNTS: [(&str, i64); 22] = [
    ("Berlin-Brandenburg", 212),
    ("Deutschland", 36),
    ("Deutschschweiz", 70),
    ("Franken & Ostbayern", 84),
    ("Großkunden", 475),
    ("Hamburg", 80),
    ("Mitteldeutschland", 185),
    ("Nord", 284),
    ("Rest der Welt", 47),
    ("Rhein-Main", 283),
    ("Rhein-Ruhr", 155),
    ("Romandie", 20),
    ("Schweiz", 1),
    ("Südbayern", 161),
    ("Südwest", 221),
    ("US Central", 251),
    ("US East", 372),
    ("US West", 283),
    ("USA", 1),
    ("Westfalen", 94),
    ("Österreich Ost", 22),
    ("Österreich West", 12),
];
