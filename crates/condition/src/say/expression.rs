//! What is said of a tree: negations pushed down to the criteria, groups in like groups dissolved,
//! and groups that are always or never true said as such.

use crate::tree::{Condition, Criterion};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression<'a> {
    True,
    False,
    Is {
        criterion: &'a Criterion,
        negated: bool,
    },
    /// At least two parts, none of them `And`.
    And(Vec<Expression<'a>>),
    /// At least two parts, none of them `Or`.
    Or(Vec<Expression<'a>>),
}

impl<'a> Expression<'a> {
    pub(super) fn of(condition: &'a Condition) -> Expression<'a> {
        Expression::build(condition, false)
    }

    fn build(condition: &'a Condition, negated: bool) -> Expression<'a> {
        match condition {
            Condition::Is(criterion) => Expression::Is { criterion, negated },
            Condition::Not(condition) => Expression::build(condition, !negated),
            // Not all is any not, not any is all not (De Morgan).
            Condition::All(conditions) => Expression::join(conditions, negated, !negated),
            Condition::Any(conditions) => Expression::join(conditions, negated, negated),
        }
    }

    fn join(conditions: &'a [Condition], negated: bool, is_and: bool) -> Expression<'a> {
        let (neutral, decisive) = if is_and {
            (Expression::True, Expression::False)
        } else {
            (Expression::False, Expression::True)
        };
        let mut parts: Vec<Expression<'a>> = Vec::new();
        for condition in conditions {
            match (Expression::build(condition, negated), is_and) {
                (part, _) if part == decisive => return decisive,
                (part, _) if part == neutral => {}
                (Expression::And(inner), true) | (Expression::Or(inner), false) => parts.extend(inner),
                // The same said twice says no more.
                (part, _) if parts.contains(&part) => {}
                (part, _) => parts.push(part),
            }
        }
        match parts.len() {
            0 => neutral,
            1 => parts.remove(0),
            _ if is_and => Expression::And(parts),
            _ => Expression::Or(parts),
        }
    }
}
