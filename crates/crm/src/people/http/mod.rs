//! Routes of people: set-up, session, sessions, tokens, users, absences, roles, workspace.

mod absences;
mod roles;
mod session;
mod setup;
mod tokens;
mod users;
mod workspace;

use crate::http::table::Table;

pub fn routes(table: Table) -> Table {
    let table = setup::routes(table);
    let table = session::routes(table);
    let table = tokens::routes(table);
    let table = users::routes(table);
    let table = absences::routes(table);
    let table = roles::routes(table);
    workspace::routes(table)
}
