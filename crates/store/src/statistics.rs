//! What the database knows of its tables' sizes. PostgreSQL looks at a table again a minute after it has grown;
//! until then it plans as if the table were small, and reads all of a workspace's rows where a key would do.

use sea_orm::{ConnectionTrait, Statement};

use crate::connect::Db;
use crate::error::StoreError;

impl Db {
    /// Lets the database look at those tables that have doubled since it looked at them, as far as they are ours;
    /// returns their names.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn look_at_grown_tables(&self) -> Result<Vec<String>, StoreError> {
        let Some(sql) = self.dialect().grown_tables() else { return Ok(Vec::new()) };
        let statement = Statement::from_string(self.dialect().backend(), sql);
        let rows = self.reader.query_all_raw(statement).await?;
        let tables =
            rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
        for table in &tables {
            self.writer.execute_unprepared(&self.dialect().look_at(table)).await?;
        }
        Ok(tables)
    }
}
