//! Condition: the one language of rules, filters, views, reports and webhooks.
//! Never touches a database, a clock or a runtime; `now` is an argument.
//! Uses: place (countries, states, postcodes, points).
//!
//! Reading order: [`field`] and [`standard`] (what a record has), [`value`] (normal forms that are
//! compared), [`tree`] (criteria and groups), [`circle`] and [`money`] (what two of them work out),
//! [`evaluate`] and [`explain`] (whether a condition holds, and why), `truth` (from a part of the facts),
//! [`operator`] and [`parse`] (the door, and back to JSON), [`fault`] (what it refuses), [`postcodes`]
//! (postcodes as text), [`say`] (conditions as sentences).

mod as_json;
pub mod circle;
pub mod evaluate;
pub mod explain;
pub mod fault;
mod fault_words;
pub mod field;
pub mod fold;
#[cfg(feature = "generate")]
pub mod generate;
pub mod money;
pub mod normal;
pub mod operator;
pub mod parse;
pub mod pattern;
pub mod postcodes;
pub mod say;
pub mod standard;
pub mod tree;
mod truth;
pub mod value;

pub use circle::{Around, Circle, Circles, Middle};
pub use explain::{By, Reason};
pub use fault::{Code, Fault};
pub use field::{Catalog, Choice, Field, FieldId, Kind};
pub use fold::fold;
pub use money::{MoneyBound, MoneyBounds, Rates};
pub use operator::Operator;
pub use parse::{Door, Parsed, Purpose};
pub use say::{Language, Sentence, Speaker, Written};
pub use tree::{Condition, Criterion, PostcodeRange, Test, Values};
pub use value::{Currency, Facts, Interval, PhoneFact, Point, Value};
