//! The shape of a condition as the index reads it: every `not` moved down to the criteria,
//! groups of one kind merged, and each criterion turned to what it asks positively.
//! Uses: condition.

use condition::tree::PostcodeRange;
use condition::{Condition, Criterion, FieldId, Interval, Kind, Test};

#[derive(Clone, Debug)]
pub enum Shape<'a> {
    /// Empty: true.
    All(Vec<Shape<'a>>),
    /// Empty: false.
    Any(Vec<Shape<'a>>),
    Leaf(Leaf<'a>),
}

/// One criterion: it holds if `ask` holds, or, negated, if `ask` does not.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    pub criterion: &'a Criterion,
    pub ask: Ask<'a>,
    pub is_negated: bool,
    /// The leaf holds if the criterion itself holds, or, under a `not`, if it does not.
    pub is_under_not: bool,
}

/// What a criterion asks of the field. Of a missing value only `Empty` is true.
#[derive(Clone, Copy, Debug)]
pub enum Ask<'a> {
    Empty,
    /// The value, or any element of the list, is one of these.
    OneOf(&'a [Box<str>]),
    /// All of these are elements of the list.
    AllOf(&'a [Box<str>]),
    StartsWith(&'a [Box<str>]),
    EndsWith(&'a [Box<str>]),
    Contains(&'a [Box<str>]),
    Matches(&'a [Box<str>]),
    Within(Interval),
    InRange(&'a [PostcodeRange]),
    PhoneCountry(&'a [Box<str>]),
    PhoneArea(&'a [Box<str>]),
    /// Anything that only evaluation understands.
    Other,
}

impl<'a> Shape<'a> {
    pub fn of(condition: &'a Condition) -> Shape<'a> {
        Shape::read(condition, false)
    }

    fn read(condition: &'a Condition, is_negated: bool) -> Shape<'a> {
        match condition {
            Condition::Not(inner) => Shape::read(inner, !is_negated),
            Condition::Is(criterion) => Shape::Leaf(Leaf::of(criterion, is_negated)),
            // De Morgan: a negated group is the other group of its negated members.
            Condition::All(members) if !is_negated => Shape::all(members, is_negated),
            Condition::Any(members) if is_negated => Shape::all(members, is_negated),
            Condition::All(members) | Condition::Any(members) => Shape::any(members, is_negated),
        }
    }

    fn all(members: &'a [Condition], is_negated: bool) -> Shape<'a> {
        let mut shapes = Vec::with_capacity(members.len());
        for member in members {
            match Shape::read(member, is_negated) {
                Shape::All(inner) => shapes.extend(inner),
                other => shapes.push(other),
            }
        }
        if shapes.len() == 1 { shapes.remove(0) } else { Shape::All(shapes) }
    }

    fn any(members: &'a [Condition], is_negated: bool) -> Shape<'a> {
        let mut shapes = Vec::with_capacity(members.len());
        for member in members {
            match Shape::read(member, is_negated) {
                Shape::Any(inner) => shapes.extend(inner),
                other => shapes.push(other),
            }
        }
        if shapes.len() == 1 { shapes.remove(0) } else { Shape::Any(shapes) }
    }

    /// Calls back with every criterion.
    pub fn each_leaf(&self, visit: &mut impl FnMut(&Leaf<'a>)) {
        match self {
            Shape::All(members) | Shape::Any(members) => {
                for member in members {
                    member.each_leaf(visit);
                }
            }
            Shape::Leaf(leaf) => visit(leaf),
        }
    }
}

impl<'a> Leaf<'a> {
    fn of(criterion: &'a Criterion, is_under_not: bool) -> Leaf<'a> {
        let (ask, is_opposite) = match &criterion.test {
            Test::IsEmpty => (Ask::Empty, false),
            Test::IsNotEmpty => (Ask::Empty, true),
            Test::IsAnyOf(values) | Test::HasAnyOf(values) => (Ask::OneOf(values), false),
            // Both are true of a missing value, as "not one of" is.
            Test::IsNoneOf(values) | Test::HasNoneOf(values) => (Ask::OneOf(values), true),
            Test::HasAllOf(values) => (Ask::AllOf(values), false),
            Test::StartsWithAnyOf(values) => (Ask::StartsWith(values), false),
            Test::EndsWithAnyOf(values) => (Ask::EndsWith(values), false),
            Test::ContainsAnyOf(values) => (Ask::Contains(values), false),
            Test::MatchesAnyOf(patterns) => (Ask::Matches(patterns), false),
            Test::Within(interval) => (Ask::Within(*interval), false),
            Test::InRangeAnyOf(ranges) => (Ask::InRange(ranges), false),
            Test::PhoneCountryIsAnyOf(values) => (Ask::PhoneCountry(values), false),
            Test::PhoneAreaIsAnyOf(values) => (Ask::PhoneArea(values), false),
            Test::MoneyWithin(_)
            | Test::InLastDays(_)
            | Test::InNextDays(_)
            | Test::Is(_)
            | Test::WithinKm(_) => (Ask::Other, false),
        };
        Leaf { criterion, ask, is_negated: is_under_not != is_opposite, is_under_not }
    }

    pub fn field(&self) -> FieldId {
        self.criterion.field
    }

    pub fn kind(&self) -> Kind {
        self.criterion.kind
    }
}
