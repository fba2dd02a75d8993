//! A twin workspace that lives beside every test: triggers copy each inserted row into it under the same
//! id, and later changes stay away from it. A statement that forgets its workspace finds each row twice,
//! or touches the twin, and that is seen at the end of the test.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use uuid::Uuid;

use crate::base::{Kind, connect};
use crate::twin::{columns, tables, texts};

/// The twin of whichever workspace a test makes.
pub const TWIN: Uuid = Uuid::from_u128(0xffff_ffff_ffff_7fff_bfff_ffff_ffff_ffff);

/// The start of the names of the tables that remember the twin's rows as they came.
const REMEMBERED: &str = "twin_";

/// Prepares a migrated database whose workspaces are still to be made.
///
/// # Panics
/// Where the database refuses.
pub async fn install(kind: Kind, connection: &DatabaseConnection) {
    for (table, key) in tables(kind, connection).await {
        let columns = columns(kind, connection, &table).await;
        for sql in statements(kind, &table, &key, &columns) {
            connection.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }
}

fn statements(kind: Kind, table: &str, key: &str, columns: &[String]) -> Vec<String> {
    let kept: Vec<&String> = columns.iter().filter(|column| *column != key).collect();
    let names: String = kept.iter().map(|column| format!(", \"{column}\"")).collect();
    let values: String = kept.iter().map(|column| format!(", NEW.\"{column}\"")).collect();
    let twin = id(kind);
    let remember =
        format!("INSERT INTO \"{REMEMBERED}{table}\" (\"{key}\"{names}) VALUES (NEW.\"{key}\"{values})");
    match kind {
        Kind::Sqlite => vec![
            format!("CREATE TABLE \"{REMEMBERED}{table}\" AS SELECT * FROM \"{table}\" WHERE 0"),
            format!(
                "CREATE TRIGGER \"{REMEMBERED}{table}_copies\" AFTER INSERT ON \"{table}\" \
                 WHEN NEW.\"{key}\" <> {twin} BEGIN \
                 INSERT OR IGNORE INTO \"{table}\" (\"{key}\"{names}) VALUES ({twin}{values}); END"
            ),
            format!(
                "CREATE TRIGGER \"{REMEMBERED}{table}_remembers\" AFTER INSERT ON \"{table}\" \
                 WHEN NEW.\"{key}\" = {twin} BEGIN {remember}; END"
            ),
        ],
        // The rights of whoever made the function count, since row security shows the twin to nobody else.
        Kind::Postgres => vec![
            format!("CREATE TABLE \"{REMEMBERED}{table}\" (LIKE \"{table}\")"),
            format!(
                "CREATE FUNCTION \"{REMEMBERED}{table}\"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER \
                 AS $$ BEGIN IF NEW.\"{key}\" = {twin} THEN {remember}; \
                 ELSE INSERT INTO \"{table}\" (\"{key}\"{names}) VALUES ({twin}{values}) \
                 ON CONFLICT DO NOTHING; END IF; RETURN NULL; END $$"
            ),
            format!(
                "CREATE TRIGGER \"{REMEMBERED}{table}\" AFTER INSERT ON \"{table}\" FOR EACH ROW \
                 EXECUTE FUNCTION \"{REMEMBERED}{table}\"()"
            ),
        ],
    }
}

/// What is not in the twin as it came there: rows that were changed, deleted or added by somebody else.
///
/// # Panics
/// Where the database does not answer.
pub async fn differences(kind: Kind, connection: &DatabaseConnection) -> Vec<String> {
    let mut found = Vec::new();
    for (table, key) in tables(kind, connection).await {
        let columns = columns(kind, connection, &table).await;
        let rows = async |from: String| {
            let row = match kind {
                Kind::Sqlite => {
                    let quoted: Vec<String> =
                        columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
                    quoted.join(" || '|' || ")
                }
                Kind::Postgres => format!("\"{from}\"::text"),
            };
            let twin = id(kind);
            texts(connection, &format!("SELECT {row} FROM \"{from}\" WHERE \"{key}\" = {twin} ORDER BY 1"))
                .await
        };
        let (came, are) = (rows(format!("{REMEMBERED}{table}")).await, rows(table.clone()).await);
        found.extend(came.iter().filter(|row| !are.contains(row)).map(|row| format!("{table} lost {row}")));
        found.extend(are.iter().filter(|row| !came.contains(row)).map(|row| format!("{table} got {row}")));
        if found.is_empty() && came.len() != are.len() {
            found.push(format!("{table} has {} rows in place of {}", are.len(), came.len()));
        }
    }
    found
}

/// Takes the twin and what makes it away again.
///
/// # Panics
/// Where the database refuses.
pub async fn remove(kind: Kind, connection: &DatabaseConnection) {
    for (table, key) in tables(kind, connection).await {
        let triggers = match kind {
            Kind::Sqlite => vec![
                format!("DROP TRIGGER \"{REMEMBERED}{table}_copies\""),
                format!("DROP TRIGGER \"{REMEMBERED}{table}_remembers\""),
            ],
            Kind::Postgres => vec![format!("DROP TRIGGER \"{REMEMBERED}{table}\" ON \"{table}\"")],
        };
        let rows = format!("DELETE FROM \"{table}\" WHERE \"{key}\" = {}", id(kind));
        for sql in triggers.into_iter().chain([rows]) {
            connection.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }
}

/// True for the tables of this net, which are no part of the product.
pub fn is_ours(table: &str) -> bool {
    table.starts_with(REMEMBERED)
}

/// The twin's id in SQL.
pub fn id(kind: Kind) -> String {
    match kind {
        Kind::Sqlite => format!("X'{}'", TWIN.simple()),
        Kind::Postgres => format!("'{TWIN}'::uuid"),
    }
}

/// Fails the test that ends while the twin is not as it came.
pub struct Watch {
    kind: Kind,
    url: String,
    is_over: AtomicBool,
}

impl Watch {
    pub fn new(kind: Kind, url: String) -> Watch {
        Watch { kind, url, is_over: AtomicBool::new(false) }
    }

    /// Ends it without a look.
    pub fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A test that failed already has its reason.
        if std::thread::panicking() || self.is_over.load(Ordering::SeqCst) {
            return;
        }
        let (kind, url) = (self.kind, self.url.clone());
        let look = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let connection = connect(&url).await;
                let found = differences(kind, &connection).await;
                connection.close().await.expect("it closes");
                found
            })
        });
        let found = look.join().expect("the twin can be looked at");
        assert!(found.is_empty(), "a statement forgot its workspace: the twin {}", found.join("\nthe twin "));
    }
}
