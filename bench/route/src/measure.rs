//! Times: the best of several rounds, since the machine is shared and noise only adds.

use std::hint::black_box;
use std::time::Instant;

/// Nanoseconds per item of the best of so many rounds over all items.
pub fn nanoseconds_per_item<T, R>(items: &[T], rounds: usize, mut work: impl FnMut(&T) -> R) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..rounds {
        let start = Instant::now();
        for item in items {
            black_box(work(black_box(item)));
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    best * 1e9 / as_f64(items.len())
}

/// Leads that are made fresh before each stretch of time taking.
const FRESH: usize = 64;

/// Like [`nanoseconds_per_item`], but each item has just been made when it is worked on, as a lead has
/// that was just read: its own values lie in the cache, the tables need not.
pub fn nanoseconds_per_fresh_item<T: Clone, R>(
    items: &[T],
    rounds: usize,
    mut work: impl FnMut(&T) -> R,
) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..rounds {
        let mut seconds = 0.0;
        for chunk in items.chunks(FRESH) {
            let fresh = black_box(chunk.to_vec());
            let start = Instant::now();
            for item in &fresh {
                black_box(work(black_box(item)));
            }
            seconds += start.elapsed().as_secs_f64();
        }
        best = best.min(seconds);
    }
    best * 1e9 / as_f64(items.len())
}

/// The value below which so many hundredths of the sorted values lie.
pub fn percentile(sorted: &[f64], hundredths: usize) -> f64 {
    sorted[(sorted.len() * hundredths / 100).min(sorted.len() - 1)]
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn as_f64(count: usize) -> f64 {
    count as f64
}
