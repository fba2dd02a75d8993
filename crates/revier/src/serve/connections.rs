//! Accepts connections and bounds them: slow headers, large headers, too many at once.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header;
use axum::response::Response;
use futures::StreamExt;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::Service;

use super::stop::Stop;

/// A client that has not sent its headers by then is gone or means harm.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);
const HEADER_BYTES_MAX: usize = 64 * 1024;
const HTTP2_STREAMS_MAX: u32 = 128;
const CONNECTIONS_MAX: usize = 8_192;
/// Open requests get this long to finish after the signal.
const LAST_REQUESTS: Duration = Duration::from_secs(20);
/// Out of file handles: waiting lets others close theirs.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves the router until `stop`, then finishes the open requests.
pub async fn serve(listener: TcpListener, router: Router, stop: &Stop) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = stop.wait() => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.wait() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = graceful.watcher();
                let (router, stop) = (router.clone(), stop.clone());
                tokio::spawn(async move {
                    one(stream, peer, router, connection, stop).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(LAST_REQUESTS) => tracing::warn!("some requests did not finish in time"),
    }
}

async fn one(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
    stop: Stop,
) {
    // Answers are small and waited for: none should wait for a full packet.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let (mut router, stop) = (router.clone(), stop.clone());
        async move {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let response = router.call(request).await?;
            Ok::<_, Infallible>(ending_with(stop, response))
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT)
        .max_buf_size(HEADER_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .max_header_list_size(u32::try_from(HEADER_BYTES_MAX).unwrap_or(u32::MAX))
        .keep_alive_interval(Some(Duration::from_secs(20)));
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        // Mostly clients that went away; of interest only to whoever looks for them.
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}

/// Event streams never end by themselves and would hold the server up (hyper issue 2787), so they end
/// with it; their readers come back by themselves, to this server's successor.
fn ending_with(stop: Stop, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
        return response;
    }
    response.map(|body| {
        let until = async move { stop.wait().await };
        Body::from_stream(body.into_data_stream().take_until(Box::pin(until)))
    })
}
