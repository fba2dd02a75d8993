//! The floor: a bare handler that reads the newest 50 leads from SQLite and writes them as JSON.

use std::str::FromStr;

use anyhow::Result;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sea_orm::sqlx::{self, Row};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const ROWS: &str = "SELECT lower(hex(id)), version, created_at, company, last_name, emails, phones, street, city, \
     country, state, postcode, industry, employees, status FROM lead \
     WHERE workspace_id = (SELECT id FROM workspace) ORDER BY created_at DESC, id DESC LIMIT 50";

/// Serves it on a free port and returns its address.
///
/// # Errors
/// Where SQLite or the port refuses.
pub async fn start(database: &str) -> Result<String> {
    let options = SqliteConnectOptions::from_str(database)?.read_only(true);
    let pool = SqlitePoolOptions::new().max_connections(6).connect_with(options).await?;
    let router = Router::new().route("/", get(list)).with_state(pool);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(format!("http://{address}/"))
}

async fn list(State(pool): State<SqlitePool>) -> Json<Value> {
    let rows = sqlx::query(ROWS).fetch_all(&pool).await.unwrap_or_default();
    let items: Vec<Value> = rows.iter().map(view).collect();
    Json(json!({ "items": items }))
}

fn view(row: &SqliteRow) -> Value {
    let text = |at: usize| row.get::<Option<String>, _>(at);
    json!({
        "id": text(0), "version": row.get::<i64, _>(1), "created_at": row.get::<i64, _>(2), "company": text(3),
        "last_name": text(4), "emails": text(5), "phones": text(6), "street": text(7), "city": text(8),
        "country": text(9), "state": text(10), "postcode": text(11), "industry": text(12),
        "employees": row.get::<Option<i64>, _>(13), "status": text(14),
    })
}
