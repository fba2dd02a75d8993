//! How far a grant reaches, and what may be done with a field.

use serde::{Deserialize, Serialize};

/// On which records an act is granted, narrowest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    #[default]
    None,
    /// Those that one owns or takes part in as a collaborator.
    Own,
    /// Those of the territories in which one has access, and one's own.
    Territory,
    /// Every one, also those without territory.
    All,
}

impl Scope {
    pub const ALL: [Scope; 4] = [Scope::None, Scope::Own, Scope::Territory, Scope::All];

    pub const fn name(self) -> &'static str {
        match self {
            Scope::None => "none",
            Scope::Own => "own",
            Scope::Territory => "territory",
            Scope::All => "all",
        }
    }
}

/// What a role may do with a field of the records it sees, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldRight {
    /// The field does not exist: not in answers, filters, sorting, exports or error messages.
    Hidden,
    ReadOnly,
    Editable,
}

impl FieldRight {
    pub const ALL: [FieldRight; 3] = [FieldRight::Hidden, FieldRight::ReadOnly, FieldRight::Editable];

    pub const fn name(self) -> &'static str {
        match self {
            FieldRight::Hidden => "hidden",
            FieldRight::ReadOnly => "read_only",
            FieldRight::Editable => "editable",
        }
    }
}
