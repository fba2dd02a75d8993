//! Sets of codes with a fixed number of digits, as sorted ranges that neither overlap nor touch.

use crate::tree::{Condition, PostcodeRange, Test};

/// A set of postcodes of one length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSet {
    digits: u8,
    /// First and last of each range.
    ranges: Vec<(u64, u64)>,
}

impl CodeSet {
    pub fn empty(digits: u8) -> CodeSet {
        CodeSet { digits, ranges: Vec::new() }
    }

    pub fn all(digits: u8) -> CodeSet {
        CodeSet { digits, ranges: vec![(0, 10_u64.pow(digits.into()) - 1)] }
    }

    /// Joins ranges, given by their first and last.
    pub fn of(digits: u8, ranges: impl IntoIterator<Item = (u64, u64)>) -> CodeSet {
        let ranges = ranges.into_iter().map(|(first, last)| PostcodeRange { digits, first, last }).collect();
        let ranges = PostcodeRange::merge(ranges).iter().map(|range| (range.first, range.last)).collect();
        CodeSet { digits, ranges }
    }

    /// Returns the codes that satisfy a condition on one postcode field; `None` where it reads
    /// anything else, or codes of another length.
    pub fn of_condition(condition: &Condition, digits: u8) -> Option<CodeSet> {
        match condition {
            Condition::Is(criterion) => CodeSet::of_test(&criterion.test, digits),
            Condition::Not(condition) => Some(CodeSet::of_condition(condition, digits)?.complement()),
            Condition::Any(conditions) => {
                let mut ranges = Vec::new();
                for condition in conditions {
                    ranges.extend(CodeSet::of_condition(condition, digits)?.ranges);
                }
                Some(CodeSet::of(digits, ranges))
            }
            Condition::All(conditions) => {
                conditions.iter().try_fold(CodeSet::all(digits), |set, condition| {
                    Some(set.intersection(&CodeSet::of_condition(condition, digits)?))
                })
            }
        }
    }

    fn of_test(test: &Test, digits: u8) -> Option<CodeSet> {
        let codes = |values: &[Box<str>]| {
            let ranges = values.iter().map(|value| {
                let range = prefix_range(value, digits)?;
                (value.len() == usize::from(digits)).then_some(range)
            });
            Some(CodeSet::of(digits, ranges.collect::<Option<Vec<_>>>()?))
        };
        match test {
            Test::IsAnyOf(values) => codes(values),
            Test::IsNoneOf(values) => Some(codes(values)?.complement()),
            Test::StartsWithAnyOf(values) => {
                let ranges = values.iter().map(|value| prefix_range(value, digits));
                Some(CodeSet::of(digits, ranges.collect::<Option<Vec<_>>>()?))
            }
            Test::InRangeAnyOf(ranges) => ranges
                .iter()
                .all(|range| range.digits == digits)
                .then(|| CodeSet::of(digits, ranges.iter().map(|range| (range.first, range.last)))),
            _ => None,
        }
    }

    pub fn digits(&self) -> u8 {
        self.digits
    }

    /// The ranges by first and last, sorted and apart.
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.ranges
    }

    /// Tells whether a code lies in the set.
    pub fn contains(&self, code: u64) -> bool {
        let after = self.ranges.partition_point(|&(first, _)| first <= code);
        after.checked_sub(1).is_some_and(|at| code <= self.ranges[at].1)
    }

    pub fn union(&self, other: &CodeSet) -> CodeSet {
        CodeSet::of(self.digits, self.ranges.iter().chain(&other.ranges).copied())
    }

    /// Takes the other set's codes away.
    pub fn without(&self, other: &CodeSet) -> CodeSet {
        self.intersection(&other.complement())
    }

    pub fn intersection(&self, other: &CodeSet) -> CodeSet {
        let (mut ours, mut theirs) = (self.ranges.as_slice(), other.ranges.as_slice());
        let mut ranges = Vec::new();
        while let (Some(&(our_first, our_last)), Some(&(their_first, their_last))) =
            (ours.first(), theirs.first())
        {
            let (first, last) = (our_first.max(their_first), our_last.min(their_last));
            if first <= last {
                ranges.push((first, last));
            }
            if our_last < their_last { ours = &ours[1..] } else { theirs = &theirs[1..] }
        }
        CodeSet { digits: self.digits, ranges }
    }

    pub fn complement(&self) -> CodeSet {
        let end = 10_u64.pow(self.digits.into());
        let firsts = std::iter::once(0).chain(self.ranges.iter().map(|&(_, last)| last + 1));
        let ends = self.ranges.iter().map(|&(first, _)| first).chain([end]);
        let gaps = firsts.zip(ends).filter(|(first, end)| first < end);
        CodeSet { digits: self.digits, ranges: gaps.map(|(first, end)| (first, end - 1)).collect() }
    }
}

/// All codes that begin with these digits; a whole code begins with itself.
pub(super) fn prefix_range(prefix: &str, digits: u8) -> Option<(u64, u64)> {
    let open = usize::from(digits).checked_sub(prefix.len())?;
    if !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = 10_u64.pow(u32::try_from(open).ok()?);
    let first = if prefix.is_empty() { 0 } else { prefix.parse::<u64>().ok()? * size };
    Some((first, first + size - 1))
}
