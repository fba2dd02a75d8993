//! Where a telephone number is at home, told by its first digits.

use std::sync::LazyLock;

use crate::Country;
use crate::table::Table;

/// Prefix without plus, English, German where it differs; sorted by prefix.
static AREAS: LazyLock<Table> = LazyLock::new(|| {
    Table::new(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/place/phone_areas.tsv")))
});

/// Prefix without plus, country; sorted by prefix.
static COUNTRIES: LazyLock<Table> = LazyLock::new(|| {
    Table::new(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/place/phone_countries.tsv")))
});

/// An area that numbers begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Country and area code with its plus, like `+4989`.
    prefix_length: usize,
    pub name_en: &'static str,
    pub name_de: &'static str,
}

impl Area {
    /// Returns the part of the number that is the area's, such as `+4989`.
    pub fn prefix<'number>(&self, number: &'number str) -> &'number str {
        &number[..=self.prefix_length]
    }
}

/// Returns the country of an E.164 number (`+49891234567`). Numbers that several countries share without
/// telling them apart, such as British and Guernsey ones, count to the largest.
pub fn country(number: &str) -> Option<Country> {
    let (row, _) = longest(&COUNTRIES, number)?;
    Country::by_code(COUNTRIES.cell(row, 1))
}

/// Returns the area of an E.164 number in Germany, Austria, Switzerland, the United States and Canada; of
/// German, Austrian and Swiss mobile numbers the network.
pub fn area(number: &str) -> Option<Area> {
    let (row, prefix_length) = longest(&AREAS, number)?;
    let (name_en, name_de) = (AREAS.cell(row, 1), AREAS.cell(row, 2));
    Some(Area { prefix_length, name_en, name_de: if name_de.is_empty() { name_en } else { name_de } })
}

fn longest(table: &Table, number: &str) -> Option<(usize, usize)> {
    let digits =
        number.strip_prefix('+').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let row = table.find_longest_beginning(digits)?;
    Some((row, table.first(row).len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_its_country() {
        for (number, code) in [
            ("+49891234567", "DE"),
            ("+4315123456", "AT"),
            ("+41446681800", "CH"),
            ("+4232345678", "LI"),
            ("+14155550132", "US"),
            ("+14165550132", "CA"),
            ("+12683456789", "AG"),
            ("+17873456789", "PR"),
            ("+79161234567", "RU"),
            ("+77012345678", "KZ"),
            ("+390669812345", "VA"),
            ("+390612345678", "IT"),
            ("+442071838750", "GB"),
            ("+35818123456", "AX"),
            ("+358401234567", "FI"),
            ("+8225550100", "KR"),
        ] {
            assert_eq!(country(number).map(Country::code), Some(code), "{number}");
        }
        for number in ["", "+", "089 1234567", "+0", "+999123"] {
            assert_eq!(country(number), None, "{number}");
        }
    }

    #[test]
    fn a_number_tells_its_area() {
        for (number, prefix, en, de) in [
            ("+49891234567", "+4989", "Munich", "München"),
            ("+493012345", "+4930", "Berlin", "Berlin"),
            ("+4315123456", "+431", "Vienna", "Wien"),
            ("+491711234567", "+49171", "mobile", "Mobilfunk"),
            ("+4915112345678", "+49151", "mobile", "Mobilfunk"),
            ("+436641234567", "+43664", "mobile", "Mobilfunk"),
            ("+41791234567", "+4179", "mobile", "Mobilfunk"),
            ("+41446681800", "+4144", "Zurich", "Zürich"),
            ("+14155550132", "+1415", "California", "California"),
            ("+14165550132", "+1416", "Ontario", "Ontario"),
        ] {
            let area = area(number).unwrap_or_else(|| panic!("{number} has no area"));
            assert_eq!((area.prefix(number), area.name_en, area.name_de), (prefix, en, de), "{number}");
        }
        for number in ["+442071838750", "", "+49"] {
            assert_eq!(area(number), None, "{number}");
        }
    }

    #[test]
    fn the_longest_prefix_counts_as_if_each_were_tried() {
        for table in [&*AREAS, &*COUNTRIES] {
            assert!(table.len() > 200);
            for row in 0..table.len() {
                for tail in ["", "0", "5", "99", "000000"] {
                    let number = format!("{}{tail}", table.first(row));
                    let tried = (1..=number.len())
                        .rev()
                        .find_map(|length| table.find(|first| first.cmp(&number[..length])));
                    assert_eq!(table.find_longest_beginning(&number), tried, "{number}");
                }
            }
        }
    }
}
