//! Names of areas, in both languages.
//! Uses: maps.

use std::collections::HashMap;
use std::sync::LazyLock;

use place::{Country, State, postcode};

/// What people call an area.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub en: String,
    pub de: String,
}

static COUNTIES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/maps/us-county-names.txt"));
    text.lines().filter_map(|line| line.split_once(' ')).collect()
});

/// The town of most postcodes that begin with one, two or three digits.
static TOWNS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut counts: HashMap<String, HashMap<&'static str, u32>> = HashMap::new();
    for (code, place) in Country::by_code("DE").into_iter().flat_map(postcode::codes) {
        for digits in 1..=3 {
            let beginning = code.as_str().chars().take(digits).collect();
            *counts.entry(beginning).or_default().entry(place.city).or_default() += 1;
        }
    }
    let most = |(beginning, towns): (String, HashMap<&'static str, u32>)| {
        let town = towns.into_iter().max_by_key(|&(town, count)| (count, std::cmp::Reverse(town)))?;
        Some((beginning, town.0))
    };
    counts.into_iter().filter_map(most).collect()
});

/// The name of an area by its code; a code that nobody knows is its own name.
pub fn of(code: &str) -> Name {
    let same = |name: &str| Name { en: name.to_owned(), de: name.to_owned() };
    if let Some(state) = State::by_code(code) {
        return Name { en: state.name_en().to_owned(), de: state.name_de().to_owned() };
    }
    if let Some(country) = Country::by_code(code) {
        return Name { en: country.name_en().to_owned(), de: country.name_de().to_owned() };
    }
    let name = match code.split_once(' ') {
        Some(("DE", beginning)) => TOWNS.get(beginning),
        Some(("US", county)) => COUNTIES.get(county),
        _ => None,
    };
    name.map_or_else(|| same(code), |name| same(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::territories::atlas::maps::Map;

    #[test]
    fn areas_go_by_the_names_that_people_use() {
        for (code, en, de) in [
            ("DE", "Germany", "Deutschland"),
            ("DE-BY", "Bavaria", "Bayern"),
            ("DE 80", "München", "München"),
            ("DE 803", "München", "München"),
            ("US 06037", "Los Angeles", "Los Angeles"),
        ] {
            assert_eq!(of(code), Name { en: en.to_owned(), de: de.to_owned() }, "{code}");
        }
    }

    #[test]
    fn nearly_every_area_has_a_name() {
        for map in Map::ALL {
            let codes = &map.chart().codes;
            let nameless: Vec<&String> = codes.iter().filter(|code| of(code).de == **code).collect();
            assert!(nameless.len() * 50 <= codes.len(), "{map:?}: {nameless:?}");
        }
    }
}
