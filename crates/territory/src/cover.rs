//! The cover of a rule: the cheapest set of keys of which a lead has at least one if the rule matches.
//! Uses: shape, vocabulary, lead.

use condition::standard::COUNTRY;
use condition::{Interval, Kind};

use crate::dictionary::Term;
use crate::lead::{MISSING, UNKNOWN};
use crate::shape::{Ask, Leaf, Shape};
use crate::vocabulary::{Lens, Slot, Vocabulary, Words, each_prefix, is_cut, longest_run, turned_round};

/// Rules are posted under their keys if fewer leads than this are expected to probe them.
const POSTED_SHARE_MAX: f64 = 1.0 / 32.0;
/// A rule `any of A, B, C …` of at most so many members is posted as so many rules.
const WAYS_MAX: usize = 16;
/// A country list of at most so many countries makes pairs with postcodes.
const PAIRED_COUNTRIES_MAX: usize = 8;

/// Where a rule is posted: a field seen through a lens, a term, and a country if it is a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u64);

/// Bits of a key that say which field and lens it belongs to.
const LENS_SHIFT: u32 = 50;
const SLOTS_MAX: u16 = 1 << 10;
const PAIRS_MAX: Term = (1 << 18) - 1;

impl Key {
    pub fn of(slot: Slot, lens: Lens, country: Option<Term>, term: Term) -> Key {
        let place = u64::from(slot) << 4 | (lens as u64 + 1);
        let pair = country.map_or(0, |country| u64::from(country) + 1);
        Key(place << LENS_SHIFT | pair << 32 | u64::from(term))
    }

    /// The field and the lens that the key belongs to.
    pub fn place(self) -> (Slot, Lens) {
        let place = self.0 >> LENS_SHIFT;
        let slot = Slot::try_from(place >> 4).expect("ten bits fit");
        let lens = Lens::ALL.into_iter().find(|&lens| lens as u64 + 1 == place & 15);
        (slot, lens.expect("keys are made from lenses"))
    }

    /// Tells whether the key is a pair with a country.
    pub fn is_pair(self) -> bool {
        self.0 >> 32 & u64::from(PAIRS_MAX) != 0
    }
}

/// One way for a rule to match: keys, and what is left to be tested once a key is there.
#[derive(Debug)]
pub struct Posting {
    pub keys: Vec<Key>,
    pub rest: Rest,
}

/// What is left to be tested of a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rest {
    /// Allowed values of small fields, as in [`set_bit`].
    pub sets: Vec<(Slot, u32)>,
    pub ranges: Vec<(Slot, Range)>,
    /// Something else too: only the rule's program can tell.
    pub is_open: bool,
}

/// `lo <= number < hi` in 32 bits; `ANY` also takes a missing number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub lo: i32,
    pub hi: i32,
}

impl Range {
    pub const ANY: Range = Range { lo: i32::MIN, hi: i32::MAX };

    /// A number as ranges compare it; `i32::MIN` is a missing one.
    pub fn clamp(number: Option<i64>) -> i32 {
        number.map_or(i32::MIN, |number| {
            i32::try_from(number.clamp(i64::from(i32::MIN) + 1, i64::from(i32::MAX) - 1)).expect("clamped")
        })
    }

    /// The interval, if its bounds lie far enough inside 32 bits for clamped numbers to be told apart.
    fn of(interval: Interval) -> Option<Range> {
        let bound = |bound: Option<i64>, open: i32| match bound {
            None => Some(open),
            Some(bound) => {
                i32::try_from(bound).ok().filter(|bound| (i32::MIN + 2..=i32::MAX - 2).contains(bound))
            }
        };
        Some(Range { lo: bound(interval.lo, i32::MIN + 1)?, hi: bound(interval.hi, i32::MAX)? })
    }

    fn and(self, other: Range) -> Range {
        Range { lo: self.lo.max(other.lo), hi: self.hi.min(other.hi) }
    }
}

/// Terms from here on share a bit of a set.
const SET_TERMS: Term = 30;
const MISSING_BIT: u32 = 1 << 31;

/// A term's bit in the set of a small field.
pub fn set_bit(term: Term) -> u32 {
    match term {
        MISSING => MISSING_BIT,
        term => 1 << term.min(SET_TERMS),
    }
}

/// Returns where the rule is posted, or `None` if its keys would be probed too often.
pub fn postings(shape: &Shape, vocabulary: &Vocabulary) -> Option<Vec<Posting>> {
    let mut ways = Vec::new();
    let mut open = vec![conjuncts(shape)];
    while let Some(way) = open.pop() {
        let choice = choose(&way, vocabulary)?;
        match way[choice.member] {
            // Each member of a group `any` makes a way of its own, which leaves less to be tested.
            Shape::Any(members) if members.len() + open.len() + ways.len() <= WAYS_MAX => {
                open.extend(members.iter().map(|member| {
                    let others =
                        way.iter().copied().filter(|other| !std::ptr::eq(*other, way[choice.member]));
                    others.chain(conjuncts(member)).collect::<Vec<_>>()
                }));
            }
            _ => ways.push((way, choice)),
        }
    }
    let share: f64 = ways.iter().map(|(_, choice)| choice.share).sum();
    (share < POSTED_SHARE_MAX)
        .then(|| ways.into_iter().map(|(way, choice)| choice.posting(&way, vocabulary)).collect())
}

fn conjuncts<'s, 'a>(shape: &'s Shape<'a>) -> Vec<&'s Shape<'a>> {
    match shape {
        Shape::All(members) => members.iter().collect(),
        other => vec![other],
    }
}

/// Which member of a way gives the keys, and with which countries they are paired.
struct Choice {
    member: usize,
    country: Option<usize>,
    share: f64,
}

fn choose(way: &[&Shape], vocabulary: &Vocabulary) -> Option<Choice> {
    let shares = way.iter().map(|member| share(member, vocabulary));
    let (member, share) = shares.enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
    if share.is_infinite() {
        return None;
    }
    let is_postcode = matches!(way[member], Shape::Leaf(leaf) if leaf.kind() == Kind::Postcode);
    let country = way.iter().position(|member| is_postcode && paired_countries(member).is_some());
    Some(Choice { member, country, share })
}

fn paired_countries<'a>(shape: &Shape<'a>) -> Option<&'a [Box<str>]> {
    match shape {
        Shape::Leaf(Leaf { criterion, ask: Ask::OneOf(countries), is_negated: false, .. })
            if criterion.field == COUNTRY && countries.len() <= PAIRED_COUNTRIES_MAX =>
        {
            Some(countries)
        }
        _ => None,
    }
}

impl Choice {
    fn posting(&self, way: &[&Shape], vocabulary: &Vocabulary) -> Posting {
        let mut terms = Vec::new();
        let is_exact = add_terms(way[self.member], vocabulary, &mut terms);
        let mut rest = Rest { is_open: !is_exact, ..Rest::default() };
        for (at, member) in way.iter().enumerate() {
            let is_done = at == self.member && !is_cell(member) || Some(at) == self.country;
            if !is_done {
                rest.add(member, vocabulary);
            }
        }
        let pairs: Vec<Option<Term>> = match self.country.map(|at| way[at]) {
            Some(Shape::Leaf(leaf)) => countries(leaf, vocabulary).into_iter().map(Some).collect(),
            _ => vec![None],
        };
        let mut keys: Vec<Key> = terms
            .iter()
            .flat_map(|&(slot, lens, term)| {
                pairs.iter().map(move |&country| Key::of(slot, lens, country, term))
            })
            .collect();
        keys.sort_unstable();
        keys.dedup();
        Posting { keys, rest }
    }
}

/// A range is posted in the cells that it touches, so it is still to be tested.
fn is_cell(shape: &Shape) -> bool {
    matches!(shape, Shape::Leaf(Leaf { ask: Ask::Within(_), .. }))
}

fn countries(leaf: &Leaf, vocabulary: &Vocabulary) -> Vec<Term> {
    let slot = vocabulary.slot(leaf.field()).expect("the vocabulary has learnt the rule");
    let dictionary = &vocabulary.words(slot).exact;
    let Ask::OneOf(countries) = leaf.ask else { return Vec::new() };
    countries.iter().filter_map(|country| dictionary.find(country.as_bytes())).collect()
}

/// The share of leads that is expected to have one of the shape's keys; infinite if it has no keys.
fn share(shape: &Shape, vocabulary: &Vocabulary) -> f64 {
    match shape {
        Shape::All(members) => {
            members.iter().map(|member| share(member, vocabulary)).fold(f64::INFINITY, f64::min)
        }
        Shape::Any(members) => members.iter().map(|member| share(member, vocabulary)).sum(),
        Shape::Leaf(leaf) => share_of_leaf(leaf, vocabulary),
    }
}

fn share_of_leaf(leaf: &Leaf, vocabulary: &Vocabulary) -> f64 {
    let slot = vocabulary.slot(leaf.field()).expect("the vocabulary has learnt the rule");
    if leaf.is_negated || slot >= SLOTS_MAX {
        return f64::INFINITY;
    }
    let words = vocabulary.words(slot);
    let one = |lens| 1.0 / f64::from(words.count(lens));
    let needle = |text: &str| match text.len() {
        0 => f64::INFINITY,
        // Short needles stand in many texts, however few the rules name.
        length => one(Lens::Needle).max([1.0, 0.5, 0.1, 0.02, 0.0][length.min(4)]),
    };
    let counted = |texts: &[Box<str>], lens| match texts.iter().any(|text| text.is_empty()) {
        true => f64::INFINITY,
        false => as_f64(texts.len()) * one(lens),
    };
    match leaf.ask {
        Ask::OneOf(texts) => counted(texts, Lens::Exact),
        Ask::AllOf([]) => f64::INFINITY,
        Ask::AllOf(_) => one(Lens::Exact),
        Ask::StartsWith(texts) => counted(texts, Lens::Prefix),
        Ask::EndsWith(texts) => counted(texts, Lens::Suffix),
        Ask::PhoneCountry(texts) => counted(texts, Lens::PhoneCountry),
        Ask::PhoneArea(texts) => counted(texts, Lens::PhoneArea),
        Ask::Contains(texts) => texts.iter().map(|text| needle(text)).sum(),
        Ask::Matches(patterns) => {
            patterns.iter().map(|pattern| needle(longest_run(pattern).unwrap_or(""))).sum()
        }
        Ask::InRange(ranges) => ranges
            .iter()
            .map(|range| match is_cut(*range) {
                true => (as_f64_u64(range.last - range.first) + 1.0) / 10f64.powi(i32::from(range.digits)),
                false => f64::INFINITY,
            })
            .sum(),
        Ask::Within(interval) if words.cells.is_empty() || is_hopeless(interval) => f64::INFINITY,
        Ask::Within(interval) => {
            let cells = words.cells_of(interval);
            f64::from(cells.end().saturating_sub(*cells.start()) + 1) * one(Lens::Cell)
        }
        Ask::Empty | Ask::Other => f64::INFINITY,
    }
}

/// An interval with an open end is never selective for long.
fn is_hopeless(interval: Interval) -> bool {
    interval.lo.is_none() || interval.hi.is_none()
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn as_f64_u64(count: u64) -> f64 {
    count as f64
}

/// Collects the shape's terms and tells whether having one of them is all that the shape asks.
fn add_terms(shape: &Shape, vocabulary: &Vocabulary, terms: &mut Vec<(Slot, Lens, Term)>) -> bool {
    match shape {
        Shape::All(members) => {
            let cheapest = members
                .iter()
                .min_by(|a, b| share(a, vocabulary).total_cmp(&share(b, vocabulary)))
                .expect("a group with keys has members");
            add_terms(cheapest, vocabulary, terms) && members.len() == 1
        }
        Shape::Any(members) => members.iter().fold(true, |is_exact, member| {
            add_terms(member, vocabulary, terms) && is_exact && !is_cell(member)
        }),
        Shape::Leaf(leaf) => {
            let slot = vocabulary.slot(leaf.field()).expect("the vocabulary has learnt the rule");
            add_terms_of_leaf(leaf, slot, vocabulary.words(slot), terms)
        }
    }
}

fn add_terms_of_leaf(leaf: &Leaf, slot: Slot, words: &Words, terms: &mut Vec<(Slot, Lens, Term)>) -> bool {
    let mut add = |lens: Lens, term: Option<Term>| {
        terms.push((slot, lens, term.expect("the vocabulary has learnt the rule")));
    };
    match leaf.ask {
        Ask::OneOf(texts) => {
            texts.iter().for_each(|text| add(Lens::Exact, words.exact.find(text.as_bytes())))
        }
        Ask::AllOf(texts) => {
            add(Lens::Exact, words.exact.find(texts[0].as_bytes()));
            return texts.len() == 1;
        }
        Ask::StartsWith(texts) => {
            texts.iter().for_each(|text| add(Lens::Prefix, words.prefixes.find(text.as_bytes())));
        }
        Ask::EndsWith(texts) => {
            texts.iter().for_each(|text| add(Lens::Suffix, words.suffixes.find(&turned_round(text))));
        }
        Ask::PhoneCountry(texts) => {
            texts
                .iter()
                .for_each(|text| add(Lens::PhoneCountry, words.phone_countries.find(text.as_bytes())));
        }
        Ask::PhoneArea(texts) => {
            texts.iter().for_each(|text| add(Lens::PhoneArea, words.phone_areas.find(text.as_bytes())));
        }
        Ask::Contains(texts) => {
            texts.iter().for_each(|text| add(Lens::Needle, words.needles.find(text.as_bytes())));
        }
        Ask::Matches(patterns) => {
            for needle in patterns.iter().filter_map(|pattern| longest_run(pattern)) {
                add(Lens::Needle, words.needles.find(needle.as_bytes()));
            }
            return false;
        }
        Ask::InRange(ranges) => {
            for range in ranges {
                each_prefix(*range, |padded, _| add(Lens::Digits, words.digits.find(padded)));
            }
        }
        Ask::Within(interval) => {
            words.cells_of(interval).for_each(|cell| add(Lens::Cell, Some(cell)));
        }
        Ask::Empty | Ask::Other => unreachable!("these have no keys"),
    }
    true
}

impl Rest {
    /// Tells whether anything is tested before a program is asked.
    pub fn is_tested(&self) -> bool {
        !self.sets.is_empty() || !self.ranges.is_empty()
    }

    fn add(&mut self, shape: &Shape, vocabulary: &Vocabulary) {
        let is_taken = match shape {
            Shape::Leaf(leaf) => self.add_leaf(leaf, vocabulary),
            Shape::All(_) | Shape::Any(_) => false,
        };
        self.is_open |= !is_taken;
    }

    fn add_leaf(&mut self, leaf: &Leaf, vocabulary: &Vocabulary) -> bool {
        let slot = vocabulary.slot(leaf.field()).expect("the vocabulary has learnt the rule");
        let words = vocabulary.words(slot);
        match leaf.ask {
            Ask::OneOf(texts) if words.is_single() && texts.len() < 64 => {
                let terms = texts.iter().map(|text| words.exact.find(text.as_bytes()).unwrap_or(UNKNOWN));
                let set = terms.fold(0, |set, term| set | set_bit(term));
                if set >> SET_TERMS != 0 {
                    return false;
                }
                self.restrict(slot, if leaf.is_negated { !set } else { set });
                true
            }
            Ask::Empty => {
                self.restrict(slot, if leaf.is_negated { !MISSING_BIT } else { MISSING_BIT });
                true
            }
            Ask::Within(interval) if !leaf.is_negated => match Range::of(interval) {
                Some(range) => {
                    match self.ranges.iter_mut().find(|(there, _)| *there == slot) {
                        Some((_, known)) => *known = known.and(range),
                        None => self.ranges.push((slot, range)),
                    }
                    true
                }
                None => false,
            },
            _ => false,
        }
    }

    fn restrict(&mut self, slot: Slot, set: u32) {
        match self.sets.iter_mut().find(|(there, _)| *there == slot) {
            Some((_, known)) => *known &= set,
            None => self.sets.push((slot, set)),
        }
    }
}
