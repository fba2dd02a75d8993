//! The schema's history: expand, migrate, contract; never a step that the previous release cannot live with.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, TransactionTrait};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager, async_trait};

use crate::connect::Db;
use crate::dialect::Dialect;
use crate::error::StoreError;

/// All migrations, oldest first.
const FILES: [SqlFile; 1] = [SqlFile { name: "0001_first", text: include_str!("0001_first.sql") }];

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        FILES.iter().map(|file| Box::new(*file) as Box<dyn MigrationTrait>).collect()
    }
}

/// The name of the newest migration.
pub fn newest() -> &'static str {
    FILES[FILES.len() - 1].name
}

/// Names the schema of this build: another text, another name.
pub fn fingerprint() -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    FILES.iter().for_each(|file| (file.name, file.text).hash(&mut hasher));
    format!("{:016x}", hasher.finish())
}

/// As many servers as start at once may collide in turn.
const LOCK_TABLE_TRIES_MAX: u32 = 20;

impl Db {
    /// Brings the schema up to this release; servers that start together do it one after the other.
    ///
    /// # Errors
    /// Where a step fails, or the database was made by a newer release.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        // The migrator takes no lock of its own, so servers queue on a row of ours.
        self.make_lock_table().await?;
        self.writer
            .execute_unprepared("INSERT INTO migration_lock (id) VALUES (1) ON CONFLICT DO NOTHING")
            .await?;
        let tx = self.writer.begin().await?;
        tx.execute_unprepared("UPDATE migration_lock SET id = 1 WHERE id = 1").await?;
        self.refuse_newer_schema(&tx).await?;
        Migrator::up(&tx, None).await?;
        tx.commit().await?;
        Ok(())
    }

    /// PostgreSQL lets two makers of the same table collide even where each says IF NOT EXISTS; whoever
    /// lost finds the table of the winner when asking again.
    async fn make_lock_table(&self) -> Result<(), StoreError> {
        let sql = "CREATE TABLE IF NOT EXISTS migration_lock (id bigint NOT NULL PRIMARY KEY)";
        let mut tries = 1;
        loop {
            match self.writer.execute_unprepared(sql).await.map_err(StoreError::from) {
                Err(StoreError::Exists(_)) if tries < LOCK_TABLE_TRIES_MAX => tries += 1,
                made => return made.map(|_| ()),
            }
        }
    }

    async fn refuse_newer_schema(&self, tx: &impl ConnectionTrait) -> Result<(), StoreError> {
        Migrator::install(tx).await?;
        let statement =
            Statement::from_string(self.dialect().backend(), "SELECT version FROM seaql_migrations");
        let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        for row in tx.query_all_raw(statement).await? {
            let version: String = row.try_get_by_index(0)?;
            if !known.contains(&version) {
                return Err(StoreError::Other(DbErr::Custom(format!(
                    "the database was made by a newer release (it knows {version}); start that release"
                ))));
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct SqlFile {
    name: &'static str,
    text: &'static str,
}

impl MigrationName for SqlFile {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlFile {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let dialect = match connection.get_database_backend() {
            DbBackend::Postgres => Dialect::Postgres,
            _ => Dialect::Sqlite,
        };
        for statement in statements(self.text, dialect) {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

fn statements(text: &str, dialect: Dialect) -> Vec<String> {
    let mut text: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .flat_map(|line| [line, "\n"])
        .collect();
    for name in ["uuid", "text", "int", "bool"] {
        text = text.replace(&format!("{{{name}}}"), dialect.column_type(name));
    }
    text = text.replace("{by_key}", dialect.stored_by_key());
    text.split(';').map(str::trim).filter_map(|part| of_dialect(part, dialect)).map(str::to_owned).collect()
}

/// The statement, where it is none of the other dialect's: some begin with the name of theirs.
fn of_dialect(part: &str, dialect: Dialect) -> Option<&str> {
    let (own, other) = match dialect {
        Dialect::Sqlite => ("{sqlite}", "{postgres}"),
        Dialect::Postgres => ("{postgres}", "{sqlite}"),
    };
    let is_one = !part.is_empty() && !part.starts_with(other);
    is_one.then(|| part.strip_prefix(own).map_or(part, str::trim_start))
}
