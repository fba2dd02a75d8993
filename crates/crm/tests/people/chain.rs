//! The chain of seals: whatever is changed, taken away or put elsewhere is found.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use testkit::{Kind, Site};
use uuid::Uuid;

use super::house::{Asks, path_of, set_up};

testkit::on_both_databases!(
    a_chain_that_nobody_touched_holds,
    a_changed_byte_of_any_column_of_any_entry_is_found,
    a_changed_byte_of_any_column_of_any_seal_is_found,
    an_entry_that_was_deleted_added_or_unsealed_is_found,
    entries_that_changed_places_are_found,
    a_seal_that_was_deleted_is_found,
    a_tail_that_was_cut_off_is_found_by_the_head_that_was_kept,
    servers_that_seal_at_once_make_one_chain,
    what_is_written_while_sealing_gets_its_seal_later,
);

/// Seals three times; returns the workspace.
async fn sealed(site: &Site) -> Uuid {
    // These tests damage tables below the product and ask who notices.
    site.base.leave_twin().await;
    let administrator = set_up(site).await;
    let workspace = site.app.db.workspaces().await.expect("an answer")[0];
    for zone in ZONES {
        for change in [json!({ "name": format!("Name of {zone}") }), json!({ "time_zone": zone })] {
            site.patch(&administrator.who, &path_of(&administrator), change).await.is(200);
        }
        assert!(crm::trail::seal(&site.app, workspace).await.expect("it seals") > 0);
    }
    workspace
}

const ZONES: [&str; 3] = ["Europe/Berlin", "Europe/Paris", "Asia/Tokyo"];

async fn execute(site: &Site, sql: &str) -> u64 {
    let connection = site.base.connection().await;
    let done = connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let rows = done.rows_affected();
    connection.close().await.expect("it closes");
    rows
}

async fn broken(site: &Site, workspace: Uuid) -> Option<(i64, String)> {
    crm::trail::verify(&site.app, workspace).await.expect("an answer").broken
}

async fn a_chain_that_nobody_touched_holds(site: Site) {
    let workspace = sealed(&site).await;
    let verdict = crm::trail::verify(&site.app, workspace).await.expect("an answer");
    assert_eq!((verdict.seals, verdict.unsealed, &verdict.broken), (3, 0, &None));
    assert_eq!(verdict.entries, 9);
    assert_eq!(crm::trail::seal(&site.app, workspace).await.expect("it seals"), 0);
    let again = crm::trail::verify_since(&site.app, workspace, &verdict.head).await.expect("an answer");
    assert_eq!(again, verdict);
}

/// Every changeable cell of a table: its key in SQL, its column, and a value that differs in one byte or bit.
async fn tampered(site: &Site, table: &str, key: &str, columns: &[&str]) -> Vec<(String, String, String)> {
    let connection = site.base.connection().await;
    let backend = connection.get_database_backend();
    let as_text = |column: &str| match site.base.kind {
        Kind::Sqlite if column == key && key == "id" => format!("hex({column})"),
        Kind::Sqlite if column.ends_with("user_id") => format!("hex({column})"),
        _ => format!("CAST({column} AS text)"),
    };
    let mut cells = Vec::new();
    for column in columns {
        let sql = format!("SELECT {}, {} FROM {table} ORDER BY {key}", as_text(key), as_text(column));
        let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await.expect("rows");
        for row in rows {
            let key_text: String = row.try_get_by_index(0).expect("a key");
            let value: Option<String> = row.try_get_by_index(1).expect("a value");
            let is_id = *column == "id" || column.ends_with("user_id");
            let is_number = ["at", "seal", "number", "entries"].contains(column);
            for other in others(value.as_deref(), is_id, is_number, site.base.kind) {
                cells.push((id_in_sql(&key_text, key, site.base.kind), (*column).to_owned(), other));
            }
        }
    }
    connection.close().await.expect("it closes");
    cells
}

fn id_in_sql(text: &str, key: &str, kind: Kind) -> String {
    match (key, kind) {
        ("id", Kind::Sqlite) => format!("X'{text}'"),
        ("id", Kind::Postgres) => format!("'{text}'"),
        _ => text.to_owned(),
    }
}

/// SQL of values that are not quite the same.
fn others(value: Option<&str>, is_id: bool, is_number: bool, kind: Kind) -> Vec<String> {
    let quoted = |text: String| format!("'{}'", text.replace('\'', "''"));
    // SQLite's hex() makes a text of what is missing.
    let value = value.filter(|text| !(is_id && text.is_empty()));
    match value {
        None if is_id => vec![match kind {
            Kind::Sqlite => "X'00000000000000000000000000000000'".to_owned(),
            Kind::Postgres => "'00000000-0000-0000-0000-000000000000'".to_owned(),
        }],
        None => vec!["''".to_owned()],
        Some(text) if is_number => {
            let number: i64 = text.parse().expect("a number");
            vec![(number ^ 1).to_string(), (number ^ (1 << 40)).to_string()]
        }
        Some(text) if is_id => {
            let last = text.chars().last().expect("an id");
            let flipped = format!("{}{}", &text[..text.len() - 1], if last == '0' { '1' } else { '0' });
            vec![if kind == Kind::Sqlite { format!("X'{flipped}'") } else { quoted(flipped) }]
        }
        Some("") => vec![quoted("x".to_owned())],
        Some(text) => {
            let mut bytes = text.as_bytes().to_vec();
            let middle = (0..bytes.len()).rev().find(|at| bytes[*at].is_ascii()).expect("ASCII");
            bytes[middle] ^= 1;
            vec![
                quoted(String::from_utf8(bytes).expect("UTF-8")),
                quoted(format!("{text} ")),
                "NULL".to_owned(),
            ]
        }
    }
}

async fn every_change_is_found(site: &Site, workspace: Uuid, table: &str, key: &str, columns: &[&str]) {
    let connection = site.base.connection().await;
    let cells = tampered(site, table, key, columns).await;
    assert!(cells.len() > columns.len(), "{cells:?}");
    let backup = format!("CREATE TABLE kept AS SELECT * FROM {table}");
    connection.execute_unprepared(&backup).await.expect("a backup");
    let mut tried = 0;
    for (id, column, other) in &cells {
        let change = format!("UPDATE {table} SET {column} = {other} WHERE {key} = {id}");
        // What the schema itself forbids nobody can do.
        if connection.execute_unprepared(&change).await.is_err() {
            continue;
        }
        tried += 1;
        assert!(broken(site, workspace).await.is_some(), "{change}");
        let restore = [format!("DELETE FROM {table}"), format!("INSERT INTO {table} SELECT * FROM kept")];
        for sql in restore {
            connection.execute_unprepared(&sql).await.expect("the backup comes back");
        }
    }
    assert!(tried >= columns.len(), "{tried}");
    assert_eq!(broken(site, workspace).await, None, "after the last backup");
    connection.close().await.expect("it closes");
}

async fn a_changed_byte_of_any_column_of_any_entry_is_found(site: Site) {
    let workspace = sealed(&site).await;
    let columns = [
        "id",
        "at",
        "user_id",
        "address",
        "door",
        "action",
        "object",
        "object_id",
        "before",
        "after",
        "seal",
    ];
    every_change_is_found(&site, workspace, "audit", "id", &columns).await;
}

async fn a_changed_byte_of_any_column_of_any_seal_is_found(site: Site) {
    let workspace = sealed(&site).await;
    let columns = ["number", "at", "entries", "previous", "hash"];
    every_change_is_found(&site, workspace, "audit_seal", "number", &columns).await;
}

async fn an_entry_that_was_deleted_added_or_unsealed_is_found(site: Site) {
    let workspace = sealed(&site).await;
    let one = "(SELECT id FROM audit WHERE seal = 2 ORDER BY id LIMIT 1)";
    let columns = "workspace_id, at, user_id, address, door, action, object, object_id, before, after, seal";
    let new_id = match site.base.kind {
        Kind::Sqlite => "X'00000000000070008000000000000000'",
        Kind::Postgres => "'00000000-0000-7000-8000-000000000000'::uuid",
    };
    for change in [
        format!("DELETE FROM audit WHERE id = {one}"),
        format!("UPDATE audit SET seal = NULL WHERE id = {one}"),
        format!("UPDATE audit SET seal = 3 WHERE id = {one}"),
        format!("INSERT INTO audit (id, {columns}) SELECT {new_id}, {columns} FROM audit WHERE id = {one}"),
        "DELETE FROM audit WHERE seal = 2".to_owned(),
        "DELETE FROM audit".to_owned(),
    ] {
        execute(&site, "CREATE TABLE kept AS SELECT * FROM audit").await;
        assert!(execute(&site, &change).await > 0, "{change}");
        let (number, _) = broken(&site, workspace).await.unwrap_or_else(|| panic!("{change}"));
        assert!((1..=3).contains(&number));
        execute(&site, "DELETE FROM audit").await;
        execute(&site, "INSERT INTO audit SELECT * FROM kept").await;
        execute(&site, "DROP TABLE kept").await;
        assert_eq!(broken(&site, workspace).await, None);
    }
}

async fn entries_that_changed_places_are_found(site: Site) {
    let workspace = sealed(&site).await;
    // The two of the third seal swap what they say, each keeping its id.
    let swap = "UPDATE audit SET after = CASE \
        WHEN id = (SELECT MIN_ID.id FROM (SELECT id FROM audit WHERE seal = 3 ORDER BY id LIMIT 1) AS MIN_ID) \
        THEN (SELECT after FROM audit WHERE seal = 3 ORDER BY id DESC LIMIT 1) \
        ELSE (SELECT after FROM audit WHERE seal = 3 ORDER BY id LIMIT 1) END WHERE seal = 3";
    assert_eq!(execute(&site, swap).await, 2);
    assert_eq!(broken(&site, workspace).await.map(|(seal, _)| seal), Some(3));
}

async fn a_seal_that_was_deleted_is_found(site: Site) {
    let workspace = sealed(&site).await;
    for number in 1..=3 {
        execute(&site, "CREATE TABLE kept AS SELECT * FROM audit_seal").await;
        execute(&site, &format!("DELETE FROM audit_seal WHERE number = {number}")).await;
        assert!(broken(&site, workspace).await.is_some(), "{number}");
        execute(&site, "DELETE FROM audit_seal").await;
        execute(&site, "INSERT INTO audit_seal SELECT * FROM kept").await;
        execute(&site, "DROP TABLE kept").await;
        assert_eq!(broken(&site, workspace).await, None);
    }
    // With its entries, and the ones after it renumbered: the chain does not follow.
    execute(&site, "DELETE FROM audit WHERE seal = 2").await;
    execute(&site, "DELETE FROM audit_seal WHERE number = 2").await;
    execute(&site, "UPDATE audit SET seal = 2 WHERE seal = 3").await;
    execute(&site, "UPDATE audit_seal SET number = 2 WHERE number = 3").await;
    assert_eq!(broken(&site, workspace).await.map(|(seal, _)| seal), Some(2));
}

async fn a_tail_that_was_cut_off_is_found_by_the_head_that_was_kept(site: Site) {
    let workspace = sealed(&site).await;
    let head = crm::trail::verify(&site.app, workspace).await.expect("an answer").head;
    execute(&site, "DELETE FROM audit WHERE seal = 3").await;
    execute(&site, "DELETE FROM audit_seal WHERE number = 3").await;
    assert_eq!(broken(&site, workspace).await, None, "nothing in the database tells of it");
    let verdict = crm::trail::verify_since(&site.app, workspace, &head).await.expect("an answer");
    assert!(verdict.broken.is_some());
}

async fn servers_that_seal_at_once_make_one_chain(site: Site) {
    let administrator = set_up(&site).await;
    let workspace = site.app.db.workspaces().await.expect("an answer")[0];
    let servers = [site.clone(), site.another_server().await, site.another_server().await];
    for round in 0..10 {
        let change = json!({ "name": format!("Name {round}") });
        site.patch(&administrator.who, &path_of(&administrator), change).await.is(200);
        let sealings = servers
            .clone()
            .map(|server| tokio::spawn(async move { crm::trail::seal(&server.app, workspace).await }));
        for sealing in sealings {
            sealing.await.expect("it ends").expect("it seals, or leaves it to another");
        }
    }
    while crm::trail::seal(&site.app, workspace).await.expect("it seals") > 0 {}
    let verdict = crm::trail::verify(&site.app, workspace).await.expect("an answer");
    assert_eq!((verdict.broken, verdict.unsealed, verdict.entries), (None, 0, 13));
}

async fn what_is_written_while_sealing_gets_its_seal_later(site: Site) {
    let administrator = set_up(&site).await;
    let workspace = site.app.db.workspaces().await.expect("an answer")[0];
    let writer = {
        let (site, administrator) = (site.clone(), administrator.clone());
        tokio::spawn(async move {
            for at in 0..30 {
                let change = json!({ "name": format!("Name {at}") });
                site.patch(&administrator.who, &path_of(&administrator), change).await.is(200);
            }
        })
    };
    while !writer.is_finished() {
        crm::trail::seal(&site.app, workspace).await.expect("it seals");
        tokio::task::yield_now().await;
    }
    writer.await.expect("it writes");
    while crm::trail::seal(&site.app, workspace).await.expect("it seals") > 0 {}
    let verdict = crm::trail::verify(&site.app, workspace).await.expect("an answer");
    assert_eq!((verdict.broken, verdict.unsealed, verdict.entries), (None, 0, 33));
}
