//! When to stop: SIGTERM and SIGINT.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Tells everybody who asks that the server is to stop. Cheap to clone.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Waits for the signals in the background.
    pub fn listen() -> Result<Stop> {
        let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping: no new connections, open requests are finished");
            // Nobody may be left to hear it; then there is nothing to stop either.
            let _ = sender.send(true);
            // The signals stay ours, so a second Ctrl-C does not cut a commit short.
            std::future::pending::<()>().await;
        });
        Ok(Stop(receiver))
    }

    /// Resolves when the server is to stop.
    pub async fn wait(&self) {
        let mut receiver = self.0.clone();
        // The sender lives as long as the process; were it gone, stopping would be right too.
        let _ = receiver.wait_for(|stops| *stops).await;
    }
}
