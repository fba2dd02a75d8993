//! A role: what it grants on which object, and what it may do with each field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::object::{Action, Object};
use crate::scope::{FieldRight, Scope};

/// Grants and field rights; name and id are the row's. Stored as JSON in a stable order:
/// `{"grants": {"lead": {"view": "territory"}}, "fields": {"lead": {"*": "editable", "score": "hidden"}}}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Role {
    grants: BTreeMap<(Object, Action), Scope>,
    fields: BTreeMap<Object, FieldRights>,
}

/// The rights on the fields of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRights {
    /// Fields that are not named, those of the future too.
    pub others: FieldRight,
    /// By API name: `annual_revenue`, `custom.machine_count`.
    pub named: BTreeMap<String, FieldRight>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleFault {
    #[error("role: {object}.{action} does not exist; {object} knows {known}")]
    NoSuchAction { object: &'static str, action: &'static str, known: String },
    #[error("role: {object}.{action} cannot reach as far as \"{scope}\"; {object} knows {known}")]
    NoSuchScope { object: &'static str, action: &'static str, scope: &'static str, known: String },
}

impl Role {
    /// Grants nothing, and hides no field of what it does not show.
    pub fn new() -> Role {
        Role::default()
    }

    /// Grants the act as far as the scope; [`Scope::None`] takes it away.
    ///
    /// # Errors
    /// Where the object does not know the act, or the act cannot reach that far.
    pub fn grant(&mut self, object: Object, action: Action, scope: Scope) -> Result<(), RoleFault> {
        if !object.knows(action) {
            let known = listed(object.actions().iter().map(|action| action.name()));
            return Err(RoleFault::NoSuchAction { object: object.name(), action: action.name(), known });
        }
        if !object.scopes().contains(&scope) {
            let known = listed(object.scopes().iter().map(|scope| scope.name()));
            let (object, action, scope) = (object.name(), action.name(), scope.name());
            return Err(RoleFault::NoSuchScope { object, action, scope, known });
        }
        match scope {
            Scope::None => self.grants.remove(&(object, action)),
            granted => self.grants.insert((object, action), granted),
        };
        Ok(())
    }

    /// How far the act is granted.
    pub fn scope(&self, object: Object, action: Action) -> Scope {
        self.grants.get(&(object, action)).copied().unwrap_or_default()
    }

    /// What may be done with the field, by its API name; editable where the role says nothing.
    pub fn field_right(&self, object: Object, field: &str) -> FieldRight {
        self.fields.get(&object).map_or(FieldRight::Editable, |rights| rights.right(field))
    }

    /// Says what may be done with the fields of an object.
    pub fn set_fields(&mut self, object: Object, rights: FieldRights) {
        let FieldRights { others, mut named } = rights;
        named.retain(|_, right| *right != others);
        if named.is_empty() && others == FieldRight::Editable {
            self.fields.remove(&object);
        } else {
            self.fields.insert(object, FieldRights { others, named });
        }
    }

    /// The role without the grants that `keeps` refuses.
    pub fn limited_to(&self, keeps: impl Fn(Object, Action) -> bool) -> Role {
        let mut limited = self.clone();
        limited.grants.retain(|&(object, action), _| keeps(object, action));
        limited
    }
}

impl FieldRights {
    fn right(&self, field: &str) -> FieldRight {
        self.named.get(field).copied().unwrap_or(self.others)
    }
}

fn listed(names: impl Iterator<Item = &'static str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// The JSON form. What is not granted is left out.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    grants: BTreeMap<Object, BTreeMap<Action, Scope>>,
    #[serde(default)]
    fields: BTreeMap<Object, BTreeMap<String, FieldRight>>,
}

const OTHERS: &str = "*";

impl TryFrom<Written> for Role {
    type Error = RoleFault;

    fn try_from(Written { grants, fields }: Written) -> Result<Role, RoleFault> {
        let mut role = Role::new();
        for (object, actions) in grants {
            for (action, scope) in actions {
                role.grant(object, action, scope)?;
            }
        }
        for (object, mut named) in fields {
            let others = named.remove(OTHERS).unwrap_or(FieldRight::Editable);
            role.set_fields(object, FieldRights { others, named });
        }
        Ok(role)
    }
}

impl From<Role> for Written {
    fn from(Role { grants, fields }: Role) -> Written {
        let mut written = Written { grants: BTreeMap::new(), fields: BTreeMap::new() };
        for ((object, action), scope) in grants {
            written.grants.entry(object).or_default().insert(action, scope);
        }
        for (object, FieldRights { others, mut named }) in fields {
            named.insert(OTHERS.to_owned(), others);
            written.fields.insert(object, named);
        }
        written
    }
}
