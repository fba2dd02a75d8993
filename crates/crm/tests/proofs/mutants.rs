//! Servers that are wrong on purpose: the proofs have to notice, and to say what is wrong.

use testkit::{Kind, Site};

use crate::lists;

#[test]
fn a_change_that_comes_before_its_check_is_noticed_on_sqlite() {
    change_before_check(Kind::Sqlite);
}

#[test]
fn a_change_that_comes_before_its_check_is_noticed_on_postgres() {
    change_before_check(Kind::Postgres);
}

fn change_before_check(kind: Kind) {
    let wrong = "mutant: the change comes before the check";
    noticed(
        kind,
        wrong,
        "was denied and changed something",
        lists::a_denied_call_leaves_the_database_as_it_was,
    );
}

/// Failpoints belong to the whole process; each test has one of its own.
fn noticed<Fut: Future<Output = ()>>(kind: Kind, wrong: &str, says: &str, proof: fn(Site) -> Fut) {
    if testkit::base::available(kind).is_none() {
        return;
    }
    let _armed = fail::FailScenario::setup();
    fail::cfg(wrong, "return").expect("a failpoint");
    testkit::mutant::is_noticed(says, || testkit::both::run(kind, proof));
}
