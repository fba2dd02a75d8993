//! Territories: the tree, its rules and members, each in versions; publishes the rule book.
//! Never touches a record: what becomes of records is for the rooms below to carry out.
//! Uses: people, versions, trail.

pub mod atlas;
pub mod book;
pub mod differing;
pub mod edit;
pub mod faults;
pub mod hold;
pub mod http;
pub mod matched;
pub mod members;
pub mod palette;
pub mod pause;
pub mod plan;
pub mod recognition;
pub mod rules;
pub mod states;
pub mod store;
pub mod tree;
pub mod viewers;
