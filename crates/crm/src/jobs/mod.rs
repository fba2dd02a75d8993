//! The corridor for what happens without a caller: live events, the audit seal, the queue, batches, forgetting.
//! Keeps no timer that a restart could forget: every round asks the database what is due.
//! Uses: every room.

use std::time::Duration;

use crate::app::App;
use crate::error::Error;
use crate::outbox;
use crate::people::{setup, sign_in};
use crate::records::lead;
use crate::territories::book;
use crate::trail;

/// Other servers' commits are looked for this often; own ones ring the doorbell.
const OUTBOX_LOOK: Duration = Duration::from_millis(250);
const SEAL_ROUND: Duration = Duration::from_secs(1);
/// A lead in the queue waits at most this long after somebody has become eligible.
const QUEUE_ROUND: Duration = Duration::from_secs(1);
/// A batch begins, or goes on after a restart, at most this long later.
const BATCH_ROUND: Duration = Duration::from_millis(250);
/// Tables that have doubled are looked at this often: a new workspace fills within minutes.
const TABLES_ROUND: Duration = Duration::from_secs(1);
const FORGET_ROUND: Duration = Duration::from_secs(600);
const FURNISH_ROUND: Duration = Duration::from_secs(5);

/// Starts all rounds; they end with `app.ending`.
pub fn start(app: &App) {
    tokio::spawn(open_books(app.clone()));
    tokio::spawn(look_at_tables(app.clone()));
    tokio::spawn(pass_events(app.clone()));
    tokio::spawn(furnish(app.clone()));
    tokio::spawn(rounds(app.clone(), SEAL_ROUND, "seal", |app, workspace| async move {
        trail::seal(&app, workspace).await.map(|_| ())
    }));
    tokio::spawn(rounds(app.clone(), QUEUE_ROUND, "queue", |app, workspace| async move {
        lead::queue::serve(&app, workspace).await.map(|_| ())
    }));
    tokio::spawn(rounds(app.clone(), BATCH_ROUND, "batches", |app, workspace| async move {
        lead::batch::carry::carry_on(&app, workspace).await.map(|_| ())
    }));
    tokio::spawn(rounds(app.clone(), FORGET_ROUND, "forget", |app, workspace| async move {
        outbox::forget_old(&app, workspace).await?;
        crate::http::once::forget_old(&app, workspace).await?;
        sign_in::forget_old(&app, workspace).await
    }));
}

/// Large plans take seconds to read: whoever comes first joins what has begun here.
async fn open_books(app: App) {
    if let Err(error) = book::open_all(&app).await {
        tracing::warn!(%error, "the rule books wait for the first lead");
    }
}

/// A database that knows how large its tables are finds rows by their keys.
async fn look_at_tables(app: App) {
    loop {
        tokio::select! {
            () = app.ending.cancelled() => return,
            () = tokio::time::sleep(TABLES_ROUND) => {}
        }
        match app.db.look_at_grown_tables().await {
            Ok(tables) if tables.is_empty() => {}
            Ok(tables) => tracing::debug!(?tables, "the database has looked at tables that have grown"),
            Err(error) => tracing::warn!(%error, "the database could not look at its tables"),
        }
    }
}

async fn pass_events(app: App) {
    let mut reader = outbox::Reader::default();
    loop {
        tokio::select! {
            () = app.ending.cancelled() => return,
            () = app.live.doorbell.notified() => {}
            () = tokio::time::sleep(OUTBOX_LOOK) => {}
        }
        if let Err(error) = reader.look(&app).await {
            tracing::warn!(%error, "live events wait for the database");
        }
    }
}

/// Goes on with a demo company whose making was cut off.
async fn furnish(app: App) {
    while let Err(error) = setup::resume(&app).await {
        tracing::warn!(%error, "what the workspace begins with is not whole yet; this is tried again");
        tokio::select! {
            () = app.ending.cancelled() => return,
            () = tokio::time::sleep(FURNISH_ROUND) => {}
        }
    }
}

async fn rounds<F, Fut>(app: App, pause: Duration, name: &'static str, work: F)
where
    F: Fn(App, uuid::Uuid) -> Fut,
    Fut: Future<Output = Result<(), Error>>,
{
    loop {
        tokio::select! {
            () = app.ending.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        let done = async {
            for workspace in app.db.workspaces().await? {
                work(app.clone(), workspace).await?;
            }
            Ok::<_, Error>(())
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, job = name, "a job's round failed and will be repeated");
        }
    }
}
