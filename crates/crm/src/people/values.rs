//! Values that people and settings are made of, read at the door.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use access::BuiltInRole;
use condition::value::Currency;
use jiff::tz::TimeZoneDatabase;
use place::Country;
use rotation::hours::{HoursFault, WorkingHours};
use unicode_normalization::UnicodeNormalization;

use crate::app::Micros;
use crate::error::{Error, Fault};

pub const NAME_CHARS_MAX: usize = 200;
pub const NOTE_CHARS_MAX: usize = 500;
/// The languages that Revier speaks.
pub const LANGUAGES: [&str; 2] = ["de", "en"];

/// Working hours as JSON has them: spans like `08:00-17:00` per weekday.
pub type Hours = BTreeMap<String, Vec<String>>;

/// Collects what is wrong with a request, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Takes a value out of its result, or keeps its fault.
    pub fn keep<T>(&mut self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.0.push(fault)).ok()
    }

    /// As [`Faults::keep`], for values that may be left out.
    pub fn keep_some<T, V>(
        &mut self,
        value: Option<V>,
        read: impl FnOnce(V) -> Result<T, Fault>,
    ) -> Option<T> {
        value.and_then(|value| self.keep(read(value)))
    }

    pub fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.0.extend(faults);
    }

    /// # Errors
    /// [`Error::Invalid`] where there is a fault.
    pub fn end(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Error {
        Error::Invalid(faults.0)
    }
}

/// A country by its code or one of its names.
///
/// # Errors
/// The fault.
pub fn country(pointer: &str, text: &str) -> Result<Country, Fault> {
    let detail = "write a country of ISO 3166-1, such as DE or Germany";
    Country::find(text).ok_or_else(|| Fault::new(pointer, "country_unknown", text, detail))
}

/// The country that a company is probably in, by its clocks or else its language: an offer, to be seen and changed.
pub fn likely_country(time_zone: &str, language: &str) -> Option<Country> {
    let by_zone =
        ZONES_OF_COUNTRIES.iter().find(|(_, zones)| zones.contains(&time_zone)).map(|(code, _)| *code);
    // Other zones belong to somewhere else than where German is spoken.
    let by_language = (language == "de" && time_zone == "UTC").then_some("DE");
    by_zone.or(by_language).and_then(Country::by_code)
}

/// Time zones that most of a country's companies live by, the country's alone.
const ZONES_OF_COUNTRIES: [(&str, &[&str]); 32] = [
    ("AT", &["Europe/Vienna"]),
    ("AU", &["Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Perth"]),
    ("BE", &["Europe/Brussels"]),
    ("BR", &["America/Sao_Paulo"]),
    (
        "CA",
        &["America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax"],
    ),
    ("CH", &["Europe/Zurich"]),
    ("CZ", &["Europe/Prague"]),
    ("DE", &["Europe/Berlin", "Europe/Busingen"]),
    ("DK", &["Europe/Copenhagen"]),
    ("ES", &["Europe/Madrid"]),
    ("FI", &["Europe/Helsinki"]),
    ("FR", &["Europe/Paris"]),
    ("GB", &["Europe/London"]),
    ("GR", &["Europe/Athens"]),
    ("HU", &["Europe/Budapest"]),
    ("IE", &["Europe/Dublin"]),
    ("IN", &["Asia/Kolkata", "Asia/Calcutta"]),
    ("IT", &["Europe/Rome"]),
    ("JP", &["Asia/Tokyo"]),
    ("KR", &["Asia/Seoul"]),
    ("LI", &["Europe/Vaduz"]),
    ("LU", &["Europe/Luxembourg"]),
    ("MX", &["America/Mexico_City"]),
    ("NL", &["Europe/Amsterdam"]),
    ("NO", &["Europe/Oslo"]),
    ("NZ", &["Pacific/Auckland"]),
    ("PL", &["Europe/Warsaw"]),
    ("PT", &["Europe/Lisbon"]),
    ("RO", &["Europe/Bucharest"]),
    ("SE", &["Europe/Stockholm"]),
    ("TR", &["Europe/Istanbul"]),
    (
        "US",
        &[
            "America/New_York",
            "America/Detroit",
            "America/Chicago",
            "America/Denver",
            "America/Phoenix",
            "America/Los_Angeles",
            "America/Anchorage",
            "Pacific/Honolulu",
        ],
    ),
];

/// A name: one line, trimmed, NFC.
///
/// # Errors
/// Where it is empty, too long, or holds control characters.
pub fn name(pointer: &str, text: &str) -> Result<String, Fault> {
    let name: String = text.trim().nfc().collect();
    if name.is_empty() {
        return Err(Fault::new(pointer, "name_empty", text, "give it a name"));
    }
    if name.chars().any(char::is_control) {
        let detail = "a name is one line without control characters";
        return Err(Fault::new(pointer, "name_control_character", text, detail));
    }
    at_most(pointer, name, NAME_CHARS_MAX)
}

/// A note: may be empty.
///
/// # Errors
/// Where it is too long.
pub fn note(pointer: &str, text: &str) -> Result<String, Fault> {
    at_most(pointer, text.trim().nfc().collect(), NOTE_CHARS_MAX)
}

fn at_most(pointer: &str, text: String, most: usize) -> Result<String, Fault> {
    let chars = text.chars().count();
    if chars > most {
        let detail = format!("at most {most} characters; this has {chars}");
        return Err(Fault::new(pointer, "text_long", chars, detail));
    }
    Ok(text)
}

/// A language that Revier speaks.
///
/// # Errors
/// Where it is another.
pub fn language(pointer: &str, text: &str) -> Result<String, Fault> {
    let known = LANGUAGES.into_iter().find(|known| *known == text);
    known.map(str::to_owned).ok_or_else(|| {
        let detail = format!("Revier speaks {}", LANGUAGES.join(" and "));
        Fault::new(pointer, "language_unknown", text, detail)
    })
}

/// A time zone's name as the IANA list has it, in any case.
///
/// # Errors
/// Where the list does not have it.
pub fn time_zone(pointer: &str, text: &str) -> Result<String, Fault> {
    ZONES.get(&text.trim().to_ascii_lowercase()).cloned().ok_or_else(|| {
        let detail = "name a time zone of the IANA list, like Europe/Berlin";
        Fault::new(pointer, "time_zone_unknown", text, detail)
    })
}

/// All names of the list, for pages to choose from.
pub fn time_zones() -> impl Iterator<Item = &'static str> {
    ZONES.values().map(String::as_str)
}

/// The list that is part of Revier, so that every server knows the same zones; by name in lower case.
static ZONES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let zones = TimeZoneDatabase::bundled();
    zones.available().map(|name| (name.to_string().to_ascii_lowercase(), name.to_string())).collect()
});

/// An ISO 4217 currency.
///
/// # Errors
/// Where there is none of that code.
pub fn currency(pointer: &str, text: &str) -> Result<Currency, Fault> {
    Currency::parse(text).ok_or_else(|| {
        let detail = "name a currency by its ISO 4217 code, like EUR";
        Fault::new(pointer, "currency_unknown", text, detail)
    })
}

/// An RFC 3339 instant.
///
/// # Errors
/// Where it is none.
pub fn instant(pointer: &str, text: &str) -> Result<Micros, Fault> {
    text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_microsecond).map_err(|_| {
        let detail = "write an instant like 2026-03-01T08:00:00Z";
        Fault::new(pointer, "instant_unreadable", text, detail)
    })
}

/// Working hours in their canonical text.
///
/// # Errors
/// Every span that is none or lies across another, and days that are none.
pub fn hours(pointer: &str, written: Hours) -> Result<String, Vec<Fault>> {
    let value = serde_json::json!(written);
    let hours = WorkingHours::try_from(written).map_err(|faults| {
        let of =
            |fault: HoursFault| Fault::new(pointer, hours_code(&fault), value.clone(), fault.to_string());
        faults.0.into_iter().map(of).collect::<Vec<_>>()
    })?;
    serde_json::to_string(&hours).map_err(|error| {
        vec![Fault::new(pointer, "working_hours_unreadable", value.clone(), error.to_string())]
    })
}

fn hours_code(fault: &HoursFault) -> &'static str {
    match fault {
        HoursFault::NoSuchDay(_) => "working_hours_day",
        HoursFault::NoSpan { .. } => "working_hours_span",
        HoursFault::Overlap { .. } => "working_hours_overlap",
        HoursFault::Empty => "working_hours_empty",
    }
}

/// The keys of the roles that every workspace has, for messages.
pub fn built_in_roles() -> String {
    BuiltInRole::ALL.map(BuiltInRole::key).join(", ")
}

#[cfg(test)]
mod tests {
    use super::{currency, language, name, time_zone};

    #[test]
    fn only_the_zones_of_the_list_exist() {
        for (text, zone) in [
            ("Europe/Berlin", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            ("UTC", "UTC"),
            ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ] {
            assert_eq!(time_zone("/time_zone", text).as_deref(), Ok(zone));
        }
        for text in
            ["", "Berlin", "Europe/Münster", "UTC+1", "+01:00", "CEST", "../../etc/passwd", "localtime"]
        {
            let fault = time_zone("/time_zone", text).expect_err(text);
            assert_eq!((fault.code.as_str(), fault.value.as_str()), ("time_zone_unknown", Some(text)));
        }
    }

    #[test]
    fn a_name_is_one_line_in_one_spelling() {
        assert_eq!(name("/name", "  Jo\u{308}rg ").as_deref(), Ok("J\u{f6}rg"));
        for (text, code) in
            [(" ", "name_empty"), ("a\nb", "name_control_character"), (&"x".repeat(201), "text_long")]
        {
            assert_eq!(name("/name", text).expect_err(text).code, code);
        }
    }

    #[test]
    fn languages_and_currencies_are_those_that_exist() {
        assert_eq!(language("/language", "de").as_deref(), Ok("de"));
        assert_eq!(language("/language", "fr").expect_err("not spoken").code, "language_unknown");
        assert_eq!(currency("/currency", "chf").expect("a currency").code(), "CHF");
        assert_eq!(currency("/currency", "EUX").expect_err("none").code, "currency_unknown");
    }
}
