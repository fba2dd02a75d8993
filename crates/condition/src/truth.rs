//! Truth from a part of the facts: yes, no, or not known (Kleene's logic).
//! Never guesses: what it says for certain holds whatever the other facts are.
//! Uses: tree, value.

use crate::field::FieldId;
use crate::tree::Condition;
use crate::value::Value;

impl Condition {
    /// Tells whether records with the known values satisfy the condition; `None` where that depends on
    /// values that are not known. Whatever counts days from today is never known.
    pub fn truth<'a>(&self, known: &impl Fn(FieldId) -> Option<&'a Value>) -> Option<bool> {
        match self {
            Condition::All(conditions) => meet(conditions, known, false),
            Condition::Any(conditions) => meet(conditions, known, true),
            Condition::Not(condition) => condition.truth(known).map(|holds| !holds),
            Condition::Is(criterion) => {
                let value = known(criterion.field)?;
                let is_timeless = criterion.test.days(0).is_none();
                is_timeless.then(|| criterion.test.holds(Some(value), 0))
            }
        }
    }
}

/// One that is `decisive` decides; else one that is not known leaves it open.
fn meet<'a>(
    conditions: &[Condition],
    known: &impl Fn(FieldId) -> Option<&'a Value>,
    decisive: bool,
) -> Option<bool> {
    let mut is_known = true;
    for condition in conditions {
        match condition.truth(known) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(!decisive)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::generate;
    use crate::standard::{COUNTRY, EMPLOYEES, POSTCODE, STATE};
    use crate::tree::{Criterion, Test, values};
    use crate::{Catalog, Interval, Purpose};

    fn key(text: &str) -> Value {
        Value::Key(text.into())
    }

    #[test]
    fn what_is_not_known_leaves_a_condition_open_only_where_it_matters() {
        let catalog = Catalog::standard();
        let is = |field, test| Condition::Is(Criterion::new(catalog.field(field), test));
        let bavaria = is(STATE, Test::IsAnyOf(values(["DE-BY"])));
        let elsewhere = is(STATE, Test::IsNoneOf(values(["DE-BY"])));
        let large = is(EMPLOYEES, Test::Within(Interval { lo: Some(500), hi: None }));
        let all = |conditions: &[&Condition]| Condition::All(conditions.iter().copied().cloned().collect());
        let any = |conditions: &[&Condition]| Condition::Any(conditions.iter().copied().cloned().collect());
        let not = |condition: &Condition| Condition::Not(Box::new(condition.clone()));
        let cases = [
            (bavaria.clone(), Some(true)),
            (elsewhere.clone(), Some(false)),
            (large.clone(), None),
            (not(&large), None),
            (all(&[&bavaria, &large]), None),
            (all(&[&elsewhere, &large]), Some(false)),
            (any(&[&bavaria, &large]), Some(true)),
            (any(&[&elsewhere, &large]), None),
            (all(&[]), Some(true)),
            (any(&[]), Some(false)),
        ];
        let (country, state) = (key("DE"), key("DE-BY"));
        let known = |field| match field {
            COUNTRY => Some(&country),
            STATE => Some(&state),
            _ => None,
        };
        for (condition, expected) in cases {
            assert_eq!(condition.truth(&known), expected, "{condition:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_certain_of_a_part_holds_of_the_whole(
            condition in generate::conditions(&generate::catalog(), Purpose::Filter),
            facts in generate::facts(&generate::catalog()),
            hides_place in any::<bool>(),
        ) {
            let known = |field: FieldId| {
                let is_place = [COUNTRY, STATE, POSTCODE].contains(&field);
                facts.get(field).filter(|_| is_place != hides_place)
            };
            if let Some(holds) = condition.truth(&known) {
                prop_assert_eq!(condition.holds(&facts), holds);
            }
        }
    }
}
