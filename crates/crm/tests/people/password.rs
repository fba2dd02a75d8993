//! No password leaves: not in an answer, not in the log, not in a column.

use axum::http::Method;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use testkit::{Kind, Site};

use super::house::{Asks, PASSWORD, Who, hire, path_of, set_up, token};

const NEW: &str = "Kanarienvogel im Keller";
const WRONG: &str = "Kanarienvogel im Dach";

testkit::on_both_databases!(no_password_or_secret_is_in_any_answer_entry_or_column);

async fn no_password_or_secret_is_in_any_answer_entry_or_column(site: Site) {
    let administrator = set_up(&site).await;
    let paul = hire(&site, &administrator, "Paul", "seller").await;
    let Who::Token(secret) = token(&site, &paul, json!(["all"])).await else { panic!("a token") };
    let Who::Session(cookie) = paul.who.clone() else { panic!("a session") };
    let mut said = Vec::new();
    let key = [("idempotency-key", "k")];
    let new_user = json!({ "name": "N", "email": "n@example.com", "role": "seller", "password": NEW });
    for body in [
        json!({ "email": "paul@example.com", "password": WRONG }),
        json!({ "email": WRONG, "password": WRONG }),
        json!({ "email": "paul@example.com", "password": 1_234_567_890_123_u64 }),
        json!({ "email": "paul@example.com", "password": { "is": WRONG } }),
        json!({ "email": "paul@example.com", "password": [WRONG] }),
    ] {
        said.push(site.post(&Who::Nobody, "/api/v1/session", body).await);
    }
    said.push(
        site.ask(&administrator.who, Method::POST, "/api/v1/users", &key, Some(new_user.clone())).await,
    );
    said.push(site.ask(&administrator.who, Method::POST, "/api/v1/users", &key, Some(new_user)).await);
    let path = format!("{}/password", path_of(&paul));
    said.push(site.post(&administrator.who, &path, json!({ "password": "Kanari" })).await);
    said.push(site.post(&administrator.who, &path, json!({ "password": NEW.repeat(20) })).await);
    let change = json!({ "old_password": WRONG, "new_password": NEW });
    said.push(site.post(&paul.who, "/api/v1/session/password", change).await);
    let change = json!({ "old_password": PASSWORD, "new_password": NEW });
    said.push(site.post(&paul.who, "/api/v1/session/password", change).await.is(204));
    for path in ["/api/v1/session", "/api/v1/sessions", "/api/v1/tokens", &path_of(&paul)] {
        said.push(site.get(&paul.who, path).await);
    }
    for path in ["/api/v1/users", "/api/v1/audit", &format!("/api/v1/tokens?user={}", paul.id)] {
        said.push(site.get(&administrator.who, path).await.is(200));
    }
    let canaries = ["Kanari", "Turmuhr", "1234567890123", "$argon2", &secret[40..], &cookie[40..]];
    for answer in &said {
        for canary in canaries {
            assert!(!answer.text.contains(canary), "{canary}: {answer}");
        }
    }
    for (table, text) in everything(&site).await {
        // The hash stands in one column only.
        let canaries = canaries.into_iter().filter(|canary| table != "user" || *canary != "$argon2");
        for canary in canaries {
            assert!(!text.contains(canary), "{table} holds {canary}: {text}");
        }
        // Nor does a fast hash of a body with a password, which could be guessed at leisure.
        let body =
            r#"{"name":"N","email":"n@example.com","role":"seller","password":"Kanarienvogel im Keller"}"#;
        assert!(!text.contains(&blake3::hash(body.as_bytes()).to_hex().to_string()), "{table}");
    }
}

/// Every row of every table as text.
async fn everything(site: &Site) -> Vec<(String, String)> {
    let connection = site.base.connection().await;
    let backend = connection.get_database_backend();
    let tables = match site.base.kind {
        Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Kind::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, tables)).await.expect("tables");
    let tables = rows.iter().map(|row| row.try_get_by_index(0).expect("a name"));
    let tables: Vec<String> = tables.filter(|table: &String| !testkit::living_twin::is_ours(table)).collect();
    let mut texts = Vec::new();
    for table in tables {
        let columns = match site.base.kind {
            Kind::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            Kind::Postgres => format!(
                "SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' \
                 AND table_schema = 'public'"
            ),
        };
        let columns =
            connection.query_all_raw(Statement::from_string(backend, columns)).await.expect("columns");
        let columns: Vec<String> =
            columns.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect();
        for column in columns {
            let sql = format!("SELECT CAST(\"{column}\" AS text) FROM \"{table}\"");
            for row in connection.query_all_raw(Statement::from_string(backend, sql)).await.expect("rows") {
                // Ids are no texts on SQLite.
                if let Ok(Some(text)) = row.try_get_by_index::<Option<String>>(0) {
                    texts.push((table.clone(), text));
                }
            }
        }
    }
    connection.close().await.expect("it closes");
    assert!(texts.len() > 50);
    texts
}
