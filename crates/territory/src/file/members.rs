//! Members in a plan file. Uses: read, rotation.

use std::collections::BTreeMap;

use rotation::Weight;
use serde_json::Value as Json;

use super::FileMember;
use super::read::{Reader, position_of, shown};

impl Reader<'_> {
    pub(super) fn member(&mut self, json: &Json, at: usize) -> Option<FileMember> {
        let object = self.object(json)?;
        self.only_keys(object, &["user", "access", "assignment", "weight", "position"]);
        let member = FileMember {
            access: self.yes_no(object, "access", true),
            assignment: self.yes_no(object, "assignment", true),
            weight: object.get("weight").and_then(|json| self.weight(json)).unwrap_or(Weight::ONE),
            position: self.whole(object, "position").unwrap_or(position_of(at)),
            user: self.text(object, "user")?,
        };
        if member.assignment && !member.access {
            let detail = format!("{} is handed leads without seeing them; turn access on", member.user);
            self.fault_at("access", detail);
        }
        Some(member)
    }

    fn weight(&mut self, json: &Json) -> Option<Weight> {
        let weight = json.as_u64().and_then(|number| u32::try_from(number).ok()).map(Weight::new);
        match weight {
            Some(Ok(weight)) => Some(weight),
            Some(Err(fault)) => {
                self.fault_at("weight", fault);
                None
            }
            None => {
                self.fault_at(
                    "weight",
                    format!("{} is not a whole number from 1 to {}", shown(json), Weight::MAX),
                );
                None
            }
        }
    }

    pub(super) fn check_members(&mut self, members: &[FileMember]) {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, member) in members.iter().enumerate() {
            if let Some(other) = first.get(member.user.as_str()) {
                self.fault_at(
                    format!("{at}/user"),
                    format!("{} is member {other} of this territory already", member.user),
                );
            } else {
                first.insert(&member.user, at);
            }
        }
    }
}
