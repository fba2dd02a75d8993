//! What stands behind a user who is about to be deactivated: rooms that hold records are asked first.

use std::pin::Pin;

use store::Tx;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::trail::Actor;

/// What becomes of the records of somebody who leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handover {
    /// Each goes to whoever's turn it is in its territory.
    Rotate,
    /// Each waits in its territory's queue.
    Queue,
    /// All go to this user.
    GiveTo(Uuid),
}

/// What becomes of the records of one territory, or of those without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InTerritory {
    pub territory: Option<Uuid>,
    pub records: Handover,
}

/// A user who is about to be deactivated, by whom, and what was said about their records.
#[derive(Clone, Debug)]
pub struct Leaving {
    pub user: Uuid,
    pub actor: Actor,
    /// Wherever `records_in` says nothing else.
    pub records: Option<Handover>,
    pub records_in: Vec<InTerritory>,
}

/// A room's say, in the transaction of the deactivation itself: it hands the records over as wished, or refuses
/// with a conflict that names what the user still holds.
pub type OnLeaving =
    for<'a> fn(&'a App, &'a Tx, &'a Leaving) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// Asks all rooms of [`crate::ON_LEAVING`].
///
/// # Errors
/// What the first room says that refuses.
pub async fn ask(app: &App, tx: &Tx, leaving: &Leaving) -> Result<(), Error> {
    for room in crate::ON_LEAVING {
        room(app, tx, leaving).await?;
    }
    Ok(())
}
