//! What an operator asks of a whole database: copies, checks, counts. Reads only, and belongs to no
//! workspace: it tells numbers, never rows.

pub mod invariants;
pub mod snapshot;

use std::collections::BTreeMap;
use std::path::Path;

use sea_orm::{ConnectionTrait, Statement};

use crate::connect::Db;
use crate::dialect::Dialect;
use crate::error::StoreError;
use crate::migrations;

/// Rows by table.
pub type Counts = BTreeMap<String, i64>;

impl Db {
    /// Writes a consistent copy of an embedded database into a new file, without stopping anybody.
    ///
    /// # Errors
    /// Where the file exists or cannot be written, or the database is not SQLite.
    pub async fn copy_into(&self, file: &Path) -> Result<(), StoreError> {
        let sql = "VACUUM INTO $1";
        let file = file.display().to_string();
        let statement = Statement::from_sql_and_values(self.dialect().backend(), sql, [file.into()]);
        self.reader.execute_raw(statement).await?;
        Ok(())
    }

    /// What the database itself finds wrong with its file; nothing where all is well. PostgreSQL checks
    /// its pages whenever it reads them.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn integrity(&self) -> Result<Vec<String>, StoreError> {
        if self.dialect() == Dialect::Postgres {
            return Ok(Vec::new());
        }
        let mut faults = texts(&self.reader, "PRAGMA integrity_check(20)").await?;
        faults.retain(|line| line != "ok");
        faults.extend(
            texts(
                &self.reader,
                "SELECT 'a row of ' || \"table\" || ' points nowhere' FROM pragma_foreign_key_check LIMIT 20",
            )
            .await?,
        );
        Ok(faults)
    }

    /// The migrations that the database has been through, oldest first; none where it is empty.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn versions(&self) -> Result<Vec<String>, StoreError> {
        if !tables(&self.reader, self.dialect()).await?.iter().any(|table| table == "seaql_migrations") {
            return Ok(Vec::new());
        }
        texts(&self.reader, "SELECT version FROM seaql_migrations ORDER BY version").await
    }

    /// True where the schema is that of this release.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn is_current(&self) -> Result<bool, StoreError> {
        Ok(self.versions().await?.last().is_some_and(|version| version == migrations::newest()))
    }

    /// True where nobody has made a table yet.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(tables(&self.reader, self.dialect()).await?.is_empty())
    }

    /// Counts the rows of every table.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        counts(&self.reader, self.dialect()).await
    }

    /// What PostgreSQL says of itself, as `name = value`; nothing for SQLite.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn settings(&self) -> Result<Vec<String>, StoreError> {
        if self.dialect() == Dialect::Sqlite {
            return texts(&self.reader, "SELECT 'journal_mode = ' || journal_mode FROM pragma_journal_mode")
                .await;
        }
        let sql = "SELECT name || ' = ' || setting FROM pg_settings WHERE name IN \
                   ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums') ORDER BY name";
        texts(&self.reader, sql).await
    }

    /// True where the role of the connection may do everything to the PostgreSQL server, which Revier needs not.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn is_superuser(&self) -> Result<bool, StoreError> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(false);
        }
        Ok(texts(&self.reader, "SELECT current_setting('is_superuser')").await? == ["on"])
    }
}

pub(crate) async fn counts(
    connection: &impl ConnectionTrait,
    dialect: Dialect,
) -> Result<Counts, StoreError> {
    let mut counts = Counts::new();
    for table in tables(connection, dialect).await? {
        let sql = format!("SELECT COUNT(*) FROM \"{table}\"");
        let statement = Statement::from_string(dialect.backend(), sql);
        let row = connection.query_one_raw(statement).await?;
        let count = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or(0);
        counts.insert(table, count);
    }
    Ok(counts)
}

async fn tables(connection: &impl ConnectionTrait, dialect: Dialect) -> Result<Vec<String>, StoreError> {
    texts(connection, dialect.tables()).await
}

async fn texts(connection: &impl ConnectionTrait, sql: &str) -> Result<Vec<String>, StoreError> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
