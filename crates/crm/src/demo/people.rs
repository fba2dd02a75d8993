//! The people of the demo company: active, so that they are handed leads, and without a password.

use std::collections::HashMap;

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use serde_json::json;
use store::Tx;

use super::data::{Company, Person};
use crate::app::{App, DAY};
use crate::error::Error;
use crate::people::email::{self, Email};
use crate::people::store::{absence, user};
use crate::people::{role as roles, workspace};
use crate::trail::{self, Actor, Entry};

/// Makes everybody and returns who stands behind each e-mail of the plan.
pub(super) async fn make(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    company: &Company,
    administrator: Uuid,
) -> Result<HashMap<String, Uuid>, Error> {
    let workspace = workspace::get(tx).await?;
    let roles = roles::all(tx).await?;
    let mut ids = HashMap::from([(company.administrator.email.clone(), administrator)]);
    let taken: Vec<String> =
        tx.select::<user::Entity>().all().await?.into_iter().map(|user| user.email_key).collect();
    let (mut rows, mut entries) = (Vec::new(), Vec::new());
    for person in &company.people {
        let role = roles::find(&roles, "/role", &person.role).map_err(|fault| Error::Invalid(vec![fault]))?;
        let email = Email::parse("/email", &person.email).map_err(|fault| Error::Invalid(vec![fault]))?;
        // Whoever sets up under the e-mail of one of them is both.
        if taken.contains(&email.key()) {
            ids.insert(person.email.clone(), administrator);
            continue;
        }
        let id = app.ids.next();
        ids.insert(person.email.clone(), id);
        entries.push(Entry {
            action: "create",
            object: "user",
            object_id: id.to_string(),
            before: None,
            after: Some(json!({ "name": person.name, "email": person.email, "role": person.role })),
        });
        rows.push(user::ActiveModel {
            workspace_id: NotSet,
            id: Set(id),
            email: Set(email.text().to_owned()),
            email_key: Set(email.key()),
            name: Set(person.name.clone()),
            language: Set(person.language.clone().unwrap_or_else(|| workspace.language.clone())),
            time_zone: Set(person.time_zone.clone().unwrap_or_else(|| workspace.time_zone.clone())),
            password_hash: Set(None),
            role_id: Set(role.id),
            is_active: Set(true),
            working_hours: Set(None),
            version: Set(1),
            created_at: Set(app.clock.now()),
        });
    }
    tx.insert(rows).await?;
    trail::write(tx, app, actor, entries).await?;
    Ok(ids)
}

/// Enters when people work and who is away.
pub(super) async fn settle(tx: &Tx, app: &App, actor: &Actor, company: &Company) -> Result<(), Error> {
    for person in &company.people {
        let is_theirs = user::Column::EmailKey.eq(email::key(&person.email));
        let Some(row) = tx.select::<user::Entity>().filter(is_theirs).one().await? else { continue };
        if let Some(hours) = &person.working_hours {
            tx.update::<user::Entity>(access::Action::Edit)
                .set(user::Column::WorkingHours, Expr::val(serde_json::to_string(hours)?))
                .filter(user::Column::Id.eq(row.id))
                .run()
                .await?;
        }
        away(tx, app, actor, person, row.id).await?;
    }
    workspace::rules_changed(tx).await
}

async fn away(tx: &Tx, app: &App, actor: &Actor, person: &Person, user: Uuid) -> Result<(), Error> {
    let Some((from, until)) = person.absent_days else { return Ok(()) };
    let now = app.clock.now();
    let id = app.ids.next();
    let row = absence::ActiveModel {
        workspace_id: NotSet,
        id: Set(id),
        user_id: Set(user),
        starts_at: Set(now + from * DAY),
        ends_at: Set(now + until * DAY),
        note: Set(String::new()),
        created_at: Set(now),
    };
    tx.insert(vec![row]).await?;
    let entry = Entry {
        action: "create",
        object: "absence",
        object_id: id.to_string(),
        before: None,
        after: Some(json!({ "user_id": user })),
    };
    trail::write(tx, app, actor, vec![entry]).await
}
