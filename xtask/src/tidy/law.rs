//! The dependency law: who may name whom.

use super::{Finding, Source};

/// Crates that decide and never do.
const PURE: [&str; 5] = ["access", "condition", "facts", "rotation", "territory"];

/// What a pure crate must not depend on, beside its tests.
const IMPURE_DEPENDENCIES: [&str; 12] = [
    "axum",
    "crm",
    "futures",
    "getrandom",
    "hyper",
    "reqwest",
    "sea-orm",
    "sqlx",
    "store",
    "tokio",
    "tower",
    "tracing",
];

/// Clocks and sources of chance.
const IMPURE_CALLS: [&str; 6] =
    ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "Uuid::now_v7", "thread_rng"];

/// What only `store` may hold: connections, and statements that nothing binds to workspace and viewer.
const UNBOUND: [&str; 7] = [
    "ConnectionTrait",
    "DatabaseConnection",
    "DatabaseTransaction",
    "DatabaseBackend",
    "Statement::from",
    "TransactionTrait",
    "sqlx::",
];

/// Pure crates know no runtime, no database, no clock.
pub fn pure_crates(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let Some(rest) = source.path.strip_prefix("crates/") else { continue };
        let Some((name, file)) = rest.split_once('/') else { continue };
        if !PURE.contains(&name) {
            continue;
        }
        if file == "Cargo.toml" {
            let dependencies = section(&source.text, "[dependencies]");
            for dependency in IMPURE_DEPENDENCIES.iter().filter(|name| dependencies.contains(*name)) {
                findings.push(source.finding("pure", format!("a pure crate depends on {dependency}")));
            }
        } else if file.starts_with("src/") && !source.is_test() {
            for (line, text) in source.code() {
                for call in IMPURE_CALLS.iter().filter(|call| text.contains(*call)) {
                    let what =
                        format!("line {line}: a pure crate takes time and chance as arguments, not {call}");
                    findings.push(source.finding("pure", what));
                }
            }
        }
    }
    findings
}

fn section<'t>(manifest: &'t str, name: &str) -> Vec<&'t str> {
    let lines = manifest.lines().skip_while(|line| line.trim() != name).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| line.split(['=', '.', ' ']).next()).collect()
}

/// Outside `store` nobody holds a connection; in `crm`, only `http.rs` and `http/` name axum.
pub fn names(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".rs") && !source.is_test()) {
        let finds = |word: &str| source.code().find(|(_, text)| text.contains(word)).map(|(line, _)| line);
        let is_product =
            source.path.starts_with("crates/crm/src/") || source.path.starts_with("crates/revier/src/");
        for word in UNBOUND.iter().filter(|_| is_product) {
            if let Some(line) = finds(word) {
                findings.push(
                    source.finding("orm", format!("line {line}: only store holds connections, not {word}")),
                );
            }
        }
        let is_http = source.path.ends_with("/http.rs") || source.path.contains("/http/");
        if let Some(line) = finds("axum::").filter(|_| is_of_a_room(source) && !is_http) {
            findings.push(source.finding("axum", format!("line {line}: only http.rs and http/ name axum")));
        }
    }
    findings
}

/// Every write goes through the failpoint of `to_write`, so that tests can cut it off.
pub fn failpoints(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path == "crates/store/src/scoped.rs") {
        let runs = |text: &str| [".exec(", ".exec_", ".execute"].iter().any(|call| text.contains(call));
        for (line, _) in source.code().filter(|(_, text)| runs(text) && !text.contains("to_write")) {
            let what = format!("line {line}: a write takes its connection from to_write, with its failpoint");
            findings.push(source.finding("failpoint", what));
        }
    }
    findings
}

/// Rooms use only rooms before them in `lib.rs`. `app` holds what lives as long as the server, whichever
/// room it belongs to; the corridors `jobs` and `http` come last, and every room opens onto `http`.
pub fn order_of_rooms(sources: &[Source]) -> Vec<Finding> {
    let Some(list) = sources.iter().find(|source| source.path == "crates/crm/src/lib.rs") else {
        return Vec::new();
    };
    let rooms: Vec<&str> =
        list.text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| is_of_a_room(source)) {
        let Some(place) = room_of(&source.path).and_then(|room| rooms.iter().position(|name| *name == room))
        else {
            continue;
        };
        let room = rooms[place];
        if room == "app" {
            continue;
        }
        let later: Vec<&str> = rooms[place + 1..].iter().copied().filter(|room| *room != "http").collect();
        for (line, text) in source.code() {
            for later in later.iter().filter(|later| text.contains(&format!("crate::{later}::"))) {
                let what = format!("line {line}: {room} comes before {later} and must not use it");
                findings.push(source.finding("rooms", what));
            }
        }
    }
    findings
}

fn is_of_a_room(source: &Source) -> bool {
    source.path.starts_with("crates/crm/src/") && source.path.ends_with(".rs") && !source.is_test()
}

fn room_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("crates/crm/src/")?;
    rest.split('/').next()?.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::{Source, failpoints, names, order_of_rooms, pure_crates};

    fn source(path: &str, text: &str) -> Vec<Source> {
        vec![Source { path: path.to_owned(), text: text.to_owned() }]
    }

    #[test]
    fn a_pure_crate_with_a_runtime_or_a_clock_is_found() {
        let manifest = "[dependencies]\ntokio.workspace = true\n[dev-dependencies]\nreqwest = \"1\"\n";
        let found = pure_crates(&source("crates/rotation/Cargo.toml", manifest));
        assert_eq!(found.len(), 1);
        let clock = "let now = std::time::Instant::now();";
        assert_eq!(pure_crates(&source("crates/rotation/src/turn.rs", clock)).len(), 1);
        assert_eq!(pure_crates(&source("crates/rotation/tests/turn.rs", clock)).len(), 0);
        assert_eq!(pure_crates(&source("crates/store/src/write.rs", clock)).len(), 0);
    }

    #[test]
    fn a_room_that_holds_a_connection_or_names_axum_is_found() {
        for (path, text, faults) in [
            ("crates/crm/src/people/store.rs", "use sea_orm::DatabaseConnection;", 1),
            ("crates/crm/src/people/user.rs", "use sea_orm::Order;", 0),
            ("crates/store/src/connect.rs", "use sea_orm::DatabaseConnection;", 0),
            ("crates/crm/src/people/user.rs", "use axum::Json;", 1),
            ("crates/crm/src/people/http/user.rs", "use axum::Json;", 0),
            ("crates/crm/src/people/http.rs", "use axum::Json;", 0),
        ] {
            assert_eq!(names(&source(path, text)).len(), faults, "{path}: {text}");
        }
    }

    #[test]
    fn a_write_without_its_failpoint_is_found() {
        for (text, faults) in [
            ("update.exec(&*self.tx).await?", 1),
            ("insert.exec_without_returning(&*self.tx).await?", 1),
            ("update.exec(self.to_write::<E>(\"update\").await?).await?", 0),
        ] {
            assert_eq!(failpoints(&source("crates/store/src/scoped.rs", text)).len(), faults, "{text}");
        }
    }

    #[test]
    fn a_room_that_uses_a_later_room_is_found() {
        for (path, text, faults) in [
            ("crates/crm/src/people/user.rs", "use crate::records::lead;", 1),
            ("crates/crm/src/records/lead/mod.rs", "use crate::people::user;", 0),
            ("crates/crm/src/people/user.rs", "use crate::http::caller::Caller;", 0),
            ("crates/crm/src/app.rs", "use crate::records::lead;", 0),
        ] {
            let mut sources = source(
                "crates/crm/src/lib.rs",
                "pub mod app;\npub mod people;\npub mod records;\npub mod http;\n",
            );
            sources.extend(source(path, text));
            assert_eq!(order_of_rooms(&sources).len(), faults, "{path}: {text}");
        }
    }
}
