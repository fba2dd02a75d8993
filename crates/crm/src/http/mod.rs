//! The corridor to the web: routing, callers, answers. Knows no product rule.
//! Uses: every room's `http.rs`.

pub mod caller;
pub mod extract;
pub mod headers;
pub mod live;
pub mod once;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod routes;
pub mod shape;
pub mod table;
