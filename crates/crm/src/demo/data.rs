//! The demo company as it lies in `data/demo/`, read once into what it means.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use territory::file::PlanFile;

use crate::error::Error;

const PEOPLE: &str = include_str!("../../../../data/demo/people.json");
const PLAN: &str = include_str!("../../../../data/demo/plan.json");
const LEADS: &str = include_str!("../../../../data/demo/leads.csv");

/// What the plan file has no words for: people, and what territories and memberships have beyond rules and weights.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Company {
    #[serde(rename = "company")]
    pub name: String,
    pub administrator: Administrator,
    pub people: Vec<Person>,
    /// By name.
    pub territories: BTreeMap<String, Looks>,
}

/// Whoever sets the workspace up stands in the plan under this e-mail.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Administrator {
    pub email: String,
    #[serde(default)]
    pub here: BTreeMap<String, Here>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub name: String,
    pub email: String,
    pub role: String,
    pub language: Option<String>,
    pub time_zone: Option<String>,
    pub working_hours: Option<rotation::WorkingHours>,
    /// Away from the one to the other, in days from now.
    pub absent_days: Option<(i64, i64)>,
    #[serde(default)]
    pub here: BTreeMap<String, Here>,
}

/// What somebody is in one territory, beyond access, assignment and weight.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Here {
    pub role: Option<String>,
    pub includes_children: bool,
    pub open_leads_max: Option<i64>,
    pub leads_per_day_max: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Looks {
    /// A name of the palette.
    pub color: String,
    pub calendar: Option<String>,
}

impl Company {
    /// What a membership says beyond the plan file, by the member's e-mail and the territory's name.
    pub fn here(&self, email: &str, territory: &str) -> Option<&Here> {
        let of_person = self.people.iter().find(|person| person.email == email).map(|person| &person.here);
        let of_all = of_person.or((email == self.administrator.email).then_some(&self.administrator.here));
        of_all?.get(territory)
    }
}

/// People, and how territories look.
pub(super) fn company() -> Result<Company, Error> {
    serde_json::from_str(PEOPLE).map_err(|fault| Error::Bug(format!("people.json: {fault}")))
}

pub(super) fn plan() -> Result<PlanFile, Error> {
    PlanFile::read(PLAN, &territory::file::catalog()).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Error::Bug(format!("plan.json: {}", faults.join("; ")))
    })
}

/// The fields of every lead, as the API would get them.
pub(super) fn leads() -> Result<Vec<Map<String, Value>>, Error> {
    let fault = |fault: csv::Error| Error::Bug(format!("leads.csv: {fault}"));
    let mut reader = csv::Reader::from_reader(LEADS.as_bytes());
    let head = reader.headers().map_err(fault)?.clone();
    let mut leads = Vec::new();
    for row in reader.records() {
        let row = row.map_err(fault)?;
        let cells = head.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
        leads.push(cells.map(|(column, cell)| (column.to_owned(), value(column, cell))).collect());
    }
    Ok(leads)
}

fn value(column: &str, cell: &str) -> Value {
    match (column, cell.split_once(' ')) {
        ("annual_revenue", Some((amount, currency))) => json!({ "amount": amount, "currency": currency }),
        ("emails" | "phones" | "requirements", _) => cell.split(';').collect(),
        _ => json!(cell),
    }
}
