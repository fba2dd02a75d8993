//! Routes of territories: the tree, rules, members, the plan as a file.

mod atlas;
pub(crate) mod conditions;
mod invitations;
mod members;
mod plan;
mod rules;
mod tree;

use crate::http::table::Table;

pub fn routes(table: Table) -> Table {
    let table = invitations::routes(members::routes(atlas::routes(tree::routes(table))));
    plan::routes(conditions::routes(rules::routes(table)))
}
