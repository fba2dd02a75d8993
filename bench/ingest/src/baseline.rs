//! What the databases do without us: one row, no index, a transaction of its own; and one locked turn
//! per lead, as a CRM without batches writes it.

use std::str::FromStr;
use std::time::Duration;

use anyhow::Result;
use sea_orm::sqlx::postgres::{PgPool, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{self, Row};
use testkit::load::{Measured, side_by_side};
use testkit::{Base, Kind};
use uuid::Uuid;

const BARE: &str = "CREATE TABLE bare (id {id} NOT NULL, company text, first_name text, last_name text, email text, \
     phone text, street text, city text, country text, state text, postcode text, industry text, source text, \
     employees bigint, created_at bigint)";
const INSERT: &str = "INSERT INTO bare VALUES ($1, $2, 'Kim', 'Weiß', 'kim@firma.example', '+493023125001', \
     'Hauptstraße 1', 'München', 'DE', 'DE-BY', '80331', 'mechanical_engineering', 'trade_fair', 120, $3)";

/// # Errors
/// Where SQLite refuses.
pub async fn bare_sqlite(clients: usize, time: Duration) -> Result<Measured> {
    let base = Base::empty(Kind::Sqlite).await;
    let options = SqliteConnectOptions::from_str(&base.url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    sqlx::query(sqlx::AssertSqlSafe(BARE.replace("{id}", "blob"))).execute(&pool).await?;
    let measured = side_by_side(clients, time, async |number| {
        let query = sqlx::query(INSERT).bind(Uuid::now_v7()).bind(format!("Firma {number}"));
        query.bind(i64::try_from(number)?).execute(&pool).await?;
        Ok(())
    })
    .await;
    pool.close().await;
    base.drop().await;
    measured
}

/// # Errors
/// Where PostgreSQL refuses.
pub async fn bare_postgres(clients: usize, time: Duration) -> Result<Measured> {
    let base = Base::empty(Kind::Postgres).await;
    let pool = pool(&base, clients).await?;
    sqlx::query(sqlx::AssertSqlSafe(BARE.replace("{id}", "uuid"))).execute(&pool).await?;
    let measured = side_by_side(clients, time, async |number| {
        let query = sqlx::query(INSERT).bind(Uuid::now_v7()).bind(format!("Firma {number}"));
        query.bind(i64::try_from(number)?).execute(&pool).await?;
        Ok(())
    })
    .await;
    pool.close().await;
    base.drop().await;
    measured
}

/// One territory's row is locked for each lead, on our schema with its indexes, without HTTP.
///
/// # Errors
/// Where PostgreSQL refuses.
pub async fn for_update(clients: usize, time: Duration) -> Result<Measured> {
    let base = Base::new(Kind::Postgres).await;
    let pool = pool(&base, clients).await?;
    let (workspace, territory) = (Uuid::now_v7(), Uuid::now_v7());
    sqlx::query("INSERT INTO rotation (workspace_id, territory_id, turn, state) VALUES ($1, $2, 0, '{}')")
        .bind(workspace)
        .bind(territory)
        .execute(&pool)
        .await?;
    let measured =
        side_by_side(clients, time, async |number| one_turn(&pool, workspace, territory, number).await).await;
    pool.close().await;
    base.drop().await;
    measured
}

async fn one_turn(pool: &PgPool, workspace: Uuid, territory: Uuid, number: u64) -> Result<()> {
    let mut tx = pool.begin().await?;
    let row =
        sqlx::query("SELECT turn FROM rotation WHERE workspace_id = $1 AND territory_id = $2 FOR UPDATE")
            .bind(workspace)
            .bind(territory)
            .fetch_one(&mut *tx)
            .await?;
    let turn = row.try_get::<i64, _>(0)? + 1;
    let (lead, now) = (Uuid::now_v7(), i64::try_from(number)?);
    sqlx::query("UPDATE rotation SET turn = $3 WHERE workspace_id = $1 AND territory_id = $2")
        .bind(workspace)
        .bind(territory)
        .bind(turn)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO lead (workspace_id, id, version, created_at, updated_at, door, territory_id, owner_id, \
         is_pinned, company, company_key, country, state, postcode, postcode_key, employees, custom, custom_key, \
         derived, repairs) VALUES ($1, $2, 1, $3, $3, 'api', $4, $5, false, $6, $6, 'DE', 'DE-BY', '80331', \
         '80331', 120, '{}', '{}', '[]', '[]')",
    )
    .bind(workspace)
    .bind(lead)
    .bind(now)
    .bind(territory)
    .bind(Uuid::from_u128(turn.unsigned_abs().into()))
    .bind(format!("firma {number}"))
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO decision (workspace_id, id, lead_id, at, territory_id, turn, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, '{}')",
    )
    .bind(workspace)
    .bind(Uuid::now_v7())
    .bind(lead)
    .bind(now)
    .bind(territory)
    .bind(turn)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

async fn pool(base: &Base, clients: usize) -> Result<PgPool> {
    let connections = u32::try_from(clients)?;
    Ok(PgPoolOptions::new().max_connections(connections).connect(&base.url).await?)
}
