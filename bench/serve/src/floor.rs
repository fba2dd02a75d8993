//! The floor: a bare handler that reads the newest 50 leads from SQLite by an index, every column that the list
//! page shows and no other, and writes them as JSON. In a process of its own, as the server is.

use std::str::FromStr;

use anyhow::Result;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sea_orm::sqlx::{self, Row};
use serde::Serialize;

const ROWS: &str = "SELECT lower(hex(id)), version, created_at, updated_at, assigned_at, queued_at, \
     lower(hex(territory_id)), lower(hex(owner_id)), is_pinned, door, derived, repairs, \
     salutation, title, first_name, last_name, job_title, company, emails, phones, website, street, city, \
     country, state, postcode, industry, source, status, employees, score, annual_revenue_minor, \
     annual_revenue_currency, requirements, notes, custom FROM lead \
     WHERE workspace_id = (SELECT id FROM workspace) ORDER BY created_at DESC, id DESC LIMIT 50";

/// Serves the database on a free port, which it prints.
///
/// # Errors
/// Where SQLite or the port refuses.
pub async fn serve(database: &str) -> Result<()> {
    let options = SqliteConnectOptions::from_str(database)?.read_only(true);
    let pool = SqlitePoolOptions::new().max_connections(6).connect_with(options).await?;
    let hello = get(async || "hello");
    let router = Router::new().route("/leads", get(list)).with_state(pool).route("/hello", hello);
    Ok(testkit::floor::serve(router).await?)
}

async fn list(State(pool): State<SqlitePool>) -> Json<Page> {
    let rows = sqlx::query(ROWS).fetch_all(&pool).await.unwrap_or_default();
    Json(Page { items: rows.iter().map(lead).collect() })
}

#[derive(Serialize)]
struct Page {
    items: Vec<Lead>,
}

#[derive(Serialize)]
struct Lead {
    id: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
    assigned_at: Option<i64>,
    queued_at: Option<i64>,
    territory: Option<String>,
    owner: Option<String>,
    pinned: bool,
    door: String,
    derived: String,
    repairs: String,
    salutation: Option<String>,
    title: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    job_title: Option<String>,
    company: Option<String>,
    emails: Option<String>,
    phones: Option<String>,
    website: Option<String>,
    street: Option<String>,
    city: Option<String>,
    country: Option<String>,
    state: Option<String>,
    postcode: Option<String>,
    industry: Option<String>,
    source: Option<String>,
    status: Option<String>,
    employees: Option<i64>,
    score: Option<i64>,
    annual_revenue_minor: Option<i64>,
    annual_revenue_currency: Option<String>,
    requirements: Option<String>,
    notes: Option<String>,
    custom: String,
}

fn lead(row: &SqliteRow) -> Lead {
    Lead {
        id: row.get(0),
        version: row.get(1),
        created_at: row.get(2),
        updated_at: row.get(3),
        assigned_at: row.get(4),
        queued_at: row.get(5),
        territory: row.get(6),
        owner: row.get(7),
        pinned: row.get(8),
        door: row.get(9),
        derived: row.get(10),
        repairs: row.get(11),
        salutation: row.get(12),
        title: row.get(13),
        first_name: row.get(14),
        last_name: row.get(15),
        job_title: row.get(16),
        company: row.get(17),
        emails: row.get(18),
        phones: row.get(19),
        website: row.get(20),
        street: row.get(21),
        city: row.get(22),
        country: row.get(23),
        state: row.get(24),
        postcode: row.get(25),
        industry: row.get(26),
        source: row.get(27),
        status: row.get(28),
        employees: row.get(29),
        score: row.get(30),
        annual_revenue_minor: row.get(31),
        annual_revenue_currency: row.get(32),
        requirements: row.get(33),
        notes: row.get(34),
        custom: row.get(35),
    }
}
