//! From criteria to text.

use super::{CodeSet, read};
use crate::field::{Field, Kind};
use crate::tree::{Condition, Test};

/// Writes a condition on one postcode field as text that reads back to the same set of codes; `None`
/// where it reads another field, or codes of another length, or no code satisfies it.
pub fn write(condition: &Condition, digits: u8, field: &Field) -> Option<String> {
    if field.kind != Kind::Postcode || condition.fields().into_iter().any(|read| read != field.id) {
        return None;
    }
    let set = CodeSet::of_condition(condition, digits)?;
    // The text that keeps `ohne` where it stands, if it can be read from left to right.
    if let Some(text) = phrase(condition, digits) {
        let back = read(&text, digits, field).ok().and_then(|back| CodeSet::of_condition(&back, digits));
        if back.as_ref() == Some(&set) {
            return Some(text);
        }
    }
    (!set.ranges().is_empty()).then(|| list(&set))
}

fn phrase(condition: &Condition, digits: u8) -> Option<String> {
    match condition {
        Condition::Is(criterion) => match &criterion.test {
            Test::IsNoneOf(_) => None,
            _ => Some(list(&CodeSet::of_condition(condition, digits)?)),
        },
        Condition::Any(conditions) => {
            // Neighbours without `ohne` become one sorted list.
            let mut phrase: Option<String> = None;
            let mut plain = CodeSet::empty(digits);
            for condition in conditions {
                if is_plain(condition) {
                    plain = plain.union(&CodeSet::of_condition(condition, digits)?);
                } else if phrase.is_none() {
                    phrase = Some(self::phrase(condition, digits)?);
                } else {
                    return None;
                }
            }
            match phrase {
                None => Some(list(&plain)),
                Some(phrase) if plain.ranges().is_empty() => Some(phrase),
                Some(phrase) => Some(format!("{phrase} + {}", list(&plain))),
            }
        }
        Condition::All(conditions) => {
            let (first, exceptions) = conditions.split_first()?;
            let mut phrase = self::phrase(first, digits)?;
            for exception in exceptions {
                let without = CodeSet::of_condition(exception, digits)?.complement();
                phrase = format!("{phrase} ohne {}", list(&without));
            }
            Some(phrase)
        }
        Condition::Not(_) => None,
    }
}

fn is_plain(condition: &Condition) -> bool {
    match condition {
        Condition::Is(criterion) => !matches!(criterion.test, Test::IsNoneOf(_)),
        Condition::Any(conditions) => conditions.iter().all(is_plain),
        Condition::All(_) | Condition::Not(_) => false,
    }
}

/// Writes a set as a list of codes, prefixes and ranges, each as short as it goes.
fn list(set: &CodeSet) -> String {
    let items: Vec<_> = set.ranges().iter().map(|&(first, last)| item(first, last, set.digits())).collect();
    items.join(", ")
}

fn item(first: u64, last: u64, digits: u8) -> String {
    let (mut first, mut last, mut width) = (first, last, usize::from(digits));
    if first == last {
        return format!("{first:0width$}");
    }
    while width > 0 && first % 10 == 0 && last % 10 == 9 {
        (first, last, width) = (first / 10, last / 10, width - 1);
    }
    match width {
        0 => "*".to_owned(),
        _ if first == last => format!("{first:0width$}"),
        _ => format!("{first:0width$}–{last:0width$}"),
    }
}
