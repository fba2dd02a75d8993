//! What a route asks of its caller.

use std::fmt;
use std::str::FromStr;

use crate::object::{Action, Object};

/// A route's required permission; written `anyone`, `signed_in` or `lead.create`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Also who is not signed in.
    Anyone,
    /// Every user, whatever the role: one's own session, password, settings.
    SignedIn,
    /// Whoever may do that to at least some; to which, the statements decide.
    To(Object, Action),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no permission; write object and act, like lead.view")]
pub struct PermissionFault(pub String);

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Permission::Anyone => f.write_str("anyone"),
            Permission::SignedIn => f.write_str("signed_in"),
            Permission::To(object, action) => write!(f, "{}.{}", object.name(), action.name()),
        }
    }
}

impl FromStr for Permission {
    type Err = PermissionFault;

    fn from_str(text: &str) -> Result<Permission, PermissionFault> {
        let fault = || PermissionFault(text.to_owned());
        match text {
            "anyone" => return Ok(Permission::Anyone),
            "signed_in" => return Ok(Permission::SignedIn),
            _ => {}
        }
        let (object, action) = text.split_once('.').ok_or_else(fault)?;
        let object = Object::ALL.into_iter().find(|known| known.name() == object).ok_or_else(fault)?;
        let action = Action::ALL.into_iter().find(|known| known.name() == action).ok_or_else(fault)?;
        if object.knows(action) { Ok(Permission::To(object, action)) } else { Err(fault()) }
    }
}
