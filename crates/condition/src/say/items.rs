//! The values of a criterion in a reader's words: names instead of keys, runs of codes joined, long
//! lists cut.

use place::{Country, State};

use super::numbers;
use super::sentence::Sentence;
use super::{Language, Speaker};
use crate::circle::{Circles, Middle};
use crate::field::{Field, Kind};
use crate::tree::PostcodeRange;

/// Lists of more are cut.
const LIST_MAX: usize = 7;
/// What remains of a cut list.
const SHOWN_AFTER_CUT: usize = 5;
/// Two neighbours are said as two, three as a run.
const RUN_MIN: usize = 3;

/// Values to list, perhaps cut.
pub(super) struct Items {
    pub(super) shown: Vec<Sentence>,
    /// All values, also those not shown.
    pub(super) total: usize,
    /// The values not shown; 0 where the list is whole.
    pub(super) more: usize,
}

impl Items {
    /// Cuts a list of parts, each with the values that it says.
    pub(super) fn cut(parts: Vec<(Sentence, usize)>) -> Items {
        let total = parts.iter().map(|(_, count)| count).sum();
        let kept = if parts.len() > LIST_MAX { SHOWN_AFTER_CUT } else { parts.len() };
        let more = parts[kept..].iter().map(|(_, count)| count).sum();
        Items { shown: parts.into_iter().take(kept).map(|(said, _)| said).collect(), total, more }
    }

    /// Values that are said as they stand.
    pub(super) fn plain(values: &[Box<str>]) -> Items {
        Items::cut(values.iter().map(|value| (Sentence::value(&**value), 1)).collect())
    }

    pub(super) fn is_cut(&self) -> bool {
        self.more > 0
    }

    /// `A, B, C und 117 weitere`, for a cut list.
    pub(super) fn excerpt(self, language: Language) -> Sentence {
        let more = numbers::whole(language, i64::try_from(self.more).unwrap_or(i64::MAX));
        let list = Sentence::list(self.shown, ", ", ", ");
        match language {
            Language::German => list.and_text(format!(" und {more} weitere")),
            Language::English => list.and_text(format!(" and {more} more")),
        }
    }
}

impl Speaker<'_> {
    /// Whole values of a field, by name and in the order of names.
    pub(super) fn items(&self, field: &Field, values: &[Box<str>]) -> Items {
        match field.kind {
            Kind::Postcode => self.runs(values),
            Kind::Choice | Kind::MultiChoice | Kind::Country | Kind::State => {
                let mut names: Vec<String> = values.iter().map(|value| self.name(field, value)).collect();
                names.sort_by_cached_key(|name| place::name::key(name));
                Items::cut(names.into_iter().map(|name| (Sentence::value(name), 1)).collect())
            }
            Kind::Phone => Items::plain(values),
            _ => self.quoted(values),
        }
    }

    /// Texts in quotes, as somebody wrote them.
    pub(super) fn quoted(&self, values: &[Box<str>]) -> Items {
        Items::cut(values.iter().map(|value| (self.quote(self.written.get(value)), 1)).collect())
    }

    pub(super) fn quote(&self, text: &str) -> Sentence {
        let (open, close) = match self.language {
            Language::German => ("„", "“"),
            Language::English => ("“", "”"),
        };
        Sentence::text(open).and_value(text).and_text(close)
    }

    /// The name of a choice, country, state, user or territory.
    pub(super) fn name(&self, field: &Field, key: &str) -> String {
        let is_german = self.language == Language::German;
        let name = match field.kind {
            Kind::Country => Country::by_code(key)
                .map(|country| if is_german { country.name_de() } else { country.name_en() })
                .map(str::to_owned),
            Kind::State => State::by_code(key)
                .map(|state| if is_german { state.name_de() } else { state.name_en() })
                .map(str::to_owned),
            _ if field.holds_ids => (self.name_of)(field, key),
            _ => field
                .choices
                .iter()
                .find(|choice| choice.key == key)
                .map(|choice| if is_german { choice.label_de.clone() } else { choice.label_en.clone() }),
        };
        name.unwrap_or_else(|| self.written.get(key).to_owned())
    }

    /// Postcodes and their beginnings, neighbours of one length joined: `80 bis 87`.
    pub(super) fn runs(&self, values: &[Box<str>]) -> Items {
        let to = if self.language == Language::German { " bis " } else { " to " };
        let number = |value: &str| -> Option<u64> {
            let is_digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            is_digits.then(|| value.parse().ok()).flatten()
        };
        let follows =
            |a: &str, b: &str| a.len() == b.len() && number(a).is_some_and(|a| a.checked_add(1) == number(b));
        let mut ordered: Vec<&str> = values.iter().map(|value| &**value).collect();
        ordered.sort_by_key(|value| (number(value).is_none(), value.len(), *value));
        let mut parts = Vec::new();
        for run in ordered.chunk_by(|a, b| follows(a, b)) {
            if run.len() < RUN_MIN {
                parts.extend(run.iter().map(|value| (Sentence::value(*value), 1)));
            } else {
                parts.push((Sentence::value(format!("{}{to}{}", run[0], run[run.len() - 1])), run.len()));
            }
        }
        Items::cut(parts)
    }

    pub(super) fn ranges(&self, ranges: &[PostcodeRange]) -> Items {
        let said = ranges.iter().map(|range| {
            let digits = usize::from(range.digits);
            (Sentence::value(format!("{:0digits$}–{:0digits$}", range.first, range.last)), 1)
        });
        Items::cut(said.collect())
    }

    /// `40 km um 80331 München`.
    pub(super) fn circles(&self, circles: &Circles) -> Items {
        let around = if self.language == Language::German { " um " } else { " of " };
        let said = circles.written().iter().map(|written| {
            let middle = match &written.middle {
                Middle::Postcode { country, postcode } => {
                    let place = Country::by_code(country)
                        .and_then(|country| place::postcode::find(country, postcode));
                    match place {
                        Some(place) => format!("{postcode} {}", place.city),
                        None => format!("{country} {postcode}"),
                    }
                }
                Middle::Degrees { latitude_e7, longitude_e7 } => {
                    self.degrees(*latitude_e7, ["N", "S"])
                        + ", "
                        + &self.degrees(*longitude_e7, [self.east(), "W"])
                }
            };
            (Sentence::value(numbers::kilometres(self.language, written.metres) + around + &middle), 1)
        });
        Items::cut(said.collect())
    }

    fn east(&self) -> &'static str {
        if self.language == Language::German { "O" } else { "E" }
    }

    fn degrees(&self, e7: i32, [positive, negative]: [&str; 2]) -> String {
        let number = numbers::decimal(self.language, i64::from(e7).abs(), 7, 0);
        format!("{number}° {}", if e7 < 0 { negative } else { positive })
    }
}
