//! How a holiday recurs, and where.

use std::ops::RangeInclusive;

use super::Holiday;
use super::calendar::{MONDAY, SUNDAY, THURSDAY, WEDNESDAY, day, easter, last_before, nth, weekday};

/// When a holiday falls.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// Month and day.
    Date(i32, i32),
    /// Month and day, if that is one of the weekdays (Monday is 0).
    DateOn(i32, i32, &'static [i64]),
    /// Days after Easter Sunday.
    Easter(i64),
    /// Wednesday before 23 November.
    Repentance,
    /// First Thursday of April, a week later where that is Maundy Thursday.
    Naefels,
    /// Thursday after the first Sunday of September.
    GenevaFast,
    /// Monday after the third Sunday of September.
    FederalFastMonday,
}

/// One holiday of a country.
#[derive(Clone, Debug)]
pub struct Rule {
    pub when: When,
    pub years: RangeInclusive<i32>,
    /// Codes of states without the country; all where there are none.
    pub states: &'static [&'static str],
    pub name_en: &'static str,
    pub name_de: &'static str,
}

/// A holiday of the whole country in all years.
pub const fn everywhere(when: When, name_en: &'static str, name_de: &'static str) -> Rule {
    Rule { when, years: 0..=i32::MAX, states: &[], name_en, name_de }
}

/// A holiday of some states in all years.
pub const fn within(
    states: &'static [&'static str],
    when: When,
    name_en: &'static str,
    name_de: &'static str,
) -> Rule {
    Rule { when, years: 0..=i32::MAX, states, name_en, name_de }
}

impl Rule {
    /// Begins in a year.
    pub const fn since(self, year: i32) -> Rule {
        Rule {
            when: self.when,
            years: year..=i32::MAX,
            states: self.states,
            name_en: self.name_en,
            name_de: self.name_de,
        }
    }

    /// Holds in these years only.
    pub const fn only(self, from: i32, to: i32) -> Rule {
        Rule {
            when: self.when,
            years: from..=to,
            states: self.states,
            name_en: self.name_en,
            name_de: self.name_de,
        }
    }
}

/// Returns the holidays of a year: those of the whole country and of the state; none twice on a day.
pub fn apply(rules: &[Rule], year: i32, state: &str) -> Vec<Holiday> {
    let is_here = |rule: &&Rule| rule.states.is_empty() || rule.states.contains(&state);
    let mut holidays: Vec<Holiday> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.years.contains(&year)).filter(is_here) {
        if let Some(day) = rule.when.day(year)
            && holidays.iter().all(|known| known.day != day)
        {
            holidays.push(Holiday { day, name_en: rule.name_en, name_de: rule.name_de });
        }
    }
    holidays
}

impl When {
    fn day(self, year: i32) -> Option<i64> {
        Some(match self {
            When::Date(month, date) => day(year, month, date),
            When::DateOn(month, date, weekdays) => {
                return Some(day(year, month, date)).filter(|&day| weekdays.contains(&weekday(day)));
            }
            When::Easter(after) => easter(year) + after,
            When::Repentance => last_before(day(year, 11, 23), WEDNESDAY),
            When::Naefels => {
                let first = nth(year, 4, 1, THURSDAY);
                if first == easter(year) - 3 { first + 7 } else { first }
            }
            When::GenevaFast => nth(year, 9, 1, SUNDAY) + 4,
            When::FederalFastMonday => nth(year, 9, 3, SUNDAY) + (MONDAY - SUNDAY).rem_euclid(7),
        })
    }
}
