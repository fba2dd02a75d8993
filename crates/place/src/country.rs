//! Countries of ISO 3166-1, by code or by the names that people use.

use std::fmt;
use std::sync::LazyLock;

use crate::name;
use crate::table::Table;

/// Alpha-2, alpha-3, English, German; sorted by alpha-2.
static COUNTRIES: LazyLock<Table> = LazyLock::new(|| {
    Table::new(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/place/iso-codes/countries.tsv")))
});

/// Key of a name or an alpha-3 code, alpha-2; sorted by key.
static NAMES: LazyLock<Table> = LazyLock::new(|| {
    Table::new(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../data/place/iso-codes/country_names.tsv"
    )))
});

/// A place in the table for every pair of letters.
static BY_ALPHA_2: LazyLock<[Option<Country>; 26 * 26]> = LazyLock::new(|| {
    let mut places = [None; 26 * 26];
    for country in Country::all() {
        places[letters(country.code().as_bytes()).expect("two letters")] = Some(country);
    }
    places
});

/// A country of ISO 3166-1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country(u8);

/// Countries whose postcodes are digits of a fixed number, and how many zeros a code can begin with: a
/// spreadsheet that took the code for a number has lost at most those.
const POSTCODE_DIGITS: [(&str, u8, u8); 63] = [
    ("AT", 4, 0),
    ("AU", 4, 1),
    ("BA", 5, 0),
    ("BD", 4, 0),
    ("BE", 4, 0),
    ("BG", 4, 0),
    ("CH", 4, 0),
    ("CN", 6, 1),
    ("CR", 5, 0),
    ("CU", 5, 0),
    ("CY", 4, 0),
    ("CZ", 5, 0),
    ("DE", 5, 1),
    ("DK", 4, 1),
    ("DZ", 5, 1),
    ("EE", 5, 0),
    ("EG", 5, 0),
    ("ES", 5, 1),
    ("FI", 5, 2),
    ("FR", 5, 1),
    ("GE", 4, 1),
    ("GR", 5, 0),
    ("HR", 5, 0),
    ("HU", 4, 0),
    ("ID", 5, 0),
    ("IN", 6, 0),
    ("IS", 3, 0),
    ("IT", 5, 2),
    ("KE", 5, 2),
    ("LI", 4, 0),
    ("LK", 5, 2),
    ("LT", 5, 1),
    ("LU", 4, 0),
    ("LV", 4, 0),
    ("MA", 5, 0),
    ("MC", 5, 0),
    ("ME", 5, 0),
    ("MK", 4, 0),
    ("MX", 5, 1),
    ("MY", 5, 1),
    ("NO", 4, 3),
    ("NP", 5, 0),
    ("NZ", 4, 1),
    ("PE", 5, 1),
    ("PH", 4, 1),
    ("PK", 5, 0),
    ("PR", 5, 2),
    ("RO", 6, 1),
    ("RS", 5, 0),
    ("RU", 6, 0),
    ("SE", 5, 0),
    ("SG", 6, 1),
    ("SI", 4, 0),
    ("SK", 5, 1),
    ("SM", 5, 0),
    ("TH", 5, 0),
    ("TN", 4, 0),
    ("TR", 5, 1),
    ("UA", 5, 1),
    ("US", 5, 2),
    ("UY", 5, 0),
    ("VA", 5, 2),
    ("ZA", 4, 3),
];

/// How many digits a country's postcodes have, and how many zeros they can begin with.
#[derive(Clone, Copy)]
struct PostcodeShape {
    digits: usize,
    leading_zeros_max: usize,
}

/// [`POSTCODE_DIGITS`] by country.
static POSTCODE_SHAPES: LazyLock<Vec<Option<PostcodeShape>>> = LazyLock::new(|| {
    let shape = |country: Country| {
        let (_, digits, zeros) = POSTCODE_DIGITS.into_iter().find(|(code, ..)| *code == country.code())?;
        Some(PostcodeShape { digits: digits.into(), leading_zeros_max: zeros.into() })
    };
    Country::all().map(shape).collect()
});

impl Country {
    /// Finds a country by alpha-2, alpha-3, English or German name or a usual alias, whatever the case
    /// and the accents.
    pub fn find(text: &str) -> Option<Country> {
        if let Some(country) = Country::by_code(text.trim()) {
            return Some(country);
        }
        let key = name::key(text);
        by_key(&key).or_else(|| by_key(&name::key_without_umlauts(&key)?))
    }

    /// Finds a country by its alpha-2 code only.
    pub fn by_code(code: &str) -> Option<Country> {
        letters(code.as_bytes()).and_then(|at| BY_ALPHA_2[at])
    }

    /// Returns all countries, sorted by alpha-2.
    pub fn all() -> impl ExactSizeIterator<Item = Country> {
        (0..u8::try_from(COUNTRIES.len()).expect("fewer than 256 countries")).map(Country)
    }

    /// Returns the alpha-2 code.
    pub fn code(self) -> &'static str {
        &COUNTRIES.row(usize::from(self.0))[..2]
    }

    pub fn alpha_3(self) -> &'static str {
        self.cell(1)
    }

    pub fn name_en(self) -> &'static str {
        self.cell(2)
    }

    pub fn name_de(self) -> &'static str {
        self.cell(3)
    }

    /// Returns how many digits the country's postcodes have, where they are digits of a fixed number.
    pub fn postcode_digits(self) -> Option<usize> {
        self.postcode_shape().map(|shape| shape.digits)
    }

    /// Returns how many zeros a postcode of the country can begin with.
    pub fn postcode_leading_zeros_max(self) -> usize {
        self.postcode_shape().map_or(0, |shape| shape.leading_zeros_max)
    }

    fn postcode_shape(self) -> Option<PostcodeShape> {
        POSTCODE_SHAPES[usize::from(self.0)]
    }

    fn cell(self, column: usize) -> &'static str {
        COUNTRIES.cell(usize::from(self.0), column)
    }

    /// Returns the country's place in the table, for callers that keep something per country.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

fn by_key(key: &str) -> Option<Country> {
    let row = NAMES.find(|first| first.cmp(key))?;
    Country::by_code(NAMES.cell(row, 1))
}

fn letters(code: &[u8]) -> Option<usize> {
    let &[first, second] = code else { return None };
    let letter = |byte: u8| byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_uppercase() - b'A'));
    Some(letter(first)? * 26 + letter(second)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_found_by_code_name_and_alias() {
        for (text, code) in [
            ("DE", "DE"),
            ("de", "DE"),
            (" De ", "DE"),
            ("DEU", "DE"),
            ("Germany", "DE"),
            ("DEUTSCHLAND", "DE"),
            ("Bundesrepublik Deutschland", "DE"),
            ("USA", "US"),
            ("U.S.", "US"),
            ("United States of America", "US"),
            ("Vereinigte Staaten von Amerika", "US"),
            ("UK", "GB"),
            ("Great Britain", "GB"),
            ("Großbritannien", "GB"),
            ("grossbritannien", "GB"),
            ("England", "GB"),
            ("South Korea", "KR"),
            ("Südkorea", "KR"),
            ("Republic of Korea", "KR"),
            ("Österreich", "AT"),
            ("Oesterreich", "AT"),
            ("osterreich", "AT"),
            ("Schweiz", "CH"),
            ("Suisse", "CH"),
            ("Czech Republic", "CZ"),
            ("Tschechien", "CZ"),
            ("Turkey", "TR"),
            ("Türkei", "TR"),
            ("Tuerkei", "TR"),
            ("Holland", "NL"),
            ("The Netherlands", "NL"),
            ("Russia", "RU"),
            ("Elfenbeinküste", "CI"),
            ("Côte d’Ivoire", "CI"),
            ("Liechtenstein", "LI"),
            ("FL", "LI"),
            ("Viet Nam", "VN"),
        ] {
            assert_eq!(Country::find(text).map(Country::code), Some(code), "{text}");
        }
        for text in ["", "XX", "Germania Inferior", "ZZZ", "1", "Ü"] {
            assert_eq!(Country::find(text), None, "{text}");
        }
    }

    #[test]
    fn every_country_is_found_by_each_of_its_own_names() {
        assert_eq!(Country::all().len(), 249);
        for country in Country::all() {
            for text in [country.code(), country.alpha_3(), country.name_en(), country.name_de()] {
                assert_eq!(Country::find(text), Some(country), "{text}");
            }
        }
    }

    #[test]
    fn postcodes_have_a_fixed_number_of_digits_in_many_countries() {
        assert!(POSTCODE_DIGITS.is_sorted());
        for (code, digits) in [
            ("DE", Some(5)),
            ("AT", Some(4)),
            ("CH", Some(4)),
            ("LI", Some(4)),
            ("LU", Some(4)),
            ("US", Some(5)),
            ("GB", None),
            ("CA", None),
            ("NL", None),
        ] {
            assert_eq!(Country::find(code).expect("a country").postcode_digits(), digits, "{code}");
        }
        for (code, ..) in POSTCODE_DIGITS {
            assert!(Country::by_code(code).is_some(), "{code}");
        }
    }
}
