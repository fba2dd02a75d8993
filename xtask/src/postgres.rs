//! A PostgreSQL of our own for one test run: a fresh cluster in memory where there is room, on a free
//! port of this machine, gone afterwards. PostgreSQL refuses to run as root, so root lends it a user.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// The environment variable by which tests find the cluster.
pub const VARIABLE: &str = "REVIER_TEST_POSTGRES";

const VERSION_MIN: u32 = 15;
const NAME_START: &str = "revier-test-postgres-";
const INSTALL: &str = "PostgreSQL 15 or later is missing: sudo apt-get install postgresql";

pub struct Cluster {
    binaries: PathBuf,
    directory: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes and starts a cluster.
    pub fn start() -> Result<Cluster> {
        Cluster::start_in(&place())
    }

    /// Makes and starts a cluster below that directory.
    pub fn start_in(place: &Path) -> Result<Cluster> {
        let binaries = binaries().context(INSTALL)?;
        stop_orphans(&binaries, place);
        let directory = place.join(format!("{NAME_START}{}", std::process::id()));
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Cluster { binaries, directory, port };
        let (data, log) = (cluster.directory.join("data"), cluster.directory.join("log"));
        run(as_postgres("mkdir").arg("--mode=700").arg(&cluster.directory))?;
        run(as_postgres(cluster.binaries.join("initdb"))
            .args(["--username=revier", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
            .args(["--data-checksums", "--no-sync", "--pgdata"])
            .arg(&data))?;
        let socket = cluster.directory.display();
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={socket} \
             -c max_connections=300 -c shared_buffers=64MB -c max_wal_size=256MB -c log_statement=none"
        );
        run(as_postgres(cluster.binaries.join("pg_ctl"))
            .args(["start", "--silent", "--wait", "--options", &options, "--pgdata"])
            .arg(&data)
            .arg("--log")
            .arg(&log))?;
        Ok(cluster)
    }

    /// Where tests connect to make their databases.
    pub fn url(&self) -> String {
        format!("postgres://revier@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        stop(&self.binaries, &self.directory);
    }
}

fn stop(binaries: &Path, directory: &Path) {
    let data = directory.join("data");
    let stopped = run(as_postgres(binaries.join("pg_ctl"))
        .args(["stop", "--silent", "--mode=immediate", "--pgdata"])
        .arg(data));
    if let Err(error) = stopped {
        eprintln!("the test cluster in {} did not stop: {error:#}", directory.display());
    }
    // Nothing in it is worth keeping, and the next run clears what stays.
    let _ = fs::remove_dir_all(directory);
}

/// Clusters whose run was killed go on running until somebody stops them.
fn stop_orphans(binaries: &Path, place: &Path) {
    let Ok(entries) = fs::read_dir(place) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.strip_prefix(NAME_START) else { continue };
        if !Path::new("/proc").join(pid).exists() {
            stop(binaries, &entry.path());
        }
    }
}

fn place() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if has_room(memory) { memory.to_owned() } else { std::env::temp_dir() }
}

fn has_room(directory: &Path) -> bool {
    const KILOBYTES_MIN: u64 = 2 * 1024 * 1024;
    let answer = Command::new("df").args(["--output=avail", "--block-size=1K"]).arg(directory).output();
    let Ok(answer) = answer else { return false };
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    text.lines().nth(1).and_then(|line| line.trim().parse::<u64>().ok()).is_some_and(|k| k >= KILOBYTES_MIN)
}

/// The directory of the newest PostgreSQL's programs.
pub fn binaries() -> Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        let version = entry.file_name().to_string_lossy().parse().unwrap_or(0);
        let path = entry.path().join("bin");
        if version >= VERSION_MIN && path.join("initdb").exists() {
            versions.push((version, path));
        }
    }
    versions.sort();
    if let Some((_, newest)) = versions.pop() {
        return Ok(newest);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).find(|directory| directory.join("initdb").exists());
    let Some(found) = found else { bail!("no initdb in /usr/lib/postgresql or on PATH") };
    Ok(found)
}

fn as_postgres(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["--user", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn is_root() -> bool {
    let answer = Command::new("id").arg("--user").output();
    answer.is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) -> Result<()> {
    // Not inherited pipes: the server keeps them open, and whoever reads ours would wait for its end.
    let log = tempfile::tempfile()?;
    let status = command
        .stdin(std::process::Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?)
        .status()
        .with_context(|| format!("{command:?} cannot be run"))?;
    ensure!(status.success(), "{command:?} failed: {}", read(log));
    Ok(())
}

fn read(mut log: fs::File) -> String {
    use std::io::{Read, Seek, SeekFrom};
    let mut text = String::new();
    // Without its output the failure is still told.
    let _ = log.seek(SeekFrom::Start(0)).and_then(|_| log.read_to_string(&mut text));
    text
}
