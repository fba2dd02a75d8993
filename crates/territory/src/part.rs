//! Parts: the texts that rules look for at the beginning, at the end or anywhere inside a field's
//! text, found by their first bytes. Uses: dictionary, shared.

use std::sync::Arc;

use crate::dictionary::{Dictionary, Term};
use crate::shared::{Pages, mix};

/// Parts are kept under their first bytes: so many, or all of a shorter part.
const HEAD: usize = 8;
/// Bits of the filter that says quickly that no part begins here.
const FILTER_BITS: usize = 1 << 18;
/// More parts than that with one head are told apart by their next bytes in the same way.
const FEW: usize = 8;

#[derive(Clone, Debug, Default)]
pub struct Parts {
    all: Dictionary,
    by_head: Node,
    /// Empty as long as there is no part.
    filter: Arc<[u64]>,
}

/// Parts by their next bytes.
#[derive(Clone, Debug, Default)]
struct Node {
    /// The part that ends here.
    here: Option<Term>,
    heads: Dictionary,
    branches: Pages<Arc<Branch>>,
}

/// The parts with one head, each by what follows it.
#[derive(Clone, Debug)]
enum Branch {
    Few(Vec<(Term, Box<[u8]>)>),
    Many(Node),
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
        self.by_head.add(part, term, is_building);
        if self.filter.is_empty() {
            self.filter = vec![0; FILTER_BITS / 64].into();
        }
        let length = part.len().min(HEAD);
        let bit = filter_bit(word(&part[..length]), length);
        Arc::make_mut(&mut self.filter)[bit / 64] |= 1 << (bit % 64);
        term
    }

    /// Calls back with every part that stands anywhere in the text, once for each place.
    pub fn each_in(&self, text: &[u8], mut found: impl FnMut(Term)) {
        for at in 0..text.len() {
            self.each_at_start(&text[at..], &mut found);
        }
    }

    /// Calls back with every part that the text begins with.
    pub fn each_at_start(&self, text: &[u8], found: &mut impl FnMut(Term)) {
        let whole = word(text);
        each_length(self.by_head.heads.lengths(), text.len(), |length| {
            let kept = if length < HEAD { (1 << (8 * length)) - 1 } else { u64::MAX };
            let bit = filter_bit(whole & kept, length);
            if self.filter[bit / 64] >> (bit % 64) & 1 != 0 {
                self.by_head.each_behind(length, text, found);
            }
        });
    }
}

impl Node {
    fn add(&mut self, part: &[u8], term: Term, is_building: bool) {
        if part.is_empty() {
            self.here = Some(term);
            return;
        }
        let (head, tail) = part.split_at(part.len().min(HEAD));
        let place = self.heads.add(head, is_building);
        if place as usize == self.branches.len() {
            self.branches.push(Arc::new(Branch::Few(Vec::new())));
        }
        let branch = Arc::make_mut(self.branches.get_mut(place));
        match branch {
            Branch::Few(few) if few.len() < FEW => few.push((term, tail.into())),
            Branch::Few(few) => {
                let mut node = Node::default();
                for (term, tail) in std::mem::take(few) {
                    node.add(&tail, term, is_building);
                }
                node.add(tail, term, is_building);
                *branch = Branch::Many(node);
            }
            Branch::Many(node) => node.add(tail, term, is_building),
        }
    }

    fn each_at_start(&self, text: &[u8], found: &mut impl FnMut(Term)) {
        if let Some(term) = self.here {
            found(term);
        }
        each_length(self.heads.lengths(), text.len(), |length| self.each_behind(length, text, found));
    }

    /// The parts whose head is the text's first bytes.
    fn each_behind(&self, length: usize, text: &[u8], found: &mut impl FnMut(Term)) {
        let (head, tail) = text.split_at(length);
        let Some(place) = self.heads.find(head) else { return };
        match self.branches.get(place).as_ref() {
            Branch::Few(few) => {
                for (term, part) in few {
                    if tail.starts_with(part) {
                        found(*term);
                    }
                }
            }
            Branch::Many(node) => node.each_at_start(tail, found),
        }
    }
}

/// Calls back with each length that heads have and that is not longer than the text.
fn each_length(mut lengths: u64, text: usize, mut visit: impl FnMut(usize)) {
    while lengths != 0 {
        let length = lengths.trailing_zeros() as usize;
        if length > text {
            return;
        }
        visit(length);
        lengths &= lengths - 1;
    }
}

/// The first eight bytes as a word, with zeros behind a shorter text.
fn word(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(head) => u64::from_le_bytes(*head),
        None => text.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

fn filter_bit(word: u64, length: usize) -> usize {
    (mix(word.wrapping_add(length as u64)) >> 46) as usize
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
