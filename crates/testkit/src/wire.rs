//! A connection for benches. Server and clients share the machine, so the clients must cost next to nothing:
//! they read no more of an answer than its status and its length.

use std::io::{Error, ErrorKind, Result};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HEAD_BYTES_MAX: usize = 16 * 1024;
const BUFFER_BYTES: usize = 64 * 1024;

/// One HTTP/1.1 connection that stays open.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What is read of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Bytes of the body.
    pub length: usize,
}

impl Wire {
    /// Connects to an address like `127.0.0.1:8080`.
    ///
    /// # Errors
    /// Where nobody listens.
    pub async fn open(address: &str) -> Result<Wire> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Wire { stream, buffer: vec![0; BUFFER_BYTES] })
    }

    /// Sends a whole request and reads its answer, which must name its length.
    ///
    /// # Errors
    /// Where the connection ends or the answer cannot be read.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Head> {
        self.stream.write_all(request).await?;
        let mut read = 0;
        let end = loop {
            if read >= HEAD_BYTES_MAX {
                return Err(odd("an answer without end of its head"));
            }
            read += self.more(read, BUFFER_BYTES).await?;
            if let Some(end) = self.buffer[..read].windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = parsed(&self.buffer[..end]).ok_or_else(|| odd("an answer without status or length"))?;
        let mut left = (end + head.length).checked_sub(read).ok_or_else(|| odd("more than was asked for"))?;
        while left > 0 {
            left -= self.more(0, left.min(BUFFER_BYTES)).await?;
        }
        Ok(head)
    }

    async fn more(&mut self, from: usize, to: usize) -> Result<usize> {
        match self.stream.read(&mut self.buffer[from..to]).await? {
            0 => Err(odd("the connection was closed")),
            more => Ok(more),
        }
    }
}

fn odd(text: &str) -> Error {
    Error::new(ErrorKind::InvalidData, text)
}

fn parsed(head: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(head).ok()?;
    let status = text.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once(": "));
    let (_, length) = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    Some(Head { status, length: length.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_tells_status_and_length() {
        let head = parsed(b"HTTP/1.1 201 Created\r\nServer: x\r\nContent-Length: 12\r\n\r\n");
        assert_eq!(head, Some(Head { status: 201, length: 12 }));
        assert_eq!(parsed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), None);
        assert_eq!(parsed(b"SSH-2.0\r\n\r\n"), None);
    }
}
