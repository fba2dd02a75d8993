//! A shard of the posts: open addressing over lists that lie in one row of blocks.
//! Uses: shared.

use super::OPEN;
use super::columns::{ANYTHING, Columns, Entry};
use super::lanes::{Block, FREE, LANES};
use crate::shared::mix;

/// At most three quarters of the places are taken.
#[derive(Clone, Debug, Default)]
pub struct Shard {
    places: Vec<List>,
    lists: usize,
    blocks: Vec<Block>,
    /// Beside each block: free lanes have the highest. Only read where two rules compete.
    priorities: Vec<[u64; LANES]>,
    wasted: usize,
}

/// Four of them lie in a cache line.
#[derive(Clone, Copy, Debug, Default)]
pub struct List {
    /// 0 marks a free place.
    pub key: u64,
    first: u32,
    /// Without the second tests, which lie behind the first ones.
    blocks: u16,
    pub columns: u16,
}

impl Shard {
    pub fn find(&self, key: u64, hash: u64) -> Option<List> {
        if self.places.is_empty() {
            return None;
        }
        let mut at = home(hash, self.places.len());
        loop {
            match self.places[at].key {
                there if there == key => return Some(self.places[at]),
                0 => return None,
                _ => at = behind(at, self.places.len()),
            }
        }
    }

    /// A list's blocks, their second tests, and their priorities.
    pub fn blocks_of(&self, list: List, columns: Columns) -> (&[Block], &[Block], &[[u64; LANES]]) {
        let (first, count) = (list.first as usize, usize::from(list.blocks));
        let seconds = if columns.has_second() { count } else { 0 };
        (
            &self.blocks[first..first + count],
            &self.blocks[first + count..first + count + seconds],
            &self.priorities[first..first + count],
        )
    }

    /// Makes room for so many lists, which is cheaper than growing.
    pub fn reserve(&mut self, lists: usize) {
        if lists * 4 > self.places.len() * 3 {
            self.resize(lists.div_ceil(3) * 4);
        }
    }

    /// Adds an entry to a list that is tested by the columns of that number, and drops dead ones.
    pub fn add(
        &mut self,
        key: u64,
        hash: u64,
        entry: Entry,
        all_columns: &[Columns],
        columns: u16,
        is_live: impl Fn(u32, u64) -> bool,
    ) {
        let mut kept = match self.find(key, hash) {
            Some(list) => {
                let (blocks, seconds, priorities) =
                    self.blocks_of(list, all_columns[usize::from(list.columns)]);
                entries(blocks, seconds, priorities)
            }
            None => Vec::new(),
        };
        kept.retain(|entry| is_live(entry.rule, entry.priority));
        let before = kept.partition_point(|kept| kept.priority < entry.priority);
        kept.insert(before, entry);
        self.write(key, hash, &kept, columns, all_columns[usize::from(columns)].has_second());
        self.tidy(all_columns);
    }

    /// Writes a list's entries where they were, if they take as many blocks, or at the end.
    pub fn write(&mut self, key: u64, hash: u64, entries: &[Entry], columns: u16, has_second: bool) {
        let at = self.place_or_new(key, hash);
        let list = &mut self.places[at];
        if list.key == 0 {
            *list = List { key, first: 0, blocks: 0, columns };
            self.lists += 1;
        }
        let blocks = entries.len().div_ceil(LANES);
        let rows = if has_second { 2 } else { 1 };
        if usize::from(list.blocks) != blocks {
            self.wasted += usize::from(list.blocks) * rows;
            list.first = u32::try_from(self.blocks.len()).expect("a shard holds fewer than 2³² blocks");
            list.blocks = u16::try_from(blocks).expect("lists are bounded");
            self.blocks.resize(self.blocks.len() + blocks * rows, FREE);
            self.priorities.resize(self.blocks.len(), [u64::MAX; LANES]);
        }
        let first = list.first as usize;
        for (at, entries) in (first..).zip(entries.chunks(LANES)) {
            self.blocks[at] = FREE;
            self.priorities[at] = [u64::MAX; LANES];
            for (lane, entry) in entries.iter().enumerate() {
                self.blocks[at].put(lane, entry.tests[0]);
                self.blocks[at].rule[lane] = entry.rule | if entry.is_open { OPEN } else { 0 };
                self.priorities[at][lane] = entry.priority;
            }
            if has_second {
                let second = &mut self.blocks[at + blocks];
                *second = FREE;
                for (lane, entry) in entries.iter().enumerate() {
                    second.put(lane, entry.tests[1]);
                }
            }
        }
    }

    fn place_or_new(&mut self, key: u64, hash: u64) -> usize {
        if (self.lists + 1) * 4 > self.places.len() * 3 {
            self.resize((self.places.len() * 3 / 2).max(8));
        }
        let mut at = home(hash, self.places.len());
        while self.places[at].key != 0 && self.places[at].key != key {
            at = behind(at, self.places.len());
        }
        at
    }

    fn resize(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.places, vec![List::default(); size]);
        for list in old.into_iter().filter(|list| list.key != 0) {
            let mut at = home(mix(list.key), size);
            while self.places[at].key != 0 {
                at = behind(at, size);
            }
            self.places[at] = list;
        }
    }

    /// Closes the holes once they are as large as what is left.
    fn tidy(&mut self, all_columns: &[Columns]) {
        if self.wasted * 2 <= self.blocks.len() {
            return;
        }
        let (blocks, priorities) = (std::mem::take(&mut self.blocks), std::mem::take(&mut self.priorities));
        for list in self.places.iter_mut().filter(|list| list.key != 0) {
            let rows = if all_columns[usize::from(list.columns)].has_second() { 2 } else { 1 };
            let (first, count) = (list.first as usize, usize::from(list.blocks) * rows);
            list.first = u32::try_from(self.blocks.len()).expect("fewer blocks than before");
            self.blocks.extend(&blocks[first..first + count]);
            self.priorities.extend(&priorities[first..first + count]);
        }
        self.wasted = 0;
    }
}

/// Reads blocks back as entries.
pub fn entries(blocks: &[Block], seconds: &[Block], priorities: &[[u64; LANES]]) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(blocks.len() * LANES + 1);
    for (at, (block, priorities)) in blocks.iter().zip(priorities).enumerate() {
        for lane in (0..LANES).filter(|&lane| priorities[lane] != u64::MAX) {
            entries.push(Entry {
                priority: priorities[lane],
                rule: block.rule[lane] & !OPEN,
                is_open: block.rule[lane] & OPEN != 0,
                tests: [block.test(lane), seconds.get(at).map_or(ANYTHING, |second| second.test(lane))],
            });
        }
    }
    entries
}

/// Where a list with that hash stands, unless others stand there already.
fn home(hash: u64, places: usize) -> usize {
    let low = hash & u64::from(u32::MAX);
    usize::try_from((low * places as u64) >> 32).expect("below the number of places")
}

fn behind(at: usize, places: usize) -> usize {
    if at + 1 == places { 0 } else { at + 1 }
}
