//! Tables that share what has not changed: cloning one copies pointers, changing one copies a page.
//! Uses: nothing of ours.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

/// Entries per page: copying one costs about as much as cloning the pointers to 10⁶ entries' pages.
const PAGE: usize = 256;

/// A list in pages, each copied only when it is written to while somebody else still reads it.
#[derive(Clone, Debug)]
pub struct Pages<T> {
    pages: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Pages { pages: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Pages<T> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn get(&self, at: u32) -> &T {
        let at = at as usize;
        &self.pages[at / PAGE][at % PAGE]
    }

    pub fn get_mut(&mut self, at: u32) -> &mut T {
        let at = at as usize;
        &mut Arc::make_mut(&mut self.pages[at / PAGE])[at % PAGE]
    }

    /// Adds an entry at the end and returns its place.
    pub fn push(&mut self, entry: T) -> u32 {
        let at = u32::try_from(self.len).expect("fewer than 2³² entries");
        if self.len.is_multiple_of(PAGE) {
            self.pages.push(Arc::new(Vec::with_capacity(PAGE)));
        }
        let page = Arc::make_mut(self.pages.last_mut().expect("a page was just added"));
        page.push(entry);
        self.len += 1;
        at
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter())
    }
}

/// A map in shards, each copied only when it is written to while somebody else still reads it.
#[derive(Clone, Debug)]
pub struct SharedMap<K, V> {
    shards: Vec<Arc<HashMap<K, V, BuildHasherDefault<Mix>>>>,
}

impl<K: Copy + Eq + Hash, V: Clone> SharedMap<K, V> {
    /// Makes an empty map whose shards are of a good size for about so many entries.
    pub fn for_about(entries: usize) -> Self {
        let shards = (entries / PAGE).next_power_of_two();
        SharedMap { shards: vec![Arc::default(); shards] }
    }

    fn shard(&self, key: &K) -> usize {
        let mut mix = Mix::default();
        key.hash(&mut mix);
        // The shard's own map uses the high bits; these are the ones below.
        (mix.finish() >> 24) as usize & (self.shards.len() - 1)
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.shards[self.shard(key)].get(key)
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.shards.iter().flat_map(|shard| shard.values())
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let shard = self.shard(key);
        // Looking before writing: a page without the key is not copied.
        if !self.shards[shard].contains_key(key) {
            return None;
        }
        Arc::make_mut(&mut self.shards[shard]).get_mut(key)
    }

    pub fn insert(&mut self, key: K, value: V) {
        let shard = self.shard(&key);
        Arc::make_mut(&mut self.shards[shard]).insert(key, value);
    }

    pub fn remove(&mut self, key: &K) {
        let shard = self.shard(key);
        Arc::make_mut(&mut self.shards[shard]).remove(key);
    }
}

/// A fast hash for tables that only an administrator's plan fills: no lead can make keys collide.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mix(u64);

/// An odd number without pattern (the fraction of the golden ratio).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Spreads the bits of a word.
pub fn mix(word: u64) -> u64 {
    let product = u128::from(word ^ SPREAD) * u128::from(SPREAD ^ 0x5851_F42D_4C95_7F2D);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are folded into one")]
    let folded = (product as u64) ^ ((product >> 64) as u64);
    folded
}

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word) ^ (chunk.len() as u64) << 56);
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = mix(self.0.rotate_left(23) ^ word);
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u8(&mut self, word: u8) {
        self.write_u64(u64::from(word));
    }

    fn write_u128(&mut self, word: u128) {
        let bytes = word.to_le_bytes();
        self.write(&bytes);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_of_pages_does_not_see_later_changes() {
        let mut pages = Pages::default();
        for entry in 0..1_000u32 {
            assert_eq!(pages.push(entry), entry);
        }
        let before = pages.clone();
        *pages.get_mut(500) = 7;
        pages.push(1_000);
        assert_eq!((*before.get(500), before.len()), (500, 1_000));
        assert_eq!((*pages.get(500), pages.len()), (7, 1_001));
        assert!(before.iter().copied().eq(0..1_000));
    }

    #[test]
    fn a_clone_of_a_map_does_not_see_later_changes() {
        let mut map = SharedMap::for_about(10_000);
        for key in 0..10_000u64 {
            map.insert(key, key + 1);
        }
        let before = map.clone();
        map.remove(&17);
        map.insert(18, 0);
        assert_eq!((before.get(&17), before.get(&18)), (Some(&18), Some(&19)));
        assert_eq!((map.get(&17), map.get(&18)), (None, Some(&0)));
    }
}
