//! Whole numbers, decimals and amounts of money.

use super::fault::{Code, Problem};
use super::{DECIMAL_DIGITS, NUMBER_MAX, Notation};
use crate::value::Currency;

/// Reads a whole number with or without thousands marks (`1.234`, `1,234`, `1'234`, `1 234`), whatever the
/// notation: a single mark before three digits is never a decimal one here. A part behind the decimal mark is
/// fine while it is zero, as spreadsheets write `12.0`.
pub fn whole(text: &str) -> Result<i64, Problem> {
    let fault = || Problem::new(Code::NotAWholeNumber, text);
    let plain = text.trim();
    // Nearly all numbers are a few digits.
    if !plain.is_empty() && plain.len() <= 15 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(plain.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')));
    }
    let written = Written::read(text, Reading::Whole).ok_or_else(fault)?;
    if written.fraction.bytes().any(|digit| digit != b'0') {
        return Err(fault());
    }
    written.scaled(0).map_err(|code| too_large(code, text, 0))
}

/// Reads a decimal number in millionths.
pub fn decimal(text: &str, notation: Notation) -> Result<i64, Problem> {
    let written = Written::read(text, Reading::Decimal(notation));
    let written = written.ok_or_else(|| Problem::new(Code::NotADecimal, text))?;
    written.scaled(DECIMAL_DIGITS).map_err(|code| too_large(code, text, DECIMAL_DIGITS))
}

/// Reads a decimal as JSON and the API write it, in units of that many digits: `1234.50`.
pub fn decimal_of_json(text: &str, digits: u32) -> Result<i64, Problem> {
    let written = Written::read_plain(text).ok_or_else(|| Problem::new(Code::NotADecimal, text))?;
    written.scaled(digits).map_err(|code| too_large(code, text, digits))
}

/// Reads an amount with or without its currency: `1.234,50 €`, `EUR 1,234.50`, `2,5 Mio. CHF`.
pub fn money(text: &str, notation: Notation, currency: Currency) -> Result<(i64, Currency), Problem> {
    let fault = || Problem::new(Code::NotAnAmount, text);
    let trimmed = text.trim();
    let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '+' | '−');
    let start = trimmed.find(is_number).ok_or_else(fault)?;
    let end = trimmed.rfind(|letter: char| letter.is_ascii_digit()).ok_or_else(fault)? + 1;
    if end < start {
        return Err(fault());
    }
    // `CHF 1’234.–` and `500,-` write no minor units with a dash.
    let behind = trimmed[end..].trim_start_matches([',', '.']).trim_start_matches(['-', '–', '—']);
    let (scale, behind) = magnitude(behind.trim());
    let named = match (trimmed[..start].trim(), behind.trim()) {
        ("", "") => currency,
        (name, "") | ("", name) => {
            currency_of(name).ok_or_else(|| Problem::new(Code::UnknownCurrency, name))?
        }
        _ => return Err(fault()),
    };
    let written = Written::read(&trimmed[start..end], Reading::Decimal(notation)).ok_or_else(fault)?;
    let digits = named.minor_digits();
    let minor = written.scaled(digits + scale).map_err(|code| too_large(code, text, digits))?;
    Ok((minor, named))
}

/// Writes a number of the smallest units as a decimal without needless zeros: `12.5`.
pub fn decimal_text(number: i64, digits: u32) -> String {
    let text = amount_text(number, digits);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// Writes minor units as an amount with all its decimals: `1234.50`.
pub fn amount_text(minor: i64, digits: u32) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (units, width) = (minor.unsigned_abs(), digits as usize);
    let factor = 10_u64.pow(digits);
    match digits {
        0 => format!("{sign}{units}"),
        _ => format!("{sign}{}.{:0width$}", units / factor, units % factor),
    }
}

/// `Mio.` and its like, and what is left behind it.
fn magnitude(text: &str) -> (u32, &str) {
    const WORDS: [(&str, u32); 17] = [
        ("millionen", 6),
        ("milliarden", 9),
        ("millions", 6),
        ("million", 6),
        ("billions", 9),
        ("billion", 9),
        ("mio.", 6),
        ("mm", 6),
        ("mio", 6),
        ("mrd.", 9),
        ("mrd", 9),
        ("tsd.", 3),
        ("tsd", 3),
        ("bn", 9),
        ("mn", 6),
        ("m", 6),
        ("k", 3),
    ];
    if text.is_empty() {
        return (0, text);
    }
    for (word, scale) in WORDS {
        if let Some((head, rest)) = text.split_at_checked(word.len())
            && head.eq_ignore_ascii_case(word)
            && !rest.starts_with(char::is_alphanumeric)
        {
            return (scale, rest);
        }
    }
    (0, text)
}

fn currency_of(name: &str) -> Option<Currency> {
    let code = match name {
        "€" | "EUR" | "Euro" | "euro" => b"EUR",
        "$" | "US$" => b"USD",
        "£" => b"GBP",
        "¥" => b"JPY",
        "Fr." | "SFr." | "sFr." | "Franken" => b"CHF",
        "CA$" | "C$" => b"CAD",
        name => return Currency::parse(name),
    };
    Some(Currency(*code))
}

fn too_large(code: Code, text: &str, digits: u32) -> Problem {
    let expected = match code {
        Code::TooManyDecimals => i64::from(digits),
        _ => NUMBER_MAX / 10_i64.pow(digits),
    };
    Problem::new(code, text).expecting(expected)
}

#[derive(Clone, Copy, PartialEq)]
enum Reading {
    Whole,
    Decimal(Notation),
}

/// A number as digits before and behind the decimal mark.
struct Written {
    is_negative: bool,
    whole: String,
    fraction: String,
}

impl Written {
    fn read_plain(text: &str) -> Option<Written> {
        let text = text.trim();
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || text.ends_with('.') {
            return None;
        }
        Some(Written { is_negative, whole: whole.to_owned(), fraction: fraction.to_owned() })
    }

    fn read(text: &str, reading: Reading) -> Option<Written> {
        let text = text.trim();
        let (is_negative, text) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match decimal_mark(text, reading) {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => (text, ""),
        };
        let whole = without_thousands_marks(whole)?;
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        (is_digits(fraction) && !text.ends_with(['.', ','])).then(|| Written {
            is_negative,
            whole,
            fraction: fraction.to_owned(),
        })
    }

    /// Returns the number in units of that many digits.
    fn scaled(&self, digits: u32) -> Result<i64, Code> {
        let fraction = self.fraction.trim_end_matches('0');
        let digits = digits as usize;
        if fraction.len() > digits {
            return Err(Code::TooManyDecimals);
        }
        let number = format!("{}{fraction:0<digits$}", self.whole).parse::<i64>();
        match number {
            Ok(number) if number <= NUMBER_MAX => Ok(if self.is_negative { -number } else { number }),
            _ => Err(Code::NumberTooLarge),
        }
    }
}

/// Finds the decimal mark. Where both marks stand it is the last one; where one stands once, it parts
/// thousands if three digits follow and the notation says so, else decimals.
fn decimal_mark(text: &str, reading: Reading) -> Option<usize> {
    let (dot, comma) = (text.rfind('.'), text.rfind(','));
    let at = match (dot, comma) {
        (Some(dot), Some(comma)) => return Some(dot.max(comma)),
        (Some(at), None) | (None, Some(at)) => at,
        (None, None) => return None,
    };
    let mark = &text[at..=at];
    let is_once = text.find(mark) == Some(at);
    let could_part_thousands = text.len() - at == 4 && (1..=3).contains(&at) && !text.starts_with('0');
    let parts_thousands = match reading {
        Reading::Whole => could_part_thousands,
        Reading::Decimal(Notation::German) => could_part_thousands && mark == ".",
        Reading::Decimal(Notation::English) => could_part_thousands && mark == ",",
    };
    (is_once && !parts_thousands).then_some(at)
}

/// Takes out one kind of mark that parts groups of three digits; `None` for anything else.
fn without_thousands_marks(text: &str) -> Option<String> {
    let is_mark =
        |letter: &char| matches!(letter, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    let Some(mark) = text.chars().find(is_mark) else {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        return is_number.then(|| text.to_owned());
    };
    let mut groups = text.split(mark);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_whole_number_loses_its_thousands_marks() {
        for (text, expected) in [
            ("0", Ok(0)),
            (" 42 ", Ok(42)),
            ("1.234", Ok(1234)),
            ("1,234", Ok(1234)),
            ("1'234", Ok(1234)),
            ("1’234’567", Ok(1_234_567)),
            ("1 234", Ok(1234)),
            ("1\u{202f}234", Ok(1234)),
            ("1.234.567", Ok(1_234_567)),
            ("12.0", Ok(12)),
            ("1.234,00", Ok(1234)),
            ("1,234.00", Ok(1234)),
            ("0007", Ok(7)),
            ("-5", Ok(-5)),
            ("−5", Ok(-5)),
            ("+5", Ok(5)),
            ("1000000000000000", Ok(NUMBER_MAX)),
            ("1000000000000001", Err(Code::NumberTooLarge)),
            ("99999999999999999999999", Err(Code::NumberTooLarge)),
            ("12a", Err(Code::NotAWholeNumber)),
            ("1.5", Err(Code::NotAWholeNumber)),
            ("1,23", Err(Code::NotAWholeNumber)),
            ("12,34,567", Err(Code::NotAWholeNumber)),
            ("1.23.456", Err(Code::NotAWholeNumber)),
            ("1e3", Err(Code::NotAWholeNumber)),
            ("", Err(Code::NotAWholeNumber)),
            ("-", Err(Code::NotAWholeNumber)),
            ("1.", Err(Code::NotAWholeNumber)),
            (".5", Err(Code::NotAWholeNumber)),
            ("١٢", Err(Code::NotAWholeNumber)),
            ("10-50", Err(Code::NotAWholeNumber)),
        ] {
            assert_eq!(whole(text).map_err(|problem| problem.code), expected, "{text}");
        }
    }

    #[test]
    fn a_decimal_is_read_in_the_notation_where_it_could_be_either() {
        use Notation::{English, German};
        for (text, notation, expected) in [
            ("1,5", German, Ok(1_500_000)),
            ("1.5", German, Ok(1_500_000)),
            ("1.234", German, Ok(1_234_000_000)),
            ("1.234", English, Ok(1_234_000)),
            ("1,234", German, Ok(1_234_000)),
            ("1,234", English, Ok(1_234_000_000)),
            ("0.125", German, Ok(125_000)),
            ("1.234,5", English, Ok(1_234_500_000)),
            ("1,234.5", German, Ok(1_234_500_000)),
            ("-0,000001", German, Ok(-1)),
            ("0,0000001", German, Err(Code::TooManyDecimals)),
            ("1,50000000", German, Ok(1_500_000)),
            ("abc", German, Err(Code::NotADecimal)),
            ("1.2.3", German, Err(Code::NotADecimal)),
        ] {
            assert_eq!(
                decimal(text, notation).map_err(|problem| problem.code),
                expected,
                "{text} {notation:?}"
            );
        }
    }

    #[test]
    fn an_amount_comes_with_or_without_its_currency() {
        use Notation::{English, German};
        let eur = Currency::EUR;
        for (text, notation, expected) in [
            ("1234", German, Ok((123_400, "EUR"))),
            ("1.234,50 €", German, Ok((123_450, "EUR"))),
            ("€ 1.234,50", German, Ok((123_450, "EUR"))),
            ("EUR 1,234.50", English, Ok((123_450, "EUR"))),
            ("$1,200", English, Ok((120_000, "USD"))),
            ("1,200 usd", English, Ok((120_000, "USD"))),
            ("CHF 1’234.50", German, Ok((123_450, "CHF"))),
            ("CHF 500.–", German, Ok((50_000, "CHF"))),
            ("500,- €", German, Ok((50_000, "EUR"))),
            ("2,5 Mio. €", German, Ok((250_000_000, "EUR"))),
            ("2.5M", English, Ok((250_000_000, "EUR"))),
            ("2,5 Mio. CHF", German, Ok((250_000_000, "CHF"))),
            ("300k", German, Ok((30_000_000, "EUR"))),
            ("1 Mrd", German, Ok((100_000_000_000, "EUR"))),
            ("10 MXN", German, Ok((1_000, "MXN"))),
            ("1000 JPY", German, Ok((1000, "JPY"))),
            ("-12,34", German, Ok((-1_234, "EUR"))),
            ("10,5 JPY", German, Err(Code::TooManyDecimals)),
            ("1,234.567", English, Err(Code::TooManyDecimals)),
            ("12 Taler", German, Err(Code::UnknownCurrency)),
            ("EUR 12 EUR", German, Err(Code::NotAnAmount)),
            ("viel", German, Err(Code::NotAnAmount)),
            ("99999999999999999", German, Err(Code::NumberTooLarge)),
        ] {
            let found = money(text, notation, eur).map_err(|problem| problem.code);
            let found = found.map(|(minor, currency)| (minor, currency.code().to_owned()));
            assert_eq!(found, expected.map(|(minor, code)| (minor, code.to_owned())), "{text}");
        }
    }

    proptest! {
        #[test]
        fn numbers_come_back_from_their_text(number in -NUMBER_MAX..=NUMBER_MAX, digits in 0u32..=6) {
            prop_assert_eq!(decimal_of_json(&amount_text(number, digits), digits), Ok(number));
            prop_assert_eq!(decimal_of_json(&decimal_text(number, digits), digits), Ok(number));
        }

        #[test]
        fn grouped_numbers_are_read_like_plain_ones(number in 0..=NUMBER_MAX, mark in "[.,' ’]") {
            let plain = number.to_string();
            let grouped: Vec<&str> = plain.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
            prop_assert_eq!(whole(&grouped.join(&mark)), Ok(number));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = (whole(&text), decimal(&text, Notation::German), money(&text, Notation::English, Currency::EUR));
        }
    }
}
