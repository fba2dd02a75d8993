//! Roles as rows: what each grants, and who may give which.

use access::{BuiltInRole, Object, Role, Viewer};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use store::Tx;

use super::store::role;
use super::values;
use crate::error::{Error, Fault};

/// The rows of the roles that every workspace begins with.
///
/// # Errors
/// Where a role is no JSON, which would be a bug.
pub fn built_in(mut next_id: impl FnMut() -> Uuid) -> Result<Vec<role::ActiveModel>, Error> {
    let row = |built_in: BuiltInRole| {
        Ok(role::ActiveModel {
            workspace_id: NotSet,
            id: Set(next_id()),
            key: Set(built_in.key().to_owned()),
            detail: Set(serde_json::to_string(&built_in.role())?),
            is_built_in: Set(true),
        })
    };
    BuiltInRole::ALL.into_iter().map(row).collect()
}

/// All roles, the built-in ones first, in the order of their keys.
///
/// # Errors
/// Where the database refuses.
pub async fn all(tx: &Tx) -> Result<Vec<role::Model>, Error> {
    let select = tx.select::<role::Entity>();
    let select = select.order_by(Expr::col(role::Column::IsBuiltIn), Order::Desc);
    Ok(select.order_by(Expr::col(role::Column::Key), Order::Asc).all().await?)
}

/// What a row grants.
///
/// # Errors
/// Where it is no JSON of a role, which would be a bug.
pub fn grants(row: &role::Model) -> Result<Role, Error> {
    serde_json::from_str(&row.detail).map_err(|fault| Error::Bug(format!("role {}: {fault}", row.key)))
}

/// The built-in role of a row.
pub fn built_in_of(row: &role::Model) -> Option<BuiltInRole> {
    BuiltInRole::find(&row.key).filter(|_| row.is_built_in)
}

/// Finds a role by its key.
///
/// # Errors
/// [`Error::Invalid`] where the workspace has none of that key.
pub fn find<'r>(roles: &'r [role::Model], pointer: &str, key: &str) -> Result<&'r role::Model, Fault> {
    roles.iter().find(|role| role.key == key).ok_or_else(|| {
        let detail = format!("there is no such role; take one of {}", values::built_in_roles());
        Fault::new(pointer, "role_unknown", key, detail)
    })
}

/// Nobody gives, takes or governs a role that may more than they may themselves: whoever can edit users would
/// else be an administrator by two requests.
///
/// # Errors
/// [`Error::Denied`] where the role reaches further than the viewer.
pub fn at_most_own(viewer: &Viewer, row: &role::Model) -> Result<(), Error> {
    let role = grants(row)?;
    let exceeds = |object: Object| {
        object.actions().iter().any(|&action| role.scope(object, action) > viewer.scope(object, action))
    };
    if Object::ALL.into_iter().any(exceeds) {
        return Err(Error::Denied(format!("the role {} may do more than yours", row.key)));
    }
    Ok(())
}
