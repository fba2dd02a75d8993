//! Grammar: all that reading and saying a condition depends on, as of one day.
//! Uses: fields, people (the workspace's row, exchange rates).

use std::sync::Arc;

use ::store::Tx;
use access::Task;
use condition::say::{Language, Sentence, Speaker, Written};
use condition::{Catalog, Condition, Currency, Door, Field, Purpose, Rates};
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde::Serialize;

use super::Fields;
use crate::app::Micros;
use crate::error::{Error, Fault};
use crate::people::store::{exchange_rate, workspace};

/// All that reading and saying a condition depends on, as of one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Grammar {
    pub catalog: Arc<Fields>,
    pub rates: Rates,
    pub time_zone: TimeZone,
    /// Today in the workspace's time zone, in days since 1970-01-01.
    pub today: i64,
}

impl Grammar {
    /// Reads it in this transaction, whoever asks.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn load(tx: &Tx, workspace: &workspace::Model, now: Micros) -> Result<Grammar, Error> {
        let time_zone = time_zone(&workspace.time_zone);
        let today = day_of(&time_zone, now);
        let rates = rates(tx, &workspace.currency, today).await?;
        Ok(Grammar { catalog: Arc::new(Fields::load(tx).await?), rates, time_zone, today })
    }

    pub fn fields(&self) -> &Catalog {
        &self.catalog.catalog
    }

    /// The door for conditions; fields for which `is_readable` says false do not exist.
    pub fn door<'a>(&'a self, purpose: Purpose, is_readable: Option<&'a dyn Fn(&Field) -> bool>) -> Door<'a> {
        Door { catalog: self.fields(), rates: &self.rates, time_zone: &self.time_zone, purpose, is_readable }
    }

    /// Says the condition in German and in English.
    pub fn say(&self, condition: &Condition, written: &Written) -> Sentences {
        self.say_naming(condition, written, &|_, _| None)
    }

    /// The same where fields hold ids of users or territories, whose names `name_of` knows.
    pub fn say_naming(
        &self,
        condition: &Condition,
        written: &Written,
        name_of: &dyn Fn(&Field, &str) -> Option<String>,
    ) -> Sentences {
        let say = |language| {
            let (catalog, time_zone) = (self.fields(), &self.time_zone);
            Speaker { catalog, language, time_zone, name_of, written }.say(condition)
        };
        Sentences { de: say(Language::German), en: say(Language::English) }
    }

    /// The same with other fields.
    #[must_use]
    pub fn with(&self, fields: Fields) -> Grammar {
        Grammar { catalog: Arc::new(fields), ..self.clone() }
    }
}

/// A condition as a sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentences {
    pub de: Sentence,
    pub en: Sentence,
}

/// A condition's fault as the API has it.
pub fn as_fault(fault: &condition::Fault, pointer: &str) -> Fault {
    let pointer = format!("{pointer}{}", fault.pointer);
    Fault::new(&pointer, fault.code.name(), fault.value.as_str(), fault.words(Language::English))
}

/// The zone by its name; a name that the zone database has lost counts as UTC.
pub fn time_zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The day of an instant in a zone, in days since 1970-01-01.
pub fn day_of(zone: &TimeZone, at: Micros) -> i64 {
    let at = Timestamp::from_microsecond(at).unwrap_or_default();
    let days = zone.to_datetime(at).date().since(date(1970, 1, 1)).map(|span| span.get_days());
    days.map_or(0, i64::from)
}

/// The newest rate of each currency up to today; those of days to come do not count yet.
///
/// # Errors
/// Where the database refuses.
pub async fn rates(tx: &Tx, currency: &str, today: i64) -> Result<Rates, Error> {
    let own = Currency::parse(currency)
        .ok_or_else(|| Error::Bug(format!("the workspace's currency is unknown: {currency}")))?;
    let task = tx.as_task(Task::Assignment);
    let rows = task
        .select::<exchange_rate::Entity>()
        .filter(exchange_rate::Column::Day.lte(today))
        .order_by(Expr::col(exchange_rate::Column::Day), Order::Asc)
        .all()
        .await?;
    let mut rates = Rates::new(own);
    for row in rows {
        if let Some(currency) = Currency::parse(&row.currency) {
            rates.set(currency, &row.rate);
        }
    }
    Ok(rates)
}
