//! Exchange rates: what one unit of a currency was worth in the workspace's, from a day on.

use std::collections::BTreeSet;

use access::{Action, Task};
use condition::{Currency, Rates};
use jiff::civil::Date;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use store::Tx;

use super::store::{exchange_rate, workspace};
use super::values::{self, Faults};
use super::workspace as settings;
use crate::app::App;
use crate::error::{Error, Fault};
use crate::trail::{self, Actor, Entry};

/// A rate a day for 25 currencies over a year.
pub const RATES_MAX: usize = 10_000;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A rate as it came.
pub struct Ask {
    pub currency: String,
    pub day: String,
    pub rate: String,
}

/// A rate, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    pub currency: Currency,
    pub day: i64,
    pub rate: String,
}

/// The number by which the database knows a day.
pub fn day_of(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

/// The day of a number.
pub fn date_of(day: i64) -> Date {
    EPOCH.checked_add(jiff::SignedDuration::from_hours(day.saturating_mul(24))).unwrap_or(EPOCH)
}

/// Reads a list of rates into the workspace's currency.
///
/// # Errors
/// [`Error::Invalid`] with all faults at once.
pub fn parse(asked: &[Ask], workspace: &str) -> Result<Vec<Rate>, Error> {
    let mut faults = Faults::default();
    if asked.len() > RATES_MAX {
        let detail = format!("at most {RATES_MAX} rates; leave out the oldest");
        faults.add([Fault::new("/rates", "rates_many", asked.len(), detail)]);
        return Err(faults.into());
    }
    let (mut rates, mut seen) = (Vec::new(), BTreeSet::new());
    for (at, Ask { currency, day, rate }) in asked.iter().enumerate() {
        let pointer = |member: &str| format!("/rates/{at}/{member}");
        let rate = faults.keep(rate_of(&pointer("rate"), rate));
        let read = faults.keep(day_from(&pointer("day"), day));
        let currency = faults.keep(foreign(&pointer("currency"), currency, workspace));
        if let (Some(currency), Some(day)) = (currency, read)
            && !seen.insert((currency, day))
        {
            let detail = format!("{currency} has two rates on this day; leave one of them");
            faults.add([Fault::new(&pointer("day"), "rate_twice", date_of(day).to_string(), detail)]);
        }
        if let (Some(currency), Some(day), Some(rate)) = (currency, read, rate) {
            rates.push(Rate { currency, day, rate });
        }
    }
    faults.end()?;
    Ok(rates)
}

fn rate_of(pointer: &str, text: &str) -> Result<String, Fault> {
    let text = text.trim();
    // The parser of the rules decides, so that no rate is kept that they could not read.
    if Rates::new(Currency::EUR).set(Currency::EUR, text) {
        return Ok(text.to_owned());
    }
    let detail = "write a positive decimal like 0.9234, at most 18 digits on either side of the point";
    Err(Fault::new(pointer, "rate_unreadable", text, detail))
}

fn day_from(pointer: &str, text: &str) -> Result<i64, Fault> {
    let date = text
        .parse::<Date>()
        .map_err(|_| Fault::new(pointer, "day_unreadable", text, "write a day like 2026-03-01"))?;
    Ok(day_of(date))
}

fn foreign(pointer: &str, text: &str, workspace: &str) -> Result<Currency, Fault> {
    let currency = values::currency(pointer, text)?;
    if currency.code() == workspace {
        let detail = format!("{workspace} is the workspace's own currency; it needs no rate");
        return Err(Fault::new(pointer, "currency_own", text, detail));
    }
    Ok(currency)
}

/// All rates, by currency and day.
///
/// # Errors
/// Where the database does not answer.
pub async fn all(tx: &Tx) -> Result<Vec<exchange_rate::Model>, Error> {
    let select = tx.select::<exchange_rate::Entity>();
    let select = select.order_by(Expr::col(exchange_rate::Column::Currency), Order::Asc);
    Ok(select.order_by(Expr::col(exchange_rate::Column::Day), Order::Asc).all().await?)
}

/// True where there is a rate.
///
/// # Errors
/// Where the database does not answer.
pub async fn are_there(tx: &Tx) -> Result<bool, Error> {
    Ok(tx.select::<exchange_rate::Entity>().one().await?.is_some())
}

/// The rates that count on a day: of each currency the latest one.
///
/// # Errors
/// Where the database does not answer.
pub async fn on(tx: &Tx, workspace: Currency, day: Date) -> Result<Rates, Error> {
    let tx = tx.as_task(Task::Assignment);
    let select = tx.select::<exchange_rate::Entity>().filter(exchange_rate::Column::Day.lte(day_of(day)));
    let rows = select.order_by(Expr::col(exchange_rate::Column::Day), Order::Asc).all().await?;
    let mut rates = Rates::new(workspace);
    for row in rows {
        if let Some(currency) = Currency::parse(&row.currency) {
            rates.set(currency, &row.rate);
        }
    }
    Ok(rates)
}

/// Replaces all rates; `workspace` is locked in the same transaction. Returns the settings' next version.
///
/// # Errors
/// Where the database refuses.
pub async fn replace(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    workspace: &workspace::Model,
    rates: Vec<Rate>,
) -> Result<i64, Error> {
    let before = told(all(tx).await?.iter().map(|row| (row.currency.as_str(), row.day, row.rate.as_str())));
    let after = told(rates.iter().map(|rate| (rate.currency.code(), rate.day, rate.rate.as_str())));
    if before == after {
        return Ok(workspace.version);
    }
    let settings_edit = tx.as_task(Task::Assignment);
    settings_edit.delete::<exchange_rate::Entity>(sea_orm::Condition::all()).await?;
    let row = |rate: Rate| exchange_rate::ActiveModel {
        workspace_id: NotSet,
        currency: Set(rate.currency.code().to_owned()),
        day: Set(rate.day),
        rate: Set(rate.rate),
    };
    tx.insert(rates.into_iter().map(row).collect::<Vec<_>>()).await?;
    let version = workspace.version + 1;
    let update = tx.update::<workspace::Entity>(Action::Edit);
    update.set(workspace::Column::Version, Expr::val(version)).run().await?;
    settings::rules_changed(tx).await?;
    let entry = Entry {
        action: "edit",
        object: "exchange_rates",
        object_id: workspace.id.to_string(),
        before: Some(before),
        after: Some(after),
    };
    trail::write(tx, app, actor, vec![entry]).await?;
    Ok(version)
}

/// Rates as the log keeps them: by currency, then day.
fn told<'r>(rates: impl Iterator<Item = (&'r str, i64, &'r str)>) -> Value {
    let mut sorted: Vec<_> = rates.collect();
    sorted.sort_unstable();
    let one = |(currency, day, rate): (&str, i64, &str)| json!({ "currency": currency, "day": date_of(day).to_string(), "rate": rate });
    Value::Array(sorted.into_iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Ask, date_of, day_of, parse};
    use crate::error::Error;

    #[test]
    fn a_day_and_its_number_tell_the_same() {
        for (day, number) in [
            (date(1970, 1, 1), 0),
            (date(1969, 12, 31), -1),
            (date(2026, 3, 29), 20_541),
            (date(2000, 3, 1), 11_017),
        ] {
            assert_eq!((day_of(day), date_of(number)), (number, day));
        }
    }

    #[test]
    fn every_faulty_rate_is_named_at_once() {
        let ask = |currency: &str, day: &str, rate: &str| Ask {
            currency: currency.to_owned(),
            day: day.to_owned(),
            rate: rate.to_owned(),
        };
        let asked = [
            ask("USD", "2026-03-01", "0.92"),
            ask("EUR", "2026-03-01", "1"),
            ask("XYZ", "2026-02-30", "0"),
            ask("usd", "2026-03-01", "0.93"),
            ask("CHF", "2026-03-01", "1,05"),
        ];
        let Err(Error::Invalid(faults)) = parse(&asked, "EUR") else { panic!("faults are expected") };
        let said: Vec<String> =
            faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect();
        assert_eq!(
            said,
            [
                "/rates/1/currency currency_own",
                "/rates/2/rate rate_unreadable",
                "/rates/2/day day_unreadable",
                "/rates/2/currency currency_unknown",
                "/rates/3/day rate_twice",
                "/rates/4/rate rate_unreadable",
            ]
        );
    }
}
