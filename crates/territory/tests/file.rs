//! The plan file: what it reads, what it refuses and where, and what it writes.

use territory::file::{PlanFile, catalog};
use territory::{Index, Placed};

/// The file of the specification.
const BAVARIA: &str = r##"{
  "format": "revier-plan/1",
  "currency": "EUR", "time_zone": "Europe/Berlin",
  "default_territory": "Rest der Welt",
  "territories": [
    { "name": "Bayern Süd", "parent": "Bayern", "position": 1, "active": true, "color": "#3a7d44",
      "rules": [
        { "name": "PLZ 80–87, ab 50 Beschäftigte", "enabled": true,
          "when": { "all": [
            { "field": "country", "op": "is_any_of", "values": ["Deutschland"] },
            { "values": ["80000-87999"], "op": "in_range_any_of", "field": "postcode" },
            { "any": [ { "field": "employees", "op": "gte", "values": [50] },
                       { "not": { "field": "source", "op": "is_any_of", "values": ["Messe"] } } ] } ] } } ],
      "members": [ { "user": "ben@example.com",  "access": true, "assignment": true, "weight": 1, "position": 2 },
                   { "user": "anna@example.com", "access": true, "assignment": true, "weight": 2, "position": 1 } ] },
    { "name": "Rest der Welt" },
    { "name": "Bayern", "rules": [
        { "name": "Ganz Bayern", "when": { "field": "state", "op": "is_any_of", "values": ["Bayern"] } } ] }
  ],
  "examples": [
    { "lead": { "company": "Bäckerei Huber", "country": "DE", "postcode": "80331", "employees": 60 }, "territory": "Bayern Süd" },
    { "lead": { "country": "DE", "postcode": "80331", "employees": 10, "source": "Messe" }, "territory": "Bayern" },
    { "lead": { "country": "FR" }, "territory": "Rest der Welt" } ]
}"##;

fn read(text: &str) -> PlanFile {
    PlanFile::read(text, &catalog()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn faults(text: &str) -> Vec<String> {
    let faults = PlanFile::read(text, &catalog()).expect_err("the file has faults");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn the_plan_keeps_its_examples() {
    let file = read(BAVARIA);
    let index = Index::build(&file.plan());
    assert_eq!(file.broken_examples(&catalog(), &index, 20_000), []);
    assert_eq!(file.broken_rules().count(), 0);
}

#[test]
fn a_broken_example_says_where_its_lead_arrives() {
    let text = BAVARIA
        .replace(
            r#""employees": 60 }, "territory": "Bayern Süd""#,
            r#""employees": 60 }, "territory": "Bayern""#,
        )
        .replace(r#"{ "country": "FR" }"#, r#"{ "country": "FR", "employees": "viele" }"#);
    let file = read(&text);
    let index = Index::build(&file.plan());
    let broken = file.broken_examples(&catalog(), &index, 20_000);
    let said: Vec<String> = broken.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            r#"/examples/0: arrives in "Bayern Süd", not in "Bayern""#,
            r#"/examples/2: the lead is unusable: /employees: "viele" is not a whole number"#,
        ]
    );
}

#[test]
fn what_is_written_is_read_again_and_written_alike() {
    let file = read(BAVARIA);
    let written = file.write();
    assert_eq!(read(&written).write(), written);
    let names: Vec<String> =
        read(&written).territories.iter().map(|territory| territory.name.clone()).collect();
    assert_eq!(names, ["Rest der Welt", "Bayern", "Bayern Süd"]);
    let members = &read(&written).territories[2].members;
    assert_eq!(
        members.iter().map(|member| member.user.as_str()).collect::<Vec<_>>(),
        ["anna@example.com", "ben@example.com"]
    );
    assert!(written.contains("\"Deutschland\""), "texts stay as they were written");
    assert!(
        written.contains("{\n                \"field\": \"postcode\","),
        "keys stand in one order:\n{written}"
    );
}

#[test]
fn the_order_of_territories_in_the_file_changes_nothing() {
    let file = read(BAVARIA);
    let mut turned = file.clone();
    turned.territories.reverse();
    assert_eq!(turned.write(), file.write());
}

#[test]
fn every_fault_is_named_by_its_path_at_once() {
    let text = r#"{
      "format": "revier-plan/2", "currency": "Taler", "time_zone": "Mars/Olympus", "colour": 1,
      "territories": [
        { "name": "A", "color": "grün", "position": "erste", "rules": [
            { "name": "R", "wenn": {}, "when": { "all": [ { "field": "employees", "op": "gte", "values": ["viele"] } ] } },
            { "when": { "field": "country", "op": "is_any_of", "values": ["DE"] } } ],
          "members": [ { "user": "a@example.com", "access": false }, { "user": "b@example.com", "weight": 0 },
                       { "user": "a@example.com" } ] },
        "B" ],
      "examples": [ { "lead": [] }, {} ]
    }"#;
    assert_eq!(
        faults(text),
        [
            r#"/colour: "colour" is not a key that is known here; known are format, currency, time_zone, default_country, default_territory, fields, territories, examples"#,
            r#"/format: "revier-plan/2" is not a format that is known; write "revier-plan/1""#,
            r#"/currency: "Taler" is no currency; write an ISO 4217 code such as EUR"#,
            r#"/time_zone: "Mars/Olympus" is no time zone; write a name such as Europe/Berlin"#,
            r#"/territories/0/color: "grün" is no colour; write one like #3a7d44"#,
            r#"/territories/0/position: "erste" is not a whole number"#,
            r#"/territories/0/rules/0/wenn: "wenn" is not a key that is known here; known are name, enabled, when"#,
            r#"/territories/0/rules/0/when/all/0/values/0: "viele" is not a whole number"#,
            r#"/territories/0/rules/1: "name" is missing"#,
            r#"/territories/0/members/0/access: a@example.com is handed leads without seeing them; turn access on"#,
            r#"/territories/0/members/1/weight: weight 0 is outside 1 to 1000000; to hand somebody no leads, turn assignment off"#,
            r#"/territories/0/members/2/user: a@example.com is member 0 of this territory already"#,
            r#"/territories/1: "B" is not an object"#,
            r#"/examples/0/lead: [] is not an object of fields"#,
            r#"/examples/1: "lead" is missing; write an object of fields"#,
        ]
    );
}

#[test]
fn names_are_unique_and_lead_somewhere() {
    let text = r#"{ "format": "revier-plan/1", "default_territory": "Z", "territories": [
        { "name": "A", "parent": "B" }, { "name": "B", "parent": "C" }, { "name": "C", "parent": "B" },
        { "name": "A" }, { "name": "D", "parent": "D" }, { "name": "E", "parent": "X" } ],
      "examples": [ { "lead": {}, "territory": "Y" } ] }"#;
    assert_eq!(
        faults(text),
        [
            r#"/territories/3/name: "A" is the name of /territories/0 too; names are unique"#,
            r#"/territories/5/parent: there is no territory "X" in this plan"#,
            r#"/default_territory: there is no territory "Z" in this plan"#,
            r#"/examples/0/territory: there is no territory "Y" in this plan"#,
            r#"/territories/1/parent: parents form a circle: B → C → B"#,
            r#"/territories/4/parent: parents form a circle: D → D"#,
        ]
    );
}

#[test]
fn a_rule_that_names_what_nobody_knows_is_broken_and_never_matches() {
    let text = r#"{ "format": "revier-plan/1", "territories": [ { "name": "A", "rules": [
        { "name": "R", "when": { "not": { "field": "country", "op": "is_any_of", "values": ["Atlantis"] } } } ] } ] }"#;
    let file = read(text);
    let broken: Vec<String> = file.broken_rules().map(ToString::to_string).collect();
    assert_eq!(
        broken,
        [
            r#"/territories/0/rules/0/when/not/values/0: there is no country "Atlantis"; write its name or its code, such as DE"#
        ]
    );
    let placed = Index::build(&file.plan()).place(&condition::Facts::new(31, 20_000));
    assert_eq!(placed, Placed::default());
}

#[test]
fn text_that_is_no_json_says_where_it_breaks() {
    assert_eq!(
        faults("{ \"format\": "),
        ["/: the file is no JSON: EOF while parsing a value at line 1 column 12"]
    );
}

#[test]
fn the_difference_of_two_files_is_said_in_words() {
    let before = read(BAVARIA);
    assert_eq!(before.differences(&read(&before.write())), Vec::<String>::new());
    let text = BAVARIA
        .replace(r#""default_territory": "Rest der Welt","#, "")
        .replace(r#""parent": "Bayern", "position": 1"#, r#""parent": "Rest der Welt", "position": 2"#)
        .replace(r#""weight": 2"#, r#""weight": 3"#)
        .replace("ben@example.com", "carla@example.com")
        .replace(r#"{ "name": "Ganz Bayern", "#, r#"{ "name": "Ganz Bayern", "enabled": false, "#)
        .replace(r#"["Bayern"]"#, r#"["BY", "Hessen"]"#)
        .replace(r#"{ "name": "Rest der Welt" },"#, r#"{ "name": "Rest der Welt" }, { "name": "Neu" },"#)
        .replace(r#"{ "country": "FR" }, "territory": "Rest der Welt""#, r#"{ "country": "FR" }"#)
        .replace(r#""values": ["BY", "Hessen"]"#, r#""values": ["DE-BY", "Hessen"]"#);
    assert_eq!(
        before.differences(&read(&text)),
        [
            r#"default territory "Rest der Welt" → none"#,
            r#"territory "Bayern": position 3 → 4"#,
            r#"territory "Bayern": rule "Ganz Bayern" disabled"#,
            r#"territory "Bayern": rule "Ganz Bayern": {"field":"state","op":"is_any_of","values":["Bayern"]} → {"field":"state","op":"is_any_of","values":["DE-BY","Hessen"]}"#,
            r#"territory "Bayern Süd": parent "Bayern" → "Rest der Welt""#,
            r#"territory "Bayern Süd": position 1 → 2"#,
            r#"territory "Bayern Süd": member anna@example.com: weight 2 → 3"#,
            r#"territory "Bayern Süd": member ben@example.com removed"#,
            r#"territory "Bayern Süd": member carla@example.com added with weight 1"#,
            r#"territory "Neu" added, with 0 rules and 0 members"#,
            "1 example added",
            "1 example removed",
        ]
    );
}
