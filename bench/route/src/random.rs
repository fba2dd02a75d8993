//! SplitMix64: small, fast, and the same numbers for ever.

pub struct Random(pub u64);

impl Random {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ word >> 31
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.word() % end
    }

    pub fn number(&mut self, end: i64) -> i64 {
        i64::try_from(self.below(end.unsigned_abs())).expect("below an i64")
    }

    /// So many different numbers below the end.
    pub fn some_below(&mut self, count: usize, end: u64) -> Vec<u64> {
        let mut some = Vec::with_capacity(count);
        while some.len() < count {
            let next = self.below(end);
            if !some.contains(&next) {
                some.push(next);
            }
        }
        some
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = usize::try_from(self.below(at as u64 + 1)).expect("an index");
            items.swap(at, other);
        }
    }
}
