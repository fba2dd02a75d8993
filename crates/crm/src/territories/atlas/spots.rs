//! Spots: every place where a lead may be, as far as the maps tell places apart: each postcode of Germany,
//! Austria, Switzerland and the USA, and each other country as a whole.
//! Uses: maps.

use std::sync::LazyLock;

use condition::Value;
use place::{Country, postcode};

use super::maps::Map;

/// Countries whose postcodes the maps tell apart.
const DETAILED: [&str; 4] = ["DE", "AT", "CH", "US"];

/// What another country weighs in the outline of a territory, in postcodes.
const COUNTRY_WEIGHT: u32 = 1_000;

/// No area.
const NOWHERE: u16 = u16::MAX;

pub struct Spot {
    pub state: Option<Value>,
    pub postcode: Option<Value>,
    pub point: Option<Value>,
    pub weight: u32,
    /// The area that it lies in, by the map's place.
    areas: [u16; Map::ALL.len()],
}

impl Spot {
    pub fn area(&self, map: Map) -> Option<usize> {
        let area = self.areas[map.place()];
        (area != NOWHERE).then_some(usize::from(area))
    }
}

/// The spots of one country.
pub struct Land {
    pub code: &'static str,
    pub country: Value,
    pub spots: std::ops::Range<u32>,
}

pub struct Spots {
    pub lands: Vec<Land>,
    pub all: Vec<Spot>,
    /// What the spots of each area weigh, by the map's place.
    weights: Vec<Vec<u32>>,
}

/// All spots, made when first asked for.
pub static SPOTS: LazyLock<Spots> = LazyLock::new(Spots::make);

static COUNTIES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/maps/us-county-postcodes.txt"));
    text.lines().filter_map(|line| line.split_once(' ')).collect()
});

impl Spots {
    fn make() -> Spots {
        let (mut lands, mut all) = (Vec::new(), Vec::new());
        for country in Country::all() {
            let first = index(all.len());
            if DETAILED.contains(&country.code()) {
                all.extend(postcode::codes(country).map(|(code, place)| {
                    let state = place.state.map(place::State::code);
                    Spot {
                        state: state.map(|state| Value::Key(state.into())),
                        postcode: Some(Value::Key(code.as_str().into())),
                        point: Some(Value::Point(place.point)),
                        weight: 1,
                        areas: areas(country.code(), state, Some(code.as_str())),
                    }
                }));
            } else {
                all.push(Spot {
                    state: None,
                    postcode: None,
                    point: None,
                    weight: COUNTRY_WEIGHT,
                    areas: areas(country.code(), None, None),
                });
            }
            let code = country.code();
            lands.push(Land { code, country: Value::Key(code.into()), spots: first..index(all.len()) });
        }
        let mut weights: Vec<Vec<u32>> = Map::ALL.map(|map| vec![0; map.chart().codes.len()]).into();
        for spot in &all {
            for map in Map::ALL {
                if let Some(area) = spot.area(map) {
                    weights[map.place()][area] += spot.weight;
                }
            }
        }
        Spots { lands, all, weights }
    }

    pub fn weight(&self, map: Map, area: usize) -> u32 {
        self.weights[map.place()][area]
    }
}

fn index(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than four thousand million spots")
}

fn areas(country: &str, state: Option<&str>, postcode: Option<&str>) -> [u16; Map::ALL.len()] {
    Map::ALL.map(|map| {
        let area = code(map, country, state, postcode).and_then(|code| map.chart().area(&code));
        area.and_then(|area| u16::try_from(area).ok()).unwrap_or(NOWHERE)
    })
}

/// The code of the map's area that an address lies in.
pub fn code(map: Map, country: &str, state: Option<&str>, postcode: Option<&str>) -> Option<String> {
    let is_in = |countries: &[&str]| countries.contains(&country);
    match map {
        Map::World => Some(country.to_owned()),
        Map::UsCounties => {
            let county = county(postcode.filter(|_| is_in(&["US"]))?)?;
            Some(format!("US {county}"))
        }
        Map::UsStates => state.filter(|_| is_in(&["US"])).map(str::to_owned),
        Map::DachStates => state.filter(|_| is_in(&["DE", "AT", "CH"])).map(str::to_owned),
        Map::DachPostcodes1 | Map::DachPostcodes2 | Map::DachPostcodes3 if country == "DE" => {
            Some(format!("DE {}", postcode?.get(..map.digits()?)?))
        }
        _ => state.filter(|_| is_in(&["AT", "CH"])).map(str::to_owned),
    }
}

fn county(postcode: &str) -> Option<&'static str> {
    let postcode = postcode.get(..5)?;
    let after = COUNTIES.partition_point(|&(first, _)| first <= postcode);
    Some(COUNTIES[after.checked_sub(1)?].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_lies_in_an_area_of_every_map_of_its_region() {
        let cases = [
            (Map::World, "DE", Some("DE-BY"), Some("80331"), Some("DE")),
            (Map::World, "FR", None, None, Some("FR")),
            (Map::DachStates, "DE", Some("DE-BY"), Some("80331"), Some("DE-BY")),
            (Map::DachStates, "US", Some("US-CA"), None, None),
            (Map::DachPostcodes1, "DE", None, Some("80331"), Some("DE 8")),
            (Map::DachPostcodes3, "DE", None, Some("80331"), Some("DE 803")),
            (Map::DachPostcodes2, "AT", Some("AT-9"), Some("1010"), Some("AT-9")),
            (Map::DachPostcodes2, "DE", None, None, None),
            (Map::UsStates, "US", Some("US-CA"), Some("90001"), Some("US-CA")),
            (Map::UsCounties, "US", None, Some("90001"), Some("US 06037")),
            (Map::UsCounties, "DE", None, Some("90001"), None),
        ];
        for (map, country, state, postcode, expected) in cases {
            let code = code(map, country, state, postcode);
            assert_eq!(code.as_deref(), expected, "{map:?} {country} {postcode:?}");
            assert!(code.is_none_or(|code| map.chart().area(&code).is_some()), "{map:?} knows the area");
        }
    }

    #[test]
    fn nearly_every_postcode_lies_in_an_area() {
        let spots = &*SPOTS;
        for map in Map::ALL {
            let without = (0..map.chart().codes.len()).filter(|&area| spots.weight(map, area) == 0);
            let without: Vec<&str> = without.map(|area| map.chart().codes[area].as_str()).collect();
            assert!(without.len() * 20 <= map.chart().codes.len(), "{map:?}: no spots in {without:?}");
        }
        let nowhere = spots.all.iter().filter(|spot| Map::ALL.iter().all(|&map| spot.area(map).is_none()));
        // Small countries that the map of the world leaves out.
        assert!(nowhere.count() < 60);
    }
}
