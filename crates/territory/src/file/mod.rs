//! The plan file `revier-plan/1`: a whole plan as JSON, fit for version control.
//! Never drops what it does not understand: every fault is named by its place, all at once.
//! Uses: plan, index, condition, rotation.
//!
//! Reading order: this page (what a file holds), [`read`] with `values`, `fields`, `members` and `names`, [`write`],
//! `fault` (what is wrong), [`examples`] (what it promises), `differ` (what changed).

mod differ;
pub mod examples;
mod fault;
mod fields;
mod members;
mod names;
mod read;
mod values;
mod write;

use std::sync::Arc;

use condition::{Catalog, Choice, Condition, Currency, Kind, Rates};
use jiff::tz::TimeZone;
use rotation::Weight;
use serde_json::{Map, Value as Json};

use crate::plan::{Plan, Rule, RuleId, Territory, TerritoryId, When};

pub use examples::BrokenExample;
pub use fault::{FileCode, FileFault};

/// What `format` says in every plan file.
pub const FORMAT: &str = "revier-plan/1";

/// A plan as its file holds it. Sound: names are unique, parents exist and form no circle.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanFile {
    /// `None`: the file says nothing, and amounts count in euros.
    pub currency: Option<Currency>,
    /// The name as in the IANA's list; `None`: the file says nothing, and days begin as in UTC.
    pub time_zone: Option<String>,
    /// ISO 3166-1 alpha-2: of leads that name no country.
    pub default_country: Option<String>,
    pub default_territory: Option<String>,
    /// Own fields, and own choices of standard fields, that the rules may read.
    pub fields: Vec<FileField>,
    pub territories: Vec<FileTerritory>,
    pub examples: Vec<Example>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FileTerritory {
    pub name: String,
    pub parent: Option<String>,
    pub position: i64,
    pub active: bool,
    /// Like `#3a7d44`, or the name of a colour.
    pub color: Option<String>,
    /// Whose public holidays count: a country or a state, `DE` or `DE-BY`.
    pub calendar: Option<String>,
    pub rules: Vec<FileRule>,
    pub members: Vec<FileMember>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FileRule {
    pub name: String,
    pub enabled: bool,
    /// As written: conditions compare folded texts, people read them as they wrote them.
    pub when: Json,
    pub parsed: When,
    /// What breaks the rule, if anything.
    pub broken: Vec<FileFault>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMember {
    pub user: String,
    pub access: bool,
    pub assignment: bool,
    pub weight: Weight,
    pub position: i64,
    /// Whether they belong to the territories below as well; none where the file does not say.
    pub includes_children: Option<bool>,
    /// The key of the role that counts in this territory.
    pub role: Option<String>,
    pub open_leads_max: Option<u32>,
    pub leads_per_day_max: Option<u32>,
}

/// A field as the plan knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileField {
    /// `custom.machine_count`, or a standard field that has choices of its own here.
    pub key: String,
    /// Of own fields.
    pub kind: Option<Kind>,
    pub label_en: String,
    pub label_de: String,
    pub choices: Vec<Choice>,
}

/// A lead and where it has to arrive.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    pub lead: Map<String, Json>,
    /// `None`: in no territory.
    pub territory: Option<String>,
}

/// The fields that a plan file may name: the standard ones, with whatever choices it says.
pub fn catalog() -> Catalog {
    let mut catalog = Catalog::standard();
    catalog.choices_are_open = true;
    catalog
}

impl PlanFile {
    /// Reads a plan file; `Err` holds every fault. Rules that name what nobody knows are kept as
    /// broken: they never match.
    pub fn read(text: &str, catalog: &Catalog) -> Result<PlanFile, Vec<FileFault>> {
        read::read(text, catalog)
    }

    /// Reads a plan file as far as it can be read, with every fault. Whatever has a fault stands in its place all the
    /// same, so that places in what was read are those in the text; nameless is what could not be read at all.
    pub fn examine(text: &str, catalog: &Catalog) -> (Option<PlanFile>, Vec<FileFault>) {
        read::examine(text, catalog)
    }

    /// Writes the plan in a stable order: parents before children, siblings as they are tried.
    pub fn write(&self) -> String {
        write::write(self)
    }

    /// The plan to compile. Ids number the file: the n-th territory has id n, from 0, and rules
    /// are numbered through all territories.
    pub fn plan(&self) -> Plan {
        let id_of = |name: &str| self.place(name).map(|at| TerritoryId(at as u128));
        let mut rule_ids = (0..).map(RuleId);
        let territories = self.territories.iter().enumerate().map(|(at, territory)| Territory {
            id: TerritoryId(at as u128),
            parent: territory.parent.as_deref().and_then(id_of),
            name: territory.name.clone(),
            position: territory.position,
            active: territory.active,
            color: territory.color.clone(),
            rules: territory
                .rules
                .iter()
                .zip(&mut rule_ids)
                .map(|(rule, id)| Rule {
                    id,
                    name: rule.name.clone(),
                    enabled: rule.enabled,
                    when: rule.parsed.clone(),
                })
                .collect(),
        });
        Plan {
            territories: territories.collect(),
            default_territory: self.default_territory.as_deref().and_then(id_of),
        }
    }

    /// The territory with that id in [`PlanFile::plan`].
    pub fn territory(&self, id: TerritoryId) -> &FileTerritory {
        &self.territories[usize::try_from(id.0).expect("ids number the territories")]
    }

    /// The rule with that id in [`PlanFile::plan`].
    pub fn rule(&self, id: RuleId) -> &FileRule {
        let at = usize::try_from(id.0).expect("ids number the rules");
        self.territories.iter().flat_map(|territory| &territory.rules).nth(at).expect("ids number the rules")
    }

    /// All rules that something breaks, with what it is.
    pub fn broken_rules(&self) -> impl Iterator<Item = &FileFault> {
        self.territories.iter().flat_map(|territory| &territory.rules).flat_map(|rule| &rule.broken)
    }

    /// The rates by which the plan compares money: none but its own currency's.
    pub fn rates(&self) -> Rates {
        Rates::new(self.currency())
    }

    /// What amounts are compared in.
    pub fn currency(&self) -> Currency {
        self.currency.unwrap_or(Currency::EUR)
    }

    /// The country of leads that name none.
    pub fn country(&self) -> Option<place::Country> {
        self.default_country.as_deref().and_then(place::Country::by_code)
    }

    pub fn zone(&self) -> TimeZone {
        let zone = |name: &str| TimeZone::get(name).expect("the zone was found when the file was read");
        self.time_zone.as_deref().map_or(TimeZone::UTC, zone)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.territories.iter().position(|territory| territory.name == name)
    }
}

impl FileRule {
    /// The rule's condition, unless it is broken.
    pub fn condition(&self) -> Option<&Arc<Condition>> {
        match &self.parsed {
            When::Holds(condition) => Some(condition),
            When::Broken => None,
        }
    }
}
