//! Live events over SSE (WHATWG HTML §9.2): each listener hears of what it may see at that moment.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use access::{Action, Object, Permission, Tie};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse;
use futures::Stream;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use utoipa::ToSchema;
use uuid::Uuid;

use super::caller::{self, Caller};
use super::problem::Problem;
use crate::app::App;
use crate::error::Error;
use crate::outbox::{self, Told};

/// Rights are looked up again this often: what was taken away ends within two seconds.
const RIGHTS_CHECK: Duration = Duration::from_millis(1_500);
/// Events on their way to one socket.
const SOCKET_QUEUE_MAX: usize = 64;

/// One event; ask for the record to learn more.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LiveEvent {
    /// `lead.created`, `lead.changed`, `lead.deleted`, `batch.changed`, `settings.changed`, `resync`.
    pub kind: String,
    pub object_id: Uuid,
    /// False where the record has just left what the listener may see.
    pub is_visible: bool,
}

/// Streams what happens, as far as the caller may see it. `Last-Event-ID` resumes within 24 hours; whoever was
/// away for longer, or missed very much, is told to read everything anew (`resync`).
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    responses((status = 200, body = LiveEvent, content_type = "text/event-stream"), (status = "4XX", body = Problem)))]
pub async fn events(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<sse::Event, Infallible>>>, Error> {
    // First the ears, then the past: what is committed in between is heard twice rather than never.
    let receiver = app.live.subscribe(caller.workspace);
    let missed = missed(&app, &caller, &headers).await?;
    let (to_socket, socket) = mpsc::channel(SOCKET_QUEUE_MAX);
    tokio::spawn(async move {
        let mut listener = Listener { app, caller, headers, to_socket };
        listener.run(missed, receiver).await;
    });
    let stream = futures::stream::unfold(socket, |mut socket| async move {
        let event: sse::Event = socket.recv().await?;
        Some((Ok(event), socket))
    });
    Ok(Sse::new(stream).keep_alive(sse::KeepAlive::new().interval(Duration::from_secs(15))))
}

/// What a listener has missed.
enum Missed {
    Events {
        /// The event that was heard last; it is not told again either.
        after: Option<Uuid>,
        missed: Vec<Told>,
    },
    /// More than can be told one by one.
    Much,
}

async fn missed(app: &App, caller: &Caller, headers: &HeaderMap) -> Result<Missed, Error> {
    let last =
        headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| Uuid::try_parse(id).ok());
    let Some((last, time)) = last.and_then(|id| Some((id, id.get_timestamp()?))) else {
        return Ok(Missed::Events { after: None, missed: Vec::new() });
    };
    let (seconds, nanoseconds) = time.to_unix();
    let at =
        i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000) + i64::from(nanoseconds / 1_000);
    if at < app.clock.now() - outbox::EVENT_KEPT {
        return Ok(Missed::Much);
    }
    // Whoever read the last event may have missed commits that became visible after it.
    let events = outbox::since(app, caller.workspace, at.saturating_sub(outbox::WINDOW)).await?;
    Ok(events.map_or(Missed::Much, |mut missed| {
        missed.retain(|told| told.event.id != last);
        Missed::Events { after: Some(last), missed }
    }))
}

struct Listener {
    app: App,
    caller: Caller,
    headers: HeaderMap,
    to_socket: mpsc::Sender<sse::Event>,
}

impl Listener {
    async fn run(&mut self, missed: Missed, mut receiver: tokio::sync::broadcast::Receiver<Arc<Told>>) {
        let mut told = HashSet::new();
        let passed = match missed {
            Missed::Much => self.send(resync()).await,
            Missed::Events { after, missed } => {
                told.extend(missed.iter().map(|told| told.event.id).chain(after));
                self.pass_all(&missed).await
            }
        };
        if passed.is_err() {
            return;
        }
        let mut rights = tokio::time::interval(RIGHTS_CHECK);
        loop {
            let passed = tokio::select! {
                () = self.to_socket.closed() => return,
                () = self.app.ending.cancelled() => return,
                _ = rights.tick() => self.renew_rights().await,
                event = receiver.recv() => match event {
                    Ok(event) if told.remove(&event.event.id) => Ok(()),
                    Ok(event) => self.pass(&event).await,
                    Err(RecvError::Lagged(_)) => {
                        // Behind what the socket still has to take; one that takes nothing is closed some day.
                        let _ = self.send(resync()).await;
                        return;
                    }
                    Err(RecvError::Closed) => return,
                },
            };
            if passed.is_err() {
                return;
            }
        }
    }

    /// Reads the rights anew; a page that is merely open is not somebody at work, so its session may still end.
    async fn renew_rights(&mut self) -> Result<(), Error> {
        self.caller = caller::identify_idle(&self.app, &self.headers, Permission::SignedIn).await?;
        Ok(())
    }

    async fn pass_all(&self, events: &[Told]) -> Result<(), Error> {
        for told in events {
            self.pass(told).await?;
        }
        Ok(())
    }

    async fn pass(&self, told: &Told) -> Result<(), Error> {
        let Some(is_visible) = self.visibility(told) else { return Ok(()) };
        let event = &told.event;
        let told = LiveEvent { kind: event.kind.clone(), object_id: event.object_id, is_visible };
        let data = serde_json::to_string(&told)?;
        self.send(sse::Event::default().id(event.id.to_string()).event(&event.kind).data(data)).await
    }

    async fn send(&self, message: sse::Event) -> Result<(), Error> {
        self.to_socket.send(message).await.map_err(|_| Error::NotFound)
    }

    /// `None`: none of the listener's business.
    fn visibility(&self, told: &Told) -> Option<bool> {
        let Told { event, collaborators, former_collaborators } = told;
        if !event.kind.starts_with("lead.") {
            return Some(true);
        }
        let sees = |territory: Option<Uuid>, owner: Option<Uuid>, collaborators: &Vec<Uuid>| {
            let tie = Tie { territory, owner, collaborators: collaborators.clone() };
            self.caller.viewer.can(Object::Lead, Action::View, &tie)
        };
        if sees(event.territory_id, event.owner_id, collaborators) {
            return Some(event.kind != "lead.deleted");
        }
        sees(event.former_territory_id, event.former_owner_id, former_collaborators).then_some(false)
    }
}

fn resync() -> sse::Event {
    let told = LiveEvent { kind: "resync".to_owned(), object_id: Uuid::nil(), is_visible: true };
    sse::Event::default().event("resync").data(serde_json::to_string(&told).unwrap_or_default())
}
