//! Places: countries, states and postcodes for pickers, by German and English names.
//! Never holds data of its own: it asks the crate `place`.
//! Uses: nothing.

pub mod http;
