//! Every route as everybody: the statuses stand in `docs/access-matrix.txt`, and whoever changes who may
//! what sees it there. With REVIER_ACCEPT=1 the file is written anew.

use std::path::Path;

use axum::http::Method;
use serde_json::json;
use testkit::town::{ROLES, body};
use testkit::{Base, Kind, Site, Town};

const FILE: &str = "../../docs/access-matrix.txt";
const PREFACE: &str = "\
Who gets which answer where. Each call is made to a small company on its own copy of the database, with
an empty body and If-Match: *, so 422 means: allowed, but the body says nothing. The lead belongs to a
colleague in the territory to which everybody but the administrator has access; user, session, token and
absence are that colleague's. 401: sign in first. 403: the role never allows it. 404: not for these eyes.
Whatever is refused (4xx) leaves every row as it was.
";

#[test]
fn every_route_answers_every_role_as_the_matrix_says() {
    testkit::both::runtime().block_on(async {
        let base = Base::beside_twin(Kind::Sqlite).await;
        let site = Site::new(base).await;
        let company = Town::found(&site).await;
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
async fn call(base: &Base, company: &Town, at: usize, method: &str, path: &str) -> u16 {
    let site = Site::new(base.copy()).await;
    let actor = match at {
        0 => company.people[0].nobody().on(&site),
        at => company.people[at - 1].on(&site),
    };
    let method: Method = method.parse().expect("a method");
    let (filled, good) = (company.path(path), body(&method, path));
    let empty = good.as_ref().map(|_| json!({}));
    let before = content(&site).await;
    let status = actor.status(method.clone(), &filled, empty).await;
    if (400..500).contains(&status) {
        assert_eq!(before, content(&site).await, "{method} {path} was refused with {status}, and written");
    }
    // Whoever is refused whatever they send is refused a good body too, before anything is written.
    if [401, 403, 404].contains(&status) {
        let again = actor.status(method.clone(), &filled, good).await;
        assert_eq!(again, status, "{method} {path} with a good body");
        assert_eq!(before, content(&site).await, "{method} {path} was refused with {again}, and written");
    }
    assert!(status < 500, "{method} {path}: {status}");
    status
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
