//! Tijdeman's rule word for word, in exact rational arithmetic, from counts: slow and obvious.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use rotation::Seat;

/// Everything is worked out anew from what the stretch began with and who was taken in it.
#[derive(Default)]
pub struct Oracle {
    began_with: BTreeMap<u32, BigRational>,
    weights: BTreeMap<u32, u32>,
    counts: BTreeMap<u32, u64>,
    turns: u64,
}

fn whole(number: u64) -> BigRational {
    BigRational::from_integer(BigInt::from(number))
}

impl Oracle {
    /// carried + (n·w − count·W)/W, after `turns` turns of the running stretch.
    fn credit_after(&self, member: u32, turns: u64) -> BigRational {
        let carried = self.began_with.get(&member).cloned().unwrap_or_else(BigRational::zero);
        let Some(&weight) = self.weights.get(&member) else { return carried };
        let total: u64 = self.weights.values().map(|&weight| u64::from(weight)).sum();
        let count = self.counts.get(&member).copied().unwrap_or(0);
        carried + (whole(turns) * whole(u64::from(weight)) - whole(count) * whole(total)) / whole(total)
    }

    pub fn credit(&self, member: u32) -> BigRational {
        self.credit_after(member, self.turns)
    }

    pub fn billionths(&self, member: u32) -> BigInt {
        (self.credit(member) * whole(1_000_000_000)).round().to_integer()
    }

    fn begin_stretch(&mut self, weights: BTreeMap<u32, u32>) {
        let members: Vec<u32> = self.began_with.keys().chain(self.weights.keys()).copied().collect();
        let carried = members
            .into_iter()
            .map(|m| (m, BigRational::new(self.billionths(m), BigInt::from(1_000_000_000))))
            .collect();
        *self = Oracle { began_with: carried, weights, counts: BTreeMap::new(), turns: 0 };
    }

    pub fn next(&mut self, seats: &[Seat<u32>]) -> u32 {
        let weights: BTreeMap<u32, u32> = seats.iter().map(|s| (s.member, s.weight.get())).collect();
        if weights != self.weights {
            self.begin_stretch(weights);
        }
        let mut order: Vec<&Seat<u32>> = seats.iter().collect();
        order.sort_by_key(|seat| (seat.position, seat.member));

        let taken = if let [only] = order[..] { only.member } else { self.whose_turn(&order) };
        self.turns += 1;
        *self.counts.entry(taken).or_default() += 1;
        taken
    }

    fn whose_turn(&self, order: &[&Seat<u32>]) -> u32 {
        let total: u64 = order.iter().map(|seat| u64::from(seat.weight.get())).sum();
        let threshold = whole(1) / whole(2 * order.len() as u64 - 2);
        let gained = |seat: &&&Seat<u32>| self.credit_after(seat.member, self.turns + 1);
        // `min_by` keeps the first of equals.
        let candidate = order.iter().filter(|seat| gained(seat) >= threshold).min_by(|a, b| {
            let patience = |seat: &&&Seat<u32>| {
                (whole(1) - &threshold - gained(seat)) * whole(total) / whole(u64::from(seat.weight.get()))
            };
            patience(a).cmp(&patience(b))
        });
        let richest = || order.iter().min_by(|a, b| gained(b).cmp(&gained(a)));
        candidate.or_else(richest).expect("somebody sits here").member
    }
}
