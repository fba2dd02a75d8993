//! Numbers, money and days as a reader's language writes them.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::{Language, Speaker};
use crate::normal::number::amount_text;
use crate::value::{Currency, Interval};

/// A fixed space, so that a line never breaks between a number and its unit.
const FIXED_SPACE: char = '\u{a0}';

/// Writes a whole number with its thousands set apart: `1.498`, `1,498`.
pub(super) fn whole(language: Language, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(if language == Language::German { '.' } else { ',' });
        }
        grouped.push(digit);
    }
    grouped
}

/// Writes a scaled number with as many decimals as it has, but no fewer than `decimals_min` if any.
pub(super) fn decimal(language: Language, value: i64, digits: u32, decimals_min: usize) -> String {
    let text = amount_text(value.checked_abs().unwrap_or(i64::MAX), digits);
    let (units, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut fraction = fraction.trim_end_matches('0').to_owned();
    if !fraction.is_empty() {
        fraction = format!("{fraction:0<decimals_min$}");
    }
    let sign = if value < 0 { "-" } else { "" };
    let units = whole(language, units.parse().unwrap_or(i64::MAX));
    let mark = if language == Language::German { ',' } else { '.' };
    if fraction.is_empty() { format!("{sign}{units}") } else { format!("{sign}{units}{mark}{fraction}") }
}

/// Writes an amount: `1.234,50 €`, `€1,234.50`; whole amounts without decimals.
pub(super) fn money(language: Language, minor: i64, currency: Currency) -> String {
    let digits = currency.minor_digits();
    let number = decimal(language, minor, digits, usize::try_from(digits).unwrap_or(0));
    let sign = match currency.code() {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        code => code,
    };
    match language {
        Language::German => format!("{number}{FIXED_SPACE}{sign}"),
        Language::English if sign.len() == 3 && sign.is_ascii() => format!("{sign}{FIXED_SPACE}{number}"),
        Language::English => match number.strip_prefix('-') {
            Some(number) => format!("-{sign}{number}"),
            None => format!("{sign}{number}"),
        },
    }
}

/// Writes kilometres from metres: `12,5 km`.
pub(super) fn kilometres(language: Language, metres: u32) -> String {
    format!("{}{FIXED_SPACE}km", decimal(language, metres.into(), 3, 0))
}

/// Writes a day: `24.11.2026`, `Nov 24, 2026`.
pub(super) fn day(language: Language, date: Date) -> String {
    match language {
        Language::German => format!("{:02}.{:02}.{}", date.day(), date.month(), date.year()),
        Language::English => date.strftime("%b %-d, %Y").to_string(),
    }
}

/// The day that many days after 1970-01-01.
pub(super) fn date(days: i64) -> Date {
    let hours = jiff::SignedDuration::from_hours(days.saturating_mul(24));
    jiff::civil::date(1970, 1, 1).saturating_add(hours)
}

/// An interval of days or moments, as far as its ends are whole days.
pub(super) enum Span {
    Day(Date),
    /// From the one through the other.
    Days(Date, Date),
    From(String),
    Before(String),
    FromBefore(String, String),
    Always,
}

/// Says an interval of days since 1970-01-01.
pub(super) fn days(language: Language, interval: Interval) -> Span {
    match (interval.lo, interval.hi) {
        (Some(lo), Some(hi)) if hi == lo + 1 => Span::Day(date(lo)),
        (Some(lo), Some(hi)) => Span::Days(date(lo), date(hi - 1)),
        (Some(lo), None) => Span::From(day(language, date(lo))),
        (None, Some(hi)) => Span::Before(day(language, date(hi))),
        (None, None) => Span::Always,
    }
}

/// Says an interval of microseconds since 1970-01-01 UTC.
pub(super) fn moments(speaker: &Speaker<'_>, interval: Interval) -> Span {
    let local = |us: i64| {
        let moment = Timestamp::from_microsecond(us).unwrap_or_default();
        moment.to_zoned_datetime(speaker.time_zone.clone()).datetime()
    };
    let is_midnight = |us: i64| local(us).time() == Time::midnight();
    let said = |us: i64| {
        let (local, day) = (local(us), day(speaker.language, local(us).date()));
        match speaker.language {
            _ if is_midnight(us) => day,
            Language::German => format!("{day}, {} Uhr", local.strftime("%-H:%M")),
            Language::English => format!("{day}, {}", local.strftime("%-I:%M %p")),
        }
    };
    match (interval.lo, interval.hi) {
        (Some(lo), Some(hi)) if is_midnight(lo) && is_midnight(hi) && lo < hi => {
            let (first, last) = (local(lo).date(), local(hi - 1).date());
            if first == last { Span::Day(first) } else { Span::Days(first, last) }
        }
        (Some(lo), Some(hi)) => Span::FromBefore(said(lo), said(hi)),
        (Some(lo), None) => Span::From(said(lo)),
        (None, Some(hi)) => Span::Before(said(hi)),
        (None, None) => Span::Always,
    }
}
