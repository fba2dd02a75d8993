//! A demo company whose making is cut off by kill -9: the next start makes it whole, without twins.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use testkit::{Base, Kind, Server};

const REVIER: &str = env!("CARGO_BIN_EXE_revier");
/// As many leads as the first attempt is let make at least.
const CUTS: [i64; 3] = [0, 40, 700];

async fn count(connection: &DatabaseConnection, what: &str) -> i64 {
    let rows = connection.query_one_raw(sea_orm::Statement::from_string(
        connection.get_database_backend(),
        format!("SELECT COUNT(*) FROM {what}"),
    ));
    rows.await.ok().flatten().map_or(0, |row| row.try_get_by_index(0).expect("a count"))
}

fn leads_of_the_demo() -> i64 {
    let csv = include_str!("../../../data/demo/leads.csv");
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records().count();
    i64::try_from(rows).expect("some thousand")
}

async fn cut_and_resumed(kind: Kind) {
    for cut in CUTS {
        let base = Base::new(kind).await;
        let mut setup = Command::new(REVIER)
            .args([
                "setup",
                "--email",
                "katrin@example.com",
                "--name",
                "Katrin",
                "--demo",
                "--password-stdin",
            ])
            .args(base.options())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut input = setup.stdin.take().expect("piped");
        input.write_all(b"correct horse battery staple\n").expect("written");
        drop(input);
        let connection = base.connection().await;
        while count(&connection, "founding").await == 0 || count(&connection, "lead").await < cut {
            tokio::task::yield_now().await;
        }
        setup.kill().expect("killed");
        setup.wait().expect("gone");
        let made = count(&connection, "lead").await;
        assert!(made < leads_of_the_demo(), "the set-up was not cut off");

        let server = Server::start(Path::new(REVIER), &base, &[]);
        while count(&connection, "founding WHERE furnished_at IS NOT NULL").await == 0 {
            tokio::task::yield_now().await;
        }
        server.stop();
        assert_eq!(count(&connection, "lead").await, leads_of_the_demo(), "{made} were made before");
        assert_eq!(count(&connection, "(SELECT DISTINCT company FROM lead) AS c").await, leads_of_the_demo());
        assert_eq!(count(&connection, "\"user\"").await, 20);
        assert_eq!(count(&connection, "territory").await, 23);
        assert_eq!(count(&connection, "absence").await, absences());
        connection.close().await.expect("closed");

        let mut words = vec!["doctor".to_owned()];
        words.extend(base.options());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let doctor = testkit::server::command(Path::new(REVIER), &words, "");
        let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
        // The tests' role may be a superuser, which doctor dislikes; nothing else may be wrong.
        let wrong: Vec<&str> =
            said.lines().filter(|line| line.starts_with("WRONG  ") && !line.contains("role")).collect();
        assert_eq!(wrong, Vec::<&str>::new(), "{said}");
        base.drop().await;
    }
}

/// Those who are away in the demo's data, each once.
fn absences() -> i64 {
    let people: serde_json::Value =
        serde_json::from_str(include_str!("../../../data/demo/people.json")).expect("JSON");
    let away = people["people"].as_array().expect("people").iter();
    i64::try_from(away.filter(|person| !person["absent_days"].is_null()).count()).expect("some")
}

#[test]
fn a_demo_that_was_cut_off_is_made_whole_at_the_next_start_on_sqlite() {
    testkit::both::runtime().block_on(cut_and_resumed(Kind::Sqlite));
}

#[test]
fn a_demo_that_was_cut_off_is_made_whole_at_the_next_start_on_postgres() {
    if testkit::base::available(Kind::Postgres).is_some() {
        testkit::both::runtime().block_on(cut_and_resumed(Kind::Postgres));
    }
}
