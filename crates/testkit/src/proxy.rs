//! A TCP proxy that fails on purpose: between client and server, or between server and database.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the proxy does to bytes from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Passes everything on.
    Fair,
    /// Passes requests on and cuts the connection as soon as the answer begins: it was carried out, and its
    /// sender does not know.
    DropAnswers,
    /// Passes nothing on and says nothing; connections stay open.
    Blackhole,
    /// Passes every piece on this much later.
    Delay(Duration),
    /// Refuses and cuts everything.
    Cut,
}

pub struct Proxy {
    pub address: SocketAddr,
    mood: watch::Sender<Mood>,
    dropped: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
    connections: Arc<Mutex<Vec<tokio::task::AbortHandle>>>,
}

impl Proxy {
    /// Listens on a free port and passes on to `target`.
    ///
    /// # Panics
    /// Where no port is free.
    pub async fn start(target: SocketAddr) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let (mood, moods) = watch::channel(Mood::Fair);
        let dropped = Arc::new(AtomicUsize::new(0));
        let connections: Arc<Mutex<Vec<tokio::task::AbortHandle>>> = Arc::default();
        let (counter, handles) = (Arc::clone(&dropped), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (moods, counter) = (moods.clone(), Arc::clone(&counter));
                let connection = tokio::spawn(async move {
                    // A connection that breaks is what this proxy is for.
                    let _ = pass(client, target, moods, counter).await;
                });
                handles.lock().expect("unpoisoned").push(connection.abort_handle());
            }
        });
        Proxy { address, mood, dropped, task, connections }
    }

    pub fn set(&self, mood: Mood) {
        // Nobody listening yet is fine: the next connection reads it.
        self.mood.send_replace(mood);
    }

    /// How many answers were cut off so far.
    pub fn dropped(&self) -> usize {
        self.dropped.load(Ordering::SeqCst)
    }

    /// Cuts all connections of this moment.
    ///
    /// # Panics
    /// Never, but for a poisoned lock.
    pub fn reset(&self) {
        for connection in self.connections.lock().expect("unpoisoned").drain(..) {
            connection.abort();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.reset();
    }
}

async fn pass(
    client: TcpStream,
    target: SocketAddr,
    moods: watch::Receiver<Mood>,
    dropped: Arc<AtomicUsize>,
) -> std::io::Result<()> {
    if *moods.borrow() == Mood::Cut {
        return Ok(());
    }
    let server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let requests = copy(from_client, to_server, moods.clone(), None);
    let answers = copy(from_server, to_client, moods, Some(dropped));
    // Whichever side ends takes the other with it.
    tokio::select! {
        done = requests => done,
        done = answers => done,
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut moods: watch::Receiver<Mood>,
    answers: Option<Arc<AtomicUsize>>,
) -> std::io::Result<()> {
    let mut piece = vec![0_u8; 64 * 1024];
    loop {
        let length = tokio::select! {
            length = from.read(&mut piece) => length?,
            changed = moods.wait_for(|mood| *mood == Mood::Cut) => {
                drop(changed);
                return Ok(());
            }
        };
        if length == 0 {
            return to.shutdown().await;
        }
        let mood = *moods.borrow();
        match (mood, &answers) {
            (Mood::Cut, _) => return Ok(()),
            (Mood::DropAnswers, Some(dropped)) => {
                dropped.fetch_add(1, Ordering::SeqCst);
                return Ok(());
            }
            (Mood::Delay(pause), _) => tokio::time::sleep(pause).await,
            (Mood::Blackhole, _) => {
                let healed = moods.wait_for(|mood| *mood != Mood::Blackhole).await;
                if healed.is_err() {
                    return Ok(());
                }
            }
            (Mood::Fair | Mood::DropAnswers, _) => {}
        }
        to.write_all(&piece[..length]).await?;
    }
}
