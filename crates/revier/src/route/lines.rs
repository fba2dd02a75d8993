//! Line ends of any kind become a line feed each, so that lines can be counted.

use std::io::{self, Read};

/// Reads text whose lines all end with a line feed, the last one included.
pub struct Lines<R> {
    source: R,
    after_return: bool,
    /// The last byte given, if any.
    last: Option<u8>,
}

impl<R: Read> Lines<R> {
    pub fn new(source: R) -> Lines<R> {
        Lines { source, after_return: false, last: None }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            let count = self.source.read(into)?;
            if count == 0 {
                if self.last.is_none_or(|last| last == b'\n') {
                    return Ok(0);
                }
                into[0] = b'\n';
                self.last = Some(b'\n');
                return Ok(1);
            }
            let mut kept = 0;
            for at in 0..count {
                let byte = into[at];
                let is_second_half = byte == b'\n' && self.after_return;
                self.after_return = byte == b'\r';
                if !is_second_half {
                    into[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
            }
            if kept > 0 {
                self.last = Some(into[kept - 1]);
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_becomes_a_line_feed_however_it_is_cut() {
        for (text, expected) in [
            ("", ""),
            ("a", "a\n"),
            ("a\nb\n", "a\nb\n"),
            ("a\r\nb\r\n\r\nc", "a\nb\n\nc\n"),
            ("a\rb\r\rc\r", "a\nb\n\nc\n"),
        ] {
            for room in [1, 2, 3, 64] {
                let mut lines = Lines::new(text.as_bytes());
                let (mut whole, mut part) = (Vec::<u8>::new(), vec![0; room]);
                while let count @ 1.. = lines.read(&mut part).expect("memory can be read") {
                    whole.extend(&part[..count]);
                }
                assert_eq!(whole, expected.as_bytes(), "{text:?} by {room}");
            }
        }
    }
}
