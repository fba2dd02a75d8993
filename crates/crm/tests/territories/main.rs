//! Territories, fields, rules and members through the router.

mod house;
mod rules;
mod tree;
mod viewers;
