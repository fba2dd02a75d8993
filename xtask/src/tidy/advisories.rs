//! Known weaknesses: no package of the lock file is one that the RustSec database warns of. The database lies
//! beside the repository where whoever works here has it; `cargo deny check advisories` fetches it.

use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};

/// Name and version of every package of a lock file.
fn locked(lock: &str) -> Vec<(String, Version)> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
        line.map(|rest| rest.trim_end_matches('"').to_owned())
    };
    let package =
        |block: &str| Some((value(block, "name")?, Version::parse(&value(block, "version")?).ok()?));
    lock.split("[[package]]").skip(1).filter_map(package).collect()
}

/// Whether an advisory speaks of that version: what is neither patched nor was ever affected is left out, and
/// so is what is withdrawn, or no weakness but news.
fn concerns(advisory: &str, version: &Version) -> bool {
    let head = advisory.split("```").nth(1).unwrap_or_default();
    let is_news = head.lines().any(|line| line.starts_with("withdrawn") || line.starts_with("informational"));
    let list = |key: &str| -> Vec<VersionReq> {
        let rest = head.split_once(&format!("\n{key} = [")).map_or("", |(_, rest)| rest);
        let list = rest.split_once(']').map_or("", |(list, _)| list);
        list.split('"').skip(1).step_by(2).filter_map(|text| VersionReq::parse(text).ok()).collect()
    };
    let is_in = |key: &str| list(key).iter().any(|required| required.matches(version));
    !is_news && !is_in("patched") && !is_in("unaffected")
}

fn database() -> Option<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let shared =
        std::env::var_os("REVIER_SHARED").map_or_else(|| repository.join("../shared"), PathBuf::from);
    Some(shared.join("data/advisory-db/crates")).filter(|path| path.is_dir())
}

#[test]
fn an_advisory_concerns_the_versions_between_unaffected_and_patched() {
    let advisory = "```toml\n[advisory]\nid = \"X\"\n[versions]\npatched = [\">= 1.2.3\"]\nunaffected = [\"< 1.0.0\"]\n```\n";
    for (version, expected) in [("0.9.0", false), ("1.0.0", true), ("1.2.2", true), ("1.2.3", false)] {
        assert_eq!(concerns(advisory, &Version::parse(version).expect("a version")), expected, "{version}");
    }
    let news = advisory.replace("id = \"X\"", "informational = \"unmaintained\"");
    assert!(!concerns(&news, &Version::new(1, 0, 0)));
}

/// Reads the advisories beside the repository.
mod shared_data {
    use super::*;

    #[test]
    fn no_dependency_has_a_known_weakness() {
        let Some(database) = database() else {
            assert!(
                std::env::var_os("CI").is_none(),
                "the advisory database is missing beside the repository"
            );
            eprintln!("SKIPPED no_dependency_has_a_known_weakness: there is no ../shared/data/advisory-db");
            return;
        };
        let lock = include_str!("../../../Cargo.lock");
        let packages = locked(lock);
        assert!(packages.len() > 100, "the lock file is read wrongly");
        let mut found = Vec::new();
        for (name, version) in packages {
            let advisories = std::fs::read_dir(database.join(&name)).into_iter().flatten().flatten();
            for advisory in advisories {
                let text = std::fs::read_to_string(advisory.path()).expect("an advisory");
                if concerns(&text, &version) {
                    found.push(format!("{name} {version}: {}", advisory.file_name().to_string_lossy()));
                }
            }
        }
        assert_eq!(found, [""; 0], "take a patched version, or say why it does not concern us");
    }
}
