//! Transactions: reads of one snapshot, and writes that are repeated when the database asks for it.

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use uuid::Uuid;

use crate::chaos::Trace;
use crate::connect::Db;
use crate::dialect::Dialect;
use crate::error::StoreError;
use crate::scoped::{ScopedTx, Sight, Tx};

/// How often a write is begun before its caller hears of the trouble.
pub const WRITE_ATTEMPTS_MAX: u32 = 5;

/// An error that may have come from the database.
pub trait MaybeStoreError: From<StoreError> {
    fn store_error(&self) -> Option<&StoreError>;
}

impl MaybeStoreError for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

impl Db {
    /// Runs `work` in one transaction and commits it. On serialisation failure, dead-lock and lost
    /// connection the whole is repeated, at most [`WRITE_ATTEMPTS_MAX`] times, so `work` has no
    /// effect but through its transaction.
    ///
    /// # Errors
    /// What `work` returns, or why the database did not take it.
    pub async fn write<T, E, F, Fut>(&self, workspace: Uuid, sight: Sight, work: F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: MaybeStoreError,
    {
        let mut attempt = 1;
        loop {
            let begun = self.begin(&self.writer, write_options(), workspace).await.map_err(E::from);
            let done = match begun {
                Ok(tx) => {
                    let trace = Trace::writes();
                    let tx = ScopedTx::new(tx, self, workspace, sight.clone(), trace.clone());
                    run(tx, trace, &work).await
                }
                Err(error) => Err(error),
            };
            let error = match done {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if attempt == WRITE_ATTEMPTS_MAX
                || !error.store_error().is_some_and(StoreError::is_worth_repeating)
            {
                return Err(error);
            }
            attempt += 1;
            tracing::debug!(attempt, "a transaction is repeated");
        }
    }

    /// Runs `work` on one snapshot of the database.
    ///
    /// # Errors
    /// What `work` returns, or why the database did not answer.
    pub async fn read<T, E, F, Fut>(&self, workspace: Uuid, sight: Sight, work: F) -> Result<T, E>
    where
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: MaybeStoreError,
    {
        let options = match self.dialect() {
            Dialect::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..Default::default()
            },
            // The reader's connections are set up for it.
            Dialect::Postgres => TransactionOptions::default(),
        };
        let tx = self.begin(&self.reader, options, workspace).await?;
        let trace = Trace::reads();
        run(ScopedTx::new(tx, self, workspace, sight, trace.clone()), trace, work).await
    }

    async fn begin(
        &self,
        connection: &DatabaseConnection,
        options: TransactionOptions,
        workspace: Uuid,
    ) -> Result<DatabaseTransaction, StoreError> {
        let tx = connection.begin_with_options(options).await?;
        if self.tells_workspaces {
            tx.execute_raw(self.dialect().telling(workspace)).await?;
        }
        Ok(tx)
    }
}

fn write_options() -> TransactionOptions {
    // IMMEDIATE: a reader that turns into a writer could fail half-way instead of waiting its turn.
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    }
}

async fn run<T, E, Fut>(tx: ScopedTx, trace: Trace, work: impl FnOnce(Tx) -> Fut) -> Result<T, E>
where
    Fut: Future<Output = Result<T, E>>,
    E: From<StoreError>,
{
    let tx = Arc::new(tx);
    let done = work(Arc::clone(&tx)).await;
    let Some(tx) = Arc::into_inner(tx).and_then(ScopedTx::into_inner) else {
        return Err(kept_too_long().into());
    };
    match done {
        Ok(value) => {
            if crate::mutant!("answers come before the commit") {
                tokio::spawn(async move {
                    trace.commit();
                    tx.commit().await
                });
                return Ok(value);
            }
            trace.commit();
            tx.commit().await.map_err(commit_error)?;
            trace.committed();
            Ok(value)
        }
        Err(error) => {
            // The first error tells more than a failing rollback, and the connection is dropped with it.
            let _ = tx.rollback().await;
            Err(error)
        }
    }
}

fn commit_error(error: sea_orm::DbErr) -> StoreError {
    match StoreError::from(error) {
        StoreError::Unreachable(text) => StoreError::Unknown(text),
        error => error,
    }
}

fn kept_too_long() -> StoreError {
    StoreError::Other(sea_orm::DbErr::Custom("a transaction was kept beyond its work".to_owned()))
}
