//! Faults of values as codes: which field, what is wrong, the value found, and what would be right.

use std::borrow::Cow;
use std::fmt;

use crate::field::{Catalog, FieldId};

/// What is wrong with a value. The names are part of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    UnknownField,
    FieldIsReadOnly,
    NotAText,
    NotAList,
    TooLong,
    TooManyValues,
    ControlCharacter,
    NotAWholeNumber,
    NumberNegative,
    NumberTooLarge,
    NotADecimal,
    TooManyDecimals,
    NotAnAmount,
    UnknownCurrency,
    NotADate,
    NotADateTime,
    NotYesNo,
    NotAnEmail,
    NotAUrl,
    NotAPhone,
    UnknownChoice,
    UnknownCountry,
    UnknownState,
    PostcodeLength,
    NotAPostcode,
    NotAPoint,
}

impl Code {
    pub const ALL: [Code; 26] = [
        Code::UnknownField,
        Code::FieldIsReadOnly,
        Code::NotAText,
        Code::NotAList,
        Code::TooLong,
        Code::TooManyValues,
        Code::ControlCharacter,
        Code::NotAWholeNumber,
        Code::NumberNegative,
        Code::NumberTooLarge,
        Code::NotADecimal,
        Code::TooManyDecimals,
        Code::NotAnAmount,
        Code::UnknownCurrency,
        Code::NotADate,
        Code::NotADateTime,
        Code::NotYesNo,
        Code::NotAnEmail,
        Code::NotAUrl,
        Code::NotAPhone,
        Code::UnknownChoice,
        Code::UnknownCountry,
        Code::UnknownState,
        Code::PostcodeLength,
        Code::NotAPostcode,
        Code::NotAPoint,
    ];

    /// The code's name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Code::UnknownField => "unknown_field",
            Code::FieldIsReadOnly => "field_is_read_only",
            Code::NotAText => "not_a_text",
            Code::NotAList => "not_a_list",
            Code::TooLong => "too_long",
            Code::TooManyValues => "too_many_values",
            Code::ControlCharacter => "control_character",
            Code::NotAWholeNumber => "not_a_whole_number",
            Code::NumberNegative => "number_negative",
            Code::NumberTooLarge => "number_too_large",
            Code::NotADecimal => "not_a_decimal",
            Code::TooManyDecimals => "too_many_decimals",
            Code::NotAnAmount => "not_an_amount",
            Code::UnknownCurrency => "unknown_currency",
            Code::NotADate => "not_a_date",
            Code::NotADateTime => "not_a_date_time",
            Code::NotYesNo => "not_yes_no",
            Code::NotAnEmail => "not_an_email",
            Code::NotAUrl => "not_a_url",
            Code::NotAPhone => "not_a_phone",
            Code::UnknownChoice => "unknown_choice",
            Code::UnknownCountry => "unknown_country",
            Code::UnknownState => "unknown_state",
            Code::PostcodeLength => "postcode_length",
            Code::NotAPostcode => "not_a_postcode",
            Code::NotAPoint => "not_a_point",
        }
    }
}

/// What is wrong with one value, before it is known where the value stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: Code,
    /// What was found, as written; long values are cut.
    pub value: String,
    /// What would be right, as far as the code does not say: a limit, the country, the choices.
    pub expected: String,
}

impl Problem {
    /// A fault shows at most that much of what was written.
    const SHOWN_CHARACTERS_MAX: usize = 100;

    pub fn new(code: Code, value: impl fmt::Display) -> Problem {
        let mut value = value.to_string();
        if let Some((end, _)) = value.char_indices().nth(Problem::SHOWN_CHARACTERS_MAX) {
            value.truncate(end);
            value.push('…');
        }
        Problem { code, value, expected: String::new() }
    }

    /// Says what would be right.
    pub fn expecting(mut self, expected: impl fmt::Display) -> Problem {
        self.expected = expected.to_string();
        self
    }
}

/// One fault of a record: where it stands, what is wrong, the value found, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Missing where the catalogue knows no such field.
    pub field: Option<FieldId>,
    /// JSON pointer, like `/postcode` or `/emails/1`.
    pub pointer: String,
    pub code: Code,
    pub value: String,
    pub expected: String,
}

impl Fault {
    pub(super) fn new(field: Option<FieldId>, pointer: String, problem: Problem) -> Fault {
        let Problem { code, value, expected } = problem;
        Fault { field, pointer, code, value, expected }
    }

    /// Returns the field's API name, such as `postcode`; of an unknown field the name as written.
    pub fn field_key<'a>(&'a self, catalog: &'a Catalog) -> Cow<'a, str> {
        match self.field {
            Some(field) => Cow::Borrowed(&catalog.field(field).key),
            None => Cow::Owned(self.pointer.trim_start_matches('/').replace("~1", "/").replace("~0", "~")),
        }
    }

    /// Words the fault in English, without saying where: `"12a" is not a whole number`.
    pub fn detail(&self) -> String {
        let (value, expected) = (&self.value, &self.expected);
        match self.code {
            Code::UnknownField => {
                format!("there is no field \"{value}\"; take it out or add it in the settings")
            }
            Code::FieldIsReadOnly => "this field is kept by Revier; leave it out".to_owned(),
            Code::NotAText => format!("{value} is not a text; put it in quotation marks"),
            Code::NotAList => format!("{value} is not a list of texts"),
            Code::TooLong => format!("\"{value}\" is longer than {expected} characters; shorten it"),
            Code::TooManyValues => format!("{value} values are too many; at most {expected} fit"),
            Code::ControlCharacter => format!("the text holds the control character {value}; take it out"),
            Code::NotAWholeNumber => format!("\"{value}\" is not a whole number"),
            Code::NumberNegative => format!("\"{value}\" is below zero; write 0 or more"),
            Code::NumberTooLarge => format!("\"{value}\" is too large; at most {expected} fits"),
            Code::NotADecimal => format!("\"{value}\" is not a number"),
            Code::TooManyDecimals => format!("\"{value}\" has more than {expected} decimals"),
            Code::NotAnAmount => format!("\"{value}\" is not an amount of money, such as 1234.50 EUR"),
            Code::UnknownCurrency => format!("\"{value}\" is no currency of ISO 4217, such as EUR"),
            Code::NotADate => format!("\"{value}\" is not a date, such as 2026-11-24"),
            Code::NotADateTime => format!("\"{value}\" is not a time, such as 2026-11-24T14:05:00Z"),
            Code::NotYesNo => format!("\"{value}\" is neither yes nor no; write true or false"),
            Code::NotAnEmail => format!("\"{value}\" is not an e-mail address"),
            Code::NotAUrl => format!("\"{value}\" is not an address on the web, such as https://example.com"),
            Code::NotAPhone => format!("{value} is not a telephone number; write it as a text"),
            Code::UnknownChoice if expected.is_empty() => {
                format!("\"{value}\" is not one of the choices; add it in the settings")
            }
            Code::UnknownChoice => format!("\"{value}\" is not one of the choices: {expected}"),
            Code::UnknownCountry => {
                format!("\"{value}\" is no country; write its name or ISO code, such as DE")
            }
            Code::UnknownState if expected.is_empty() => {
                format!("\"{value}\" is no state; write its ISO code, such as DE-BY, or name the country")
            }
            Code::UnknownState => format!("\"{value}\" is no state of {expected}"),
            Code::PostcodeLength => match expected.split_once(' ') {
                Some((country, digits)) => {
                    format!("the postcode \"{value}\" does not have the {digits} digits of {country}")
                }
                None => format!("the postcode \"{value}\" has another length than {expected}"),
            },
            Code::NotAPostcode => format!("\"{value}\" is not a postcode"),
            Code::NotAPoint => format!("{value} is not a point; write {{\"lat\": 48.13, \"lon\": 11.57}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_a_sentence() {
        let names: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            let detail = Fault::new(None, "/x".to_owned(), Problem::new(code, "7")).detail();
            assert!(!detail.is_empty() && !detail.ends_with('.'), "{detail}");
        }
    }

    #[test]
    fn a_fault_shows_only_the_beginning_of_what_was_written() {
        let problem = Problem::new(Code::TooLong, "ü".repeat(1_000));
        assert_eq!(problem.value.chars().count(), Problem::SHOWN_CHARACTERS_MAX + 1);
    }
}
