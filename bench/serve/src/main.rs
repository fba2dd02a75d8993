//! `cargo xtask bench serve`: how fast the server starts, what it takes at rest, and how near the list page
//! comes to its floor: the same 50 rows read from SQLite and written as JSON by a bare axum handler.

mod floor;

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use testkit::load::{Measured, side_by_side};
use testkit::{Base, Kind, Server};

const LEADS: u64 = 2_000;
const CLIENTS: usize = 16;
const MEASURED: Duration = Duration::from_secs(5);

fn main() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<()> {
    let binary: PathBuf = std::env::args_os().nth(1).map(PathBuf::from).context("name the release binary")?;
    let binary_mb = std::fs::metadata(&binary)?.len() as f64 / 1e6;
    let base = Base::empty(Kind::Sqlite).await;
    let client = Client::builder().cookie_store(true).build()?;

    let server = Server::start(&binary, &base, &[]);
    set_up(&client, &server).await?;
    server.stop();

    let begun = Instant::now();
    let server = Server::start(&binary, &base, &[]);
    ensure!(client.get(format!("{}/ready", server.url)).send().await?.status() == 200, "not ready");
    let start_ms = begun.elapsed().as_secs_f64() * 1_000.0;
    let rest_mb = resident_mb(server.pid())?;

    fill(&client, &server.url).await?;
    let url = format!("{}/api/v1/leads?limit=50", server.url);
    let list = measure(&client, &url).await?;
    let floor_url = floor::start(&base.url).await?;
    let floor = measure(&client, &floor_url).await?;
    server.stop();
    base.drop().await;

    println!("binary {binary_mb:.1} MB; start {start_ms:.0} ms; at rest {rest_mb:.1} MB");
    for (name, measured) in [("list page", &list), ("bare handler", &floor)] {
        println!("{name:<14} {:>8.0}/s  p99 {:.2} ms", measured.rate(), measured.p99_ms());
    }
    let round = |figure: f64| (figure * 1_000.0).round() / 1_000.0;
    let metrics = json!({
        "ratio_list_floor": round(list.rate() / floor.rate()),
        "list_per_s": list.rate().round(),
        "list_p99_ms": list.p99_ms(),
        "start_ms": start_ms.round(),
        "rest_mb": round(rest_mb),
        "binary_mb": round(binary_mb),
    });
    println!("{}", json!({ "bench": "serve", "metrics": metrics }));
    Ok(())
}

async fn set_up(client: &Client, server: &Server) -> Result<()> {
    let token = server.setup_token.clone().context("a set-up token")?;
    let setup = json!({ "token": token, "name": "Bench", "email": "bench@example.com", "language": "en",
        "password": "a password for the bench" });
    post(client, &format!("{}/api/v1/setup", server.url), &setup).await
}

async fn fill(client: &Client, url: &str) -> Result<()> {
    for number in 0..LEADS {
        let lead = json!({
            "company": format!("Maschinenbau {number} GmbH"),
            "last_name": format!("Weiß {number}"),
            "emails": [format!("kim.{number}@firma-{number}.example")],
            "phones": ["+49 30 23125001"],
            "street": "Hauptstraße 1",
            "postcode": "80331",
            "industry": "mechanical_engineering",
            "employees": number,
        });
        post(client, &format!("{url}/api/v1/leads"), &lead).await?;
    }
    Ok(())
}

async fn post(client: &Client, url: &str, body: &Value) -> Result<()> {
    let answer = client.post(url).json(body).send().await?;
    let status = answer.status();
    ensure!(status.is_success(), "{url}: {status} {}", answer.text().await?);
    Ok(())
}

async fn measure(client: &Client, url: &str) -> Result<Measured> {
    side_by_side(CLIENTS, MEASURED, async |_| {
        let answer = client.get(url).send().await?;
        ensure!(answer.status() == 200, "{url}: {}", answer.status());
        let page: Value = serde_json::from_slice(&answer.bytes().await?)?;
        ensure!(page["items"].as_array().is_some_and(|items| items.len() == 50), "{url}: not 50 rows");
        Ok(())
    })
    .await
}

fn resident_mb(pid: u32) -> Result<f64> {
    let output = Command::new("ps").args(["-o", "rss=", "-p", &pid.to_string()]).output()?;
    let kilobytes: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(kilobytes / 1_000.0)
}
