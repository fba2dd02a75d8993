//! Telephone numbers: E.164 plus extension, or as written where no number can be made of it.

use std::fmt;

use place::Country;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

use crate::value::PhoneFact;

/// A telephone number in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    /// E.164 (`+49891234567`), or the text as written where it is no valid number.
    pub number: Box<str>,
    /// What is dialled once the switchboard answers.
    pub extension: Option<Box<str>>,
    /// Missing for what is no valid number and for numbers of no country, such as `+800`.
    pub country: Option<Country>,
    /// False for what is kept as written: no valid number.
    pub is_valid: bool,
}

impl Phone {
    /// Reads a number as it is dialled in a country; without one only numbers with a country code are
    /// understood. Never drops anything: what is no valid number is kept as written.
    pub fn read(text: &str, country: Option<Country>) -> Phone {
        let text = text.trim();
        let kept = || Phone { number: text.into(), extension: None, country: None, is_valid: false };
        let Some(number) = parse(text, country) else { return kept() };
        let region = PHONE_NUMBER_UTIL.get_region_for_number(&number);
        // The region is that of the metadata by which the number is valid; a number without is none.
        let Some(region) = region else { return kept() };
        Phone {
            number: PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).as_ref().into(),
            extension: number.extension.as_deref().filter(|digits| !digits.is_empty()).map(Into::into),
            country: Country::by_code(&region.as_region_str()),
            is_valid: true,
        }
    }

    /// Returns what conditions compare.
    pub fn fact(&self) -> PhoneFact {
        PhoneFact {
            number: self.number.clone(),
            country: self.country.map(|country| country.code().into()),
            area: self.area().map(Into::into),
        }
    }

    /// Returns country and area code, like `+4989`; of mobile numbers country and network code.
    pub fn area(&self) -> Option<String> {
        if !self.is_valid {
            return None;
        }
        if let Some(area) = place::phone::area(&self.number) {
            return Some(area.prefix(&self.number).to_owned());
        }
        let number = PHONE_NUMBER_UTIL.parse(&*self.number, None).ok()?;
        let length = PHONE_NUMBER_UTIL.get_length_of_national_destination_code(&number);
        let code_length = 1 + number.country_code.to_string().len();
        let area = self.number.get(..code_length + length)?;
        (length > 0).then(|| area.to_owned())
    }
}

/// Writes the number so that reading it gives the same again: `+49891234567;ext=18`.
impl fmt::Display for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.number)?;
        match &self.extension {
            Some(extension) => write!(formatter, ";ext={extension}"),
            None => Ok(()),
        }
    }
}

fn parse(text: &str, country: Option<Country>) -> Option<PhoneNumber> {
    // Most of the world dials 00 before a country code, and writes it so for readers elsewhere too.
    let international =
        text.strip_prefix("00").filter(|rest| !rest.starts_with('0')).map(|rest| format!("+{rest}"));
    let text = international.as_deref().unwrap_or(text);
    let region = country.and_then(|country| Region::from_code(country.code()).ok());
    PHONE_NUMBER_UTIL.parse(text, region).ok()
}

/// Parts a cell of several numbers at semicolons, but not before `ext=`.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let is_end = |&at: &usize| !text[at + 1..].trim_start().starts_with("ext=");
        match text.match_indices(';').map(|(at, _)| at).find(is_end) {
            Some(at) => {
                rest = Some(&text[at + 1..]);
                Some(&text[..at])
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Option<Country> {
        Country::by_code(code)
    }

    #[test]
    fn a_number_becomes_e164_with_the_country_as_default() {
        for (text, default, number, of, area) in [
            ("089 1234567", "DE", "+49891234567", "DE", "+4989"),
            ("089/123 45-67", "DE", "+49891234567", "DE", "+4989"),
            ("+49 (0)89 1234567", "", "+49891234567", "DE", "+4989"),
            ("0049 89 1234567", "", "+49891234567", "DE", "+4989"),
            ("0049 89 1234567", "US", "+49891234567", "DE", "+4989"),
            ("+49 171 1234567", "AT", "+491711234567", "DE", "+49171"),
            ("01 5123456", "AT", "+4315123456", "AT", "+431"),
            ("044 668 18 00", "CH", "+41446681800", "CH", "+4144"),
            ("(415) 555-0132", "US", "+14155550132", "US", "+1415"),
            ("+1 416 555 0132", "", "+14165550132", "CA", "+1416"),
            ("020 7183 8750", "GB", "+442071838750", "GB", "+4420"),
            ("+423 234 56 78", "", "+4232345678", "LI", "+423234"),
        ] {
            let phone = Phone::read(text, country(default));
            assert!(phone.is_valid, "{text}");
            let fact = phone.fact();
            let found =
                (&*fact.number, fact.country.as_deref().unwrap_or(""), fact.area.as_deref().unwrap_or(""));
            assert_eq!(found, (number, of, area), "{text}");
        }
    }

    #[test]
    fn an_extension_stands_beside_the_number() {
        let phone = Phone::read("+1 415 555 0132 ext. 18", None);
        assert_eq!((&*phone.number, phone.extension.as_deref()), ("+14155550132", Some("18")));
        assert_eq!(phone.to_string(), "+14155550132;ext=18");
        assert_eq!(Phone::read(&phone.to_string(), country("DE")), phone);
    }

    #[test]
    fn what_is_no_number_is_kept_as_written() {
        for text in [
            "auf Anfrage",
            "089 1234567 (Zentrale, Frau Huber)?",
            "123",
            "089 1234567",
            "+49",
            "0",
            "++",
            "00",
        ] {
            let phone = Phone::read(&format!(" {text} "), None);
            if !phone.is_valid {
                assert_eq!((&*phone.number, phone.country), (text, None));
                assert_eq!(phone.fact().area, None);
            }
        }
        assert!(!Phone::read("089 1234567", None).is_valid);
    }

    #[test]
    fn a_cell_holds_several_numbers() {
        let found = |text| parts(text).collect::<Vec<_>>();
        assert_eq!(found("1;2; 3"), ["1", "2", " 3"]);
        assert_eq!(found("+49891;ext=18;2"), ["+49891;ext=18", "2"]);
        assert_eq!(found("1; ext=2"), ["1; ext=2"]);
        assert_eq!(found(""), [""]);
    }
}
