//! Rows of territories, rules, members and examples: one per state, from the plan version that made it (`since`)
//! to the one that ended it (`until`). What is now has no `until`.

use access::Object;
use store::{Tie, tied};

pub mod territory {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "territory")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since: i64,
        pub until: Option<i64>,
        pub valid_from: i64,
        pub valid_to: Option<i64>,
        pub parent_id: Option<Uuid>,
        pub name: String,
        pub position: i64,
        pub color: String,
        pub is_active: bool,
        pub calendar: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod rule {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "rule")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since: i64,
        pub until: Option<i64>,
        pub valid_from: i64,
        pub valid_to: Option<i64>,
        pub territory_id: Uuid,
        pub name: String,
        pub position: i64,
        pub is_enabled: bool,
        pub condition: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod member {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "member")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub territory_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since: i64,
        pub until: Option<i64>,
        pub valid_from: i64,
        pub valid_to: Option<i64>,
        pub has_access: bool,
        pub has_assignment: bool,
        pub includes_children: bool,
        pub role_id: Option<Uuid>,
        pub weight: i64,
        pub position: i64,
        pub open_leads_max: Option<i64>,
        pub leads_per_day_max: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A lead of which the plan says where it has to arrive.
pub mod example {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "example")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since: i64,
        pub until: Option<i64>,
        pub valid_from: i64,
        pub valid_to: Option<i64>,
        pub position: i64,
        pub lead: String,
        pub territory_id: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where a lead is and whose it is: what the end of a territory or a membership has to reckon with.
pub mod placed_lead {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lead")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub territory_id: Option<Uuid>,
        pub owner_id: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

tied!(territory, Object::Territory, Tie::Territory(territory::Column::Id));
tied!(rule, Object::Territory, Tie::Territory(rule::Column::TerritoryId));
tied!(member, Object::Rotation, Tie::Territory(member::Column::TerritoryId));
tied!(example, Object::Plan, Tie::Workspace);
tied!(
    placed_lead,
    Object::Lead,
    Tie::Record {
        id: placed_lead::Column::Id,
        territory: placed_lead::Column::TerritoryId,
        owner: placed_lead::Column::OwnerId,
    }
);
