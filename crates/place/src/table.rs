//! Sorted text tables, searched where they lie in the binary: a line is a row, tabs part its cells.

use std::cmp::Ordering;

/// A table whose rows are sorted by their first cell, bytewise.
pub struct Table {
    text: &'static str,
    /// Where each row begins; the last is the end of the text.
    starts: Vec<u32>,
}

impl Table {
    pub fn new(text: &'static str) -> Table {
        let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let starts = std::iter::once(0)
            .chain(ends.map(|(at, _)| u32::try_from(at + 1).expect("a table is smaller than 4 GB")))
            .collect();
        Table { text, starts }
    }

    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns a row's text without its line end.
    pub fn row(&self, index: usize) -> &'static str {
        let (start, end) = (self.starts[index] as usize, self.starts[index + 1] as usize);
        &self.text[start..end - 1]
    }

    /// Returns one cell of a row; missing cells are empty.
    pub fn cell(&self, index: usize, column: usize) -> &'static str {
        self.row(index).split('\t').nth(column).unwrap_or("")
    }

    /// Finds the row whose first cell compares equal.
    pub fn find(&self, compare: impl Fn(&str) -> Ordering) -> Option<usize> {
        let at = self.first_at_least(|first| compare(first) == Ordering::Less);
        (at < self.len() && compare(self.first(at)) == Ordering::Equal).then_some(at)
    }

    /// Finds the row whose first cell is the longest beginning of a text.
    pub fn find_longest_beginning(&self, text: &str) -> Option<usize> {
        let mut text = text;
        loop {
            // The last row that is not behind the text is the longest beginning, or shares all with the text
            // that any beginning of it can have.
            let row = self.first_at_least(|first| first <= text).checked_sub(1)?;
            let first = self.first(row);
            if text.starts_with(first) {
                return Some(row);
            }
            let shared = first.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
            text = text.get(..shared).filter(|text| !text.is_empty())?;
        }
    }

    /// Returns the number of rows whose first cell is smaller.
    pub fn first_at_least(&self, is_smaller: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if is_smaller(self.first(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub fn first(&self, index: usize) -> &'static str {
        let row = self.row(index);
        row.split_once('\t').map_or(row, |(first, _)| first)
    }
}
