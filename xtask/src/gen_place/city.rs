//! Which of a code's places gives the city its name in an address.
//!
//! GeoNames lists hamlets, boroughs, branch post offices and, in Germany, the firms and offices that have a
//! code of their own. The city is what somebody writes on an envelope: never a firm.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use place::{Code, Point};

use super::postcodes::Row;

/// What is known of names beyond a single code.
pub struct Names {
    /// How many codes of the country, or of the British postcode area, list a place of that name.
    counts: BTreeMap<(String, String), usize>,
    /// Towns that have a dialling code of their own, and how many digits it has.
    dialling: BTreeMap<String, usize>,
    /// Germany: the towns of ordinary codes by the codes' first two digits.
    towns: BTreeMap<String, Vec<(Point, &'static str, String)>>,
}

impl Names {
    pub fn read(raw: &Path, country: &str, codes: &BTreeMap<Code, Vec<Row>>) -> Result<Names> {
        let mut names = Names { counts: BTreeMap::new(), dialling: BTreeMap::new(), towns: BTreeMap::new() };
        for (code, rows) in codes {
            let distinct: BTreeSet<&str> = rows.iter().map(|row| row.place.as_str()).collect();
            for place in distinct {
                *names.counts.entry((area(country, *code), place.to_owned())).or_default() += 1;
            }
        }
        let dialling = match country {
            "AT" => Some("de/43"),
            "DE" => Some("de/49"),
            "GB" => Some("en/44"),
            _ => None,
        };
        if let Some(file) = dialling {
            let dialling =
                std::fs::read_to_string(raw.join(format!("tel_libphonenumber/geocoding/{file}.txt")))?;
            for (code, town) in dialling.lines().filter_map(|line| line.split_once('|')) {
                let digits = names.dialling.entry(town.to_owned()).or_insert(code.len());
                *digits = code.len().min(*digits);
            }
        }
        if country == "DE" {
            codes.iter().for_each(|(code, rows)| names.add_towns(*code, rows));
        }
        Ok(names)
    }

    fn add_towns(&mut self, code: Code, rows: &[Row]) {
        let towns: Vec<&Row> = rows.iter().filter(|row| !row.is_receiver && !row.state.is_empty()).collect();
        let Some(first) = towns.first() else { return };
        let name = german(&towns, self);
        let point = Point::from_lat_lon(first.lat, first.lon).expect("GeoNames places lie on earth");
        let known = self.towns.entry(code.as_str()[..2].to_owned()).or_default();
        known.push((point, first.state, name));
    }

    /// The nearest town of the same state, of those whose codes begin alike where there are any.
    fn nearest_town(&self, code: Code, receiver: &Row) -> Option<String> {
        let point = Point::from_lat_lon(receiver.lat, receiver.lon)?;
        let nearest = |towns: &mut dyn Iterator<Item = &(Point, &'static str, String)>| {
            let near = towns.filter(|(_, state, _)| *state == receiver.state);
            near.min_by_key(|(town, _, _)| town.chord2(point)).map(|(_, _, name)| name.clone())
        };
        let alike = self.towns.get(&code.as_str()[..2]).and_then(|towns| nearest(&mut towns.iter()));
        alike.or_else(|| nearest(&mut self.towns.values().flatten()))
    }

    /// Ranks towns by their dialling code: the shorter it is, the larger the town; none ranks lowest.
    fn dialling_rank(&self, place: &str) -> Option<Reverse<usize>> {
        self.dialling.get(place).copied().map(Reverse)
    }

    fn count(&self, country: &str, code: Code, place: &str) -> usize {
        self.counts.get(&(area(country, code), place.to_owned())).copied().unwrap_or(0)
    }
}

/// Chooses the city of a code among its places in the state that won.
pub fn of(country: &str, code: Code, rows: &[&Row], names: &Names) -> String {
    match country {
        "DE" if rows[0].is_receiver => receiver(code, rows, names),
        "DE" => german(rows, names),
        "AT" => austrian(rows, names),
        "CH" => swiss(code, rows, names),
        "GB" => british(code, rows, names),
        "CA" => canadian(code, rows[0]),
        _ => most_common(rows.iter().map(|row| (row.place.as_str(), row.province.contains(&row.place)))),
    }
}

/// The name that is listed most often; of equals one that is preferred, then the first listed.
fn most_common<'a>(names: impl Iterator<Item = (&'a str, bool)>) -> String {
    let mut counted: Vec<(&str, (usize, bool))> = Vec::new();
    for (name, is_preferred) in names {
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, (count, _))) => *count += 1,
            None => counted.push((name, (1, is_preferred))),
        }
    }
    let best = counted.iter().map(|&(_, rank)| rank).max();
    let first = counted.iter().find(|&&(_, rank)| Some(rank) == best);
    first.map_or(String::new(), |(name, _)| (*name).to_owned())
}

/// The name of a German town that is a district of its own, such as `München`; else nothing.
fn urban_district(community: &str) -> Option<&str> {
    let before = ["Kreisfreie Stadt ", "Stadtkreis "].iter().find_map(|head| community.strip_prefix(head));
    let after =
        [", Stadt", ", kreisfreie Stadt", ", Freie und Hansestadt", ", Stadtkreis", ", Landeshauptstadt"]
            .iter()
            .find_map(|tail| community.strip_suffix(tail));
    let town = before.or(after)?;
    Some(town.strip_suffix(", Stadt").unwrap_or(town))
}

fn german(rows: &[&Row], names: &Names) -> String {
    if let Some(town) = rows.iter().find_map(|row| urban_district(&row.community))
        && rows.iter().all(|row| row.place.starts_with(town))
    {
        return town.to_owned();
    }
    // `Dresden` before `Dresden Friedrichstadt`: the name that begins most of the others; of equals the town
    // with the shortest dialling code, then the first listed.
    let begins = |place: &str| rows.iter().filter(|row| row.place.starts_with(place)).count();
    let rank = |row: &Row| (begins(&row.place), names.dialling_rank(&row.place));
    let best = rows.iter().map(|row| rank(row)).max();
    let town = rows.iter().find(|row| Some(rank(row)) == best);
    // `Halsbach, Kreis Altötting` is Halsbach on an envelope.
    town.and_then(|row| row.place.split(", Kreis ").next()).unwrap_or_default().to_owned()
}

/// A large receiver's town: the urban district, or else the nearest town whose codes begin alike.
fn receiver(code: Code, rows: &[&Row], names: &Names) -> String {
    const ENGLISH: [(&str, &str); 4] = [
        ("Nuremberg", "Nürnberg"),
        ("Frankfurt am Main", "Frankfurt am Main"),
        ("Munich", "München"),
        ("Cologne", "Köln"),
    ];
    let community = most_common(rows.iter().map(|row| (row.community.as_str(), false)));
    let english =
        ENGLISH.iter().find(|(english, _)| *english == community).map(|&(_, german)| german.to_owned());
    english
        .or_else(|| urban_district(&community).map(str::to_owned))
        .or_else(|| names.nearest_town(code, rows.iter().find(|row| row.community == community)?))
        .unwrap_or(community)
}

/// The municipality with most places; its main village where that is one of them.
fn austrian(rows: &[&Row], names: &Names) -> String {
    if rows.iter().any(|row| row.state == "9") {
        return "Wien".to_owned();
    }
    // `Graz,01.Bez.:Innere Stadt` is Graz.
    let town = |row: &Row| row.place.split(',').next().unwrap_or_default().to_owned();
    let towns: Vec<String> = rows.iter().map(|row| town(row)).collect();
    // `Ried im Innkreis` before the more hamlets of `Pattigham`: a town with a dialling code, if one is there.
    let has_code =
        |row: &&&Row| names.dialling_rank(&row.community).is_some() && towns.contains(&row.community);
    let known: Vec<&&Row> = rows.iter().filter(has_code).collect();
    let known = if known.is_empty() { rows.iter().collect() } else { known };
    let community =
        most_common(known.iter().map(|row| (row.community.as_str(), towns.contains(&row.community))));
    if towns.contains(&community) {
        return community;
    }
    most_common(towns.iter().map(|town| (town.as_str(), false)))
}

/// `Aarau 1` and `Bern 65 SBB` are post offices of Aarau and Bern.
fn swiss(code: Code, rows: &[&Row], names: &Names) -> String {
    let town = |place: &str| {
        let words: Vec<&str> = place.split(' ').collect();
        let end = words.iter().position(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        words[..end.filter(|&end| end > 0).unwrap_or(words.len())].join(" ")
    };
    // The most listed; of equals the municipality of that name, then the one that most codes share.
    let rank = |row: &Row| {
        let name = town(&row.place);
        let listed = rows.iter().filter(|other| town(&other.place) == name).count();
        let is_community = row.community.split(" (").next() == Some(name.as_str());
        (listed, is_community, names.count("CH", code, &name))
    };
    let best = rows.iter().map(|row| rank(row)).max();
    let first = rows.iter().find(|row| Some(rank(row)) == best);
    first.map_or(String::new(), |row| town(&row.place))
}

/// London's areas are London; elsewhere a town with a dialling code, then the name most codes share.
fn british(code: Code, rows: &[&Row], names: &Names) -> String {
    if matches!(area("GB", code).as_str(), "E" | "EC" | "N" | "NW" | "SE" | "SW" | "W" | "WC") {
        return "London".to_owned();
    }
    let rank = |row: &Row| (names.count("GB", code, &row.place), names.dialling_rank(&row.place));
    let best = rows.iter().map(|row| rank(row)).max();
    let town = rows.iter().find(|row| Some(rank(row)) == best);
    town.map_or(String::new(), |row| row.place.clone())
}

/// `Toronto (Leaside)` is Toronto, `Sydney North` Sydney; of a rural region the town stands in brackets.
fn canadian(code: Code, row: &Row) -> String {
    const QUARTERS: [&str; 16] = [
        "North",
        "South",
        "East",
        "West",
        "Northeast",
        "Northwest",
        "Southeast",
        "Southwest",
        "Central",
        "Outer",
        "Inner",
        "Downtown",
        "Centre",
        "Upper",
        "Lower",
        "Outskirts",
    ];
    if row.place.contains("Provincial Government")
        || row.place.starts_with("Government of")
        || row.place.contains("Business Reply")
    {
        let towns = [&row.community, &row.province].into_iter().find(|name| !name.is_empty());
        // Ontario's own code is the only one that comes without a town.
        return towns.map_or("Toronto", String::as_str).to_owned();
    }
    let beyond =
        row.place.strip_prefix(&row.province).unwrap_or("-").trim_start().split(' ').next().unwrap_or("");
    if !row.province.is_empty()
        && (beyond.is_empty() || beyond.starts_with('(') || QUARTERS.contains(&beyond))
    {
        return row.province.clone();
    }
    let (name, inside) = row.place.split_once(" (").unwrap_or((&row.place, ""));
    let name = name.strip_prefix("Downtown ").unwrap_or(name);
    if code.as_str().as_bytes()[1] == b'0' && !inside.is_empty() {
        return inside.trim_end_matches(')').split(" / ").next().unwrap_or(inside).to_owned();
    }
    let mut words: Vec<&str> = name.split(' ').collect();
    while words.len() > 1 && words.last().is_some_and(|word| QUARTERS.contains(word)) {
        words.pop();
    }
    words.join(" ")
}

/// The letters that begin a British code; elsewhere nothing.
fn area(country: &str, code: Code) -> String {
    match country {
        "GB" => code.as_str().chars().take_while(char::is_ascii_alphabetic).collect(),
        _ => String::new(),
    }
}
