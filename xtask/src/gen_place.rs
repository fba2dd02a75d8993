//! `cargo xtask gen place`: makes the tables under `data/place/` from the raw data sets.
//!
//! The raw data are not part of the repository: they are read from `$REVIER_SHARED/data`, or else from
//! `../shared/data` beside it. The tables are committed, so nobody but who renews them needs the raw data.

mod city;
mod names;
mod phones;
mod postcodes;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// Writes every table anew.
pub fn run(repository: &Path) -> Result<()> {
    let raw = raw_data(repository)?;
    let target = repository.join("data/place");
    write(&raw, &target.join("own/names.tsv"), &target)
}

fn write(raw: &Path, own_names: &Path, target: &Path) -> Result<()> {
    names::write(&raw.join("geo_iso_codes"), own_names, target)?;
    postcodes::write(raw, target)?;
    phones::write(raw, target)
}

pub(crate) fn raw_data(repository: &Path) -> Result<PathBuf> {
    let shared =
        std::env::var_os("REVIER_SHARED").map_or_else(|| repository.join("../shared"), PathBuf::from);
    let raw = shared.join("data");
    ensure!(raw.is_dir(), "the raw data are not at {}; set REVIER_SHARED to their folder", raw.display());
    Ok(raw)
}

/// A comma-separated file with a head, as rows of cells by column name.
pub(crate) struct Rows {
    head: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

impl Rows {
    pub(crate) fn read(path: &Path) -> Result<Rows> {
        let mut reader = csv::Reader::from_path(path).with_context(|| format!("read {}", path.display()))?;
        let head = reader.headers()?.clone();
        let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
        Ok(Rows { head, rows })
    }

    fn column(&self, name: &str) -> Result<usize> {
        self.head
            .iter()
            .position(|column| column == name)
            .with_context(|| format!("there is no column {name}"))
    }

    /// The cells of these columns, row by row.
    pub(crate) fn cells<const N: usize>(&self, names: [&str; N]) -> Result<impl Iterator<Item = [&str; N]>> {
        let columns = names.into_iter().map(|name| self.column(name)).collect::<Result<Vec<_>>>()?;
        Ok(self.rows.iter().map(move |row| std::array::from_fn(|at| row[columns[at]].trim())))
    }
}

pub(crate) fn write_file(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let content = content.as_ref();
    std::fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
    std::fs::write(path, content).with_context(|| format!("write {}", path.display()))?;
    println!("{:>9} bytes  {}", content.len(), path.display());
    Ok(())
}

#[cfg(test)]
mod shared_data {
    use super::*;

    #[test]
    fn the_committed_tables_are_those_that_the_raw_data_make() {
        let repository =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository");
        let Ok(raw) = raw_data(repository) else {
            println!(
                "skipped: the_committed_tables_are_those_that_the_raw_data_make, the raw data are not here"
            );
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the raw data are missing");
            return;
        };
        let (committed, fresh) = (repository.join("data/place"), tempfile::tempdir().expect("a folder"));
        write(&raw, &committed.join("own/names.tsv"), fresh.path()).expect("the tables are made");
        for file in [
            "postcodes.bin",
            "phone_areas.tsv",
            "phone_countries.tsv",
            "iso-codes/countries.tsv",
            "iso-codes/country_names.tsv",
            "iso-codes/states.tsv",
            "iso-codes/state_names.tsv",
            "iso-codes/copyright",
        ] {
            let read = |folder: &Path| std::fs::read(folder.join(file)).expect("the file is there");
            assert!(read(&committed) == read(fresh.path()), "{file} is stale: run cargo xtask gen place");
        }
    }
}
