//! From a plan file to the rows and the words of what it changes, and everything that is wrong with it: pure.
//! Uses: own_fields; `settings`, `territories`, `rules`, `members` and `examples` of this folder.

mod examples;
mod members;
mod rules;
mod settings;
mod territories;

use std::collections::{HashMap, HashSet};

use ::territory::Index;
use ::territory::file::{FileFault, PlanFile};
use sea_orm::entity::prelude::*;
use serde_json::Value;
use store::Tx;

use super::{Present, Step, Work, own_fields};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::fields::grammar::Grammar;
use crate::people::store::user;
use crate::territories::edit::TERRITORIES_MAX;
use crate::territories::store::{member, rule, territory};

/// Works out what leads to the plan of the file, and everything that is wrong with it: with faults, the work is what
/// could be read, and not to be done.
pub(super) fn planned(
    present: &Present,
    tx: &Tx,
    app: &App,
    text: &str,
) -> Result<(Work, Vec<Fault>), Error> {
    let (file, faults) = PlanFile::examine(text, present.grammar.fields());
    let mut faults: Vec<Fault> = faults.into_iter().map(of_file).collect();
    let Some(mut file) = file else { return Ok((Work::default(), faults)) };
    let settings = settings::adopted(present, tx, &file);
    let grammar = settings::grammar(&present.grammar, settings.as_ref(), app.clock.now());
    let (fields, added) = own_fields::with(&grammar.catalog, app, tx.workspace(), &file.fields, &mut faults)?;
    let grammar = &grammar.with(fields);
    let mut members_of: HashMap<Uuid, HashMap<Uuid, &member::Model>> = HashMap::new();
    for member in &present.members {
        members_of.entry(member.territory_id).or_default().insert(member.user_id, member);
    }
    let mut rules_of: HashMap<Uuid, Vec<&rule::Model>> = HashMap::new();
    for rule in &present.rules {
        rules_of.entry(rule.territory_id).or_default().push(rule);
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
    making.settings(settings);
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
    making.examples(&file)?;
    if making.faults.is_empty() {
        let index = Index::build(&file.plan());
        for broken in file.broken_examples(grammar.fields(), &index, grammar.today) {
            let pointer = format!("/examples/{}", broken.at);
            let expected = broken.expected.clone().map_or(Value::Null, Value::String);
            making.faults.push(Fault::new(&pointer, "example_broken", expected, broken.words()));
        }
    }
    let Making { work, faults, .. } = making;
    Ok((work, told_once(faults)))
}

fn of_file(fault: FileFault) -> Fault {
    let FileFault { pointer, code, value, detail } = fault;
    Fault::new(&pointer, code.name(), value, detail)
}

/// What the file by itself and the workspace both find is one fault.
fn told_once(mut faults: Vec<Fault>) -> Vec<Fault> {
    let mut told: HashSet<(String, String)> = HashSet::new();
    faults.retain(|fault| told.insert((fault.pointer.clone(), fault.code.clone())));
    faults
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
