//! Values of criteria in the normal form of their field: texts, choices, numbers, money and days.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use super::{Parser, shown};
use crate::fault::Code;
use crate::field::{Field, Kind};
use crate::fold::fold;
use crate::tree::{Values, values};
use crate::value::Currency;

/// Numbers beyond are nobody's: what a browser holds exactly is a little more.
const NUMBER_MAX: i64 = 1_000_000_000_000_000;
/// A hundred years and some days of leap.
const DAYS_MAX: i64 = 36_525;
const DECIMAL_DIGITS: u32 = 6;

impl Parser<'_> {
    /// Reads the values that a field is compared with as a whole.
    pub(super) fn wholes(&mut self, field: &Field, values: &[Json]) -> Option<Values> {
        match field.kind {
            Kind::Choice | Kind::MultiChoice => self.texts(values, |parser, json| parser.choice(field, json)),
            Kind::Country => self.texts(values, Self::country),
            Kind::State => self.texts(values, Self::state),
            Kind::Postcode => self.texts(values, Self::postcode),
            Kind::Phone => self.texts(values, Self::phone),
            Kind::Url => self.texts(values, Self::url),
            _ => self.texts(values, Self::folded),
        }
    }

    /// Reads the values that a field begins with.
    pub(super) fn beginnings(&mut self, field: &Field, texts: &[Json]) -> Option<Values> {
        match field.kind {
            Kind::Postcode => self.texts(texts, Self::postcode_beginning),
            // Stored addresses begin with their scheme; whoever asks for `www.` means either.
            Kind::Url => Some(with_schemes(&self.texts(texts, Self::folded)?)),
            _ => self.texts(texts, Self::folded),
        }
    }

    pub(super) fn patterns(&mut self, field: &Field, texts: &[Json]) -> Option<Values> {
        let patterns =
            self.texts(texts, |parser, json| parser.folded(json).map(|pattern| single_stars(&pattern)))?;
        Some(if field.kind == Kind::Url { with_schemes(&patterns) } else { patterns })
    }

    pub(super) fn text<'a>(&mut self, json: &'a Json) -> Option<&'a str> {
        match json.as_str().map(str::trim) {
            Some("") => self.fault(Code::EmptyText, "", ""),
            Some(text) => return Some(text),
            None => self.fault(Code::NotAText, shown(json), ""),
        }
        None
    }

    pub(super) fn folded(&mut self, json: &Json) -> Option<Box<str>> {
        self.text(json).map(|text| fold(text).into())
    }

    fn url(&mut self, json: &Json) -> Option<Box<str>> {
        let text = self.text(json)?;
        Some(fold(&website(text)).into())
    }

    fn choice(&mut self, field: &Field, json: &Json) -> Option<Box<str>> {
        let text = self.text(json)?;
        let key = self.door.catalog.choice_key(field, text);
        if key.is_none() {
            let known: Vec<_> = field.choices.iter().map(|choice| choice.key.as_str()).collect();
            self.fault(Code::UnknownChoice, text, known.join(", "));
        }
        key
    }

    pub(super) fn yes_no(&mut self, json: &Json) -> Option<bool> {
        match json {
            Json::Bool(is) => return Some(*is),
            Json::String(text) if text == "true" => return Some(true),
            Json::String(text) if text == "false" => return Some(false),
            _ => self.fault(Code::NotYesNo, shown(json), "true, false"),
        }
        None
    }

    pub(super) fn day_count(&mut self, json: &Json) -> Option<i64> {
        let count = whole_number(json).filter(|count| (1..=DAYS_MAX).contains(count));
        if count.is_none() {
            self.fault(Code::NotADayCount, shown(json), DAYS_MAX);
        }
        count
    }

    /// Reads what a value covers, the end excluded: one number, one day, one microsecond, or for a
    /// date-time field all microseconds of a day.
    pub(super) fn span(&mut self, kind: Kind, json: &Json) -> Option<(i64, i64)> {
        let one = |start: i64| (start, start + 1);
        match kind {
            Kind::Decimal => self.decimal(json).map(one),
            Kind::Date => self.date(json).map(|date| one(days_of(date))),
            Kind::DateTime => self.moments(json),
            _ => self.integer(json).map(one),
        }
    }

    fn integer(&mut self, json: &Json) -> Option<i64> {
        match whole_number(json) {
            None => self.fault(Code::NotAWholeNumber, shown(json), ""),
            Some(number) if number.abs() > NUMBER_MAX => {
                self.fault(Code::NumberTooLarge, shown(json), NUMBER_MAX);
            }
            Some(number) => return Some(number),
        }
        None
    }

    fn decimal(&mut self, json: &Json) -> Option<i64> {
        match scaled(json, DECIMAL_DIGITS) {
            Ok(number) => return Some(number),
            Err(Code::NumberTooLarge) => {
                self.fault(Code::NumberTooLarge, shown(json), NUMBER_MAX / 10_i64.pow(DECIMAL_DIGITS));
            }
            Err(Code::TooManyDecimals) => self.fault(Code::TooManyDecimals, shown(json), DECIMAL_DIGITS),
            Err(_) => self.fault(Code::NotADecimal, shown(json), ""),
        }
        None
    }

    /// Reads `{"amount": "1234.50", "currency": "EUR"}`, or an amount in the workspace's currency.
    pub(super) fn amount(&mut self, json: &Json) -> Option<(Currency, i64)> {
        let (amount, currency) = match json {
            Json::Object(object) => {
                self.only_keys(object, &["amount", "currency"]);
                let Some(amount) = object.get("amount") else {
                    self.fault(Code::MissingKey, "", "amount");
                    return None;
                };
                let currency = match object.get("currency") {
                    Some(currency) => self.below("currency", |parser| parser.currency(currency)),
                    None => Some(self.door.rates.workspace()),
                };
                (amount, currency)
            }
            amount => (amount, Some(self.door.rates.workspace())),
        };
        // A wrong amount is worth knowing even where the currency is wrong too.
        let digits = currency.map_or(2, Currency::minor_digits);
        match (scaled(amount, digits), currency) {
            (Ok(minor), Some(currency)) => return Some((currency, minor)),
            (Ok(_), None) => {}
            (Err(Code::TooManyDecimals), None) => {}
            (Err(Code::TooManyDecimals), _) => self.fault(Code::TooManyDecimals, shown(amount), digits),
            (Err(Code::NumberTooLarge), _) => {
                self.fault(Code::NumberTooLarge, shown(amount), NUMBER_MAX / 10_i64.pow(digits));
            }
            (Err(_), _) => self.fault(Code::NotAnAmount, shown(json), ""),
        }
        None
    }

    fn currency(&mut self, json: &Json) -> Option<Currency> {
        let text = self.text(json)?;
        let currency = Currency::parse(text);
        if currency.is_none() {
            self.fault(Code::UnknownCurrency, text, "");
        }
        currency
    }

    fn date(&mut self, json: &Json) -> Option<Date> {
        let date = json.as_str().and_then(parse_date);
        if date.is_none() {
            self.fault(Code::NotADate, shown(json), "");
        }
        date
    }

    fn moments(&mut self, json: &Json) -> Option<(i64, i64)> {
        let text = json.as_str().map_or("", str::trim);
        if let Some(date) = parse_date(text) {
            let start = |date: Date| {
                let day = date.to_zoned_datetime(self.door.time_zone.clone()).ok()?;
                Some(day.timestamp().as_microsecond())
            };
            if let (Some(from), Some(to)) = (start(date), date.tomorrow().ok().and_then(start)) {
                return Some((from, to));
            }
        }
        match text.parse::<Timestamp>() {
            Ok(moment) => Some((moment.as_microsecond(), moment.as_microsecond() + 1)),
            Err(_) => {
                self.fault(Code::NotADateTime, shown(json), "");
                None
            }
        }
    }
}

/// Reads `2026-11-24` and nothing else.
fn parse_date(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// Days since 1970-01-01.
fn days_of(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = date.duration_since(epoch).as_hours() / 24;
    debug_assert!(days.abs() < 4_000_000, "years have four digits");
    days
}

fn whole_number(json: &Json) -> Option<i64> {
    match json {
        Json::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15)?;
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            Some(number as i64)
        }),
        Json::String(text) => plain_whole_number(text),
        _ => None,
    }
}

/// Reads a decimal exactly, as a whole number of its smallest digits.
fn scaled(json: &Json, digits: u32) -> Result<i64, Code> {
    let text = match json {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.trim().to_owned(),
        _ => return Err(Code::NotADecimal),
    };
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return Err(Code::NotADecimal);
    }
    let fraction = fraction.trim_end_matches('0');
    let digits = usize::try_from(digits).expect("few digits");
    if fraction.len() > digits {
        return Err(Code::TooManyDecimals);
    }
    let number =
        format!("{whole}{fraction:0<digits$}").parse().ok().filter(|&number: &i64| number <= NUMBER_MAX);
    number.map(|number| sign * number).ok_or(Code::NumberTooLarge)
}

/// Joins stars that stand together: they mean what one means.
fn single_stars(pattern: &str) -> Box<str> {
    let mut single = String::with_capacity(pattern.len());
    for character in pattern.chars() {
        if !(character == '*' && single.ends_with('*')) {
            single.push(character);
        }
    }
    single.into()
}

/// Puts both schemes before beginnings and patterns of addresses that have none.
fn with_schemes(texts: &Values) -> Values {
    let has_scheme = |text: &str| text.contains("://") || text.starts_with(['*', '?']);
    values(texts.iter().flat_map(|text| {
        let schemes: &[&str] = if has_scheme(text) { &[""] } else { &["https://", "http://"] };
        schemes.iter().map(move |scheme| format!("{scheme}{text}"))
    }))
}

/// Puts a scheme before an address that has none.
fn website(text: &str) -> String {
    if text.contains("://") { text.to_owned() } else { format!("https://{text}") }
}

fn plain_whole_number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}
