//! A viewer: a user at work, with a role for the workspace and perhaps another in some territories.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::membership::Membership;
use crate::object::{Action, Object};
use crate::permission::Permission;
use crate::reach::{Level, Reach};
use crate::role::Role;
use crate::scope::{FieldRight, Scope};
use crate::token::TokenScopes;

/// What a record says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tie {
    pub territory: Option<Uuid>,
    pub owner: Option<Uuid>,
    pub collaborators: Vec<Uuid>,
}

impl Tie {
    /// Says whether the user owns the record or takes part in it.
    pub fn is_of(&self, user: Uuid) -> bool {
        self.owner == Some(user) || self.collaborators.contains(&user)
    }
}

/// Somebody who asks. Made anew for every request, so that rights taken away are gone with the next one.
#[derive(Clone, Debug)]
pub struct Viewer {
    user: Uuid,
    workspace: Uuid,
    role: Arc<Role>,
    territories: BTreeMap<Uuid, Here>,
}

/// What counts in a territory.
#[derive(Clone, Debug)]
struct Here {
    has_access: bool,
    role: Option<Arc<Role>>,
}

impl Viewer {
    /// `memberships` speak of every territory by itself, as [`spread`](crate::spread) makes them.
    pub fn new(
        user: Uuid,
        workspace: Uuid,
        role: Arc<Role>,
        memberships: impl IntoIterator<Item = Membership>,
    ) -> Viewer {
        let territories = memberships
            .into_iter()
            .map(|membership| {
                let Membership { territory, has_access, role, includes_children: _ } = membership;
                (territory, Here { has_access, role })
            })
            .collect();
        Viewer { user, workspace, role, territories }
    }

    /// The same person through an API token: no more than the token's scopes allow, in any territory.
    #[must_use]
    pub fn limited_to(&self, scopes: &TokenScopes) -> Viewer {
        let limited = |role: &Role| Arc::new(role.limited_to(|object, action| scopes.allow(object, action)));
        let territories = self.territories.iter().map(|(&territory, here)| {
            let role = here.role.as_deref().map(limited);
            (territory, Here { role, has_access: here.has_access })
        });
        Viewer { role: limited(&self.role), territories: territories.collect(), ..*self }
    }

    pub fn user(&self) -> Uuid {
        self.user
    }

    pub fn workspace(&self) -> Uuid {
        self.workspace
    }

    /// The territories whose records the viewer has access to, in the order of ids.
    pub fn territories(&self) -> impl Iterator<Item = Uuid> {
        self.territories.iter().filter(|(_, here)| here.has_access).map(|(&territory, _)| territory)
    }

    /// How far the workspace role grants the act. Territories may say otherwise: see [`Viewer::reach`].
    pub fn scope(&self, object: Object, action: Action) -> Scope {
        self.role.scope(object, action)
    }

    /// Says whether a route is open to the viewer at all: on at least some records of some territory.
    pub fn may(&self, permission: Permission) -> bool {
        match permission {
            Permission::Anyone | Permission::SignedIn => true,
            Permission::To(object, action) => self.reach(object, action) != Reach::Nothing,
        }
    }

    /// Says whether the viewer may see the record. If not, it does not exist for them.
    pub fn can_see(&self, object: Object, tie: &Tie) -> bool {
        self.can(object, Action::View, tie)
    }

    /// Says whether the viewer may do that to the record. Nothing can be done to what one may not see;
    /// for [`Action::Create`] the tie is that of the record to be.
    pub fn can(&self, object: Object, action: Action, tie: &Tie) -> bool {
        self.level(tie.territory, object, action).covers(tie, self.user)
    }

    /// All records for which [`Viewer::can`] is true.
    pub fn reach(&self, object: Object, action: Action) -> Reach {
        let elsewhere = self.level(None, object, action);
        let differing = self
            .territories
            .keys()
            .map(|&territory| (territory, self.level(Some(territory), object, action)))
            .filter(|&(_, level)| level != elsewhere);
        Reach::new(self.user, elsewhere, differing.collect())
    }

    /// What the viewer may do with a field of the record, apart from whether they may see or edit it.
    pub fn field_right(&self, object: Object, field: &str, tie: &Tie) -> FieldRight {
        self.role_in(tie.territory, object).field_right(object, field)
    }

    /// What the viewer may do with the field on every record they may see. Filters, sorting, sums and exports
    /// over many records need at least [`FieldRight::ReadOnly`] here: else they would tell of hidden values.
    pub fn field_right_everywhere(&self, object: Object, field: &str) -> FieldRight {
        let here = self.territories.keys().map(|&territory| Some(territory));
        std::iter::once(None)
            .chain(here)
            .filter(|&territory| self.level(territory, object, Action::View) != Level::Nothing)
            .map(|territory| self.role_in(territory, object).field_right(object, field))
            .min()
            .unwrap_or(FieldRight::Hidden)
    }

    fn role_in(&self, territory: Option<Uuid>, object: Object) -> &Role {
        let territory = territory.filter(|_| object.obeys_territory_roles());
        let here = territory.and_then(|territory| self.territories.get(&territory));
        here.and_then(|here| here.role.as_ref()).unwrap_or(&self.role)
    }

    fn level(&self, territory: Option<Uuid>, object: Object, action: Action) -> Level {
        let granted = self.granted(territory, object, action);
        match action {
            Action::View | Action::Create => granted,
            _ => granted.min(self.granted(territory, object, Action::View)),
        }
    }

    fn granted(&self, territory: Option<Uuid>, object: Object, action: Action) -> Level {
        let here = territory.and_then(|territory| self.territories.get(&territory));
        match self.role_in(territory, object).scope(object, action) {
            Scope::None => Level::Nothing,
            Scope::Own => Level::Own,
            Scope::Territory if here.is_some_and(|here| here.has_access) => Level::Whole,
            Scope::Territory => Level::Own,
            Scope::All => Level::Whole,
        }
    }
}
