//! Columns: which fields a list's entries are tested by, and an entry in them.
//! Uses: cover, vocabulary.

use super::open_weight;
use crate::cover::{Range, Rest};
use crate::vocabulary::Slot;

pub const NO_SLOT: Slot = Slot::MAX;
/// Passes whatever is asked.
pub const ANYTHING: (u32, Range) = (u32::MAX, Range::ANY);

/// Twice a small field's set and a range; the first pair is tested first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    pub sets: [Slot; 2],
    pub ranges: [Slot; 2],
}

#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub priority: u64,
    pub rule: u32,
    pub is_open: bool,
    pub tests: [(u32, Range); 2],
}

impl Columns {
    pub const NONE: Columns = Columns { sets: [NO_SLOT; 2], ranges: [NO_SLOT; 2] };

    /// The fields that exclude most, the best first.
    pub fn of<'r>(rests: impl Iterator<Item = &'r Rest> + Clone) -> Columns {
        Columns { sets: best_sets(rests.clone()), ranges: best_ranges(rests) }
    }

    pub fn has_second(self) -> bool {
        self.sets[1] != NO_SLOT || self.ranges[1] != NO_SLOT
    }

    pub fn entry(self, rest: &Rest, rule: u32, priority: u64) -> Entry {
        let mut entry = Entry { priority, rule, is_open: rest.is_open, tests: [ANYTHING; 2] };
        for &(slot, set) in &rest.sets {
            match self.sets.iter().position(|&there| there == slot) {
                Some(at) => entry.tests[at].0 = set,
                None => entry.is_open = true,
            }
        }
        for &(slot, range) in &rest.ranges {
            match self.ranges.iter().position(|&there| there == slot) {
                Some(at) => entry.tests[at].1 = range,
                None => entry.is_open = true,
            }
        }
        entry
    }
}

impl Entry {
    pub fn open_weight(&self) -> u32 {
        open_weight(self.is_open, self.tests != [ANYTHING; 2])
    }
}

/// What the entries of a list ask of one field, added up.
struct Sum<T> {
    slot: Slot,
    /// Whatever some entry allows.
    all: T,
    count: f64,
    /// How much each allows, added up.
    allowed: f64,
}

fn best_sets<'r>(rests: impl Iterator<Item = &'r Rest>) -> [Slot; 2] {
    let mut sums: Vec<Sum<u32>> = Vec::new();
    for &(slot, set) in rests.flat_map(|rest| &rest.sets) {
        let sum = sum_of(&mut sums, slot, 0);
        sum.all |= set;
        sum.count += 1.0;
        sum.allowed += f64::from(set.count_ones());
    }
    best(sums, |all| f64::from(all.count_ones()))
}

fn best_ranges<'r>(rests: impl Iterator<Item = &'r Rest> + Clone) -> [Slot; 2] {
    let ranges = rests.flat_map(|rest| &rest.ranges);
    let mut sums: Vec<Sum<Range>> = Vec::new();
    for &(slot, range) in ranges.clone() {
        let sum = sum_of(&mut sums, slot, Range { lo: i32::MAX, hi: i32::MIN });
        // Open ends say nothing of where numbers lie.
        for bound in [range.lo, range.hi].into_iter().filter(|bound| bound.unsigned_abs() < 1 << 30) {
            sum.all = Range { lo: sum.all.lo.min(bound), hi: sum.all.hi.max(bound) };
        }
    }
    let width = |range: Range| (f64::from(range.hi) - f64::from(range.lo)).max(1.0);
    for &(slot, range) in ranges {
        let sum = sum_of(&mut sums, slot, Range::ANY);
        let inside = Range { lo: range.lo.max(sum.all.lo), hi: range.hi.min(sum.all.hi) };
        sum.count += 1.0;
        sum.allowed += width(inside);
    }
    best(sums, width)
}

fn sum_of<T>(sums: &mut Vec<Sum<T>>, slot: Slot, all: T) -> &mut Sum<T> {
    let at = sums.iter().position(|sum| sum.slot == slot).unwrap_or_else(|| {
        sums.push(Sum { slot, all, count: 0.0, allowed: 0.0 });
        sums.len() - 1
    });
    &mut sums[at]
}

/// The two fields that exclude most of what any entry allows.
fn best<T: Copy>(sums: Vec<Sum<T>>, size: impl Fn(T) -> f64) -> [Slot; 2] {
    let mut excluded: Vec<(f64, Slot)> =
        sums.into_iter().map(|sum| (sum.count - sum.allowed / size(sum.all), sum.slot)).collect();
    excluded.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut slots = excluded.into_iter().map(|(_, slot)| slot);
    [slots.next().unwrap_or(NO_SLOT), slots.next().unwrap_or(NO_SLOT)]
}
