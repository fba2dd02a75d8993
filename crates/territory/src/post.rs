//! Posts: under each key the rules that a lead with that key may match, by priority.
//! Uses: cover, lead, vocabulary, shared.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::cover::{Key, Posting, Range, Rest, set_bit};
use crate::lead::Lead;
use crate::shared::{Mix, mix};
use crate::vocabulary::{Lens, Slot};

/// A list takes no more rules than that; later ones go to the slices.
const LIST_RULES_MAX: usize = 2048;
/// A list takes rules that only their program can decide up to this weight: one if something tests
/// them before, else [`UNTESTED_WEIGHT`].
const LIST_OPEN_MAX: u32 = 96;
const UNTESTED_WEIGHT: u32 = 4;
const LANES: usize = 8;
/// Entries per shard while building: copying a shard is what changing one of its lists costs.
const SHARD_ENTRIES: usize = 2048;
/// A rule that only its program can decide; rules are fewer than this.
const OPEN: u32 = 1 << 31;
const NO_SLOT: Slot = Slot::MAX;

#[derive(Clone, Debug)]
pub struct Posts {
    shards: Vec<Arc<Shard>>,
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

/// Open addressing, at most three quarters full, over lists that lie in `blocks`.
#[derive(Clone, Debug, Default)]
struct Shard {
    places: Vec<List>,
    lists: usize,
    blocks: Vec<Block>,
    /// Blocks' second tests, for lists that have any.
    seconds: Vec<Lanes>,
    wasted: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct List {
    /// 0 marks a free place.
    key: u64,
    first: u32,
    blocks: u32,
    entries: u32,
    /// The weight of the rules that only their program can decide.
    open: u32,
    tests: Tests,
    /// Where the second tests of the list's blocks begin, if it has any.
    second: Option<NonZeroU32>,
}

/// Which fields a list's entries are tested by: twice a small field's set and a range.
#[derive(Clone, Copy, Debug)]
struct Tests {
    sets: [Slot; 2],
    ranges: [Slot; 2],
}

impl Default for Tests {
    fn default() -> Self {
        Tests { sets: [NO_SLOT; 2], ranges: [NO_SLOT; 2] }
    }
}

/// Eight entries side by side, so that they are tested at once. Free lanes have an empty set.
#[derive(Clone, Copy, Debug)]
struct Block {
    priority: [u64; LANES],
    test: Lanes,
    rule: [u32; LANES],
}

#[derive(Clone, Copy, Debug)]
struct Lanes {
    set: [u32; LANES],
    lo: [i32; LANES],
    hi: [i32; LANES],
}

const NOTHING: Lanes = Lanes { set: [0; LANES], lo: [0; LANES], hi: [0; LANES] };
const FREE: Block = Block { priority: [u64::MAX; LANES], test: NOTHING, rule: [0; LANES] };

#[derive(Clone, Copy, Debug)]
struct Entry {
    priority: u64,
    rule: u32,
    is_open: bool,
    tests: [(u32, Range); 2],
}

/// What a list's entries are compared with.
pub struct Found<'a> {
    list: List,
    blocks: &'a [Block],
    seconds: &'a [Lanes],
}

impl Posts {
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    pub fn find(&self, key: Key) -> Option<Found<'_>> {
        let hash = mix(key.0);
        let shard = &self.shards[shard_of(hash, self.shards.len())];
        let list = shard.find(key.0, hash)?;
        let blocks = &shard.blocks[list.first as usize..(list.first + list.blocks) as usize];
        let seconds = match list.second {
            Some(first) => &shard.seconds[first.get() as usize..][..blocks.len()],
            None => &[],
        };
        Some(Found { list, blocks, seconds })
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
            posting.keys.iter().all(|&key| {
                self.find(key)
                    .is_none_or(|found| has_room(found.list.entries, found.list.open, &posting.rest))
            })
        });
        if !has_room {
            return false;
        }
        for posting in postings {
            for &key in &posting.keys {
                self.note_probe(key);
                let hash = mix(key.0);
                let shard = shard_of(hash, self.shards.len());
                Arc::make_mut(&mut self.shards[shard]).add(
                    key.0,
                    hash,
                    &posting.rest,
                    rule,
                    priority,
                    &is_live,
                );
            }
        }
        true
    }

    fn note_probe(&mut self, key: Key) {
        note_probe(&mut self.probes, key);
    }
}

fn has_room(entries: u32, open: u32, rest: &Rest) -> bool {
    (entries as usize) < LIST_RULES_MAX && open + open_weight(rest) <= LIST_OPEN_MAX
}

fn open_weight(rest: &Rest) -> u32 {
    match rest.is_open {
        false => 0,
        true if rest.sets.is_empty() && rest.ranges.is_empty() => UNTESTED_WEIGHT,
        true => 1,
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

impl Found<'_> {
    /// Walks the rules by priority, but none at or beyond `worst`, and stops at the first that `wins`
    /// accepts: its rule, its priority, and whether only its program can decide it.
    pub fn first(&self, lead: &Lead, worst: u64, mut wins: impl FnMut(u32, u64, bool) -> bool) {
        let Tests { sets, ranges } = self.list.tests;
        let first = Asked::of(lead, sets[0], ranges[0]);
        let second = (!self.seconds.is_empty()).then(|| Asked::of(lead, sets[1], ranges[1]));
        for (at, block) in self.blocks.iter().enumerate() {
            if block.priority[0] >= worst {
                return;
            }
            let mut passing = block.test.passing(first);
            if passing != 0
                && let Some(second) = second
            {
                passing &= self.seconds[at].passing(second);
            }
            while passing != 0 {
                let lane = passing.trailing_zeros() as usize;
                passing &= passing - 1;
                let priority = block.priority[lane];
                if priority >= worst {
                    return;
                }
                if wins(block.rule[lane] & !OPEN, priority, block.rule[lane] & OPEN != 0) {
                    return;
                }
            }
        }
    }
}

/// A lead's bit and number, as lanes compare them.
#[derive(Clone, Copy)]
struct Asked {
    bit: u32,
    number: i32,
}

impl Asked {
    fn of(lead: &Lead, set: Slot, range: Slot) -> Asked {
        Asked {
            bit: if set == NO_SLOT { 1 } else { set_bit(lead.term(set)) },
            number: if range == NO_SLOT { 0 } else { Range::clamp(lead.number(range)) },
        }
    }
}

impl Lanes {
    /// The lanes whose set has the bit and whose range has the number, as bits.
    fn passing(&self, asked: Asked) -> u32 {
        let mut passes = [0u32; LANES];
        for (lane, passes) in passes.iter_mut().enumerate() {
            let is_in = (self.set[lane] & asked.bit != 0)
                & (self.lo[lane] <= asked.number)
                & (asked.number < self.hi[lane]);
            *passes = u32::from(is_in) << lane;
        }
        passes.iter().fold(0, |all, lane| all | lane)
    }

    fn put(&mut self, lane: usize, (set, range): (u32, Range)) {
        self.set[lane] = set;
        self.lo[lane] = range.lo;
        self.hi[lane] = range.hi;
    }

    fn test(&self, lane: usize) -> (u32, Range) {
        (self.set[lane], Range { lo: self.lo[lane], hi: self.hi[lane] })
    }
}

/// Passes whatever is asked.
const ANYTHING: (u32, Range) = (u32::MAX, Range::ANY);

impl Tests {
    /// The fields that most of the rules are tested by.
    fn of<'r>(rests: impl Iterator<Item = &'r Rest> + Clone) -> Tests {
        Tests {
            sets: most_frequent(rests.clone().flat_map(|rest| &rest.sets).map(|&(slot, _)| slot)),
            ranges: most_frequent(rests.flat_map(|rest| &rest.ranges).map(|&(slot, _)| slot)),
        }
    }

    fn has_second(self) -> bool {
        self.sets[1] != NO_SLOT || self.ranges[1] != NO_SLOT
    }

    fn entry(self, rest: &Rest, rule: u32, priority: u64) -> Entry {
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
    fn open_weight(&self) -> u32 {
        match self.is_open {
            false => 0,
            true if self.tests == [ANYTHING; 2] => UNTESTED_WEIGHT,
            true => 1,
        }
    }
}

impl Shard {
    fn find(&self, key: u64, hash: u64) -> Option<List> {
        self.place(key, hash).map(|at| self.places[at])
    }

    #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
    fn place(&self, key: u64, hash: u64) -> Option<usize> {
        if self.places.is_empty() {
            return None;
        }
        let last = self.places.len() - 1;
        let mut at = hash as usize & last;
        loop {
            match self.places[at].key {
                there if there == key => return Some(at),
                0 => return None,
                _ => at = (at + 1) & last,
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
    fn place_or_new(&mut self, key: u64, hash: u64) -> usize {
        if (self.lists + 1) * 4 > self.places.len() * 3 {
            let size = (self.places.len() * 2).max(8);
            let old = std::mem::replace(&mut self.places, vec![List::default(); size]);
            for list in old.into_iter().filter(|list| list.key != 0) {
                let mut at = mix(list.key) as usize & (size - 1);
                while self.places[at].key != 0 {
                    at = (at + 1) & (size - 1);
                }
                self.places[at] = list;
            }
        }
        let last = self.places.len() - 1;
        let mut at = hash as usize & last;
        while self.places[at].key != 0 && self.places[at].key != key {
            at = (at + 1) & last;
        }
        at
    }

    fn add(
        &mut self,
        key: u64,
        hash: u64,
        rest: &Rest,
        rule: u32,
        priority: u64,
        is_live: impl Fn(u32, u64) -> bool,
    ) {
        let at = self.place_or_new(key, hash);
        if self.places[at].key == 0 {
            self.places[at] = List { key, tests: Tests::of(std::iter::once(rest)), ..List::default() };
            self.lists += 1;
        }
        let list = self.places[at];
        let mut entries = self.entries(list);
        entries.retain(|entry| is_live(entry.rule, entry.priority));
        let before = entries.partition_point(|entry| entry.priority < priority);
        entries.insert(before, list.tests.entry(rest, rule, priority));
        self.write(at, &entries);
        self.tidy();
    }

    fn entries(&self, list: List) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(list.entries as usize + 1);
        for (at, block) in self.blocks_of(list).iter().enumerate() {
            for lane in (0..LANES).filter(|&lane| block.priority[lane] != u64::MAX) {
                let second = list.second.map(|first| self.seconds[first.get() as usize + at].test(lane));
                entries.push(Entry {
                    priority: block.priority[lane],
                    rule: block.rule[lane] & !OPEN,
                    is_open: block.rule[lane] & OPEN != 0,
                    tests: [block.test.test(lane), second.unwrap_or(ANYTHING)],
                });
            }
        }
        entries
    }

    fn blocks_of(&self, list: List) -> &[Block] {
        &self.blocks[list.first as usize..(list.first + list.blocks) as usize]
    }

    /// Writes a list's entries where they were, if they take as many blocks, or at the end.
    fn write(&mut self, at: usize, entries: &[Entry]) {
        let list = &mut self.places[at];
        let blocks = entries.len().div_ceil(LANES);
        if list.blocks as usize != blocks {
            self.wasted += list.blocks as usize;
            list.first = to_u32(self.blocks.len());
            list.blocks = to_u32(blocks);
            self.blocks.resize(self.blocks.len() + blocks, FREE);
            if list.tests.has_second() {
                // Place 0 stays free, so that a list without second tests takes no more room.
                let first = self.seconds.len().max(1);
                list.second = NonZeroU32::new(to_u32(first));
                self.seconds.resize(first + blocks, NOTHING);
            }
        }
        list.entries = to_u32(entries.len());
        list.open = entries.iter().map(Entry::open_weight).sum();
        for (block, entries) in self.blocks[list.first as usize..].iter_mut().zip(entries.chunks(LANES)) {
            *block = FREE;
            for (lane, entry) in entries.iter().enumerate() {
                block.priority[lane] = entry.priority;
                block.test.put(lane, entry.tests[0]);
                block.rule[lane] = entry.rule | if entry.is_open { OPEN } else { 0 };
            }
        }
        if let Some(first) = list.second {
            let seconds = self.seconds[first.get() as usize..].iter_mut();
            for (second, entries) in seconds.zip(entries.chunks(LANES)) {
                *second = NOTHING;
                for (lane, entry) in entries.iter().enumerate() {
                    second.put(lane, entry.tests[1]);
                }
            }
        }
    }

    /// Closes the holes once they are as large as what is left.
    fn tidy(&mut self) {
        if self.wasted * 2 <= self.blocks.len() {
            return;
        }
        let (blocks, seconds) = (std::mem::take(&mut self.blocks), std::mem::take(&mut self.seconds));
        self.seconds.push(NOTHING);
        for list in self.places.iter_mut().filter(|list| list.key != 0) {
            let count = list.blocks as usize;
            self.blocks.extend(&blocks[list.first as usize..][..count]);
            list.first = to_u32(self.blocks.len() - count);
            if let Some(first) = list.second {
                self.seconds.extend(&seconds[first.get() as usize..][..count]);
                list.second = NonZeroU32::new(to_u32(self.seconds.len() - count));
            }
        }
        self.wasted = 0;
    }
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).expect("a shard holds fewer than 2³² entries")
}

/// Collects the postings of a whole plan, rule by rule in the order of priority.
#[derive(Default)]
pub struct Builder {
    lists: HashMap<u64, Draft, BuildHasherDefault<Mix>>,
    rests: Vec<Rest>,
    probes: Vec<Probe>,
    entries: usize,
}

#[derive(Default)]
struct Draft {
    /// Rule and place of what is left to be tested.
    entries: Vec<(u32, u32)>,
    open: u32,
}

impl Builder {
    /// Posts a rule, or, if one of its lists is full, posts it nowhere and says so.
    pub fn try_add(&mut self, postings: Vec<Posting>, rule: u32) -> bool {
        let has_room = postings.iter().all(|posting| {
            posting.keys.iter().all(|key| {
                let draft = self.lists.get(&key.0);
                draft.is_none_or(|draft| has_room(to_u32(draft.entries.len()), draft.open, &posting.rest))
            })
        });
        if !has_room {
            return false;
        }
        for posting in postings {
            let rest = to_u32(self.rests.len());
            for key in posting.keys {
                note_probe(&mut self.probes, key);
                let draft = self.lists.entry(key.0).or_default();
                draft.entries.push((rule, rest));
                draft.open += open_weight(&posting.rest);
                self.entries += 1;
            }
            self.rests.push(posting.rest);
        }
        true
    }

    pub fn finish(self, priority: impl Fn(u32) -> u64) -> Posts {
        let shards = (self.entries / SHARD_ENTRIES).next_power_of_two();
        let mut posts = Posts { shards: vec![Arc::default(); shards], probes: self.probes };
        for (key, draft) in self.lists {
            let tests = Tests::of(draft.entries.iter().map(|&(_, rest)| &self.rests[rest as usize]));
            let list = List { key, tests, ..List::default() };
            let entries: Vec<Entry> = draft
                .entries
                .iter()
                .map(|&(rule, rest)| tests.entry(&self.rests[rest as usize], rule, priority(rule)))
                .collect();
            let hash = mix(key);
            let shard = shard_of(hash, shards);
            let shard = Arc::make_mut(&mut posts.shards[shard]);
            let at = shard.place_or_new(key, hash);
            shard.places[at] = list;
            shard.lists += 1;
            shard.write(at, &entries);
        }
        posts
    }
}

/// The two most frequent slots, the more frequent first.
fn most_frequent(slots: impl Iterator<Item = Slot>) -> [Slot; 2] {
    let mut counts: Vec<(Slot, usize)> = Vec::new();
    for slot in slots {
        match counts.iter_mut().find(|(there, _)| *there == slot) {
            Some((_, count)) => *count += 1,
            None => counts.push((slot, 1)),
        }
    }
    counts.sort_by_key(|&(slot, count)| (std::cmp::Reverse(count), slot));
    let mut slots = counts.into_iter().map(|(slot, _)| slot);
    [slots.next().unwrap_or(NO_SLOT), slots.next().unwrap_or(NO_SLOT)]
}
