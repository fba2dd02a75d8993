//! When to stop: SIGTERM and SIGINT.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancels the token at the first signal. Later ones change nothing: a second Ctrl-C must not cut a
/// commit short.
pub fn on_signal(ending: CancellationToken) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: no new connections, open requests are finished");
        ending.cancel();
        // The signals stay ours for as long as the process lives.
        std::future::pending::<()>().await;
    });
    Ok(())
}
