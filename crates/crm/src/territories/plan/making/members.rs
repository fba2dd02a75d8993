//! The members of a plan file beside those that are there.
//! Uses: members, people.

use std::collections::HashMap;

use ::territory::file::{FileMember, FileTerritory};
use sea_orm::entity::prelude::*;

use super::Making;
use crate::error::Fault;
use crate::people::{email, role as roles};
use crate::territories::members;
use crate::territories::store::member;

impl Making<'_> {
    pub(super) fn members(&mut self, at: usize, one: &FileTerritory) {
        let id = self.ids[&one.name];
        let mut old = self.members_of.remove(&id).unwrap_or_default();
        for (place, file) in one.members.iter().enumerate() {
            // Whom the file does not name, it has been told of.
            if !file.user.is_empty() {
                self.member(&format!("/territories/{at}/members/{place}"), &one.name, file, &mut old);
            }
        }
        let mut gone: Vec<&member::Model> = old.into_values().collect();
        gone.sort_by_key(|member| (member.position, member.user_id));
        for member in gone {
            let (name, person) =
                (&one.name, self.present.users.iter().find(|user| user.id == member.user_id));
            let person = person.map_or("?", |person| person.name.as_str());
            let de = format!("{name}: {person} ist nicht mehr Mitglied");
            self.step("removed", "member", name, de, format!("{name}: {person} is no longer a member"));
            self.work.members_gone.push((member.territory_id, member.user_id));
        }
    }

    /// Takes the one member out of those that are there, and notes what changes.
    fn member(
        &mut self,
        pointer: &str,
        territory: &str,
        file: &FileMember,
        old: &mut HashMap<Uuid, &member::Model>,
    ) {
        let Some(&person) = self.by_email.get(email::key(&file.user).as_str()) else {
            let detail = "nobody here has this e-mail address; make the user first, or take the member out";
            let fault = Fault::new(&format!("{pointer}/user"), "unknown_user", file.user.as_str(), detail);
            return self.faults.push(fault);
        };
        let known = old.remove(&person.id);
        let role = file.role.as_deref();
        let role = match role.map(|key| roles::find(&self.present.roles, &format!("{pointer}/role"), key)) {
            Some(Err(fault)) => return self.faults.push(fault),
            Some(Ok(role)) => Some(role.id),
            None => known.and_then(|old| old.role_id),
        };
        let row = row(file, (self.workspace, self.ids[territory], person.id), role, known);
        self.member_faults(pointer, &row);
        if known == Some(&row) {
            return;
        }
        let (de, en) = membership(&row);
        let (kind, de_verb, en_verb) = match known {
            None => ("added", "wird Mitglied", "becomes a member"),
            Some(_) => ("changed", "wird geändert", "is changed"),
        };
        let de = format!("{territory}: {} {de_verb}: {de}", person.name);
        self.step(kind, "member", territory, de, format!("{territory}: {} {en_verb}: {en}", person.name));
        self.work.members.push((pointer.to_owned(), row));
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
        self.faults.extend(members::faults(&draft).into_iter().map(|fault| fault.below(pointer)));
    }
}

/// The member as the file has it; what it does not say stays as it was.
fn row(
    file: &FileMember,
    (workspace_id, territory_id, user_id): (Uuid, Uuid, Uuid),
    role_id: Option<Uuid>,
    old: Option<&member::Model>,
) -> member::Model {
    let FileMember {
        user: _,
        access,
        assignment,
        weight,
        position,
        includes_children,
        role: _,
        open_leads_max,
        leads_per_day_max,
    } = file;
    let cap = |cap: Option<u32>, of: fn(&member::Model) -> Option<i64>| {
        cap.map(i64::from).or_else(|| old.and_then(of))
    };
    member::Model {
        workspace_id,
        territory_id,
        user_id,
        since: old.map_or(0, |old| old.since),
        until: None,
        valid_from: old.map_or(0, |old| old.valid_from),
        valid_to: None,
        has_access: *access,
        has_assignment: *assignment,
        includes_children: includes_children.unwrap_or_else(|| old.is_some_and(|old| old.includes_children)),
        role_id,
        weight: i64::from(weight.get()),
        position: *position,
        open_leads_max: cap(*open_leads_max, |old| old.open_leads_max),
        leads_per_day_max: cap(*leads_per_day_max, |old| old.leads_per_day_max),
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
