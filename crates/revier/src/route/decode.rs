//! Bytes of any encoding become UTF-8, as a stream.
//! Byte order marks decide; else the first piece that is more than ASCII does.

use std::collections::VecDeque;
use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are read, and looked at, at once.
const PIECE_BYTES: usize = 64 * 1024;
/// A decoder needs room for a character; smaller reads are served from what waits.
const ROOM_BYTES: usize = 16;

/// Reads UTF-8, without byte order mark, from a source in whatever encoding.
pub struct Utf8<R> {
    source: R,
    /// Bytes read; those before `taken` are decoded already.
    piece: Vec<u8>,
    taken: usize,
    /// `None` as long as everything was ASCII.
    decoder: Option<Decoder>,
    /// Decoded for a reader who had no room for it.
    waiting: VecDeque<u8>,
    is_first: bool,
    is_at_end: bool,
    is_finished: bool,
}

impl<R: Read> Utf8<R> {
    pub fn new(source: R) -> Utf8<R> {
        Utf8 {
            source,
            piece: Vec::new(),
            taken: 0,
            decoder: None,
            waiting: VecDeque::new(),
            is_first: true,
            is_at_end: false,
            is_finished: false,
        }
    }

    /// Reads a whole piece, as far as there is one: small reads of a pipe would say too little.
    fn refill(&mut self) -> io::Result<()> {
        self.piece.resize(PIECE_BYTES, 0);
        self.taken = 0;
        let mut filled = 0;
        while filled < PIECE_BYTES {
            match self.source.read(&mut self.piece[filled..]) {
                Ok(0) => {
                    self.is_at_end = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.piece.truncate(filled);
        if self.decoder.is_none() {
            let encoding = encoding_of(&self.piece, self.is_first, self.is_at_end);
            self.decoder = encoding.map(Encoding::new_decoder_with_bom_removal);
        }
        self.is_first = false;
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.waiting.is_empty() && into.len() < ROOM_BYTES {
            let mut room = [0; ROOM_BYTES];
            let count = self.decode(&mut room)?;
            self.waiting.extend(&room[..count]);
        }
        if self.waiting.is_empty() {
            return self.decode(into);
        }
        let count = self.waiting.len().min(into.len());
        for (to, byte) in into.iter_mut().zip(self.waiting.drain(..count)) {
            *to = byte;
        }
        Ok(count)
    }
}

impl<R: Read> Utf8<R> {
    /// Decodes into a buffer that has room for a character.
    fn decode(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.taken == self.piece.len() && !self.is_at_end {
                self.refill()?;
            }
            let rest = &self.piece[self.taken..];
            let Some(decoder) = &mut self.decoder else {
                let count = rest.len().min(into.len());
                into[..count].copy_from_slice(&rest[..count]);
                self.taken += count;
                return Ok(count);
            };
            if self.is_finished {
                return Ok(0);
            }
            let (result, read, written, _) = decoder.decode_to_utf8(rest, into, self.is_at_end);
            self.taken += read;
            self.is_finished = self.is_at_end && result == CoderResult::InputEmpty;
            if written > 0 || self.is_finished {
                return Ok(written);
            }
        }
    }
}

/// The encoding of a piece, or `None` where it is all ASCII.
fn encoding_of(piece: &[u8], is_first: bool, is_last: bool) -> Option<&'static Encoding> {
    if is_first {
        if let Some((encoding, _)) = Encoding::for_bom(piece) {
            return Some(encoding);
        }
        if let Some(encoding) = without_mark(piece) {
            return Some(encoding);
        }
    }
    if piece.is_ascii() {
        return None;
    }
    let is_utf8 = match std::str::from_utf8(piece) {
        Ok(_) => true,
        // The piece may end inside a character.
        Err(error) => error.error_len().is_none() && !is_last,
    };
    if is_utf8 {
        return Some(UTF_8);
    }
    // No detector knows the encoding of old Macs, but nobody else ends lines with a lone CR.
    if piece.contains(&b'\r') && !piece.contains(&b'\n') {
        return Some(MACINTOSH);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(piece, is_last);
    Some(detector.guess(None, Utf8Detection::Deny))
}

/// UTF-16 without a mark: of western text nearly every second byte is zero.
fn without_mark(piece: &[u8]) -> Option<&'static Encoding> {
    let pairs = piece.len() / 2;
    let zeros = |from: usize| piece.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if pairs < 2 => None,
        () if odd * 10 > pairs * 6 && even * 10 < pairs => Some(UTF_16LE),
        () if even * 10 > pairs * 6 && odd * 10 < pairs => Some(UTF_16BE),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        let mut text = String::new();
        Utf8::new(bytes).read_to_string(&mut text).expect("memory can be read");
        text
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn every_usual_encoding_becomes_utf_8() {
        let text = "Müller;Köln;Straße 5 – „Büro“\nJäger;Düren;Weg 7\n";
        let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "UTF-8 with mark"),
            ([vec![0xFF, 0xFE], utf16(text, false)].concat(), "UTF-16LE with mark"),
            ([vec![0xFE, 0xFF], utf16(text, true)].concat(), "UTF-16BE with mark"),
            (utf16(text, false), "UTF-16LE"),
            (utf16(text, true), "UTF-16BE"),
            (windows, "Windows-1252"),
        ] {
            assert_eq!(decoded(&bytes), text, "{name}");
        }
        let mac = b"M\x9Fller;K\x9Aln\rJ\x8Ager;D\x9Fren\r".to_vec();
        assert_eq!(decoded(&mac), "Müller;Köln\rJäger;Düren\r");
    }

    #[test]
    fn the_first_piece_beyond_ascii_decides_however_late_it_comes() {
        let ascii = "a;b\n".repeat(PIECE_BYTES);
        let late = [ascii.as_bytes(), b"M\xFCller;K\xF6ln;Stra\xDFe\n"].concat();
        assert_eq!(decoded(&late), format!("{ascii}Müller;Köln;Straße\n"));
    }

    #[test]
    fn characters_are_whole_however_the_pieces_fall() {
        let text = format!("{}{}", "x".repeat(PIECE_BYTES - 1), "ü€😀".repeat(PIECE_BYTES / 4));
        assert_eq!(decoded(text.as_bytes()), text);
    }

    #[test]
    fn a_reader_without_room_gets_everything_byte_by_byte() {
        let text = "Müller €😀\n".repeat(10);
        let source = utf16(&text, false);
        let mut reader = Utf8::new(&source[..]);
        let (mut bytes, mut byte) = (Vec::new(), [0]);
        while reader.read(&mut byte).expect("memory can be read") == 1 {
            bytes.push(byte[0]);
        }
        assert_eq!(bytes, text.as_bytes());
    }

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(decoded(b""), "");
        assert_eq!(decoded(b"x"), "x");
    }
}
