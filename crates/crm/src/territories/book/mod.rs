//! The rule book: all that placement, rotation and rights are worked out from, compiled in memory for
//! one version of a workspace's rules. A transaction that uses it has checked that version.
//! Uses: people, fields, store (rows), tree, versions.

mod crew;
mod follow;
mod load;
mod rules;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use access::Task;
use condition::normal::{Context, Notation};
use condition::parse::{Door, Purpose};
use condition::{Catalog, Currency, Rates};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use place::Country;
use rotation::Member;
use sea_orm::entity::prelude::*;
use store::{Sight, Tx};
use territory::Index;

use self::crew::Crew;
use self::follow::{State, built, followed};
pub use self::rules::Rule;
use self::rules::Rules;
use super::tree::Tree;
use crate::app::{App, Clock, Micros};
use crate::error::Error;
use crate::fields::grammar;
use crate::people::store::{user, workspace};
use crate::territories::store::rule;

/// Compiled state of one workspace at one `rules_version`. The next version's book shares with it what has
/// not changed; whoever still reads this one keeps it as it was.
pub struct RuleBook {
    workspace: workspace::Model,
    time_zone: TimeZone,
    /// The day whose rates of exchange count.
    today: i64,
    catalog: Catalog,
    rates: Rates,
    tree: Arc<Tree>,
    index: Index,
    rules: Rules,
    crew: Arc<Crew>,
    made: Made,
}

/// How a book came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// From all rows.
    Anew,
    /// From an older book and the rows that have changed since, with an index built anew.
    Reindexed,
    /// From an older book and the rows that have changed since, its index changed alike.
    Followed,
}

/// The books of all workspaces on this server.
pub struct RuleBooks {
    clock: Clock,
    books: Mutex<HashMap<Uuid, Arc<RuleBook>>>,
    /// One load at a time: many requests that find a stale book wait for one new one.
    loading: tokio::sync::Mutex<()>,
}

impl RuleBooks {
    pub fn new(clock: Clock) -> RuleBooks {
        RuleBooks { clock, books: Mutex::default(), loading: tokio::sync::Mutex::default() }
    }

    /// The book of this transaction's moment.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn book(&self, tx: &Tx) -> Result<Arc<RuleBook>, Error> {
        let task = tx.as_task(Task::Assignment);
        let row = task.select::<workspace::Entity>().one().await?;
        self.fresh(&task, row).await
    }

    /// The book that was read last, without a look at the database: for what a transaction checks again.
    pub fn latest(&self, workspace: Uuid) -> Option<Arc<RuleBook>> {
        let book = self.books.lock().unwrap_or_else(PoisonError::into_inner).get(&workspace).cloned()?;
        Some(book).filter(|book| book.today == self.today(&book.workspace))
    }

    /// As [`RuleBooks::book`], and nobody changes rules or members before this transaction ends.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn book_kept(&self, tx: &Tx) -> Result<Arc<RuleBook>, Error> {
        let task = tx.as_task(Task::Assignment);
        let row = task.select::<workspace::Entity>().share_in_turn().one().await?;
        self.fresh(&task, row).await
    }

    /// The book of what this transaction has changed but not yet committed; nobody else gets it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn unpublished(&self, tx: &Tx) -> Result<RuleBook, Error> {
        let task = tx.as_task(Task::Assignment);
        let row = task.select::<workspace::Entity>().one().await?;
        let row = row.ok_or_else(|| Error::Bug("the workspace has no row".to_owned()))?;
        let today = self.today(&row);
        let base = self.newest(row.id);
        RuleBook::load(&task, row, today, base).await
    }

    async fn fresh(&self, tx: &Tx, row: Option<workspace::Model>) -> Result<Arc<RuleBook>, Error> {
        let row = row.ok_or_else(|| Error::Bug("the workspace has no row".to_owned()))?;
        if let Some(book) = self.known(&row) {
            return Ok(book);
        }
        let _turn = self.loading.lock().await;
        if let Some(book) = self.known(&row) {
            return Ok(book);
        }
        let (id, version, today) = (row.id, row.rules_version, self.today(&row));
        let book = Arc::new(RuleBook::load(tx, row, today, self.newest(id)).await?);
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        // A transaction that began earlier must not put an older book in a newer one's place.
        let is_newer =
            |known: &Arc<RuleBook>| (known.workspace.rules_version, known.today) < (version, today);
        if books.get(&id).is_none_or(is_newer) {
            books.insert(id, Arc::clone(&book));
        }
        Ok(book)
    }

    fn known(&self, row: &workspace::Model) -> Option<Arc<RuleBook>> {
        let books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        let today = self.today(row);
        let is_fresh = |book: &&Arc<RuleBook>| {
            let is_current = book.workspace.rules_version == row.rules_version;
            book.today == today && (is_current || store::mutant!("the book's version is not checked"))
        };
        books.get(&row.id).filter(is_fresh).cloned()
    }

    /// The newest book there is, whatever its version.
    fn newest(&self, workspace: Uuid) -> Option<Arc<RuleBook>> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner).get(&workspace).cloned()
    }

    /// Rates of exchange change with the day.
    fn today(&self, row: &workspace::Model) -> i64 {
        grammar::day_of(&grammar::time_zone(&row.time_zone), self.clock.now())
    }
}

/// Reads the books of all workspaces where they are not in memory already, so that no lead waits for one.
///
/// # Errors
/// Where the database does not answer. A book that cannot be made is logged: it is its own workspace's trouble.
pub async fn open_all(app: &App) -> Result<(), Error> {
    for workspace in app.db.workspaces().await? {
        let sight = Sight::Task(Task::Assignment);
        let opened = app.db.read(workspace, sight, |tx| async move { app.books.book(&tx).await }).await;
        match opened {
            Ok(_) => {}
            Err(error @ Error::Store(_)) => return Err(error),
            Err(error) => tracing::error!(%error, %workspace, "a rule book cannot be made"),
        }
    }
    Ok(())
}

impl RuleBook {
    pub fn plan_version(&self) -> i64 {
        self.workspace.plan_version
    }

    pub fn workspace(&self) -> &workspace::Model {
        &self.workspace
    }

    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    pub fn index(&self) -> &Index {
        &self.index
    }

    pub fn rule(&self, id: Uuid) -> Option<&Rule> {
        self.rules.get(id).map(AsRef::as_ref)
    }

    /// The rules of a territory in the order in which they are tried.
    pub fn rules_of(&self, territory: Uuid) -> impl Iterator<Item = &Rule> {
        self.rules.of_territory(territory).map(AsRef::as_ref)
    }

    /// Reads the condition of a rule that is not in the book yet.
    pub fn compiled(&self, row: rule::Model) -> Rule {
        Rule::compiled(&self.door(Purpose::Rule, None), row)
    }

    /// The index as it would be with `rule` in place of the one with its id, or without that one.
    pub fn index_with(&self, id: Uuid, rule: Option<Rule>) -> Index {
        let mut rules = self.rules.clone();
        match rule {
            Some(rule) => rules.put(rule, &self.catalog),
            None => rules.take(id, &self.catalog),
        }
        let old = State { tree: &self.tree, rules: &self.rules };
        let new = State { tree: &self.tree, rules: &rules };
        let default = self.workspace.default_territory_id;
        followed(&self.index, old, new, &HashSet::from([id]), default).unwrap_or_else(|| built(new, default))
    }

    /// How the book came to be.
    pub fn made(&self) -> Made {
        self.made
    }

    /// Says whether an enabled rule reads the field, or one from which it is derived.
    pub fn is_read_by_rules(&self, key: &str) -> bool {
        self.rules.read(key)
    }

    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// The door for conditions of rules and filters.
    pub fn door<'a>(
        &'a self,
        purpose: Purpose,
        is_readable: Option<&'a dyn Fn(&condition::Field) -> bool>,
    ) -> Door<'a> {
        Door { catalog: &self.catalog, rates: &self.rates, time_zone: &self.time_zone, purpose, is_readable }
    }

    /// How values of records are read.
    pub fn context(&self, country: Option<Country>) -> Context {
        let notation = if self.workspace.language == "de" { Notation::German } else { Notation::English };
        let currency = Currency::parse(&self.workspace.currency).unwrap_or(Currency::EUR);
        Context { country, notation, currency, time_zone: self.time_zone.clone() }
    }

    /// The country of addresses and phone numbers that name none, as the workspace's settings say.
    pub fn default_country(&self) -> Option<Country> {
        self.workspace.default_country.as_deref().and_then(Country::by_code)
    }

    /// Members in the order of the ring, without what caps count.
    pub fn members(&self, territory: Uuid) -> &[Member<Uuid>] {
        self.crew.ring(territory)
    }

    /// Since when, and by whom, the territory's rotation is paused: it hands nothing out meanwhile.
    pub fn pause(&self, territory: Uuid) -> Option<(Micros, Uuid)> {
        self.crew.pause(territory).map(|row| (row.since, row.user_id))
    }

    /// True where the user may see the territory's records, by membership here or above.
    pub fn has_access(&self, user: Uuid, territory: Uuid) -> bool {
        self.crew.has_access(user, territory)
    }

    pub fn is_active_user(&self, user: Uuid) -> bool {
        self.crew.user(user).is_some_and(|user| user.is_active)
    }

    pub fn user_name(&self, user: Uuid) -> String {
        self.crew.user(user).map(|user| user.name.clone()).unwrap_or_default()
    }

    pub fn user(&self, user: Uuid) -> Option<&user::Model> {
        self.crew.user(user)
    }

    /// Name and colour of a territory.
    pub fn territory_name(&self, territory: Uuid) -> (String, String) {
        let row = self.tree.get(territory);
        row.map(|row| (row.name.clone(), row.color.clone())).unwrap_or_default()
    }

    /// True where the day is a public holiday in the territory's calendar.
    pub fn is_holiday(&self, territory: Uuid, day: Date) -> bool {
        let calendar = self.tree.path(territory).into_iter().rev().find_map(|row| row.calendar.as_deref());
        calendar.is_some_and(|calendar| is_holiday_in(calendar, day))
    }

    /// The day on which an instant falls in the workspace's time zone, in days since 1970-01-01.
    pub fn day_of(&self, us: Micros) -> i64 {
        let at = Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH);
        days(self.time_zone.to_datetime(at).date())
    }

    /// The first instant of a day in the workspace's time zone.
    pub fn day_start(&self, day: i64) -> Micros {
        let date =
            i32::try_from(day).ok().and_then(|day| EPOCH.checked_add(jiff::Span::new().days(day)).ok());
        let start = date.and_then(|date| date.to_zoned_datetime(self.time_zone.clone()).ok());
        start.map_or(i64::MAX, |start| start.timestamp().as_microsecond())
    }
}

/// A calendar is a country or a state: `DE`, `DE-BY`.
fn is_holiday_in(calendar: &str, day: Date) -> bool {
    let code = calendar.split('-').next().unwrap_or_default();
    let Some(country) = Country::by_code(code) else { return false };
    place::holidays::on(country, place::State::by_code(calendar), days(day)).is_some()
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

fn days(date: Date) -> i64 {
    date.since(EPOCH).map_or(0, |span| i64::from(span.get_days()))
}
