//! The territories of a plan file beside those that are there.
//! Uses: tree, palette.

use std::collections::HashSet;

use ::territory::file::{FileCode, PlanFile};
use sea_orm::entity::prelude::*;

use super::Making;
use crate::error::Fault;
use crate::territories::faults::{TREE_DEPTH_MAX, color_fault, text_fault};
use crate::territories::palette;
use crate::territories::store::territory;
use crate::territories::tree::Tree;

impl Making<'_> {
    pub(super) fn territories(&mut self, file: &PlanFile) {
        let tree = &self.present.tree;
        let mut colors: Vec<String> = tree.rows().map(|row| row.color.clone()).collect();
        let mut rows = Vec::with_capacity(file.territories.len());
        for (at, one) in file.territories.iter().enumerate() {
            // Without a name it has been told of.
            if !one.name.is_empty() {
                self.faults.extend(text_fault(&format!("/territories/{at}/name"), &one.name));
            }
            let old = self.by_name.get(one.name.as_str()).copied();
            // Files of other tools name colours like #3a7d44; ours go by name.
            let named = one.color.clone().filter(|color| !color.starts_with('#'));
            let fault = named.as_deref().and_then(color_fault);
            let pointer = format!("/territories/{at}/color");
            self.faults.extend(fault.map(|fault| Fault { pointer, ..fault }));
            let parent = one.parent.as_deref().and_then(|parent| self.ids.get(parent).copied());
            // Whoever has the same parent is most likely next to it.
            let neighbours = rows
                .iter()
                .filter(|row: &&territory::Model| row.parent_id == parent)
                .map(|row| row.color.as_str());
            let color = named.unwrap_or_else(|| {
                old.map_or_else(
                    || palette::free(colors.iter().map(String::as_str), neighbours).to_owned(),
                    |old| old.color.clone(),
                )
            });
            let new = territory::Model {
                workspace_id: self.workspace,
                id: self.ids[&one.name],
                since: old.map_or(0, |old| old.since),
                until: None,
                valid_from: old.map_or(0, |old| old.valid_from),
                valid_to: None,
                parent_id: parent,
                name: one.name.clone(),
                position: one.position,
                color: color.clone(),
                is_active: one.active,
                calendar: one.calendar.clone().or_else(|| old.and_then(|old| old.calendar.clone())),
            };
            match old {
                None => {
                    colors.push(color);
                    let (de, en) = below(one.parent.as_deref());
                    let name = &one.name;
                    let de = format!("Das Gebiet „{name}“ kommt {de} dazu");
                    self.step(
                        "added",
                        "territory",
                        name,
                        de,
                        format!("The territory “{name}” is added {en}"),
                    );
                    self.work.territories.push(new.clone());
                }
                Some(old) if *old != new => {
                    self.territory_changed(old, &new, one.parent.as_deref());
                    self.work.territories.push(new.clone());
                }
                Some(_) => {}
            }
            rows.push(new);
        }
        // Circles have no depth.
        let has_circles = self.faults.iter().any(|fault| fault.code == FileCode::Circle.name());
        let tree_to_be = Tree::of(if has_circles { Vec::new() } else { rows });
        for (at, one) in file.territories.iter().enumerate() {
            if tree_to_be.path(self.ids[&one.name]).len() > TREE_DEPTH_MAX {
                let detail =
                    format!("the tree has at most {TREE_DEPTH_MAX} levels; pick a parent further up");
                let pointer = format!("/territories/{at}/parent");
                self.faults.push(Fault::new(&pointer, "too_deep", one.parent.as_deref(), detail));
            }
        }
        let named: HashSet<Uuid> = self.ids.values().copied().collect();
        let mut gone: Vec<(Uuid, String)> = tree.rows().map(|row| (row.id, row.name.clone())).collect();
        gone.retain(|(id, _)| !named.contains(id));
        gone.sort_by(|a, b| a.1.cmp(&b.1));
        for (_, name) in &gone {
            let de = format!("Das Gebiet „{name}“ fällt weg, mit seinen Regeln und Mitgliedern");
            let en = format!("The territory “{name}” goes, with its rules and members");
            self.step("removed", "territory", name, de, en);
        }
        self.work.gone = gone;
    }

    fn territory_changed(&mut self, old: &territory::Model, new: &territory::Model, parent: Option<&str>) {
        let name = &new.name;
        if old.parent_id != new.parent_id {
            let (de, en) = below(parent);
            let de = format!("Das Gebiet „{name}“ wandert {de}");
            self.step("changed", "territory", name, de, format!("The territory “{name}” moves {en}"));
        }
        if old.position != new.position {
            let (from, to) = (old.position, new.position);
            let de = format!("Das Gebiet „{name}“ wird an Stelle {to} statt {from} geprüft");
            let en = format!("The territory “{name}” is tried at place {to}, not {from}");
            self.step("changed", "territory", name, de, en);
        }
        if old.calendar != new.calendar {
            let calendar = new.calendar.clone().unwrap_or_default();
            let de = format!("Im Gebiet „{name}“ gelten die Feiertage von {calendar}");
            let en = format!("The territory “{name}” keeps the public holidays of {calendar}");
            self.step("changed", "territory", name, de, en);
        }
        if old.color != new.color {
            let color = &new.color;
            let de = format!("Das Gebiet „{name}“ bekommt die Farbe {color}");
            self.step(
                "changed",
                "territory",
                name,
                de,
                format!("The territory “{name}” gets the colour {color}"),
            );
        }
        if old.is_active != new.is_active {
            let (de, en) = if new.is_active { ("aktiv", "active") } else { ("inaktiv", "inactive") };
            let de = format!("Das Gebiet „{name}“ wird {de}");
            self.step("changed", "territory", name, de, format!("The territory “{name}” becomes {en}"));
        }
    }
}

fn below(parent: Option<&str>) -> (String, String) {
    match parent {
        Some(parent) => (format!("unter „{parent}“"), format!("below “{parent}”")),
        None => ("auf oberster Ebene".to_owned(), "at the top".to_owned()),
    }
}
