//! The settings that a plan file carries. A workspace without territories takes them over, from somebody who may
//! change settings: nothing has been decided under its own yet. One with a plan keeps its own.
//! Uses: people (the workspace's settings).

use ::territory::file::PlanFile;
use access::{Action, Object};
use condition::Rates;
use store::Tx;

use super::Making;
use crate::app::Micros;
use crate::fields::grammar::{Grammar, day_of};
use crate::people::workspace::Ask;
use crate::territories::edit::demand;
use crate::territories::plan::Present;

/// What an empty workspace takes over, if that differs from what it has.
pub(super) fn adopted(present: &Present, tx: &Tx, file: &PlanFile) -> Option<Ask> {
    if !present.tree.is_empty() || demand(tx, Object::Settings, Action::Edit, None).is_err() {
        return None;
    }
    let own = &present.workspace;
    let currency = file.currency.filter(|_| !present.has_rates).map(|currency| currency.code().to_owned());
    let ask = Ask {
        currency: currency.filter(|code| *code != own.currency),
        time_zone: file.time_zone.clone().filter(|zone| *zone != own.time_zone),
        default_country: file
            .default_country
            .clone()
            .filter(|country| Some(country) != own.default_country.as_ref())
            .map(Some),
        ..Ask::default()
    };
    let is_any = ask.currency.is_some() || ask.time_zone.is_some() || ask.default_country.is_some();
    is_any.then_some(ask)
}

/// What conditions are read with under these settings.
pub(super) fn grammar(present: &Grammar, settings: Option<&Ask>, now: Micros) -> Grammar {
    let mut grammar = present.clone();
    let Some(ask) = settings else { return grammar };
    let currency = ask.currency.as_deref().and_then(condition::Currency::parse);
    grammar.rates = currency.map_or(grammar.rates, Rates::new);
    if let Some(zone) = &ask.time_zone {
        grammar.time_zone = crate::fields::grammar::time_zone(zone);
        grammar.today = day_of(&grammar.time_zone, now);
    }
    grammar
}

impl Making<'_> {
    pub(super) fn settings(&mut self, settings: Option<Ask>) {
        let Some(ask) = settings else { return };
        let words = [
            (ask.currency.as_deref(), "Die Währung wird", "The currency becomes"),
            (ask.time_zone.as_deref(), "Die Zeitzone wird", "The time zone becomes"),
            (
                ask.default_country.as_ref().and_then(Option::as_deref),
                "Leads ohne Land gelten als aus",
                "Leads without a country count as from",
            ),
        ];
        for (value, de, en) in words {
            if let Some(value) = value {
                self.step("changed", "setting", "", format!("{de} {value}"), format!("{en} {value}"));
            }
        }
        self.work.settings = Some(ask);
    }
}
