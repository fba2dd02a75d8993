//! A rule book that follows the changes one by one against one that is made anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::Task;
use axum::http::Method;
use condition::normal::Reader;
use crm::territories::book::{Made, RuleBook, RuleBooks};
use serde_json::{Map, Value, json};
use store::Sight;
use uuid::Uuid;

use crate::house::{House, Person, houses};

const CITIES: [&str; 6] = ["Ulm", "Köln", "Bern", "Graz", "Jena", "Kiel"];
const STEPS: usize = 60;

/// A fixed stream of numbers: a failing step fails again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    fn of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        if things.is_empty() { None } else { things.get(self.below(things.len())) }
    }

    fn city(&mut self) -> &'static str {
        CITIES[self.below(CITIES.len())]
    }

    fn when(&mut self) -> Value {
        let city = json!({ "field": "city", "op": "is_any_of", "values": [self.city(), self.city()] });
        let size = json!({ "field": "employees", "op": "gte", "values": [self.below(100)] });
        match self.below(4) {
            0 => city,
            1 => size,
            2 => json!({ "all": [city, size] }),
            _ => json!({ "not": city }),
        }
    }
}

async fn book(house: &House, books: &RuleBooks) -> Arc<RuleBook> {
    let sight = Sight::Task(Task::Assignment);
    let read = house.app.db.read(house.workspace, sight, |tx| async move { books.book(&tx).await });
    read.await.expect("a book")
}

/// What somebody can see of a book: the tree, the rules in their order, rings, rights, placements and why.
fn seen(book: &RuleBook, people: &[Person]) -> Value {
    let territories = book.tree().in_order().into_iter().map(|row| {
        let rules: Vec<Value> = book
            .rules_of(row.id)
            .map(|rule| json!([rule.row.id, rule.row.name, rule.row.is_enabled, rule.row.condition]))
            .collect();
        let ring: Vec<String> = book.members(row.id).iter().map(|member| format!("{member:?}")).collect();
        let access: Vec<bool> = people.iter().map(|person| book.has_access(person.id, row.id)).collect();
        json!([row.id, row.parent_id, row.name, row.position, row.color, row.is_active, rules, ring, access])
    });
    let reads: BTreeSet<&str> = ["city", "employees", "country", "company", "postcode", "place"]
        .into_iter()
        .filter(|field| book.is_read_by_rules(field))
        .collect();
    json!({ "territories": territories.collect::<Vec<_>>(), "reads": reads, "placed": placed(book) })
}

fn placed(book: &RuleBook) -> Vec<Value> {
    let context = book.context(None);
    let mut reader = Reader::new(book.catalog(), &context);
    let mut placed = Vec::new();
    for city in CITIES {
        for employees in [0, 5, 30, 60, 99, 200] {
            let lead: Map<String, Value> =
                [("city".to_owned(), json!(city)), ("employees".to_owned(), json!(employees))]
                    .into_iter()
                    .collect();
            let draft = reader.json(&lead).expect("a lead");
            let facts = draft.facts(book.catalog(), 20_000, |us| us);
            let explained = book.index().explain(&facts, usize::MAX);
            let rule =
                explained.placed.rule.and_then(|rule| book.matched(Uuid::from_u128(rule.0), &facts, &[]));
            placed.push(json!([city, employees, format!("{explained:?}"), rule]));
        }
    }
    placed
}

/// Makes one change through the API; refusals are fine, as the same state is seen by both books.
async fn change(house: &House, mia: &Person, people: &[Person], chance: &mut Chance, step: usize) {
    let items = |list: &Value| list["items"].as_array().cloned().unwrap_or_default();
    let id = |item: &Value| item["id"].as_str().expect("an id").to_owned();
    let tree = house.get(mia, "/api/v1/territories").await.is(200).body;
    let territories: Vec<String> = items(&tree).iter().map(id).collect();
    let Some(territory) = chance.of(&territories).cloned() else {
        house.territory(mia, &format!("Gebiet {step}"), None).await;
        return;
    };
    let rules =
        house.get(mia, &format!("/api/v1/territories/{territory}/rules?limit=100")).await.is(200).body;
    let rules: Vec<String> = items(&rules).iter().map(id).collect();
    let rule = chance.of(&rules).map(|rule| format!("/api/v1/rules/{rule}"));
    let path = format!("/api/v1/territories/{territory}");
    match (chance.below(12), rule) {
        (0, _) => {
            let parent = (chance.below(2) == 0).then_some(&territory);
            let new =
                json!({ "name": format!("Gebiet {step}"), "parent": parent, "active": chance.below(4) > 0 });
            house.post(mia, "/api/v1/territories", new).await.is(201);
        }
        (1, _) => {
            let parent = if chance.below(3) == 0 { None } else { chance.of(&territories) };
            house.patch(mia, &path, json!({ "parent": parent, "place": 1 + chance.below(3) })).await;
        }
        (2, _) => {
            let change = json!({ "name": format!("Umbenannt {step}"), "active": chance.below(2) == 0 });
            house.patch(mia, &path, change).await.is(200);
        }
        (3, _) => {
            house.patch(mia, &path, json!({ "default": chance.below(2) == 0 })).await.is(200);
        }
        (4, _) if territories.len() > 3 => {
            let etag = house.get(mia, &path).await.is(200).etag;
            house.ask(mia, Method::DELETE, &path, &[("if-match", &etag)], None).await;
        }
        (5, _) => {
            let person = chance.of(people).expect("somebody").id;
            let member = json!({ "access": true, "assignment": true, "weight": 1 + chance.below(5) });
            house.put(mia, &format!("{path}/members/{person}"), member).await;
        }
        (6, Some(rule)) => {
            let etag = house.get(mia, &rule).await.is(200).etag;
            house.ask(mia, Method::DELETE, &rule, &[("if-match", &etag)], None).await.is(204);
        }
        (7, Some(rule)) => {
            let to = chance.of(&territories);
            let change = json!({ "territory": to, "position": 1 + chance.below(4) });
            house.patch(mia, &rule, change).await.is(200);
        }
        (8, Some(rule)) => {
            let change = json!({ "when": chance.when(), "enabled": chance.below(4) > 0 });
            house.patch(mia, &rule, change).await.is(200);
        }
        _ => {
            let rule = json!({
                "name": format!("Regel {step}"), "when": chance.when(),
                "position": 1 + chance.below(4), "enabled": chance.below(5) > 0,
            });
            house.post(mia, &format!("{path}/rules"), rule).await.is(201);
        }
    }
}

#[tokio::test]
async fn a_book_changed_step_by_step_is_the_one_made_anew() {
    for house in houses().await {
        let mia = house.manager().await;
        let people = [house.seller("sam").await, house.seller("ben").await, mia.clone()];
        let mut chance = Chance(7);
        let (mut followed, mut before) = (0, None);
        for step in 0..STEPS {
            change(&house, &mia, &people, &mut chance, step).await;
            // Sometimes several changes come between two looks.
            if chance.below(4) == 0 {
                continue;
            }
            let book = book(&house, &house.app.books).await;
            let anew = self::book(&house, &RuleBooks::new(house.clock.clock())).await;
            assert_eq!(anew.made(), Made::Anew);
            assert_eq!(seen(&book, &people), seen(&anew, &people), "step {step}");
            followed += usize::from(book.made() == Made::Followed);
            // Whoever still reads the book before finds it as it was.
            if let Some((older, was)) = before.replace((Arc::clone(&book), seen(&book, &people))) {
                assert_eq!(seen(&older, &people), was, "step {step}");
            }
        }
        assert!(followed > STEPS / 2, "only {followed} books followed");
    }
}

#[tokio::test]
async fn a_book_follows_a_plan_that_comes_in_as_a_file() {
    for house in houses().await {
        let (mia, sam) = (house.manager().await, house.seller("sam").await);
        let people = [sam, mia.clone()];
        let plan = |cities: &[&str], parent: Option<&str>| {
            let rules: Vec<Value> = cities
                .iter()
                .map(|city| {
                    let when = json!({ "field": "city", "op": "is_any_of", "values": [city] });
                    json!({ "name": city, "when": when })
                })
                .collect();
            let members = json!([{ "user": "sam@example.com", "weight": 2 }]);
            let south = json!({ "name": "Süd", "parent": parent, "rules": rules, "members": members });
            let parent = parent.map(|name| json!({ "name": name }));
            let territories: Vec<Value> = parent.into_iter().chain([south]).collect();
            json!({ "plan": { "format": "revier-plan/1", "currency": "EUR", "time_zone": "Europe/Berlin",
                "default_territory": "Süd", "territories": territories } })
        };
        book(&house, &house.app.books).await;
        for (cities, parent) in [
            (&["Ulm", "Köln"][..], None),
            (&["Köln", "Bern"][..], Some("Welt")),
            (&["Jena"][..], Some("Erde")),
            (&[][..], None),
        ] {
            let mut plan = plan(cities, parent);
            if parent.is_none() {
                plan["plan"]["territories"][0].as_object_mut().expect("an object").remove("parent");
            }
            house.post(&mia, "/api/v1/plan/import", plan).await.is(200);
            let book = book(&house, &house.app.books).await;
            assert_eq!(book.made(), Made::Followed);
            let anew = self::book(&house, &RuleBooks::new(house.clock.clock())).await;
            assert_eq!(seen(&book, &people), seen(&anew, &people), "{cities:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_ready_has_read_the_rules() {
    for house in houses().await {
        let mia = house.manager().await;
        let books = || house.app.books.latest(house.workspace);
        assert!(books().is_none());
        house.get(&mia, "/ready").await;
        assert!(books().is_some(), "the first lead has nothing to wait for");
    }
}
