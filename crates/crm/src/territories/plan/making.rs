//! From a plan file to the rows and the words of what it changes, or to everything that is wrong with it: pure.
//! Uses: tree, rules, members, palette.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use ::territory::file::{FileMember, FileTerritory, PlanFile};
use ::territory::{Index, When};
use condition::say::Written;
use sea_orm::entity::prelude::*;
use serde_json::Value;
use store::Tx;

use super::{Present, Step, Work, own_fields};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::fields::grammar::Grammar;
use crate::people::store::user;
use crate::people::{email, role as roles};
use crate::territories::edit::TERRITORIES_MAX;
use crate::territories::faults::{TREE_DEPTH_MAX, color_fault, refuse, text_fault};
use crate::territories::store::{member, rule, territory};
use crate::territories::tree::Tree;
use crate::territories::{members, palette, rules};

/// A rule's sentence in a difference ends here.
const SENTENCE_CHARS_MAX: usize = 300;

/// Works out what leads to the plan of the file, or everything that is wrong with it.
pub(super) fn planned(present: &Present, tx: &Tx, app: &App, text: &str) -> Result<Work, Error> {
    let mut file = PlanFile::read(text, present.grammar.fields()).map_err(|faults| {
        let fault = |fault: ::territory::file::FileFault| {
            Fault::new(&fault.pointer, "plan_file", Value::Null, fault.detail)
        };
        Error::Invalid(faults.into_iter().map(fault).collect())
    })?;
    let mut faults = Vec::new();
    let (fields, added) =
        own_fields::with(&present.grammar.catalog, app, tx.workspace(), &file.fields, &mut faults)?;
    let grammar = &present.grammar.with(fields);
    let mut rules_of: HashMap<Uuid, Vec<&rule::Model>> = HashMap::new();
    for rule in &present.rules {
        rules_of.entry(rule.territory_id).or_default().push(rule);
    }
    let mut members_of: HashMap<Uuid, HashMap<Uuid, &member::Model>> = HashMap::new();
    for member in &present.members {
        members_of.entry(member.territory_id).or_default().insert(member.user_id, member);
    }
    let mut making = Making {
        present,
        grammar,
        by_name: present.tree.rows().map(|row| (row.name.as_str(), row)).collect(),
        rules_of,
        members_of,
        workspace: tx.workspace(),
        app,
        ids: HashMap::new(),
        by_email: present.users.iter().map(|user| (user.email_key.as_str(), user)).collect(),
        faults,
        work: Work { fields: added, ..Work::default() },
    };
    making.fields();
    if file.territories.len() > TERRITORIES_MAX {
        let detail = format!("a workspace has at most {TERRITORIES_MAX} territories");
        making.faults.push(Fault::new(
            "/territories",
            "too_many_territories",
            file.territories.len(),
            detail,
        ));
    }
    for one in &file.territories {
        let known = making.by_name.get(one.name.as_str()).map(|row| row.id);
        making.ids.insert(one.name.clone(), known.unwrap_or_else(|| app.ids.next()));
    }
    making.territories(&file);
    for (at, one) in file.territories.iter_mut().enumerate() {
        making.rules(at, one);
        making.members(at, one);
    }
    making.default(&file);
    if making.faults.is_empty() {
        let index = Index::build(&file.plan());
        for broken in file.broken_examples(making.grammar.fields(), &index, making.grammar.today) {
            let pointer = format!("/examples/{}", broken.at);
            let expected = broken.expected.clone().map_or(Value::Null, Value::String);
            making.faults.push(Fault::new(&pointer, "example_broken", expected, broken.to_string()));
        }
    }
    refuse(making.faults)?;
    Ok(making.work)
}

struct Making<'p> {
    present: &'p Present,
    /// The workspace's, with what the file adds to its fields.
    grammar: &'p Grammar,
    by_name: HashMap<&'p str, &'p territory::Model>,
    rules_of: HashMap<Uuid, Vec<&'p rule::Model>>,
    members_of: HashMap<Uuid, HashMap<Uuid, &'p member::Model>>,
    workspace: Uuid,
    app: &'p App,
    ids: HashMap<String, Uuid>,
    by_email: HashMap<&'p str, &'p user::Model>,
    faults: Vec<Fault>,
    work: Work,
}

impl Making<'_> {
    fn step(&mut self, kind: &'static str, object: &'static str, territory: &str, de: String, en: String) {
        self.work.steps.push(Step { kind, object, territory: territory.to_owned(), de, en });
    }

    fn fields(&mut self) {
        for key in self.work.fields.words.clone() {
            let de = format!("Das Feld {key} kommt dazu oder bekommt weitere Auswahlwerte");
            let en = format!("The field {key} is added or gets more choices");
            self.step("added", "field", "", de, en);
        }
    }

    fn territories(&mut self, file: &PlanFile) {
        let tree = &self.present.tree;
        let mut colors: Vec<String> = tree.rows().map(|row| row.color.clone()).collect();
        let mut rows = Vec::with_capacity(file.territories.len());
        for (at, one) in file.territories.iter().enumerate() {
            self.faults.extend(text_fault(&format!("/territories/{at}/name"), &one.name));
            let old = self.by_name.get(one.name.as_str()).copied();
            // Files of other tools name colours like #3a7d44; ours go by name.
            let named = one.color.clone().filter(|color| !color.starts_with('#'));
            let fault = named.as_deref().and_then(color_fault);
            self.faults
                .extend(fault.map(|fault| Fault { pointer: format!("/territories/{at}/color"), ..fault }));
            let color = named.unwrap_or_else(|| {
                old.map_or_else(
                    || palette::free(colors.iter().map(String::as_str), []).to_owned(),
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
                parent_id: one.parent.as_deref().and_then(|parent| self.ids.get(parent).copied()),
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
        let tree_to_be = Tree::of(rows);
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

    /// Rules go by name within their territory; of two that share one, the first is the first.
    fn rules(&mut self, at: usize, one: &mut FileTerritory) {
        let (id, name) = (self.ids[&one.name], one.name.clone());
        let mut old: Vec<&rule::Model> = self.rules_of.remove(&id).unwrap_or_default();
        let mut named: HashMap<&str, VecDeque<&rule::Model>> = HashMap::new();
        for &rule in &old {
            named.entry(rule.name.as_str()).or_default().push_back(rule);
        }
        let mut kept: HashSet<Uuid> = HashSet::new();
        for (place, file_rule) in one.rules.iter_mut().enumerate() {
            let pointer = format!("/territories/{at}/rules/{place}");
            self.faults.extend(text_fault(&format!("{pointer}/name"), &file_rule.name));
            let read = rules::read(self.grammar, &file_rule.when, &format!("{pointer}/when"));
            let (condition, text) = match read {
                Ok(read) => read,
                Err(faults) => {
                    self.faults.extend(faults);
                    continue;
                }
            };
            let known = named.get_mut(file_rule.name.as_str()).and_then(VecDeque::pop_front);
            kept.extend(known.map(|rule| rule.id));
            let new = rule::Model {
                workspace_id: self.workspace,
                id: known.map_or_else(|| self.app.ids.next(), |old| old.id),
                since: known.map_or(0, |old| old.since),
                until: None,
                valid_from: known.map_or(0, |old| old.valid_from),
                valid_to: None,
                territory_id: id,
                name: file_rule.name.clone(),
                position: i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1),
                is_enabled: file_rule.enabled,
                condition: text,
            };
            if known != Some(&new) {
                let said = self.grammar.say(&condition, &Written::of(&file_rule.when));
                let (de, en) = (shortened(&said.de.to_string()), shortened(&said.en.to_string()));
                let rule = &new.name;
                let (kind, de_verb, en_verb) = match known {
                    None => ("added", "kommt dazu", "is added"),
                    Some(_) => ("changed", "wird geändert", "is changed"),
                };
                let (de_off, en_off) =
                    if new.is_enabled { ("", "") } else { (" (ausgeschaltet)", " (switched off)") };
                let de = format!("{name}: Die Regel „{rule}“ {de_verb}{de_off}: {de}");
                let en = format!("{name}: the rule “{rule}” {en_verb}{en_off}: {en}");
                self.step(kind, "rule", &name, de, en);
                self.work.rules.push(new);
            }
            file_rule.parsed = When::Holds(Arc::new(condition));
            file_rule.broken.clear();
        }
        old.retain(|rule| !kept.contains(&rule.id));
        for rule in old {
            let (de, en) = (
                format!("{name}: Die Regel „{}“ fällt weg", rule.name),
                format!("{name}: the rule “{}” goes", rule.name),
            );
            self.step("removed", "rule", &name, de, en);
            self.work.rules_gone.push(rule.id);
        }
    }

    fn members(&mut self, at: usize, one: &FileTerritory) {
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
            self.work.members.push(new);
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

    fn default(&mut self, file: &PlanFile) {
        let wanted = file.default_territory.as_deref().and_then(|name| self.ids.get(name).copied());
        self.work.default = wanted;
        self.work.default_differs = wanted != self.present.default;
        if self.work.default_differs {
            let name = file.default_territory.clone().unwrap_or_default();
            let (de, en) = match &file.default_territory {
                Some(name) => (
                    format!("Was keine Regel trifft, kommt nach „{name}“"),
                    format!("What no rule matches comes to “{name}”"),
                ),
                None => (
                    "Was keine Regel trifft, bleibt ohne Gebiet".to_owned(),
                    "What no rule matches stays without territory".to_owned(),
                ),
            };
            self.step("changed", "default", &name, de, en);
        }
    }
}

fn below(parent: Option<&str>) -> (String, String) {
    match parent {
        Some(parent) => (format!("unter „{parent}“"), format!("below “{parent}”")),
        None => ("auf oberster Ebene".to_owned(), "at the top".to_owned()),
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

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SENTENCE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
