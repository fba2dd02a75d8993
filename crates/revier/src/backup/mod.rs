//! `revier backup` and `revier restore`. A backup is a directory: the copy and a manifest that says what
//! it holds. It counts only once it has been restored, so restoring checks everything it can.

mod manifest;
mod postgres;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use crm::{App, trail};
use serde_json::json;
use store::Db;
use store::upkeep::Counts;

use self::manifest::{Manifest, hash};
use crate::cli::{Backup, Place, Restore};
use crate::outcome::{Outcome, Speech};
use crate::place;

const SQLITE_COPY: &str = "revier.sqlite";
const POSTGRES_DUMP: &str = "revier.dump";

/// `revier backup`.
pub async fn run(options: Backup, speech: Speech) -> Result<Outcome> {
    let Backup { place, to } = options;
    let now = jiff::Timestamp::now();
    let directory =
        to.unwrap_or_else(|| PathBuf::from(now.strftime("revier-backup-%Y%m%d-%H%M%S").to_string()));
    if directory.exists() {
        bail!("{} exists already; name another directory with --to", directory.display());
    }
    let db = place::open_existing(&place).await?;
    ensure!(db.is_current().await?, "the schema is not that of this release; run revier migrate first");
    // Unfinished backups carry another name, so nobody takes one for whole.
    let unfinished = directory.with_extension("unfinished");
    place::make_directory(&unfinished)?;
    let written = write(&place, &db, &unfinished, now).await;
    if let Err(error) = written {
        // What there is of it is of no use to anybody.
        let _ = fs::remove_dir_all(&unfinished);
        return Err(error);
    }
    fs::rename(&unfinished, &directory)?;
    let manifest = Manifest::read(&directory)?;
    let rows: i64 = manifest.rows.values().sum();
    let text = format!(
        "{}: {rows} rows, {} bytes. Try it: revier restore --from {} --data /tmp/revier-drill",
        directory.display(),
        manifest.bytes,
        directory.display()
    );
    speech.say(text, &json!({ "directory": directory, "manifest": manifest }));
    Ok(Outcome::Fine)
}

async fn write(place: &Place, db: &Db, directory: &Path, now: jiff::Timestamp) -> Result<()> {
    let (file, rows) = if place::sqlite_file(place).is_some() {
        let file = directory.join(SQLITE_COPY);
        db.copy_into(&file).await.context("the database cannot be copied")?;
        // The copy is what will be restored, so the copy is what is counted and checked.
        let copy = Db::open(&format!("sqlite:{}", file.display())).await?;
        let checked = check(&copy).await;
        let rows = copy.counts().await?;
        copy.close().await;
        checked.context("the copy is not sound, so neither is the database; run revier doctor")?;
        (file, rows)
    } else {
        let file = directory.join(POSTGRES_DUMP);
        let rows = postgres::dump(&place::url(place), db, &file).await?;
        (file, rows)
    };
    fs::File::open(&file)?.sync_all()?;
    Manifest::of(&file, rows, db.versions().await?, now)?.write(directory)
}

/// `revier restore`.
pub async fn restore(options: Restore, speech: Speech) -> Result<Outcome> {
    let Restore { place, from } = options;
    let manifest = Manifest::read(&from)?;
    let copy = from.join(&manifest.file);
    let found = hash(&copy)?;
    ensure!(
        found == (manifest.bytes, manifest.blake3.clone()),
        "{} is not what the backup wrote; take another backup",
        copy.display()
    );
    let into_sqlite = place::sqlite_file(&place);
    match (&into_sqlite, manifest.file.as_str()) {
        (Some(file), SQLITE_COPY) => put(&copy, file)?,
        (None, POSTGRES_DUMP) => postgres::restore(&place::url(&place), &copy).await?,
        (Some(_), _) => bail!("this backup is of a PostgreSQL database; name an empty one with --database"),
        (None, _) => bail!("this backup is of an embedded database; name a new directory with --data"),
    }
    let db = place::open_existing(&place).await?;
    let checked = compare(&db, &manifest.rows).await;
    if checked.is_ok() {
        db.migrate().await.context("the schema cannot be brought up to this release")?;
    }
    let app = place::app_at_console(db);
    let checked = match checked {
        Ok(()) => check(&app.db).await.and(check_audit(&app).await),
        failed => failed,
    };
    app.db.close().await;
    checked.context("the restored database does not hold what the backup promised")?;
    let rows: i64 = manifest.rows.values().sum();
    let text = format!("Restored and checked: {rows} rows, as of {}.", manifest.made_at);
    speech.say(text, &json!({ "rows": rows, "made_at": manifest.made_at }));
    Ok(Outcome::Fine)
}

fn put(copy: &Path, file: &Path) -> Result<()> {
    let directory = file.parent().unwrap_or(Path::new("."));
    ensure!(!file.exists(), "{} exists already; restore into a new directory", file.display());
    place::make_directory(directory)?;
    let unfinished = file.with_extension("unfinished");
    fs::copy(copy, &unfinished).with_context(|| format!("cannot write to {}", directory.display()))?;
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, file)?;
    Ok(fs::File::open(directory)?.sync_all()?)
}

async fn compare(db: &Db, promised: &Counts) -> Result<()> {
    let found = db.counts().await?;
    for (table, rows) in promised {
        let there = found.get(table).copied().unwrap_or(-1);
        ensure!(there == *rows, "the table {table} has {there} rows; the backup had {rows}");
    }
    Ok(())
}

async fn check(db: &Db) -> Result<()> {
    let faults = db.integrity().await?;
    ensure!(faults.is_empty(), "the database's own check says: {}", faults.join("; "));
    Ok(())
}

async fn check_audit(app: &App) -> Result<()> {
    for workspace in app.db.workspaces().await? {
        if let Some((seal, why)) = trail::verify(app, workspace).await?.broken {
            bail!("the audit log is broken at seal {seal}: {why}");
        }
    }
    Ok(())
}
