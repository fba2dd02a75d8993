//! The second net on PostgreSQL: row-level security behind the statements. Its policy does not hide the rows
//! of other workspaces, which would forgive whoever forgot theirs: it fails the statement that looks at one.

use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::base::Kind;
use crate::twin::tables;

/// As whom servers of tests connect: to somebody who owns the tables, policies do not apply.
pub const ROLE: &str = "revier_app";

/// Prepares a migrated database; statements outside a workspace's transaction pass as before.
///
/// # Panics
/// Where the database refuses.
pub async fn install(connection: &DatabaseConnection) {
    // Costly, so that the comparison with the workspace that a statement names comes first.
    let function = "CREATE FUNCTION is_own_row(workspace uuid, place text) RETURNS boolean \
         LANGUAGE plpgsql STABLE COST 10000 AS $$ \
         DECLARE own text := current_setting('revier.workspace', true); \
         BEGIN IF own IS NULL OR own = '' OR own = workspace::text THEN RETURN true; END IF; \
         RAISE EXCEPTION 'a statement looks at a row of % in another workspace', place; END $$";
    let role =
        format!("DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    let mut statements = vec![function.to_owned(), role];
    for (table, key) in tables(Kind::Postgres, connection).await {
        let own = format!("is_own_row(\"{key}\", '{table}')");
        statements.push(format!("ALTER TABLE \"{table}\" ENABLE ROW LEVEL SECURITY"));
        statements.push(format!("CREATE POLICY own_rows ON \"{table}\" USING ({own}) WITH CHECK ({own})"));
    }
    statements.push(format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}"));
    statements.push(format!("GRANT ALL ON SCHEMA public TO {ROLE}"));
    for sql in statements {
        connection.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}
