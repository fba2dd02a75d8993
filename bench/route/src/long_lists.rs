//! Rules with as many values as one may have, 100,000, beside rules of the usual size: what building
//! and placing cost. Printed only; there is no goal.

use std::time::Instant;

use condition::standard::{COMPANY, EMAILS, POSTCODE};
use condition::tree::values;
use condition::{Condition, Criterion, FieldId, Kind, Test};
use territory::Index;

use crate::measure::nanoseconds_per_fresh_item;
use crate::workload::Row;

const VALUES: usize = 100_000;
const RULES: usize = 10_000;
const LEADS: usize = 20_000;

pub fn run() {
    let list = |text: fn(usize) -> String| values((0..VALUES).map(text));
    let is = |field: FieldId, kind: Kind, test: Test| Condition::Is(Criterion { field, kind, test });
    let long = [
        ("companies", is(COMPANY, Kind::Text, Test::IsAnyOf(list(|at| format!("firma {at} gmbh"))))),
        ("domains", is(EMAILS, Kind::Email, Test::EndsWithAnyOf(list(|at| format!("@firma{at}.example"))))),
        ("words", is(COMPANY, Kind::Text, Test::ContainsAnyOf(list(|at| format!("werk{at} "))))),
        ("postcodes", is(POSTCODE, Kind::Postcode, Test::IsAnyOf(list(|at| format!("9{at:05}"))))),
    ];
    for (name, condition) in long {
        let mut workload = Row::Main.workload(RULES, LEADS);
        workload.rules.insert(0, condition);
        let plan = crate::plan(&workload.rules);
        let start = Instant::now();
        let index = Index::build(&plan);
        let build_ms = start.elapsed().as_secs_f64() * 1e3;
        let index_ns = nanoseconds_per_fresh_item(&workload.leads, 5, |facts| index.place(facts));
        println!(
            "  a rule of 100,000 {name} before main_10k: built in {build_ms:.0} ms, {index_ns:.0} ns per lead"
        );
    }
}
