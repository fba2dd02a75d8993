//! Backup, restore and doctor, on both databases.

use std::path::Path;
use std::process::Output;

use sea_orm::ConnectionTrait;
use serde_json::Value;
use testkit::server::command;
use testkit::{Base, Kind};

fn revier(base: &Base, words: &[&str], input: &str) -> Output {
    let options = base.options();
    let mut arguments: Vec<&str> = words.to_vec();
    arguments.push("--json");
    arguments.extend(options.iter().map(String::as_str));
    command(Path::new(env!("CARGO_BIN_EXE_revier")), &arguments, input)
}

#[track_caller]
fn fine(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Runs the test with a workspace, a place for its backup, and an empty database to restore into.
fn with_a_workspace(test: impl AsyncFn(&Base, &str, &Base)) {
    testkit::both::runtime().block_on(async {
        for kind in [Kind::Sqlite, Kind::Postgres] {
            if testkit::base::available(kind).is_none() {
                continue;
            }
            let (base, other) = (Base::empty(kind).await, Base::empty(kind).await);
            let words =
                ["setup", "--email", "katrin@example.com", "--name", "Katrin Huber", "--password-stdin"];
            fine(&revier(&base, &words, "correct horse battery staple"));
            let directory = tempfile::tempdir().expect("a directory");
            let backup = directory.path().join("backup").display().to_string();
            test(&base, &backup, &other).await;
            base.drop().await;
            other.drop().await;
        }
    });
}

#[test]
fn a_backup_restores_to_the_same_rows() {
    with_a_workspace(async |base, backup, other| {
        let made = fine(&revier(base, &["backup", "--to", backup], ""));
        assert_eq!(made["manifest"]["rows"]["user"], 1, "{made}");
        let again = revier(base, &["backup", "--to", backup], "");
        assert_eq!(again.status.code(), Some(1), "a backup is never overwritten");
        fine(&revier(other, &["restore", "--from", backup], ""));
        let users = fine(&revier(other, &["user", "list"], ""));
        assert_eq!(users[0]["email"], "katrin@example.com", "{users}");
        let into_full = revier(other, &["restore", "--from", backup], "");
        assert_eq!(into_full.status.code(), Some(1), "nothing is overwritten");
    });
}

#[test]
fn a_backup_with_one_flipped_byte_is_refused() {
    with_a_workspace(async |base, backup, other| {
        let made = fine(&revier(base, &["backup", "--to", backup], ""));
        let file = Path::new(backup).join(made["manifest"]["file"].as_str().expect("a name"));
        let mut bytes = std::fs::read(&file).expect("the copy");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).expect("written");
        let refused = revier(other, &["restore", "--from", backup], "");
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8_lossy(&refused.stdout).into_owned();
        assert!(said.contains("is not what the backup wrote"), "{said}");
    });
}

#[test]
fn a_backup_that_has_lost_rows_is_found_when_it_is_restored() {
    with_a_workspace(async |base, backup, other| {
        fine(&revier(base, &["backup", "--to", backup], ""));
        let manifest = Path::new(backup).join("manifest.json");
        let text = std::fs::read_to_string(&manifest).expect("a manifest");
        std::fs::write(&manifest, text.replace("\"user\": 1", "\"user\": 2")).expect("written");
        let refused = revier(other, &["restore", "--from", backup], "");
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8_lossy(&refused.stdout).into_owned();
        assert!(said.contains("the table user has 1 rows; the backup had 2"), "{said}");
    });
}

#[test]
fn the_doctor_finds_a_healthy_database_well_and_each_wound() {
    with_a_workspace(async |base, _, _| {
        let report = revier(base, &["doctor"], "");
        let report: Value = serde_json::from_slice(&report.stdout).expect("JSON");
        // The test cluster's only role is its superuser, and the doctor says so.
        let wrong = wounds(&report);
        assert!(wrong.iter().all(|wound| wound == "role"), "{report}");

        let connection = base.connection().await;
        for (wound, sentence) in [
            (
                "INSERT INTO rotation (workspace_id, territory_id, turn, state) \
                 SELECT id, id, 2, '{}' FROM workspace",
                "every territory's turns are 1, 2, 3 … without gap or double",
            ),
            (
                "INSERT INTO decision (workspace_id, id, lead_id, at, territory_id, owner_id, turn, detail) \
                 SELECT workspace_id, id, id, 0, id, id, 7, '{}' FROM \"user\"",
                "every turn belongs to a rotation",
            ),
            (
                "INSERT INTO lead (workspace_id, id, version, created_at, updated_at, door, territory_id, owner_id, \
                 is_pinned, queued_at, custom, custom_key, derived, repairs) \
                 SELECT workspace_id, role_id, 1, 0, 0, 'api', id, id, false, 5, '{}', '{}', '{}', '{}' FROM \"user\"",
                "every lead has a decision",
            ),
            ("UPDATE \"user\" SET is_active = false", "every workspace has an active administrator"),
        ] {
            connection.execute_unprepared(wound).await.unwrap_or_else(|error| panic!("{wound}: {error}"));
            let report = revier(base, &["doctor"], "");
            assert_eq!(report.status.code(), Some(1));
            let report: Value = serde_json::from_slice(&report.stdout).expect("JSON");
            assert!(wounds(&report).iter().any(|found| found == sentence), "{sentence}: {report}");
        }
        let report: Value = serde_json::from_slice(&revier(base, &["doctor"], "").stdout).expect("JSON");
        for sentence in [
            "every lead's owner has access to its territory",
            "a lead that waits in a queue has a territory and no owner",
            "every lead's territory is there",
            "every lead's owner is a user who is active",
        ] {
            assert!(wounds(&report).iter().any(|found| found == sentence), "{sentence}: {report}");
        }
        connection.close().await.expect("closed");
    });
}

fn wounds(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().cloned().unwrap_or_default();
    let wrong = checks.iter().filter(|check| check["is_fine"] == false);
    wrong.map(|check| check["check"].as_str().unwrap_or_default().to_owned()).collect()
}
