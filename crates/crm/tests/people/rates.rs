//! Exchange rates.

use axum::http::Method;
use condition::{Currency, Rates};
use jiff::civil::date;
use serde_json::{Value, json};
use testkit::{Answer, Site};

use super::house::{Asks, Person, set_up};

const PATH: &str = "/api/v1/workspace/rates";

testkit::on_both_databases!(
    rates_are_replaced_as_a_whole,
    of_each_currency_the_latest_rate_counts,
    the_currency_stays_while_there_are_rates_into_it,
);

async fn put(site: &Site, person: &Person, tag: &str, rates: Value) -> Answer {
    let body = json!({ "rates": rates });
    site.ask(&person.who, Method::PUT, PATH, &[("if-match", tag)], Some(body)).await
}

async fn rates_are_replaced_as_a_whole(site: Site) {
    let administrator = set_up(&site).await;
    let empty = site.get(&administrator.who, PATH).await.is(200);
    assert_eq!(empty.json(), json!({ "rates": [] }));
    let rates = json!([
        { "currency": "usd", "day": "2026-03-01", "rate": " 0.8812 " },
        { "currency": "EUR", "day": "2026-03-01", "rate": "0.94" },
    ]);
    let made = put(&site, &administrator, empty.header("etag"), rates.clone()).await.is(200);
    let expected = json!([
        { "currency": "EUR", "day": "2026-03-01", "rate": "0.94" },
        { "currency": "USD", "day": "2026-03-01", "rate": "0.8812" },
    ]);
    assert_eq!(made.json()["rates"], expected);
    let stale = put(&site, &administrator, empty.header("etag"), json!([])).await.is_problem(412, "stale");
    assert_eq!(stale.json()["current"]["rates"], expected);
    let same = put(&site, &administrator, made.header("etag"), rates).await.is(200);
    assert_eq!(same.header("etag"), made.header("etag"));
    put(&site, &administrator, "*", json!([])).await.is(200);
    assert_eq!(site.get(&administrator.who, PATH).await.is(200).json(), json!({ "rates": [] }));
    let own = json!([{ "currency": "CHF", "day": "2026-03-01", "rate": "1" }]);
    let answer = put(&site, &administrator, "*", own).await.is(422);
    assert_eq!(answer.faults(), ["/rates/0/currency currency_own"]);
}

async fn of_each_currency_the_latest_rate_counts(site: Site) {
    let administrator = set_up(&site).await;
    let rates = json!([
        { "currency": "EUR", "day": "2026-03-05", "rate": "0.95" },
        { "currency": "EUR", "day": "2026-03-01", "rate": "0.94" },
        { "currency": "USD", "day": "2026-03-09", "rate": "0.88" },
    ]);
    put(&site, &administrator, "*", rates).await.is(200);
    let workspace = site.app.db.workspaces().await.expect("an answer")[0];
    let francs = Currency::parse("CHF").expect("a currency");
    for (day, expected) in [
        (date(2026, 2, 28), vec![]),
        (date(2026, 3, 4), vec![("EUR", "0.94")]),
        (date(2026, 3, 5), vec![("EUR", "0.95")]),
        (date(2026, 3, 10), vec![("EUR", "0.95"), ("USD", "0.88")]),
    ] {
        let sight = store::Sight::Task(access::Task::Assignment);
        let read = site
            .app
            .db
            .read(workspace, sight, |tx| async move { crm::people::rate::on(&tx, francs, day).await });
        let mut rates = Rates::new(francs);
        for (currency, rate) in expected {
            rates.set(Currency::parse(currency).expect("a currency"), rate);
        }
        assert_eq!(read.await.expect("rates"), rates, "{day}");
    }
}

async fn the_currency_stays_while_there_are_rates_into_it(site: Site) {
    let administrator = set_up(&site).await;
    let rates = json!([{ "currency": "USD", "day": "2026-03-09", "rate": "0.88" }]);
    put(&site, &administrator, "*", rates).await.is(200);
    let change = json!({ "currency": "EUR" });
    let refused = site.patch(&administrator.who, "/api/v1/workspace", change.clone()).await;
    refused.is_problem(409, "rates_exist");
    put(&site, &administrator, "*", json!([])).await.is(200);
    site.patch(&administrator.who, "/api/v1/workspace", change).await.is(200);
}
