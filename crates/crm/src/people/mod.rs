//! People: users, sign-in, sessions, tokens, roles, absences.
//! Never decides what somebody may see: that is `access`.
//! Uses: trail.

pub mod http;
pub mod password;
pub mod secret;
pub mod sign_in;
pub mod store;
