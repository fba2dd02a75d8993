//! States in time: a change ends the row that was valid and begins another, so that every past version
//! can be read again.
//! Uses: store (rows), versions.

use access::{Action, Task};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::IntoCondition;
use sea_orm::{ActiveModelBehavior, Condition, IntoActiveModel, Iterable};
use store::{Tied, Tx};

use super::store::{example, member, rule, territory};
use crate::error::Error;
use crate::versions::Version;

/// A table that holds a row per state.
pub trait Stateful: Tied {
    fn since() -> Self::Column;
    fn until() -> Self::Column;
    fn valid_to() -> Self::Column;
}

macro_rules! stateful {
    ($($module:ident)*) => {$(
        impl Stateful for $module::Entity {
            fn since() -> $module::Column {
                $module::Column::Since
            }

            fn until() -> $module::Column {
                $module::Column::Until
            }

            fn valid_to() -> $module::Column {
                $module::Column::ValidTo
            }
        }
    )*};
}

stateful!(territory rule member example);

/// Rows that are valid now.
pub fn now<E: Stateful>() -> Condition {
    Condition::all().add(E::until().is_null())
}

/// Rows that were valid under a version of the plan.
pub fn as_of<E: Stateful>(version: i64) -> Condition {
    let ended = Condition::any().add(E::until().is_null()).add(E::until().gt(version));
    Condition::all().add(E::since().lte(version)).add(ended)
}

/// Ends what is valid of the rows that match; what this very version has begun was never valid and goes.
///
/// # Errors
/// Where the database refuses.
pub async fn end<E: Stateful>(tx: &Tx, version: Version, which: impl IntoCondition) -> Result<(), Error> {
    let (task, which) = (tx.as_task(Task::Assignment), which.into_condition());
    let begun_now = Condition::all().add(E::since().eq(version.number)).add(which.clone());
    task.delete::<E>(begun_now).await?;
    task.update::<E>(Action::Edit)
        .set(E::until(), Expr::val(version.number))
        .set(E::valid_to(), Expr::val(version.at))
        .filter(now::<E>().add(which))
        .run()
        .await?;
    Ok(())
}

/// Begins the rows, which carry the version already.
///
/// # Errors
/// Where the database refuses.
pub async fn begin<A>(tx: &Tx, rows: Vec<<A::Entity as EntityTrait>::Model>) -> Result<(), Error>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    A::Entity: Stateful,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let rows = rows.into_iter().map(|row| all_set(row.into_active_model())).collect();
    Ok(tx.as_task(Task::Assignment).insert::<A>(rows).await?)
}

fn all_set<A: ActiveModelTrait>(mut row: A) -> A {
    for column in <A::Entity as EntityTrait>::Column::iter() {
        row.reset(column);
    }
    row
}
