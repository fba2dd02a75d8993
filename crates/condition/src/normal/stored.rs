//! The normal forms as they are stored, shown and compared.

use place::{Country, Point};

use super::phone::Phone;
use super::{address, number, time};
use crate::field::Kind;
use crate::fold::fold;
use crate::value::{Currency, Value};

/// A value in its normal form. Which one a field has follows from its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// Text, long text, e-mail, URL: trimmed, NFC.
    Text(Box<str>),
    /// E-mails, the first is primary.
    Texts(Box<[Box<str>]>),
    /// Phones, the first is primary.
    Phones(Box<[Phone]>),
    /// Choice, country (`DE`), state (`DE-BY`), postcode.
    Key(Box<str>),
    /// Multi-choice, sorted, each once.
    Keys(Box<[Box<str>]>),
    Integer(i64),
    /// In millionths.
    Decimal(i64),
    /// In the currency's minor units.
    Money {
        minor: i64,
        currency: Currency,
    },
    /// Days since 1970-01-01.
    Date(i64),
    /// Microseconds since 1970-01-01 UTC.
    Moment(i64),
    YesNo(bool),
    Point(Point),
}

impl Stored {
    /// Returns what conditions compare. `day_of` says on which day of the workspace a moment falls.
    pub fn value(&self, kind: Kind, country: Option<Country>, day_of: impl Fn(i64) -> i64) -> Value {
        match self {
            Stored::Text(text) => Value::Text(fold(text).into()),
            Stored::Texts(texts) => Value::Texts(texts.iter().map(|text| fold(text).into()).collect()),
            Stored::Phones(phones) => Value::Phones(phones.iter().map(Phone::fact).collect()),
            Stored::Key(key) if kind == Kind::Postcode => {
                Value::Key(address::comparable(country, key).into())
            }
            Stored::Key(key) => Value::Key(key.clone()),
            Stored::Keys(keys) => Value::Keys(keys.clone()),
            Stored::Integer(number) | Stored::Decimal(number) | Stored::Date(number) => {
                Value::Integer(*number)
            }
            Stored::Money { minor, currency } => Value::Money { minor: *minor, currency: *currency },
            Stored::Moment(us) => Value::Moment { us: *us, day: day_of(*us) },
            Stored::YesNo(is) => Value::YesNo(*is),
            Stored::Point(point) => Value::Point(*point),
        }
    }

    /// Returns the value as the API writes it; reading that gives the same value again.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Stored::Text(text) | Stored::Key(text) => json!(text),
            Stored::Texts(texts) | Stored::Keys(texts) => json!(texts),
            Stored::Phones(phones) => phones.iter().map(|phone| json!(phone.to_string())).collect(),
            Stored::Integer(number) => json!(number),
            Stored::Decimal(number) => json!(number::decimal_text(*number, super::DECIMAL_DIGITS)),
            Stored::Money { minor, currency } => {
                let amount = number::amount_text(*minor, currency.minor_digits());
                json!({ "amount": amount, "currency": currency.code() })
            }
            Stored::Date(days) => json!(time::date_text(*days)),
            Stored::Moment(us) => json!(time::moment_text(*us)),
            Stored::YesNo(is) => json!(is),
            Stored::Point(point) => {
                let (lat, lon) = point.lat_lon();
                json!({ "lat": lat, "lon": lon })
            }
        }
    }
}
