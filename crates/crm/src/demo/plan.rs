//! The demo company's plan, as one version of an empty workspace's plan.

use std::collections::{HashMap, HashSet};

use ::territory::file::{FileMember, FileRule, FileTerritory, PlanFile};
use access::Action;
use sea_orm::entity::prelude::*;
use serde_json::json;
use store::Tx;

use super::data::Company;
use crate::app::App;
use crate::error::Error;
use crate::fields::grammar::Grammar;
use crate::people::role as roles;
use crate::people::store::{role, workspace};
use crate::territories::rules;
use crate::territories::states::begin;
use crate::territories::store::{member, rule, territory};
use crate::trail::{self, Actor, Entry};
use crate::versions::{self, Version};

/// Makes territories, rules and members.
pub(super) async fn make(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    file: &PlanFile,
    company: &Company,
    people: &HashMap<String, Uuid>,
) -> Result<(), Error> {
    let workspace = versions::lock(tx).await?;
    let grammar = Grammar::load(tx, &workspace, app.clock.now()).await?;
    let version = versions::next_plan(tx, app, actor, &format!("+ {}", company.name)).await?;
    let ids = file.territories.iter().map(|territory| (territory.name.as_str(), app.ids.next())).collect();
    let roles = roles::all(tx).await?;
    let making = Making { tx, app, version, company, people, ids, roles, grammar };
    let mut rows = Vec::new();
    let (mut rules, mut members) = (Vec::new(), Vec::new());
    // Whoever sets up under the e-mail of one of the people is two members of some territories: the first counts.
    let mut seated = HashSet::new();
    for territory in &file.territories {
        rows.push(making.territory(territory)?);
        rules.extend(making.rules(territory)?);
        for one in &territory.members {
            let member = making.member(territory, one)?;
            if seated.insert((member.territory_id, member.user_id)) {
                members.push(member);
            }
        }
    }
    let default = file.default_territory.as_deref().map(|name| making.id(name)).transpose()?;
    begin::<territory::ActiveModel>(tx, rows).await?;
    begin::<rule::ActiveModel>(tx, rules).await?;
    begin::<member::ActiveModel>(tx, members).await?;
    tx.update::<workspace::Entity>(Action::Edit)
        .set(workspace::Column::DefaultTerritoryId, Expr::val(default))
        .run()
        .await?;
    let entry = Entry {
        action: "import",
        object: "plan",
        object_id: version.number.to_string(),
        before: None,
        after: Some(json!({ "territories": file.territories.len(), "company": company.name })),
    };
    trail::write(tx, app, actor, vec![entry]).await
}

struct Making<'m> {
    tx: &'m Tx,
    app: &'m App,
    version: Version,
    company: &'m Company,
    people: &'m HashMap<String, Uuid>,
    ids: HashMap<&'m str, Uuid>,
    roles: Vec<role::Model>,
    grammar: Grammar,
}

impl Making<'_> {
    fn id(&self, territory: &str) -> Result<Uuid, Error> {
        let id = self.ids.get(territory).copied();
        id.ok_or_else(|| Error::Bug(format!("the demo's plan has no territory {territory}")))
    }

    fn territory(&self, territory: &FileTerritory) -> Result<territory::Model, Error> {
        let name = &territory.name;
        let looks = self.company.territories.get(name);
        let looks = looks.ok_or_else(|| Error::Bug(format!("people.json has no colour for {name}")))?;
        Ok(territory::Model {
            workspace_id: self.tx.workspace(),
            id: self.id(name)?,
            since: self.version.number,
            until: None,
            valid_from: self.version.at,
            valid_to: None,
            parent_id: territory.parent.as_deref().map(|parent| self.id(parent)).transpose()?,
            name: name.clone(),
            position: territory.position,
            color: looks.color.clone(),
            is_active: territory.active,
            calendar: looks.calendar.clone(),
        })
    }

    fn rules(&self, territory: &FileTerritory) -> Result<Vec<rule::Model>, Error> {
        let row = |(position, one): (i64, &FileRule)| {
            let (_, condition) = rules::read(&self.grammar, &one.when, "/when").map_err(Error::Invalid)?;
            Ok(rule::Model {
                workspace_id: self.tx.workspace(),
                id: self.app.ids.next(),
                since: self.version.number,
                until: None,
                valid_from: self.version.at,
                valid_to: None,
                territory_id: self.id(&territory.name)?,
                name: one.name.clone(),
                position,
                is_enabled: one.enabled,
                condition,
            })
        };
        (1..).zip(&territory.rules).map(row).collect()
    }

    fn member(&self, territory: &FileTerritory, one: &FileMember) -> Result<member::Model, Error> {
        let user = self.people.get(&one.user).copied();
        let user = user.ok_or_else(|| Error::Bug(format!("people.json has nobody with {}", one.user)))?;
        let here = self.company.here(&one.user, &territory.name);
        let role = here.and_then(|here| here.role.as_deref());
        let role = role.map(|key| roles::find(&self.roles, "/role", key)).transpose();
        Ok(member::Model {
            workspace_id: self.tx.workspace(),
            territory_id: self.id(&territory.name)?,
            user_id: user,
            since: self.version.number,
            until: None,
            valid_from: self.version.at,
            valid_to: None,
            has_access: one.access,
            has_assignment: one.assignment,
            includes_children: here.is_some_and(|here| here.includes_children),
            role_id: role.map_err(|fault| Error::Invalid(vec![fault]))?.map(|role| role.id),
            weight: i64::from(one.weight.get()),
            position: one.position,
            open_leads_max: here.and_then(|here| here.open_leads_max),
            leads_per_day_max: here.and_then(|here| here.leads_per_day_max),
        })
    }
}
