//! One moment of a PostgreSQL database, kept open so that `pg_dump` and our counts see the same.

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, IsolationLevel, TransactionOptions, TransactionTrait,
};

use super::{Counts, counts, texts};
use crate::connect::Db;
use crate::dialect::Dialect;
use crate::error::StoreError;

pub struct Snapshot {
    tx: DatabaseTransaction,
    /// What `pg_dump --snapshot` takes.
    pub name: String,
}

impl Db {
    /// Keeps this moment until it is let go.
    ///
    /// # Errors
    /// Where the database does not answer, or is not PostgreSQL.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let options = TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..Default::default()
        };
        let tx = self.reader.begin_with_options(options).await?;
        // It waits for a whole dump, longer than a frozen server may hold a row.
        tx.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
        let name = texts(&tx, "SELECT pg_export_snapshot()").await?.pop().unwrap_or_default();
        Ok(Snapshot { tx, name })
    }
}

impl Snapshot {
    /// Counts the rows of every table at that moment.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        counts(&self.tx, Dialect::Postgres).await
    }

    /// Lets the moment go.
    ///
    /// # Errors
    /// Where the connection was lost, and with it the moment.
    pub async fn end(self) -> Result<(), StoreError> {
        Ok(self.tx.rollback().await?)
    }
}
