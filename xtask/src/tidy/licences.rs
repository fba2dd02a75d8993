//! Licences: every package that the lock file brings in is under one that `deny.toml` allows.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Finding;

const DENY: &str = "deny.toml";

/// Asks cargo for the packages of this machine's platform, without the network.
pub fn check(repository: &Path) -> Result<Vec<Finding>> {
    let deny = std::fs::read_to_string(repository.join(DENY)).context("deny.toml cannot be read")?;
    let allowed = allowed(&deny);
    let found = packages(repository)?;
    let packages = found["packages"].as_array().context("cargo metadata names no packages")?;
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let foreign = packages.iter().filter(|package| !package["source"].is_null());
    let faulty = foreign.filter(|package| !is_allowed(&text(package, "license"), &allowed));
    let finding = |package: &Value| Finding {
        rule: "licence",
        path: "Cargo.lock".to_owned(),
        what: format!(
            "{} is under \"{}\", which {DENY} does not allow; take another package, or allow it with a reason",
            text(package, "name"),
            text(package, "license"),
        ),
    };
    Ok(faulty.map(finding).collect())
}

fn packages(repository: &Path) -> Result<Value> {
    let host =
        Command::new("rustc").args(["--print", "host-tuple"]).output().context("rustc does not run")?;
    let host = String::from_utf8(host.stdout)?;
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(repository)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host.trim()])
        .output()
        .context("cargo metadata does not run")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The names in the list `allow` under `[licenses]`.
fn allowed(deny: &str) -> Vec<String> {
    let section = deny.split_once("[licenses]").map_or("", |(_, rest)| rest);
    let list = section.split_once("allow = [").map_or("", |(_, rest)| rest);
    let list = list.split_once(']').map_or("", |(list, _)| list);
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// An SPDX expression, also in the old spelling with `/`: one of what `OR` parts, each of what `AND` joins.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let is = reader.any();
    is && reader.words.is_empty()
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl<'a> Reader<'a> {
    fn take(&mut self, word: &str) -> bool {
        let is_next = self.words.first() == Some(&word);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }

    fn any(&mut self) -> bool {
        let mut is = self.all();
        while self.take("OR") {
            is |= self.all();
        }
        is
    }

    fn all(&mut self) -> bool {
        let mut is = self.one();
        while self.take("AND") {
            is &= self.one();
        }
        is
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let is = self.any();
            return self.take(")") && is;
        }
        let Some((&name, rest)) = self.words.split_first() else { return false };
        self.words = rest;
        let name = match self.words {
            ["WITH", exception, rest @ ..] => {
                self.words = rest;
                format!("{name} WITH {exception}")
            }
            _ => name.to_owned(),
        };
        self.allowed.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::{allowed, is_allowed};

    #[test]
    fn an_expression_is_allowed_as_spdx_reads_it() {
        let deny =
            "[advisories]\nignore = []\n[licenses]\nallow = [\n \"MIT\",\n \"Apache-2.0\", \"X WITH Y\"]\n";
        let names = allowed(deny);
        assert_eq!(names, ["MIT", "Apache-2.0", "X WITH Y"]);
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("", false),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0/MIT", true),
            ("MIT AND GPL-3.0", false),
            ("MIT AND Apache-2.0", true),
            ("(MIT OR GPL-3.0) AND Apache-2.0", true),
            ("GPL-3.0 OR MIT AND Apache-2.0", true),
            ("MIT AND (GPL-3.0 OR LGPL-2.1)", false),
            ("X WITH Y", true),
            ("X", false),
            ("MIT OR", true),
            ("MIT Apache-2.0", false),
        ] {
            assert_eq!(is_allowed(expression, &names), expected, "{expression}");
        }
    }
}
