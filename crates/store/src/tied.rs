//! How a table is tied to people and territories, and the SQL that follows from it.

use access::{Object, Reach};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait};
use uuid::Uuid;

/// Where a table says who may see its rows.
#[derive(Clone, Copy, Debug)]
pub enum Tie<C> {
    /// Everybody in the workspace who has the permission: settings, roles, territories' names.
    Workspace,
    /// The columns of a record: its id, territory and owner; collaborators stand in their own table.
    Record { id: C, territory: C, owner: C },
    /// Rows that belong to a territory, seen by those who have access to it; the column holds its id.
    Territory(C),
    /// Rows that belong to a lead and are seen with it; the column holds its id.
    OfLead(C),
    /// Rows of one person: sessions, tokens. Others see them only with the scope *all*.
    Person(C),
}

/// An entity that says whose its rows are. One that does not cannot be read at all.
pub trait Tied: EntityTrait {
    /// The object whose permissions count for these rows.
    const OBJECT: Object;

    /// The column that names the workspace; first in every key.
    fn workspace() -> Self::Column;

    fn tie() -> Tie<Self::Column>;
}

/// The viewer's condition on a table.
pub(crate) fn condition<E: Tied>(reach: &Reach, workspace: Uuid) -> Condition {
    let (own, territories) = match reach {
        Reach::Everything => return Condition::all(),
        Reach::Nothing => return never(),
        Reach::Part { own, territories } => (*own, territories.as_slice()),
    };
    match E::tie() {
        Tie::Workspace => Condition::all(),
        Tie::Person(person) => own.map_or_else(never, |user| Condition::all().add(person.eq(user))),
        Tie::Record { id, territory, owner } => {
            let mut any = Condition::any();
            if let Some(user) = own {
                any = any.add(owner.eq(user)).add(id.in_subquery(shared_leads(workspace, user)));
            }
            if !territories.is_empty() {
                any = any.add(territory.is_in(territories.iter().copied()));
            }
            if any.is_empty() { never() } else { any }
        }
        Tie::Territory(_) if territories.is_empty() => never(),
        Tie::Territory(territory) => Condition::all().add(territory.is_in(territories.iter().copied())),
        Tie::OfLead(lead) => {
            Condition::all().add(lead.in_subquery(visible_leads(workspace, own, territories)))
        }
    }
}

fn never() -> Condition {
    Condition::any().add(Expr::val(1).eq(0))
}

/// The leads in which the user takes part.
fn shared_leads(workspace: Uuid, user: Uuid) -> SelectStatement {
    Query::select()
        .column(Alias::new("lead_id"))
        .from(Alias::new("lead_collaborator"))
        .and_where(Expr::col(Alias::new("workspace_id")).eq(workspace))
        .and_where(Expr::col(Alias::new("user_id")).eq(user))
        .to_owned()
}

fn visible_leads(workspace: Uuid, own: Option<Uuid>, territories: &[Uuid]) -> SelectStatement {
    let mut any = Condition::any();
    if let Some(user) = own {
        any = any
            .add(Expr::col(Alias::new("owner_id")).eq(user))
            .add(Expr::col(Alias::new("id")).in_subquery(shared_leads(workspace, user)));
    }
    if !territories.is_empty() {
        any = any.add(Expr::col(Alias::new("territory_id")).is_in(territories.iter().copied()));
    }
    if any.is_empty() {
        any = never();
    }
    Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("lead"))
        .and_where(Expr::col(Alias::new("workspace_id")).eq(workspace))
        .cond_where(any)
        .to_owned()
}

/// Ties an entity: `tied!(row, Object::User, Tie::Person(row::Column::UserId))`.
#[macro_export]
macro_rules! tied {
    ($module:ident, $object:expr, $tie:expr) => {
        impl $crate::Tied for $module::Entity {
            const OBJECT: access::Object = $object;

            fn workspace() -> $module::Column {
                $module::Column::WorkspaceId
            }

            fn tie() -> $crate::Tie<$module::Column> {
                $tie
            }
        }
    };
}
