//! A segment: rules that were added to a built plan. Adding one copies its bits.
//! Uses: grid.

use std::sync::Arc;

use super::grid::{Cells, Grid};
use super::{LeadCells, Member, ROW_RULES, Row, WORDS, set_bits};

#[derive(Clone, Debug)]
pub struct Segment {
    /// No rule in it has a lower priority.
    first: u64,
    rules: Vec<Member>,
    used: Row,
    /// Per grid a row per cell, unless every rule may match everywhere.
    rows: Vec<Option<Arc<Vec<Row>>>>,
}

impl Segment {
    pub fn new(first: u64, grids: usize) -> Segment {
        Segment { first, rules: Vec::new(), used: [0; WORDS], rows: vec![None; grids] }
    }

    pub fn first(&self) -> u64 {
        self.first
    }

    /// A place for one more rule: behind the last, or that of one that is not live any more.
    pub fn room(&self, is_live: impl Fn(u32, u64) -> bool) -> Option<usize> {
        if self.rules.len() < ROW_RULES {
            return Some(self.rules.len());
        }
        self.rules.iter().position(|member| !is_live(member.rule, member.priority))
    }

    pub fn put(&mut self, at: usize, member: Member, allowed: &[Cells], grids: &[Grid]) {
        if at == self.rules.len() {
            self.rules.push(member)
        } else {
            self.rules[at] = member
        }
        self.first = self.first.min(member.priority);
        let (word, bit) = (at / 64, 1 << (at % 64));
        self.used[word] |= bit;
        for ((grid, allowed), rows) in grids.iter().zip(allowed).zip(&mut self.rows) {
            if rows.is_none() && *allowed == Cells::below(grid.cells()) {
                continue;
            }
            let rows = rows.get_or_insert_with(|| Arc::new(vec![[u64::MAX; WORDS]; grid.cells()]));
            for (cell, row) in Arc::make_mut(rows).iter_mut().enumerate() {
                if allowed.has(cell) { row[word] |= bit } else { row[word] &= !bit }
            }
        }
    }

    pub fn each_candidate(
        &self,
        cells: &LeadCells,
        worst: &mut u64,
        matches: &mut impl FnMut(u32, u64) -> Option<u64>,
    ) {
        let mut left = self.used;
        for (rows, &cell) in self.rows.iter().zip(cells) {
            if let Some(rows) = rows {
                for (left, row) in left.iter_mut().zip(&rows[cell]) {
                    *left &= row;
                }
            }
        }
        for at in set_bits(&left) {
            let Member { rule, priority } = self.rules[at];
            if priority < *worst
                && let Some(better) = matches(rule, priority)
            {
                *worst = better;
            }
        }
    }
}
