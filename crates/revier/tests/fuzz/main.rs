//! Fuzzed from the contract by schemathesis, as each built-in role and as nobody, against the built binary
//! with the demo company: no failure of ours, and no answer that `docs/openapi.json` does not name.

mod town;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use testkit::Kind;

use town::{Credential, Town};

/// Of this release of the contract and this seed, every run asks the same.
const SEED: &str = "20261124";

/// Test cases of each phase per operation; REVIER_SOAK=1 multiplies.
const EXAMPLES: usize = 25;

/// The stream never ends, so nobody could read its answer; `crm` tests it.
const ENDLESS: &str = "get_events";

/// These end the credential by which the run asks: they are fuzzed alone, after all others.
const ENDING: [&str; 5] =
    ["delete_session", "delete_sessions", "delete_sessions_id", "post_session_password", "delete_tokens_id"];

/// What can shut the caller out while the others are fuzzed is refused by the product: the one
/// administrator can neither leave nor change their role. The run looks at its end whether it is still in.
macro_rules! fuzzed_as {
    ($($test:ident: $kind:expr, $credential:expr;)+) => {
        $(
            #[test]
            fn $test() {
                fuzz($kind, $credential);
            }
        )+
    };
}

fuzzed_as! {
    an_administrators_token_gets_documented_answers: Kind::Sqlite, Credential::Token("administrator");
    an_administrators_session_gets_documented_answers: Kind::Postgres, Credential::Session;
    a_sales_manager_gets_documented_answers: Kind::Postgres, Credential::Token("sales_manager");
    a_seller_gets_documented_answers: Kind::Sqlite, Credential::Token("seller");
    a_restricted_seller_gets_documented_answers: Kind::Sqlite, Credential::Token("restricted_seller");
    whoever_only_reads_gets_documented_answers: Kind::Sqlite, Credential::Token("read_only");
    nobody_gets_documented_answers: Kind::Sqlite, Credential::None;
}

fn fuzz(kind: Kind, credential: Credential) {
    let Some(()) = testkit::base::available(kind) else { return };
    let Some(schemathesis) = schemathesis() else { return };
    testkit::both::runtime().block_on(async {
        let town = Town::new(kind, credential).await;
        let contract = contract();
        let run = |selection: &[&str]| {
            let outcome = town.run(&schemathesis, &contract, selection);
            assert!(outcome.is_fine(), "{}", outcome.text);
            println!("{} test cases as {credential:?}", outcome.cases);
            assert!(outcome.cases > 20, "too few to mean anything: {}", outcome.text);
        };
        let mut most = vec!["--exclude-operation-id", ENDLESS];
        ENDING.iter().for_each(|id| most.extend(["--exclude-operation-id", id]));
        run(&most);
        town.is_still_in().await;
        run(&ENDING.map(|id| ["--include-operation-id", id]).concat());
        town.end().await;
    });
}

/// The mutant: a contract that forgets an answer and a field is told apart from the product.
#[test]
fn a_contract_that_forgets_an_answer_is_found_out() {
    let Some(schemathesis) = schemathesis() else { return };
    testkit::both::runtime().block_on(async {
        let town = Town::new(Kind::Sqlite, Credential::Token("administrator")).await;
        let text = std::fs::read_to_string(contract()).expect("the contract");
        for (pointer, member) in [
            ("/paths/~1api~1v1~1leads~1{id}/get/responses", "4XX"),
            ("/components/schemas/WorkspaceView/properties/name", "type"),
        ] {
            let mut mutant: Value = serde_json::from_str(&text).expect("JSON");
            let place = mutant.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer} in the contract"));
            place[member] = "integer".into();
            if member == "4XX" {
                place.as_object_mut().expect("answers").remove(member);
            }
            let file = town.directory.path().join("mutant.json");
            std::fs::write(&file, mutant.to_string()).expect("written");
            let selection =
                ["--include-operation-id", "get_leads_id", "--include-operation-id", "get_workspace"];
            let outcome = town.run(&schemathesis, &file, &selection);
            assert!(!outcome.is_fine(), "{pointer} was not missed: {}", outcome.text);
        }
        town.end().await;
    });
}

fn contract() -> PathBuf {
    repository().join("docs/openapi.json")
}

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The program that `xtask/tools.sh test` installs; says by name where a test cannot run without it.
fn schemathesis() -> Option<PathBuf> {
    let built = std::env::var_os("CARGO_TARGET_DIR").map_or(repository().join("target"), PathBuf::from);
    let program = built.join("schemathesis/bin/st");
    if Command::new(&program).arg("--version").output().is_ok_and(|output| output.status.success()) {
        return Some(program);
    }
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let said = format!("{test}: schemathesis is missing; run xtask/tools.sh test, which installs it");
    assert!(std::env::var_os("CI").is_none(), "{said}");
    eprintln!("SKIPPED {said}");
    None
}
