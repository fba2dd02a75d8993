//! `cargo xtask bench route`: placing leads through the index, against the plain typed loop and the
//! crate `a-tree` of the same run; `--row NAME` runs only the rows whose name begins so. The last
//! line is one JSON object.

mod a_tree_row;
mod long_lists;
mod measure;
mod plain_loop;
mod random;
mod text;
mod workload;

use std::sync::Arc;
use std::time::Instant;

use condition::{Condition, Facts};
use measure::{nanoseconds_per_fresh_item, nanoseconds_per_item, percentile};
use plain_loop::{PlainLoop, TypedLead};
use random::Random;
use territory::{Index, Plan, Rule, RuleId, Territory, TerritoryId, When};
use workload::{Row, Workload};

const RULES_PER_TERRITORY: usize = 10;
const LEADS: usize = 20_000;
/// Fields in a lead's facts.
const FIELDS: u16 = 43;

/// A row of the table: its metric, the goal, and how many leads the plain loop is run on.
struct Task {
    row: Row,
    rules: usize,
    goal: f64,
    sample: usize,
}

const TASKS: [Task; 10] = [
    Task { row: Row::Main, rules: 10_000, goal: 400.0, sample: 4_000 },
    Task { row: Row::Main, rules: 100_000, goal: 800.0, sample: 2_000 },
    Task { row: Row::Main, rules: 1_000_000, goal: 1_200.0, sample: 1_000 },
    Task { row: Row::Mixed, rules: 100_000, goal: 150.0, sample: 2_000 },
    Task { row: Row::Ranges, rules: 100_000, goal: 300.0, sample: 500 },
    Task { row: Row::Negations, rules: 100_000, goal: 2_500.0, sample: 200 },
    Task { row: Row::Negations, rules: 1_000_000, goal: 1_000.0, sample: 40 },
    Task { row: Row::Words, rules: 100_000, goal: 300.0, sample: 300 },
    Task { row: Row::Nested, rules: 100_000, goal: 100.0, sample: 2_000 },
    Task { row: Row::Hot, rules: 100_000, goal: 500.0, sample: 500 },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let only = match arguments.as_slice() {
        [] => None,
        [flag, name] if flag == "--row" => Some(name.as_str()),
        _ => {
            eprintln!(
                "unknown arguments {arguments:?}: give none, or --row and the beginning of a row's name"
            );
            std::process::exit(2);
        }
    };
    let is_asked_for = |name: &str| only.is_none_or(|only| name.starts_with(only));
    let mut metrics = serde_json::Map::new();
    println!(
        "{:<16} {:>12} {:>12} {:>9} {:>7}  {:>9} {:>8} {:>8}",
        "rules", "plain loop", "index", "ratio", "goal", "build", "matched", "tried"
    );
    for task in &TASKS {
        let name = format!("{}_{}", task.row.name(), short(task.rules));
        if is_asked_for(&name) {
            run(task, &name, &mut metrics);
        }
    }
    if is_asked_for("long_lists") {
        long_lists::run();
    }
    let metrics = serde_json::json!({ "bench": "route", "metrics": metrics });
    println!("{metrics}");
}

fn run(task: &Task, name: &str, metrics: &mut serde_json::Map<String, serde_json::Value>) {
    let Workload { rules, leads } = task.row.workload(task.rules, LEADS);
    let sample = &leads[..task.sample];

    let plain = PlainLoop::of(&rules);
    let typed: Vec<TypedLead> = sample.iter().map(|facts| plain.lead(facts, FIELDS)).collect();
    let expected: Vec<Option<usize>> = typed.iter().map(|lead| plain.place(lead)).collect();
    let loop_ns = nanoseconds_per_item(&typed, 3, |lead| plain.place(lead));
    drop((plain, typed));

    if task.row == Row::Main && task.rules == 10_000 {
        let sample = &sample[..1_000];
        let a_tree_ns = a_tree_row::run(&rules, sample, &expected);
        let index = Index::build(&plan(&rules));
        let index_ns = nanoseconds_per_fresh_item(&leads, 9, |facts| index.place(facts));
        println!(
            "{:<16} {:>9.1} µs {:>9.0} ns {:>9.0}",
            "a-tree, 10k",
            a_tree_ns / 1e3,
            index_ns,
            a_tree_ns / index_ns
        );
        metrics.insert("ratio_a_tree_10k".into(), rounded(a_tree_ns / index_ns));
    }

    let plan = plan(&rules);
    drop(rules);
    let start = Instant::now();
    let index = Index::build(&plan);
    let build_ms = start.elapsed().as_secs_f64() * 1e3;
    for (facts, expected) in sample.iter().zip(&expected) {
        let placed = index.place(facts).rule.map(|rule| usize::try_from(rule.0).expect("an index"));
        assert_eq!(placed, *expected, "index and plain loop differ on {facts:?}");
    }
    let index_ns = nanoseconds_per_fresh_item(&leads, 9, |facts| index.place(facts));
    let ratio = loop_ns / index_ns;
    let matched =
        100.0 * measure::as_f64(expected.iter().flatten().count()) / measure::as_f64(expected.len());
    // How much of the plan the loop walks before it finds a rule: the rarer the matches, the more.
    let tried = expected.iter().map(|found| found.map_or(task.rules, |at| at + 1)).sum::<usize>();
    let tried = 100.0 * measure::as_f64(tried) / measure::as_f64(task.rules * expected.len());
    println!(
        "{name:<16} {:>9.1} µs {index_ns:>9.0} ns {ratio:>9.0} {:>7}  {build_ms:>6.0} ms {matched:>7.1}% {tried:>7.1}%",
        loop_ns / 1e3,
        task.goal
    );
    metrics.insert(format!("ratio_{name}"), rounded(ratio));
    if task.row == Row::Main && task.rules >= 100_000 {
        let is_reported = task.rules == 100_000;
        if is_reported {
            metrics.insert("ns_main_100k".into(), rounded(index_ns));
            metrics.insert("build_ms_100k".into(), rounded(build_ms));
        }
        if is_reported {
            let text_ns = text::run(&index, &leads);
            println!("  from text, a CSV row of 13 fields: {text_ns:.0} ns per lead");
            metrics.insert("ns_text_main_100k".into(), rounded(text_ns));
        }
        let p99 = changes(&plan, index, &leads, build_ms);
        if is_reported {
            metrics.insert("update_p99_us".into(), rounded(p99));
        }
    }
}

/// Changes one rule after the other and returns the 99th percentile in microseconds.
fn changes(plan: &Plan, mut index: Index, leads: &[Facts], build_ms: f64) -> f64 {
    let mut random = Random(7);
    let mut times = Vec::new();
    let mut next_id = 10_000_000;
    for step in 0..2_000 {
        let territory = &plan.territories
            [usize::try_from(random.below(plan.territories.len() as u64)).expect("an index")];
        let place = usize::try_from(random.below(RULES_PER_TERRITORY as u64)).expect("an index");
        let rule = rule(next_id, Row::Main.rule(&mut random));
        next_id += 1;
        let old = territory.rules[place].id;
        let start = Instant::now();
        let next = match step % 4 {
            0 => index.with_rule_added(territory.id, place, &rule),
            1 => index.with_rule_removed(RuleId(next_id - 2)),
            _ => index.with_rule_replaced(&Rule { id: old, ..rule }),
        };
        index = next.expect("there is room for so many changes");
        times.push(start.elapsed().as_secs_f64() * 1e6);
        // Leads go on arriving between changes.
        for facts in &leads[step * 5..step * 5 + 5] {
            std::hint::black_box(index.place(facts));
        }
    }
    times.sort_by(f64::total_cmp);
    let (p50, p99) = (percentile(&times, 50), percentile(&times, 99));
    println!(
        "  one rule changed: p50 {p50:.0} µs, p99 {p99:.0} µs (goal: 1/1000 of a build, {build_ms:.0} µs)"
    );
    p99
}

pub fn plan(rules: &[Condition]) -> Plan {
    let territories = rules
        .chunks(RULES_PER_TERRITORY)
        .enumerate()
        .map(|(at, chunk)| Territory {
            id: TerritoryId(at as u128),
            parent: None,
            name: format!("Territory {at}"),
            position: i64::try_from(at).expect("few territories"),
            active: true,
            color: None,
            rules: (0..)
                .zip(chunk)
                .map(|(within, condition)| {
                    rule(at as u128 * RULES_PER_TERRITORY as u128 + within, condition.clone())
                })
                .collect(),
        })
        .collect();
    Plan { territories, default_territory: None }
}

fn rule(id: u128, condition: Condition) -> Rule {
    Rule { id: RuleId(id), name: format!("Rule {id}"), enabled: true, when: When::Holds(Arc::new(condition)) }
}

fn short(count: usize) -> String {
    if count >= 1_000_000 { format!("{}m", count / 1_000_000) } else { format!("{}k", count / 1_000) }
}

fn rounded(value: f64) -> serde_json::Value {
    let digits = if value < 100.0 { 100.0 } else { 1.0 };
    serde_json::json!((value * digits).round() / digits)
}
