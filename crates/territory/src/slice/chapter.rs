//! A chapter: up to 64 sections of rules that follow one another in the plan, those alike in one
//! section, so that a lead passes over whole sections in which nothing can match.
//! Never changes once it is made. Uses: grid.

use super::grid::{Cells, Grid};
use super::{LeadCells, Member, ROW_RULES, Row, WORDS, set_bits};
use crate::shape::Shape;
use crate::vocabulary::Vocabulary;

pub const SECTIONS_MAX: usize = 64;

#[derive(Clone, Debug)]
pub struct Chapter {
    /// No rule has a lower priority.
    first: u64,
    /// Section after section, each in the order of priority; all sections but the last are full.
    members: Vec<Member>,
    /// The first priority of each section.
    firsts: Vec<u64>,
    /// Per grid, unless every rule may match everywhere.
    sheets: Vec<Option<Sheet>>,
}

/// What a chapter's rules say of one grid.
#[derive(Clone, Debug)]
struct Sheet {
    /// Per cell the sections with a rule that may match there.
    sections: Vec<u64>,
    /// Per cell and section the rules that may match there; a cell's sections lie side by side.
    rows: Vec<Row>,
}

/// A rule with the cells where it may match, per grid.
struct Sorted {
    member: Member,
    allowed: Vec<Cells>,
}

impl Chapter {
    /// Makes a chapter of rules that come in the order of priority.
    pub fn of(rules: &[(u32, u64, Shape)], grids: &[Grid], vocabulary: &Vocabulary) -> Chapter {
        let mut sorted: Vec<Sorted> = rules
            .iter()
            .map(|(rule, priority, shape)| Sorted {
                member: Member { rule: *rule, priority: *priority },
                allowed: grids.iter().map(|grid| grid.project(shape, vocabulary)).collect(),
            })
            .collect();
        sort_by_likeness(&mut sorted, grids);
        let sections: Vec<&[Sorted]> = sorted.chunks(ROW_RULES).collect();
        let sheets = (0..grids.len()).map(|grid| Sheet::of(&sections, grid, grids[grid].cells()));
        Chapter {
            first: rules[0].1,
            firsts: sections.iter().map(|section| section[0].member.priority).collect(),
            sheets: sheets.collect(),
            members: sorted.iter().map(|rule| rule.member).collect(),
        }
    }

    pub fn first(&self) -> u64 {
        self.first
    }

    pub fn each_candidate(
        &self,
        cells: &LeadCells,
        worst: &mut u64,
        matches: &mut impl FnMut(u32, u64) -> Option<u64>,
    ) {
        let sheets =
            || self.sheets.iter().zip(cells).filter_map(|(sheet, &cell)| Some((sheet.as_ref()?, cell)));
        let mut sections = u64::MAX >> (SECTIONS_MAX - self.firsts.len());
        for (sheet, cell) in sheets() {
            sections &= sheet.sections[cell];
        }
        while sections != 0 {
            let section = sections.trailing_zeros() as usize;
            sections &= sections - 1;
            if self.firsts[section] >= *worst {
                continue;
            }
            let begin = section * ROW_RULES;
            let members = &self.members[begin..self.members.len().min(begin + ROW_RULES)];
            let mut left = used(members.len());
            for (sheet, cell) in sheets() {
                let row = &sheet.rows[cell * self.firsts.len() + section];
                for (left, row) in left.iter_mut().zip(row) {
                    *left &= row;
                }
            }
            for at in set_bits(&left) {
                let Member { rule, priority } = members[at];
                if priority >= *worst {
                    break;
                }
                if let Some(better) = matches(rule, priority) {
                    *worst = better;
                    break;
                }
            }
        }
    }
}

/// The row of so many rules that may all match.
fn used(count: usize) -> Row {
    if count == ROW_RULES {
        return [u64::MAX; WORDS];
    }
    std::array::from_fn(|word| match count.saturating_sub(word * 64) {
        0 => 0,
        left => u64::MAX >> (64 - left.min(64)),
    })
}

/// Puts rules that may match in the same cells into one section: first those that the same grid
/// narrows most, among them those with like cells there. Inside, sections keep the order of priority.
fn sort_by_likeness(rules: &mut [Sorted], grids: &[Grid]) {
    if rules.len() <= ROW_RULES {
        return;
    }
    let share = |rule: &Sorted, grid: usize| {
        let cells = u32::try_from(grids[grid].cells()).expect("cells are few");
        f64::from(rule.allowed[grid].count()) / f64::from(cells)
    };
    rules.sort_by_cached_key(|rule| {
        let narrowest = (0..grids.len()).min_by(|&a, &b| share(rule, a).total_cmp(&share(rule, b)));
        (narrowest, narrowest.map(|grid| rule.allowed[grid]))
    });
    for section in rules.chunks_mut(ROW_RULES) {
        section.sort_unstable_by_key(|rule| rule.member.priority);
    }
}

impl Sheet {
    fn of(sections: &[&[Sorted]], grid: usize, cells: usize) -> Option<Sheet> {
        let everywhere = Cells::below(cells);
        if sections.iter().copied().flatten().all(|rule| rule.allowed[grid] == everywhere) {
            return None;
        }
        let mut sheet = Sheet { sections: vec![0; cells], rows: vec![[0; WORDS]; cells * sections.len()] };
        for (at, section) in sections.iter().enumerate() {
            for (word, rules) in section.chunks(64).enumerate() {
                for from in (0..cells).step_by(64) {
                    let mut square = [0; 64];
                    for (row, rule) in square.iter_mut().zip(rules) {
                        *row = rule.allowed[grid].word(from / 64);
                    }
                    turn(&mut square);
                    for (cell, bits) in (from..cells).zip(square) {
                        sheet.rows[cell * sections.len() + at][word] = bits;
                        sheet.sections[cell] |= u64::from(bits != 0) << at;
                    }
                }
            }
        }
        Some(sheet)
    }
}

/// Makes rows of 64 × 64 bits columns, by swapping ever smaller squares across the diagonal.
fn turn(square: &mut [u64; 64]) {
    let (mut size, mut mask) = (32, u64::from(u32::MAX));
    while size > 0 {
        let mut at = 0;
        while at < 64 {
            let swapped = (square[at] >> size ^ square[at + size]) & mask;
            square[at] ^= swapped << size;
            square[at + size] ^= swapped;
            at = (at + size + 1) & !size;
        }
        size /= 2;
        mask ^= mask << size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_a_square_makes_its_rows_columns() {
        let square: [u64; 64] =
            std::array::from_fn(|row| (row as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut turned = square;
        turn(&mut turned);
        for (row, bits) in square.into_iter().enumerate() {
            for (column, other) in turned.into_iter().enumerate() {
                assert_eq!(bits >> column & 1, other >> row & 1, "row {row}, column {column}");
            }
        }
    }
}
