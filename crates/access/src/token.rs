//! What an API token may be used for: part of what its owner may do, never more.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::object::{Action, Object};
use crate::permission::{Permission, PermissionFault};

/// Patterns, written with spaces between them: `lead.create`, `lead.*`, `*.view`, `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenScopes(BTreeSet<Pattern>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    object: Option<Object>,
    action: Option<Action>,
}

impl TokenScopes {
    /// Everything that the owner may do.
    pub fn everything() -> TokenScopes {
        TokenScopes(BTreeSet::from([Pattern { object: None, action: None }]))
    }

    pub fn allow(&self, object: Object, action: Action) -> bool {
        self.0.iter().any(|pattern| {
            pattern.object.is_none_or(|own| own == object) && pattern.action.is_none_or(|own| own == action)
        })
    }
}

impl FromStr for TokenScopes {
    type Err = PermissionFault;

    fn from_str(text: &str) -> Result<TokenScopes, PermissionFault> {
        let patterns: BTreeSet<Pattern> = text.split_whitespace().map(pattern).collect::<Result<_, _>>()?;
        if patterns.is_empty() { Err(PermissionFault(text.to_owned())) } else { Ok(TokenScopes(patterns)) }
    }
}

fn pattern(text: &str) -> Result<Pattern, PermissionFault> {
    let fault = || PermissionFault(text.to_owned());
    if text == "*" {
        return Ok(Pattern { object: None, action: None });
    }
    match text.split_once('.').ok_or_else(fault)? {
        ("*", name) => {
            let action = Action::ALL.into_iter().find(|action| action.name() == name).ok_or_else(fault)?;
            Ok(Pattern { object: None, action: Some(action) })
        }
        (name, "*") => {
            let object = Object::ALL.into_iter().find(|object| object.name() == name).ok_or_else(fault)?;
            Ok(Pattern { object: Some(object), action: None })
        }
        _ => match text.parse()? {
            Permission::To(object, action) => Ok(Pattern { object: Some(object), action: Some(action) }),
            Permission::Anyone | Permission::SignedIn => Err(fault()),
        },
    }
}

impl fmt::Display for TokenScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Pattern { object, action }) in self.0.iter().enumerate() {
            let space = if index > 0 { " " } else { "" };
            match (object, action) {
                (None, None) => write!(f, "{space}*")?,
                (object, action) => {
                    let object = object.map_or("*", Object::name);
                    let action = action.map_or("*", Action::name);
                    write!(f, "{space}{object}.{action}")?;
                }
            }
        }
        Ok(())
    }
}
