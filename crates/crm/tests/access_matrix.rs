//! Every route as everybody: the statuses stand in `docs/access-matrix.txt`, and whoever changes who may
//! what sees it there. With REVIER_ACCEPT=1 the file is written anew.

use std::path::Path;

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Actor, Base, Kind, Site, lead};
use uuid::Uuid;

const FILE: &str = "../../docs/access-matrix.txt";
const ROLES: [&str; 5] = ["administrator", "sales_manager", "seller", "restricted_seller", "read_only"];

const PREFACE: &str = "\
Who gets which answer where. Each call is made to a small company on its own copy of the database, with
an empty body and If-Match: *, so 422 means: allowed, but the body says nothing. The lead belongs to a
colleague in the territory to which everybody but the administrator has access; user, session, token and
absence are that colleague's. 401: sign in first. 403: the role never allows it. 404: not for these eyes.
Whatever is refused (4xx) leaves every row as it was.
";

/// A company as every call finds it.
struct Company {
    people: Vec<Actor>,
    ids: Ids,
}

#[derive(Clone)]
struct Ids {
    lead: String,
    territory: String,
    rule: String,
    token: String,
    session: String,
    absence: String,
    colleague: String,
}

#[test]
fn every_route_answers_every_role_as_the_matrix_says() {
    testkit::both::runtime().block_on(async {
        let base = Base::new(Kind::Sqlite).await;
        let site = Site::new(base).await;
        let company = found(&site).await;
        let rows = crm::http::routes::rows(&site.app);
        let base = std::sync::Arc::clone(&site.base);
        site.end().await;

        let mut lines = Vec::new();
        for row in &rows {
            let mut statuses = Vec::new();
            for at in 0..=ROLES.len() {
                statuses.push(call(&base, &company, at, &row.method, &row.path).await);
            }
            let columns = ["nobody"].iter().chain(&ROLES).zip(statuses);
            let statuses: Vec<String> =
                columns.map(|(role, status)| format!("{status:<width$}", width = role.len())).collect();
            lines.push(format!(
                "{:<7}{:<48}{:<22}{}",
                row.method,
                row.path,
                row.permission.to_string(),
                statuses.join("  ").trim_end()
            ));
        }
        lines.sort();
        compare(&lines);
    });
}

/// Nobody for 0, then each role.
async fn call(base: &Base, company: &Company, at: usize, method: &str, path: &str) -> u16 {
    let site = Site::new(base.copy()).await;
    let actor = match at {
        0 => company.people[0].nobody().on(&site),
        at => company.people[at - 1].on(&site),
    };
    let method: Method = method.parse().expect("a method");
    let path = filled(path, &company.ids);
    let body = matches!(method, Method::POST | Method::PUT | Method::PATCH).then(|| json!({}));
    let before = content(&site).await;
    let status = actor.status(method.clone(), &path, body).await;
    if (400..500).contains(&status) {
        assert_eq!(before, content(&site).await, "{method} {path} was refused with {status}, and written");
    }
    assert!(status < 500, "{method} {path}: {status}");
    status
}

async fn found(site: &Site) -> Company {
    let administrator = site.administrator().await;
    let territory = administrator.makes_territory("Nord", None, json!({ "all": [] })).await;
    let colleague = administrator.hires_seller("Jonas", &territory).await;
    let mut people = vec![administrator.clone()];
    for role in &ROLES[1..] {
        let person = administrator.hires(role, role).await;
        administrator.lets_in(&territory, &person, false).await;
        people.push(person);
    }
    let rules = administrator.get(&format!("/api/v1/territories/{territory}/rules")).await.is_fine();
    let absence = json!({ "starts_at": "2030-08-03T00:00:00Z", "ends_at": "2030-08-15T00:00:00Z" });
    let absence =
        administrator.post(&format!("/api/v1/users/{}/absences", colleague.id), absence).await.is(201);
    let token = colleague.post("/api/v1/tokens", json!({ "name": "form", "scopes": ["all"] })).await.is(201);
    let sessions = colleague.get("/api/v1/sessions").await.is_fine();
    let ids = Ids {
        lead: administrator.creates(lead("Bäckerei Huber").in_country("DE")).await,
        rule: first_id(&rules.json()),
        token: token.text_at("/id"),
        session: first_id(&sessions.json()),
        absence: absence.text_at("/id"),
        colleague: colleague.id.to_string(),
        territory,
    };
    let owner = administrator.get(&format!("/api/v1/leads/{}", ids.lead)).await.is_fine().json();
    assert!(owner.to_string().contains(&ids.colleague), "the only member gets the lead: {owner}");
    Company { people, ids }
}

/// The first id in a list, whatever the list is called.
fn first_id(json: &Value) -> String {
    let items = json.as_array().or_else(|| json.as_object()?.values().find_map(Value::as_array));
    let first = items.and_then(|items| items.first()).unwrap_or_else(|| panic!("no list: {json}"));
    first["id"].as_str().unwrap_or_else(|| panic!("no id: {json}")).to_owned()
}

fn filled(path: &str, ids: &Ids) -> String {
    let Ids { lead, territory, rule, token, session, absence, colleague } = ids;
    let nothing = Uuid::nil().to_string();
    let id = match path.split('/').nth(3).unwrap_or_default() {
        "leads" => lead,
        "territories" => territory,
        "rules" => rule,
        "tokens" => token,
        "sessions" => session,
        "users" => colleague,
        _ => &nothing,
    };
    path.replace("{id}", id).replace("{user}", colleague).replace("{absence}", absence)
}

/// Every row of every table, as one text.
async fn content(site: &Site) -> String {
    use sea_orm::{ConnectionTrait, Statement};
    let connection = site.base.connection().await;
    let backend = connection.get_database_backend();
    let mut content = String::new();
    let counts = site.app.db.counts().await.expect("it answers");
    for table in counts.keys() {
        let sql = format!(
            "SELECT group_concat('quote(\"' || name || '\")', ' || ') FROM pragma_table_info('{table}')"
        );
        let row = connection.query_one_raw(Statement::from_string(backend, sql)).await.expect("read");
        let columns: String = row.expect("one").try_get_by_index(0).expect("a text");
        let sql = format!("SELECT coalesce(group_concat({columns}, char(10)), '') FROM \"{table}\"");
        let row = connection.query_one_raw(Statement::from_string(backend, sql)).await.expect("read");
        content += &row.expect("one").try_get_by_index::<String>(0).expect("a text");
    }
    connection.close().await.expect("closed");
    content
}

fn compare(lines: &[String]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let head = format!("{:<7}{:<48}{:<22}nobody  {}", "", "", "permission", ROLES.join("  "));
    let matrix = format!("{PREFACE}\n{head}\n{}\n", lines.join("\n"));
    if std::env::var_os("REVIER_ACCEPT").is_some() {
        std::fs::write(&file, &matrix).expect("written");
    }
    let accepted = std::fs::read_to_string(&file).unwrap_or_default();
    if accepted != matrix {
        let new: Vec<&str> =
            matrix.lines().filter(|line| !accepted.lines().any(|old| old == *line)).collect();
        let old: Vec<&str> =
            accepted.lines().filter(|line| !matrix.lines().any(|new| new == *line)).collect();
        panic!(
            "docs/access-matrix.txt says otherwise.\nGone:\n{}\nNew:\n{}\nWhere this is meant: \
             REVIER_ACCEPT=1 cargo nextest run -p crm every_route_answers",
            old.join("\n"),
            new.join("\n")
        );
    }
}
