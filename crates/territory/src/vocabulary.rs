//! The vocabulary: everything that the rules of a plan name, field by field, each with a number.
//! Uses: dictionary, part, shape, condition.

use std::sync::Arc;

use condition::tree::PostcodeRange;
use condition::{FieldId, Interval, Kind, Value};

use crate::dictionary::{Dictionary, Term};
use crate::part::Parts;
use crate::shape::{Ask, Leaf, Shape};

/// Fields that the rules read, numbered in the order of their first appearance.
pub type Slot = u16;

/// A field's numbers are cut into at most so many cells for posting.
pub const CELLS_MAX: usize = 4096;
/// Longest digits of a postcode range that is covered by prefixes.
const RANGE_DIGITS_MAX: usize = 18;
/// Texts up to that many bytes are turned round without an allocation.
const TURNED_NEAR: usize = 128;

#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    slots: Vec<Arc<Words>>,
    /// Per slot its field.
    fields: Vec<FieldId>,
    /// Per field id its slot.
    by_field: Vec<Option<Slot>>,
}

/// What the rules name of one field.
#[derive(Clone, Debug)]
pub struct Words {
    pub kind: Kind,
    pub exact: Dictionary,
    pub prefixes: Parts,
    /// Turned round, so that they are found by their last bytes.
    pub suffixes: Parts,
    /// Postcodes' first digits, padded with `?` to the full length: `803??`.
    pub digits: Dictionary,
    /// Per length of postcodes, the lengths of prefixes in use, as bits.
    digit_prefixes: [u32; RANGE_DIGITS_MAX + 1],
    pub phone_countries: Dictionary,
    pub phone_areas: Dictionary,
    /// Texts that may stand anywhere inside.
    pub needles: Parts,
    /// Where the cells of the field's numbers begin, but the first.
    pub cells: Arc<[i64]>,
}

/// A way to look at a field's value; each has its own numbering of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lens {
    Exact,
    Prefix,
    Suffix,
    Digits,
    PhoneCountry,
    PhoneArea,
    Needle,
    Cell,
}

impl Lens {
    pub const ALL: [Lens; 8] = [
        Lens::Exact,
        Lens::Prefix,
        Lens::Suffix,
        Lens::Digits,
        Lens::PhoneCountry,
        Lens::PhoneArea,
        Lens::Needle,
        Lens::Cell,
    ];
}

impl Vocabulary {
    pub fn slot(&self, field: FieldId) -> Option<Slot> {
        self.by_field.get(usize::from(field.0)).copied().flatten()
    }

    pub fn words(&self, slot: Slot) -> &Words {
        &self.slots[usize::from(slot)]
    }

    pub fn field(&self, slot: Slot) -> FieldId {
        self.fields[usize::from(slot)]
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn set_cells(&mut self, slot: Slot, cells: Arc<[i64]>) {
        Arc::make_mut(&mut self.slots[usize::from(slot)]).cells = cells;
    }

    /// Takes in everything that the condition names.
    pub fn learn(&mut self, shape: &Shape, is_building: bool) {
        shape.each_leaf(&mut |leaf| self.learn_leaf(leaf, is_building));
    }

    fn learn_leaf(&mut self, leaf: &Leaf, is_building: bool) {
        let slot = self.slot_or_new(leaf.field(), leaf.kind());
        if !is_building && self.words(slot).knows(leaf) {
            return;
        }
        let words = Arc::make_mut(&mut self.slots[usize::from(slot)]);
        let add_all = |dictionary: &mut Dictionary, texts: &[Box<str>]| {
            for text in texts {
                dictionary.add(text.as_bytes(), is_building);
            }
        };
        let add_parts = |parts: &mut Parts, texts: &[Box<str>]| {
            for text in texts.iter().filter(|text| !text.is_empty()) {
                parts.add(text.as_bytes(), is_building);
            }
        };
        match leaf.ask {
            Ask::OneOf(texts) | Ask::AllOf(texts) => add_all(&mut words.exact, texts),
            Ask::StartsWith(texts) => add_parts(&mut words.prefixes, texts),
            Ask::EndsWith(texts) => {
                for text in texts.iter().filter(|text| !text.is_empty()) {
                    words.suffixes.add(&turned_round(text), is_building);
                }
            }
            Ask::PhoneCountry(texts) => add_all(&mut words.phone_countries, texts),
            Ask::PhoneArea(texts) => add_all(&mut words.phone_areas, texts),
            Ask::Contains(texts) => add_parts(&mut words.needles, texts),
            Ask::Matches(patterns) => {
                for needle in patterns.iter().filter_map(|pattern| longest_run(pattern)) {
                    words.needles.add(needle.as_bytes(), is_building);
                }
            }
            Ask::InRange(ranges) => {
                for range in ranges {
                    each_prefix(*range, |padded, length| {
                        words.digits.add(padded, is_building);
                        words.digit_prefixes[padded.len()] |= 1 << length;
                    });
                }
            }
            Ask::Empty | Ask::Within(_) | Ask::Other => {}
        }
    }

    fn slot_or_new(&mut self, field: FieldId, kind: Kind) -> Slot {
        let at = usize::from(field.0);
        if at >= self.by_field.len() {
            self.by_field.resize(at + 1, None);
        }
        *self.by_field[at].get_or_insert_with(|| {
            self.slots.push(Arc::new(Words::new(kind)));
            self.fields.push(field);
            Slot::try_from(self.slots.len() - 1).expect("slots are as few as fields")
        })
    }
}

impl Words {
    fn new(kind: Kind) -> Words {
        Words {
            kind,
            exact: Dictionary::default(),
            prefixes: Parts::default(),
            suffixes: Parts::default(),
            digits: Dictionary::default(),
            digit_prefixes: [0; RANGE_DIGITS_MAX + 1],
            phone_countries: Dictionary::default(),
            phone_areas: Dictionary::default(),
            needles: Parts::default(),
            cells: Arc::default(),
        }
    }

    /// Tells whether a record has at most one value of the field.
    pub fn is_single(&self) -> bool {
        !matches!(self.kind, Kind::Email | Kind::Phone | Kind::MultiChoice)
    }

    fn knows(&self, leaf: &Leaf) -> bool {
        let knows_all = |dictionary: &Dictionary, texts: &[Box<str>]| {
            texts.iter().all(|text| dictionary.find(text.as_bytes()).is_some())
        };
        match leaf.ask {
            Ask::OneOf(texts) | Ask::AllOf(texts) => knows_all(&self.exact, texts),
            Ask::PhoneCountry(texts) => knows_all(&self.phone_countries, texts),
            Ask::PhoneArea(texts) => knows_all(&self.phone_areas, texts),
            Ask::StartsWith(texts) => texts.iter().all(|text| self.prefixes.find(text.as_bytes()).is_some()),
            Ask::EndsWith(texts) => {
                texts.iter().all(|text| self.suffixes.find(&turned_round(text)).is_some())
            }
            Ask::Contains(texts) => texts.iter().all(|text| self.needles.find(text.as_bytes()).is_some()),
            Ask::Matches(_) | Ask::InRange(_) => false,
            Ask::Empty | Ask::Within(_) | Ask::Other => true,
        }
    }

    /// How many terms a lens of the field tells apart.
    pub fn count(&self, lens: Lens) -> u32 {
        match lens {
            Lens::Exact => self.exact.len(),
            Lens::Prefix => self.prefixes.len(),
            Lens::Suffix => self.suffixes.len(),
            Lens::Digits => self.digits.len(),
            Lens::PhoneCountry => self.phone_countries.len(),
            Lens::PhoneArea => self.phone_areas.len(),
            Lens::Needle => self.needles.len(),
            Lens::Cell => u32::try_from(self.cells.len() + 1).expect("cells are few"),
        }
    }

    /// The cells that an interval touches.
    pub fn cells_of(&self, interval: Interval) -> std::ops::RangeInclusive<Term> {
        let cell = |number: i64| self.cell(number);
        let last = Term::try_from(self.cells.len()).expect("cells are few");
        interval.lo.map_or(0, cell)..=interval.hi.map_or(last, |hi| cell(hi.saturating_sub(1)))
    }

    fn cell(&self, number: i64) -> Term {
        let before = self.cells.partition_point(|&begin| begin <= number);
        Term::try_from(before).expect("cells are few")
    }

    /// Calls back with every term of a record's value.
    pub fn each_term(&self, lens: Lens, value: &Value, mut found: impl FnMut(Term)) {
        match (lens, value) {
            (Lens::Cell, Value::Integer(number) | Value::Moment { us: number, .. }) => {
                found(self.cell(*number));
            }
            (Lens::PhoneCountry | Lens::PhoneArea, Value::Phones(phones)) => {
                for phone in phones {
                    let (dictionary, text) = match lens {
                        Lens::PhoneCountry => (&self.phone_countries, &phone.country),
                        _ => (&self.phone_areas, &phone.area),
                    };
                    if let Some(term) = text.as_ref().and_then(|text| dictionary.find(text.as_bytes())) {
                        found(term);
                    }
                }
            }
            (_, Value::Text(text) | Value::Key(text)) => self.each_term_of_text(lens, text, &mut found),
            (_, Value::Texts(texts) | Value::Keys(texts)) => {
                for text in texts {
                    self.each_term_of_text(lens, text, &mut found);
                }
            }
            (_, Value::Phones(phones)) => {
                for phone in phones {
                    self.each_term_of_text(lens, &phone.number, &mut found);
                }
            }
            _ => {}
        }
    }

    fn each_term_of_text(&self, lens: Lens, text: &str, found: &mut impl FnMut(Term)) {
        let text = text.as_bytes();
        match lens {
            Lens::Exact => {
                if let Some(term) = self.exact.find(text) {
                    found(term);
                }
            }
            Lens::Prefix => self.prefixes.each_at_start(text, found),
            Lens::Suffix => {
                let mut near = [0; TURNED_NEAR];
                match near.get_mut(..text.len()) {
                    Some(turned) => {
                        turned.copy_from_slice(text);
                        turned.reverse();
                        self.suffixes.each_at_start(turned, found);
                    }
                    None => {
                        let turned: Vec<u8> = text.iter().rev().copied().collect();
                        self.suffixes.each_at_start(&turned, found);
                    }
                }
            }
            Lens::Digits => self.each_digit_prefix(text, found),
            Lens::Needle => self.needles.each_in(text, found),
            Lens::PhoneCountry | Lens::PhoneArea | Lens::Cell => {}
        }
    }

    fn each_digit_prefix(&self, text: &[u8], found: &mut impl FnMut(Term)) {
        let lengths = self.digit_prefixes.get(text.len()).copied().unwrap_or(0);
        if lengths == 0 || !text.iter().all(u8::is_ascii_digit) {
            return;
        }
        let mut padded = [b'?'; RANGE_DIGITS_MAX];
        for length in 0..=text.len() {
            if length > 0 {
                padded[length - 1] = text[length - 1];
            }
            if lengths >> length & 1 != 0
                && let Some(term) = self.digits.find(&padded[..text.len()])
            {
                found(term);
            }
        }
    }
}

/// A text from its last byte to its first.
pub fn turned_round(text: &str) -> Vec<u8> {
    text.bytes().rev().collect()
}

/// Cuts a range of postcodes into prefixes, each padded with `?` to the full length; the second
/// argument is the prefix's own length. Ranges too long to be cut give none and are not covered.
pub fn each_prefix(range: PostcodeRange, mut visit: impl FnMut(&[u8], usize)) {
    let digits = usize::from(range.digits);
    if !is_cut(range) {
        return;
    }
    let mut first = range.first;
    loop {
        let mut wild = 0;
        let mut step = 1u64;
        while wild < digits && first.is_multiple_of(step * 10) && range.last - first >= step * 10 - 1 {
            wild += 1;
            step *= 10;
        }
        let mut padded = format!("{first:0digits$}").into_bytes();
        padded[digits - wild..].fill(b'?');
        visit(&padded, digits - wild);
        match first.checked_add(step) {
            Some(next) if next <= range.last => first = next,
            _ => return,
        }
    }
}

/// Tells whether [`each_prefix`] cuts that range.
pub fn is_cut(range: PostcodeRange) -> bool {
    let digits = u32::from(range.digits);
    (1..=RANGE_DIGITS_MAX).contains(&usize::from(range.digits))
        && range.first <= range.last
        && range.last < 10u64.pow(digits)
}

/// The longest text without wildcard in a pattern, which every matching value contains.
pub fn longest_run(pattern: &str) -> Option<&str> {
    pattern.split(['*', '?']).max_by_key(|run| run.len()).filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes(digits: u8, first: u64, last: u64) -> Vec<String> {
        let mut found = Vec::new();
        each_prefix(PostcodeRange { digits, first, last }, |padded, length| {
            let padded = String::from_utf8(padded.to_vec()).expect("digits");
            assert_eq!(padded.trim_end_matches('?').len(), length);
            found.push(padded);
        });
        found
    }

    #[test]
    fn a_range_of_postcodes_is_cut_into_prefixes() {
        assert_eq!(prefixes(5, 80_000, 81_999), ["80???", "81???"]);
        assert_eq!(prefixes(5, 1_067, 1_071), ["01067", "01068", "01069", "01070", "01071"]);
        assert_eq!(prefixes(5, 0, 99_999), ["?????"]);
        assert_eq!(prefixes(3, 98, 120), ["098", "099", "10?", "11?", "120"]);
        assert_eq!(prefixes(19, 0, 1), Vec::<String>::new());
        assert_eq!(prefixes(2, 5, 4), Vec::<String>::new());
    }

    #[test]
    fn the_prefixes_of_a_range_hold_its_codes_and_no_others() {
        for (first, last) in [(0, 999), (1, 998), (17, 17), (99, 100), (250, 729), (990, 999)] {
            let cut = prefixes(3, first, last);
            for code in 0..1_000u64 {
                let text = format!("{code:03}");
                let inside = cut.iter().filter(|prefix| text.starts_with(prefix.trim_end_matches('?')));
                assert_eq!(inside.count(), usize::from((first..=last).contains(&code)), "{code}");
            }
        }
    }
}
