//! Slices: rules without selective keys. Per grid and cell there is one bit per rule that may match
//! there; a lead's cells, ANDed, leave the candidates. Rules of the plan as it was built lie in
//! chapters, later ones in segments. Never decides: only a rule's program can.
//! Uses: axis, lead, shape, vocabulary.

mod chapter;
mod grid;
mod segment;

use std::sync::Arc;

use chapter::Chapter;
use grid::{Cells, Grid};
use segment::Segment;

use crate::axis::AXES_MAX;
use crate::lead::Lead;
use crate::shape::Shape;
use crate::vocabulary::Vocabulary;

/// Rules side by side in one row of bits, which is one cache line.
const ROW_RULES: usize = 64 * WORDS;
const WORDS: usize = 8;

/// One bit per rule.
type Row = [u64; WORDS];

#[derive(Clone, Debug, Default)]
pub struct Slices {
    grids: Arc<[Grid]>,
    /// By their first priority.
    chapters: Arc<[Chapter]>,
    /// By their first priority.
    segments: Vec<Arc<Segment>>,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    rule: u32,
    priority: u64,
}

/// The lead's cell in each grid.
type LeadCells = [usize; AXES_MAX];

impl Slices {
    /// Slices rules that come in the order of priority.
    pub fn build(rules: &[(u32, u64, Shape)], vocabulary: &Vocabulary) -> Slices {
        let grids = grid::choose(rules, vocabulary);
        let mut chapters = Vec::new();
        let (mut rest, mut sections) = (rules, 1);
        while !rest.is_empty() {
            let (some, others) = rest.split_at(rest.len().min(sections * ROW_RULES));
            chapters.push(Chapter::of(some, &grids, vocabulary));
            // The first chapters are short, for plans whose first rules catch most leads.
            (rest, sections) = (others, (sections * 2).min(chapter::SECTIONS_MAX));
        }
        Slices { grids, chapters: chapters.into(), segments: Vec::new() }
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
        let before = self.segments.partition_point(|segment| segment.first() <= priority);
        let home = self.segments[..before]
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, segment)| Some((at, segment.room(&is_live)?)));
        let (segment, at) = home.unwrap_or_else(|| {
            self.segments.insert(before, Arc::new(Segment::new(priority, self.grids.len())));
            (before, 0)
        });
        let allowed: Vec<Cells> = self.grids.iter().map(|grid| grid.project(shape, vocabulary)).collect();
        Arc::make_mut(&mut self.segments[segment]).put(at, Member { rule, priority }, &allowed, &self.grids);
    }

    /// Calls back with every rule that may match and whose priority is below `worst`, which the
    /// callback lowers by returning the priority of a rule that matched.
    pub fn each_candidate(
        &self,
        lead: &Lead,
        mut worst: u64,
        mut matches: impl FnMut(u32, u64) -> Option<u64>,
    ) {
        if self.chapters.is_empty() && self.segments.is_empty() {
            return;
        }
        let mut cells = [0; AXES_MAX];
        for (cell, grid) in cells.iter_mut().zip(self.grids.iter()) {
            *cell = grid.cell(lead);
        }
        for chapter in self.chapters.iter() {
            if chapter.first() >= worst {
                break;
            }
            chapter.each_candidate(&cells, &mut worst, &mut matches);
        }
        for segment in &self.segments {
            if segment.first() >= worst {
                return;
            }
            segment.each_candidate(&cells, &mut worst, &mut matches);
        }
    }
}

/// The bits of a row that are set, in order.
fn set_bits(row: &Row) -> impl Iterator<Item = usize> {
    row.iter().enumerate().flat_map(|(word, &bits)| {
        std::iter::successors(Some(bits), |bits| Some(bits & bits.wrapping_sub(1)))
            .take_while(|&bits| bits != 0)
            .map(move |bits| word * 64 + bits.trailing_zeros() as usize)
    })
}
