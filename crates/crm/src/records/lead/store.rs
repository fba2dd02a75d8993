//! Rows of leads and what belongs to them.

use access::Object;
use store::{Tie, tied};

pub mod lead {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lead")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub created_by: Option<Uuid>,
        pub door: String,
        pub territory_id: Option<Uuid>,
        pub owner_id: Option<Uuid>,
        pub is_pinned: bool,
        pub queued_at: Option<i64>,
        pub assigned_at: Option<i64>,
        pub salutation: Option<String>,
        pub salutation_key: Option<String>,
        pub title: Option<String>,
        pub title_key: Option<String>,
        pub first_name: Option<String>,
        pub first_name_key: Option<String>,
        pub last_name: Option<String>,
        pub last_name_key: Option<String>,
        pub job_title: Option<String>,
        pub job_title_key: Option<String>,
        pub company: Option<String>,
        pub company_key: Option<String>,
        pub emails: Option<String>,
        pub emails_key: Option<String>,
        pub phones: Option<String>,
        pub website: Option<String>,
        pub website_key: Option<String>,
        pub street: Option<String>,
        pub street_key: Option<String>,
        pub city: Option<String>,
        pub city_key: Option<String>,
        pub country: Option<String>,
        pub state: Option<String>,
        pub postcode: Option<String>,
        pub postcode_key: Option<String>,
        pub point_x: Option<i64>,
        pub point_y: Option<i64>,
        pub point_z: Option<i64>,
        pub industry: Option<String>,
        pub source: Option<String>,
        pub status: Option<String>,
        pub employees: Option<i64>,
        pub score: Option<i64>,
        pub annual_revenue_minor: Option<i64>,
        pub annual_revenue_currency: Option<String>,
        pub requirements: Option<String>,
        pub notes: Option<String>,
        pub notes_key: Option<String>,
        pub custom: String,
        pub custom_key: String,
        pub derived: String,
        pub repairs: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod collaborator {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lead_collaborator")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub lead_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod known {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "known")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub lead_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub lead_id: Uuid,
        pub at: i64,
        pub user_id: Option<Uuid>,
        pub door: String,
        pub version: i64,
        pub detail: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

tied!(
    lead,
    Object::Lead,
    Tie::Record { id: lead::Column::Id, territory: lead::Column::TerritoryId, owner: lead::Column::OwnerId }
);
tied!(collaborator, Object::Lead, Tie::OfLead(collaborator::Column::LeadId));
tied!(known, Object::Lead, Tie::OfLead(known::Column::LeadId));
tied!(change, Object::Lead, Tie::OfLead(change::Column::LeadId));
