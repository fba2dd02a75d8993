//! Rows of batches and of the leads in them.

use access::Object;
use serde::{Deserialize, Serialize};
use store::{Tie, tied};
use uuid::Uuid;

/// `batch.state` as long as leads wait to be moved, when they were, and the same of undoing it.
pub const MOVING: &str = "moving";
pub const MOVED: &str = "moved";
pub const UNDOING: &str = "undoing";
pub const UNDONE: &str = "undone";

/// `batch_lead.state`: its turn has not come.
pub const WAITING: &str = "waiting";
/// `batch_lead.state`: changed before its turn came, so it was left as it is.
pub const KEPT: &str = "kept";
/// `batch_lead.state`: changed since it was moved, so undoing left it as it is.
pub const STAYED: &str = "stayed";

pub mod batch {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "batch")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: i64,
        pub user_id: Uuid,
        pub door: String,
        pub address: String,
        pub kind: String,
        pub title: String,
        pub detail: String,
        pub state: String,
        pub finished_at: Option<i64>,
        pub undone_by: Option<Uuid>,
        pub undone_at: Option<i64>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod batch_lead {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "batch_lead")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub batch_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub lead_id: Uuid,
        pub state: String,
        pub from_territory_id: Option<Uuid>,
        pub from_owner_id: Option<Uuid>,
        pub to_territory_id: Option<Uuid>,
        pub to_owner_id: Option<Uuid>,
        pub before: Option<String>,
        pub version: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a move has changed of a lead beside its territory and owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    pub queued_at: Option<i64>,
    pub assigned_at: Option<i64>,
    /// The decision that said why the lead was where it was.
    pub decision: Option<Uuid>,
}

tied!(batch, Object::Plan, Tie::Workspace);
tied!(batch_lead, Object::Lead, Tie::OfLead(batch_lead::Column::LeadId));
