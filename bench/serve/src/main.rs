//! `cargo xtask bench serve`: how fast the server starts, what it takes at rest, and how near the list page
//! comes to its floor: the same 50 rows read from SQLite and written as JSON by a bare axum handler.

mod first_page;
mod floor;
mod wire;

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};
use testkit::{Base, Floor, Kind, Server};

use wire::Target;

const LEADS: u64 = 2_000;
const CLIENTS: usize = 16;
const MEASURED: Duration = Duration::from_secs(5);
/// By how much the bodies of list and floor may differ in length.
const WIDTH_TOLERANCE: f64 = 0.15;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next().context("name the release binary")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if first == testkit::floor::WORD {
        let database = arguments.next().and_then(|text| text.into_string().ok());
        return runtime.block_on(floor::serve(&database.context("name the database")?));
    }
    runtime.block_on(run(PathBuf::from(first)))
}

async fn run(binary: PathBuf) -> Result<()> {
    let binary_mb = std::fs::metadata(&binary)?.len() as f64 / 1e6;
    let base = Base::empty(Kind::Sqlite).await;
    let client = Client::builder().cookie_store(true).build()?;

    let server = Server::start(&binary, &base, &[]);
    let cookie = set_up(&client, &server).await?;
    server.stop();

    let begun = Instant::now();
    let server = Server::start(&binary, &base, &[]);
    ensure!(client.get(format!("{}/ready", server.url)).send().await?.status() == 200, "not ready");
    let start_ms = begun.elapsed().as_secs_f64() * 1_000.0;
    let rest_mb = resident_mb(server.pid())?;

    let first_page = first_page::measure(&client, &server.url).await?;
    fill(&client, &server.url).await?;
    let floor = Floor::start(&base.url);
    let address = server.url.trim_start_matches("http://").to_owned();
    let to_floor =
        |path: &str| Target { address: floor.address.clone(), path: path.to_owned(), cookie: cookie.clone() };
    let list = Target { address, path: "/api/v1/leads?limit=50".to_owned(), cookie: cookie.clone() };
    let (rows, hello) = (to_floor("/leads"), to_floor("/hello"));
    let (list_bytes, rows_bytes) = (width(&client, &list).await?, width(&client, &rows).await?);
    let width = rows_bytes as f64 / list_bytes as f64;
    ensure!(
        (width - 1.0).abs() <= WIDTH_TOLERANCE,
        "a floor of {rows_bytes} bytes to a list of {list_bytes}"
    );
    let list = wire::measure(&list, CLIENTS, MEASURED, list_bytes).await?;
    let rows = wire::measure(&rows, CLIENTS, MEASURED, rows_bytes).await?;
    let hello = wire::measure(&hello, CLIENTS, MEASURED, "hello".len()).await?;
    drop(floor);
    server.stop();
    base.drop().await;

    println!("binary {binary_mb:.1} MB; start {start_ms:.0} ms; at rest {rest_mb:.1} MB");
    println!("first page {:.1} kB, of them script {:.1} kB", first_page.all_kb, first_page.script_kb);
    for (name, measured) in [("list page", &list), ("bare handler", &rows), ("hello", &hello)] {
        println!("{name:<14} {:>8.0}/s  p99 {:.2} ms", measured.rate(), measured.p99_ms());
    }
    let metrics = json!({
        "ratio_list_floor": round(list.rate() / rows.rate()),
        "list_per_s": list.rate().round(),
        "list_p99_ms": list.p99_ms(),
        "floor_per_s": rows.rate().round(),
        "hello_per_s": hello.rate().round(),
        "start_ms": start_ms.round(),
        "rest_mb": round(rest_mb),
        "binary_mb": round(binary_mb),
        "first_page_kb": round(first_page.all_kb),
        "script_kb": round(first_page.script_kb),
    });
    println!("{}", json!({ "bench": "serve", "metrics": metrics }));
    Ok(())
}

fn round(figure: f64) -> f64 {
    (figure * 1_000.0).round() / 1_000.0
}

/// Makes the workspace and returns the cookie of its administrator.
async fn set_up(client: &Client, server: &Server) -> Result<String> {
    let token = server.setup_token.clone().context("a set-up token")?;
    let setup = json!({ "token": token, "name": "Bench", "email": "bench@example.com", "language": "en",
        "password": "a password for the bench" });
    let answer = client.post(format!("{}/api/v1/setup", server.url)).json(&setup).send().await?;
    ensure!(answer.status().is_success(), "set-up: {}", answer.status());
    let cookie = answer.headers().get(SET_COOKIE).context("a session")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
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

/// The length of a page of 50 rows.
async fn width(client: &Client, target: &Target) -> Result<usize> {
    let url = format!("http://{}{}", target.address, target.path);
    let answer = client.get(&url).send().await?;
    ensure!(answer.status() == 200, "{url}: {}", answer.status());
    let bytes = answer.bytes().await?;
    let page: Value = serde_json::from_slice(&bytes)?;
    ensure!(page["items"].as_array().is_some_and(|items| items.len() == 50), "{url}: not 50 rows");
    Ok(bytes.len())
}

fn resident_mb(pid: u32) -> Result<f64> {
    let output = Command::new("ps").args(["-o", "rss=", "-p", &pid.to_string()]).output()?;
    let kilobytes: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(kilobytes / 1_000.0)
}
