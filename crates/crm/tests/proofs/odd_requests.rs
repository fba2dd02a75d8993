//! Oversized, deep and odd requests to every route of the table: each is refused with a problem document,
//! and the database stays as it was.

use axum::body::Body;
use axum::http::{HeaderValue, Method};
use crm::http::extract::JSON_DEPTH_MAX;
use serde_json::Value;
use testkit::{Actor, Answer, Site, Town, town};

use crate::content;

testkit::on_both_databases!(
    an_odd_body_is_a_problem_on_every_route,
    an_odd_query_is_no_failure_on_any_route,
    odd_headers_and_ids_are_no_failure_on_any_route,
);

/// More than any route takes; a plan file may be the largest.
const BYTES_TOO_MANY: usize = 33 * 1024 * 1024;

#[derive(Clone)]
struct Route {
    method: Method,
    /// As the table writes it.
    name: String,
    path: String,
    /// The headers that the contract names.
    headers: Vec<String>,
    has_body: bool,
}

/// Every row of the table, with what the contract says of it.
fn routes(site: &Site, town: &Town) -> Vec<Route> {
    let contract: Value =
        serde_json::from_str(&crm::http::routes::openapi(&site.app).expect("a contract")).expect("JSON");
    let rows = crm::http::routes::rows(&site.app).into_iter().map(|row| {
        let operation = &contract["paths"][&row.path][row.method.to_lowercase()];
        assert!(operation.is_object(), "{} {} is not in the contract", row.method, row.path);
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let headers = parameters.iter().filter(|parameter| parameter["in"] == "header");
        Route {
            method: row.method.parse().expect("a method"),
            path: town.path(&row.path),
            headers: headers.map(|header| header["name"].as_str().expect("a name").to_owned()).collect(),
            has_body: operation["requestBody"].is_object(),
            name: format!("{} {}", row.method, row.path),
        }
    });
    rows.collect()
}

/// The bodies, with the status that all routes answer; none where a route may refuse what comes before the
/// oddity, such as a member that it does not know.
fn odd_bodies() -> Vec<(&'static str, Vec<u8>, Option<u16>)> {
    let deep = |depth: usize| {
        let mut text = "[".repeat(depth - 1) + &"]".repeat(depth - 1);
        text.insert_str(0, "{\"a\":");
        text.push('}');
        text.into_bytes()
    };
    vec![
        ("nothing", b"".to_vec(), Some(400)),
        ("a blank", b" \n".to_vec(), Some(400)),
        ("no JSON", b"name=x&y=1".to_vec(), Some(400)),
        ("a truncated body", br#"{"name": "x", "when": {"all": ["#.to_vec(), None),
        ("two documents", b"{} {}".to_vec(), None),
        ("a byte order mark", b"\xef\xbb\xbf{}".to_vec(), Some(400)),
        ("bytes that are no UTF-8", b"{\"name\": \"\xff\xfe\"}".to_vec(), None),
        ("half a surrogate pair", br#"{"name": "\ud800"}"#.to_vec(), None),
        ("a number beyond all", br#"{"name": 1e999}"#.to_vec(), None),
        ("too deep", deep(JSON_DEPTH_MAX + 1), Some(400)),
        ("as deep as may be", deep(JSON_DEPTH_MAX), None),
        ("too large", vec![b' '; BYTES_TOO_MANY], Some(413)),
        ("null", b"null".to_vec(), Some(422)),
        ("a text", br#""name""#.to_vec(), Some(422)),
        ("a number", b"7".to_vec(), Some(422)),
        ("a list of anything", br#"[null, "x", {}]"#.to_vec(), Some(422)),
        ("a member twice", br#"{"name": "x", "name": "y"}"#.to_vec(), Some(422)),
        ("a zero character", br#"{"name": "a\u0000b"}"#.to_vec(), Some(422)),
        ("a zero character in a key", br#"{"a\u0000b": 1}"#.to_vec(), Some(422)),
        ("members that nobody knows", br#"{"__proto__": {}, "constructor": 1}"#.to_vec(), Some(422)),
        ("a long number", format!("{{\"name\": {}}}", "9".repeat(5_000)).into_bytes(), None),
        ("a name of a megabyte", format!("{{\"name\": \"{}\"}}", "x".repeat(1_000_000)).into_bytes(), None),
    ]
}

#[track_caller]
fn is_problem(answer: &Answer, what: &str) {
    let status = answer.status.as_u16();
    let text: String = answer.text.chars().take(400).collect();
    assert!((400..500).contains(&status), "{what}: {status} {text}");
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {text}");
    let problem = answer.json();
    assert_eq!(problem["status"], status, "{what}: {text}");
    assert!(problem["code"].as_str().is_some_and(|code| !code.is_empty()), "{what}: {text}");
    assert!(answer.text.len() < 20_000, "{what} is said again at length: {} bytes", answer.text.len());
}

async fn send(actor: &Actor, route: &Route, kind: Option<&str>, body: Vec<u8>) -> Answer {
    let mut request = actor.begin(route.method.clone(), &route.path).header("if-match", "*");
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    actor.site.send(request.body(Body::from(body)).expect("a request")).await
}

async fn an_odd_body_is_a_problem_on_every_route(site: Site) {
    let town = Town::found(&site).await;
    let administrator = town.administrator();
    let with_body: Vec<Route> = routes(&site, &town).into_iter().filter(|route| route.has_body).collect();
    assert!(with_body.len() > 25, "only {} routes take a body", with_body.len());
    let before = content::of(&site.base).await;
    for route in &with_body {
        for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("json")] {
            let answer = send(administrator, route, kind, b"{}".to_vec()).await;
            assert_eq!(answer.status.as_u16(), 415, "{} as {kind:?}: {answer}", route.name);
            is_problem(&answer, &route.name);
        }
        for (what, body, status) in odd_bodies() {
            let answer = send(administrator, route, Some("application/json"), body).await;
            let what = format!("{what} to {}", route.name);
            is_problem(&answer, &what);
            if let Some(status) = status {
                assert_eq!(answer.status.as_u16(), status, "{what}: {answer}");
            }
        }
        assert_eq!(before, content::of(&site.base).await, "{} has written", route.name);
    }
    // The mutant: a good body does write, so the comparison can tell.
    let route = with_body.iter().find(|route| route.name == "POST /api/v1/leads").expect("it is there");
    let good = br#"{"company": "Neu"}"#.to_vec();
    assert_eq!(send(administrator, route, Some("application/json"), good).await.status, 201);
    assert_ne!(before, content::of(&site.base).await);
}

async fn an_odd_query_is_no_failure_on_any_route(site: Site) {
    let town = Town::found(&site).await;
    let before = content::of(&site.base).await;
    let long = format!("filter={}", "x".repeat(60_000));
    let queries = [
        "%00",
        "=",
        "&&&",
        "limit=-1",
        "limit=0",
        "limit=x",
        "limit=18446744073709551616",
        "limit=1&limit=2",
        "cursor=%F0%28",
        "cursor=AAAA",
        "cursor=%00",
        "filter=",
        "filter=%7B",
        "filter=%7B%22all%22%3A%5B%5D%7D",
        "filter[]=1",
        "sort=",
        "sort=-",
        "sort=id%3BDROP",
        "user=x",
        "user=%27%20OR%201%3D1",
        "from=never&to=0",
        "version=-1",
        "before=-9223372036854775808",
        "is_active=maybe",
        "nothing=1",
        "q=%25&kind=x&country=",
        &long,
    ];
    let reads: Vec<Route> =
        routes(&site, &town).into_iter().filter(|route| route.method == Method::GET).collect();
    let mut refused = 0;
    for route in reads.iter().filter(|route| !route.path.ends_with("/events")) {
        for query in queries {
            let what = format!("{}?{}", route.name, &query[..query.len().min(60)]);
            let request = town.administrator().begin(Method::GET, &format!("{}?{query}", route.path));
            let answer = site.send(request.body(Body::empty()).expect("a request")).await;
            if !answer.status.is_success() {
                is_problem_of_any_length(&answer, &what);
                refused += 1;
            }
        }
    }
    assert!(refused > 200, "only {refused} queries were refused");
    assert_eq!(before, content::of(&site.base).await);
}

/// A query may come back in the problem that it made.
#[track_caller]
fn is_problem_of_any_length(answer: &Answer, what: &str) {
    let text: String = answer.text.chars().take(400).collect();
    assert!(answer.status.is_client_error(), "{what}: {} {text}", answer.status);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {text}");
}

async fn odd_headers_and_ids_are_no_failure_on_any_route(site: Site) {
    let town = Town::found(&site).await;
    let before = content::of(&site.base).await;
    let administrator = town.administrator();
    for route in routes(&site, &town).iter().filter(|route| !route.path.ends_with("/events")) {
        let takes = |name: &str| route.headers.iter().any(|header| header == name);
        if takes("If-Match") {
            let answer = with_header(administrator, route, None).await;
            assert_eq!(answer.status.as_u16(), 428, "{}: {answer}", route.name);
            is_problem(&answer, &route.name);
            for odd in [&b""[..], b"\"\"", b"x", b"\"99999999999999999999\"", b"\"1\", \"2\"", b"\xff", b"-1"]
            {
                let answer = with_header(administrator, route, Some(("if-match", odd))).await;
                is_problem(&answer, &format!("{} if {odd:?}", route.name));
            }
        }
        let keys = [&b""[..], &[b'k'; 201], b"\xff\xfe"];
        for odd in keys.into_iter().filter(|_| route.method == Method::POST && !takes("If-Match")) {
            let answer = sent_as_key(administrator, route, odd).await;
            is_problem(&answer, &format!("{} with key {odd:?}", route.name));
            // A key that the contract does not name must not be taken in secret.
            let is_read = answer.faults() == ["Idempotency-Key key_length"];
            assert_eq!(is_read, takes("Idempotency-Key"), "{} with key {odd:?}: {answer}", route.name);
        }
        // Each try to sign in is written down.
        let is_open = route.name != "POST /api/v1/session";
        for odd in ODD_CREDENTIALS.into_iter().filter(|_| is_open) {
            let answer = with_header(&administrator.nobody(), route, Some(odd)).await;
            let is_public = answer.status.is_success() && route.method == Method::GET;
            if !is_public {
                is_problem(&answer, &format!("{} with {odd:?}", route.name));
            }
        }
        for odd in ["%00", "..%2f..%2fetc", "x", "%F0%28", "00000000-0000-0000-0000-000000000000", "null"] {
            if !route.name.contains('{') {
                continue;
            }
            let parts = route.name.split('/').map(|part| if part.starts_with('{') { odd } else { part });
            let path = parts.collect::<Vec<_>>().join("/").split_off(route.method.as_str().len() + 1);
            let request = administrator.begin(route.method.clone(), &path).header("if-match", "*");
            let request = request.header("content-type", "application/json");
            let answer = site.send(request.body(Body::from("{}")).expect("a request")).await;
            is_problem(&answer, &format!("{} {path}", route.method));
        }
        let request = administrator.begin(Method::TRACE, &route.path).body(Body::empty());
        let answer = site.send(request.expect("a request")).await;
        assert_eq!(answer.status.as_u16(), 405, "TRACE {}: {answer}", route.path);
        is_problem(&answer, &format!("TRACE {}", route.path));
    }
    assert_eq!(before, content::of(&site.base).await);
}

const ODD_CREDENTIALS: [(&str, &[u8]); 10] = [
    ("cookie", b"revier_session="),
    ("cookie", b"revier_session=%00; revier_session=x"),
    ("cookie", b"\xff=\xfe"),
    ("authorization", b"Bearer"),
    ("authorization", b"Bearer \xff"),
    ("authorization", b"Basic eDp4"),
    ("authorization", b"Bearer rv_00000000000000000000000000000000.x"),
    ("accept", b"text/html;q=\xff"),
    ("x-forwarded-for", b"1.2.3.4, \xff"),
    ("origin", b"null"),
];

/// A good body under one odd header.
async fn with_header(actor: &Actor, route: &Route, header: Option<(&str, &[u8])>) -> Answer {
    let name = route.name.split(' ').nth(1).expect("a path");
    let body = town::body(&route.method, name);
    let mut request = actor.begin(route.method.clone(), &route.path);
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    if let Some((name, value)) = header {
        request = request.header(name, HeaderValue::from_bytes(value).expect("a header takes it"));
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    actor.site.send(request.body(body).expect("a request")).await
}

/// A body that no route takes, so that what does not read the key writes nothing either.
async fn sent_as_key(actor: &Actor, route: &Route, key: &[u8]) -> Answer {
    let key = HeaderValue::from_bytes(key).expect("a header takes it");
    let request = actor.begin(route.method.clone(), &route.path).header("idempotency-key", key);
    let request = request.header("content-type", "application/json");
    actor.site.send(request.body(Body::from("7")).expect("a request")).await
}
