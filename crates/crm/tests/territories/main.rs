//! Territories, fields, rules and members through the router.

mod access;
mod house;
mod rules;
mod tree;
mod viewers;
