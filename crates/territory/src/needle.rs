//! Needles: the texts that rules look for inside a field, found by one walk over the field's text.
//! Uses: dictionary, shared.

use std::sync::Arc;

use crate::dictionary::{Dictionary, Term};
use crate::shared::{Pages, mix};

/// Needles are kept under their first bytes: so many, or all of a shorter one.
const GRAM: usize = 4;
/// Bits of the filter that says quickly that no needle begins here.
const FILTER_BITS: usize = 1 << 16;

/// Needles that begin alike, with their terms.
type Beginnings = Arc<[(Term, Box<[u8]>)]>;

#[derive(Clone, Debug)]
pub struct Needles {
    words: Dictionary,
    grams: Dictionary,
    /// Per gram the needles that begin with it.
    beginnings: Pages<Beginnings>,
    filter: Arc<[u64]>,
}

impl Default for Needles {
    fn default() -> Self {
        Needles {
            words: Dictionary::default(),
            grams: Dictionary::default(),
            beginnings: Pages::default(),
            filter: vec![0; FILTER_BITS / 64].into(),
        }
    }
}

impl Needles {
    pub fn len(&self) -> u32 {
        self.words.len()
    }

    pub fn find(&self, needle: &[u8]) -> Option<Term> {
        self.words.find(needle)
    }

    pub fn add(&mut self, needle: &[u8], is_building: bool) -> Term {
        if let Some(term) = self.words.find(needle) {
            return term;
        }
        let term = self.words.add(needle, is_building);
        let gram = self.grams.add(&needle[..needle.len().min(GRAM)], is_building);
        if gram as usize == self.beginnings.len() {
            self.beginnings.push(Arc::default());
        }
        let beginnings = self.beginnings.get_mut(gram);
        *beginnings = beginnings.iter().cloned().chain([(term, needle.into())]).collect();
        if let Some(head) = needle.first_chunk() {
            let bit = filter_bit(*head);
            Arc::make_mut(&mut self.filter)[bit / 64] |= 1 << (bit % 64);
        }
        term
    }

    /// Calls back with every needle that the text contains, once for each place where it stands.
    pub fn each_in(&self, text: &[u8], mut found: impl FnMut(Term)) {
        let shorter = self.grams.lengths() & 0b1110;
        for at in 0..text.len() {
            let rest = &text[at..];
            if let Some(head) = rest.first_chunk::<GRAM>() {
                let bit = filter_bit(*head);
                if self.filter[bit / 64] >> (bit % 64) & 1 != 0 {
                    self.each_beginning(head, rest, &mut found);
                }
            }
            if shorter != 0 {
                for length in (1..GRAM.min(rest.len() + 1)).filter(|length| shorter >> length & 1 != 0) {
                    self.each_beginning(&rest[..length], rest, &mut found);
                }
            }
        }
    }

    fn each_beginning(&self, gram: &[u8], rest: &[u8], found: &mut impl FnMut(Term)) {
        if let Some(gram) = self.grams.find(gram) {
            for (term, needle) in self.beginnings.get(gram).iter() {
                if rest.starts_with(needle) {
                    found(*term);
                }
            }
        }
    }
}

fn filter_bit(head: [u8; GRAM]) -> usize {
    (mix(u64::from(u32::from_le_bytes(head))) >> 48) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_needle_is_found_wherever_it_stands_and_nothing_else() {
        let words = ["a", "an", "bau", "bank", "bankhaus", "maschinenbau", "ß", "bau ag"];
        let mut needles = Needles::default();
        for word in words {
            needles.add(word.as_bytes(), true);
        }
        for text in ["", "a", "bankhaus bau ag", "maschinenbau müller", "große banken", "kleiner"] {
            let mut found = Vec::new();
            needles.each_in(text.as_bytes(), |term| found.push(words[term as usize]));
            found.sort_unstable();
            let mut expected: Vec<&str> =
                words.iter().flat_map(|word| text.match_indices(word).map(|_| *word)).collect();
            // match_indices skips overlapping places; of these words none overlaps itself.
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }
}
