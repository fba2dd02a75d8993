//! The builder collects the postings of a whole plan, rule by rule in the order of priority.
//! Uses: cover, shared.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use super::columns::{Columns, Entry};
use super::{Posts, Probe, has_room, note_probe, open_weight, shard_of};
use crate::cover::{Posting, Rest};
use crate::shared::{Mix, mix};

/// Entries per shard: copying a shard is what changing one of its lists costs.
const SHARD_ENTRIES: usize = 2048;

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
                draft.is_none_or(|draft| has_room(draft.entries.len(), draft.open, &posting.rest))
            })
        });
        if !has_room {
            return false;
        }
        for posting in postings {
            let rest = u32::try_from(self.rests.len()).expect("fewer than 2³² ways to match");
            for key in posting.keys {
                note_probe(&mut self.probes, key);
                let draft = self.lists.entry(key.0).or_default();
                draft.entries.push((rule, rest));
                draft.open += open_weight(posting.rest.is_open, posting.rest.is_tested());
                self.entries += 1;
            }
            self.rests.push(posting.rest);
        }
        true
    }

    pub fn finish(self, priority: impl Fn(u32) -> u64) -> Posts {
        let shards = (self.entries / SHARD_ENTRIES).next_power_of_two();
        let mut posts =
            Posts { shards: vec![Arc::default(); shards], columns: vec![Columns::NONE], probes: self.probes };
        let mut lists = vec![0; shards];
        for &key in self.lists.keys() {
            lists[shard_of(mix(key), shards)] += 1;
        }
        for (shard, lists) in posts.shards.iter_mut().zip(lists) {
            Arc::make_mut(shard).reserve(lists);
        }
        for (key, draft) in self.lists {
            let rests = draft.entries.iter().map(|&(_, rest)| &self.rests[rest as usize]);
            let columns = posts.columns_for(Columns::of(rests));
            let tests = posts.columns[usize::from(columns)];
            let entries: Vec<Entry> = draft
                .entries
                .iter()
                .map(|&(rule, rest)| tests.entry(&self.rests[rest as usize], rule, priority(rule)))
                .collect();
            let hash = mix(key);
            let shard = Arc::make_mut(&mut posts.shards[shard_of(hash, shards)]);
            shard.write(key, hash, &entries, columns, tests.has_second());
        }
        posts
    }
}
