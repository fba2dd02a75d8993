//! People: the workspace and its settings, users, sign-in, sessions, tokens, roles, absences.
//! Never decides what somebody may see: that is `access`.
//! Uses: trail.

pub mod absence;
pub mod email;
pub mod http;
pub mod invitation;
pub mod leaving;
pub mod mine;
pub mod password;
pub mod rate;
pub mod role;
pub mod secret;
pub mod session;
pub mod setup;
pub mod sign_in;
pub mod store;
#[cfg(test)]
mod tests;
pub mod token;
pub mod user;
pub mod values;
pub mod workspace;
