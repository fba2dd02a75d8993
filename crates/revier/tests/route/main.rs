//! `revier route` as the operator runs it: the real binary, real files, real companies.

mod shared_data;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::json;
use tempfile::TempDir;

/// What a run printed.
struct Run {
    status: i32,
    out: String,
    errors: String,
}

impl Run {
    fn of(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).expect("the binary writes UTF-8");
        Run {
            status: output.status.code().expect("the binary ended by itself"),
            out: text(output.stdout),
            errors: text(output.stderr),
        }
    }
}

/// A directory with a plan, in which leads are routed.
struct Desk {
    directory: TempDir,
}

impl Desk {
    fn with_plan(plan: &str) -> Desk {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        fs::write(directory.path().join("plan.json"), plan).expect("the plan can be written");
        Desk { directory }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_revier"));
        command.current_dir(self.path()).args(["route", "--plan", "plan.json"]).args(arguments);
        command
    }

    fn routes(&self, leads: impl AsRef<[u8]>, arguments: &[&str]) -> Run {
        fs::write(self.path().join("leads"), leads).expect("the leads can be written");
        let output = self.command(&["--leads", "leads"]).args(arguments).output();
        Run::of(output.expect("the binary starts"))
    }
}

const PLAN: &str = r##"{
  "format": "revier-plan/1", "currency": "EUR", "time_zone": "Europe/Berlin",
  "default_territory": "Rest",
  "territories": [
    { "name": "Bayern", "position": 1,
      "rules": [ { "name": "Ganz Bayern", "when": { "field": "state", "op": "is_any_of", "values": ["DE-BY"] } } ],
      "members": [ { "user": "anna@example.com", "weight": 2 }, { "user": "ben@example.com" },
                   { "user": "chef@example.com", "assignment": false } ] },
    { "name": "Bayern groß", "parent": "Bayern",
      "rules": [ { "name": "ab 50", "when": { "all": [
        { "field": "state", "op": "is_any_of", "values": ["DE-BY"] },
        { "field": "employees", "op": "gte", "values": [50] } ] } } ] },
    { "name": "Rest", "position": 2, "members": [ { "user": "zoe@example.com" } ] }
  ]
}"##;

#[test]
fn leads_are_answered_in_order_and_a_bad_row_stops_nothing() {
    let leads = "company,country,postcode,employees\n\
                 Huber,DE,80331,60\n\
                 Meier,DE,80331,12a\n\
                 Kurz,DE,80331\n\
                 Bauer,,80331,1.234\n\
                 Dupont,FR,75001,5\n\
                 Moser,DE,80331,5\n";
    let run = Desk::with_plan(PLAN).routes(leads, &["--country", "DE"]);
    assert_eq!(
        run.out,
        "line,territory,owner,turn,rule\n\
         2,Bayern groß,,,ab 50\n\
         3,error,,,\n\
         4,error,,,\n\
         5,Bayern groß,,,ab 50\n\
         6,Rest,zoe@example.com,1,\n\
         7,Bayern,anna@example.com,1,Ganz Bayern\n"
    );
    assert_eq!(
        run.errors,
        "line 3, column employees: \"12a\" is not a whole number\n\
         line 4: 3 columns, but the header has 4\n"
    );
    assert_eq!(run.status, 3);
}

#[test]
fn json_lines_carry_the_same_keys_and_say_why() {
    let leads = "{\"country\": \"DE\", \"postcode\": \"80331\", \"employees\": 60, \"colour\": 1}\n\
                 \n\
                 {\"country\": \"DE\", \"postcode\": \"80331\", \"emails\": [\"x\"]}\n\
                 [1]\n\
                 {\"country\": \"AT\", \"colour\": 2}\n";
    let run = Desk::with_plan(PLAN).routes(leads, &["--explain"]);
    let lines: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    assert_eq!(
        lines,
        [
            serde_json::json!({ "line": 1, "territory": "Bayern groß", "owner": null, "turn": null, "rule": "ab 50",
                "why": "rule \"ab 50\" of \"Bayern groß\" matches because its state is Bavaria and it has at least 50 employees (60); \
                        nobody there is handed leads, so it waits in the queue" }),
            serde_json::json!({ "line": 3, "territory": "error", "owner": null, "turn": null, "rule": null,
                "why": "line 3, column emails: \"x\" is not an e-mail address" }),
            serde_json::json!({ "line": 4, "territory": "error", "owner": null, "turn": null, "rule": null,
                "why": "line 4: not a JSON object" }),
            serde_json::json!({ "line": 5, "territory": "Rest", "owner": "zoe@example.com", "turn": 1, "rule": null,
                "why": "no rule matches, so the default territory takes it; \
                        tried before: \"Bayern groß\", \"Bayern\", \"Rest\"; turn 1 of zoe@example.com × 1 goes to zoe@example.com" }),
        ]
    );
    assert_eq!(
        run.errors,
        "the key \"colour\" is no field of a lead and is ignored\n\
         line 3, column emails: \"x\" is not an e-mail address\n\
         line 4: not a JSON object\n"
    );
    assert_eq!(run.status, 3);
}

#[test]
fn an_unusable_plan_names_every_fault_and_routes_nothing() {
    let plan = r#"{ "format": "revier-plan/1", "territories": [
        { "name": "A", "parent": "B" }, { "name": "A", "rules": [ { "name": "R", "when": { "ell": [] } } ] } ] }"#;
    let run = Desk::with_plan(plan).routes("company\nHuber\n", &[]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.errors.starts_with("plan.json: /territories/1/rules/0/when: "), "{}", run.errors);
    let plan = plan.replace("\"ell\"", "\"all\"");
    let run = Desk::with_plan(&plan).routes("company\nHuber\n", &[]);
    assert_eq!(
        run.errors,
        "plan.json: /territories/1/name: \"A\" is the name of /territories/0 too; names are unique\n\
         plan.json: /territories/0/parent: there is no territory \"B\" in this plan\n"
    );
    assert_eq!((run.status, run.out.as_str()), (2, ""));
}

#[test]
fn files_that_cannot_be_read_fail_with_a_remedy() {
    let desk = Desk::with_plan(PLAN);
    let run = desk.routes("Firma;PLZ\nHuber;80331\n", &[]);
    assert_eq!(run.status, 1);
    assert!(run.errors.contains("name them as the API does"), "{}", run.errors);
    let run = desk.routes("company,country,company\n", &[]);
    assert!(run.errors.contains("the column company stands twice"), "{}", run.errors);
    let run = Run::of(desk.command(&["--leads", "absent.csv"]).output().expect("the binary starts"));
    assert_eq!(run.status, 1);
    assert!(run.errors.contains("the leads absent.csv cannot be read"), "{}", run.errors);
}

#[test]
fn rules_with_thirty_thousand_values_are_read_and_obeyed() {
    let accounts: Vec<String> = (0..30_000).map(|number| format!("Kunde {number:012}")).collect();
    let postcodes: Vec<String> = (10_000..100_000).step_by(3).map(|code| code.to_string()).collect();
    let territory = |name: &str, field: &str, values: &[String]| {
        let when = json!({ "field": field, "op": "is_any_of", "values": values });
        json!({ "name": name, "rules": [{ "name": "Liste", "when": when }] })
    };
    let territories = [territory("Kunden", "company", &accounts), territory("Orte", "postcode", &postcodes)];
    let plan = json!({ "format": "revier-plan/1", "territories": territories });
    let desk = Desk::with_plan(&plan.to_string());
    let (last_account, last_code) = (&accounts[29_999], &postcodes[29_999]);
    let leads = format!(
        "company,country,postcode\n{last_account},,\nHuber,DE,{last_code}\nHuber,DE,{}\n",
        &postcodes[0].replace('0', "1")
    );
    let run = desk.routes(leads, &[]);
    let expected = "line,territory,owner,turn,rule\n2,Kunden,,,Liste\n3,Orte,,,Liste\n4,,,,\n";
    assert_eq!((run.out.as_str(), run.errors.as_str(), run.status), (expected, "", 0));
}

#[test]
fn who_has_read_enough_ends_the_run_quietly() {
    let desk = Desk::with_plan(PLAN);
    let mut leads = String::from("company,country,postcode\n");
    for number in 0..20_000 {
        leads.push_str(&format!("Firma {number},DE,80331\n"));
    }
    fs::write(desk.path().join("leads"), leads).expect("the leads can be written");
    for arguments in [&["--leads", "leads"][..], &["--leads", "leads", "--format", "jsonl", "--explain"]] {
        let mut run = desk
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut first = String::new();
        let mut out = BufReader::new(run.stdout.take().expect("piped"));
        out.read_line(&mut first).expect("a line is read");
        drop(out);
        let Run { status, errors, .. } = Run::of(run.wait_with_output().expect("the binary ends"));
        assert_eq!((status, errors.as_str()), (0, ""), "after {first}");
    }
}

#[test]
fn encodings_and_delimiters_are_found_out() {
    let text =
        "company;country;postcode;employees\r\nMüller & Söhne;Österreich;1010;5\r\nJäger;DE;80331;1.234\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let tabs = text.replace(';', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let expected = "line,territory,owner,turn,rule\n2,Rest,zoe@example.com,1,\n3,Bayern groß,,,ab 50\n";
    let windows: Vec<u8> = text.chars().map(|letter| u8::try_from(letter).expect("Latin-1")).collect();
    for (bytes, name) in [
        (text.as_bytes().to_vec(), "UTF-8, semicolons"),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "UTF-8 with mark"),
        (windows, "Windows-1252"),
        ([vec![0xFF, 0xFE], utf16].concat(), "UTF-16LE with mark"),
        (tabs, "UTF-16LE, tabs, no mark"),
        (text.replace("\r\n", "\n").replace(';', "|").into_bytes(), "bars"),
    ] {
        let run = Desk::with_plan(PLAN).routes(bytes, &[]);
        assert_eq!((run.out.as_str(), run.errors.as_str(), run.status), (expected, "", 0), "{name}");
    }
    let run = Desk::with_plan(PLAN).routes(format!("sep=;\r\n{text}"), &[]);
    assert_eq!(run.out, expected.replace("\n3,", "\n4,").replace("\n2,", "\n3,"));
}

#[test]
fn rows_are_named_by_the_line_on_which_they_begin() {
    let leads = "company,employees\r\n\r\n\"Two\r\nlines\",x\r\n\r\nHuber,y\r\nMeier,z";
    for text in [leads.to_owned(), leads.replace("\r\n", "\n"), leads.replace("\r\n", "\r")] {
        let run = Desk::with_plan(PLAN).routes(text, &[]);
        let lines: Vec<&str> = run.out.lines().map(|line| line.split(',').next().expect("a cell")).collect();
        assert_eq!(lines, ["line", "3", "6", "7"]);
    }
}

#[test]
fn runs_with_turns_continue_each_other() {
    let desk = Desk::with_plan(PLAN);
    let leads = |count| format!("postcode,country\n{}", "80331,DE\n".repeat(count));
    let owners = |run: &Run| -> Vec<String> {
        run.out
            .lines()
            .skip(1)
            .map(|line| line.split(',').skip(2).take(2).collect::<Vec<_>>().join(" "))
            .collect()
    };
    let whole = owners(&desk.routes(leads(12), &[]));
    let mut parts = Vec::new();
    for count in [1, 4, 2, 5] {
        parts.extend(owners(&desk.routes(leads(count), &["--turns", "state.json"])));
    }
    assert_eq!(parts, whole);
    assert_eq!(whole.iter().filter(|owner| owner.starts_with("anna@")).count(), 8);
    assert!(whole[11].ends_with(" 12"));
    fs::write(desk.path().join("state.json"), "{}").expect("the state can be written");
    let run = desk.routes(leads(1), &["--turns", "state.json"]);
    assert_eq!(run.status, 1);
    assert!(run.errors.contains("state.json holds no turns"), "{}", run.errors);
}

#[test]
fn standard_input_streams_in_flat_memory() {
    let desk = Desk::with_plan(PLAN);
    let mut child = desk
        .command(&["--leads", "-", "--country", "DE"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut input = child.stdin.take().expect("standard input is a pipe");
    let id = child.id();
    let rows = 200_000;
    let writer = std::thread::spawn(move || {
        input.write_all(b"company,postcode\n").expect("the binary reads");
        let chunk = format!("{},80331\n", "x".repeat(400)).repeat(1_000);
        let mut peak_kb = 0;
        for _ in 0..rows / 1_000 {
            input.write_all(chunk.as_bytes()).expect("the binary reads");
            peak_kb = peak_kb.max(resident_kb(id));
        }
        peak_kb
    });
    let output = child.wait_with_output().expect("the binary ends");
    let peak_kb = writer.join().expect("everything was written");
    let run = Run::of(output);
    assert_eq!((run.out.lines().count(), run.status), (rows + 1, 0));
    // The input has 80 MB; program, tables of places and buffers take less than 60.
    assert!(peak_kb < 60_000, "{peak_kb} kB");
}

#[test]
fn plan_files_are_checked_and_compared() {
    let example = |territory: &str| {
        let examples =
            format!(r#""examples": [ {{ "lead": {{ "country": "FR" }}, "territory": "{territory}" }} ] }}"#);
        format!("{}, {examples}", PLAN.trim_end().trim_end_matches('}').trim_end())
    };
    let desk = Desk::with_plan(&example("Rest"));
    fs::write(desk.path().join("later.json"), example("Bayern")).expect("the plan can be written");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_revier"));
        Run::of(
            command.current_dir(desk.path()).arg("plan").args(arguments).output().expect("the binary starts"),
        )
    };
    let fine = run(&["check", "plan.json"]);
    assert_eq!((fine.status, fine.errors.as_str()), (0, ""));
    let broken = run(&["check", "later.json"]);
    assert_eq!(broken.status, 1);
    assert_eq!(broken.errors, "later.json: /examples/0: arrives in \"Rest\", not in \"Bayern\"\n");
    let differing = run(&["diff", "plan.json", "later.json"]);
    assert_eq!((differing.status, differing.out.as_str()), (0, "1 example added\n1 example removed\n"));
}

/// Memory that a process holds, from Linux; 0 elsewhere.
fn resident_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
