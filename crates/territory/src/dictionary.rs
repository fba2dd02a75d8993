//! A dictionary gives each text that a rule names a number, so that leads are compared by numbers.
//! Never forgets a text while the index lives. Uses: shared.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use crate::shared::{Mix, mix};

/// A text's number: 0, 1, 2 … in the order of arrival.
pub type Term = u32;

/// Texts up to that many bytes are compared as one word.
const SHORT: usize = 7;
/// While building, a shard beyond that many texts makes the dictionary double its shards.
const SHARD_TEXTS: usize = 192;

#[derive(Clone, Debug)]
pub struct Dictionary {
    shards: Vec<Arc<Shard>>,
    len: u32,
    /// Bit n is set when some text has n bytes; bit 63 stands for all longer ones.
    lengths: u64,
}

#[derive(Clone, Debug, Default)]
struct Shard {
    /// Open addressing, at most three quarters full; word 0 marks a free place.
    short: Vec<(u64, Term)>,
    short_len: usize,
    long: HashMap<Box<[u8]>, Term, BuildHasherDefault<Mix>>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Dictionary { shards: vec![Arc::default()], len: 0, lengths: 0 }
    }
}

impl Dictionary {
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Which lengths in bytes its texts have: bit n for n bytes, bit 63 for 63 and more.
    pub fn lengths(&self) -> u64 {
        self.lengths
    }

    pub fn find(&self, text: &[u8]) -> Option<Term> {
        if self.lengths & length_bit(text.len()) == 0 {
            return None;
        }
        match word(text) {
            Some(word) => {
                let hash = mix(word);
                self.shards[self.shard(hash)].find_short(word, hash)
            }
            None => self.shards[self.shard(hash_long(text))].long.get(text).copied(),
        }
    }

    /// Returns the text's number, a new one if it is new; `is_building` lets the dictionary
    /// reorganise itself as a whole.
    pub fn add(&mut self, text: &[u8], is_building: bool) -> Term {
        if let Some(term) = self.find(text) {
            return term;
        }
        if is_building && self.len as usize > self.shards.len() * SHARD_TEXTS {
            self.double();
        }
        let term = self.len;
        self.len += 1;
        self.lengths |= length_bit(text.len());
        match word(text) {
            Some(word) => {
                let hash = mix(word);
                let shard = self.shard(hash);
                Arc::make_mut(&mut self.shards[shard]).add_short(word, hash, term);
            }
            None => {
                let shard = self.shard(hash_long(text));
                Arc::make_mut(&mut self.shards[shard]).long.insert(text.into(), term);
            }
        }
        term
    }

    fn shard(&self, hash: u64) -> usize {
        (hash >> 40) as usize & (self.shards.len() - 1)
    }

    fn double(&mut self) {
        let old = std::mem::take(&mut self.shards);
        self.shards = vec![Arc::default(); old.len() * 2];
        for shard in old {
            let Shard { short, long, .. } = Arc::unwrap_or_clone(shard);
            for (word, term) in short.into_iter().filter(|&(word, _)| word != 0) {
                let hash = mix(word);
                let shard = self.shard(hash);
                Arc::make_mut(&mut self.shards[shard]).add_short(word, hash, term);
            }
            for (text, term) in long {
                let shard = self.shard(hash_long(&text));
                Arc::make_mut(&mut self.shards[shard]).long.insert(text, term);
            }
        }
    }
}

impl Shard {
    fn find_short(&self, word: u64, hash: u64) -> Option<Term> {
        if self.short.is_empty() {
            return None;
        }
        let last = self.short.len() - 1;
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
        let mut at = hash as usize & last;
        loop {
            let (there, term) = self.short[at];
            if there == word {
                return Some(term);
            }
            if there == 0 {
                return None;
            }
            at = (at + 1) & last;
        }
    }

    fn add_short(&mut self, word: u64, hash: u64, term: Term) {
        if (self.short_len + 1) * 4 > self.short.len() * 3 {
            let size = (self.short.len() * 2).max(8);
            let old = std::mem::replace(&mut self.short, vec![(0, 0); size]);
            for (word, term) in old.into_iter().filter(|&(word, _)| word != 0) {
                self.place(word, mix(word), term);
            }
        }
        self.place(word, hash, term);
        self.short_len += 1;
    }

    fn place(&mut self, word: u64, hash: u64, term: Term) {
        let last = self.short.len() - 1;
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
        let mut at = hash as usize & last;
        while self.short[at].0 != 0 {
            at = (at + 1) & last;
        }
        self.short[at] = (word, term);
    }
}

fn length_bit(bytes: usize) -> u64 {
    1 << bytes.min(63)
}

/// A short text as one word; its length stands in the highest byte, so no text gives 0.
fn word(text: &[u8]) -> Option<u64> {
    let length = text.len();
    if length > SHORT {
        return None;
    }
    // Two overlapping halves read any length without a loop.
    let bytes = match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(head), Some(tail)) => {
            let tail = u64::from(u32::from_le_bytes(*tail)) << (8 * (length - 4));
            u64::from(u32::from_le_bytes(*head)) | tail
        }
        _ => text.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    Some(bytes | (length as u64 + 1) << 56)
}

fn hash_long(text: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hash = Mix::default();
    hash.write(text);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_keeps_its_number_and_no_other_text_is_found() {
        let texts: Vec<String> = (0..50_000)
            .map(|at| match at % 3 {
                0 => format!("{at:05}"),
                1 => format!("account number {at}"),
                _ => format!("x{at}"),
            })
            .collect();
        let mut dictionary = Dictionary::default();
        for (at, text) in texts.iter().enumerate() {
            assert_eq!(dictionary.add(text.as_bytes(), at < 40_000) as usize, at);
        }
        for (at, text) in texts.iter().enumerate() {
            assert_eq!(dictionary.find(text.as_bytes()).map(|term| term as usize), Some(at));
            assert_eq!(dictionary.add(text.as_bytes(), false) as usize, at);
        }
        for absent in ["", "0", "00001\0", "account number", "account number 1 "] {
            assert_eq!(dictionary.find(absent.as_bytes()), None, "{absent:?}");
        }
        assert_eq!(dictionary.len(), 50_000);
    }

    #[test]
    fn the_empty_text_is_a_text() {
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.find(b""), None);
        assert_eq!(dictionary.add(b"", true), 0);
        assert_eq!(dictionary.find(b""), Some(0));
    }
}
