//! A clock that tests turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crm::app::{Clock, Micros};

/// 2026-11-24 10:00:00 UTC, a Tuesday: within everybody's working hours in Europe.
pub const TUESDAY_AT_TEN: Micros = 1_795_514_400_000_000;

/// Stands still until it is turned. Cheap to clone.
#[derive(Clone)]
pub struct TurnedClock(Arc<AtomicI64>);

impl Default for TurnedClock {
    fn default() -> TurnedClock {
        TurnedClock(Arc::new(AtomicI64::new(TUESDAY_AT_TEN)))
    }
}

impl TurnedClock {
    pub fn now(&self) -> Micros {
        self.0.load(Ordering::SeqCst)
    }

    /// Turns it forward, or back where `by` is negative.
    pub fn turn(&self, by: Micros) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    pub fn set(&self, to: Micros) {
        self.0.store(to, Ordering::SeqCst);
    }

    /// What the product reads.
    pub fn clock(&self) -> Clock {
        let hands = Arc::clone(&self.0);
        Clock::from_fn(move || hands.load(Ordering::SeqCst))
    }
}
