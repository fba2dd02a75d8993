//! What must hold of the rows at any moment, each as one statement that counts what breaks it.

use sea_orm::{ConnectionTrait, Statement};

use crate::connect::Db;
use crate::error::StoreError;

/// A sentence about the rows, and the statement that counts its exceptions.
struct Invariant {
    sentence: &'static str,
    exceptions: &'static str,
}

/// An invariant as found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub sentence: &'static str,
    pub exceptions: i64,
}

const INVARIANTS: [Invariant; 8] = [
    Invariant {
        sentence: "every lead's owner has access to its territory",
        exceptions: "WITH RECURSIVE up (workspace_id, id, above) AS (
              SELECT workspace_id, id, id FROM territory WHERE until IS NULL
            UNION
              SELECT up.workspace_id, up.id, t.parent_id FROM up
              JOIN territory t ON t.workspace_id = up.workspace_id AND t.id = up.above AND t.until IS NULL
              WHERE t.parent_id IS NOT NULL)
            SELECT COUNT(*) FROM lead l
            WHERE l.territory_id IS NOT NULL AND l.owner_id IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM up
              JOIN member m ON m.workspace_id = up.workspace_id AND m.territory_id = up.above AND m.until IS NULL
              WHERE up.workspace_id = l.workspace_id AND up.id = l.territory_id AND m.user_id = l.owner_id
                AND m.has_access AND (m.includes_children OR m.territory_id = l.territory_id))",
    },
    Invariant {
        sentence: "every territory's turns are 1, 2, 3 … without gap or double",
        exceptions: "SELECT COUNT(*) FROM (
              SELECT r.turn AS said, COUNT(d.turn) AS found, COUNT(DISTINCT d.turn) AS different,
                     COALESCE(MIN(d.turn), 1) AS lowest, COALESCE(MAX(d.turn), 0) AS highest
              FROM rotation r
              LEFT JOIN decision d ON d.workspace_id = r.workspace_id AND d.territory_id = r.territory_id
                AND d.turn IS NOT NULL
              GROUP BY r.workspace_id, r.territory_id, r.turn) turns
            WHERE found <> said OR different <> said OR lowest <> 1 OR highest <> said",
    },
    Invariant {
        sentence: "every turn belongs to a rotation",
        exceptions: "SELECT COUNT(*) FROM decision d WHERE d.turn IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM rotation r WHERE r.workspace_id = d.workspace_id AND r.territory_id = d.territory_id)",
    },
    Invariant {
        sentence: "every lead has a decision",
        exceptions: "SELECT COUNT(*) FROM lead l WHERE NOT EXISTS (
              SELECT 1 FROM decision d WHERE d.workspace_id = l.workspace_id AND d.lead_id = l.id)",
    },
    Invariant {
        sentence: "a lead that waits in a queue has a territory and no owner",
        exceptions: "SELECT COUNT(*) FROM lead
            WHERE queued_at IS NOT NULL AND (territory_id IS NULL OR owner_id IS NOT NULL)",
    },
    Invariant {
        sentence: "every lead's territory is there",
        exceptions: "SELECT COUNT(*) FROM lead l WHERE l.territory_id IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM territory t
              WHERE t.workspace_id = l.workspace_id AND t.id = l.territory_id AND t.until IS NULL)",
    },
    Invariant {
        sentence: "every lead's owner is a user who is active",
        exceptions: "SELECT COUNT(*) FROM lead l WHERE l.owner_id IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM \"user\" u WHERE u.workspace_id = l.workspace_id AND u.id = l.owner_id AND u.is_active)",
    },
    Invariant {
        sentence: "every workspace has an active administrator",
        exceptions: "SELECT COUNT(*) FROM workspace w WHERE NOT EXISTS (
              SELECT 1 FROM \"user\" u JOIN role r ON r.workspace_id = u.workspace_id AND r.id = u.role_id
              WHERE u.workspace_id = w.id AND u.is_active AND r.is_built_in AND r.key = 'administrator')",
    },
];

impl Db {
    /// Checks every invariant, in all workspaces.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn invariants(&self) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        for Invariant { sentence, exceptions } in INVARIANTS {
            let statement = Statement::from_string(self.dialect().backend(), exceptions);
            let row = self.reader.query_one_raw(statement).await?;
            let exceptions = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or(0);
            findings.push(Finding { sentence, exceptions });
        }
        Ok(findings)
    }
}
