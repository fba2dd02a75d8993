//! The workspace's settings, and the version that everything read by placement and rotation moves.

use access::{Action, Task};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use serde_json::{Map, Value, json};
use store::Tx;

use super::rate;
use super::store::workspace;
use super::values::{self, Faults};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::trail::{self, Actor, Entry};

/// When rules run again after a lead was made.
pub const RULES_RUN: [&str; 3] = ["never", "while_unowned", "always"];

/// What is to change, as it came; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub name: Option<String>,
    pub language: Option<String>,
    pub currency: Option<String>,
    pub time_zone: Option<String>,
    /// Within: none, where no country is to be taken for granted.
    pub default_country: Option<Option<String>>,
    pub rules_run: Option<String>,
    pub is_sticky: Option<bool>,
}

/// What is to change, checked.
#[derive(Clone, Debug)]
pub struct Change(Ask);

impl Ask {
    /// Reads every value.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all faults at once.
    pub fn parse(self) -> Result<Change, Error> {
        let Ask { name, language, currency, time_zone, default_country, rules_run, is_sticky } = self;
        let mut faults = Faults::default();
        let name = faults.keep_some(name, |text| values::name("/name", &text));
        let language = faults.keep_some(language, |text| values::language("/language", &text));
        let currency = faults.keep_some(currency, |text| values::currency("/currency", &text));
        let time_zone = faults.keep_some(time_zone, |text| values::time_zone("/time_zone", &text));
        let default_country = default_country
            .map(|country| faults.keep_some(country, |text| values::country("/default_country", &text)));
        let rules_run = faults.keep_some(rules_run, rules_run_of);
        faults.end()?;
        let currency = currency.map(|currency| currency.code().to_owned());
        let default_country = default_country.map(|country| country.map(|country| country.code().to_owned()));
        Ok(Change(Ask { name, language, currency, time_zone, default_country, rules_run, is_sticky }))
    }
}

fn rules_run_of(text: String) -> Result<String, Fault> {
    if RULES_RUN.contains(&text.as_str()) {
        return Ok(text);
    }
    let detail = format!("rules run {}", RULES_RUN.join(", "));
    Err(Fault::new("/rules_run", "rules_run_unknown", text, detail))
}

/// The settings, whatever the viewer's role says of looking at them.
///
/// # Errors
/// Where the database does not answer.
pub async fn get(tx: &Tx) -> Result<workspace::Model, Error> {
    tx.as_task(Task::OwnAccount).select::<workspace::Entity>().one().await?.ok_or(Error::NotFound)
}

/// The settings, locked for a change by somebody who may edit them.
///
/// # Errors
/// [`Error::NotFound`] where the viewer may not.
pub async fn locked(tx: &Tx) -> Result<workspace::Model, Error> {
    tx.select_for::<workspace::Entity>(Action::Edit).lock_in_turn().one().await?.ok_or(Error::NotFound)
}

/// Changes the settings; `before` is locked in the same transaction.
///
/// # Errors
/// [`Error::Conflict`] where the currency changes while exchange rates into it are there.
pub async fn change(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    before: workspace::Model,
    Change(ask): Change,
) -> Result<workspace::Model, Error> {
    let Ask { name, language, currency, time_zone, default_country, rules_run, is_sticky } = ask;
    let mut after = before.clone();
    after.name = name.unwrap_or(after.name);
    after.language = language.unwrap_or(after.language);
    after.currency = currency.unwrap_or(after.currency);
    after.time_zone = time_zone.unwrap_or(after.time_zone);
    after.default_country = default_country.unwrap_or(after.default_country);
    after.rules_run = rules_run.unwrap_or(after.rules_run);
    after.is_sticky = is_sticky.unwrap_or(after.is_sticky);
    if after == before {
        return Ok(before);
    }
    if after.currency != before.currency && rate::are_there(tx).await? {
        let detail = "exchange rates are worth amounts in the present currency; remove them first, \
                      then change the currency and enter the rates into the new one";
        return Err(Error::conflict("rates_exist", detail));
    }
    after.version += 1;
    tx.update::<workspace::Entity>(Action::Edit)
        .set(workspace::Column::Name, Expr::val(after.name.clone()))
        .set(workspace::Column::Language, Expr::val(after.language.clone()))
        .set(workspace::Column::Currency, Expr::val(after.currency.clone()))
        .set(workspace::Column::TimeZone, Expr::val(after.time_zone.clone()))
        .set(workspace::Column::DefaultCountry, Expr::val(after.default_country.clone()))
        .set(workspace::Column::RulesRun, Expr::val(after.rules_run.clone()))
        .set(workspace::Column::IsSticky, Expr::val(after.is_sticky))
        .set(workspace::Column::Version, Expr::val(after.version))
        .run()
        .await?;
    rules_changed(tx).await?;
    let (was, is) = (told(&before), told(&after));
    let changed = |of: &Map<String, Value>, other: &Map<String, Value>| {
        let differing = of.iter().filter(|(name, value)| other.get(*name) != Some(*value));
        Value::Object(differing.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    let entry = Entry {
        action: "edit",
        object: "workspace",
        object_id: after.id.to_string(),
        before: Some(changed(&was, &is)),
        after: Some(changed(&is, &was)),
    };
    trail::write(tx, app, actor, vec![entry]).await?;
    Ok(after)
}

fn told(row: &workspace::Model) -> Map<String, Value> {
    let told = [
        ("name", json!(row.name)),
        ("language", json!(row.language)),
        ("currency", json!(row.currency)),
        ("time_zone", json!(row.time_zone)),
        ("default_country", json!(row.default_country)),
        ("rules_run", json!(row.rules_run)),
        ("is_sticky", json!(row.is_sticky)),
    ];
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Counts a change of something that placement or rotation reads: rule books of an older count are stale.
///
/// # Errors
/// Where the database refuses.
pub async fn rules_changed(tx: &Tx) -> Result<(), Error> {
    let tx = tx.as_task(Task::Assignment);
    tx.select::<workspace::Entity>().lock_in_turn().one().await?;
    let update = tx.update::<workspace::Entity>(Action::Edit);
    let next = Expr::col(workspace::Column::RulesVersion).add(1);
    update.set(workspace::Column::RulesVersion, next).run().await?;
    Ok(())
}
