//! Territories, fields, rules and members through the router.

mod access;
mod atlas;
mod batches;
mod book;
mod fields;
mod choices;
mod house;
mod plan;
mod rates;
mod reads;
mod ring;
mod rules;
mod tree;
mod viewers;
