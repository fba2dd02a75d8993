//! Clients that work side by side for a while, and what they measured: for benches.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::future::try_join_all;

const WARM_UP: Duration = Duration::from_secs(1);

/// Latencies of what was done within the measured time, sorted.
pub struct Measured {
    latencies: Vec<Duration>,
    time: Duration,
    /// Done in all, the warming up included.
    pub all: u64,
}

impl Measured {
    /// Calls per second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.time.as_secs_f64()
    }

    pub fn p50_ms(&self) -> f64 {
        self.at(50)
    }

    pub fn p99_ms(&self) -> f64 {
        self.at(99)
    }

    fn at(&self, percent: usize) -> f64 {
        let place = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
        let us = self.latencies.get(place).map_or(0, Duration::as_micros);
        us as f64 / 1_000.0
    }
}

/// Lets `clients` do the work again and again; `work` gets a number that no other call gets.
///
/// # Errors
/// The first that a call returns.
pub async fn side_by_side<F, E>(clients: usize, time: Duration, work: F) -> Result<Measured, E>
where
    F: AsyncFn(u64) -> Result<(), E>,
{
    let number = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let end = begun + WARM_UP + time;
    let client = async || {
        let mut latencies = Vec::new();
        while Instant::now() < end {
            let at = Instant::now();
            work(number.fetch_add(1, Ordering::Relaxed)).await?;
            let done = Instant::now();
            if at >= begun + WARM_UP && done <= end {
                latencies.push(done - at);
            }
        }
        Ok::<_, E>(latencies)
    };
    let all = try_join_all((0..clients).map(|_| client())).await?;
    let mut latencies: Vec<Duration> = all.into_iter().flatten().collect();
    latencies.sort_unstable();
    Ok(Measured { latencies, time, all: number.load(Ordering::Relaxed) })
}
