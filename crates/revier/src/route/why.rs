//! Why a lead is where it is, in one line of English. Uses: territory, condition.

use std::fmt::Write as _;

use condition::{Catalog, Facts, Language, Speaker, Written};
use jiff::tz::TimeZone;
use rotation::{Roster, Turn};
use territory::PlanFile;
use territory::index::Explained;

/// Territories tried before that are named; of more the number is told.
pub const TRIED_MAX: usize = 10;

/// Words the decision: the rule and what it met, what was tried before, and whose turn it was.
pub fn sentence(
    file: &PlanFile,
    catalog: &Catalog,
    zone: &TimeZone,
    facts: &Facts,
    explained: &Explained,
    turn: Option<(&Turn<String>, &Roster<String>)>,
) -> String {
    let mut text = String::new();
    match (explained.placed.rule, explained.placed.territory) {
        (Some(rule), Some(territory)) => {
            let rule = file.rule(rule);
            let written = Written::of(&rule.when);
            let speaker = Speaker {
                catalog,
                language: Language::English,
                time_zone: zone,
                name_of: &|_, _| None,
                written: &written,
            };
            let because = rule.condition().map(|condition| speaker.because(&condition.explain(facts)));
            let name = &file.territory(territory).name;
            add(&mut text, format_args!("rule \"{}\" of \"{name}\" matches", rule.name));
            if let Some(because) =
                because.map(|because| because.to_string()).filter(|because| !because.is_empty())
            {
                add(&mut text, format_args!(" because {because}"));
            }
        }
        (_, Some(_)) => add(&mut text, format_args!("no rule matches, so the default territory takes it")),
        (_, None) => add(&mut text, format_args!("no rule matches, and there is no default territory")),
    }
    add_tried(&mut text, file, explained);
    match turn {
        Some((turn, roster)) => {
            let shares: Vec<String> = roster
                .seats()
                .iter()
                .map(|seat| format!("{} × {}", seat.member, seat.weight.get()))
                .collect();
            add(
                &mut text,
                format_args!("; turn {} of {} goes to {}", turn.number, shares.join(", "), turn.member),
            );
        }
        None if explained.placed.territory.is_some() => {
            add(&mut text, format_args!("; nobody there is handed leads, so it waits in the queue"));
        }
        None => {}
    }
    text
}

fn add_tried(text: &mut String, file: &PlanFile, explained: &Explained) {
    if explained.tried.is_empty() {
        return;
    }
    let names: Vec<String> =
        explained.tried.iter().map(|&id| format!("\"{}\"", file.territory(id).name)).collect();
    add(text, format_args!("; tried before: {}", names.join(", ")));
    let more = explained.tried_count - explained.tried.len();
    if more > 0 {
        add(text, format_args!(" and {more} more"));
    }
}

fn add(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("strings take everything");
}
