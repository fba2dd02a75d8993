//! Condition: the one language of rules, filters, views, reports and webhooks.
//! Never touches a database, a clock or a runtime; `now` is an argument.
//! Uses: place (countries, states, postcodes, points).
//!
//! Reading order: [`field`] (what a record has), [`value`] (normal forms that are compared),
//! [`tree`] (criteria and groups).

pub mod field;
pub mod tree;
pub mod value;

pub use field::{Catalog, Choice, Field, FieldId, Kind};
pub use tree::{Condition, Criterion, Test};
pub use value::{Currency, Facts, Interval, PhoneFact, Point, Value};
