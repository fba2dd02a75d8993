//! Pausing a territory's rotation: what arrives meanwhile waits in its queue, and no turn is taken.
//! Uses: edit, store (rows).

use access::{Action, Object, Task};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use serde_json::json;
use store::Tx;

use super::edit::{demand, tree_now};
use super::store::rotation_pause;
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::trail::{self, Entry};
use crate::versions;

/// Pauses a territory's rotation, or lets it go on; what it is already it stays.
///
/// # Errors
/// [`Error::NotFound`] where there is no such territory, [`Error::Denied`] where the caller may not.
pub async fn set(tx: &Tx, app: &App, caller: &Caller, territory: Uuid, is_paused: bool) -> Result<(), Error> {
    demand(tx, Object::Rotation, Action::Edit, Some(territory))?;
    versions::lock(tx).await?;
    tree_now(tx).await?.get(territory).ok_or(Error::NotFound)?;
    // Whether the caller may was just asked.
    let tx = tx.as_task(Task::Assignment);
    let here = || rotation_pause::Column::TerritoryId.eq(territory);
    let was_paused = tx.select::<rotation_pause::Entity>().filter(here()).one().await?.is_some();
    if was_paused == is_paused {
        return Ok(());
    }
    if is_paused {
        let row = rotation_pause::ActiveModel {
            workspace_id: NotSet,
            territory_id: Set(territory),
            since: Set(app.clock.now()),
            user_id: Set(caller.user),
        };
        tx.insert(vec![row]).await?;
    } else {
        tx.delete::<rotation_pause::Entity>(here()).await?;
    }
    versions::bump_rules(&tx).await?;
    let entry = Entry {
        action: if is_paused { "pause" } else { "resume" },
        object: "rotation",
        object_id: territory.to_string(),
        before: Some(json!({ "is_paused": was_paused })),
        after: Some(json!({ "is_paused": is_paused })),
    };
    trail::write(&tx, app, &caller.actor(), vec![entry]).await
}
