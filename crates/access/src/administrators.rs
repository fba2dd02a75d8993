//! At least one active administrator always remains, or nobody could let anybody in again.

use uuid::Uuid;

use crate::built_in::BuiltInRole;

/// What counts of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    pub user: Uuid,
    pub is_active: bool,
    /// The workspace role, where it is a built-in one. Roles in territories make nobody an administrator.
    pub role: Option<BuiltInRole>,
}

/// What is about to be done to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Deactivate(Uuid),
    Delete(Uuid),
    GiveRole(Uuid, Option<BuiltInRole>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this would leave the workspace without an active administrator; make somebody else administrator first"
)]
pub struct LastAdministrator;

/// Checks all changes of one request together, in their order. A workspace that has no active administrator
/// already is not kept from anything: no change can make it worse.
///
/// # Errors
/// Where after the changes no active administrator would be left.
pub fn an_administrator_remains(people: &[Person], changes: &[Change]) -> Result<(), LastAdministrator> {
    let mut after = people.to_vec();
    for &change in changes {
        match change {
            Change::Delete(user) => after.retain(|person| person.user != user),
            Change::Deactivate(user) => {
                after
                    .iter_mut()
                    .filter(|person| person.user == user)
                    .for_each(|person| person.is_active = false);
            }
            Change::GiveRole(user, role) => {
                after.iter_mut().filter(|person| person.user == user).for_each(|person| person.role = role);
            }
        }
    }
    if people.iter().any(administers) && !after.iter().any(administers) {
        return Err(LastAdministrator);
    }
    Ok(())
}

fn administers(person: &Person) -> bool {
    person.is_active && person.role == Some(BuiltInRole::Administrator)
}
