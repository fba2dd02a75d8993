//! The floor: a bare handler that fetches rows by their ids, every column that the list shows and no other, and
//! writes them as JSON. In a process of its own, as the server is.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use reqwest::Client;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement,
    TryGetable,
};
use serde_json::{Value, json};
use testkit::Floor;
use uuid::Uuid;

const IDS: [&str; 3] = ["id", "territory_id", "owner_id"];
const NUMBERS: [&str; 8] = [
    "version",
    "created_at",
    "updated_at",
    "assigned_at",
    "queued_at",
    "employees",
    "score",
    "annual_revenue_minor",
];
const TEXTS: [&str; 25] = [
    "door",
    "derived",
    "repairs",
    "salutation",
    "title",
    "first_name",
    "last_name",
    "job_title",
    "company",
    "emails",
    "phones",
    "website",
    "street",
    "city",
    "country",
    "state",
    "postcode",
    "industry",
    "source",
    "status",
    "annual_revenue_currency",
    "requirements",
    "notes",
    "custom",
    "custom_key",
];

/// Fetches the rows.
///
/// # Errors
/// Where the floor does not give all of them.
pub async fn fetch(floor: &Floor, client: &Client, ids: &[String]) -> Result<()> {
    let answer = client.get(format!("http://{}/leads/{}", floor.address, ids.join(","))).send().await?;
    ensure!(answer.status() == 200, "the floor: {}", answer.status());
    answer.bytes().await?;
    Ok(())
}

/// Serves the database on a free port, which it prints.
///
/// # Errors
/// Where database or port refuses.
pub async fn serve(database: &str) -> Result<()> {
    let mut options = ConnectOptions::new(database);
    options.sqlx_logging(false).max_connections(2);
    let connection = Database::connect(options).await?;
    let statement = Statement::from_string(connection.get_database_backend(), "SELECT id FROM workspace");
    let row = connection.query_one_raw(statement).await?.context("a workspace")?;
    let shop = Arc::new(Shop { workspace: row.try_get_by_index(0)?, connection });
    let router = Router::new().route("/leads/{ids}", get(list)).with_state(shop);
    Ok(testkit::floor::serve(router).await?)
}

struct Shop {
    workspace: Uuid,
    connection: DatabaseConnection,
}

async fn list(State(shop): State<Arc<Shop>>, Path(ids): Path<String>) -> Json<Value> {
    let ids: Vec<Uuid> = ids.split(',').filter_map(|id| id.parse().ok()).collect();
    let backend = shop.connection.get_database_backend();
    let slot =
        |number: usize| if backend == DbBackend::Postgres { format!("${number}") } else { "?".to_owned() };
    let slots: Vec<String> = (2..ids.len() + 2).map(slot).collect();
    let columns: Vec<&str> = IDS.into_iter().chain(NUMBERS).chain(TEXTS).collect();
    let (columns, slots) = (columns.join(", "), slots.join(", "));
    let sql = format!("SELECT {columns} FROM lead WHERE workspace_id = {} AND id IN ({slots})", slot(1));
    let values = std::iter::once(shop.workspace).chain(ids).map(sea_orm::Value::from);
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let rows = shop.connection.query_all_raw(statement).await.unwrap_or_default();
    Json(rows.iter().map(lead).collect())
}

fn lead(row: &QueryResult) -> Value {
    let mut lead = json!({});
    for name in IDS {
        lead[name] = json!(cell::<Uuid>(row, name));
    }
    for name in NUMBERS {
        lead[name] = json!(cell::<i64>(row, name));
    }
    for name in TEXTS {
        lead[name] = json!(cell::<String>(row, name));
    }
    lead
}

fn cell<T: TryGetable>(row: &QueryResult, name: &str) -> Option<T> {
    row.try_get("", name).ok().flatten()
}
