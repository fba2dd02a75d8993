//! Routes of people: set-up, session, sessions, tokens, users, invitations, absences, roles, workspace.

mod absences;
mod invitations;
mod roles;
mod session;
mod setup;
mod tokens;
mod users;
mod workspace;

pub use invitations::InvitationLink;

use crate::http::table::Table;

pub fn routes(table: Table) -> Table {
    let table = setup::routes(table);
    let table = session::routes(table);
    let table = tokens::routes(table);
    let table = users::routes(table);
    let table = invitations::routes(table);
    let table = absences::routes(table);
    let table = roles::routes(table);
    workspace::routes(table)
}
