//! What permissions speak of: objects and the acts that each of them knows.

use serde::{Deserialize, Serialize};

use crate::scope::Scope;

/// A kind of thing that a role grants acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    Lead,
    Contact,
    Account,
    Deal,
    Activity,
    Call,
    Recording,
    Report,
    /// Figures that compare people by name.
    PeopleFigures,
    Goal,
    /// The tree and its rules.
    Territory,
    /// Drafts, previews, applying.
    Plan,
    /// Who is a member, whose turn it is and why; the queue.
    Rotation,
    /// Phone numbers.
    Number,
    User,
    Role,
    Session,
    /// API tokens.
    Token,
    Import,
    Export,
    /// Saved views.
    View,
    /// Custom fields and choices.
    Field,
    Audit,
    Settings,
}

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    View,
    Create,
    Edit,
    Delete,
    /// Give to another owner.
    Assign,
    /// Pass on a call, with its record.
    Transfer,
    Export,
    /// Change many at once.
    Bulk,
}

impl Object {
    pub const ALL: [Object; 24] = [
        Object::Lead,
        Object::Contact,
        Object::Account,
        Object::Deal,
        Object::Activity,
        Object::Call,
        Object::Recording,
        Object::Report,
        Object::PeopleFigures,
        Object::Goal,
        Object::Territory,
        Object::Plan,
        Object::Rotation,
        Object::Number,
        Object::User,
        Object::Role,
        Object::Session,
        Object::Token,
        Object::Import,
        Object::Export,
        Object::View,
        Object::Field,
        Object::Audit,
        Object::Settings,
    ];

    /// The name in JSON, in permissions and in documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Object::Lead => "lead",
            Object::Contact => "contact",
            Object::Account => "account",
            Object::Deal => "deal",
            Object::Activity => "activity",
            Object::Call => "call",
            Object::Recording => "recording",
            Object::Report => "report",
            Object::PeopleFigures => "people_figures",
            Object::Goal => "goal",
            Object::Territory => "territory",
            Object::Plan => "plan",
            Object::Rotation => "rotation",
            Object::Number => "number",
            Object::User => "user",
            Object::Role => "role",
            Object::Session => "session",
            Object::Token => "token",
            Object::Import => "import",
            Object::Export => "export",
            Object::View => "view",
            Object::Field => "field",
            Object::Audit => "audit",
            Object::Settings => "settings",
        }
    }

    /// The acts that make sense on it; a role cannot grant others.
    pub const fn actions(self) -> &'static [Action] {
        use Action::{Assign, Bulk, Create, Delete, Edit, Export, Transfer, View};
        match self {
            Object::Lead | Object::Contact | Object::Account | Object::Deal => &Action::ALL,
            Object::Activity => &[View, Create, Edit, Delete, Export, Bulk],
            Object::Call => &[View, Create, Delete, Transfer, Export],
            Object::Recording => &[View, Delete, Export],
            Object::Report => &[View, Create, Edit, Delete, Export],
            Object::PeopleFigures | Object::Audit => &[View, Export],
            Object::Territory => &[View, Create, Edit, Delete, Bulk],
            Object::Plan => &[View, Create, Edit, Delete, Export],
            Object::Rotation => &[View, Edit, Assign],
            Object::Number => &[View, Create, Edit, Delete, Assign],
            Object::User => &[View, Create, Edit, Delete, Bulk],
            Object::Session => &[View, Delete],
            Object::Goal
            | Object::Role
            | Object::Token
            | Object::Import
            | Object::Export
            | Object::View
            | Object::Field => &[View, Create, Edit, Delete],
            Object::Settings => &[View, Edit],
        }
    }

    /// How far a grant on it can reach, narrowest first.
    pub const fn scopes(self) -> &'static [Scope] {
        use Scope::{All, None, Own, Territory};
        match self {
            Object::Plan | Object::Role | Object::Field | Object::Audit | Object::Settings => &[None, All],
            Object::Session | Object::Token | Object::Import | Object::Export | Object::View => {
                &[None, Own, All]
            }
            Object::Territory | Object::Rotation => &[None, Territory, All],
            _ => &[None, Own, Territory, All],
        }
    }

    /// Whether a role in a territory counts for it. What belongs to the whole workspace (users, roles, settings)
    /// or to one person (sessions, tokens, views) obeys the workspace role alone, so that an administrator of
    /// one territory administers nothing else.
    pub const fn obeys_territory_roles(self) -> bool {
        match self {
            Object::Lead
            | Object::Contact
            | Object::Account
            | Object::Deal
            | Object::Activity
            | Object::Call
            | Object::Recording
            | Object::Report
            | Object::PeopleFigures
            | Object::Goal
            | Object::Territory
            | Object::Rotation
            | Object::Number => true,
            Object::Plan
            | Object::User
            | Object::Role
            | Object::Session
            | Object::Token
            | Object::Import
            | Object::Export
            | Object::View
            | Object::Field
            | Object::Audit
            | Object::Settings => false,
        }
    }

    pub fn knows(self, action: Action) -> bool {
        self.actions().contains(&action)
    }
}

impl Action {
    pub const ALL: [Action; 8] = [
        Action::View,
        Action::Create,
        Action::Edit,
        Action::Delete,
        Action::Assign,
        Action::Transfer,
        Action::Export,
        Action::Bulk,
    ];

    /// The name in JSON, in permissions and in documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Action::View => "view",
            Action::Create => "create",
            Action::Edit => "edit",
            Action::Delete => "delete",
            Action::Assign => "assign",
            Action::Transfer => "transfer",
            Action::Export => "export",
            Action::Bulk => "bulk",
        }
    }
}
