//! Territories, fields, rules and members through the router.

mod house;
mod tree;
mod viewers;
