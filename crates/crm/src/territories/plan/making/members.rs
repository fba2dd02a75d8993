//! The members of a plan file beside those that are there.
//! Uses: members, people.

use ::territory::file::{FileMember, FileTerritory};

use super::Making;
use crate::error::Fault;
use crate::people::{email, role as roles};
use crate::territories::members;
use crate::territories::store::member;

impl Making<'_> {
    pub(super) fn members(&mut self, at: usize, one: &FileTerritory) {
        let (id, name) = (self.ids[&one.name], &one.name);
        let present = self.present;
        let mut old = self.members_of.remove(&id).unwrap_or_default();
        for (place, file_member) in one.members.iter().enumerate() {
            let FileMember {
                user,
                access,
                assignment,
                weight,
                position,
                includes_children,
                role,
                open_leads_max,
                leads_per_day_max,
            } = file_member;
            let pointer = format!("/territories/{at}/members/{place}");
            // Whom the file does not name, it has been told of.
            if user.is_empty() {
                continue;
            }
            let Some(&person) = self.by_email.get(email::key(user).as_str()) else {
                let detail =
                    "nobody here has this e-mail address; make the user first, or take the member out";
                self.faults.push(Fault::new(
                    &format!("{pointer}/user"),
                    "unknown_user",
                    user.as_str(),
                    detail,
                ));
                continue;
            };
            let known = old.remove(&person.id);
            let role =
                role.as_deref().map(|key| roles::find(&present.roles, &format!("{pointer}/role"), key));
            let role = match role {
                Some(Err(fault)) => {
                    self.faults.push(fault);
                    continue;
                }
                Some(Ok(role)) => Some(role.id),
                None => known.and_then(|old| old.role_id),
            };
            let cap = |cap: Option<u32>, old: fn(&member::Model) -> Option<i64>| {
                cap.map(i64::from).or_else(|| known.and_then(old))
            };
            let new = member::Model {
                workspace_id: self.workspace,
                territory_id: id,
                user_id: person.id,
                since: known.map_or(0, |old| old.since),
                until: None,
                valid_from: known.map_or(0, |old| old.valid_from),
                valid_to: None,
                has_access: *access,
                has_assignment: *assignment,
                includes_children: includes_children
                    .unwrap_or_else(|| known.is_some_and(|old| old.includes_children)),
                role_id: role,
                weight: i64::from(weight.get()),
                position: *position,
                open_leads_max: cap(*open_leads_max, |old| old.open_leads_max),
                leads_per_day_max: cap(*leads_per_day_max, |old| old.leads_per_day_max),
            };
            self.member_faults(&pointer, &new);
            if known == Some(&new) {
                continue;
            }
            let (de, en) = membership(&new);
            let (kind, de_verb, en_verb) = match known {
                None => ("added", "wird Mitglied", "becomes a member"),
                Some(_) => ("changed", "wird geändert", "is changed"),
            };
            let de = format!("{name}: {} {de_verb}: {de}", person.name);
            self.step(kind, "member", name, de, format!("{name}: {} {en_verb}: {en}", person.name));
            self.work.members.push((pointer, new));
        }
        let mut gone: Vec<&member::Model> = old.into_values().collect();
        gone.sort_by_key(|member| (member.position, member.user_id));
        for member in gone {
            let person = present.users.iter().find(|user| user.id == member.user_id);
            let person = person.map_or("?", |person| person.name.as_str());
            let de = format!("{name}: {person} ist nicht mehr Mitglied");
            self.step("removed", "member", name, de, format!("{name}: {person} is no longer a member"));
            self.work.members_gone.push((member.territory_id, member.user_id));
        }
    }

    fn member_faults(&mut self, pointer: &str, row: &member::Model) {
        let draft = members::Draft {
            has_access: row.has_access,
            has_assignment: row.has_assignment,
            includes_children: row.includes_children,
            role: row.role_id,
            weight: row.weight,
            position: Some(row.position),
            open_leads_max: row.open_leads_max,
            leads_per_day_max: row.leads_per_day_max,
        };
        let faults = members::faults(&draft).into_iter();
        self.faults
            .extend(faults.map(|fault| Fault { pointer: format!("{pointer}{}", fault.pointer), ..fault }));
    }
}

fn membership(row: &member::Model) -> (String, String) {
    let (de, en) = match (row.has_access, row.has_assignment) {
        (true, true) => ("Zugriff und Zuteilung", "access and assignment"),
        (true, false) => ("Zugriff ohne Zuteilung", "access without assignment"),
        (false, _) => ("kein Zugriff", "no access"),
    };
    let (weight, position) = (row.weight, row.position);
    (format!("{de}, Gewicht {weight}, Stelle {position}"), format!("{en}, weight {weight}, place {position}"))
}
