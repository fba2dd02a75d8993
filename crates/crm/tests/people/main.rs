//! People, their way in, the settings and the log, through the whole router on both databases.

mod absences;
mod audit;
mod chain;
mod house;
mod invitations;
mod leaving;
mod password;
mod rates;
mod roles;
mod session;
mod setup;
mod sign_in;
mod tokens;
mod twins;
mod users;
mod workspace;
