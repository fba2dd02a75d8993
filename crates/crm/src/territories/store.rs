//! Rows of territories, rules, members and examples: one per state, from the plan version that made it (`since`)
//! to the one that ended it (`until`). What is now has no `until`.

use access::Object;
use store::{Tie, tied};

/// Declares the tables of states: the name, the columns that say whose state it is, and what the state is.
macro_rules! states {
    ($($(#[$about:meta])* $module:ident $table:literal
        [$($key:ident)+] { $($column:ident: $kind:ident$(<$some:ident>)?,)+ })+) => { $(
        $(#[$about])*
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub workspace_id: Uuid,
                $(#[sea_orm(primary_key, auto_increment = false)]
                pub $key: Uuid,)+
                #[sea_orm(primary_key, auto_increment = false)]
                pub since: i64,
                pub until: Option<i64>,
                pub valid_from: i64,
                pub valid_to: Option<i64>,
                $(pub $column: $kind$(<$some>)?,)+
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    )+ };
}

states! {
    territory "territory" [id] {
        parent_id: Option<Uuid>,
        name: String,
        position: i64,
        color: String,
        is_active: bool,
        calendar: Option<String>,
    }

    rule "rule" [id] {
        territory_id: Uuid,
        name: String,
        position: i64,
        is_enabled: bool,
        condition: String,
    }

    member "member" [territory_id user_id] {
        has_access: bool,
        has_assignment: bool,
        includes_children: bool,
        role_id: Option<Uuid>,
        weight: i64,
        position: i64,
        open_leads_max: Option<i64>,
        leads_per_day_max: Option<i64>,
    }

    /// A lead of which the plan says where it has to arrive.
    example "example" [id] {
        position: i64,
        lead: String,
        territory_id: Option<Uuid>,
    }
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

/// Where a lead is in the world and on the tree: what maps count.
pub mod located_lead {
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
        pub status: Option<String>,
        pub country: Option<String>,
        pub state: Option<String>,
        pub postcode_key: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A territory whose rotation is paused.
pub mod rotation_pause {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "rotation_pause")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub territory_id: Uuid,
        pub since: i64,
        pub user_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

tied!(rotation_pause, Object::Rotation, Tie::Territory(rotation_pause::Column::TerritoryId));
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
tied!(
    located_lead,
    Object::Lead,
    Tie::Record {
        id: located_lead::Column::Id,
        territory: located_lead::Column::TerritoryId,
        owner: located_lead::Column::OwnerId,
    }
);
