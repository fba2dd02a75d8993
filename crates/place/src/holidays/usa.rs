//! The United States: federal holidays (5 U.S.C. § 6103) and the weekdays on which they are observed.
//!
//! Left out: the holidays of single states, and Inauguration Day, which holds around Washington only.

use super::Holiday;
use super::calendar::{MONDAY, SATURDAY, SUNDAY, THURSDAY, day, last_before, nth, weekday};

/// A holiday of a fixed date, observed on the weekday beside it where that is no working day.
struct Fixed {
    month: i32,
    date: i32,
    first_year: i32,
    names: [&'static str; 2],
    names_observed: [&'static str; 2],
}

const FIXED: [Fixed; 5] = [
    Fixed {
        month: 1,
        date: 1,
        first_year: 0,
        names: ["New Year's Day", "Neujahr"],
        names_observed: ["New Year's Day (observed)", "Neujahr (nachgeholt)"],
    },
    Fixed {
        month: 6,
        date: 19,
        first_year: 2021,
        names: ["Juneteenth National Independence Day", "Juneteenth"],
        names_observed: ["Juneteenth National Independence Day (observed)", "Juneteenth (nachgeholt)"],
    },
    Fixed {
        month: 7,
        date: 4,
        first_year: 0,
        names: ["Independence Day", "Unabhängigkeitstag"],
        names_observed: ["Independence Day (observed)", "Unabhängigkeitstag (nachgeholt)"],
    },
    Fixed {
        month: 11,
        date: 11,
        first_year: 0,
        names: ["Veterans Day", "Tag der Veteranen"],
        names_observed: ["Veterans Day (observed)", "Tag der Veteranen (nachgeholt)"],
    },
    Fixed {
        month: 12,
        date: 25,
        first_year: 0,
        names: ["Christmas Day", "Weihnachten"],
        names_observed: ["Christmas Day (observed)", "Weihnachten (nachgeholt)"],
    },
];

pub fn holidays(year: i32) -> Vec<Holiday> {
    let holiday = |day: i64, [name_en, name_de]: [&'static str; 2]| Holiday { day, name_en, name_de };
    let mut holidays = vec![
        holiday(nth(year, 1, 3, MONDAY), ["Martin Luther King Jr. Day", "Martin-Luther-King-Tag"]),
        holiday(nth(year, 2, 3, MONDAY), ["Washington's Birthday", "Washingtons Geburtstag"]),
        holiday(last_before(day(year, 6, 1), MONDAY), ["Memorial Day", "Memorial Day"]),
        holiday(nth(year, 9, 1, MONDAY), ["Labor Day", "Tag der Arbeit"]),
        holiday(nth(year, 10, 2, MONDAY), ["Columbus Day", "Kolumbus-Tag"]),
        holiday(nth(year, 11, 4, THURSDAY), ["Thanksgiving Day", "Erntedankfest"]),
    ];
    for Fixed { month, date, first_year, names, names_observed } in FIXED {
        // New Year's Day of the next year may be observed on the last day of this one.
        for of_year in [year, year + 1].into_iter().filter(|&of_year| of_year >= first_year) {
            let on = day(of_year, month, date);
            let observed = match weekday(on) {
                SATURDAY => on - 1,
                SUNDAY => on + 1,
                _ => on,
            };
            let is_this_year = |number: i64| (day(year, 1, 1)..day(year + 1, 1, 1)).contains(&number);
            if is_this_year(on) {
                holidays.push(holiday(on, names));
            }
            if observed != on && is_this_year(observed) {
                holidays.push(holiday(observed, names_observed));
            }
        }
    }
    holidays
}
