//! Values of criteria that the tables of `place` know: countries, states, postcodes, circles, phones.

use place::{Country, State};
use serde_json::{Map, Value as Json};

use super::{Parser, shown};
use crate::circle::{Around, Circle, Circles, Middle};
use crate::fault::Code;
use crate::normal::{Phone, address};
use crate::tree::PostcodeRange;

/// Half the way around the earth, and every point lies inside.
const METRES_MAX: f64 = 20_038_000.0;

/// The countries that an `all` group demands, if one of its criteria names some.
pub(super) fn demanded_countries(group: &Json) -> Option<Vec<Country>> {
    let criteria = group.as_array()?.iter().filter_map(Json::as_object);
    let mut demanding = criteria.filter(|criterion| {
        let says = |key: &str, value: &str| criterion.get(key).and_then(Json::as_str) == Some(value);
        says("field", "country") && says("op", "is_any_of")
    });
    let values = demanding.next()?.get("values")?.as_array()?;
    Some(values.iter().filter_map(|value| Country::find(value.as_str()?)).collect())
}

impl Parser<'_> {
    pub(super) fn country(&mut self, json: &Json) -> Option<Box<str>> {
        let text = self.text(json)?;
        let country = Country::find(text);
        if country.is_none() {
            self.fault(Code::UnknownCountry, text, "");
        }
        country.map(|country| country.code().into())
    }

    /// Reads a state: by its whole code, else in the countries that the rule demands, else anywhere.
    pub(super) fn state(&mut self, json: &Json) -> Option<Box<str>> {
        let text = self.text(json)?;
        if let Some(state) = State::by_code(text) {
            return Some(state.code().into());
        }
        let demanded = self.countries.iter().rev().flatten().copied();
        let mut found: Vec<State> = demanded.filter_map(|country| State::find(country, text)).collect();
        if found.is_empty() {
            found = Country::all().filter_map(|country| State::find(country, text)).collect();
        }
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [state] => return Some(state.code().into()),
            [] => self.fault(Code::UnknownState, text, ""),
            _ => {
                let codes: Vec<_> = found.iter().map(|state| state.code()).collect();
                self.fault(Code::AmbiguousState, text, codes.join(", "));
            }
        }
        None
    }

    /// Reads a whole postcode. Where the rule demands one country, lost zeros are restored.
    pub(super) fn postcode(&mut self, json: &Json) -> Option<Box<str>> {
        let text = self.postcode_text(json)?;
        let country = match self.countries.last().map(Vec::as_slice) {
            Some(&[country]) => Some(country),
            _ => None,
        };
        self.comparable(country, &text).map(Into::into)
    }

    pub(super) fn postcode_beginning(&mut self, json: &Json) -> Option<Box<str>> {
        self.postcode_text(json).map(Into::into)
    }

    fn postcode_text(&mut self, json: &Json) -> Option<String> {
        if let Json::Number(_) = json {
            // A number has lost its leading zeros; which, nobody knows.
            self.fault(Code::NotAText, shown(json), "");
            return None;
        }
        let text: String = self.text(json)?.split_whitespace().collect();
        Some(text.to_uppercase())
    }

    /// The code as it compares; `country` tells which zeros are lost.
    fn comparable(&mut self, country: Option<Country>, text: &str) -> Option<String> {
        let Ok(postcode) = address::postcode(text, None, country) else {
            self.fault(Code::NotAPostcode, text, "");
            return None;
        };
        Some(address::comparable(country, &postcode.text).to_owned())
    }

    /// Reads `80000-87999`.
    pub(super) fn postcode_range(&mut self, json: &Json) -> Option<PostcodeRange> {
        let text = self.text(json)?;
        let end = |text: &str| {
            let text = text.trim();
            let is_code =
                !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
            is_code.then(|| (text.len(), text.parse::<u64>().expect("18 digits fit")))
        };
        let ends = text.split_once(['-', '–']).and_then(|(first, last)| Some((end(first)?, end(last)?)));
        match ends {
            None => self.fault(Code::NotAPostcodeRange, text, ""),
            Some(((first_digits, _), (last_digits, _))) if first_digits != last_digits => {
                self.fault(Code::PostcodeRangeLengths, text, "");
            }
            Some(((_, first), (_, last))) if first > last => {
                self.fault(Code::PostcodeRangeReversed, text, "")
            }
            Some(((digits, first), (_, last))) => {
                let digits = u8::try_from(digits).expect("at most 18");
                return Some(PostcodeRange { digits, first, last });
            }
        }
        None
    }

    /// Reads circles like `{"country": "DE", "postcode": "80331", "km": 50}` or around `lat` and `lon`.
    pub(super) fn circles(&mut self, values: &[Json]) -> Option<Circles> {
        self.each(values, Self::circle).map(Circles::new)
    }

    fn circle(&mut self, json: &Json) -> Option<(Around, Circle)> {
        let Json::Object(object) = json else {
            self.fault(Code::NotACircle, shown(json), "country, postcode, km; lat, lon, km");
            return None;
        };
        let by_postcode = object.contains_key("postcode") || object.contains_key("country");
        let keys = if by_postcode { ["country", "postcode", "km"] } else { ["lat", "lon", "km"] };
        self.only_keys(object, &keys);
        let missing: Vec<_> = keys.into_iter().filter(|key| !object.contains_key(*key)).collect();
        if !missing.is_empty() {
            self.fault(Code::NotACircle, shown(json), keys.join(", "));
            return None;
        }
        let middle = if by_postcode { self.middle_postcode(object) } else { self.middle_degrees(object) };
        let metres = self.below("km", |parser| parser.metres(&object["km"]));
        let ((middle, point), metres) = (middle?, metres?);
        Some((Around { middle, metres }, Circle::around(point, metres)))
    }

    fn middle_postcode(&mut self, object: &Map<String, Json>) -> Option<(Middle, crate::Point)> {
        let country = self.below("country", |parser| parser.country(&object["country"]));
        let written = self.below("postcode", |parser| parser.postcode_text(&object["postcode"]));
        let (country, written) = (Country::by_code(&country?)?, written?);
        let postcode = self.below("postcode", |parser| parser.comparable(Some(country), &written))?;
        let Some(place) = place::postcode::find(country, &postcode) else {
            self.below("postcode", |parser| parser.fault(Code::UnknownPostcode, &written, country.code()));
            return None;
        };
        let middle = Middle::Postcode { country: country.code().into(), postcode: postcode.into() };
        Some((middle, place.point))
    }

    fn middle_degrees(&mut self, object: &Map<String, Json>) -> Option<(Middle, crate::Point)> {
        let mut degrees = |key: &str, most: f64, code| {
            self.below(key, |parser| {
                let json = &object[key];
                let degrees = json.as_f64().filter(|degrees| degrees.abs() <= most);
                if degrees.is_none() {
                    parser.fault(code, shown(json), most);
                }
                // Rounded before it is used, so that the way to JSON and back draws the same circle.
                #[expect(clippy::cast_possible_truncation, reason = "at most 180 degrees in 10⁻⁷ fit")]
                degrees.map(|degrees| (degrees * 1e7).round() as i32)
            })
        };
        let latitude = degrees("lat", 90.0, Code::NotALatitude);
        let longitude = degrees("lon", 180.0, Code::NotALongitude);
        let (latitude_e7, longitude_e7) = (latitude?, longitude?);
        let point = crate::Point::from_degrees(f64::from(latitude_e7) / 1e7, f64::from(longitude_e7) / 1e7);
        Some((Middle::Degrees { latitude_e7, longitude_e7 }, point))
    }

    fn metres(&mut self, json: &Json) -> Option<u32> {
        let metres = json
            .as_f64()
            .map(|km| (km * 1000.0).round())
            .filter(|metres| (1.0..=METRES_MAX).contains(metres));
        if metres.is_none() {
            self.fault(Code::NotADistance, shown(json), METRES_MAX / 1000.0);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
        metres.map(|metres| metres as u32)
    }

    pub(super) fn phone(&mut self, json: &Json) -> Option<Box<str>> {
        let text = self.text(json)?;
        let written = text.strip_prefix("00").map_or_else(|| text.to_owned(), |rest| format!("+{rest}"));
        let phone = Phone::read(&written, None);
        if !phone.is_valid {
            self.fault(Code::NotAPhone, text, "");
            return None;
        }
        Some(phone.number)
    }

    /// Reads `+4989`, also as `+49 89`, `+49 (0) 89` or `0049 89`.
    pub(super) fn area_code(&mut self, json: &Json) -> Option<Box<str>> {
        let text = self.text(json)?;
        let kept: String = text
            .replace("(0)", "")
            .chars()
            .filter(|character| {
                !character.is_whitespace() && !matches!(character, '-' | '/' | '(' | ')' | '.')
            })
            .collect();
        let digits = kept.strip_prefix('+').or_else(|| kept.strip_prefix("00"));
        let digits = digits.filter(|digits| {
            (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        if digits.is_none() {
            self.fault(Code::NotAnAreaCode, text, "");
        }
        digits.map(|digits| format!("+{digits}").into())
    }
}
