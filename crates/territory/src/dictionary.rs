//! A dictionary gives each text that a rule names a number, so that leads are compared by numbers.
//! Never forgets a text while the index lives. Uses: shared.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use crate::shared::{Mix, mix};

/// A text's number: 0, 1, 2 … in the order of arrival.
pub type Term = u32;

/// Texts up to that many bytes are compared as one word.
pub const SHORT: usize = 7;
/// Texts up to that many bytes are compared as one double word.
const MIDDLE: usize = 15;
const FIRST_MIDDLE: usize = SHORT + 1;
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
    short: Table<u64>,
    middle: Table<u128>,
    long: HashMap<Box<[u8]>, Term, BuildHasherDefault<Mix>>,
}

/// Open addressing, at most three quarters full; word 0 marks a free place.
#[derive(Clone, Debug, Default)]
struct Table<W> {
    places: Vec<(W, Term)>,
    len: usize,
}

/// A text of a few bytes as a number, its length in the highest byte, so that none is 0.
trait Word: Copy + Default + PartialEq {
    fn hash(self) -> u64;
}

impl Word for u64 {
    fn hash(self) -> u64 {
        mix(self)
    }
}

impl Word for u128 {
    #[expect(clippy::cast_possible_truncation, reason = "both halves are mixed")]
    fn hash(self) -> u64 {
        mix(mix(self as u64) ^ (self >> 64) as u64)
    }
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
        self.find_hashed(text, hash_of(text))
    }

    /// The same for a text whose hash is known.
    pub fn find_hashed(&self, text: &[u8], hash: u64) -> Option<Term> {
        let shard = self.shard(hash);
        match text.len() {
            0..=SHORT => shard.short.find(short_word(text), hash),
            FIRST_MIDDLE..=MIDDLE => shard.middle.find(middle_word(text), hash),
            _ => shard.long.get(text).copied(),
        }
    }

    /// The same for a short text whose word and hash are known.
    pub fn find_short(&self, word: u64, hash: u64) -> Option<Term> {
        self.shard(hash).short.find(word, hash)
    }

    /// The hashes of all texts.
    pub fn hashes(&self) -> impl Iterator<Item = u64> + Clone {
        self.shards.iter().flat_map(|shard| {
            let short = shard.short.places.iter().map(|&(word, _)| word).filter(|&word| word != 0);
            let middle = shard.middle.places.iter().map(|&(word, _)| word).filter(|&word| word != 0);
            let long = shard.long.keys().map(|text| hash_of(text));
            short.map(Word::hash).chain(middle.map(Word::hash)).chain(long)
        })
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
        let shard = self.shard_mut(hash_of(text));
        match text.len() {
            0..=SHORT => shard.short.add(short_word(text), term),
            FIRST_MIDDLE..=MIDDLE => shard.middle.add(middle_word(text), term),
            _ => {
                shard.long.insert(text.into(), term);
            }
        }
        term
    }

    fn place_of_shard(&self, hash: u64) -> usize {
        (hash >> 40) as usize & (self.shards.len() - 1)
    }

    fn shard(&self, hash: u64) -> &Shard {
        &self.shards[self.place_of_shard(hash)]
    }

    fn shard_mut(&mut self, hash: u64) -> &mut Shard {
        let place = self.place_of_shard(hash);
        Arc::make_mut(&mut self.shards[place])
    }

    fn double(&mut self) {
        let old = std::mem::take(&mut self.shards);
        self.shards = vec![Arc::default(); old.len() * 2];
        for shard in old {
            let Shard { short, middle, long } = Arc::unwrap_or_clone(shard);
            for (word, term) in short.places.into_iter().filter(|&(word, _)| word != 0) {
                self.shard_mut(word.hash()).short.add(word, term);
            }
            for (word, term) in middle.places.into_iter().filter(|&(word, _)| word != 0) {
                self.shard_mut(word.hash()).middle.add(word, term);
            }
            for (text, term) in long {
                self.shard_mut(hash_of(&text)).long.insert(text, term);
            }
        }
    }
}

impl<W: Word> Table<W> {
    #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
    fn find(&self, word: W, hash: u64) -> Option<Term> {
        let last = self.places.len().checked_sub(1)?;
        let mut at = hash as usize & last;
        loop {
            let (there, term) = self.places[at];
            if there == word {
                return Some(term);
            }
            if there == W::default() {
                return None;
            }
            at = (at + 1) & last;
        }
    }

    fn add(&mut self, word: W, term: Term) {
        if (self.len + 1) * 4 > self.places.len() * 3 {
            let size = (self.places.len() * 2).max(8);
            let old = std::mem::replace(&mut self.places, vec![(W::default(), 0); size]);
            for (word, term) in old.into_iter().filter(|&(word, _)| word != W::default()) {
                self.put(word, term);
            }
        }
        self.put(word, term);
        self.len += 1;
    }

    #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
    fn put(&mut self, word: W, term: Term) {
        let last = self.places.len() - 1;
        let mut at = word.hash() as usize & last;
        while self.places[at].0 != W::default() {
            at = (at + 1) & last;
        }
        self.places[at] = (word, term);
    }
}

fn length_bit(bytes: usize) -> u64 {
    1 << bytes.min(63)
}

fn short_word(text: &[u8]) -> u64 {
    let length = text.len();
    // Two overlapping halves read any length without a loop.
    let bytes = match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(head), Some(tail)) => {
            let tail = u64::from(u32::from_le_bytes(*tail)) << (8 * (length - 4));
            u64::from(u32::from_le_bytes(*head)) | tail
        }
        _ => text.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    bytes | (length as u64 + 1) << 56
}

/// The word of the first bytes, at most [`SHORT`] of them, of a text that begins with those eight.
pub fn short_word_of(bytes: u64, length: usize) -> u64 {
    bytes & ((1 << (8 * length)) - 1) | (length as u64 + 1) << 56
}

pub fn hash_of_short(word: u64) -> u64 {
    word.hash()
}

/// The word of a text of eight bytes and more.
fn middle_word(text: &[u8]) -> u128 {
    let length = text.len();
    let (Some(head), Some(tail)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) else {
        unreachable!("shorter texts are short words");
    };
    let tail = u128::from(u64::from_le_bytes(*tail)) << (8 * (length - 8));
    u128::from(u64::from_le_bytes(*head)) | tail | (length as u128 + 1) << 120
}

/// The hash by which a text is found.
pub fn hash_of(text: &[u8]) -> u64 {
    match text.len() {
        0..=SHORT => short_word(text).hash(),
        FIRST_MIDDLE..=MIDDLE => middle_word(text).hash(),
        _ => {
            use std::hash::Hasher;
            let mut hash = Mix::default();
            hash.write(text);
            hash.finish()
        }
    }
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
