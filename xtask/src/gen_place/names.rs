//! Countries and states with the names by which they are found.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::{Rows, write_file};

/// Own corrections and additions: code to English, German and other names.
type Own = BTreeMap<String, (String, String, Vec<String>)>;

pub fn write(iso: &Path, own: &Path, target: &Path) -> Result<()> {
    let own = read_own(own)?;
    let folder = target.join("iso-codes");
    write_countries(iso, &own, &folder)?;
    write_states(iso, &own, &folder)?;
    write_file(&folder.join("copyright"), std::fs::read(iso.join("copyright"))?)
}

fn read_own(path: &Path) -> Result<Own> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = |at: usize| cells.get(at).copied().unwrap_or("").to_owned();
            let others = cell(3).split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect();
            (cell(0), (cell(1), cell(2), others))
        })
        .collect())
}

fn write_countries(iso: &Path, own: &Own, folder: &Path) -> Result<()> {
    let source = Rows::read(&iso.join("iso_3166-1_en_de.csv"))?;
    let mut rows = BTreeMap::new();
    let mut names = Names::default();
    for row in &source.rows {
        let (alpha_2, alpha_3) = (&row[0], &row[1]);
        let (en, de, others) = named(own, alpha_2, &row[3], &row[4]);
        rows.insert(alpha_2.to_owned(), format!("{alpha_2}\t{alpha_3}\t{en}\t{de}\n"));
        names.add("", &place::name::key(alpha_3), alpha_2, 0);
        for (rank, name) in [(1, &en), (1, &de), (2, &row[3].to_owned()), (2, &row[4].to_owned())] {
            names.add("", &place::name::key(name), alpha_2, rank);
        }
        others.iter().for_each(|name| names.add("", &place::name::key(name), alpha_2, 3));
    }
    for (key, code) in read_official_names(iso)? {
        names.add("", &key, &code, 4);
    }
    write_file(&folder.join("countries.tsv"), rows.into_values().collect::<String>())?;
    write_file(&folder.join("country_names.tsv"), names.text(""))
}

/// The official and common English names, which the table of names lacks.
fn read_official_names(iso: &Path) -> Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(iso.join("iso_3166-1.json"))?;
    let json: serde_json::Value = serde_json::from_str(&text)?;
    let countries = json["3166-1"].as_array().context("iso_3166-1.json holds a list")?;
    let named = countries.iter().flat_map(|country| {
        let names = ["name", "official_name", "common_name"].map(|column| country[column].as_str());
        let code = country["alpha_2"].as_str().unwrap_or_default();
        names.into_iter().flatten().map(|name| (place::name::key(name), code.to_owned()))
    });
    Ok(named.collect())
}

fn write_states(iso: &Path, own: &Own, folder: &Path) -> Result<()> {
    let source = Rows::read(&iso.join("iso_3166-2_en_de.csv"))?;
    let mut rows = BTreeMap::new();
    let mut names = Names::default();
    for row in &source.rows {
        let (code, country) = (&row[0], &row[1]);
        let parent = if row[5].is_empty() || row[5].contains('-') {
            row[5].to_owned()
        } else {
            format!("{country}-{}", &row[5])
        };
        let (en, de, others) = named(own, code, &row[3], &row[4]);
        rows.insert(code.to_owned(), format!("{code}\t{en}\t{de}\t{parent}\n").replace("\t\n", "\n"));
        // Where both levels bear a name, the upper one is meant.
        let level = u8::from(!parent.is_empty()) * 8;
        for (rank, name) in [(1, &en), (1, &de), (2, &row[3].to_owned()), (2, &row[4].to_owned())] {
            let plain = name.split([',', '[', '(']).next().unwrap_or_default();
            names.add(country, &place::name::key(name), code, level + rank);
            names.add(country, &place::name::key(plain), code, level + rank + 3);
        }
        others.iter().for_each(|name| names.add(country, &place::name::key(name), code, level + 3));
    }
    for code in own.keys().filter(|code| code.contains('-')) {
        ensure!(rows.contains_key(code), "own/names.tsv names {code}, which is no state");
    }
    write_file(&folder.join("states.tsv"), rows.into_values().collect::<String>())?;
    write_file(&folder.join("state_names.tsv"), names.text(" "))
}

fn named(own: &Own, code: &str, en: &str, de: &str) -> (String, String, Vec<String>) {
    let (own_en, own_de, others) = own.get(code).cloned().unwrap_or_default();
    let or = |own: String, iso: &str| if own.is_empty() { iso.to_owned() } else { own };
    (or(own_en, en), or(own_de, de), others)
}

/// Keys of names, each with the code of the best rank; ties take the smaller code.
#[derive(Default)]
struct Names(BTreeMap<(String, String), (u8, String)>);

impl Names {
    fn add(&mut self, country: &str, key: &str, code: &str, rank: u8) {
        if key.is_empty() {
            return;
        }
        let found = (rank, code.to_owned());
        let slot = self.0.entry((country.to_owned(), key.to_owned())).or_insert_with(|| found.clone());
        if found < *slot {
            *slot = found;
        }
    }

    fn text(&self, between: &str) -> String {
        self.0
            .iter()
            .map(|((country, key), (_, code))| format!("{country}{between}{key}\t{code}\n"))
            .collect()
    }
}
