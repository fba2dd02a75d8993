//! The demo company's leads, which arrive as everybody's do: through the door, placed, handed out, explained.

use std::collections::HashSet;

use access::Task;
use futures::future::try_join_all;
use sea_orm::entity::prelude::{ColumnTrait, Expr};
use serde_json::{Map, Value};
use store::Sight;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::http::once::Ticket;
use crate::records::lead::arrivals::Arrival;
use crate::records::lead::create::Incoming;
use crate::records::lead::store::lead;
use crate::trail::Actor;

/// Leads that arrive at one moment.
const AT_ONCE: usize = 16;

/// Creates the leads in their order; `turn` sets the clock to a share of the way from the first to the last.
/// Those that an attempt before has made stay as they are: companies are there once, and each lead has its key,
/// so that two attempts at the same time make no twins either.
pub(super) async fn make(
    app: &App,
    workspace: Uuid,
    administrator: Uuid,
    actor: &Actor,
    leads: &[Map<String, Value>],
    turn: impl Fn(f64),
) -> Result<(), Error> {
    let made = companies(app, workspace).await?;
    let book = app
        .db
        .read(workspace, Sight::Task(Task::Setup), |tx| async move { app.books.book(&tx).await })
        .await?;
    for (group, some) in leads.chunks(AT_ONCE).enumerate() {
        turn((group * AT_ONCE) as f64 / leads.len() as f64);
        let is_new = |fields: &&Map<String, Value>| {
            fields.get("company").and_then(Value::as_str).is_none_or(|company| !made.contains(company))
        };
        let arrivals = some.iter().filter(is_new).map(|fields| {
            let incoming = Incoming::read(&book, fields.clone(), None, None, None)?;
            let body = serde_json::to_vec(fields)?;
            let key = blake3::hash(&body).to_hex().to_string();
            let ticket = Ticket::of_task(app, administrator, "demo", key, &body);
            Ok(Arrival { actor: actor.clone(), viewer: None, incoming, ticket: Some(ticket) })
        });
        let arrivals: Vec<Arrival> = arrivals.collect::<Result<_, Error>>()?;
        try_join_all(arrivals.into_iter().map(|arrival| app.arrivals.create(app, workspace, arrival)))
            .await?;
    }
    Ok(())
}

/// The companies whose leads are there already.
async fn companies(app: &App, workspace: Uuid) -> Result<HashSet<String>, Error> {
    let read = app.db.read(workspace, Sight::Task(Task::Setup), |tx| async move {
        let company = Expr::col(lead::Column::Company);
        let leads = tx.select::<lead::Entity>().filter(lead::Column::Door.eq("demo"));
        Ok::<_, Error>(leads.tuples::<(Option<String>,)>(vec![company], Vec::new()).await?)
    });
    Ok(read.await?.into_iter().filter_map(|(company,)| company).collect())
}
