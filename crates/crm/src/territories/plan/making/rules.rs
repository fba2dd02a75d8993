//! The rules of a plan file beside those that are there.
//! Uses: rules.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use ::territory::When;
use ::territory::file::FileTerritory;
use condition::Written;
use sea_orm::entity::prelude::*;

use super::Making;
use crate::territories::faults::text_fault;
use crate::territories::rules;
use crate::territories::store::rule;

/// A rule's sentence in a step is cut there.
const SENTENCE_CHARS_MAX: usize = 300;

impl Making<'_> {
    /// Rules go by name within their territory; of two that share one, the first is the first.
    pub(super) fn rules(&mut self, at: usize, one: &mut FileTerritory) {
        let (id, name) = (self.ids[&one.name], one.name.clone());
        let mut old: Vec<&rule::Model> = self.rules_of.remove(&id).unwrap_or_default();
        let mut named: HashMap<&str, VecDeque<&rule::Model>> = HashMap::new();
        for &rule in &old {
            named.entry(rule.name.as_str()).or_default().push_back(rule);
        }
        let mut kept: HashSet<Uuid> = HashSet::new();
        for (place, file_rule) in one.rules.iter_mut().enumerate() {
            let pointer = format!("/territories/{at}/rules/{place}");
            if !file_rule.name.is_empty() {
                self.faults.extend(text_fault(&format!("{pointer}/name"), &file_rule.name));
            }
            // A rule without a condition has been told of.
            if file_rule.when.is_null() {
                continue;
            }
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
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SENTENCE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
