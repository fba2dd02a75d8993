//! Parts: the texts that rules look for at the beginning, at the end or anywhere inside a field's
//! text, found by their first bytes and then by all of them. Uses: dictionary, shared.

use std::sync::Arc;

use crate::dictionary::{Dictionary, SHORT, Term, hash_of, hash_of_short, short_word_of};
use crate::shared::Pages;

/// Parts are known by their first bytes: so many, or all of a shorter part.
const HEAD: usize = SHORT;
/// The bit of all lengths from here on.
const LONG: usize = 63;
/// Words of a filter: the fewest, and the most.
const FILTER_WORDS_MIN: usize = 1 << 6;
const FILTER_WORDS_MAX: usize = 1 << 16;
/// With more texts per word a filter lets too much through, and is doubled while building.
const FILTER_TEXTS: usize = 4;

#[derive(Clone, Debug, Default)]
pub struct Parts {
    all: Dictionary,
    /// Hashes of all parts.
    part_filter: Filter,
    heads: Dictionary,
    head_filter: Filter,
    /// Per head the lengths of the parts that begin with it, as bits.
    lengths: Pages<u64>,
    /// The lengths behind the last bit, sorted.
    long_lengths: Arc<Vec<usize>>,
}

/// Says quickly that a text is none of those that were noted: two bits of one word for each.
#[derive(Clone, Debug, Default)]
struct Filter {
    /// Empty as long as nothing was noted.
    words: Arc<[u64]>,
    texts: usize,
}

impl Parts {
    pub fn len(&self) -> u32 {
        self.all.len()
    }

    pub fn find(&self, part: &[u8]) -> Option<Term> {
        self.all.find(part)
    }

    pub fn add(&mut self, part: &[u8], is_building: bool) -> Term {
        if let Some(term) = self.all.find(part) {
            return term;
        }
        let term = self.all.add(part, is_building);
        if self.part_filter.is_full() && is_building {
            self.part_filter = Filter::of(self.all.hashes());
        } else {
            self.part_filter.note(hash_of(part));
        }
        let head = &part[..part.len().min(HEAD)];
        let place = self.heads.add(head, is_building);
        if place as usize == self.lengths.len() {
            self.lengths.push(0);
            if self.head_filter.is_full() && is_building {
                self.head_filter = Filter::of(self.heads.hashes());
            } else {
                self.head_filter.note(hash_of(head));
            }
        }
        *self.lengths.get_mut(place) |= 1 << part.len().min(LONG);
        if part.len() >= LONG
            && let Err(at) = self.long_lengths.binary_search(&part.len())
        {
            Arc::make_mut(&mut self.long_lengths).insert(at, part.len());
        }
        term
    }

    /// Calls back with every part that stands anywhere in the text, once for each place.
    pub fn each_in(&self, text: &[u8], mut found: impl FnMut(Term)) {
        let mut bytes = first_bytes(text);
        for at in 0..text.len() {
            self.each_here(bytes, &text[at..], &mut found);
            bytes = bytes >> 8 | u64::from(text.get(at + 8).copied().unwrap_or(0)) << 56;
        }
    }

    /// Calls back with every part that the text begins with.
    pub fn each_at_start(&self, text: &[u8], found: &mut impl FnMut(Term)) {
        self.each_here(first_bytes(text), text, found);
    }

    /// The same, where the text's first bytes are known.
    #[inline]
    fn each_here(&self, bytes: u64, text: &[u8], found: &mut impl FnMut(Term)) {
        each_bit(self.heads.lengths(), text.len(), |length| {
            let word = short_word_of(bytes, length);
            let hash = hash_of_short(word);
            if self.head_filter.may_have(hash)
                && let Some(head) = self.heads.find_short(word, hash)
            {
                self.each_behind(head, text, found);
            }
        });
    }

    /// The parts with that head that the text begins with.
    fn each_behind(&self, head: Term, text: &[u8], found: &mut impl FnMut(Term)) {
        let mut look = |length: usize| {
            let part = &text[..length];
            let hash = hash_of(part);
            if self.part_filter.may_have(hash)
                && let Some(term) = self.all.find_hashed(part, hash)
            {
                found(term);
            }
        };
        let lengths = *self.lengths.get(head);
        each_bit(lengths & !(1 << LONG), text.len(), &mut look);
        if lengths >> LONG != 0 {
            self.long_lengths.iter().copied().take_while(|&length| length <= text.len()).for_each(look);
        }
    }
}

impl Filter {
    /// A filter of all texts with those hashes, with room for as many more.
    fn of(hashes: impl Iterator<Item = u64> + Clone) -> Filter {
        let words = (2 * hashes.clone().count() / FILTER_TEXTS).next_power_of_two();
        let words = vec![0; words.clamp(FILTER_WORDS_MIN, FILTER_WORDS_MAX)].into();
        let mut filter = Filter { words, texts: 0 };
        hashes.for_each(|hash| filter.note(hash));
        filter
    }

    fn is_full(&self) -> bool {
        self.texts >= self.words.len() * FILTER_TEXTS && self.words.len() < FILTER_WORDS_MAX
    }

    fn note(&mut self, hash: u64) {
        if self.words.is_empty() {
            self.words = vec![0; FILTER_WORDS_MIN].into();
        }
        let (at, bits) = self.place(hash);
        Arc::make_mut(&mut self.words)[at] |= bits;
        self.texts += 1;
    }

    fn may_have(&self, hash: u64) -> bool {
        let (at, bits) = self.place(hash);
        self.words[at] & bits == bits
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let at = (hash >> 32) as usize & (self.words.len() - 1);
        (at, 1 << (hash >> 8 & 63) | 1 << (hash >> 14 & 63))
    }
}

/// Calls back with each bit up to the last.
fn each_bit(mut bits: u64, last: usize, mut visit: impl FnMut(usize)) {
    while bits != 0 {
        let bit = bits.trailing_zeros() as usize;
        if bit > last {
            return;
        }
        visit(bit);
        bits &= bits - 1;
    }
}

/// The first eight bytes as a word, with zeros behind a shorter text.
fn first_bytes(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(head) => u64::from_le_bytes(*head),
        None => text.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [&str; 9] =
        ["a", "an", "bau", "bank", "bankhaus", "bankhaus ag", "maschinenbau", "ß", "bau ag"];

    fn parts() -> Parts {
        let mut parts = Parts::default();
        for part in PARTS {
            parts.add(part.as_bytes(), true);
        }
        parts
    }

    #[test]
    fn every_part_is_found_wherever_it_stands_and_nothing_else() {
        for text in ["", "a", "bankhaus bau ag", "maschinenbau müller", "große banken", "kleiner"] {
            let mut found = Vec::new();
            parts().each_in(text.as_bytes(), |term| found.push(PARTS[term as usize]));
            found.sort_unstable();
            // match_indices skips overlapping places; none of these parts overlaps itself.
            let mut expected: Vec<&str> =
                PARTS.iter().flat_map(|part| text.match_indices(part).map(|_| *part)).collect();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn many_parts_with_one_long_head_are_told_apart() {
        let mut parts = Parts::default();
        let names: Vec<String> = (0..1_000).map(|at| format!("elpmaxe.elpmaxe.{at}")).collect();
        for name in &names {
            parts.add(name.as_bytes(), true);
        }
        parts.add(b"elpmaxe.", true);
        let mut found = Vec::new();
        parts.each_at_start(b"elpmaxe.elpmaxe.123", &mut |term| found.push(term));
        found.sort_unstable();
        assert_eq!(found, [1, 12, 123, 1_000]);
    }

    #[test]
    fn parts_of_many_lengths_with_one_head_are_told_apart() {
        let mut parts = Parts::default();
        for length in (1..200).step_by(3) {
            parts.add("x".repeat(length).as_bytes(), length < 100);
        }
        for length in [0, 1, 7, 8, 62, 63, 64, 100, 250] {
            let mut found = Vec::new();
            parts.each_at_start("x".repeat(length).as_bytes(), &mut |term| found.push(term));
            found.sort_unstable();
            let expected = (1..200).step_by(3).filter(|&part| part <= length).count();
            assert_eq!(found.len(), expected, "{length}");
            assert!(found.iter().copied().eq((0..).take(expected)), "{length}: {found:?}");
        }
    }

    #[test]
    fn at_the_start_only_what_the_text_begins_with_is_found() {
        for text in ["", "a", "bankhaus bau ag", "bankhaus ag", "ban", "ß"] {
            let mut found = Vec::new();
            parts().each_at_start(text.as_bytes(), &mut |term| found.push(PARTS[term as usize]));
            found.sort_unstable();
            let mut expected: Vec<&str> = PARTS.into_iter().filter(|part| text.starts_with(part)).collect();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }
}
