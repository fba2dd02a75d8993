//! Opens the database that the operator names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crm::App;
use crm::app::{Clock, Settings};
use serde_json::json;
use store::Db;

use crate::cli::Place;
use crate::outcome::{Outcome, Speech};

/// Name of the embedded database's file inside the data directory.
pub const SQLITE_FILE: &str = "revier.sqlite";

/// The address for `Db::open`.
pub fn url(place: &Place) -> String {
    place.database.clone().unwrap_or_else(|| Db::url_in(&place.data))
}

/// The embedded database's file, where it is the embedded one.
pub fn sqlite_file(place: &Place) -> Option<PathBuf> {
    match &place.database {
        None => Some(place.data.join(SQLITE_FILE)),
        Some(url) => url.strip_prefix("sqlite:").map(PathBuf::from),
    }
}

/// Opens the database, makes it where there is none, and brings its schema up to this release.
pub async fn open_or_make(place: &Place) -> Result<Db> {
    if place.database.is_none() {
        make_directory(&place.data)?;
    }
    let db = open(place).await?;
    db.migrate().await.context("the database's schema could not be brought up to this release")?;
    Ok(db)
}

/// Opens a database that is there.
pub async fn open_existing(place: &Place) -> Result<Db> {
    if let Some(file) = sqlite_file(place)
        && !file.is_file()
    {
        bail!("there is no database at {}; name its directory with --data", file.display());
    }
    open(place).await
}

async fn open(place: &Place) -> Result<Db> {
    match &place.database {
        None => Db::open(&url(place))
            .await
            .with_context(|| format!("the database in {} cannot be opened", place.data.display())),
        // The address is not repeated: it may hold a password.
        Some(url) => Db::open(url).await.context("the database of --database cannot be opened"),
    }
}

/// Only its owner looks into a data directory that we make.
pub fn make_directory(directory: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
    made.with_context(|| format!("the data directory {} cannot be made", directory.display()))
}

/// The product over a database, for commands at the server's console.
pub fn app_at_console(db: Db) -> App {
    App::new(db, Clock::system(), Settings { origin: String::new(), trusted_proxies: 0 })
}

/// `revier migrate`.
pub async fn migrate(place: &Place, speech: Speech) -> Result<Outcome> {
    let db = open_or_make(place).await?;
    db.close().await;
    speech.say("The schema is that of this release.", &json!({ "migrated": true }));
    Ok(Outcome::Fine)
}
