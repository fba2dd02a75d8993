//! Values as they are compared: normal forms, made once at the door.

use crate::field::FieldId;

pub use place::Point;

/// ISO 4217 code in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(pub [u8; 3]);

/// What is compared of a phone number. `area` is country and area code, like `+4989`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhoneFact {
    /// E.164, or the text as written where it is no valid number.
    pub number: Box<str>,
    pub country: Option<Box<str>>,
    pub area: Option<Box<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Text, long text, URL, e-mail: after NFKC, full case folding and trimming.
    Text(Box<str>),
    /// E-mails, each folded.
    Texts(Box<[Box<str>]>),
    Phones(Box<[PhoneFact]>),
    /// Integer; decimal in millionths; date in days since 1970-01-01.
    Integer(i64),
    /// Microseconds since 1970-01-01 UTC, and the day it falls on in the workspace's time zone.
    Moment {
        us: i64,
        day: i64,
    },
    /// Minor units.
    Money {
        minor: i64,
        currency: Currency,
    },
    YesNo(bool),
    /// Choice, country, state; postcode as it compares (US: five digits).
    Key(Box<str>),
    /// Multi-choice, sorted, each once.
    Keys(Box<[Box<str>]>),
    Point(Point),
}

/// `lo <= value < hi`; a missing bound is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    pub lo: Option<i64>,
    pub hi: Option<i64>,
}

impl Interval {
    /// Holds no value at all.
    pub const EMPTY: Interval = Interval { lo: Some(0), hi: Some(0) };

    pub fn contains(self, value: i64) -> bool {
        self.lo.is_none_or(|lo| lo <= value) && self.hi.is_none_or(|hi| value < hi)
    }
}

/// What rules read of one record: a slot per field of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    slots: Vec<Option<Value>>,
    /// Today in the workspace's time zone, in days since 1970-01-01.
    pub today: i64,
}

impl Facts {
    pub fn new(fields: usize, today: i64) -> Facts {
        Facts { slots: vec![None; fields], today }
    }

    /// The field's value; `None` where it is missing. Empty texts and lists are stored as missing.
    pub fn get(&self, field: FieldId) -> Option<&Value> {
        self.slots.get(usize::from(field.0)).and_then(Option::as_ref)
    }

    pub fn set(&mut self, field: FieldId, value: Value) {
        let slot = usize::from(field.0);
        if slot >= self.slots.len() {
            self.slots.resize(slot + 1, None);
        }
        self.slots[slot] = Some(value);
    }
}
