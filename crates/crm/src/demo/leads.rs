//! The demo company's leads, which arrive as everybody's do: through the door, placed, handed out, explained.

use access::Task;
use futures::future::try_join_all;
use serde_json::{Map, Value};
use store::Sight;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::records::lead::arrivals::Arrival;
use crate::records::lead::create::Incoming;
use crate::trail::Actor;

/// Leads that arrive at one moment.
const AT_ONCE: usize = 16;

/// Creates the leads in their order; `turn` sets the clock to a share of the way from the first to the last.
pub(super) async fn make(
    app: &App,
    workspace: Uuid,
    actor: &Actor,
    leads: &[Map<String, Value>],
    turn: impl Fn(f64),
) -> Result<(), Error> {
    let book = app
        .db
        .read(workspace, Sight::Task(Task::Setup), |tx| async move { app.books.book(&tx).await })
        .await?;
    for (group, some) in leads.chunks(AT_ONCE).enumerate() {
        turn((group * AT_ONCE) as f64 / leads.len() as f64);
        let arrivals = some.iter().map(|fields| {
            let incoming = Incoming::read(&book, fields.clone(), None, None, None)?;
            Ok(Arrival { actor: actor.clone(), viewer: None, incoming, ticket: None })
        });
        let arrivals: Vec<Arrival> = arrivals.collect::<Result<_, Error>>()?;
        try_join_all(arrivals.into_iter().map(|arrival| app.arrivals.create(app, workspace, arrival)))
            .await?;
    }
    Ok(())
}
