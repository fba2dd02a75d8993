//! How a table is tied to people and territories, and the SQL that follows from it.

use access::{Level, Object, Reach};
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
    match reach {
        Reach::Everything => return Condition::all(),
        Reach::Nothing => return never(),
        Reach::Part { .. } | Reach::Uneven { .. } => {}
    }
    match E::tie() {
        Tie::Workspace => Condition::all(),
        Tie::Person(person) => persons(reach, person),
        Tie::Record { id, territory, owner } => {
            let [id, territory, owner] =
                [id, territory, owner].map(|column| Expr::col(column.as_column_ref()));
            records(reach, workspace, &Record { id, territory, owner })
        }
        Tie::Territory(territory) => territories(reach, &Expr::col(territory.as_column_ref())),
        Tie::OfLead(lead) => Condition::all().add(lead.in_subquery(visible_leads(reach, workspace))),
    }
}

/// What a viewer may see of a table, for reads.
pub(crate) struct Visible {
    pub whole: Condition,
    /// The same in parts that no row shares and each of which an index answers.
    pub parts: Vec<Condition>,
    /// Nearly all rows, so that reading them in order soon finds enough.
    pub is_most: bool,
}

impl Visible {
    pub(crate) fn everything() -> Visible {
        Visible { whole: Condition::all(), parts: vec![Condition::all()], is_most: true }
    }

    pub(crate) fn of<E: Tied>(reach: &Reach, workspace: Uuid) -> Visible {
        let whole = condition::<E>(reach, workspace);
        let parts = match E::tie() {
            Tie::Record { id, territory, owner } => {
                let [id, territory, owner] =
                    [id, territory, owner].map(|column| Expr::col(column.as_column_ref()));
                records_in_parts(reach, workspace, &Record { id, territory, owner })
            }
            _ => vec![whole.clone()],
        };
        let is_most = matches!(reach, Reach::Everything | Reach::Uneven { elsewhere: Level::Whole, .. });
        Visible { whole, parts, is_most }
    }
}

/// The columns that tie a record, as they are called in the statement.
struct Record {
    id: Expr,
    territory: Expr,
    owner: Expr,
}

impl Record {
    /// Owned by the user, or shared with them.
    fn is_of(&self, user: Uuid, workspace: Uuid) -> Condition {
        Condition::any()
            .add(self.owner.clone().eq(user))
            .add(self.id.clone().in_subquery(shared_leads(workspace, user)))
    }
}

fn never() -> Condition {
    Condition::any().add(Expr::val(1).eq(0))
}

/// Rows of a person stand in no territory: only what counts elsewhere counts.
fn persons<C: ColumnTrait>(reach: &Reach, person: C) -> Condition {
    match reach {
        Reach::Everything | Reach::Uneven { elsewhere: Level::Whole, .. } => Condition::all(),
        Reach::Part { own: Some(user), .. } | Reach::Uneven { user, elsewhere: Level::Own, .. } => {
            Condition::all().add(person.eq(*user))
        }
        Reach::Nothing | Reach::Part { own: None, .. } | Reach::Uneven { elsewhere: Level::Nothing, .. } => {
            never()
        }
    }
}

/// Rows of a territory are nobody's own: only whole territories count.
fn territories(reach: &Reach, territory: &Expr) -> Condition {
    match reach {
        Reach::Everything => Condition::all(),
        Reach::Nothing => never(),
        Reach::Part { territories, .. } => within(territory, territories.iter().copied()),
        Reach::Uneven { elsewhere, territories, .. } => {
            let any = Condition::any().add(within(territory, at(territories, Level::Whole)));
            if *elsewhere == Level::Whole { any.add(outside(territory, territories)) } else { any }
        }
    }
}

fn records(reach: &Reach, workspace: Uuid, record: &Record) -> Condition {
    match reach {
        Reach::Everything => Condition::all(),
        Reach::Nothing => never(),
        Reach::Part { own, territories } => {
            let any = Condition::any().add(within(&record.territory, territories.iter().copied()));
            own.map_or(any.clone(), |user| any.add(record.is_of(user, workspace)))
        }
        Reach::Uneven { user, elsewhere, territories } => {
            let is_own = || record.is_of(*user, workspace);
            let own_there = within(&record.territory, at(territories, Level::Own));
            let whole_there = within(&record.territory, at(territories, Level::Whole));
            let any = Condition::any().add(whole_there).add(Condition::all().add(own_there).add(is_own()));
            let outside = outside(&record.territory, territories);
            match elsewhere {
                Level::Nothing => any,
                Level::Own => any.add(Condition::all().add(outside).add(is_own())),
                Level::Whole => any.add(outside),
            }
        }
    }
}

/// Whole territories, then what the user owns beside them, then what is shared with them beside both.
fn records_in_parts(reach: &Reach, workspace: Uuid, record: &Record) -> Vec<Condition> {
    let territory = &record.territory;
    let mut parts = Vec::new();
    let (user, whole, beside) = match reach {
        Reach::Everything => return vec![Condition::all()],
        Reach::Nothing => return vec![never()],
        Reach::Part { own, territories } => (*own, territories.clone(), not_in(territory, territories)),
        Reach::Uneven { user, elsewhere, territories } => {
            let whole: Vec<Uuid> = at(territories, Level::Whole).collect();
            let own: Vec<Uuid> = at(territories, Level::Own).collect();
            let others: Vec<Uuid> = territories.iter().map(|&(territory, _)| territory).collect();
            let beside = match elsewhere {
                Level::Own => {
                    let others: Vec<Uuid> = others.into_iter().filter(|at| !own.contains(at)).collect();
                    not_in(territory, &others)
                }
                Level::Nothing => within(territory, own.into_iter()),
                Level::Whole => {
                    parts.push(not_in(territory, &others));
                    within(territory, own.into_iter())
                }
            };
            (Some(*user), whole, beside)
        }
    };
    if !whole.is_empty() {
        parts.push(within(territory, whole.into_iter()));
    }
    if let Some(user) = user {
        let (id, owner) = (&record.id, &record.owner);
        let others = Condition::any().add(owner.clone().is_null()).add(owner.clone().ne(user));
        let shared = Condition::all().add(id.clone().in_subquery(shared_leads(workspace, user))).add(others);
        parts.push(Condition::all().add(owner.clone().eq(user)).add(beside.clone()));
        parts.push(shared.add(beside));
    }
    if parts.is_empty() { vec![never()] } else { parts }
}

fn at(territories: &[(Uuid, Level)], level: Level) -> impl Iterator<Item = Uuid> {
    territories.iter().filter(move |(_, here)| *here == level).map(|&(territory, _)| territory)
}

fn within(territory: &Expr, territories: impl Iterator<Item = Uuid>) -> Condition {
    let territories: Vec<Uuid> = territories.collect();
    if territories.is_empty() { never() } else { Condition::all().add(territory.clone().is_in(territories)) }
}

fn outside(territory: &Expr, territories: &[(Uuid, Level)]) -> Condition {
    let listed: Vec<Uuid> = territories.iter().map(|&(territory, _)| territory).collect();
    not_in(territory, &listed)
}

/// In none of them, or without territory.
fn not_in(territory: &Expr, territories: &[Uuid]) -> Condition {
    let listed = territories.iter().copied();
    Condition::any().add(territory.clone().is_null()).add(territory.clone().is_not_in(listed))
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

fn visible_leads(reach: &Reach, workspace: Uuid) -> SelectStatement {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let record = Record { id: column("id"), territory: column("territory_id"), owner: column("owner_id") };
    Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("lead"))
        .and_where(column("workspace_id").eq(workspace))
        .cond_where(records(reach, workspace, &record))
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

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::sea_query::SqliteQueryBuilder;

    fn condition(reach: &Reach) -> String {
        let column = |name: &'static str| Expr::col(Alias::new(name));
        let record =
            Record { id: column("id"), territory: column("territory_id"), owner: column("owner_id") };
        let mut select = Query::select();
        select.cond_where(records(reach, Uuid::nil(), &record));
        let sql = select.to_string(SqliteQueryBuilder).replace('"', "");
        let sql =
            (0..=9).fold(sql, |sql, n| sql.replace(&format!("'{}'", Uuid::from_u128(n)), &n.to_string()));
        let shared = "SELECT lead_id FROM lead_collaborator WHERE workspace_id = 0 AND user_id = 7";
        sql.replace(shared, "SHARED").replace("SELECT  WHERE ", "").to_owned()
    }

    #[test]
    fn an_uneven_reach_names_each_territory_that_differs() {
        let [north, south, west, user] = [1, 2, 3, 7].map(Uuid::from_u128);
        let territories = vec![(north, Level::Nothing), (south, Level::Own), (west, Level::Whole)];
        let own = "owner_id = 7 OR id IN (SHARED)";
        let there = format!("territory_id IN (3) OR (territory_id IN (2) AND ({own}))");
        let outside = "territory_id IS NULL OR territory_id NOT IN (1, 2, 3)";
        let cases = [
            (Level::Nothing, there.clone()),
            (Level::Own, format!("{there} OR (({outside}) AND ({own}))")),
            (Level::Whole, format!("{there} OR ({outside})")),
        ];
        for (elsewhere, expected) in cases {
            let reach = Reach::Uneven { user, elsewhere, territories: territories.clone() };
            assert_eq!(condition(&reach), expected);
        }
        let part = Reach::Part { own: Some(user), territories: vec![north, south] };
        assert_eq!(condition(&part), format!("territory_id IN (1, 2) OR ({own})"));
    }
}
