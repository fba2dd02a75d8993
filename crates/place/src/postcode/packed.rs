//! The packed table of postcodes, written by `cargo xtask gen place`. Numbers are little-endian.
//!
//! Head: magic, number of countries, start of the texts; then per country its code, number of states,
//! number of codes, and where keys, rows, the order by city and the states' codes begin. A key is
//! [`Code::key`], four bytes, in order. A row is the city's place among the texts (four bytes), the state's
//! number in the country (255: none), and the point's three coordinates (four bytes each). A text is one
//! byte of length and its bytes.

use std::sync::LazyLock;

use super::{Code, Place};
use crate::{Country, Point, State, name};

static BYTES: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/place/postcodes.bin"));

const MAGIC: &[u8; 8] = b"rvrpost1";
const HEAD_LENGTH: usize = 16;
const COUNTRY_LENGTH: usize = 24;
const ROW_LENGTH: usize = 17;
const STATE_LENGTH: usize = 3;
const STATE_NONE: u8 = 255;

static TABLES: LazyLock<Vec<Packed>> = LazyLock::new(|| {
    assert_eq!(&BYTES[..MAGIC.len()], MAGIC, "the table of postcodes is of another make");
    (0..number(8) as usize).map(Packed::read).collect()
});

/// The tables, one per country.
pub fn tables() -> &'static [Packed] {
    &TABLES
}

/// One country's postcodes.
pub struct Packed {
    pub country: Country,
    states: Vec<State>,
    length: usize,
    keys: usize,
    rows: usize,
    by_city: usize,
}

impl Packed {
    /// Finds a country's table; the crown dependencies stand in the British one.
    pub fn of(country: Country) -> Option<&'static Packed> {
        let code = match country.code() {
            "GG" | "JE" | "IM" => "GB",
            code => code,
        };
        TABLES.iter().find(|table| table.country.code() == code)
    }

    fn read(index: usize) -> Packed {
        let head = HEAD_LENGTH + index * COUNTRY_LENGTH;
        let text =
            |from: usize, length: usize| std::str::from_utf8(&BYTES[from..from + length]).expect("ASCII");
        let code = text(head, 2);
        let states_length = usize::from(u16::from_le_bytes([BYTES[head + 2], BYTES[head + 3]]));
        let states = number(head + 20) as usize;
        let state = |at: usize| {
            let rest = text(states + at * STATE_LENGTH, STATE_LENGTH).trim_end();
            State::by_code(&format!("{code}-{rest}")).expect("a state of the table")
        };
        Packed {
            country: Country::by_code(code).expect("a country of the table"),
            states: (0..states_length).map(state).collect(),
            length: number(head + 4) as usize,
            keys: number(head + 8) as usize,
            rows: number(head + 12) as usize,
            by_city: number(head + 16) as usize,
        }
    }

    pub fn find(&self, code: Code) -> Option<Place> {
        let key = code.key()?;
        let at = self.first_at_least(key);
        (at < self.length && self.key(at) == key).then(|| self.place(at))
    }

    pub fn between(&self, first: u32, last: u32) -> impl Iterator<Item = (Code, Place)> {
        (self.first_at_least(first)..self.length)
            .map_while(move |at| (self.key(at) <= last).then(|| (Code::of_key(self.key(at)), self.place(at))))
    }

    /// Finds cities whose key begins with `key`.
    pub fn by_city(&self, key: &str, count_max: usize) -> Vec<(Code, Place)> {
        let ordered = |rank: usize| {
            let at = self.by_city + rank * 2;
            usize::from(u16::from_le_bytes([BYTES[at], BYTES[at + 1]]))
        };
        let city_key = |rank: usize| name::key(self.city(ordered(rank)));
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let middle = low + (high - low) / 2;
            if city_key(middle).as_str() < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low..self.length)
            .take_while(|&rank| city_key(rank).starts_with(key))
            .take(count_max)
            .map(|rank| (Code::of_key(self.key(ordered(rank))), self.place(ordered(rank))))
            .collect()
    }

    fn first_at_least(&self, key: u32) -> usize {
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.key(middle) < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn key(&self, at: usize) -> u32 {
        number(self.keys + at * 4)
    }

    fn city(&self, at: usize) -> &'static str {
        let text = number(12) as usize + number(self.rows + at * ROW_LENGTH) as usize;
        let length = usize::from(BYTES[text]);
        std::str::from_utf8(&BYTES[text + 1..text + 1 + length]).expect("the table holds UTF-8")
    }

    fn place(&self, at: usize) -> Place {
        let row = self.rows + at * ROW_LENGTH;
        let state = match BYTES[row + 4] {
            STATE_NONE => None,
            state => Some(self.states[usize::from(state)]),
        };
        let coordinate = |from: usize| i64::from(number(row + from).cast_signed());
        let point = Point { x: coordinate(5), y: coordinate(9), z: coordinate(13) };
        Place { city: self.city(at), state, point }
    }
}

fn number(at: usize) -> u32 {
    u32::from_le_bytes([BYTES[at], BYTES[at + 1], BYTES[at + 2], BYTES[at + 3]])
}
