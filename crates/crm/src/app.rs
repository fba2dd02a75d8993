//! What a room may ask for: the database, the time, new ids. No globals.

use std::sync::{Arc, Mutex};

use store::Db;
use tokio_util::sync::CancellationToken;
use uuid::{ContextV7, Uuid};

use crate::outbox::Live;
use crate::records::lead::arrivals::Arrivals;
use crate::territories::atlas::Atlases;
use crate::territories::book::RuleBooks;

/// Microseconds since 1970-01-01 UTC.
pub type Micros = i64;

pub const SECOND: Micros = 1_000_000;
pub const MINUTE: Micros = 60 * SECOND;
pub const HOUR: Micros = 60 * MINUTE;
pub const DAY: Micros = 24 * HOUR;

/// Everything that lives as long as the server. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub ids: Ids,
    pub settings: Arc<Settings>,
    pub passwords: Arc<crate::people::password::Passwords>,
    pub viewers: Arc<crate::territories::viewers::Viewers>,
    pub recognition: Arc<crate::territories::recognition::Recognition>,
    pub releases: crate::territories::hold::Releases,
    pub books: Arc<RuleBooks>,
    pub atlases: Arc<Atlases>,
    pub live: Arc<Live>,
    /// Leads on their way into the database.
    pub arrivals: Arrivals,
    /// Cancelled when the server begins to stop.
    pub ending: CancellationToken,
}

/// What the operator decides at start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Scheme and host under which people reach the server; cookies are `Secure` where it is https.
    pub origin: String,
    /// Number of proxies in front whose `X-Forwarded-For` is believed.
    pub trusted_proxies: usize,
}

impl App {
    pub fn new(db: Db, clock: Clock, settings: Settings) -> App {
        App {
            db,
            ids: Ids::new(clock.clone()),
            books: Arc::new(RuleBooks::new(clock.clone())),
            atlases: Arc::default(),
            clock,
            settings: Arc::new(settings),
            passwords: Arc::new(crate::people::password::Passwords::default()),
            viewers: Arc::default(),
            recognition: Arc::default(),
            releases: crate::records::lead::release::releases(),
            live: Arc::new(Live::default()),
            arrivals: Arrivals::default(),
            ending: CancellationToken::new(),
        }
    }

    /// The same server under another clock: for what is told of the past.
    #[must_use]
    pub fn under(&self, clock: Clock) -> App {
        let (ids, arrivals, recognition) = (Ids::new(clock.clone()), Arrivals::default(), Arc::default());
        App { ids, clock, arrivals, recognition, ..self.clone() }
    }
}

/// Tells the time; tests turn it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Micros + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Clock {
        Clock(Arc::new(|| jiff::Timestamp::now().as_microsecond()))
    }

    /// A clock that says what `read` says.
    pub fn from_fn(read: impl Fn() -> Micros + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(read))
    }

    pub fn now(&self) -> Micros {
        (self.0)()
    }
}

/// Makes ids that sort by time: UUIDv7 (RFC 9562 §5.7), monotonic within a server.
#[derive(Clone)]
pub struct Ids {
    clock: Clock,
    context: Arc<Mutex<ContextV7>>,
}

impl Ids {
    fn new(clock: Clock) -> Ids {
        Ids { clock, context: Arc::new(Mutex::new(ContextV7::new().with_additional_precision())) }
    }

    pub fn next(&self) -> Uuid {
        let now = self.clock.now().max(0).unsigned_abs();
        let nanoseconds = u32::try_from(now % 1_000_000 * 1_000).expect("below one second");
        let context = self.context.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*context, now / 1_000_000, nanoseconds))
    }
}
