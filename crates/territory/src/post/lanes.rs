//! Lanes: entries side by side in one cache line, so that one look tests them all.
//! Uses: cover, lead, vocabulary.

use super::columns::NO_SLOT;
use crate::cover::{Range, set_bit};
use crate::lead::Lead;
use crate::vocabulary::Slot;

/// As many as a cache line holds; the compiler makes one comparison of them.
pub const LANES: usize = 4;

/// Per entry a small field's allowed values, a range and the rule. Free lanes have an empty set.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Block {
    pub set: [u32; LANES],
    pub lo: [i32; LANES],
    pub hi: [i32; LANES],
    pub rule: [u32; LANES],
}

pub const FREE: Block = Block { set: [0; LANES], lo: [0; LANES], hi: [0; LANES], rule: [0; LANES] };

/// A lead's bit and number, as lanes compare them.
#[derive(Clone, Copy)]
pub struct Asked {
    bit: u32,
    number: i32,
}

impl Asked {
    pub fn of(lead: &Lead, set: Slot, range: Slot) -> Asked {
        Asked {
            bit: if set == NO_SLOT { 1 } else { set_bit(lead.term(set)) },
            number: if range == NO_SLOT { 0 } else { Range::clamp(lead.number(range)) },
        }
    }
}

impl Block {
    /// The lanes whose set has the bit and whose range has the number, as bits.
    #[inline]
    pub fn passing(&self, asked: Asked) -> u32 {
        let mut passes = [0u32; LANES];
        for (lane, passes) in passes.iter_mut().enumerate() {
            let is_in = (self.set[lane] & asked.bit != 0)
                & (self.lo[lane] <= asked.number)
                & (asked.number < self.hi[lane]);
            *passes = u32::from(is_in) << lane;
        }
        passes.iter().fold(0, |all, lane| all | lane)
    }

    pub fn put(&mut self, lane: usize, (set, range): (u32, Range)) {
        self.set[lane] = set;
        self.lo[lane] = range.lo;
        self.hi[lane] = range.hi;
    }

    pub fn test(&self, lane: usize) -> (u32, Range) {
        (self.set[lane], Range { lo: self.lo[lane], hi: self.hi[lane] })
    }
}
