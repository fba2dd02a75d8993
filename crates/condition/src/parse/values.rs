//! Values of criteria in the normal form of their field: texts, choices, numbers, money and days.

use jiff::civil::Date;
use serde_json::Value as Json;

use super::{Parser, shown};
use crate::fault::Code;
use crate::field::{Field, Kind};
use crate::fold::fold;
use crate::normal::{self, DECIMAL_DIGITS, NUMBER_MAX, number, text, time};
use crate::tree::{Values, values};
use crate::value::Currency;

/// A hundred years and some days of leap.
const DAYS_MAX: i64 = 36_525;

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
            Kind::Email => self.texts(values, Self::email),
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
        let url = text::url(text);
        if url.is_err() {
            self.fault(Code::NotAUrl, text, "");
        }
        url.ok().map(|url| fold(&url).into())
    }

    fn email(&mut self, json: &Json) -> Option<Box<str>> {
        let text = self.text(json)?;
        let email = text::email(text);
        if email.is_err() {
            self.fault(Code::NotAnEmail, text, "");
        }
        email.ok().map(|email| fold(&email).into())
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
            Kind::Date => self.date(json).map(|date| one(time::days_of(date))),
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
            Err(normal::Code::NumberTooLarge) => {
                self.fault(Code::NumberTooLarge, shown(json), NUMBER_MAX / 10_i64.pow(DECIMAL_DIGITS));
            }
            Err(normal::Code::TooManyDecimals) => {
                self.fault(Code::TooManyDecimals, shown(json), DECIMAL_DIGITS)
            }
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
            (Err(normal::Code::TooManyDecimals), None) => {}
            (Err(normal::Code::TooManyDecimals), _) => {
                self.fault(Code::TooManyDecimals, shown(amount), digits)
            }
            (Err(normal::Code::NumberTooLarge), _) => {
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
        match time::moment_of_json(text) {
            Ok(us) => Some((us, us + 1)),
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

fn whole_number(json: &Json) -> Option<i64> {
    match json {
        Json::Number(number) => number.as_i64().or_else(|| {
            let number = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15)?;
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            Some(number as i64)
        }),
        Json::String(text) => number::whole(text).ok(),
        _ => None,
    }
}

/// Reads a decimal exactly, as a whole number of its smallest digits.
fn scaled(json: &Json, digits: u32) -> Result<i64, normal::Code> {
    let read = match json {
        Json::Number(plain) => number::decimal_of_json(&plain.to_string(), digits),
        Json::String(text) => number::decimal_of_json(text, digits),
        _ => return Err(normal::Code::NotADecimal),
    };
    read.map_err(|problem| problem.code)
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
