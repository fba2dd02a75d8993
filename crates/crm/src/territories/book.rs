//! The rule book: all that placement, rotation and rights are worked out from, compiled in memory for
//! one version of a workspace's rules. A transaction that uses it has checked that version.
//! Uses: people, fields, store (rows), tree, versions.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use access::{Membership, Role, Task};
use condition::normal::{Context, Notation};
use condition::parse::{Door, Parsed, Purpose};
use condition::{Catalog, Condition, Currency, Rates};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use place::Country;
use rotation::{Absence, Member, Weight, WorkingHours};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use store::Tx;
use territory::{Index, Plan, RuleId, TerritoryId, When};

use super::states;
use super::store::{member, rule, territory as row};
use super::tree::Tree;
use crate::app::{Clock, Micros};
use crate::error::Error;
use crate::fields::{self, grammar};
use crate::people::store::{absence, role, user, workspace};

/// Compiled state of one workspace at one `rules_version`.
pub struct RuleBook {
    workspace: workspace::Model,
    time_zone: TimeZone,
    /// The day whose rates of exchange count.
    today: i64,
    catalog: Catalog,
    rates: Rates,
    tree: Tree,
    index: Index,
    rules: HashMap<Uuid, Rule>,
    /// In the order of the ring: position, then id.
    members: HashMap<Uuid, Vec<Member<Uuid>>>,
    memberships: HashMap<Uuid, Vec<member::Model>>,
    users: HashMap<Uuid, user::Model>,
    /// API names of the fields that enabled rules read.
    read_fields: HashSet<String>,
    roles: HashMap<Uuid, Arc<Role>>,
    /// Who has access, children of including memberships resolved.
    access: HashSet<(Uuid, Uuid)>,
}

/// A rule as the book keeps it.
#[derive(Clone, Debug)]
pub struct Rule {
    pub row: rule::Model,
    /// What is wrong, where the rule is broken; it never matches then.
    pub broken: Vec<condition::Fault>,
    pub condition: Option<Arc<Condition>>,
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

    /// As [`RuleBooks::book`], and nobody changes rules or members before this transaction ends.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn book_kept(&self, tx: &Tx) -> Result<Arc<RuleBook>, Error> {
        let task = tx.as_task(Task::Assignment);
        let row = task.select::<workspace::Entity>().share().one().await?;
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
        RuleBook::load(&task, row, today).await
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
        let book = Arc::new(RuleBook::load(tx, row, today).await?);
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
        let is_fresh =
            |book: &&Arc<RuleBook>| book.workspace.rules_version == row.rules_version && book.today == today;
        books.get(&row.id).filter(is_fresh).cloned()
    }

    /// Rates of exchange change with the day.
    fn today(&self, row: &workspace::Model) -> i64 {
        grammar::day_of(&grammar::time_zone(&row.time_zone), self.clock.now())
    }
}

impl RuleBook {
    async fn load(tx: &Tx, workspace: workspace::Model, today: i64) -> Result<RuleBook, Error> {
        let time_zone = TimeZone::get(&workspace.time_zone).unwrap_or(TimeZone::UTC);
        let catalog = fields::catalog(tx).await?;
        let rates = grammar::rates(tx, &workspace.currency, today).await?;
        let tree = Tree::of(tx.select::<row::Entity>().filter(states::now::<row::Entity>()).all().await?);
        let by_position = Expr::col(rule::Column::Position);
        let rules = tx
            .select::<rule::Entity>()
            .filter(states::now::<rule::Entity>())
            .order_by(by_position, Order::Asc)
            .order_by(Expr::col(rule::Column::Id), Order::Asc)
            .all()
            .await?;
        let rules = compiled_all(&catalog, &rates, &time_zone, rules);
        let index = Index::build(&plan(&tree, &rules, workspace.default_territory_id));
        let users = tx.select::<user::Entity>().all().await?;
        let users: HashMap<Uuid, user::Model> = users.into_iter().map(|user| (user.id, user)).collect();
        let memberships = tx.select::<member::Entity>().filter(states::now::<member::Entity>()).all().await?;
        let absences = tx.select::<absence::Entity>().all().await?;
        let roles = roles(tx).await?;
        let read_fields = read_fields(&catalog, &rules);
        let mut book = RuleBook {
            workspace,
            time_zone,
            today,
            catalog,
            rates,
            tree,
            index,
            rules: rules.into_iter().map(|rule| (rule.row.id, rule)).collect(),
            members: rings(&memberships, &users, &absences)?,
            memberships: grouped(memberships, |row| row.user_id),
            users,
            read_fields,
            roles,
            access: HashSet::new(),
        };
        book.access = book.resolved_access();
        Ok(book)
    }

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
        self.rules.get(&id)
    }

    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// Says whether an enabled rule reads the field, or one from which it is derived.
    pub fn is_read_by_rules(&self, key: &str) -> bool {
        self.read_fields.contains(key)
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

    /// The country of addresses and phone numbers that name none: the one where the workspace's clocks tick.
    pub fn default_country(&self) -> Option<Country> {
        let code = match self.workspace.time_zone.as_str() {
            "Europe/Berlin" | "Europe/Busingen" => "DE",
            "Europe/Vienna" => "AT",
            "Europe/Zurich" => "CH",
            "Europe/Vaduz" => "LI",
            "Europe/Luxembourg" => "LU",
            "Europe/Amsterdam" => "NL",
            "Europe/London" => "GB",
            zone if zone.starts_with("America/") && self.workspace.currency == "USD" => "US",
            zone if zone.starts_with("America/") && self.workspace.currency == "CAD" => "CA",
            _ => return None,
        };
        Country::by_code(code)
    }

    /// Members in the order of the ring, without what caps count.
    pub fn members(&self, territory: Uuid) -> &[Member<Uuid>] {
        self.members.get(&territory).map_or(&[], Vec::as_slice)
    }

    /// True where the user may see the territory's records, by membership here or above.
    pub fn has_access(&self, user: Uuid, territory: Uuid) -> bool {
        self.access.contains(&(user, territory))
    }

    pub fn is_active_user(&self, user: Uuid) -> bool {
        self.users.get(&user).is_some_and(|user| user.is_active)
    }

    pub fn user_name(&self, user: Uuid) -> String {
        self.users.get(&user).map(|user| user.name.clone()).unwrap_or_default()
    }

    pub fn user(&self, user: Uuid) -> Option<&user::Model> {
        self.users.get(&user)
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

    fn spread(&self, memberships: &[member::Model]) -> Vec<Membership> {
        let stated: Vec<Membership> = memberships
            .iter()
            .map(|row| Membership {
                territory: row.territory_id,
                has_access: row.has_access,
                role: row.role_id.and_then(|id| self.roles.get(&id).cloned()),
                includes_children: row.includes_children,
            })
            .collect();
        access::spread(&stated, |territory| self.tree.children(Some(territory)).to_vec())
    }

    fn resolved_access(&self) -> HashSet<(Uuid, Uuid)> {
        let of_user = |(&user, rows): (&Uuid, &Vec<member::Model>)| {
            let spread = self.spread(rows).into_iter();
            spread.filter(|m| m.has_access).map(move |m| (user, m.territory)).collect::<Vec<_>>()
        };
        self.memberships.iter().filter(|(user, _)| self.is_active_user(**user)).flat_map(of_user).collect()
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

fn compiled_all(catalog: &Catalog, rates: &Rates, time_zone: &TimeZone, rows: Vec<rule::Model>) -> Vec<Rule> {
    let door = Door { catalog, rates, time_zone, purpose: Purpose::Rule, is_readable: None };
    rows.into_iter().map(|row| compiled(&door, row)).collect()
}

fn compiled(door: &Door<'_>, row: rule::Model) -> Rule {
    let json = serde_json::from_str(&row.condition).unwrap_or_default();
    match door.parse(&json) {
        Ok(Parsed::Sound(condition)) => {
            Rule { row, broken: Vec::new(), condition: Some(Arc::new(condition)) }
        }
        Ok(Parsed::Broken(faults)) | Err(faults) => Rule { row, broken: faults, condition: None },
    }
}

fn read_fields(catalog: &Catalog, rules: &[Rule]) -> HashSet<String> {
    let enabled = rules.iter().filter(|rule| rule.row.is_enabled).filter_map(|rule| rule.condition.as_ref());
    let ids: HashSet<condition::FieldId> = enabled.flat_map(|condition| condition.fields()).collect();
    let mut keys: HashSet<String> = ids.into_iter().map(|id| catalog.field(id).key.clone()).collect();
    // The point of a record follows from its postcode and country.
    if keys.remove("place") {
        keys.extend(["postcode", "country"].map(str::to_owned));
    }
    keys
}

fn plan(tree: &Tree, rules: &[Rule], default_territory: Option<Uuid>) -> Plan {
    let mut of_territory: HashMap<Uuid, Vec<territory::Rule>> = HashMap::new();
    for rule in rules {
        let when =
            rule.condition.as_ref().map_or(When::Broken, |condition| When::Holds(Arc::clone(condition)));
        of_territory.entry(rule.row.territory_id).or_default().push(territory::Rule {
            id: RuleId(rule.row.id.as_u128()),
            name: rule.row.name.clone(),
            enabled: rule.row.is_enabled,
            when,
        });
    }
    let id = |id: Uuid| TerritoryId(id.as_u128());
    let territories = tree.rows().map(|row| territory::Territory {
        id: id(row.id),
        parent: row.parent_id.map(id),
        name: row.name.clone(),
        position: row.position,
        active: row.is_active,
        color: Some(row.color.clone()),
        rules: of_territory.remove(&row.id).unwrap_or_default(),
    });
    Plan { territories: territories.collect(), default_territory: default_territory.map(id) }
}

fn rings(
    memberships: &[member::Model],
    users: &HashMap<Uuid, user::Model>,
    absences: &[absence::Model],
) -> Result<HashMap<Uuid, Vec<Member<Uuid>>>, Error> {
    let mut away: HashMap<Uuid, Vec<Absence>> = HashMap::new();
    for row in absences {
        let at = |us: Micros| Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX);
        let absence = Absence { from: at(row.starts_at), until: Some(at(row.ends_at)) };
        away.entry(row.user_id).or_default().push(absence);
    }
    let mut rings: HashMap<Uuid, Vec<Member<Uuid>>> = HashMap::new();
    for row in memberships {
        let Some(user) = users.get(&row.user_id) else { continue };
        let hours: Option<WorkingHours> =
            user.working_hours.as_deref().map(serde_json::from_str).transpose()?;
        let cap = |cap: Option<i64>| cap.and_then(|cap| u32::try_from(cap).ok());
        let weight = u32::try_from(row.weight).ok().and_then(|weight| Weight::new(weight).ok());
        rings.entry(row.territory_id).or_default().push(Member {
            id: row.user_id,
            position: row.position,
            weight: weight.unwrap_or(Weight::ONE),
            has_assignment: row.has_assignment && row.has_access,
            user_is_active: user.is_active,
            time_zone: TimeZone::get(&user.time_zone).unwrap_or(TimeZone::UTC),
            hours,
            absences: away.get(&row.user_id).cloned().unwrap_or_default(),
            open_leads: 0,
            open_leads_max: cap(row.open_leads_max),
            leads_today: 0,
            leads_per_day_max: cap(row.leads_per_day_max),
        });
    }
    for ring in rings.values_mut() {
        ring.sort_by_key(|member| (member.position, member.id));
    }
    Ok(rings)
}

async fn roles(tx: &Tx) -> Result<HashMap<Uuid, Arc<Role>>, Error> {
    let mut roles = HashMap::new();
    for row in tx.select::<role::Entity>().all().await? {
        let role: Role = serde_json::from_str(&row.detail)?;
        roles.insert(row.id, Arc::new(role));
    }
    Ok(roles)
}

fn grouped<K: std::hash::Hash + Eq, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
