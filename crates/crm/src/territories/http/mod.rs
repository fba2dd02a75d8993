//! Routes of territories: the tree, rules, members, the plan as a file.

mod conditions;
mod members;
mod rules;
mod tree;

use crate::http::table::Table;

pub fn routes(table: Table) -> Table {
    let table = members::routes(tree::routes(table));
    conditions::routes(rules::routes(table))
}
