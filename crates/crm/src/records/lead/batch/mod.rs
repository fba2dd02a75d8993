//! Batches: many leads changed at once, weighed before, carried out step by step, undone as a whole.
//! Never touches a lead that somebody has set by hand, and never overwrites what has changed since.
//! Uses: territories (rules, book), assignment, edit.

pub mod begin;
pub mod carry;
pub mod intended;
pub mod store;
pub mod undo;
pub mod weigh;
