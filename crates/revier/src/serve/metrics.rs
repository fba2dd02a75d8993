//! `/metrics` in Prometheus' text format: requests by route and status, how long they took, the process.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use subtle::ConstantTimeEq;

const DURATION: &str = "revier_http_request_duration_seconds";
const DURATION_BOUNDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Who may read the figures.
#[derive(Clone)]
pub struct Door(Option<Arc<str>>);

impl Door {
    /// With a token: whoever shows it. Without: this machine.
    pub fn new(token: Option<String>) -> Door {
        Door(token.map(Arc::from))
    }

    fn is_open_to(&self, request: &Request) -> bool {
        let Some(token) = &self.0 else {
            // A proxy on this machine speaks for others.
            return peer(request).is_some_and(|peer| peer.is_loopback())
                && !request.headers().contains_key("x-forwarded-for");
        };
        let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        bool::from(shown.as_bytes().ct_eq(token.as_bytes()))
    }
}

fn peer(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip())
}

/// Counts every request of the router, and adds the route that tells the counts.
pub fn around(router: Router, door: Door) -> Result<Router> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &DURATION_BOUNDS)
        .and_then(|builder| builder.install_recorder())
        .context("the metrics could not be set up")?;
    metrics::gauge!("revier_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    let figures = get(move |request: Request| {
        let (recorder, door) = (recorder.clone(), door.clone());
        async move { tell(&recorder, &door, &request) }
    });
    let figures = figures.layer(middleware::from_fn(crm::http::headers::secure));
    Ok(router.layer(middleware::from_fn(count)).route("/metrics", figures))
}

fn tell(recorder: &PrometheusHandle, door: &Door, request: &Request) -> Response {
    if !door.is_open_to(request) {
        let remedy = "start the server with REVIER_METRICS_TOKEN and send it as a bearer token\n";
        return (StatusCode::FORBIDDEN, remedy).into_response();
    }
    if let Some(bytes) = resident_bytes() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes);
    }
    recorder.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], recorder.render()).into_response()
}

fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

async fn count(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = method(request.method());
    // The route, never the path: ids would make a series each.
    let route = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    let duration = begun.elapsed().as_secs_f64();
    metrics::counter!("revier_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!(DURATION, "method" => method, "route" => route).record(duration);
    response
}

fn method(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}
