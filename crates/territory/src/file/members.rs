//! Members in a plan file. Uses: read, rotation.

use std::collections::BTreeMap;

use rotation::Weight;
use serde_json::{Map, Value as Json};

use super::FileMember;
use super::fault::FileCode;
use super::read::{Reader, position_of};
use super::values::shown;

/// The highest cap on a member's leads.
const CAP_MAX: u32 = 1_000_000;

impl Reader<'_> {
    pub(super) fn member(&mut self, json: &Json, at: usize) -> FileMember {
        let nothing = Map::new();
        let object = self.object(json);
        let is_readable = object.is_some();
        let object = object.unwrap_or(&nothing);
        let keys = [
            "user",
            "access",
            "assignment",
            "weight",
            "position",
            "includes_children",
            "role",
            "open_leads_max",
            "leads_per_day_max",
        ];
        self.only_keys(object, &keys);
        let member = FileMember {
            access: self.yes_no(object, "access", true),
            assignment: self.yes_no(object, "assignment", true),
            weight: object.get("weight").and_then(|json| self.weight(json)).unwrap_or(Weight::ONE),
            position: self.whole(object, "position").unwrap_or(position_of(at)),
            includes_children: object
                .contains_key("includes_children")
                .then(|| self.yes_no(object, "includes_children", false)),
            role: self.optional_text(object, "role"),
            open_leads_max: self.cap(object, "open_leads_max"),
            leads_per_day_max: self.cap(object, "leads_per_day_max"),
            user: if is_readable { self.text(object, "user") } else { String::new() },
        };
        if member.assignment && !member.access {
            let detail = format!("{} is handed leads without seeing them; turn access on", member.user);
            self.fault_at("access", FileCode::AssignmentWithoutAccess, &member.user, detail);
        }
        member
    }

    /// A cap; missing and `null` are the same.
    fn cap(&mut self, object: &Map<String, Json>, key: &str) -> Option<u32> {
        let json = object.get(key).filter(|json| !json.is_null())?;
        let cap =
            json.as_u64().and_then(|cap| u32::try_from(cap).ok()).filter(|cap| (1..=CAP_MAX).contains(cap));
        if cap.is_none() {
            let detail = format!("{} is not a whole number from 1 to {CAP_MAX}", shown(json));
            self.fault_at(key, FileCode::OutOfRange, shown(json), detail);
        }
        cap
    }

    fn weight(&mut self, json: &Json) -> Option<Weight> {
        let weight = json.as_u64().and_then(|number| u32::try_from(number).ok()).map(Weight::new);
        match weight {
            Some(Ok(weight)) => Some(weight),
            Some(Err(fault)) => {
                self.fault_at("weight", FileCode::OutOfRange, shown(json), fault);
                None
            }
            None => {
                let detail = format!("{} is not a whole number from 1 to {}", shown(json), Weight::MAX);
                self.fault_at("weight", FileCode::OutOfRange, shown(json), detail);
                None
            }
        }
    }

    pub(super) fn check_members(&mut self, members: &[FileMember]) {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, member) in members.iter().enumerate().filter(|(_, member)| !member.user.is_empty()) {
            if let Some(other) = first.get(member.user.as_str()) {
                let detail = format!("{} is member {other} of this territory already", member.user);
                self.fault_at(format!("{at}/user"), FileCode::MemberTwice, &member.user, detail);
            } else {
                first.insert(&member.user, at);
            }
        }
    }
}
