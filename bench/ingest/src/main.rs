//! `cargo xtask bench ingest`: leads created over HTTP, durable with their assignment, against the bare
//! insert of the same run (one row, no index, a transaction of its own) and against one locked turn per
//! lead. The release binary serves; clients and server share the machine's cores, and the floors do without
//! HTTP: what clients and connections cost is on our side of the ratio.

mod baseline;
mod clients;
mod site;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use testkit::load::Measured;
use testkit::{Base, Kind};

use site::Site;

/// How long each row is measured, after a second of warming up.
const MEASURED: Duration = Duration::from_secs(6);

fn main() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<()> {
    let binary: PathBuf = std::env::args_os().nth(1).map(PathBuf::from).context("name the release binary")?;
    let has_postgres = testkit::base::available(Kind::Postgres).is_some();
    println!("{:<44} {:>9} {:>9} {:>9}", "", "leads/s", "p50 ms", "p99 ms");
    let mut metrics = Map::new();
    for clients in [16, 64] {
        let bare = print(
            &format!("SQLite, bare insert, {clients}"),
            baseline::bare_sqlite(clients, MEASURED).await?,
        );
        let ours = print(
            &format!("SQLite, Revier over HTTP, {clients}"),
            ours(&binary, Kind::Sqlite, 1, clients).await?,
        );
        put(&mut metrics, &format!("sqlite_{clients}"), &ours, &bare);
    }
    if has_postgres {
        let bare = print("PostgreSQL, bare insert, 16", baseline::bare_postgres(16, MEASURED).await?);
        let locked =
            print("PostgreSQL, one FOR UPDATE per lead, 16", baseline::for_update(16, MEASURED).await?);
        let one = print("PostgreSQL, Revier, one territory, 16", ours(&binary, Kind::Postgres, 1, 16).await?);
        let twenty =
            print("PostgreSQL, Revier, 20 territories, 16", ours(&binary, Kind::Postgres, 20, 16).await?);
        put(&mut metrics, "pg_one_16", &one, &bare);
        put(&mut metrics, "pg_twenty_16", &twenty, &bare);
        metrics.insert("ratio_pg_for_update_16".to_owned(), ratio(&one, &locked));
    }
    println!("{}", json!({ "bench": "ingest", "metrics": metrics }));
    Ok(())
}

/// Leads into as many territories of seven members each.
async fn ours(binary: &std::path::Path, kind: Kind, territories: usize, clients: usize) -> Result<Measured> {
    let base = Base::empty(kind).await;
    let site = Site::start(binary, &base, territories).await?;
    let measured = clients::create_leads(&site, territories, clients, MEASURED).await?;
    site.check(measured.all).await?;
    site.stop();
    base.drop().await;
    Ok(measured)
}

fn print(name: &str, measured: Measured) -> Measured {
    println!("{name:<44} {:>9.0} {:>9.2} {:>9.2}", measured.rate(), measured.p50_ms(), measured.p99_ms());
    measured
}

fn put(metrics: &mut Map<String, Value>, name: &str, ours: &Measured, bare: &Measured) {
    metrics.insert(format!("ratio_{name}"), ratio(ours, bare));
    metrics.insert(format!("per_s_{name}"), json!(ours.rate().round()));
    metrics.insert(format!("p50_ms_{name}"), json!(ours.p50_ms()));
    metrics.insert(format!("p99_ms_{name}"), json!(ours.p99_ms()));
}

fn ratio(ours: &Measured, peer: &Measured) -> Value {
    json!((ours.rate() / peer.rate() * 1_000.0).round() / 1_000.0)
}
