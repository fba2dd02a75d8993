//! Posts: under each key the rules that a lead with that key may match, by priority.
//! Never decides an open entry: only the rule's program can.
//! Uses: cover, lead, vocabulary, shared.

mod builder;
mod columns;
mod lanes;
mod shard;

use std::sync::Arc;

pub use builder::Builder;
use columns::Columns;
use lanes::{Asked, Block, LANES};
use shard::Shard;

use crate::cover::{Key, Posting, Rest};
use crate::lead::Lead;
use crate::shared::mix;
use crate::vocabulary::{Lens, Slot};

/// A list takes no more rules than that; later ones go to the slices.
const LIST_RULES_MAX: usize = 2048;
/// A list takes rules that only their program can decide up to this weight: one if something tests
/// them before, else [`UNTESTED_WEIGHT`].
const LIST_OPEN_MAX: u32 = 96;
const UNTESTED_WEIGHT: u32 = 4;
/// So many blocks are tested between two looks at priorities.
const BLOCKS_BETWEEN: usize = 8;
/// A rule that only its program can decide; rules are fewer than this.
const OPEN: u32 = 1 << 31;

#[derive(Clone, Debug)]
pub struct Posts {
    shards: Vec<Arc<Shard>>,
    /// Every combination of fields that some list is tested by; the first tests nothing.
    columns: Vec<Columns>,
    /// Fields and lenses under which rules are posted: all that a lead is looked up by.
    probes: Vec<Probe>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    pub slot: Slot,
    pub lens: Lens,
    pub has_singles: bool,
    pub has_pairs: bool,
}

/// The rules under one key.
pub struct Found<'a> {
    columns: Columns,
    blocks: &'a [Block],
    /// The blocks' second tests; empty if the list has none.
    seconds: &'a [Block],
    priorities: &'a [[u64; LANES]],
}

impl Posts {
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    pub fn find(&self, key: Key) -> Option<Found<'_>> {
        let hash = mix(key.0);
        let shard = &self.shards[shard_of(hash, self.shards.len())];
        let list = shard.find(key.0, hash)?;
        let columns = self.columns[usize::from(list.columns)];
        let (blocks, seconds, priorities) = shard.blocks_of(list, columns);
        Some(Found { columns, blocks, seconds, priorities })
    }

    /// Posts a rule, or, if one of its lists is full, posts it nowhere and says so.
    /// `is_live` tells of a posted rule whether it is still what it was when it was posted.
    pub fn try_add(
        &mut self,
        postings: &[Posting],
        rule: u32,
        priority: u64,
        is_live: impl Fn(u32, u64) -> bool,
    ) -> bool {
        let has_room = postings.iter().all(|posting| {
            posting
                .keys
                .iter()
                .all(|&key| self.find(key).is_none_or(|found| found.has_room_for(&posting.rest)))
        });
        if !has_room {
            return false;
        }
        for posting in postings {
            let own = self.columns_for(Columns::of([&posting.rest].into_iter()));
            for &key in &posting.keys {
                note_probe(&mut self.probes, key);
                let hash = mix(key.0);
                let shard = shard_of(hash, self.shards.len());
                let shard = Arc::make_mut(&mut self.shards[shard]);
                let columns = shard.find(key.0, hash).map_or(own, |list| list.columns);
                let entry = self.columns[usize::from(columns)].entry(&posting.rest, rule, priority);
                shard.add(key.0, hash, entry, &self.columns, columns, &is_live);
            }
        }
        true
    }

    /// The number of that combination of fields.
    fn columns_for(&mut self, columns: Columns) -> u16 {
        let at = self.columns.iter().position(|&known| known == columns).unwrap_or_else(|| {
            self.columns.push(columns);
            self.columns.len() - 1
        });
        match u16::try_from(at) {
            Ok(at) => at,
            // So many combinations are hardly met; a list without tests is right as well.
            Err(_) => {
                self.columns.pop();
                0
            }
        }
    }
}

fn note_probe(probes: &mut Vec<Probe>, key: Key) {
    let (slot, lens) = key.place();
    let at = probes.iter().position(|probe| (probe.slot, probe.lens) == (slot, lens)).unwrap_or_else(|| {
        probes.push(Probe { slot, lens, has_singles: false, has_pairs: false });
        probes.len() - 1
    });
    match key.is_pair() {
        true => probes[at].has_pairs = true,
        false => probes[at].has_singles = true,
    }
}

fn shard_of(hash: u64, shards: usize) -> usize {
    (hash >> 40) as usize & (shards - 1)
}

fn has_room(entries: usize, open: u32, rest: &Rest) -> bool {
    entries < LIST_RULES_MAX && open + open_weight(rest.is_open, rest.is_tested()) <= LIST_OPEN_MAX
}

fn open_weight(is_open: bool, is_tested: bool) -> u32 {
    match (is_open, is_tested) {
        (false, _) => 0,
        (true, false) => UNTESTED_WEIGHT,
        (true, true) => 1,
    }
}

impl Found<'_> {
    /// Walks the rules by priority, but none at or beyond `worst`, and stops at the first that `wins`
    /// accepts: its rule, its priority, and whether only its program can decide it.
    pub fn first(&self, lead: &Lead, worst: u64, mut wins: impl FnMut(u32, u64, bool) -> bool) {
        let Columns { sets, ranges } = self.columns;
        let first = Asked::of(lead, sets[0], ranges[0]);
        let mut second = None;
        for (at, block) in self.blocks.iter().enumerate() {
            // Without a rule to beat, priorities are left in the memory where they lie; else it is enough
            // to look at some of them, since those of entries that pass are compared in any case.
            if worst != u64::MAX && at.is_multiple_of(BLOCKS_BETWEEN) && self.priorities[at][0] >= worst {
                return;
            }
            let mut passing = block.passing(first);
            if passing == 0 {
                continue;
            }
            if let Some(block) = self.seconds.get(at) {
                let second = *second.get_or_insert_with(|| Asked::of(lead, sets[1], ranges[1]));
                passing &= block.passing(second);
            }
            while passing != 0 {
                let lane = passing.trailing_zeros() as usize;
                passing &= passing - 1;
                let priority = self.priorities[at][lane];
                if priority >= worst {
                    return;
                }
                if wins(block.rule[lane] & !OPEN, priority, block.rule[lane] & OPEN != 0) {
                    return;
                }
            }
        }
    }

    fn has_room_for(&self, rest: &Rest) -> bool {
        let entries = shard::entries(self.blocks, self.seconds, self.priorities);
        has_room(entries.len(), entries.iter().map(columns::Entry::open_weight).sum(), rest)
    }
}
