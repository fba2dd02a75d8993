//! What must be asked before anybody belongs to a workspace: which there are, and who may make the first.

use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::connect::Db;
use crate::error::StoreError;

impl Db {
    /// The workspaces of this database, oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn workspaces(&self) -> Result<Vec<Uuid>, StoreError> {
        let statement = Statement::from_string(
            self.dialect().backend(),
            "SELECT id FROM workspace ORDER BY created_at, id",
        );
        let rows = self.reader.query_all_raw(statement).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    /// Lets whoever knows the token with this hash make the first workspace.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn allow_setup(&self, token_hash: &str, now: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO setup_token (token_hash, created_at) VALUES ($1, $2)";
        self.writer.execute_raw(self.statement(sql, [token_hash.into(), now.into()])).await?;
        Ok(())
    }

    /// True where the hash is one that a server has printed; nothing is used up by asking.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn is_setup_allowed(&self, token_hash: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM setup_token WHERE token_hash = $1";
        Ok(self.reader.query_one_raw(self.statement(sql, [token_hash.into()])).await?.is_some())
    }

    /// Forgets all set-up tokens: the first workspace is made.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn end_setup(&self) -> Result<(), StoreError> {
        self.writer.execute_unprepared("DELETE FROM setup_token").await?;
        Ok(())
    }

    fn statement<const N: usize>(&self, sql: &str, values: [Value; N]) -> Statement {
        Statement::from_sql_and_values(self.dialect().backend(), sql, values)
    }
}
