//! What stands in a database, as text, by workspace.

use sea_orm::{ConnectionTrait, Statement};
use testkit::base::Base;
pub use testkit::content::of;
use testkit::living_twin;
use uuid::Uuid;

/// The single number that a query answers of one table, without the rows of the living twin.
pub async fn number(base: &Base, sql: &str) -> i64 {
    let connection = base.connection().await;
    let (what, rest) = sql.split_once(" FROM ").expect("a query of a table");
    let (table, filter) = rest.split_once(' ').unwrap_or((rest, ""));
    let twin = living_twin::id(base.kind);
    let sql = format!("{what} FROM (SELECT * FROM {table} WHERE workspace_id <> {twin}) AS own {filter}");
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.expect("the query runs").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

/// The rows of one workspace, in a fixed order.
pub async fn of_workspace(base: &Base, workspace: Uuid) -> Vec<String> {
    let names = [workspace.to_string(), workspace.simple().to_string().to_uppercase()];
    let all = of(base).await.into_iter();
    all.filter(|row| names.iter().any(|name| row.contains(name))).collect()
}
