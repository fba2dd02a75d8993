//! The examples of a plan file beside those that are there.

use ::territory::file::PlanFile;

use super::Making;
use crate::error::{Error, Fault};
use crate::territories::store::example;

/// Examples of a plan: each is placed on every import.
const EXAMPLES_MAX: usize = 10_000;

impl Making<'_> {
    /// Examples have no names: where the lists differ, the file's takes the place of the other.
    pub(super) fn examples(&mut self, file: &PlanFile) -> Result<(), Error> {
        if file.examples.len() > EXAMPLES_MAX {
            let detail = format!("a plan has at most {EXAMPLES_MAX} examples; take some out");
            let fault = Fault::new("/examples", "too_many_examples", file.examples.len(), detail);
            self.faults.push(fault);
        }
        let mut rows = Vec::with_capacity(file.examples.len());
        for (position, example) in (1..).zip(&file.examples) {
            rows.push(example::Model {
                workspace_id: self.workspace,
                id: self.app.ids.next(),
                since: 0,
                until: None,
                valid_from: 0,
                valid_to: None,
                position,
                lead: serde_json::to_string(&example.lead)?,
                territory_id: example.territory.as_ref().and_then(|name| self.ids.get(name).copied()),
            });
        }
        let old = &self.present.examples;
        let said = |row: &example::Model| (row.lead.clone(), row.territory_id);
        if old.iter().map(said).eq(rows.iter().map(said)) {
            return Ok(());
        }
        let (before, after) = (old.len(), rows.len());
        let de = format!("Der Plan hält {after} Beispiele statt {before} oder andere als bisher");
        let en = format!("The plan keeps {after} examples instead of {before}, or others than before");
        self.step("changed", "example", "", de, en);
        self.work.examples = Some(rows);
        Ok(())
    }
}
