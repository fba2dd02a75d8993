//! The packed table of postcodes, from GeoNames (CC BY 4.0). Its layout stands in `place::postcode`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use place::{Code, Point};

use super::city::{self, Names};
use super::{Rows, write_file};

const COUNTRIES: [&str; 9] = ["AT", "CA", "CH", "DE", "GB", "LI", "LU", "NL", "US"];
const MAGIC: &[u8; 8] = b"rvrpost1";
const HEAD_LENGTH: usize = 16;
const COUNTRY_LENGTH: usize = 24;
const STATE_NONE: u8 = 255;

/// One line of GeoNames: a place that a code reaches.
pub struct Row {
    pub place: String,
    /// The part of ISO 3166-2 behind the hyphen; empty where there is none.
    pub state: &'static str,
    /// True for the firms and offices of Germany that have a code of their own.
    pub is_receiver: bool,
    pub province: String,
    pub community: String,
    pub lat: f64,
    pub lon: f64,
}

/// What the table holds of one code.
struct Entry {
    key: u32,
    city: String,
    state: &'static str,
    point: Point,
}

pub fn write(raw: &Path, target: &Path) -> Result<()> {
    let mut file = Packed::default();
    for country in COUNTRIES {
        let rows = read(&raw.join("geo_postcodes_geonames"), country)?;
        let names = Names::read(raw, country, &rows)?;
        let entries = rows
            .iter()
            .map(|(&code, rows)| entry(country, code, rows, &names))
            .collect::<Result<Vec<Entry>>>()?;
        file.add(country, &entries)?;
    }
    write_file(&target.join("postcodes.bin"), file.finish()?)
}

fn read(folder: &Path, country: &str) -> Result<BTreeMap<Code, Vec<Row>>> {
    let source = Rows::read(&folder.join(format!("{country}.csv")))?;
    let column = |name: &str| source.column(name);
    let (code_at, place, state) = (column("zipcode")?, column("place")?, column("state_code")?);
    let (province, community) = (column("province")?, column("community")?);
    let (lat, lon) = (column("latitude")?, column("longitude")?);
    let mut codes: BTreeMap<Code, Vec<Row>> = BTreeMap::new();
    for row in &source.rows {
        let code = row[code_at].trim();
        let code = if country == "LU" { code.trim_start_matches("L-") } else { code };
        let code = Code::new(code).with_context(|| format!("{country} {code} is no postcode"))?;
        codes.entry(code).or_default().push(Row {
            place: row[place].trim().to_owned(),
            state: iso_state(country, row[state].trim())?,
            is_receiver: country == "DE" && row[state].starts_with(|first: char| first.is_ascii_digit()),
            province: row[province].trim().to_owned(),
            community: row[community].trim().to_owned(),
            lat: row[lat].parse()?,
            lon: row[lon].parse()?,
        });
    }
    Ok(codes)
}

/// Translates GeoNames' codes of states into ISO 3166-2.
fn iso_state(country: &str, code: &str) -> Result<&'static str> {
    const GERMANY: [&str; 16] =
        ["BW", "BY", "HB", "HH", "HE", "NI", "NW", "RP", "SL", "SH", "BB", "MV", "SN", "ST", "TH", "BE"];
    const NETHERLANDS: [&str; 16] =
        ["DR", "FR", "GE", "GR", "LI", "NB", "NH", "", "UT", "ZE", "ZH", "", "", "", "OV", "FL"];
    // Vaduz, Triesen, Balzers, Triesenberg, Schaan, Planken, Eschen, Mauren, Gamprin, Ruggell, Schellenberg.
    const LIECHTENSTEIN: [&str; 11] = ["11", "09", "01", "10", "07", "05", "02", "04", "03", "06", "08"];
    let number = code.parse::<usize>().ok();
    let of = |list: &[&'static str], first: usize| {
        number.and_then(|number| list.get(number.checked_sub(first)?).copied())
    };
    let state = match country {
        "DE" if number.is_some() => of(&GERMANY, 1),
        "NL" => of(&NETHERLANDS, 1),
        "LI" => of(&LIECHTENSTEIN, 7001),
        "AT" => of(&["1", "2", "3", "4", "5", "6", "7", "8", "9"], 1),
        // Jungholz belongs to Austria; military post, the Marshall Islands and the crown dependencies to
        // no state of the table.
        _ if code.is_empty() || (country, code) == ("US", "MH") || code == "L93000001" => Some(""),
        _ => place::State::by_code(&format!("{country}-{code}")).map(|state| &state.code()[3..]),
    };
    state.with_context(|| format!("{country} has no state {code}"))
}

fn entry(country: &str, code: Code, rows: &[Row], names: &Names) -> Result<Entry> {
    // Most places win; ties the smaller code. A state unknown counts only where no other is known.
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    rows.iter()
        .filter(|row| !row.state.is_empty())
        .for_each(|row| *counts.entry(row.state).or_default() += 1);
    let most = counts.values().max();
    let state = counts.iter().find(|(_, count)| Some(*count) == most).map_or("", |(state, _)| state);
    let inside: Vec<&Row> = rows.iter().filter(|row| row.state == state).collect();
    // A town that shares its code with its own town hall lies where the town lies.
    let towns: Vec<&Row> = inside.iter().copied().filter(|row| !row.is_receiver).collect();
    let inside = if towns.is_empty() { inside } else { towns };
    let middle = |of: fn(&Row) -> f64| median(inside.iter().map(|row| of(row)).collect());
    let point = Point::from_lat_lon(middle(|row| row.lat), middle(|row| row.lon));
    Ok(Entry {
        key: code.key().with_context(|| format!("{country} {code} is too long"))?,
        city: city::of(country, code, &inside, names),
        state,
        point: point.with_context(|| format!("{country} {code} does not lie on earth"))?,
    })
}

/// The middle value: a place that the data put far away does not move it.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { f64::midpoint(values[half - 1], values[half]) }
}

/// The file as it grows: one block per country, then the texts.
#[derive(Default)]
struct Packed {
    heads: Vec<u8>,
    body: Vec<u8>,
    texts: Vec<u8>,
    places: HashMap<String, u32>,
}

impl Packed {
    const BODY: usize = HEAD_LENGTH + COUNTRIES.len() * COUNTRY_LENGTH;

    fn add(&mut self, country: &str, entries: &[Entry]) -> Result<()> {
        let mut states: Vec<&str> =
            entries.iter().map(|entry| entry.state).filter(|state| !state.is_empty()).collect();
        states.sort_unstable();
        states.dedup();
        let mut by_city: Vec<u16> = (0..u16::try_from(entries.len())?).collect();
        by_city.sort_by_cached_key(|&at| {
            let entry = &entries[usize::from(at)];
            (place::name::key(&entry.city), entry.key)
        });
        let keys_at = self.at()?;
        entries.iter().for_each(|entry| self.body.extend(entry.key.to_le_bytes()));
        let rows_at = self.at()?;
        for entry in entries {
            self.add_row(entry, &states)?;
        }
        let by_city_at = self.at()?;
        by_city.iter().for_each(|at| self.body.extend(at.to_le_bytes()));
        let states_at = self.at()?;
        states.iter().for_each(|state| self.body.extend(format!("{state:<3}").as_bytes()));
        self.heads.extend(country.as_bytes());
        self.heads.extend(u16::try_from(states.len())?.to_le_bytes());
        for number in [u32::try_from(entries.len())?, keys_at, rows_at, by_city_at, states_at] {
            self.heads.extend(number.to_le_bytes());
        }
        Ok(())
    }

    fn add_row(&mut self, entry: &Entry, states: &[&str]) -> Result<()> {
        let text = match self.places.get(&entry.city) {
            Some(&at) => at,
            None => {
                let at = u32::try_from(self.texts.len())?;
                self.texts.push(u8::try_from(entry.city.len())?);
                self.texts.extend(entry.city.as_bytes());
                self.places.insert(entry.city.clone(), at);
                at
            }
        };
        let state = match states.binary_search(&entry.state) {
            Ok(at) => u8::try_from(at)?,
            Err(_) => STATE_NONE,
        };
        self.body.extend(text.to_le_bytes());
        self.body.push(state);
        for coordinate in [entry.point.x, entry.point.y, entry.point.z] {
            self.body.extend(i32::try_from(coordinate)?.to_le_bytes());
        }
        Ok(())
    }

    fn at(&self) -> Result<u32> {
        Ok(u32::try_from(Self::BODY + self.body.len())?)
    }

    fn finish(self) -> Result<Vec<u8>> {
        ensure!(self.heads.len() == COUNTRIES.len() * COUNTRY_LENGTH, "a country's head has another length");
        let mut file = MAGIC.to_vec();
        file.extend(u32::try_from(COUNTRIES.len())?.to_le_bytes());
        file.extend(u32::try_from(Self::BODY + self.body.len())?.to_le_bytes());
        file.extend(self.heads);
        file.extend(self.body);
        file.extend(self.texts);
        Ok(file)
    }
}
