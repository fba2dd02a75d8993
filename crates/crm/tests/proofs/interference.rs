//! Non-interference over the whole table of routes: in random companies, whatever is added, changed or
//! deleted beyond somebody's sight leaves every answer to them byte for byte as it was, and what is beyond
//! their sight answers as what never was, whatever the verb.

use axum::http::Method;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use testkit::{Actor, Answer, Site, lead, town};
use uuid::Uuid;

use crate::chance::{Chance, rounds};
use crate::company::encoded;
use crate::content;

testkit::on_both_databases!(what_is_beyond_ones_sight_changes_no_answer);

const COUNTRIES: [&str; 4] = ["DE", "AT", "CH", "US"];
const ACTS: usize = 12;

/// Reads that come as POST; every other one changes something, and is asked about hidden ids only.
const READS: [&str; 5] =
    ["/conditions/postcodes", "/conditions/say", "/leads/count", "/leads/search", "/plan/check"];

struct World {
    site: Site,
    boss: Actor,
    /// Everybody's role but the administrator's, who sees all.
    observers: Vec<(&'static str, Actor)>,
    territories: Vec<String>,
    /// Ids to put into paths, by resource: of what was there in the beginning.
    known: Vec<(&'static str, String)>,
    /// Leads that acts may change.
    leads: Vec<String>,
}

/// What was done: the resource and id, and the paths that show it to whoever may see it.
struct Act {
    what: String,
    made: Option<(&'static str, String)>,
    shown_at: Vec<String>,
}

/// Address, status, tag and text of each answer.
type Answers = Vec<(String, u16, String)>;

async fn world(site: &Site, chance: &mut Chance) -> World {
    let boss = site.administrator().await;
    let mut territories: Vec<String> = Vec::new();
    for country in COUNTRIES {
        let parent = (!territories.is_empty() && chance.one_in(2)).then(|| chance.below(territories.len()));
        let parent = parent.map(|at| territories[at].clone());
        let when = json!({ "field": "country", "op": "is_any_of", "values": [country] });
        territories.push(boss.makes_territory(country, parent.as_deref(), when).await);
    }
    let mut observers = Vec::new();
    for role in &town::ROLES[1..] {
        observers.push((*role, boss.hires(role, role).await));
    }
    // A second seller, so that somebody is a colleague of somebody.
    observers.push(("seller", boss.hires("zweite", "seller").await));
    let mut world = World {
        site: site.clone(),
        known: vec![("territories", territories[0].clone()), ("users", boss.id.to_string())],
        boss,
        observers,
        territories,
        leads: Vec::new(),
    };
    for (at, (role, person)) in world.observers.iter().enumerate() {
        for (number, territory) in world.territories.iter().enumerate() {
            // Nobody is let into every territory, so that something is beyond each one's sight.
            if number != at % 4 && chance.one_in(2) {
                let body = json!({ "access": true, "includes_children": chance.one_in(4),
                    "assignment": *role == "seller" && !chance.one_in(3) });
                world.boss.put(&member(territory, person.id), body).await.is_fine();
            }
        }
    }
    for at in 0..6 {
        let id = world.boss.creates(lead(&format!("Firma {at}")).in_country(COUNTRIES[at % 4])).await;
        world.leads.push(id.clone());
        if at < 3 {
            world.known.push(("leads", id));
        }
    }
    for territory in &world.territories[..2] {
        let rules = world.boss.get(&format!("/api/v1/territories/{territory}/rules")).await.is(200).json();
        world.known.push(("rules", rules["items"][0]["id"].as_str().expect("a rule").to_owned()));
        world.known.push(("territories", territory.clone()));
    }
    for at in [0, 1, 4] {
        world.known.push(("users", world.observers[at].1.id.to_string()));
    }
    world
}

fn member(territory: &str, person: Uuid) -> String {
    format!("/api/v1/territories/{territory}/members/{person}")
}

/// Every route that reads, with every id that is known, and lists by what could tell something.
fn questions(world: &World) -> Vec<(Method, String, Option<Value>)> {
    let mut questions = Vec::new();
    for row in crm::http::routes::rows(&world.site.app) {
        let method: Method = row.method.parse().expect("a method");
        let is_read = READS.iter().any(|read| row.path.ends_with(read));
        if (method != Method::GET && !is_read) || row.path.ends_with("/events") {
            continue;
        }
        let body = town::body(&method, &row.path);
        for path in paths(world, &row.path) {
            questions.push((method.clone(), path, body.clone()));
        }
    }
    let mut ask = |path: String| questions.push((Method::GET, path, None));
    for sort in ["company", "-created_at", "territory", "-owner,company"] {
        ask(format!("/api/v1/leads?sort={sort}&limit=2"));
    }
    for filter in [
        json!({ "field": "company", "op": "contains_any_of", "values": ["firma", "geheim"] }),
        json!({ "not": { "field": "country", "op": "is_any_of", "values": ["DE"] } }),
        json!({ "field": "owner", "op": "is_any_of", "values": [world.observers[4].1.id] }),
        json!({ "field": "territory", "op": "is_any_of", "values": [world.territories[3]] }),
        json!({ "field": "owner", "op": "is_empty" }),
    ] {
        ask(format!("/api/v1/leads?filter={}", encoded(&filter.to_string())));
    }
    for query in ["tokens?user=", "sessions?user="] {
        ask(format!("/api/v1/{query}{}", world.observers[4].1.id));
    }
    ask("/api/v1/users?is_active=true&limit=2".to_owned());
    ask("/api/v1/plan/versions?limit=2".to_owned());
    for kind in ["country", "state"] {
        ask(format!("/api/v1/places?kind={kind}&q=b"));
    }
    questions
}

/// A route's path with the ids that belong there; none of its parts may be left.
fn paths(world: &World, route: &str) -> Vec<String> {
    if !route.contains('{') {
        return vec![route.to_owned()];
    }
    let resource = route.split('/').nth(3).expect("a resource");
    let absent = Uuid::nil().to_string();
    let ids = world.known.iter().filter(|(kind, _)| *kind == resource).map(|(_, id)| id);
    let fill = |id: &String| {
        let named =
            [("{id}", id.as_str()), ("{user}", &absent), ("{absence}", &absent), ("{key}", "company")];
        named.iter().fold(route.to_owned(), |path, (name, value)| path.replace(name, value))
    };
    let paths: Vec<String> = ids.chain([&absent]).map(fill).collect();
    assert!(paths.iter().all(|path| !path.contains('{')), "{route} has a part that is not known here");
    paths
}

async fn answers(world: &World) -> Vec<Answers> {
    let questions = questions(world);
    let mut all = Vec::new();
    for (_, person) in &world.observers {
        let mut answers = Vec::new();
        for (method, path, body) in &questions {
            let answer = person.ask(method.clone(), path, &[], body.clone()).await;
            answers.push((format!("{method} {path}"), answer.status.as_u16(), told(&answer)));
        }
        all.push(answers);
    }
    for (answers, events) in all.iter_mut().zip(events(world).await) {
        answers.push(("GET /api/v1/events".to_owned(), 200, events));
    }
    all
}

fn told(answer: &Answer) -> String {
    format!("{} {} {}", answer.header("etag"), answer.header("location"), answer.text)
}

/// What each is told on the stream, from the beginning to now. Another server ends once it has said it.
async fn events(world: &World) -> Vec<String> {
    let server = world.site.another_server().await;
    let mut streams = Vec::new();
    for (_, person) in &world.observers {
        // Well formed, older than all, and no event's.
        let request = person.begin(Method::GET, "/api/v1/events");
        let start = uuid::Builder::from_unix_timestamp_millis(1_795_514_400_000, &[0; 10]).into_uuid();
        let request = request.header("last-event-id", start.to_string());
        streams.push(server.response(request.body(axum::body::Body::empty()).expect("a request")).await);
    }
    server.app.ending.cancel();
    let mut told = Vec::new();
    for stream in streams {
        let bytes = stream.into_body().collect().await.expect("it ends").to_bytes();
        told.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    server.end().await;
    told
}

async fn act(world: &mut World, chance: &mut Chance, number: usize) -> Act {
    let boss = world.boss.clone();
    let country = COUNTRIES[chance.below(4)];
    let at = chance.below(world.leads.len());
    let old = world.leads[at].clone();
    let shown = |id: &str| vec![format!("/api/v1/leads/{id}")];
    match number % ACTS {
        0..=2 => {
            let draft = lead(&format!("Geheim {number}")).with("emails", json!(["firma@example.com"]));
            let draft = if chance.one_in(4) { draft } else { draft.in_country(country) };
            let id = boss.creates(draft).await;
            world.leads.push(id.clone());
            let what = format!("a lead in {country}");
            Act { what, shown_at: shown(&id), made: Some(("leads", id)) }
        }
        3 => {
            let body = json!({ "company": format!("Anders {number}"), "employees": number });
            boss.patch(&format!("/api/v1/leads/{old}"), body).await.is(200);
            Act { what: "a changed lead".to_owned(), shown_at: shown(&old), made: None }
        }
        4 => {
            let parent = &world.territories[chance.below(4)];
            let when = json!({ "field": "company", "op": "is_any_of", "values": [format!("T{number}")] });
            let id = boss.makes_territory(&format!("Neu {number}"), Some(parent), when).await;
            let shown_at = vec![format!("/api/v1/territories/{id}")];
            Act { what: "a territory".to_owned(), shown_at, made: Some(("territories", id)) }
        }
        5 => {
            let person = boss.hires(&format!("Fremd{number}"), "seller").await;
            let shown_at = vec![format!("/api/v1/users/{}", person.id)];
            Act { what: "a user".to_owned(), shown_at, made: Some(("users", person.id.to_string())) }
        }
        6 => {
            let territory = world.territories[chance.below(4)].clone();
            let person = boss.hires(&format!("Mitglied{number}"), "seller").await;
            let body = json!({ "access": true, "assignment": true });
            boss.put(&member(&territory, person.id), body).await.is_fine();
            // Whoever sees the territory may see who is in it.
            let shown_at =
                vec![format!("/api/v1/territories/{territory}"), format!("/api/v1/users/{}", person.id)];
            Act { what: "a member".to_owned(), shown_at, made: Some(("users", person.id.to_string())) }
        }
        7 => {
            let path = format!("/api/v1/leads/{old}/assignment");
            let before = boss.get(&format!("/api/v1/leads/{old}")).await.is(200).json();
            let target = &world.territories[chance.below(4)];
            boss.ask(Method::POST, &path, &[("if-match", "*")], Some(json!({ "territory": target }))).await;
            let here = before["territory"]["id"].as_str().map(|id| format!("/api/v1/territories/{id}"));
            // Whoever saw it before may be told that it has gone.
            let shown_at = shown(&old).into_iter().chain(here).collect();
            Act { what: "an assignment".to_owned(), shown_at, made: None }
        }
        8 => {
            let person = boss.hires(&format!("Programm{number}"), "seller").await;
            let token = json!({ "name": "a program", "scopes": ["all"] });
            let token = person.post("/api/v1/tokens", token).await.is(201).text_at("/id");
            let shown_at = vec![format!("/api/v1/users/{}", person.id)];
            Act { what: "a token".to_owned(), shown_at, made: Some(("tokens", token)) }
        }
        9 => {
            let person = boss.hires(&format!("Fort{number}"), "seller").await;
            let absence = json!({ "starts_at": "2026-11-24T00:00:00Z", "ends_at": "2026-11-30T00:00:00Z" });
            let path = format!("/api/v1/users/{}/absences", person.id);
            boss.post(&path, absence).await.is(201);
            let shown_at = vec![path, format!("/api/v1/users/{}", person.id)];
            Act { what: "an absence".to_owned(), shown_at, made: Some(("users", person.id.to_string())) }
        }
        10 => {
            let territory = &world.territories[chance.below(4)];
            let when = json!({ "field": "company", "op": "is_any_of", "values": [format!("R{number}")] });
            let path = format!("/api/v1/territories/{territory}/rules");
            let rule =
                boss.post(&path, json!({ "name": format!("Neu {number}"), "when": when })).await.is(201);
            let id = rule.text_at("/id");
            let shown_at = vec![format!("/api/v1/rules/{id}")];
            Act { what: "a rule".to_owned(), shown_at, made: Some(("rules", id)) }
        }
        _ => {
            let id = boss.creates(lead(&format!("Kurz {number}")).in_country(country)).await;
            let path = format!("/api/v1/leads/{id}");
            let mut shown_at = Vec::new();
            if let Some(place) = boss.get(&path).await.is(200).json()["territory"]["id"].as_str() {
                shown_at.push(format!("/api/v1/territories/{place}"));
            }
            boss.delete(&path).await.is(204);
            Act { what: "a lead that came and went".to_owned(), shown_at, made: None }
        }
    }
}

async fn what_is_beyond_ones_sight_changes_no_answer(site: Site) {
    let mut chance = Chance::new(47);
    let mut world = world(&site, &mut chance).await;
    let mut before = answers(&world).await;
    let (mut hidden, mut noticed) = (vec![0; world.observers.len()], 0);
    for number in 0..rounds(ACTS) {
        // Who would be shown it is asked before, too: what moves away was somebody's.
        let act = act(&mut world, &mut chance, number).await;
        let after = answers(&world).await;
        for (at, (role, person)) in world.observers.iter().enumerate() {
            let mut is_shown = false;
            for path in &act.shown_at {
                is_shown |= person.get(path).await.status.is_success();
            }
            let differing: Vec<String> = differences(&before[at], &after[at]);
            if is_shown {
                noticed += usize::from(!differing.is_empty());
                continue;
            }
            assert_eq!(differing, Vec::<String>::new(), "{} interferes with the {role}", act.what);
            hidden[at] += 1;
            if let Some((resource, id)) = &act.made {
                is_as_absent(&world, person, resource, id).await;
            }
        }
        before = after;
    }
    // The mutant: what they may see does change what they are told.
    assert!(noticed >= ACTS, "only {noticed} acts were noticed by those who may see them");
    // The manager's role sees every record; from all others something was hidden.
    assert!(hidden[1..].iter().all(|acts| *acts > 1), "too little was hidden: {hidden:?}");
}

fn differences(before: &Answers, after: &Answers) -> Vec<String> {
    let pairs = before.iter().zip(after);
    pairs.filter(|(a, b)| a != b).map(|(a, b)| format!("{a:?}\nbecame {b:?}")).collect()
}

/// Every verb of every route on a hidden id answers as on an id that never was, and writes nothing.
async fn is_as_absent(world: &World, person: &Actor, resource: &str, id: &str) {
    let content = content::of(&world.site.base).await;
    let absent = Uuid::from_u128(0x0000_0001_0000_7000_8000_0000_0000_0001).to_string();
    for row in crm::http::routes::rows(&world.site.app) {
        if !row.path.starts_with(&format!("/api/v1/{resource}/{{")) {
            continue;
        }
        let method: Method = row.method.parse().expect("a method");
        let body = town::body(&method, &row.path);
        let ask = async |id: &str| {
            let own = person.id.to_string();
            let named = [("{id}", id), ("{user}", own.as_str()), ("{absence}", id), ("{key}", id)];
            let path = named.iter().fold(row.path.clone(), |path, (name, value)| path.replace(name, value));
            let answer = person.ask(method.clone(), &path, &[("if-match", "*")], body.clone()).await;
            (answer.status, told(&answer).replace(id, "ID"))
        };
        let (there, nowhere) = (ask(id).await, ask(&absent).await);
        assert_eq!(there, nowhere, "{method} {} tells that {id} is there", row.path);
        assert!(there.0.is_client_error(), "{method} {}: {there:?}", row.path);
    }
    assert_eq!(content, content::of(&world.site.base).await, "something was written about {id}");
}
