//! Routes of territories: the tree, rules, members, the plan as a file.

mod members;
mod tree;

use crate::http::table::Table;

pub fn routes(table: Table) -> Table {
    members::routes(tree::routes(table))
}
