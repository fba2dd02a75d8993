//! PostgreSQL is copied by its own programs, on a snapshot whose rows we count.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use store::Db;
use store::upkeep::Counts;
use tokio::process::Command;

const INSTALL: &str = "sudo apt-get install postgresql-client";

/// Dumps the database and counts what the dump holds.
pub async fn dump(url: &str, db: &Db, file: &Path) -> Result<Counts> {
    let snapshot = db.snapshot().await?;
    let rows = snapshot.counts().await?;
    let mut command = program("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--snapshot", &snapshot.name]);
    let dumped = run(command.arg("--file").arg(file), "pg_dump").await;
    snapshot.end().await.context("the connection was lost during the dump")?;
    dumped.map(|()| rows)
}

/// Restores a dump into an empty database, wholly or not at all.
pub async fn restore(url: &str, file: &Path) -> Result<()> {
    let db = Db::open(url).await.context("the database of --database cannot be opened")?;
    let is_empty = db.is_empty().await?;
    db.close().await;
    ensure!(is_empty, "the database is not empty; make a new one (createdb) and restore into that");
    let mut command = program("pg_restore", url)?;
    command.args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]);
    run(command.arg(file), "pg_restore").await
}

/// Others see a program's arguments, so the password goes by its environment.
fn program(name: &str, url: &str) -> Result<Command> {
    let mut command = Command::new(name);
    let (address, password) = without_password(url)?;
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command.arg(format!("--dbname={address}")).stdin(Stdio::null());
    Ok(command)
}

async fn run(command: &mut Command, name: &str) -> Result<()> {
    let output = match command.output().await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("{name} is missing; install it with {INSTALL}")
        }
        output => output?,
    };
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    ensure!(output.status.success(), "{name} failed: {said}");
    Ok(())
}

fn without_password(url: &str) -> Result<(String, Option<String>)> {
    let Some((scheme, rest)) = url.split_once("://") else { return Ok((url.to_owned(), None)) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let Some(at) = rest[..end].rfind('@') else { return Ok((url.to_owned(), None)) };
    let (who, place) = (&rest[..at], &rest[at..]);
    let Some((user, password)) = who.split_once(':') else { return Ok((url.to_owned(), None)) };
    Ok((format!("{scheme}://{user}{place}"), Some(decoded(password)?)))
}

/// RFC 3986 §2.1.
fn decoded(text: &str) -> Result<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes
            .push(byte.context("the password in --database has a % that is not followed by two hex digits")?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).context("the password in --database is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_leaves_the_address_and_is_decoded() {
        for (url, address, password) in [
            ("postgres://revier:p%40ss%3a@db/crm", "postgres://revier@db/crm", Some("p@ss:")),
            (
                "postgres://revier@db:5433/crm?sslmode=require",
                "postgres://revier@db:5433/crm?sslmode=require",
                None,
            ),
            ("postgres://db/crm?user=a@b:c", "postgres://db/crm?user=a@b:c", None),
        ] {
            let expected = (address.to_owned(), password.map(str::to_owned));
            assert_eq!(without_password(url).expect("it reads"), expected, "{url}");
        }
        assert!(without_password("postgres://revier:%zz@db/crm").is_err());
    }
}
