//! What becomes of the leads of a user who is deactivated; where nobody says it, they hold the deactivation up.

use std::pin::Pin;

use access::Task;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Func;
use serde_json::json;
use store::Tx;

use super::release::release_in;
use super::store::lead;
use crate::app::App;
use crate::error::Error;
use crate::people::leaving::{Handover, Leaving};
use crate::territories::hold::{Fate, Release};

/// The room's say in [`crate::ON_LEAVING`].
pub fn on_leaving<'a>(
    app: &'a App,
    tx: &'a Tx,
    leaving: &'a Leaving,
) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>> {
    Box::pin(hand_over(app, tx, leaving))
}

async fn hand_over(app: &App, tx: &Tx, leaving: &Leaving) -> Result<(), Error> {
    let owned = owned(tx, leaving.user).await?;
    let count: i64 = owned.iter().map(|(_, count)| count).sum();
    if count == 0 {
        return Ok(());
    }
    let territories: Vec<Uuid> = owned.iter().filter_map(|(territory, _)| *territory).collect();
    let fate = match leaving.records {
        None => return Err(held_up(leaving.user, count, &territories)),
        Some(Handover::Rotate) => Fate::Rotate,
        Some(Handover::Queue) => Fate::Queue,
        Some(Handover::GiveTo(to)) => Fate::Give(to),
    };
    // Whoever leaves is inactive in this transaction already, so the book hands nothing back to them.
    let task = tx.as_task(Task::Assignment);
    let book = app.books.unpublished(&task).await?;
    if let Fate::Give(to) = fate
        && !book.is_active_user(to)
    {
        let detail = "records go to an active user only";
        return Err(Error::invalid("/to", "user_inactive", to.to_string(), detail));
    }
    let release = Release { owner: leaving.user, territories, fate };
    release_in(app, &task, &leaving.actor, &book, None, &release).await?;
    app.releases.carry_out(app, tx, &leaving.actor, release).await?;
    Ok(())
}

/// How many leads the user owns, by territory.
async fn owned(tx: &Tx, user: Uuid) -> Result<Vec<(Option<Uuid>, i64)>, Error> {
    let task = tx.as_task(Task::Assignment);
    let territory = Expr::col(lead::Column::TerritoryId);
    let count = Func::count(Expr::col(lead::Column::Id));
    let leads = task.select::<lead::Entity>().filter(lead::Column::OwnerId.eq(user));
    Ok(leads.tuples(vec![territory.clone(), count.into()], vec![territory]).await?)
}

fn held_up(user: Uuid, count: i64, territories: &[Uuid]) -> Error {
    let detail = format!(
        "{count} leads belong to this user; say what becomes of them: \"records\": \"rotate\", \"queue\", \
         or \"give\" with \"to\""
    );
    let by = json!([{ "user": user, "territories": territories, "records": count }]);
    Error::HeldUp { code: "records_owned", detail, by }
}
