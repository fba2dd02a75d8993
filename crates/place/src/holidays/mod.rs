//! Public holidays of Germany, Austria, Switzerland and the United States, computed by rule.
//! Never reads a clock. Leaves out what holds only in some municipalities or districts; each country's file
//! says what that is.
//!
//! Reading order: [`calendar`] (days and Easter), [`rule`] (how a holiday recurs), then a table per country.

mod austria;
mod calendar;
mod germany;
mod rule;
mod switzerland;
mod usa;

use std::ops::RangeInclusive;

use crate::{Country, State};

pub use calendar::{day, easter};

/// The years that the tables know the rules of.
pub const YEARS: RangeInclusive<i32> = 1990..=2100;

/// A day on which most people of a state do not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// Days since 1970-01-01.
    pub day: i64,
    pub name_en: &'static str,
    pub name_de: &'static str,
}

/// Returns the countries whose holidays are known.
pub fn countries() -> impl Iterator<Item = Country> {
    ["AT", "CH", "DE", "US"].into_iter().filter_map(Country::by_code)
}

/// Returns the holidays of a year by day: those of the whole country, and with a state its own. Other
/// countries, and years outside of [`YEARS`], have none.
pub fn of(country: Country, state: Option<State>, year: i32) -> Vec<Holiday> {
    if !YEARS.contains(&year) {
        return Vec::new();
    }
    let state = state.filter(|state| state.country() == country).map_or("", |state| &state.code()[3..]);
    let mut holidays = match country.code() {
        "DE" => rule::apply(germany::RULES, year, state),
        "AT" => rule::apply(austria::RULES, year, state),
        "CH" => rule::apply(switzerland::RULES, year, state),
        "US" => usa::holidays(year),
        _ => Vec::new(),
    };
    holidays.sort_unstable();
    holidays
}

/// Returns the holiday that a day (since 1970-01-01) is, if it is one.
pub fn on(country: Country, state: Option<State>, day: i64) -> Option<Holiday> {
    of(country, state, calendar::year_of(day)).into_iter().find(|holiday| holiday.day == day)
}

#[cfg(test)]
mod tests;
