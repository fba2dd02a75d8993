//! What stands in a database, as text: to see that nothing has changed, and to count.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use crate::base::{Base, Kind};

/// These change whenever somebody asks anything: when a session or token was last seen.
const LIVELY: [&str; 3] = ["session", "api_token", "seaql_migrations"];

/// Every row of every table, in a fixed order.
///
/// # Panics
/// Where the database does not answer.
pub async fn of(base: &Base) -> Vec<String> {
    let connection = base.connection().await;
    let tables = match base.kind {
        Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        Kind::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        }
    };
    let mut content = Vec::new();
    for table in texts(&connection, tables).await {
        if LIVELY.contains(&table.as_str()) || table.starts_with("sqlite_") {
            continue;
        }
        let row = match base.kind {
            Kind::Sqlite => {
                let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
                texts(&connection, &columns).await.join(" || '|' || ")
            }
            Kind::Postgres => format!("\"{table}\"::text"),
        };
        let rows = texts(&connection, &format!("SELECT {row} FROM \"{table}\" ORDER BY 1")).await;
        content.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
    }
    content
}

/// The single number that a query answers.
///
/// # Panics
/// Where the query does not run.
pub async fn number(base: &Base, sql: &str) -> i64 {
    let connection = base.connection().await;
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.expect("the query runs").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}
