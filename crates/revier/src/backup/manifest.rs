//! What a backup holds, in words that outlive the release that wrote it.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use store::upkeep::Counts;

const FILE: &str = "manifest.json";
const FORMAT: &str = "revier-backup/1";

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Manifest {
    pub format: String,
    /// RFC 3339.
    pub made_at: String,
    /// The release that wrote it.
    pub revier: String,
    /// The migrations that its database has been through.
    pub schema: Vec<String>,
    /// The copy's name inside the backup.
    pub file: String,
    pub bytes: u64,
    /// Of the copy.
    pub blake3: String,
    /// Rows by table.
    pub rows: Counts,
}

impl Manifest {
    /// Describes a copy.
    pub fn of(file: &Path, rows: Counts, schema: Vec<String>, now: jiff::Timestamp) -> Result<Manifest> {
        let (bytes, blake3) = hash(file)?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Manifest {
            format: FORMAT.to_owned(),
            made_at: now.to_string(),
            revier: env!("CARGO_PKG_VERSION").to_owned(),
            schema,
            file: name.unwrap_or_default(),
            bytes,
            blake3,
            rows,
        })
    }

    pub fn write(&self, directory: &Path) -> Result<()> {
        let path = directory.join(FILE);
        fs::write(&path, serde_json::to_string_pretty(self)? + "\n")?;
        Ok(fs::File::open(path)?.sync_all()?)
    }

    pub fn read(directory: &Path) -> Result<Manifest> {
        let path = directory.join(FILE);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read; name a backup's directory", path.display()))?;
        let manifest: Manifest =
            serde_json::from_str(&text).with_context(|| format!("{} is not a manifest", path.display()))?;
        ensure!(manifest.format == FORMAT, "{} is of a format this release does not know", path.display());
        // A name, never a path: a backup from elsewhere must not reach outside its directory.
        let is_name = Path::new(&manifest.file).components().count() == 1 && !manifest.file.starts_with('.');
        ensure!(is_name, "{} names no file of the backup", path.display());
        Ok(manifest)
    }
}

/// Length and BLAKE3 of a file.
pub fn hash(file: &Path) -> Result<(u64, String)> {
    let mut reader = fs::File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut hasher = blake3::Hasher::new();
    let mut piece = vec![0_u8; 1024 * 1024];
    let mut bytes = 0;
    loop {
        let length = reader.read(&mut piece)?;
        if length == 0 {
            return Ok((bytes, hasher.finalize().to_hex().to_string()));
        }
        hasher.update(&piece[..length]);
        bytes += length as u64;
    }
}
