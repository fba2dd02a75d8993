//! A database of its own for a test: a file in a temporary directory, or one of the test run's PostgreSQL
//! cluster, copied from a migrated template and dropped afterwards.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use store::Db;
use uuid::Uuid;

use crate::living_twin::{self, Watch};
use crate::row_security;

/// The environment variable that names the test run's PostgreSQL; `cargo xtask test` sets it.
pub const POSTGRES_VARIABLE: &str = "REVIER_TEST_POSTGRES";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Nothing where a test cannot run here; says so, and fails where everything has to run.
///
/// # Panics
/// With `CI=true` and no PostgreSQL.
pub fn available(kind: Kind) -> Option<()> {
    if kind == Kind::Sqlite || std::env::var_os(POSTGRES_VARIABLE).is_some() {
        return Some(());
    }
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let remedy = "run it by cargo xtask test, which starts a PostgreSQL";
    assert!(std::env::var_os("CI").is_none(), "{test} has no {POSTGRES_VARIABLE}; {remedy}");
    eprintln!("SKIPPED {test}: no {POSTGRES_VARIABLE}; {remedy}");
    None
}

/// A migrated database that nobody else uses.
pub struct Base {
    pub kind: Kind,
    pub url: String,
    /// Dropped with the test; names the database where it is PostgreSQL's.
    name: Option<String>,
    /// Looks at the twin workspace when the test is over, before the directory goes.
    watch: Option<Watch>,
    directory: Option<tempfile::TempDir>,
}

impl Base {
    /// Makes one.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub async fn new(kind: Kind) -> Base {
        match kind {
            Kind::Sqlite => {
                let base = Base::in_directory();
                let db = base.open().await;
                db.migrate().await.expect("the schema is migrated");
                db.close().await;
                base
            }
            Kind::Postgres => Base::in_cluster().await,
        }
    }

    /// The same beside a twin workspace with equal ids, which nothing may touch ([`living_twin`]); on
    /// PostgreSQL also with [`row_security`]. The test fails in the end where the twin was touched.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub async fn beside_twin(kind: Kind) -> Base {
        let mut base = match kind {
            Kind::Sqlite => {
                let base = Base::new(kind).await;
                living_twin::install(kind, &base.connection().await).await;
                base
            }
            Kind::Postgres => {
                let template = template("beside_twin", async |connection| {
                    living_twin::install(kind, &connection).await;
                    row_security::install(&connection).await;
                });
                Base::copy_of(&template.await).await
            }
        };
        base.watch = Some(Watch::new(kind, base.url.clone()));
        base
    }

    /// What happened to the twin although nothing may.
    ///
    /// # Panics
    /// Where the database does not answer.
    pub async fn twin_differences(&self) -> Vec<String> {
        let connection = self.connection().await;
        let found = living_twin::differences(self.kind, &connection).await;
        connection.close().await.expect("it closes");
        found
    }

    /// Goes on without a twin: for tests that damage the database below the product.
    ///
    /// # Panics
    /// Where the database refuses.
    pub async fn leave_twin(&self) {
        let connection = self.connection().await;
        living_twin::remove(self.kind, &connection).await;
        connection.close().await.expect("it closes");
        if let Some(watch) = &self.watch {
            watch.end();
        }
    }

    /// The same, but empty: whoever opens it has to migrate it.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub async fn empty(kind: Kind) -> Base {
        match kind {
            Kind::Sqlite => Base::in_directory(),
            Kind::Postgres => Base::copy_of("template0").await,
        }
    }

    /// A copy of an embedded database whose servers have closed it.
    ///
    /// # Panics
    /// For PostgreSQL, and where the disk is full.
    pub fn copy(&self) -> Base {
        let copy = Base::in_directory();
        for entry in std::fs::read_dir(self.directory()).expect("a directory").flatten() {
            std::fs::copy(entry.path(), copy.directory().join(entry.file_name())).expect("copied");
        }
        let watch = self.watch.as_ref().map(|_| Watch::new(copy.kind, copy.url.clone()));
        Base { watch, ..copy }
    }

    /// Opens the pools of one more server on it.
    ///
    /// # Panics
    /// Where the database does not answer.
    pub async fn open(&self) -> Db {
        if self.watch.is_none() || self.kind == Kind::Sqlite {
            return Db::open(&self.url).await.unwrap_or_else(|error| panic!("{}: {error}", self.url));
        }
        let url = self.url.replacen("//revier@", &format!("//{}@", row_security::ROLE), 1);
        let db = Db::open(&url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        db.telling_workspaces()
    }

    /// One plain connection, for what only tests may look at.
    ///
    /// # Panics
    /// Where the database does not answer.
    pub async fn connection(&self) -> DatabaseConnection {
        connect(&self.url).await
    }

    /// The data directory of an embedded database.
    ///
    /// # Panics
    /// For PostgreSQL, which has none.
    pub fn directory(&self) -> &std::path::Path {
        self.directory.as_ref().expect("only SQLite lies in a directory of the test").path()
    }

    /// The options of `revier` that name this database.
    pub fn options(&self) -> Vec<String> {
        match self.kind {
            Kind::Sqlite => vec!["--data".to_owned(), self.directory().display().to_string()],
            Kind::Postgres => vec!["--database".to_owned(), self.url.clone()],
        }
    }

    /// Removes it. Whoever does not come to that leaves it to the end of the test run.
    ///
    /// # Panics
    /// Where the cluster is gone.
    pub async fn drop(self) {
        drop(self.watch);
        if let Some(name) = self.name {
            let cluster = connect(&cluster_url()).await;
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            cluster.execute_unprepared(&sql).await.expect("the test's database is dropped");
        }
    }

    fn in_directory() -> Base {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = Db::url_in(directory.path());
        Base { kind: Kind::Sqlite, url, name: None, watch: None, directory: Some(directory) }
    }

    async fn in_cluster() -> Base {
        let template = template("plain", async |_| {}).await;
        Base::copy_of(&template).await
    }

    async fn copy_of(template: &str) -> Base {
        let cluster = connect(&cluster_url()).await;
        let name = format!("test_{}", Uuid::now_v7().simple());
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        cluster.execute_unprepared(&sql).await.expect("the test's database is made");
        Base { kind: Kind::Postgres, url: url_of(&name), name: Some(name), watch: None, directory: None }
    }
}

/// Each test is a process of its own, so the first one migrates the template while the others wait.
async fn template(what: &str, furnish: impl AsyncFn(DatabaseConnection)) -> String {
    const LOCK: i64 = 20_261_124;
    let name = format!("template_{what}_{}", store::migrations::fingerprint());
    let cluster = connect(&cluster_url()).await;
    cluster.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await.expect("the lock");
    let is_there = format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate");
    let found = cluster.execute_unprepared(&is_there).await.expect("the catalogue answers");
    if found.rows_affected() == 0 {
        let unfinished = format!("DROP DATABASE IF EXISTS {name}");
        cluster.execute_unprepared(&unfinished).await.expect("a half-made template is dropped");
        cluster.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("the template is made");
        let db = Db::open(&url_of(&name)).await.expect("the template is opened");
        db.migrate().await.expect("the schema is migrated");
        db.close().await;
        furnish(connect(&url_of(&name)).await).await;
        let finished = format!("ALTER DATABASE {name} IS_TEMPLATE true");
        cluster.execute_unprepared(&finished).await.expect("the template is one");
    }
    cluster.execute_unprepared(&format!("SELECT pg_advisory_unlock({LOCK})")).await.expect("the lock");
    name
}

pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    // One connection, so that a session's lock is taken and given back on the same.
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn cluster_url() -> String {
    std::env::var(POSTGRES_VARIABLE).expect("checked before")
}

fn url_of(name: &str) -> String {
    let cluster = cluster_url();
    let (start, _) = cluster.rsplit_once('/').expect("the cluster's address names a database");
    format!("{start}/{name}")
}
