//! A connection that asks one thing again and again. Server and clients share the machine, so the clients must
//! cost next to nothing: they read no more of an answer than its status and its length.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use testkit::load::{Measured, side_by_side};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HEAD_BYTES_MAX: usize = 16 * 1024;
const BUFFER_BYTES: usize = 64 * 1024;

/// Lets `clients` fetch `path` again and again; each answer must be a 200 of `bytes` bytes.
///
/// # Errors
/// Where one is not.
pub async fn measure(target: &Target, clients: usize, time: Duration, bytes: usize) -> Result<Measured> {
    let mut open = Vec::new();
    for _ in 0..clients {
        open.push(Wire::open(target).await?);
    }
    let idle = Mutex::new(open);
    let locked = || idle.lock().unwrap_or_else(PoisonError::into_inner);
    side_by_side(clients, time, async |_| {
        let mut wire = locked().pop().context("a connection for each client")?;
        let found = wire.ask().await?;
        ensure!(found == bytes, "{}: {found} bytes where there were {bytes} before", target.path);
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

struct Wire {
    stream: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Wire {
    async fn open(target: &Target) -> Result<Wire> {
        let Target { address, path, cookie } = target;
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n");
        Ok(Wire { stream, request: request.into_bytes(), buffer: vec![0; BUFFER_BYTES] })
    }

    /// Asks and returns the length of the answer's body.
    async fn ask(&mut self) -> Result<usize> {
        self.stream.write_all(&self.request).await?;
        let mut read = 0;
        let head = loop {
            ensure!(read < HEAD_BYTES_MAX, "an answer without end of its head");
            let more = self.stream.read(&mut self.buffer[read..]).await?;
            ensure!(more > 0, "the connection was closed");
            read += more;
            if let Some(end) = self.buffer[..read].windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head])?;
        ensure!(
            text.starts_with("HTTP/1.1 200"),
            "answered with {}",
            text.lines().next().unwrap_or_default()
        );
        let length = text.lines().filter_map(|line| line.split_once(": "));
        let length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length: usize =
            length.map(|(_, length)| length.parse()).next().context("no content-length")??;
        let mut left = (head + length).checked_sub(read).context("more than was asked for")?;
        while left > 0 {
            let space = left.min(BUFFER_BYTES);
            let more = self.stream.read(&mut self.buffer[..space]).await?;
            ensure!(more > 0, "the connection was closed");
            left -= more;
        }
        Ok(length)
    }
}
