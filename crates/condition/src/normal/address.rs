//! Countries, states and postcodes as records hold them.

use place::{Country, State, postcode};

use super::fault::{Code, Problem};
use super::{POSTCODE_CHARACTERS_MAX, text};

/// A postcode in its normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postcode {
    /// In capitals, without spaces and without the country before it; of American ZIP+4 codes with the
    /// hyphen.
    pub text: String,
    /// True where lost leading zeros were restored.
    pub is_repaired: bool,
}

/// Reads a country by its code or name.
pub fn country(text: &str) -> Result<Country, Problem> {
    Country::find(text).ok_or_else(|| Problem::new(Code::UnknownCountry, text))
}

/// Reads a state of the record's country. Where the record has none, a whole code says which, then the
/// default country is tried, then all others, if only one of them knows the name.
pub fn state(text: &str, country: Option<Country>, default: Option<Country>) -> Result<State, Problem> {
    if let Some(country) = country {
        let fault = || Problem::new(Code::UnknownState, text).expecting(country.code());
        return State::find(country, text).ok_or_else(fault);
    }
    if let Some(state) = State::by_code(text.trim()).or_else(|| State::find(default?, text)) {
        return Ok(state);
    }
    let mut found = Country::all().filter_map(|country| State::find(country, text));
    match (found.next(), found.next()) {
        (Some(state), None) => Ok(state),
        _ => Err(Problem::new(Code::UnknownState, text)),
    }
}

/// Reads a postcode of a record. `default` serves records without a country: it restores zeros, but a code of
/// another form is nobody's fault then.
pub fn postcode(text: &str, country: Option<Country>, default: Option<Country>) -> Result<Postcode, Problem> {
    let written = text::line(text, POSTCODE_CHARACTERS_MAX * 2)?;
    let owner = country.or(default);
    let plain = owner.map_or(&*written, |owner| postcode::without_country(owner, &written));
    let kept: String = match plain.bytes().all(|byte| byte.is_ascii_digit()) {
        true => plain.to_owned(),
        false => {
            plain.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect()
        }
    };
    if kept.chars().count() > POSTCODE_CHARACTERS_MAX {
        return Err(Problem::new(Code::TooLong, text).expecting(POSTCODE_CHARACTERS_MAX));
    }
    if !kept.chars().all(|letter| letter.is_alphanumeric() || letter == '-') {
        return Err(Problem::new(Code::NotAPostcode, text));
    }
    let Some(owner) = owner else { return Ok(Postcode { text: kept, is_repaired: false }) };
    let (text, is_repaired) = match with_zeros(owner, &kept) {
        Some(repaired) => (repaired, true),
        None => (with_hyphen(owner, kept), false),
    };
    match (country.and_then(Country::postcode_digits), country) {
        (Some(digits), Some(country)) if !postcode::fits(country, &text) => {
            Err(Problem::new(Code::PostcodeLength, written)
                .expecting(format_args!("{} {digits}", country.code())))
        }
        _ => Ok(Postcode { text, is_repaired }),
    }
}

/// Returns the part of a postcode that compares: of American ZIP+4 codes the first five digits. Such a code
/// tells its country by its form.
pub fn comparable(country: Option<Country>, postcode: &str) -> &str {
    let may_be_american = country.is_none_or(|country| matches!(country.code(), "US" | "PR"));
    let is_zip_plus_4 = || {
        let bytes = postcode.as_bytes();
        bytes.len() == 10
            && bytes[5] == b'-'
            && bytes.iter().enumerate().all(|(at, byte)| at == 5 || byte.is_ascii_digit())
    };
    if may_be_american && is_zip_plus_4() { &postcode[..5] } else { postcode }
}

/// Restores the zeros that a spreadsheet took away from the front, where the country's codes can have them.
fn with_zeros(country: Country, text: &str) -> Option<String> {
    let digits = country.postcode_digits()?;
    let (first, suffix) = text.split_once('-').map_or((text, None), |(first, suffix)| (first, Some(suffix)));
    let lost = digits.checked_sub(first.len()).filter(|&lost| lost > 0)?;
    let is_number = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || lost > country.postcode_leading_zeros_max() {
        return None;
    }
    Some(match suffix {
        Some(suffix) => format!("{first:0>digits$}-{suffix}"),
        None => format!("{first:0>digits$}"),
    })
}

/// Puts the hyphen into an American code of nine digits.
fn with_hyphen(country: Country, text: String) -> String {
    let is_nine = text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    match country.code() {
        "US" | "PR" if is_nine => format!("{}-{}", &text[..5], &text[5..]),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_postcode_is_in_capitals_without_spaces_and_keeps_its_zeros() {
        for (code, text, expected) in [
            ("DE", "80331", Ok(("80331", false))),
            ("DE", " 80 331 ", Ok(("80331", false))),
            ("DE", "D-80331", Ok(("80331", false))),
            ("DE", "1067", Ok(("01067", true))),
            ("DE", "D-1067", Ok(("01067", true))),
            ("DE", "106", Err(Code::PostcodeLength)),
            ("DE", "803310", Err(Code::PostcodeLength)),
            ("DE", "SW1A 1AA", Err(Code::PostcodeLength)),
            ("AT", "1010", Ok(("1010", false))),
            ("AT", "101", Err(Code::PostcodeLength)),
            ("CH", "CH-8001", Ok(("8001", false))),
            ("LU", "L-1855", Ok(("1855", false))),
            ("US", "94105-1804", Ok(("94105-1804", false))),
            ("US", "941051804", Ok(("94105-1804", false))),
            ("US", "501", Ok(("00501", true))),
            ("US", "2139-4307", Ok(("02139-4307", true))),
            ("US", "94105-18", Err(Code::PostcodeLength)),
            ("GB", "sw1a 1aa", Ok(("SW1A1AA", false))),
            ("CA", "k1a 0b1", Ok(("K1A0B1", false))),
            ("NL", "1012 ab", Ok(("1012AB", false))),
            ("PL", "00-950", Ok(("00-950", false))),
            ("FR", "1000", Ok(("01000", true))),
            ("", "1067", Ok(("1067", false))),
            ("", "80331?", Err(Code::NotAPostcode)),
            ("", "1234567890123", Err(Code::TooLong)),
        ] {
            let found = postcode(text, Country::by_code(code), None);
            let found = found.map(|found| (found.text, found.is_repaired)).map_err(|problem| problem.code);
            assert_eq!(found, expected.map(|(text, is)| (text.to_owned(), is)), "{code} {text}");
        }
    }

    #[test]
    fn a_default_country_restores_zeros_but_finds_no_fault() {
        let germany = Country::by_code("DE");
        for (text, expected) in
            [("1067", "01067"), ("SW1A 1AA", "SW1A1AA"), ("106", "106"), ("D-80331", "80331")]
        {
            assert_eq!(
                postcode(text, None, germany).map(|found| found.text).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn an_american_code_compares_by_its_first_five_digits() {
        for (code, text, expected) in [
            ("US", "94105-1804", "94105"),
            ("", "94105-1804", "94105"),
            ("US", "94105", "94105"),
            ("DE", "80331", "80331"),
            ("PL", "00-950", "00-950"),
            ("BR", "01310-1000", "01310-1000"),
        ] {
            assert_eq!(comparable(Country::by_code(code), text), expected, "{code} {text}");
        }
    }

    #[test]
    fn a_state_is_found_with_and_without_the_records_country() {
        let (germany, austria) = (Country::by_code("DE"), Country::by_code("AT"));
        for (text, of, default, expected) in [
            ("Bayern", germany, None, Some("DE-BY")),
            ("BY", None, germany, Some("DE-BY")),
            ("DE-BY", None, austria, Some("DE-BY")),
            ("Bavaria", None, None, Some("DE-BY")),
            ("DE-BY", austria, None, None),
            ("BY", None, None, None),
            ("Atlantis", None, None, None),
        ] {
            assert_eq!(state(text, of, default).ok().map(State::code), expected, "{text} {of:?} {default:?}");
        }
    }

    proptest! {
        #[test]
        fn a_postcode_twice_is_the_postcode_once(text in "[A-Za-z]{0,2}-?[0-9 ]{0,9}-?[0-9A-Za-z]{0,4}", code in 0usize..249) {
            let country = Country::all().nth(code);
            for (country, default) in [(country, None), (None, country), (None, None)] {
                if let Ok(once) = postcode(&text, country, default) {
                    let twice = postcode(&once.text, country, default);
                    prop_assert_eq!(twice, Ok(Postcode { text: once.text, is_repaired: false }));
                }
            }
        }
    }
}
