//! Leads on their way in: those that wait at the same moment share one transaction, since durability is
//! paid per commit. There is no artificial delay: a batch is what has come while the last one was written.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use access::{Task, Viewer};
use store::{Sight, StoreError};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::create::{self, Incoming};
use crate::app::App;
use crate::error::Error;
use crate::http::once::{Answer, Ticket};
use crate::trail::Actor;

/// Leads in one transaction.
pub const BATCH_LEADS_MAX: usize = 64;
/// Leads that wait in memory for their batch; beyond, callers wait before they may queue.
const WAITING_LEADS_MAX: usize = 1_024;

/// One lead at the door, with all that its creation needs.
#[derive(Clone)]
pub struct Arrival {
    pub actor: Actor,
    /// None: Revier itself, which sees what it makes.
    pub viewer: Option<Arc<Viewer>>,
    pub incoming: Incoming,
    pub ticket: Option<Ticket>,
}

struct Waiting {
    arrival: Arrival,
    reply: oneshot::Sender<Result<Answer, Error>>,
}

/// The doors of all workspaces on this server.
#[derive(Clone, Default)]
pub struct Arrivals {
    doors: Arc<Mutex<HashMap<Uuid, mpsc::Sender<Waiting>>>>,
}

impl Arrivals {
    /// Creates the lead, durably, and answers.
    ///
    /// # Errors
    /// What is wrong with this lead, or why the database did not take it.
    pub async fn create(&self, app: &App, workspace: Uuid, arrival: Arrival) -> Result<Answer, Error> {
        let (reply, answer) = oneshot::channel();
        let door = self.door(app, workspace);
        door.send(Waiting { arrival, reply }).await.map_err(|_| Error::Busy)?;
        answer.await.map_err(|_| Error::Busy)?
    }

    fn door(&self, app: &App, workspace: Uuid) -> mpsc::Sender<Waiting> {
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(door) = doors.get(&workspace).filter(|door| !door.is_closed()) {
            return door.clone();
        }
        let (door, waiting) = mpsc::channel(WAITING_LEADS_MAX);
        // The worker does not keep the door open, so that it ends with the last sender.
        tokio::spawn(work(app.clone(), workspace, waiting));
        doors.insert(workspace, door.clone());
        door
    }
}

async fn work(app: App, workspace: Uuid, mut door: mpsc::Receiver<Waiting>) {
    let mut held: Vec<Waiting> = Vec::new();
    loop {
        let mut waiting = std::mem::take(&mut held);
        if waiting.is_empty() {
            match door.recv().await {
                Some(first) => waiting.push(first),
                None => return,
            }
        }
        while waiting.len() < BATCH_LEADS_MAX
            && let Ok(next) = door.try_recv()
        {
            waiting.push(next);
        }
        held = apart(&mut waiting);
        write(&app, workspace, waiting).await;
        app.live.doorbell.notify_one();
    }
}

/// Takes out of a batch whatever must see another of the batch committed first: the same idempotency
/// key, or the same e-mail or phone, whose owner it may get.
fn apart(waiting: &mut Vec<Waiting>) -> Vec<Waiting> {
    let (mut keys, mut known) = (HashSet::new(), HashSet::new());
    let mut held = Vec::new();
    let mut stay = Vec::with_capacity(waiting.len());
    for one in waiting.drain(..) {
        let key = one.arrival.ticket.as_ref().and_then(Ticket::identity);
        let hashes = one.arrival.incoming.known_keys();
        let collides = key.as_ref().is_some_and(|key| keys.contains(key))
            || hashes.iter().any(|hash| known.contains(hash));
        keys.extend(key);
        known.extend(hashes.iter().copied());
        if collides { held.push(one) } else { stay.push(one) }
    }
    *waiting = stay;
    held
}

async fn write(app: &App, workspace: Uuid, waiting: Vec<Waiting>) {
    let (arrivals, replies): (Vec<Arrival>, Vec<_>) =
        waiting.into_iter().map(|one| (one.arrival, one.reply)).unzip();
    match in_one_transaction(app, workspace, &arrivals).await {
        Ok(answers) => {
            for (reply, answer) in replies.into_iter().zip(answers) {
                // Whoever no longer listens finds the lead by its idempotency key.
                let _ = reply.send(answer);
            }
        }
        Err(error) if is_everybodys(&error) || (arrivals.len() == 1 && !is_taken(&error)) => {
            let text = error.to_string();
            let mut first = Some(error);
            for reply in replies {
                let error = first.take().unwrap_or_else(|| again(&text));
                let _ = reply.send(Err(error));
            }
        }
        Err(error) => {
            tracing::warn!(%error, leads = arrivals.len(), "a batch is split");
            for (arrival, reply) in arrivals.into_iter().zip(replies) {
                let _ = reply.send(alone(app, workspace, arrival).await);
            }
        }
    }
}

/// Another server may take the same idempotency key between our look-up and our commit; its answer is
/// found by looking again.
const LOOKS_MAX: usize = 3;

async fn alone(app: &App, workspace: Uuid, arrival: Arrival) -> Result<Answer, Error> {
    let arrivals = [arrival];
    let mut looks = 1;
    loop {
        match in_one_transaction(app, workspace, &arrivals).await {
            Err(Error::Store(StoreError::Exists(_))) if looks < LOOKS_MAX => looks += 1,
            answers => return answers.and_then(|mut answers| answers.pop().unwrap_or(Err(Error::Busy))),
        }
    }
}

fn is_taken(error: &Error) -> bool {
    matches!(error, Error::Store(StoreError::Exists(_)))
}

/// True where every lead alone would meet the same trouble.
fn is_everybodys(error: &Error) -> bool {
    matches!(
        error,
        Error::Store(
            StoreError::Busy(_) | StoreError::Unreachable(_) | StoreError::Unknown(_) | StoreError::Full(_)
        )
    )
}

fn again(text: &str) -> Error {
    tracing::debug!(text, "a whole batch failed");
    Error::Busy
}

async fn in_one_transaction(
    app: &App,
    workspace: Uuid,
    arrivals: &[Arrival],
) -> Result<Vec<Result<Answer, Error>>, Error> {
    let sight = Sight::Task(Task::Assignment);
    app.db.write(workspace, sight, |tx| async move { create::batch(&tx, app, arrivals).await }).await
}
