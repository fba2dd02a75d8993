//! What can go wrong between a room and its database, by what the caller can do about it.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique index refused the row; the caller may know why.
    #[error("the row exists already: {0}")]
    Exists(String),
    /// Serialisation failure, dead-lock, busy database: the same work may succeed when repeated.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The connection is lost or none was free in time.
    #[error("the database does not answer: {0}")]
    Unreachable(String),
    /// The connection broke during the commit: it may or may not have happened. A caller with an
    /// idempotency key learns which by asking again.
    #[error("the database did not answer a commit: {0}")]
    Unknown(String),
    /// No space left for the write.
    #[error("the disk of the database is full: {0}")]
    Full(String),
    #[error("{0}")]
    Other(#[source] DbErr),
}

impl StoreError {
    /// True where a repetition of the whole transaction may succeed at once.
    pub fn is_worth_repeating(&self) -> bool {
        matches!(self, StoreError::Busy(_) | StoreError::Unreachable(_))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> StoreError {
        if let Some(SqlErr::UniqueConstraintViolation(text)) = error.sql_err() {
            return StoreError::Exists(text);
        }
        let text = error.to_string();
        match code_of(&error).as_deref() {
            // SQLite: BUSY, LOCKED and their extensions. PostgreSQL: serialisation failure, dead-lock, lock time-out.
            Some("5" | "6" | "261" | "262" | "517" | "40001" | "40P01" | "55P03") => StoreError::Busy(text),
            // SQLite: FULL. PostgreSQL: disk_full.
            Some("13" | "53100") => StoreError::Full(text),
            // PostgreSQL: shutting down, crash recovery, starting up, too many connections, idle transaction ended.
            Some("57P01" | "57P02" | "57P03" | "53300" | "25P03" | "08006" | "08003") => {
                StoreError::Unreachable(text)
            }
            Some(_) => StoreError::Other(error),
            None if is_lost_connection(&error) => StoreError::Unreachable(text),
            None => StoreError::Other(error),
        }
    }
}

fn runtime_error(error: &DbErr) -> Option<&sea_orm::sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e))
        | DbErr::Conn(RuntimeErr::SqlxError(e)) => Some(e),
        _ => None,
    }
}

fn code_of(error: &DbErr) -> Option<String> {
    match runtime_error(error)? {
        sea_orm::sqlx::Error::Database(e) => e.code().map(|code| code.into_owned()),
        _ => None,
    }
}

fn is_lost_connection(error: &DbErr) -> bool {
    use sea_orm::sqlx::Error;
    matches!(error, DbErr::ConnectionAcquire(_))
        || matches!(
            runtime_error(error),
            Some(
                Error::Io(_)
                    | Error::PoolTimedOut
                    | Error::PoolClosed
                    | Error::WorkerCrashed
                    | Error::Protocol(_)
            )
        )
}
