//! Leads: prospects not yet qualified; each finds its territory and its seller by itself.
//! Never places or rotates by itself: that is `assignment`.
//! Uses: people, fields, territories, assignment, outbox, trail.

pub mod arrivals;
pub mod batch;
pub mod collaborators;
pub mod columns;
pub mod create;
pub mod edit;
pub mod facts;
pub mod field_rights;
pub mod history;
pub mod http;
pub mod known;
pub mod leaving;
pub mod list;
pub mod listed;
pub mod load;
mod placed;
pub mod queue;
pub mod release;
pub mod ring;
pub mod row;
pub mod store;
pub mod view;
pub mod why;
