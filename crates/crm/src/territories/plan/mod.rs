//! The plan as a file: out of a workspace, and into it as one version. Territories go by their names, members
//! by their e-mail addresses, roles and own fields by their keys; what a file leaves out of colours, calendars,
//! roles and caps stays as it is.
//! Never changes currency, time zone or default country of a workspace that has a plan: those are its settings.
//! Uses: tree, rules, members, states, hold, fields.

mod making;
mod own_fields;

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use ::territory::When;
use ::territory::file::{Example, FileMember, FileRule, FileTerritory, PlanFile};
use access::Task;
use condition::Currency;
use rotation::Weight;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use store::Tx;
use utoipa::ToSchema;

use self::making::planned;
use super::edit::{replace, set_default, tree_now};
use super::faults::refuse;
use super::members::{self, members_now};
use super::states::{begin, end, now};
use super::store::{example, member, rule, territory};
use super::tree::Tree;
use super::{hold, rules};
use crate::app::App;
use crate::error::{Error, Fault};
use crate::fields::grammar::Grammar;
use crate::people::store::{role, user, workspace};
use crate::people::{rate, workspace as settings};
use crate::trail::{self, Actor};
use crate::versions;

/// Bound parameters of one statement have an end.
const ROWS_AT_ONCE: usize = 1_000;

/// One step from the plan as it is to that of a file, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// `added`, `changed`, `removed`.
    pub kind: &'static str,
    /// `setting`, `field`, `territory`, `rule`, `member`, `default`, `example`.
    pub object: &'static str,
    pub territory: String,
    pub de: String,
    pub en: String,
}

/// What an import has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The plan's version; the one before where nothing has changed.
    pub version: i64,
    pub steps: Vec<Step>,
}

/// The rows that lead from the plan as it is to that of a file.
#[derive(Default)]
struct Work {
    steps: Vec<Step>,
    /// What a workspace without a plan takes over.
    settings: Option<settings::Ask>,
    fields: own_fields::Added,
    territories: Vec<territory::Model>,
    rules: Vec<rule::Model>,
    /// Each with its place in the file.
    members: Vec<(String, member::Model)>,
    /// All of them, where they differ from those that are there.
    examples: Option<Vec<example::Model>>,
    /// Territories that go, with all that is in them.
    gone: Vec<(Uuid, String)>,
    rules_gone: Vec<Uuid>,
    members_gone: Vec<(Uuid, Uuid)>,
    default: Option<Uuid>,
    default_differs: bool,
}

/// The plan as it is.
struct Present {
    workspace: workspace::Model,
    has_rates: bool,
    tree: Tree,
    rules: Vec<rule::Model>,
    members: Vec<member::Model>,
    examples: Vec<example::Model>,
    users: Vec<user::Model>,
    roles: Vec<role::Model>,
    default: Option<Uuid>,
    grammar: Grammar,
}

impl Present {
    async fn load(tx: &Tx, app: &App) -> Result<Present, Error> {
        let task = tx.as_task(Task::Assignment);
        let workspace = versions::workspace(tx).await?;
        let mut rules = task.select::<rule::Entity>().filter(now::<rule::Entity>()).all().await?;
        rules.sort_by_key(|rule| (rule.position, rule.id));
        let mut examples = task.select::<example::Entity>().filter(now::<example::Entity>()).all().await?;
        examples.sort_by_key(|example| (example.position, example.id));
        Ok(Present {
            tree: tree_now(tx).await?,
            rules,
            members: members_now(tx).await?,
            examples,
            users: task.select::<user::Entity>().all().await?,
            roles: task.select::<role::Entity>().all().await?,
            default: workspace.default_territory_id,
            grammar: Grammar::load(tx, &workspace, app.clock.now()).await?,
            has_rates: rate::are_there(&task).await?,
            workspace,
        })
    }
}

/// The active plan as a file, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn export(tx: &Tx, app: &App) -> Result<PlanFile, Error> {
    let present = Present::load(tx, app).await?;
    let name_of = |id: Uuid| present.tree.get(id).map(|row| row.name.clone());
    let emails: HashMap<Uuid, &str> =
        present.users.iter().map(|user| (user.id, user.email.as_str())).collect();
    let mut territories = HashMap::new();
    for row in present.tree.rows() {
        let territory = FileTerritory {
            name: row.name.clone(),
            parent: row.parent_id.and_then(name_of),
            position: row.position,
            active: row.is_active,
            color: Some(row.color.clone()),
            calendar: row.calendar.clone(),
            rules: Vec::new(),
            members: Vec::new(),
        };
        territories.insert(row.id, territory);
    }
    let mut read = BTreeSet::new();
    for row in &present.rules {
        let Some(territory) = territories.get_mut(&row.territory_id) else { continue };
        let when = serde_json::from_str(&row.condition)?;
        own_fields::read_by(&when, &mut read);
        territory.rules.push(FileRule {
            name: row.name.clone(),
            enabled: row.is_enabled,
            when,
            // Files hold conditions as they are written; nothing is placed by this one.
            parsed: When::Broken,
            broken: Vec::new(),
        });
    }
    for row in &present.members {
        let (Some(territory), Some(&email)) =
            (territories.get_mut(&row.territory_id), emails.get(&row.user_id))
        else {
            continue;
        };
        let weight = u32::try_from(row.weight).ok().and_then(|weight| Weight::new(weight).ok());
        territory.members.push(FileMember {
            user: email.to_owned(),
            access: row.has_access,
            assignment: row.has_assignment,
            weight: weight.unwrap_or(Weight::ONE),
            position: row.position,
            includes_children: row.includes_children.then_some(true),
            role: row
                .role_id
                .and_then(|id| present.roles.iter().find(|role| role.id == id).map(|role| role.key.clone())),
            open_leads_max: row.open_leads_max.and_then(|cap| u32::try_from(cap).ok()),
            leads_per_day_max: row.leads_per_day_max.and_then(|cap| u32::try_from(cap).ok()),
        });
    }
    let mut examples = Vec::with_capacity(present.examples.len());
    for row in &present.examples {
        let lead: serde_json::Map<String, Value> = serde_json::from_str(&row.lead)?;
        read.extend(lead.keys().cloned());
        examples.push(Example { lead, territory: row.territory_id.and_then(name_of) });
    }
    Ok(PlanFile {
        currency: Currency::parse(&present.workspace.currency),
        time_zone: Some(present.workspace.time_zone.clone()),
        default_country: present.workspace.default_country.clone(),
        default_territory: present.default.and_then(name_of),
        fields: own_fields::exported(&present.grammar.catalog, &read),
        territories: territories.into_values().collect(),
        examples,
    })
}

/// What an import of the file would change, in words.
///
/// # Errors
/// [`Error::Invalid`] with every fault of the file, by its place.
pub async fn check(tx: &Tx, app: &App, text: &str) -> Result<Vec<Step>, Error> {
    let present = Present::load(tx, app).await?;
    Ok(work(tx, app, &present, text).await?.steps)
}

/// What leads to the plan of the file, or everything that is wrong with it at once.
async fn work(tx: &Tx, app: &App, present: &Present, text: &str) -> Result<Work, Error> {
    let (work, mut faults) = planned(present, tx, app, text)?;
    faults.extend(role_faults(tx, present, &work).await?);
    refuse(faults)?;
    Ok(work)
}

/// Nobody gives a role by a file that they could not give by hand.
async fn role_faults(tx: &Tx, present: &Present, work: &Work) -> Result<Vec<Fault>, Error> {
    let mut faults = Vec::new();
    let mut refused: HashMap<Uuid, Option<Fault>> = HashMap::new();
    let old: HashMap<(Uuid, Uuid), &member::Model> =
        present.members.iter().map(|row| ((row.territory_id, row.user_id), row)).collect();
    for (place, row) in &work.members {
        let old = old.get(&(row.territory_id, row.user_id)).copied();
        let Some(role) = row.role_id.filter(|&role| old.is_none_or(|old| old.role_id != Some(role))) else {
            continue;
        };
        if let Entry::Vacant(vacant) = refused.entry(role) {
            vacant.insert(members::role_fault(tx, old, Some(role)).await?);
        }
        let fault = refused.get(&role).cloned().flatten();
        faults.extend(fault.map(|fault| fault.below(place)));
    }
    Ok(faults)
}

/// Makes the plan that of the file, as one version: territories, rules and members that it does not name go.
///
/// # Errors
/// [`Error::Invalid`] with every fault of the file, by its place; [`Error::HeldUp`] where leads are in a
/// territory that would go, or belong to somebody who would lose access.
pub async fn import(tx: &Tx, app: &App, actor: &Actor, text: &str) -> Result<Imported, Error> {
    let workspace = versions::lock(tx).await?;
    let present = Present::load(tx, app).await?;
    let work = work(tx, app, &present, text).await?;
    if work.steps.is_empty() {
        return Ok(Imported { version: workspace.plan_version, steps: work.steps });
    }
    for (id, name) in &work.gone {
        let leads = hold::leads_in(tx, *id).await?;
        if leads > 0 {
            let detail = format!(
                "{leads} leads are in {name}, which the file does not name; move them to other territories first"
            );
            let by = json!([{ "territory": id, "name": name, "leads": leads }]);
            return Err(Error::HeldUp { code: "leads_inside", detail, by });
        }
    }
    let Work {
        steps,
        settings,
        fields,
        territories,
        rules,
        members,
        examples,
        gone,
        rules_gone,
        members_gone,
        default,
        default_differs,
    } = work;
    if let Some(ask) = settings {
        settings::change(app, tx, actor, workspace, ask.parse()?).await?;
    }
    fields.make(tx, app, actor).await?;
    let version = versions::next_plan(tx, app, actor, "import").await?;
    let gone: Vec<Uuid> = gone.into_iter().map(|(id, _)| id).collect();
    for ids in gone.chunks(ROWS_AT_ONCE) {
        let ids = || ids.iter().copied();
        end::<territory::Entity>(tx, version, territory::Column::Id.is_in(ids())).await?;
        end::<rule::Entity>(tx, version, rule::Column::TerritoryId.is_in(ids())).await?;
        end::<member::Entity>(tx, version, member::Column::TerritoryId.is_in(ids())).await?;
    }
    let ended: Vec<Uuid> = rules_gone.into_iter().chain(rules.iter().map(|rule| rule.id)).collect();
    for ids in ended.chunks(ROWS_AT_ONCE) {
        end::<rule::Entity>(tx, version, rule::Column::Id.is_in(ids.iter().copied())).await?;
    }
    let ended = members.iter().map(|(_, row)| (row.territory_id, row.user_id)).chain(members_gone);
    for (territory, user) in ended {
        let which = sea_orm::Condition::all()
            .add(member::Column::TerritoryId.eq(territory))
            .add(member::Column::UserId.eq(user));
        end::<member::Entity>(tx, version, which).await?;
    }
    replace(tx, version, territories).await?;
    begin::<rule::ActiveModel>(tx, rules.into_iter().map(|row| rules::begun(row, version)).collect()).await?;
    let members = members.into_iter().map(|(_, row)| members::begun(row, tx, version)).collect();
    begin::<member::ActiveModel>(tx, members).await?;
    if let Some(examples) = examples {
        end::<example::Entity>(tx, version, now::<example::Entity>()).await?;
        let begun = |row| example::Model { since: version.number, valid_from: version.at, ..row };
        begin::<example::ActiveModel>(tx, examples.into_iter().map(begun).collect()).await?;
    }
    if default_differs {
        set_default(tx, default).await?;
    }
    let before = hold::accesses(&present.tree, &present.members);
    let after = hold::accesses(&tree_now(tx).await?, &members_now(tx).await?);
    hold::settle(tx, app, actor, hold::lost(&before, &after), None).await?;
    let said: Vec<&str> = steps.iter().map(|step| step.en.as_str()).collect();
    let entry = trail::Entry {
        action: "import",
        object: "plan",
        object_id: version.number.to_string(),
        before: None,
        after: Some(json!({ "steps": said })),
    };
    trail::write(tx, app, actor, vec![entry]).await?;
    Ok(Imported { version: version.number, steps })
}
