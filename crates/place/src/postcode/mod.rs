//! Postcodes: country and code in, city, state and point out.
//! The packed table is searched where it lies in the binary; nothing is parsed or copied at the start.
//!
//! Of a code with several places the state is that of most of them (ties: the smaller code), the point the
//! middle (median) of the places in that state, the city the one that carries the code. How these are chosen
//! stands in `xtask/src/gen_place/`.

mod code;
mod packed;

pub use code::Code;

use crate::{Country, Point, State, name};
use packed::{Packed, tables};

/// What a postcode says of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub city: &'static str,
    /// Missing for military post, the Channel Islands and the Isle of Man.
    pub state: Option<State>,
    pub point: Point,
}

/// Finds what the data knows of a postcode, written without spaces or with them, in capitals or not.
///
/// British codes are looked up by their outward part, Canadian ones by their first three characters (FSA),
/// Dutch ones by their digits, American ones by their first five.
pub fn find(country: Country, postcode: &str) -> Option<Place> {
    let table = Packed::of(country)?;
    let code = Code::new(without_country(country, postcode))?;
    table.find(code).or_else(|| table.find(code.district(country)?))
}

/// Returns the postcode without the country that people used to write before it: `D-80331`, `L-1855`.
pub fn without_country(country: Country, postcode: &str) -> &str {
    let postcode = postcode.trim();
    if postcode.starts_with(|first: char| first.is_ascii_digit()) {
        return postcode;
    }
    let vehicle = match country.code() {
        "DE" => "D",
        "AT" => "A",
        "LI" => "FL",
        "LU" => "L",
        "FR" => "F",
        "IT" => "I",
        "BE" => "B",
        "ES" => "E",
        "SE" => "S",
        "NO" => "N",
        "FI" => "FIN",
        "HU" => "H",
        code => code,
    };
    let rest_behind = |code: &str| {
        let (head, rest) = postcode.split_at_checked(code.len())?;
        let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start();
        (head.eq_ignore_ascii_case(code) && rest.starts_with(|first: char| first.is_ascii_digit()))
            .then_some(rest)
    };
    match country.postcode_digits() {
        Some(_) => rest_behind(country.code()).or_else(|| rest_behind(vehicle)).unwrap_or(postcode),
        None => postcode,
    }
}

/// Returns the countries that the data knows postcodes of.
pub fn countries() -> impl Iterator<Item = Country> {
    tables().iter().map(|table| table.country)
}

/// Returns every code of a country in order, each once; British and Canadian ones are districts.
pub fn codes(country: Country) -> impl Iterator<Item = (Code, Place)> {
    with_prefix(country, "")
}

/// Returns the codes that begin with a prefix, in order.
pub fn with_prefix(country: Country, prefix: &str) -> impl Iterator<Item = (Code, Place)> {
    let range = Code::range_of_prefix(prefix);
    let found = Packed::of(country).zip(range).map(|(table, (first, last))| table.between(first, last));
    found.into_iter().flatten()
}

/// Returns codes whose city begins with a text, whatever the case and the accents, by city and then code.
pub fn with_city(country: Country, city: &str, count_max: usize) -> Vec<(Code, Place)> {
    let Some(table) = Packed::of(country) else { return Vec::new() };
    let key = name::key(city);
    if key.is_empty() {
        return Vec::new();
    }
    let found = table.by_city(&key, count_max);
    match name::key_without_umlauts(&key) {
        Some(plain) if found.is_empty() => table.by_city(&plain, count_max),
        _ => found,
    }
}

/// Returns true if the text has the form of a whole postcode of the country; unknown forms fit.
pub fn fits(country: Country, postcode: &str) -> bool {
    let shape_is = |pattern: &str| {
        postcode.len() == pattern.len()
            && postcode.bytes().zip(pattern.bytes()).all(|(byte, shape)| match shape {
                b'9' => byte.is_ascii_digit(),
                _ => byte.is_ascii_alphabetic(),
            })
    };
    if let Some(digits) = country.postcode_digits() {
        let (first, suffix) = postcode.split_at_checked(digits).unwrap_or((postcode, "-"));
        let suffix_fits = match (country.code(), suffix) {
            (_, "") => true,
            ("US" | "PR", suffix) => suffix
                .strip_prefix('-')
                .is_some_and(|more| more.len() == 4 && more.bytes().all(|byte| byte.is_ascii_digit())),
            _ => false,
        };
        return first.bytes().all(|byte| byte.is_ascii_digit()) && suffix_fits;
    }
    match country.code() {
        "CA" => shape_is("A9A9A9") || shape_is("A9A"),
        "NL" => shape_is("9999AA") || shape_is("9999"),
        "GB" | "GG" | "JE" | "IM" => Code::new(postcode).is_some_and(|code| {
            let outward = code.district(country).unwrap_or(code);
            let outward = outward.as_str().as_bytes();
            outward.len() <= 4 && outward[0].is_ascii_alphabetic() && outward.iter().any(u8::is_ascii_digit)
        }),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
