//! A bench's floor: a bare handler in a process of its own, as the server is one. The bench calls itself for it.

use std::io::{BufRead, BufReader, Result, Write};
use std::process::{Child, Command, Stdio};

use axum::Router;
use tokio::net::TcpListener;

/// The word by which a bench calls itself as floor; the database follows.
pub const WORD: &str = "floor";

/// The process, and where it listens.
pub struct Floor {
    process: Child,
    /// `127.0.0.1:<port>`
    pub address: String,
}

impl Floor {
    /// Starts this program again, as floor on the database.
    ///
    /// # Panics
    /// Where it does not say where it listens.
    pub fn start(database: &str) -> Floor {
        let mut process = Command::new(std::env::current_exe().expect("a program"))
            .args([WORD, database])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut address = String::new();
        let mut output = BufReader::new(process.stdout.take().expect("piped"));
        output.read_line(&mut address).expect("its output is text");
        assert!(!address.is_empty(), "the floor ended before it listened: {:?}", process.wait());
        Floor { process, address: address.trim().to_owned() }
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        // Whatever ends the bench, its floor must not stay behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves on a free port, which it prints.
///
/// # Errors
/// Where there is none.
pub async fn serve(router: Router) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    axum::serve(listener, router).await
}
