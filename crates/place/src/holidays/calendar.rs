//! Days of the Gregorian calendar as numbers, and Easter.

pub const MONDAY: i64 = 0;
pub const WEDNESDAY: i64 = 2;
pub const THURSDAY: i64 = 3;
pub const SATURDAY: i64 = 5;
pub const SUNDAY: i64 = 6;

/// Returns the days from 1970-01-01 to a date (Howard Hinnant, "chrono-compatible low-level date algorithms").
pub fn day(year: i32, month: i32, day: i32) -> i64 {
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    // Years begin in March, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Returns the day of Easter Sunday: the anonymous Gregorian computus (Nature, 20 April 1876; Meeus,
/// "Astronomical Algorithms", chapter 8).
pub fn easter(year: i32) -> i64 {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day(year, n / 31, n % 31 + 1)
}

/// Returns the weekday, Monday is 0.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Returns the n-th such weekday of a month, counted from 1.
pub fn nth(year: i32, month: i32, n: i64, wanted: i64) -> i64 {
    let first = day(year, month, 1);
    first + (wanted - weekday(first)).rem_euclid(7) + 7 * (n - 1)
}

/// Returns the last such weekday before a day.
pub fn last_before(day: i64, wanted: i64) -> i64 {
    day - 1 - (weekday(day - 1) - wanted).rem_euclid(7)
}

/// Returns the year that a day falls in.
pub fn year_of(day_number: i64) -> i32 {
    // The mean year hits it or the one beside it.
    let guess = i32::try_from(1970 + day_number.div_euclid(366)).unwrap_or(i32::MAX - 1);
    (guess..).take_while(|&year| day(year, 1, 1) <= day_number).last().unwrap_or(guess)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (date, number) in [
            ((1970, 1, 1), 0),
            ((1969, 12, 31), -1),
            ((2000, 2, 29), 11_016),
            ((2000, 3, 1), 11_017),
            ((2026, 11, 24), 20_781),
        ] {
            assert_eq!(day(date.0, date.1, date.2), number, "{date:?}");
        }
        assert_eq!(weekday(day(2026, 11, 24)), 1, "a Tuesday");
        for year in 1990..=2100 {
            assert_eq!(year_of(day(year, 1, 1)), year);
            assert_eq!(year_of(day(year, 12, 31)), year);
        }
    }

    #[test]
    fn easter_falls_on_the_published_days() {
        for (year, month, date) in [
            (1990, 4, 15),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
            (2076, 4, 19),
            (2100, 3, 28),
        ] {
            assert_eq!(easter(year), day(year, month, date), "{year}");
        }
        assert!((1583..3000).all(|year| weekday(easter(year)) == SUNDAY));
    }

    #[test]
    fn weekdays_are_found_in_their_month() {
        assert_eq!(nth(2026, 11, 4, THURSDAY), day(2026, 11, 26));
        assert_eq!(nth(2026, 6, 1, MONDAY), day(2026, 6, 1));
        assert_eq!(last_before(day(2026, 11, 23), WEDNESDAY), day(2026, 11, 18));
        assert_eq!(last_before(day(2026, 6, 1), MONDAY), day(2026, 5, 25));
    }
}
