//! Twin workspaces: the same records with the same ids under another workspace. A statement that forgets
//! its workspace doubles or mixes rows, and the test that counts them fails.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use uuid::Uuid;

use crate::base::{Base, Kind};

/// Copies everything that belongs to `workspace` into a new one with equal record ids.
///
/// # Panics
/// Where the database refuses.
pub async fn make(base: &Base, workspace: Uuid) -> Uuid {
    let connection = base.connection().await;
    let twin = Uuid::now_v7();
    for (table, key) in tables(base.kind, &connection).await {
        let columns = columns(base.kind, &connection, &table).await;
        let kept: Vec<String> =
            columns.iter().filter(|column| **column != key).map(|column| format!("\"{column}\"")).collect();
        let kept = kept.join(", ");
        let comma = if kept.is_empty() { "" } else { ", " };
        let sql = format!(
            "INSERT INTO \"{table}\" (\"{key}\"{comma}{kept}) SELECT $1{comma}{kept} FROM \"{table}\" \
             WHERE \"{key}\" = $2"
        );
        let backend = connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, &sql, [twin.into(), workspace.into()]);
        connection.execute_raw(statement).await.unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    twin
}

/// Every table that belongs to a workspace, with the column that names it.
pub(crate) async fn tables(kind: Kind, connection: &DatabaseConnection) -> Vec<(String, String)> {
    let sql = match kind {
        Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Kind::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let mut tables = Vec::new();
    for table in texts(connection, sql).await {
        // Founding says that the database has been set up, once for all workspaces.
        if table == "founding" || crate::living_twin::is_ours(&table) {
            continue;
        }
        let columns = columns(kind, connection, &table).await;
        if table == "workspace" {
            tables.push((table, "id".to_owned()));
        } else if columns.iter().any(|column| column == "workspace_id") {
            tables.push((table, "workspace_id".to_owned()));
        }
    }
    tables
}

pub(crate) async fn columns(kind: Kind, connection: &DatabaseConnection, table: &str) -> Vec<String> {
    let sql = match kind {
        Kind::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
        Kind::Postgres => format!(
            "SELECT column_name::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position"
        ),
    };
    texts(connection, &sql).await
}

pub(crate) async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.expect("the catalogue answers");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect()
}
