//! Prefixes of telephone numbers, from libphonenumber (Apache-2.0).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use super::write_file;

pub fn write(raw: &Path, target: &Path) -> Result<()> {
    write_areas(raw, &target.join("phone_areas.tsv"))?;
    write_countries(raw, &target.join("phone_countries.tsv"))
}

/// Prefix, English, and German where it differs. Of +1 only the area codes: their finer split is a hundred
/// times as large and tells the seller little.
fn write_areas(raw: &Path, path: &Path) -> Result<()> {
    let mut areas: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (language, code) in
        [("en", "49"), ("en", "43"), ("en", "41"), ("en", "1"), ("de", "49"), ("de", "43"), ("de", "41")]
    {
        let file = raw.join(format!("tel_libphonenumber/geocoding/{language}/{code}.txt"));
        let text = std::fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
        for (prefix, name) in text.lines().filter_map(|line| line.split_once('|')) {
            if code == "1" && prefix.len() != 4 {
                continue;
            }
            // Vienna's one area code is split by the digits that its numbers begin with.
            let prefix = if prefix.starts_with("431") { "431" } else { prefix };
            let area = areas.entry(prefix.to_owned()).or_default();
            if language == "en" { area.0 = name.to_owned() } else { area.1 = name.to_owned() }
        }
    }
    // The networks, which people know like area codes: 0171, 0664, 079.
    let german = (150..=179).filter(|code| !matches!(code, 154 | 156 | 158 | 161 | 164..=169));
    let networks = german.map(|code| format!("49{code}")).chain((650..=699).map(|code| format!("43{code}")));
    for prefix in networks.chain((74..=79).map(|code| format!("41{code}"))) {
        areas.entry(prefix).or_insert_with(|| ("mobile".to_owned(), "Mobilfunk".to_owned()));
    }
    let row = |(prefix, (en, de)): (&String, &(String, String))| match (en.as_str(), de.as_str()) {
        ("", de) => format!("{prefix}\t{de}\n"),
        (en, de) if de.is_empty() || de == en => format!("{prefix}\t{en}\n"),
        (en, de) => format!("{prefix}\t{en}\t{de}\n"),
    };
    write_file(path, areas.iter().map(row).collect::<String>())
}

/// Prefix and country; the longest prefix of a number counts.
fn write_countries(raw: &Path, path: &Path) -> Result<()> {
    let metadata = std::fs::read_to_string(raw.join("tel_libphonenumber/PhoneNumberMetadata.xml"))?;
    let mut prefixes: BTreeMap<String, String> = BTreeMap::new();
    for territory in metadata.split("<territory ").skip(1) {
        let head = territory.split('>').next().unwrap_or_default();
        let attribute = |name: &str| {
            let (_, rest) = head.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value.split_whitespace().collect::<String>())
        };
        let (Some(country), Some(code)) = (attribute("id"), attribute("countryCode")) else { continue };
        if place::Country::by_code(&country).is_none() {
            continue;
        }
        let is_main = attribute("mainCountryForCode").is_some();
        match attribute("leadingDigits") {
            Some(digits) if !is_main => {
                for digits in expand(&digits) {
                    prefixes.insert(format!("{code}{digits}"), country.clone());
                }
            }
            // A country that shares its code without digits of its own, such as Guernsey, is not told apart.
            _ if is_main => drop(prefixes.insert(code, country)),
            _ => drop(prefixes.entry(code).or_insert(country)),
        }
    }
    let canada = std::fs::read_to_string(raw.join("tel_libphonenumber/geocoding/en/1.txt"))?;
    for (prefix, name) in
        canada.lines().filter_map(|line| line.split_once('|')).filter(|(prefix, _)| prefix.len() == 4)
    {
        if PROVINCES.iter().any(|province| name.starts_with(province)) {
            prefixes.insert(prefix.to_owned(), "CA".to_owned());
        }
    }
    for (area, _) in read_canadian_areas(raw)? {
        prefixes.insert(format!("1{area}"), "CA".to_owned());
    }
    write_file(
        path,
        prefixes.iter().map(|(prefix, country)| format!("{prefix}\t{country}\n")).collect::<String>(),
    )
}

const PROVINCES: [&str; 13] = [
    "Alberta",
    "British Columbia",
    "Manitoba",
    "New Brunswick",
    "Newfoundland",
    "Northwest",
    "Nova Scotia",
    "Nunavut",
    "Ontario",
    "Prince Edward",
    "Quebec",
    "Saskatchewan",
    "Yukon",
];

fn read_canadian_areas(raw: &Path) -> Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(raw.join("tel_area_codes_us_ca/ca-area-code-geo.csv"))?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_once(','))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect())
}

/// Writes out a pattern of digits, classes, groups and bars: `8001|8[024]9` is 8001, 809, 829, 849.
fn expand(pattern: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in pattern.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if letter == '|' && depth == 0 {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    parts.iter().flat_map(|part| expand_row(part)).collect()
}

fn expand_row(row: &str) -> Vec<String> {
    let Some(first) = row.chars().next() else { return vec![String::new()] };
    let (heads, rest): (Vec<String>, &str) = if let Some(inside) = row.strip_prefix("(?:") {
        let (group, rest) = inside.split_at(inside.find(')').unwrap_or(inside.len()));
        (expand(group), rest.trim_start_matches(')'))
    } else if let Some(inside) = row.strip_prefix('[') {
        let (class, rest) = inside.split_at(inside.find(']').unwrap_or(inside.len()));
        (expand_class(class), rest.trim_start_matches(']'))
    } else {
        (vec![first.to_string()], &row[first.len_utf8()..])
    };
    let tails = expand_row(rest);
    heads.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}"))).collect()
}

fn expand_class(class: &str) -> Vec<String> {
    let letters: Vec<char> = class.chars().collect();
    let mut digits = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let end = if letters.get(at + 1) == Some(&'-') { at + 2 } else { at };
        digits.extend((letters[at]..=letters[end]).map(String::from));
        at = end + 1;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_of_leading_digits_is_written_out() {
        for (pattern, expected) in [
            ("268", "268"),
            ("787|939", "787 939"),
            ("8001|8[024]9", "8001 809 829 849"),
            ("74576|(?:16|7[56])24", "74576 1624 7524 7624"),
            ("[2-46]1", "21 31 41 61"),
        ] {
            assert_eq!(expand(pattern).join(" "), expected, "{pattern}");
        }
    }
}
