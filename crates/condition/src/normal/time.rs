//! Days and moments.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Notation;
use super::fault::{Code, Problem};

/// Reads a date: `2026-11-24` always, `24.11.2026` and `11/24/2026` where the notation or the numbers tell
/// day from month. Two digits of a year mean 1970 to 2069.
pub fn date(text: &str, notation: Notation) -> Result<i64, Problem> {
    read_date(text.trim(), notation).map(days_of).ok_or_else(|| Problem::new(Code::NotADate, text))
}

/// Reads a date as the API writes it: `2026-11-24`.
pub fn date_of_json(text: &str) -> Result<i64, Problem> {
    iso_date(text.trim()).map(days_of).ok_or_else(|| Problem::new(Code::NotADate, text))
}

/// Reads a moment: RFC 3339, or date and time as they are written in the zone, or the beginning of a day.
pub fn moment(text: &str, notation: Notation, zone: &TimeZone) -> Result<i64, Problem> {
    let fault = || Problem::new(Code::NotADateTime, text);
    let trimmed = text.trim();
    if let Ok(us) = moment_of_json(trimmed) {
        return Ok(us);
    }
    let (date, time) = match trimmed.find(['T', ' ', ',']) {
        Some(at) => (&trimmed[..at], trimmed[at + 1..].trim()),
        None => (trimmed, ""),
    };
    let date = read_date(date, notation).ok_or_else(fault)?;
    let time = if time.is_empty() { Time::midnight() } else { read_time(time).ok_or_else(fault)? };
    let moment = zone.to_timestamp(DateTime::from_parts(date, time)).map_err(|_| fault())?;
    Ok(moment.as_microsecond())
}

/// Reads a moment as the API writes it: RFC 3339 with an offset.
pub fn moment_of_json(text: &str) -> Result<i64, Problem> {
    let moment = text.trim().parse::<Timestamp>();
    moment.map(Timestamp::as_microsecond).map_err(|_| Problem::new(Code::NotADateTime, text))
}

/// Writes days since 1970-01-01 as `2026-11-24`.
pub fn date_text(days: i64) -> String {
    date_of(days).map_or_else(|| days.to_string(), |date| date.to_string())
}

/// Writes microseconds since 1970-01-01 UTC in RFC 3339.
pub fn moment_text(us: i64) -> String {
    Timestamp::from_microsecond(us).map_or_else(|_| us.to_string(), |moment| moment.to_string())
}

/// Returns the day of a zone that a moment falls on, in days since 1970-01-01.
pub fn day_of(us: i64, zone: &TimeZone) -> i64 {
    let moment =
        Timestamp::from_microsecond(us).unwrap_or(if us < 0 { Timestamp::MIN } else { Timestamp::MAX });
    days_of(zone.to_datetime(moment).date())
}

/// Returns the days from 1970-01-01 to a date.
pub fn days_of(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

fn date_of(days: i64) -> Option<Date> {
    EPOCH.checked_add(i32::try_from(days).ok()?.days()).ok()
}

fn read_date(text: &str, notation: Notation) -> Option<Date> {
    iso_date(text).or_else(|| {
        let mark = text.chars().find(|letter| matches!(letter, '.' | '/'))?;
        let mut parts = text.trim_end_matches('.').split(mark).map(str::trim);
        let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let (first, second, year) = (number(first, 2)?, number(second, 2)?, year_of(year)?);
        let month_is_first = mark == '/' && notation == Notation::English && first <= 12;
        let (day, month) = if month_is_first { (second, first) } else { (first, second) };
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    })
}

fn iso_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
        return None;
    }
    let (year, month, day) = (number(&text[..4], 4)?, number(&text[5..7], 2)?, number(&text[8..], 2)?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn year_of(text: &str) -> Option<i16> {
    let year = number(text, 4)?;
    match text.len() {
        4 => Some(year),
        2 if year >= 70 => Some(1900 + year),
        2 => Some(2000 + year),
        _ => None,
    }
}

fn number(text: &str, digits_max: usize) -> Option<i16> {
    let is_number = (1..=digits_max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// Reads `14:05`, `14:05:30`, `14.05 Uhr` or `2:05 PM`.
fn read_time(text: &str) -> Option<Time> {
    let text = text.trim_end_matches("Uhr").trim();
    let ends_with = |half: &str| {
        let (head, tail) = text.split_at_checked(text.len().checked_sub(half.len())?)?;
        tail.eq_ignore_ascii_case(half).then(|| head.trim_end())
    };
    let (text, half) = match (ends_with("am"), ends_with("pm")) {
        (Some(head), _) => (head, Some(0)),
        (_, Some(head)) => (head, Some(12)),
        _ => (text, None),
    };
    let mut parts = text.split([':', '.']);
    let hour = number(parts.next()?, 2)?;
    let minute = number(parts.next()?, 2)?;
    let second = parts.next().map_or(Some(0), |second| number(second, 2))?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    let part = |number: i16| i8::try_from(number).ok();
    if parts.next().is_some() {
        return None;
    }
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_date_is_read_in_every_usual_writing() {
        use Notation::{English, German};
        for (text, notation, expected) in [
            ("1970-01-01", German, Some("1970-01-01")),
            ("2026-11-24", English, Some("2026-11-24")),
            ("24.11.2026", German, Some("2026-11-24")),
            ("24.11.2026", English, Some("2026-11-24")),
            ("1.2.26", German, Some("2026-02-01")),
            ("1. 2. 1985", German, Some("1985-02-01")),
            ("1.2.85", German, Some("1985-02-01")),
            ("11/24/2026", English, Some("2026-11-24")),
            ("24/11/2026", English, Some("2026-11-24")),
            ("03/04/2026", English, Some("2026-03-04")),
            ("03/04/2026", German, Some("2026-04-03")),
            ("2024-02-29", German, Some("2024-02-29")),
            ("2023-02-29", German, None),
            ("31.4.2026", German, None),
            ("2026-1-1", German, None),
            ("24.11.", German, None),
            ("24.11.026", German, None),
            ("heute", German, None),
            ("", German, None),
        ] {
            let found = date(text, notation).ok().map(date_text);
            assert_eq!(found.as_deref(), expected, "{text} {notation:?}");
        }
        assert_eq!(date("1970-01-02", German), Ok(1));
        assert_eq!(date("1969-12-31", German), Ok(-1));
    }

    #[test]
    fn a_moment_without_offset_is_local() {
        let berlin = TimeZone::get("Europe/Berlin").expect("the zone is known");
        for (text, expected) in [
            ("2026-11-24T14:05:00Z", Some("2026-11-24T14:05:00Z")),
            ("2026-11-24T14:05:00+01:00", Some("2026-11-24T13:05:00Z")),
            ("2026-11-24 14:05", Some("2026-11-24T13:05:00Z")),
            ("2026-11-24T14:05:30", Some("2026-11-24T13:05:30Z")),
            ("24.11.2026 14:05", Some("2026-11-24T13:05:00Z")),
            ("24.11.2026, 14:05 Uhr", Some("2026-11-24T13:05:00Z")),
            ("24.7.2026 14.05 Uhr", Some("2026-07-24T12:05:00Z")),
            ("24.11.2026 2:05 PM", Some("2026-11-24T13:05:00Z")),
            ("24.11.2026 12:05 am", Some("2026-11-23T23:05:00Z")),
            ("24.11.2026", Some("2026-11-23T23:00:00Z")),
            ("24.11.2026 25:00", None),
            ("24.11.2026 14:05:00:00", None),
            ("24.11.2026 13:00 pm", None),
            ("bald", None),
        ] {
            let found = moment(text, Notation::German, &berlin).ok().map(moment_text);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        assert_eq!(
            moment_of_json("2026-11-24T14:05:00").map_err(|problem| problem.code),
            Err(Code::NotADateTime)
        );
    }

    #[test]
    fn the_day_of_a_moment_is_the_zones() {
        let berlin = TimeZone::get("Europe/Berlin").expect("the zone is known");
        let late = moment_of_json("2026-11-23T23:30:00Z").expect("a moment");
        assert_eq!(date_text(day_of(late, &berlin)), "2026-11-24");
        assert_eq!(date_text(day_of(late, &TimeZone::UTC)), "2026-11-23");
    }

    proptest! {
        #[test]
        fn dates_and_moments_come_back(days in -100_000i64..100_000, us in -4_000_000_000_000_000i64..4_000_000_000_000_000) {
            prop_assert_eq!(date_of_json(&date_text(days)), Ok(days));
            prop_assert_eq!(moment_of_json(&moment_text(us)), Ok(us));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), close in "[0-9./: TZampm-]{0,20}") {
            for text in [text, close] {
                let _ = (date(&text, Notation::German), moment(&text, Notation::English, &TimeZone::UTC));
            }
        }
    }
}
