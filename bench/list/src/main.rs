//! `cargo xtask bench list [LEADS]`: how long a seller waits for a page of their leads, for every sort that the page
//! offers, under no filter and under filters that keep most, few and next to none, for the first page and a later
//! one; on both databases. Next to it, in the same run, what it takes to fetch the 50 rows of each such page by
//! their ids over HTTP from a bare handler.

mod fill;
mod floor;
mod site;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::{Map, Value, json};
use testkit::{Base, Floor, Kind};

use site::Site;

const LEADS: u64 = 1_000_000;
const ROWS: usize = 50;
/// How often each page is asked for.
const ASKS: usize = 12;
/// How many pages lie before the later one.
const PAGES_BEFORE: usize = 4;

const SORTS: [&str; 22] = [
    "-created_at",
    "created_at",
    "-updated_at",
    "-assigned_at",
    "company",
    "-company",
    "last_name",
    "first_name",
    "job_title",
    "street",
    "city",
    "-city",
    "country",
    "state",
    "postcode",
    "industry",
    "source",
    "status",
    "-employees",
    "-score",
    "-annual_revenue",
    "custom.machine",
];

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next().context("name the release binary")?;
    let second = arguments.next().and_then(|text| text.into_string().ok());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if first == testkit::floor::WORD {
        return runtime.block_on(floor::serve(&second.context("name the database")?));
    }
    let leads = second.map(|text| text.parse().context("the number of leads")).transpose()?.unwrap_or(LEADS);
    runtime.block_on(run(&PathBuf::from(first), leads))
}

async fn run(binary: &Path, leads: u64) -> Result<()> {
    let mut metrics = Map::new();
    let kinds = [(Kind::Sqlite, "sqlite"), (Kind::Postgres, "pg")];
    for (kind, name) in kinds.into_iter().filter(|&(kind, _)| testkit::base::available(kind).is_some()) {
        let base = Base::empty(kind).await;
        let begun = Instant::now();
        let site = Site::start(binary, &base, leads).await?;
        println!(
            "{name}: {leads} leads filled in {:.0} s, the seller sees {}",
            begun.elapsed().as_secs_f64(),
            site.visible
        );
        let figures = measure(&site, &Floor::start(&base.url)).await?;
        let (pages, fetches) = (p99(figures.pages), p99(figures.fetches));
        println!("{name}: p99 of pages {pages:.2} ms, of fetching their rows by id {fetches:.2} ms");
        metrics.insert(format!("p99_ms_{name}"), json!(round(pages)));
        metrics.insert(format!("fetch_p99_ms_{name}"), json!(round(fetches)));
        metrics.insert(format!("p99_ratio_to_fetch_{name}"), json!(round(pages / fetches)));
        metrics.insert(format!("slowest_ms_{name}"), json!(round(figures.slowest)));
        site.stop();
        base.drop().await;
    }
    println!("{}", json!({ "bench": "list", "metrics": metrics }));
    Ok(())
}

#[derive(Default)]
struct Figures {
    pages: Vec<Duration>,
    fetches: Vec<Duration>,
    /// The median of the slowest kind of page.
    slowest: f64,
}

/// Every sort under every filter; one line for each sort, with the medians of the first and of the later page.
async fn measure(site: &Site, floor: &Floor) -> Result<Figures> {
    let filters = filters();
    let mut figures = Figures::default();
    print!("{:<18}", "ms: first / later");
    filters.iter().for_each(|(name, _)| print!("{name:>16}"));
    println!();
    for sort in SORTS {
        print!("{sort:<18}");
        for (_, filter) in &filters {
            let first = query(sort, filter.as_ref(), None);
            let later = site.cursor_after(&first, PAGES_BEFORE).await?;
            let later = later.map(|cursor| query(sort, filter.as_ref(), Some(&cursor)));
            let mut medians = Vec::new();
            for query in std::iter::once(first).chain(later) {
                let mut taken = Vec::new();
                for _ in 0..ASKS {
                    let (page, time) = timed(site.list(&query)).await?;
                    taken.push(time);
                    let ids = ids(&page)?;
                    figures.fetches.push(timed(floor::fetch(floor, &site.client, &ids)).await?.1);
                }
                medians.push(median(&taken));
                figures.pages.append(&mut taken);
            }
            figures.slowest = medians.iter().copied().fold(figures.slowest, f64::max);
            let medians: Vec<String> = medians.iter().map(|ms| format!("{ms:.1}")).collect();
            print!("{:>16}", medians.join(" / "));
        }
        println!();
    }
    Ok(figures)
}

fn filters() -> [(&'static str, Option<Value>); 5] {
    let is = |field: &str, value: &str| json!({ "field": field, "op": "is_any_of", "values": [value] });
    let big = json!({ "field": "employees", "op": "gte", "values": [100] });
    let three = json!({ "all": [is("industry", "it"), is("status", "new"), big] });
    [
        ("none", None),
        ("frequent", Some(is("status", "new"))),
        ("rare", Some(is("status", fill::RARE))),
        ("three", Some(three)),
        (
            "in the company",
            Some(json!({ "field": "company", "op": "contains_any_of", "values": ["huber 12"] })),
        ),
    ]
}

fn query(sort: &str, filter: Option<&Value>, cursor: Option<&str>) -> Vec<(&'static str, String)> {
    let mut query = vec![("sort", sort.to_owned()), ("limit", ROWS.to_string())];
    query.extend(filter.map(|filter| ("filter", filter.to_string())));
    query.extend(cursor.map(|cursor| ("cursor", cursor.to_owned())));
    query
}

fn ids(page: &str) -> Result<Vec<String>> {
    let page: Value = serde_json::from_str(page)?;
    let items = page["items"].as_array().context("items")?;
    ensure!(!items.is_empty(), "an empty page: {page}");
    Ok(items.iter().filter_map(|lead| lead["id"].as_str()).map(str::to_owned).collect())
}

async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<(T, Duration)> {
    let begun = Instant::now();
    let done = work.await?;
    Ok((done, begun.elapsed()))
}

fn median(taken: &[Duration]) -> f64 {
    let mut taken = taken.to_vec();
    taken.sort_unstable();
    taken.get(taken.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

fn p99(mut taken: Vec<Duration>) -> f64 {
    taken.sort_unstable();
    taken.get(taken.len() * 99 / 100).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

fn round(figure: f64) -> f64 {
    (figure * 1_000.0).round() / 1_000.0
}

/// A client that keeps its session.
fn client() -> Result<Client> {
    Ok(Client::builder().cookie_store(true).build()?)
}
