//! Companies of OffeneRegister and of the IRS, with exact placements and fair turns.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::Desk;

/// The folder of real data next to the repository, or the reason to skip, told by name.
fn folder(test: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("REVIER_SHARED").map_or(beside, PathBuf::from);
    let data = shared.join("data");
    if data.is_dir() {
        return Some(data);
    }
    assert!(std::env::var_os("CI").is_none(), "{test} needs the data in {}", data.display());
    eprintln!("{test} is skipped: there is no {}", data.display());
    None
}

/// Leads per territory and per territory and owner.
fn counts(out: &str) -> (BTreeMap<String, usize>, BTreeMap<(String, String), usize>) {
    let (mut territories, mut owners) = (BTreeMap::new(), BTreeMap::new());
    let mut rows = csv::Reader::from_reader(out.as_bytes());
    for row in rows.records() {
        let row = row.expect("the answers are CSV");
        *territories.entry(row[1].to_owned()).or_default() += 1;
        *owners.entry((row[1].to_owned(), row[2].to_owned())).or_default() += 1;
    }
    (territories, owners)
}

const WEIGHTS: [usize; 8] = [1, 1, 45, 1, 3, 2, 45, 3];

fn germany() -> String {
    let members: Vec<String> = (0..)
        .zip(WEIGHTS)
        .map(|(at, weight)| format!(r#"{{ "user": "u{at}@example.com", "weight": {weight} }}"#))
        .collect();
    r#"{ "format": "revier-plan/1", "default_territory": "Rest", "territories": [
        { "name": "Bau", "position": 0, "rules": [ { "name": "Bau", "when":
            { "field": "company", "op": "contains_any_of", "values": ["Bau GmbH"] } } ] },
        { "name": "Deutschland", "position": 1, "rules": [ { "name": "Land", "when":
            { "all": [ { "field": "country", "op": "is_any_of", "values": ["Germany"] },
                       { "field": "state", "op": "is_not_empty" } ] } } ], "members": [ MEMBERS ] },
        { "name": "Bayern", "parent": "Deutschland", "rules": [ { "name": "Bayern", "when":
            { "field": "state", "op": "is_any_of", "values": ["Bavaria"] } } ],
          "members": [ { "user": "anna@example.com", "weight": 2 }, { "user": "ben@example.com" } ] },
        { "name": "Südbayern", "parent": "Bayern", "rules": [ { "name": "80 bis 87", "when":
            { "field": "postcode", "op": "in_range_any_of", "values": ["80000-87999"] } } ],
          "members": [ { "user": "carla@example.com" }, { "user": "dora@example.com" }, { "user": "emil@example.com" } ] },
        { "name": "Rest" } ] }"#
        .replace("MEMBERS", &members.join(", "))
}

#[test]
fn german_companies_arrive_in_their_territories_and_turns_are_fair() {
    let Some(data) = folder("german_companies_arrive_in_their_territories_and_turns_are_fair") else {
        return;
    };
    let file = std::fs::read_to_string(data.join("companies_offeneregister_de/handed_29k.csv"))
        .expect("it is there");
    let (_, rows) = file.split_once('\n').expect("it has a header");
    let header = "company_number,company,register_type,register_number,registrar,register_status,\
                  federal_state,registered_office,registered_address,street,postcode,city";
    let run = Desk::with_plan(&germany()).routes(format!("{header}\n{rows}"), &["--country", "DE"]);
    assert_eq!(run.status, 0, "{}", run.errors);
    let (territories, owners) = counts(&run.out);

    // What can be told from the file alone: postcodes of the south that are no construction companies.
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("it is CSV")).collect();
    let is_builder = |row: &csv::StringRecord| row[1].to_lowercase().contains("bau gmbh");
    let is_south = |row: &csv::StringRecord| row[10].len() == 5 && ("80000"..="87999").contains(&&row[10]);
    let builders = rows.iter().filter(|row| is_builder(row)).count();
    let south = rows.iter().filter(|row| is_south(row) && !is_builder(row)).count();
    assert_eq!((territories["Bau"], territories["Südbayern"]), (builders, south));
    assert_eq!(territories.values().sum::<usize>(), rows.len());
    assert_eq!(territories, EXPECTED_DE.map(|(name, count)| (name.to_owned(), count)).into());

    let of = |territory: &str, user: &str| owners[&(territory.to_owned(), format!("{user}@example.com"))];
    assert_eq!(["carla", "dora", "emil"].map(|user| of("Südbayern", user)), [south / 3; 3]);
    let bavaria = territories["Bayern"];
    assert_eq!([of("Bayern", "anna"), of("Bayern", "ben")], [bavaria * 2 / 3, bavaria / 3]);
    let (total, all) = (territories["Deutschland"], WEIGHTS.iter().sum::<usize>());
    for (at, weight) in (0..).zip(WEIGHTS) {
        let count = of("Deutschland", &format!("u{at}"));
        // Less than one whole lead from the exact share total · weight / all.
        assert!((count * all).abs_diff(total * weight) < all, "u{at} has {count} of {total}");
    }
}

const EXPECTED_DE: [(&str, usize); 5] =
    [("Bau", 517), ("Bayern", 687), ("Deutschland", 10_126), ("Rest", 17_326), ("Südbayern", 567)];

#[test]
fn american_organisations_arrive_by_state_and_zip() {
    let Some(data) = folder("american_organisations_arrive_by_state_and_zip") else { return };
    let plan = r#"{ "format": "revier-plan/1", "territories": [
        { "name": "Anchorage", "position": 0, "rules": [ { "name": "995", "when":
            { "field": "postcode", "op": "starts_with_any_of", "values": ["995"] } } ],
          "members": [ { "user": "a@example.com" }, { "user": "b@example.com" } ] },
        { "name": "Alaska", "position": 1, "rules": [ { "name": "AK", "when":
            { "field": "state", "op": "is_any_of", "values": ["Alaska"] } } ] } ] }"#;
    let desk = Desk::with_plan(plan);
    for (name, expected) in [("eo_ak", &EXPECTED_AK[..]), ("eo_vt", &EXPECTED_VT[..])] {
        let path = data.join(format!("companies_irs_us/2020/{name}.csv"));
        let file = std::fs::read_to_string(path).expect("it is there");
        let (header, rows) = file.split_once('\n').expect("it has a header");
        let header =
            header.trim_end().replace("NAME,STREET,CITY,STATE,ZIP", "company,street,city,state,postcode");
        let header = header.replace("SORT_company", "SORT_NAME");
        let run = desk.routes(format!("{header}\n{rows}"), &["--country", "US"]);
        assert_eq!(run.status, 0, "{}", run.errors);
        let (territories, owners) = counts(&run.out);
        assert_eq!(
            territories,
            expected.iter().map(|&(name, count)| (name.to_owned(), count)).collect(),
            "{name}"
        );
        let columns: Vec<&str> = header.split(',').collect();
        let at = columns.iter().position(|column| *column == "postcode").expect("it has postcodes");
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let anchorage =
            reader.records().filter(|row| row.as_ref().expect("it is CSV")[at].starts_with("995")).count();
        assert_eq!(territories.get("Anchorage").copied().unwrap_or(0), anchorage);
        let turns = |user: &str| owners.get(&("Anchorage".to_owned(), user.to_owned())).copied().unwrap_or(0);
        assert!(turns("a@example.com") - turns("b@example.com") <= 1);
    }
}

const EXPECTED_AK: [(&str, usize); 2] = [("Alaska", 3_112), ("Anchorage", 2_446)];
const EXPECTED_VT: [(&str, usize); 1] = [("", 6_208)];
