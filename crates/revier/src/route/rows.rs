//! Rows of a file of leads: CSV or JSON lines, one after the other, so that memory stays flat.
//! Uses: decode, lines, condition.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use anyhow::{Context as _, Result, bail};
use condition::{Catalog, FieldId};
use csv::StringRecord;
use serde_json::{Map, Value as Json};

use super::decode::Utf8;
use super::lines::Lines;

/// One row may be that long; a longer one lacks a quotation mark.
const ROW_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// What is looked at to find out how the file is written.
const SNIFF_BYTES: usize = 64 * 1024;
/// Rows that are tried with each delimiter.
const SNIFF_ROWS: usize = 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub enum Rows {
    Csv(CsvRows),
    Json(JsonRows),
}

/// A file's text: what has been looked at already, then the rest.
type Source = Bounded<io::Chain<io::Cursor<Vec<u8>>, Box<dyn Read>>>;

pub struct CsvRows {
    reader: csv::Reader<Source>,
    row: StringRecord,
    /// Bytes since the last row.
    bytes: Rc<Cell<u64>>,
    /// Per column its field; others are ignored.
    pub columns: Vec<Option<FieldId>>,
    pub delimiter: u8,
    /// Lines before the header.
    lines_before: u64,
    pub ignored: Vec<String>,
}

pub struct JsonRows {
    reader: BufReader<Source>,
    text: Vec<u8>,
    line: u64,
    bytes: Rc<Cell<u64>>,
    /// Keys that no field has, told once each.
    ignored: BTreeSet<String>,
}

/// A row as far as it could be read.
pub enum Row<'r> {
    Csv { line: u64, cells: &'r StringRecord, columns: &'r [Option<FieldId>] },
    Json { line: u64, object: Map<String, Json>, newly_ignored: Vec<String> },
    Broken { line: u64, why: String },
}

impl Rows {
    /// Finds out encoding, format and delimiter, and reads a header where there is one.
    pub fn open(source: Box<dyn Read>, catalog: &Catalog) -> Result<Rows> {
        let mut source: Box<dyn Read> = Box::new(Lines::new(Utf8::new(source)));
        let mut head = Vec::with_capacity(SNIFF_BYTES);
        (&mut source).take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
        let is_whole = head.len() < SNIFF_BYTES;
        let bytes = Rc::new(Cell::new(0));
        let is_json = head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if is_json {
            let source = Bounded { source: io::Cursor::new(head).chain(source), bytes: bytes.clone() };
            let reader = BufReader::new(source);
            let rows = JsonRows { reader, text: Vec::new(), line: 0, bytes, ignored: BTreeSet::new() };
            return Ok(Rows::Json(rows));
        }
        let (named, skipped) = delimiter_named(&head);
        head.drain(..skipped);
        let delimiter = match named {
            Some(delimiter) => delimiter,
            None => likely_delimiter(&head, is_whole, catalog),
        };
        let source = Bounded { source: io::Cursor::new(head).chain(source), bytes: bytes.clone() };
        let reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(source);
        CsvRows::open(reader, bytes, delimiter, u64::from(skipped > 0), catalog).map(Rows::Csv)
    }

    /// The next row, or `None` at the end.
    pub fn next(&mut self, catalog: &Catalog) -> Result<Option<Row<'_>>> {
        match self {
            Rows::Csv(rows) => rows.next(),
            Rows::Json(rows) => rows.next(catalog),
        }
    }
}

impl CsvRows {
    fn open(
        mut reader: csv::Reader<Source>,
        bytes: Rc<Cell<u64>>,
        delimiter: u8,
        lines_before: u64,
        catalog: &Catalog,
    ) -> Result<CsvRows> {
        let header = reader.headers().context("the header of the leads cannot be read")?.clone();
        let mut ignored = Vec::new();
        let mut columns: Vec<Option<FieldId>> = Vec::new();
        for name in &header {
            let field = catalog.find(name.trim()).filter(|field| !field.is_system).map(|field| field.id);
            match field {
                Some(id) if columns.contains(&Some(id)) => {
                    bail!("the column {} stands twice in the header of the leads; take one out", name.trim());
                }
                Some(_) => {}
                None => ignored.push(name.trim().to_owned()),
            }
            columns.push(field);
        }
        if columns.iter().all(Option::is_none) && !header.is_empty() {
            let found = header.iter().map(str::trim).collect::<Vec<_>>().join(", ");
            bail!(
                "no column of the leads is a field ({found}); name them as the API does: company, country, postcode, …"
            );
        }
        Ok(CsvRows { reader, row: StringRecord::new(), bytes, columns, delimiter, lines_before, ignored })
    }

    fn next(&mut self) -> Result<Option<Row<'_>>> {
        self.bytes.set(0);
        let is_there = match self.reader.read_record(&mut self.row) {
            Ok(is_there) => is_there,
            Err(error) => return Err(error).context("the leads cannot be read"),
        };
        if !is_there {
            return Ok(None);
        }
        // The reader stands behind the row's last line; empty lines before the row are not part of it.
        let inside = self.row.iter().map(|cell| cell.bytes().filter(|&byte| byte == b'\n').count() as u64);
        let line = self.reader.position().line() - 1 - inside.sum::<u64>() + self.lines_before;
        if self.row.len() != self.columns.len() {
            let why = format!("{} columns, but the header has {}", self.row.len(), self.columns.len());
            return Ok(Some(Row::Broken { line, why }));
        }
        Ok(Some(Row::Csv { line, cells: &self.row, columns: &self.columns }))
    }
}

impl JsonRows {
    fn next(&mut self, catalog: &Catalog) -> Result<Option<Row<'_>>> {
        loop {
            self.bytes.set(0);
            self.text.clear();
            let count = self.reader.read_until(b'\n', &mut self.text).context("the leads cannot be read")?;
            if count == 0 {
                return Ok(None);
            }
            self.line += 1;
            let line = self.line;
            if self.text.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return Ok(Some(match serde_json::from_slice::<Json>(&self.text) {
                Ok(Json::Object(mut object)) => {
                    let newly_ignored = self.ignore(&mut object, catalog);
                    Row::Json { line, object, newly_ignored }
                }
                Ok(_) => Row::Broken { line, why: "not a JSON object".to_owned() },
                Err(error) => Row::Broken { line, why: format!("no JSON: {error}") },
            }));
        }
    }

    /// Takes out what is no field, and returns what was not met before.
    fn ignore(&mut self, object: &mut Map<String, Json>, catalog: &Catalog) -> Vec<String> {
        let is_field = |key: &str| key == "custom" || catalog.find(key).is_some_and(|field| !field.is_system);
        let unknown: Vec<String> = object.keys().filter(|key| !is_field(key)).cloned().collect();
        for key in &unknown {
            object.remove(key);
        }
        unknown.into_iter().filter(|key| self.ignored.insert(key.clone())).collect()
    }
}

/// Excel's first line `sep=;`: the delimiter, and how many bytes to skip.
fn delimiter_named(head: &[u8]) -> (Option<u8>, usize) {
    let Some(rest) = head.strip_prefix(b"sep=").or_else(|| head.strip_prefix(b"SEP=")) else {
        return (None, 0);
    };
    match rest {
        [delimiter, b'\n', ..] => (Some(*delimiter), 6),
        _ => (None, 0),
    }
}

/// The delimiter that makes most fields of the header, then most columns in as many rows.
fn likely_delimiter(head: &[u8], is_whole: bool, catalog: &Catalog) -> u8 {
    let score = |delimiter: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(head);
        let mut rows: Vec<StringRecord> = reader.records().take(SNIFF_ROWS).map_while(Result::ok).collect();
        // The last row may be cut off.
        if !is_whole && rows.len() > 1 && rows.len() < SNIFF_ROWS {
            rows.pop();
        }
        let Some(header) = rows.first() else { return (0, 0, 0) };
        let fields = header.iter().filter(|name| catalog.find(name.trim()).is_some()).count();
        let alike = rows.iter().filter(|row| row.len() == header.len()).count();
        (fields, if header.len() > 1 { alike } else { 0 }, header.len())
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(|&delimiter| score(delimiter));
    best.unwrap_or(b',')
}

/// Fails once a single row has become too long.
struct Bounded<R> {
    source: R,
    bytes: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        self.bytes.set(self.bytes.get() + count as u64);
        if self.bytes.get() > ROW_BYTES_MAX {
            let why = format!("a row is longer than {} MB; does a quotation mark lack?", ROW_BYTES_MAX >> 20);
            return Err(io::Error::other(why));
        }
        Ok(count)
    }
}
