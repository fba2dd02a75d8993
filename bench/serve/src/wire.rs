//! Connections that ask one thing again and again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use testkit::Wire;
use testkit::load::{Measured, side_by_side};
use testkit::wire::Head;

/// Lets `clients` fetch `path` again and again; each answer must be a 200 of `bytes` bytes.
///
/// # Errors
/// Where one is not.
pub async fn measure(target: &Target, clients: usize, time: Duration, bytes: usize) -> Result<Measured> {
    let Target { address, path, cookie } = target;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n");
    let mut open = Vec::new();
    for _ in 0..clients {
        open.push(Wire::open(address).await?);
    }
    let idle = Mutex::new(open);
    let locked = || idle.lock().unwrap_or_else(PoisonError::into_inner);
    side_by_side(clients, time, async |_| {
        let mut wire = locked().pop().context("a connection for each client")?;
        let Head { status, length } = wire.ask(request.as_bytes()).await?;
        ensure!(status == 200, "{path} was answered with {status}");
        ensure!(length == bytes, "{path}: {length} bytes where there were {bytes} before");
        locked().push(wire);
        Ok(())
    })
    .await
}

/// What is asked for, and of whom.
pub struct Target {
    /// `127.0.0.1:8080`
    pub address: String,
    pub path: String,
    pub cookie: String,
}
