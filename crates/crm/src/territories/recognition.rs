//! Recognition: who is calling and what they may do, as the database says at this moment.
//! All that call at the same moment share one look. It begins after the last of them has come, so nobody
//! is known by older rights than if each had looked alone.
//! Uses: people (sessions, tokens), viewers, versions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::{Task, Viewer};
use store::{Sight, Tx};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::people::sign_in::{self, Credential, Found, Known, Presence, Shown};
use crate::versions;

/// Credentials in one look.
const SHOWN_MAX: usize = 256;

/// Somebody who was recognised, with what they may do.
pub struct Recognised {
    pub workspace: Uuid,
    pub known: Known,
    pub viewer: Arc<Viewer>,
}

/// Those who wait for a look, by workspace; a workspace that is here is being looked at.
#[derive(Default)]
pub struct Recognition {
    waiting: Mutex<HashMap<Uuid, Vec<Waiting>>>,
}

struct Waiting {
    shown: Shown,
    reply: oneshot::Sender<Result<Seen, Error>>,
}

struct Seen {
    found: Found,
    /// None: a session that is over.
    viewer: Option<Arc<Viewer>>,
}

impl Recognition {
    /// Recognises the bearer of a session or token.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] where it is unknown, ended, revoked, too old, or its user is no longer active.
    pub async fn of(
        &self,
        app: &App,
        credential: &Credential,
        presence: Presence,
    ) -> Result<Recognised, Error> {
        let shown = Shown::of(credential).ok_or(Error::SignInNeeded)?;
        let workspace = shown.workspace;
        let (reply, answer) = oneshot::channel();
        if self.join(Waiting { shown, reply }) {
            // A task of its own: whoever asked first may go away, the others still wait.
            tokio::spawn(look(app.clone(), workspace));
        }
        let Seen { found, viewer } = answer.await.map_err(|_| Error::Busy)??;
        let known = sign_in::settle(app, workspace, presence, found).await?;
        let viewer = viewer.ok_or(Error::SignInNeeded)?;
        Ok(Recognised { workspace, known, viewer })
    }

    /// True where nobody looks yet.
    fn join(&self, one: Waiting) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let workspace = one.shown.workspace;
        let is_first = !waiting.contains_key(&workspace);
        waiting.entry(workspace).or_default().push(one);
        is_first
    }

    /// The next to be looked at; none: nobody waits, and nobody looks any more.
    fn next(&self, workspace: Uuid) -> Option<Vec<Waiting>> {
        let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = all.get_mut(&workspace)?;
        if waiting.is_empty() {
            all.remove(&workspace);
            return None;
        }
        let rest = waiting.split_off(waiting.len().min(SHOWN_MAX));
        Some(std::mem::replace(waiting, rest))
    }

    fn leave(&self, workspace: Uuid) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&workspace);
    }
}

/// A look that ends early, by a panic, must not leave others waiting for it.
struct Looking<'a> {
    recognition: &'a Recognition,
    workspace: Uuid,
    is_done: bool,
}

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.recognition.leave(self.workspace);
        }
    }
}

async fn look(app: App, workspace: Uuid) {
    let mut looking = Looking { recognition: &app.recognition, workspace, is_done: false };
    while let Some(waiting) = looking.recognition.next(workspace) {
        let (shown, replies): (Vec<Shown>, Vec<_>) =
            waiting.into_iter().map(|one| (one.shown, one.reply)).unzip();
        let (app, shown) = (&app, &shown);
        let seen = app
            .db
            .read(workspace, Sight::Task(Task::SignIn), |tx| async move { see(&tx, app, shown).await })
            .await;
        match seen {
            Ok(seen) => {
                for (reply, seen) in replies.into_iter().zip(seen) {
                    // Whoever no longer waits has gone away.
                    let _ = reply.send(seen);
                }
            }
            Err(error) => {
                let mut first = Some(error);
                for reply in replies {
                    let _ = reply.send(Err(first.take().unwrap_or(Error::Busy)));
                }
            }
        }
    }
    looking.is_done = true;
}

async fn see(tx: &Tx, app: &App, shown: &[Shown]) -> Result<Vec<Result<Seen, Error>>, Error> {
    let found = sign_in::look_up(tx, shown, app.clock.now()).await?;
    if found.iter().all(Result::is_err) {
        return Ok(found.into_iter().map(|found| Err(found.err().unwrap_or(Error::SignInNeeded))).collect());
    }
    let rules_version = versions::workspace(tx).await?.rules_version;
    let mut seen = Vec::with_capacity(found.len());
    for found in found {
        seen.push(match found {
            Err(error) => Err(error),
            Ok(found) => match found.known() {
                None => Ok(Seen { found, viewer: None }),
                Some(known) => match app.viewers.of(tx, rules_version, known).await {
                    // Trouble with the database is everybody's, rights that do not parse are their user's.
                    Err(Error::Store(error)) => return Err(error.into()),
                    Err(error) => Err(error),
                    Ok(viewer) => Ok(Seen { found, viewer: Some(viewer) }),
                },
            },
        });
    }
    Ok(seen)
}
