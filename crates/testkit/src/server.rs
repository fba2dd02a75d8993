//! The built binary as a process, to be killed, frozen and started again.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::base::Base;

/// A running `revier serve`.
pub struct Server {
    process: Child,
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// The set-up token, where the server had no workspace at its start.
    pub setup_token: Option<String>,
}

impl Server {
    /// Starts the binary (`env!("CARGO_BIN_EXE_revier")` in tests of `revier`) and waits until it listens.
    ///
    /// # Panics
    /// Where it ends before it listens; its log has gone to the test's output.
    pub fn start(binary: &Path, base: &Base, more: &[&str]) -> Server {
        Server::start_with(binary, base, more, &[])
    }

    /// As [`Server::start`], with variables in its environment.
    ///
    /// # Panics
    /// As [`Server::start`].
    pub fn start_with(binary: &Path, base: &Base, more: &[&str], variables: &[(&str, &str)]) -> Server {
        let mut process = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "warn"])
            .args(base.options())
            .args(more)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut output = BufReader::new(process.stdout.take().expect("piped"));
        let (mut url, mut setup_token) = (None, None);
        let mut line = String::new();
        while url.is_none() && output.read_line(&mut line).expect("its output is text") > 0 {
            if let Some(token) = line.trim().strip_prefix("Set-up token: ") {
                setup_token = Some(token.to_owned());
            }
            if let Some((_, address)) = line.split_once("listening on ") {
                url = Some(format!("http://{}", address.trim().trim_end_matches(')')));
            }
            line.clear();
        }
        // Nobody reads on, and a full pipe would stop the server.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        let url = url.unwrap_or_else(|| panic!("the server ended before it listened: {:?}", process.wait()));
        Server { process, url, setup_token }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// `kill -9`: nothing is finished, nothing is said.
    ///
    /// # Panics
    /// Where the process is not ours.
    pub fn kill(mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("gone");
    }

    /// SIGTERM, and what it takes to stop.
    ///
    /// # Panics
    /// Where it does not stop well.
    pub fn stop(mut self) {
        self.signal("TERM");
        let status = self.process.wait().expect("gone");
        assert!(status.success(), "the server ended with {status}");
    }

    /// SIGSTOP: the process keeps everything it holds and does nothing.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// SIGCONT after [`Server::freeze`].
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status();
        assert!(sent.expect("kill is there").success(), "SIG{name} did not reach {}", self.pid());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After kill and stop it is gone already; a failing test must not leave it behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs another command of the binary with `input` on its standard input.
///
/// # Panics
/// Where the binary does not start.
pub fn command(binary: &Path, arguments: &[&str], input: &str) -> std::process::Output {
    let mut process = Command::new(binary)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = process.stdin.take().expect("piped");
    // A command that reads nothing closes its end before we have written.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    process.wait_with_output().expect("its output is read")
}
