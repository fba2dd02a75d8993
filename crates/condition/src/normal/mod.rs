//! Normal forms: text becomes a value once, at the door (API, form, import, `revier route`), and every
//! later part sees only the normal form.
//! Never touches a database or a clock; never drops a value without saying so.
//! Uses: field, fold, value, place.
//!
//! Reading order: [`reader`] (a row or a JSON object becomes a draft), [`draft`] (place completion and
//! facts), [`stored`] (the normal forms), then one file per kind of value.

pub mod address;
pub mod draft;
pub mod fault;
mod input;
pub mod number;
pub mod phone;
pub mod reader;
pub mod stored;
pub mod text;
pub mod time;

pub use draft::{Draft, Note, NoteKind};
pub use fault::{Code, Fault};
pub use phone::Phone;
pub use reader::Reader;
pub use stored::Stored;

use jiff::tz::TimeZone;
use place::Country;

use crate::value::Currency;

/// A line of text: a name, a company, a street.
pub const TEXT_CHARACTERS_MAX: usize = 500;
/// Notes and other texts of several lines.
pub const LONG_TEXT_CHARACTERS_MAX: usize = 50_000;
/// RFC 5321 allows no longer address.
pub const EMAIL_CHARACTERS_MAX: usize = 254;
pub const URL_CHARACTERS_MAX: usize = 2_048;
pub const POSTCODE_CHARACTERS_MAX: usize = 12;
/// A telephone number as written.
pub const PHONE_CHARACTERS_MAX: usize = 60;
/// E-mails, phones or requirements of one record.
pub const LIST_VALUES_MAX: usize = 50;
/// What a browser holds exactly is a little more.
pub const NUMBER_MAX: i64 = 1_000_000_000_000_000;
/// Decimals are kept in millionths.
pub const DECIMAL_DIGITS: u32 = 6;

/// How numbers and dates are written in text where the writing leaves a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `1.234,5` and `24.11.2026`.
    German,
    /// `1,234.5` and `11/24/2026`.
    English,
}

/// What reading a record depends on besides its catalogue.
#[derive(Clone, Debug)]
pub struct Context {
    /// Phones without a country code are dialled there, and postcodes and states of records without a
    /// country are looked for there.
    pub country: Option<Country>,
    pub notation: Notation,
    /// What an amount without currency means.
    pub currency: Currency,
    /// Where a date-time without offset was written.
    pub time_zone: TimeZone,
}

#[cfg(test)]
mod tests;
