//! Grids: axes crossed with one another; a cell is one bucket of each.
//! Uses: axis, lead, shape, vocabulary.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::axis::{AXES_MAX, Axis, Buckets, Marks};
use crate::lead::Lead;
use crate::shape::Shape;
use crate::vocabulary::{Slot, Vocabulary};

/// Small axes are crossed to grids of at most so many cells: one row to AND in place of two.
const CELLS_MAX: usize = 512;

#[derive(Clone, Debug)]
pub struct Grid {
    axes: Vec<Axis>,
    cells: usize,
}

/// A set of a grid's cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cells([u64; CELLS_MAX / 64]);

impl Cells {
    pub fn has(&self, cell: usize) -> bool {
        self.0[cell / 64] >> (cell % 64) & 1 != 0
    }

    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The cells from 64 times that number on, as bits.
    pub fn word(&self, at: usize) -> u64 {
        self.0[at]
    }

    /// The first so many cells.
    pub fn below(count: usize) -> Cells {
        let mut cells = Cells([0; CELLS_MAX / 64]);
        (0..count).for_each(|cell| cells.0[cell / 64] |= 1 << (cell % 64));
        cells
    }

    /// Adds so many buckets from a cell on.
    fn add_from(&mut self, begin: usize, buckets: &Buckets, count: usize) {
        for word in 0..count.div_ceil(64) {
            let kept = (count - word * 64).min(64);
            let bits = buckets.0[word] & (u64::MAX >> (64 - kept));
            let (at, shift) = ((begin + word * 64) / 64, begin % 64);
            self.0[at] |= bits << shift;
            if shift > 0 && bits >> (64 - shift) != 0 {
                self.0[at + 1] |= bits >> (64 - shift);
            }
        }
    }
}

impl Grid {
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// The cell of the lead's values.
    pub fn cell(&self, lead: &Lead) -> usize {
        self.axes.iter().fold(0, |cell, axis| cell * axis.buckets() + axis.bucket(lead))
    }

    /// The cells where the rule may match.
    pub fn project(&self, shape: &Shape, vocabulary: &Vocabulary) -> Cells {
        let (mut cells, mut count) = (Cells::below(1), 1);
        for axis in &self.axes {
            let (allowed, buckets) = (axis.project(shape, vocabulary), axis.buckets());
            let mut finer = Cells::below(0);
            for cell in (0..count).filter(|&cell| cells.has(cell)) {
                finer.add_from(cell * buckets, &allowed, buckets);
            }
            (cells, count) = (finer, count * buckets);
        }
        cells
    }
}

/// The grids for those rules: of the fields that most of them read, the smallest crossed first.
pub fn choose(rules: &[(u32, u64, Shape)], vocabulary: &Vocabulary) -> Arc<[Grid]> {
    let mut axes = choose_axes(rules, vocabulary);
    axes.sort_by_key(Axis::buckets);
    let mut grids: Vec<Grid> = Vec::new();
    for axis in axes {
        let cells = axis.buckets();
        match grids.last_mut() {
            Some(grid) if grid.cells * cells <= CELLS_MAX => {
                grid.cells *= cells;
                grid.axes.push(axis);
            }
            _ => grids.push(Grid { axes: vec![axis], cells }),
        }
    }
    grids.into()
}

fn choose_axes(rules: &[(u32, u64, Shape)], vocabulary: &Vocabulary) -> Vec<Axis> {
    let mut marks: BTreeMap<Slot, (usize, Marks)> = BTreeMap::new();
    for (_, _, shape) in rules {
        shape.each_leaf(&mut |leaf| {
            let slot = vocabulary.slot(leaf.field()).expect("the vocabulary has learnt the rule");
            let (count, marks) = marks.entry(slot).or_default();
            *count += 1;
            marks.note(leaf, vocabulary.words(slot));
        });
    }
    let mut axes: Vec<(usize, Axis)> = marks
        .into_iter()
        .filter_map(|(slot, (count, marks))| Some((count, marks.axis(slot, vocabulary.words(slot))?)))
        .collect();
    axes.sort_by_key(|&(count, _)| Reverse(count));
    axes.truncate(AXES_MAX);
    axes.into_iter().map(|(_, axis)| axis).collect()
}
