//! A postcode as the tables hold it.

use std::fmt;

use crate::Country;

/// A postcode of at most eight letters and digits, in capitals, without spaces and hyphens.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// Filled up with zeros, so that codes order as their texts do.
    bytes: [u8; Code::LENGTH_MAX],
    length: u8,
}

impl Code {
    pub const LENGTH_MAX: usize = 9;

    /// How many characters of a code the tables hold.
    pub const KEY_LENGTH_MAX: usize = 6;

    /// Reads a code, leaving out spaces and hyphens; `None` for other characters, nothing, or too many.
    pub fn new(text: &str) -> Option<Code> {
        let mut code = Code { bytes: [0; Code::LENGTH_MAX], length: 0 };
        for byte in text.bytes() {
            match byte {
                b' ' | b'-' => continue,
                _ if !byte.is_ascii_alphanumeric() => return None,
                _ => *code.bytes.get_mut(usize::from(code.length))? = byte.to_ascii_uppercase(),
            }
            code.length += 1;
        }
        (code.length > 0).then_some(code)
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).expect("letters and digits")
    }

    /// Returns the part by which a whole code is looked up where the tables hold only districts.
    pub fn district(&self, country: Country) -> Option<Code> {
        let bytes = self.as_bytes();
        let length = match country.code() {
            "CA" if bytes.len() > 3 => 3,
            "NL" if bytes.len() > 4 => 4,
            "US" if bytes.len() == 9 => 5,
            "GB" | "GG" | "JE" | "IM" => match bytes {
                [outward @ .., b'0'..=b'9', b'A'..=b'Z', b'A'..=b'Z'] if outward.len() >= 2 => outward.len(),
                _ => return None,
            },
            _ => return None,
        };
        Code::new(&self.as_str()[..length])
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// Returns the code as one number that orders like the text; `None` above six characters.
    pub fn key(&self) -> Option<u32> {
        if usize::from(self.length) > Code::KEY_LENGTH_MAX {
            return None;
        }
        Some(self.bytes[..Code::KEY_LENGTH_MAX].iter().fold(0, |key, &byte| {
            let digit = match byte {
                0 => 0,
                b'0'..=b'9' => byte - b'0' + 1,
                _ => byte - b'A' + 11,
            };
            key * 37 + u32::from(digit)
        }))
    }

    pub(super) fn of_key(mut key: u32) -> Code {
        let mut code = Code { bytes: [0; Code::LENGTH_MAX], length: 0 };
        for at in (0..Code::KEY_LENGTH_MAX).rev() {
            let digit = u8::try_from(key % 37).expect("below 37");
            key /= 37;
            code.bytes[at] = match digit {
                0 => continue,
                1..=10 => digit - 1 + b'0',
                _ => digit - 11 + b'A',
            };
            code.length += 1;
        }
        code
    }

    /// Returns the smallest and the largest key that begin with a prefix.
    pub(super) fn range_of_prefix(prefix: &str) -> Option<(u32, u32)> {
        if prefix.trim().is_empty() {
            return Some((0, u32::MAX));
        }
        let code = Code::new(prefix)?;
        let first = code.key()?;
        let rest = 37u32.pow(u32::try_from(Code::KEY_LENGTH_MAX).expect("small") - u32::from(code.length));
        Some((first, first + (rest - 1)))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_order_like_texts_and_come_back(a in "[0-9A-Z]{1,6}", b in "[0-9A-Z]{1,6}") {
            let key = |text: &str| Code::new(text).and_then(|code| code.key()).expect("a key");
            prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
            let (of_key, code) = (Code::of_key(key(&a)), Code::new(&a).unwrap());
            prop_assert_eq!(of_key.as_str(), &a);
            prop_assert_eq!(of_key, code);
        }

        #[test]
        fn a_prefix_takes_in_what_begins_with_it(prefix in "[0-9A-Z]{1,3}", text in "[0-9A-Z]{1,6}") {
            let (first, last) = Code::range_of_prefix(&prefix).unwrap();
            let key = Code::new(&text).unwrap().key().unwrap();
            prop_assert_eq!((first..=last).contains(&key), text.starts_with(&prefix));
        }
    }

    #[test]
    fn a_code_has_letters_and_digits_and_an_end() {
        for (text, expected) in [
            ("80331", Some("80331")),
            ("sw1a 1aa", Some("SW1A1AA")),
            ("80331-1234", Some("803311234")),
            ("1234567890", None),
            ("", None),
            (" - ", None),
            ("8033?", None),
            ("８０３３１", None),
        ] {
            assert_eq!(Code::new(text).map(|code| code.to_string()).as_deref(), expected, "{text}");
        }
    }
}
