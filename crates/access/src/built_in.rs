//! The five roles that every workspace begins with. All but the administrator's can be changed.

use serde::{Deserialize, Serialize};

use crate::object::{Action, Object};
use crate::role::{FieldRights, Role};
use crate::scope::{FieldRight, Scope};

/// A role that Revier brings; its name is the row's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuiltInRole {
    /// Everything, always.
    Administrator,
    /// Everything about records, territories and goals, nothing about users, roles and settings.
    SalesManager,
    /// Sees the territory, changes one's own.
    Seller,
    /// Sees and changes one's own, takes nothing along.
    RestrictedSeller,
    /// Sees the territory, changes nothing.
    ReadOnly,
}

impl BuiltInRole {
    pub const ALL: [BuiltInRole; 5] = [
        BuiltInRole::Administrator,
        BuiltInRole::SalesManager,
        BuiltInRole::Seller,
        BuiltInRole::RestrictedSeller,
        BuiltInRole::ReadOnly,
    ];

    /// The key of its row, in JSON and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            BuiltInRole::Administrator => "administrator",
            BuiltInRole::SalesManager => "sales_manager",
            BuiltInRole::Seller => "seller",
            BuiltInRole::RestrictedSeller => "restricted_seller",
            BuiltInRole::ReadOnly => "read_only",
        }
    }

    /// Finds the built-in role with that key.
    pub fn find(key: &str) -> Option<BuiltInRole> {
        BuiltInRole::ALL.into_iter().find(|role| role.key() == key)
    }

    /// The administrator's grants are fixed, so that nobody locks everybody out.
    pub fn may_be_changed(self) -> bool {
        self != BuiltInRole::Administrator
    }

    /// What it grants when the workspace is made.
    pub fn role(self) -> Role {
        match self {
            BuiltInRole::Administrator => administrator(),
            BuiltInRole::SalesManager => granted(&SALES_MANAGER),
            BuiltInRole::Seller => granted(&SELLER),
            BuiltInRole::RestrictedSeller => restricted_seller(),
            BuiltInRole::ReadOnly => granted(&READ_ONLY),
        }
    }
}

fn administrator() -> Role {
    let mut role = Role::new();
    for object in Object::ALL {
        for &action in object.actions() {
            grant(&mut role, object, action, Scope::All);
        }
    }
    role
}

fn restricted_seller() -> Role {
    let mut role = granted(&RESTRICTED_SELLER);
    for object in [Object::Lead, Object::Account] {
        let named = [("annual_revenue", FieldRight::ReadOnly), ("score", FieldRight::Hidden)];
        let named = named.into_iter().map(|(field, right)| (field.to_owned(), right)).collect();
        role.set_fields(object, FieldRights { others: FieldRight::Editable, named });
    }
    role
}

fn granted(grants: &[Grants]) -> Role {
    let mut role = Role::new();
    for &(object, scopes) in grants {
        for (&action, letter) in Action::ALL.iter().zip(scopes.split(' ')) {
            let scope = match letter {
                "o" => Scope::Own,
                "t" => Scope::Territory,
                "a" => Scope::All,
                "-" => continue,
                other => unreachable!("{other} is no scope's letter"),
            };
            grant(&mut role, object, action, scope);
        }
    }
    role
}

fn grant(role: &mut Role, object: Object, action: Action, scope: Scope) {
    role.grant(object, action, scope).expect("the built-in roles grant what exists");
}

/// Scopes in the order of [`Action::ALL`]: view, create, edit, delete, assign, transfer, export, bulk;
/// `o` own, `t` territory, `a` all, `-` none.
type Grants = (Object, &'static str);

const SALES_MANAGER: [Grants; 23] = [
    (Object::Lead, "a a a a a a a a"),
    (Object::Contact, "a a a a a a a a"),
    (Object::Account, "a a a a a a a a"),
    (Object::Deal, "a a a a a a a a"),
    (Object::Activity, "a a a a - - a a"),
    (Object::Call, "a a - - - a a -"),
    (Object::Recording, "a - - - - - - -"),
    (Object::Report, "a a a a - - a -"),
    (Object::PeopleFigures, "a - - - - - a -"),
    (Object::Goal, "a a a a - - - -"),
    (Object::Territory, "a a a a - - - a"),
    (Object::Plan, "a a a a - - a -"),
    (Object::Rotation, "a - a - a - - -"),
    (Object::Number, "a a a a a - - -"),
    (Object::User, "a - - - - - - -"),
    (Object::Role, "a - - - - - - -"),
    (Object::Session, "o - - o - - - -"),
    (Object::Token, "o o o o - - - -"),
    (Object::Import, "a a a a - - - -"),
    (Object::Export, "a a a a - - - -"),
    (Object::View, "a a a a - - - -"),
    (Object::Field, "a a a - - - - -"),
    (Object::Settings, "a - - - - - - -"),
];

const SELLER: [Grants; 18] = [
    (Object::Lead, "t t o - o t o o"),
    (Object::Contact, "t t o - o t o o"),
    (Object::Account, "a t o - o t o o"),
    (Object::Deal, "t t o - o t o o"),
    (Object::Activity, "t t o o - - o -"),
    (Object::Call, "t t - - - t - -"),
    (Object::Recording, "o - - - - - - -"),
    (Object::Report, "t - - - - - o -"),
    (Object::PeopleFigures, "o - - - - - - -"),
    (Object::Goal, "t - - - - - - -"),
    (Object::Territory, "t - - - - - - -"),
    (Object::Number, "t - - - - - - -"),
    (Object::User, "t - - - - - - -"),
    (Object::Session, "o - - o - - - -"),
    (Object::Token, "o o o o - - - -"),
    (Object::Export, "o o o o - - - -"),
    (Object::View, "o o o o - - - -"),
    (Object::Field, "a - - - - - - -"),
];

const RESTRICTED_SELLER: [Grants; 15] = [
    (Object::Lead, "o o o - - o - -"),
    (Object::Contact, "o o o - - o - -"),
    (Object::Account, "o o o - - o - -"),
    (Object::Deal, "o o o - - o - -"),
    (Object::Activity, "o o o - - - - -"),
    (Object::Call, "o o - - - o - -"),
    (Object::Report, "o - - - - - - -"),
    (Object::PeopleFigures, "o - - - - - - -"),
    (Object::Goal, "o - - - - - - -"),
    (Object::Territory, "t - - - - - - -"),
    (Object::Number, "o - - - - - - -"),
    (Object::User, "o - - - - - - -"),
    (Object::Session, "o - - o - - - -"),
    (Object::View, "o o o o - - - -"),
    (Object::Field, "a - - - - - - -"),
];

const READ_ONLY: [Grants; 14] = [
    (Object::Lead, "t - - - - - - -"),
    (Object::Contact, "t - - - - - - -"),
    (Object::Account, "t - - - - - - -"),
    (Object::Deal, "t - - - - - - -"),
    (Object::Activity, "t - - - - - - -"),
    (Object::Call, "t - - - - - - -"),
    (Object::Report, "t - - - - - - -"),
    (Object::Goal, "t - - - - - - -"),
    (Object::Territory, "t - - - - - - -"),
    (Object::Number, "t - - - - - - -"),
    (Object::User, "t - - - - - - -"),
    (Object::Session, "o - - o - - - -"),
    (Object::View, "o o o o - - - -"),
    (Object::Field, "a - - - - - - -"),
];
