//! The two numbers by which a workspace counts its changes: the plan's version (territories, rules,
//! members), and the rule book's (all that placement, rotation and rights are worked out from).
//! Never says what has changed: that is the rows' matter, and the audit log's.
//! Uses: people (the workspace's row).

use access::{Action, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use store::{Tie, Tx, tied};

use crate::app::{App, Micros};
use crate::error::Error;
use crate::people::{self, store::workspace};
use crate::trail::Actor;

pub mod plan {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub at: i64,
        pub user_id: Option<Uuid>,
        pub note: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

tied!(plan, access::Object::Plan, Tie::Workspace);

/// A version of the plan that this transaction makes: rows that it ends and begins carry its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    pub number: i64,
    pub at: Micros,
}

/// The workspace's row as it is now.
///
/// # Errors
/// Where the database refuses.
pub async fn workspace(tx: &Tx) -> Result<workspace::Model, Error> {
    found(tx.as_task(Task::Assignment).select::<workspace::Entity>().one().await?)
}

/// The workspace's row, kept from others until this transaction ends: whoever changes the plan looks at
/// it under this lock, so that two changes never build on the same state.
///
/// # Errors
/// Where the database refuses.
pub async fn lock(tx: &Tx) -> Result<workspace::Model, Error> {
    found(tx.as_task(Task::Assignment).select::<workspace::Entity>().lock_in_turn().one().await?)
}

fn found(row: Option<workspace::Model>) -> Result<workspace::Model, Error> {
    row.ok_or_else(|| Error::Bug("the workspace has no row".to_owned()))
}

/// Makes every rule book stale, on every server, with the commit of this transaction.
///
/// # Errors
/// Where the database refuses.
pub async fn bump_rules(tx: &Tx) -> Result<(), Error> {
    people::workspace::rules_changed(tx).await
}

/// Begins the plan's next version; the note says in a few words what it changes.
///
/// # Errors
/// Where the database refuses.
pub async fn next_plan(tx: &Tx, app: &App, actor: &Actor, note: &str) -> Result<Version, Error> {
    let task = tx.as_task(Task::Assignment);
    task.update::<workspace::Entity>(Action::Edit)
        .set(workspace::Column::RulesVersion, Expr::col(workspace::Column::RulesVersion).add(1))
        .set(workspace::Column::PlanVersion, Expr::col(workspace::Column::PlanVersion).add(1))
        .run()
        .await?;
    let version = Version { number: workspace(tx).await?.plan_version, at: app.clock.now() };
    let row = plan::ActiveModel {
        workspace_id: NotSet,
        version: Set(version.number),
        at: Set(version.at),
        user_id: Set(actor.user),
        note: Set(note.to_owned()),
    };
    task.insert(vec![row]).await?;
    Ok(version)
}
