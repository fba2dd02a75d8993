//! Opens a database: SQLite in a file, or PostgreSQL 15 and later.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use crate::dialect::Dialect;
use crate::error::StoreError;
use crate::steady::Texts;

const READERS_MAX: u32 = 6;
const POSTGRES_WRITERS_MAX: u32 = 5;
const POSTGRES_READERS_MAX: u32 = 7;
/// A connection that was used within this time is trusted; one that broke meanwhile is found by its next statement.
const TRUSTED: Duration = Duration::from_secs(1);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements that a connection keeps prepared.
const STATEMENTS_KEPT: usize = 256;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// A frozen server must not hold a territory's row for longer.
const IDLE_IN_TRANSACTION_MS: u32 = 3_000;

/// Writes find few rows by their keys and run the same texts again and again. A plan that was made while a
/// table was small would read a table that has grown since from end to end, so plans never do.
const WRITER_SETTINGS: [(&str, &str); 4] = [
    ("default_transaction_isolation", "read committed"),
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("jit", "off"),
];
/// Each read sees one state; said once per connection, it costs no statement per transaction.
const READER_SETTINGS: [(&str, &str); 2] =
    [("default_transaction_isolation", "repeatable read"), ("default_transaction_read_only", "on")];

/// The pools of one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    dialect: Dialect,
    pub(crate) texts: Arc<Texts>,
    /// Each transaction tells PostgreSQL its workspace.
    pub(crate) tells_workspaces: bool,
}

impl Db {
    /// Opens the address: `sqlite:/path/to/file` or `postgres://…`.
    ///
    /// # Errors
    /// Where the database cannot be reached, or PostgreSQL would forget acknowledged writes
    /// (`fsync`, `synchronous_commit` or `full_page_writes` off) or is older than 15.
    pub async fn open(url: &str) -> Result<Db, StoreError> {
        if url.starts_with("sqlite:") { Db::open_sqlite(url).await } else { Db::open_postgres(url).await }
    }

    /// The address of the SQLite database inside a data directory.
    pub fn url_in(directory: &Path) -> String {
        format!("sqlite:{}", directory.join("revier.sqlite").display())
    }

    /// Lets each transaction tell PostgreSQL its workspace as `revier.workspace`, for policies of row-level
    /// security; costs a round trip each.
    #[must_use]
    pub fn telling_workspaces(self) -> Db {
        Db { tells_workspaces: self.dialect == Dialect::Postgres, ..self }
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    async fn open_sqlite(url: &str) -> Result<Db, StoreError> {
        // One writer: SQLite has one write lock, and a queue in front of it is fair where its busy wait is not.
        let writer = Database::connect(sqlite_options(url, 1)).await?;
        let reader = Database::connect(sqlite_options(url, READERS_MAX)).await?;
        Ok(Db { writer, reader, dialect: Dialect::Sqlite, texts: Arc::default(), tells_workspaces: false })
    }

    async fn open_postgres(url: &str) -> Result<Db, StoreError> {
        let writer = Database::connect(postgres_options(url, POSTGRES_WRITERS_MAX, &WRITER_SETTINGS)).await?;
        let reader = Database::connect(postgres_options(url, POSTGRES_READERS_MAX, &READER_SETTINGS)).await?;
        let dialect = Dialect::Postgres;
        let db = Db { writer, reader, dialect, texts: Arc::default(), tells_workspaces: false };
        db.refuse_forgetful_postgres().await?;
        Ok(db)
    }

    async fn refuse_forgetful_postgres(&self) -> Result<(), StoreError> {
        for (setting, wanted) in [("fsync", "on"), ("full_page_writes", "on")] {
            let found = self.setting(setting).await?;
            if found != wanted {
                return Err(refusal(format!("PostgreSQL runs with {setting} = {found}; set it to {wanted}")));
            }
        }
        let commit = self.setting("synchronous_commit").await?;
        if commit == "off" {
            return Err(refusal("PostgreSQL runs with synchronous_commit = off; set it to on".to_owned()));
        }
        let version: i64 = self.setting("server_version_num").await?.parse().unwrap_or(0);
        if version < 150_000 {
            return Err(refusal(format!("PostgreSQL {version} is too old; Revier needs 15 or later")));
        }
        Ok(())
    }

    async fn setting(&self, name: &str) -> Result<String, StoreError> {
        let statement =
            Statement::from_sql_and_values(DbBackend::Postgres, "SELECT current_setting($1)", [name.into()]);
        let row = self.reader.query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get_by_index::<String>(0)).transpose()?.unwrap_or_default())
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.reader.execute_unprepared("SELECT 1").await.map(|_| ())?)
    }

    /// Closes all connections after their work; SQLite folds its log into the file.
    pub async fn close(self) {
        // A pool that fails to close has nothing left to lose: every commit is on disk already.
        let _ = self.writer.close().await;
        let _ = self.reader.close().await;
    }
}

fn refusal(text: String) -> StoreError {
    StoreError::Other(sea_orm::DbErr::Custom(text))
}

fn postgres_options(
    url: &str,
    connections: u32,
    settings: &'static [(&'static str, &'static str)],
) -> ConnectOptions {
    // Zero is PostgreSQL's word for never.
    let idle_ms = if crate::mutant!("a frozen session is never ended") { 0 } else { IDLE_IN_TRANSACTION_MS };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .test_before_acquire_if_idle_for(TRUSTED)
        .map_sqlx_postgres_opts(move |options| {
            let options = options.application_name("revier").statement_cache_capacity(STATEMENTS_KEPT);
            options.options(settings.iter().copied()).options([
                ("idle_in_transaction_session_timeout", idle_ms.to_string()),
                ("tcp_keepalives_idle", "5".to_owned()),
                ("tcp_user_timeout", "5000".to_owned()),
            ])
        });
    options
}

fn sqlite_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: a commit that was acknowledged survives a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY_TIMEOUT)
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", "-16000")
                .statement_cache_capacity(STATEMENTS_KEPT)
        });
    options
}
