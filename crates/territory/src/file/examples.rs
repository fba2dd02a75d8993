//! Examples: leads of which the plan says where they have to arrive.
//! Uses: read, index, condition.

use condition::Catalog;
use condition::normal::{Context, Notation, Reader};

use super::PlanFile;
use crate::index::Index;

/// An example that the plan does not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenExample {
    /// Which one, from 0.
    pub at: usize,
    pub expected: Option<String>,
    pub found: Result<Option<String>, Vec<String>>,
}

impl BrokenExample {
    /// What is wrong, in English.
    pub fn words(&self) -> String {
        let name = |territory: &Option<String>| match territory {
            Some(name) => format!("\"{name}\""),
            None => "no territory".to_owned(),
        };
        match &self.found {
            Ok(found) => format!("arrives in {}, not in {}", name(found), name(&self.expected)),
            Err(faults) => format!("the lead is unusable: {}", faults.join("; ")),
        }
    }
}

impl std::fmt::Display for BrokenExample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/examples/{}: {}", self.at, self.words())
    }
}

impl PlanFile {
    /// Places every example and returns those that arrive elsewhere. `today` counts from 1970-01-01.
    pub fn broken_examples(&self, catalog: &Catalog, index: &Index, today: i64) -> Vec<BrokenExample> {
        let catalog = &self.catalog(catalog);
        let context = Context {
            country: self.country(),
            notation: Notation::English,
            currency: self.currency(),
            time_zone: self.zone(),
        };
        let mut reader = Reader::new(catalog, &context);
        let zone = self.zone();
        let mut broken = Vec::new();
        for (at, example) in self.examples.iter().enumerate() {
            let found = match reader.json(&example.lead) {
                Ok(mut draft) => {
                    draft.complete(&context);
                    let facts = draft.facts(catalog, today, |us| condition::normal::time::day_of(us, &zone));
                    let placed = index.place(&facts).territory;
                    Ok(placed.map(|id| self.territory(id).name.clone()))
                }
                Err(faults) => {
                    Err(faults.iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail())).collect())
                }
            };
            if found.as_ref() != Ok(&example.territory) {
                broken.push(BrokenExample { at, expected: example.territory.clone(), found });
            }
        }
        broken
    }
}
