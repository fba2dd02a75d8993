//! Slices: rules without selective keys, in segments by priority. Each segment holds per grid and
//! cell one bit per rule that may match there; a lead's cells, ANDed, leave the candidates.
//! Uses: axis, lead, shape, vocabulary.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::axis::{Axis, Buckets, Marks};
use crate::lead::Lead;
use crate::shape::Shape;
use crate::vocabulary::{Slot, Vocabulary};

/// Rules per segment: adding one copies the segment's bits.
const SEGMENT: usize = 2048;
const WORDS: usize = SEGMENT / 64;
/// While building, a segment is filled so far; the rest is room for later rules.
const SEGMENT_FILLED: usize = SEGMENT - SEGMENT / 16;
/// The fields that most rules read get an axis; others are left to evaluation.
const AXES_MAX: usize = 32;
/// Small axes are crossed to grids of at most so many cells: one row to AND in place of two.
const GRID_CELLS_MAX: usize = 512;

type Row = [u64; WORDS];

#[derive(Clone, Debug, Default)]
pub struct Slices {
    grids: Arc<[Grid]>,
    /// By their first priority.
    segments: Vec<Arc<Segment>>,
}

/// Some axes crossed; a cell is one bucket of each.
#[derive(Clone, Debug)]
struct Grid {
    axes: Vec<Axis>,
    cells: usize,
}

#[derive(Clone, Debug)]
struct Segment {
    /// No rule in it has a lower priority.
    first: u64,
    rules: Vec<Member>,
    used: Row,
    /// Per grid a row per cell, unless every rule may match everywhere.
    rows: Vec<Option<Arc<Vec<Row>>>>,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    rule: u32,
    priority: u64,
}

impl Slices {
    /// Slices rules that come in the order of priority.
    pub fn build(rules: &[(u32, u64, Shape)], vocabulary: &Vocabulary) -> Slices {
        let grids = cross(choose_axes(rules, vocabulary));
        let mut slices = Slices { grids, segments: Vec::new() };
        for chunk in rules.chunks(SEGMENT_FILLED) {
            let mut segment = Segment::new(chunk[0].1, slices.grids.len());
            for (rule, priority, shape) in chunk {
                let at = segment.rules.len();
                segment.put(
                    at,
                    Member { rule: *rule, priority: *priority },
                    shape,
                    &slices.grids,
                    vocabulary,
                );
            }
            slices.segments.push(Arc::new(segment));
        }
        slices
    }

    /// Adds a rule. `is_live` tells of a rule in the slices whether it is still what it was.
    pub fn add(
        &mut self,
        rule: u32,
        priority: u64,
        shape: &Shape,
        vocabulary: &Vocabulary,
        is_live: impl Fn(u32, u64) -> bool,
    ) {
        let before = self.segments.partition_point(|segment| segment.first <= priority);
        let home = self.segments[..before]
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, segment)| Some((at, segment.room(&is_live)?)));
        let (segment, at) = home.unwrap_or_else(|| {
            self.segments.insert(before, Arc::new(Segment::new(priority, self.grids.len())));
            (before, 0)
        });
        Arc::make_mut(&mut self.segments[segment]).put(
            at,
            Member { rule, priority },
            shape,
            &self.grids,
            vocabulary,
        );
    }

    /// Calls back with every rule that may match and whose priority is below `worst`, which the
    /// callback lowers by returning the priority of a rule that matched.
    pub fn each_candidate(
        &self,
        lead: &Lead,
        mut worst: u64,
        mut matches: impl FnMut(u32, u64) -> Option<u64>,
    ) {
        if self.segments.is_empty() {
            return;
        }
        let mut cells = [0; AXES_MAX];
        for (cell, grid) in cells.iter_mut().zip(self.grids.iter()) {
            *cell = grid.cell(lead);
        }
        for segment in &self.segments {
            if segment.first >= worst {
                return;
            }
            let candidates = segment.candidates(&cells);
            for (word, mut bits) in candidates.into_iter().enumerate() {
                while bits != 0 {
                    let member = segment.rules[word * 64 + bits.trailing_zeros() as usize];
                    bits &= bits - 1;
                    if member.priority < worst
                        && let Some(better) = matches(member.rule, member.priority)
                    {
                        worst = better;
                    }
                }
            }
        }
    }
}

impl Grid {
    fn cell(&self, lead: &Lead) -> usize {
        self.axes.iter().fold(0, |cell, axis| cell * axis.buckets() + axis.bucket(lead))
    }

    /// Per cell whether the rule may match there; `None` if it may everywhere.
    fn project(&self, shape: &Shape, vocabulary: &Vocabulary) -> Option<Vec<bool>> {
        let allowed: Vec<Buckets> = self.axes.iter().map(|axis| axis.project(shape, vocabulary)).collect();
        if allowed.iter().all(|allowed| *allowed == Buckets::ALL) {
            return None;
        }
        let mut cells = vec![true];
        for (axis, allowed) in self.axes.iter().zip(allowed) {
            let buckets = 0..axis.buckets();
            cells = cells
                .into_iter()
                .flat_map(|cell| buckets.clone().map(move |bucket| cell && allowed.has(bucket)))
                .collect();
        }
        Some(cells)
    }
}

impl Segment {
    fn new(first: u64, grids: usize) -> Segment {
        Segment { first, rules: Vec::new(), used: [0; WORDS], rows: vec![None; grids] }
    }

    /// A place for one more rule: behind the last, or that of one that is not live any more.
    fn room(&self, is_live: impl Fn(u32, u64) -> bool) -> Option<usize> {
        if self.rules.len() < SEGMENT {
            return Some(self.rules.len());
        }
        self.rules.iter().position(|member| !is_live(member.rule, member.priority))
    }

    fn put(&mut self, at: usize, member: Member, shape: &Shape, grids: &[Grid], vocabulary: &Vocabulary) {
        if at == self.rules.len() {
            self.rules.push(member)
        } else {
            self.rules[at] = member
        }
        self.first = self.first.min(member.priority);
        let (word, bit) = (at / 64, 1 << (at % 64));
        self.used[word] |= bit;
        for (grid, rows) in grids.iter().zip(&mut self.rows) {
            let allowed = grid.project(shape, vocabulary);
            if allowed.is_none() && rows.is_none() {
                continue;
            }
            let rows = rows.get_or_insert_with(|| Arc::new(vec![[u64::MAX; WORDS]; grid.cells]));
            for (cell, row) in Arc::make_mut(rows).iter_mut().enumerate() {
                let is_allowed = allowed.as_ref().is_none_or(|allowed| allowed[cell]);
                if is_allowed { row[word] |= bit } else { row[word] &= !bit }
            }
        }
    }

    fn candidates(&self, cells: &[usize; AXES_MAX]) -> Row {
        let mut left = self.used;
        for (rows, &cell) in self.rows.iter().zip(cells) {
            if let Some(rows) = rows {
                for (left, row) in left.iter_mut().zip(&rows[cell]) {
                    *left &= row;
                }
            }
        }
        left
    }
}

/// Crosses the smallest axes first, as long as the grids stay small.
fn cross(mut axes: Vec<Axis>) -> Arc<[Grid]> {
    axes.sort_by_key(Axis::buckets);
    let mut grids: Vec<Grid> = Vec::new();
    for axis in axes {
        let cells = axis.buckets();
        match grids.last_mut() {
            Some(grid) if grid.cells * cells <= GRID_CELLS_MAX => {
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
    axes.sort_by_key(|&(count, _)| std::cmp::Reverse(count));
    axes.truncate(AXES_MAX);
    axes.into_iter().map(|(_, axis)| axis).collect()
}
