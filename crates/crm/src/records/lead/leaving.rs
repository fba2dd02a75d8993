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
use crate::territories::book::RuleBook;
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
    if owned.is_empty() {
        return Ok(());
    }
    // Whoever leaves is inactive in this transaction already, so the book hands nothing back to them.
    let task = tx.as_task(Task::Assignment);
    let book = app.books.unpublished(&task).await?;
    let unsaid = owned.iter().any(|(territory, _)| said(leaving, *territory).is_none());
    if unsaid {
        return Err(held_up(leaving.user, &owned, &book));
    }
    let mut everywhere = Vec::new();
    for (territory, _) in &owned {
        match said(leaving, *territory) {
            Some((None, _)) => everywhere.push(*territory),
            Some((Some(at), records)) => {
                let pointer = format!("/records_in/{at}");
                let done = release(app, tx, &book, leaving, &[*territory], records).await;
                done.map_err(|error| below(error, &pointer))?;
            }
            None => {}
        }
    }
    match leaving.records {
        Some(records) if !everywhere.is_empty() => {
            release(app, tx, &book, leaving, &everywhere, records).await
        }
        _ => Ok(()),
    }
}

/// What was said of a territory's records: by which entry of `records_in`, if by one.
fn said(leaving: &Leaving, territory: Option<Uuid>) -> Option<(Option<usize>, Handover)> {
    let single = leaving.records_in.iter().enumerate().find(|(_, one)| one.territory == territory);
    let single = single.map(|(at, one)| (Some(at), one.records));
    single.or_else(|| leaving.records.map(|records| (None, records)))
}

fn below(error: Error, pointer: &str) -> Error {
    match error {
        Error::Invalid(faults) => {
            Error::Invalid(faults.into_iter().map(|fault| fault.below(pointer)).collect())
        }
        error => error,
    }
}

async fn release(
    app: &App,
    tx: &Tx,
    book: &RuleBook,
    leaving: &Leaving,
    territories: &[Option<Uuid>],
    records: Handover,
) -> Result<(), Error> {
    let fate = match records {
        Handover::Rotate => Fate::Rotate,
        Handover::Queue => Fate::Queue,
        Handover::GiveTo(to) => Fate::Give(to),
    };
    if let Fate::Give(to) = fate
        && !book.is_active_user(to)
    {
        let detail = "records go to an active user only";
        return Err(Error::invalid("/to", "user_inactive", to.to_string(), detail));
    }
    let placed: Vec<Uuid> = territories.iter().filter_map(|territory| *territory).collect();
    let release = Release { owner: leaving.user, territories: placed, fate };
    if territories.contains(&None) {
        release_in(app, &tx.as_task(Task::Assignment), &leaving.actor, book, None, &release).await?;
    }
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

fn held_up(user: Uuid, owned: &[(Option<Uuid>, i64)], book: &RuleBook) -> Error {
    let count: i64 = owned.iter().map(|(_, count)| count).sum();
    let detail = format!(
        "{count} leads belong to this user; say what becomes of them: \"records\": \"rotate\", \"queue\", \
         or \"give\" with \"to\"; or \"records_in\" for single territories"
    );
    let by: Vec<_> = owned
        .iter()
        .map(|(territory, count)| {
            let name = territory.map(|id| book.territory_name(id).0);
            json!({ "user": user, "territory": territory, "name": name, "records": count })
        })
        .collect();
    Error::HeldUp { code: "records_owned", detail, by: json!(by) }
}
