//! Leads from text: a CSV row of 13 fields is parsed, put into normal form, completed and placed.

use condition::normal::{Context, Notation, Reader, time};
use condition::standard::*;
use condition::{Catalog, Currency, Facts, FieldId, Value};
use jiff::tz::TimeZone;
use place::Country;
use territory::Index;

use crate::measure::as_f64;

const COLUMNS: [FieldId; 13] = [
    COMPANY, FIRST_NAME, LAST_NAME, JOB_TITLE, EMAILS, PHONES, WEBSITE, STREET, CITY, COUNTRY, POSTCODE,
    INDUSTRY, EMPLOYEES,
];
const ROUNDS: usize = 5;

/// Writes the leads as CSV, places them from there as from facts, and returns nanoseconds per lead.
pub fn run(index: &Index, leads: &[Facts]) -> f64 {
    let text = csv_of(leads);
    let mut catalog = Catalog::standard();
    catalog.choices_are_open = true;
    let context = Context {
        country: Country::find("DE"),
        notation: Notation::German,
        currency: Currency::EUR,
        time_zone: TimeZone::UTC,
    };
    let mut best = f64::INFINITY;
    for round in 0..ROUNDS {
        let mut reader = Reader::new(&catalog, &context);
        let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut row = csv::StringRecord::new();
        let mut cells: Vec<(FieldId, &str)> = Vec::with_capacity(COLUMNS.len());
        let mut placed = Vec::with_capacity(leads.len());
        let start = std::time::Instant::now();
        while rows.read_record(&mut row).expect("the text is CSV") {
            cells.clear();
            cells.extend(COLUMNS.into_iter().zip(&row));
            let mut draft = reader.texts(&cells).expect("the rows are sound");
            cells = Vec::with_capacity(COLUMNS.len());
            draft.complete(&context);
            let facts = draft.facts(&catalog, 20_000, |us| time::day_of(us, &context.time_zone));
            placed.push(index.place(&facts));
        }
        best = best.min(start.elapsed().as_secs_f64());
        if round == 0 {
            for (facts, placed) in leads.iter().zip(placed) {
                assert_eq!(placed, index.place(facts), "text and facts differ on {facts:?}");
            }
        }
    }
    best * 1e9 / as_f64(leads.len())
}

fn csv_of(leads: &[Facts]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (at, facts) in leads.iter().enumerate() {
        let text = |field: FieldId| match facts.get(field) {
            Some(Value::Text(text) | Value::Key(text)) => text.to_string(),
            Some(Value::Texts(texts)) => texts.join(";"),
            Some(Value::Integer(number)) => number.to_string(),
            _ => String::new(),
        };
        let row = COLUMNS.map(|field| match field {
            FIRST_NAME => "Anna".to_owned(),
            LAST_NAME => format!("Müller-{at}"),
            JOB_TITLE => "Geschäftsführung".to_owned(),
            PHONES => format!("+49 89 {:07}", 1_000_000 + at),
            WEBSITE => format!("www.firma-{at}.example"),
            STREET => format!("Hauptstraße {}", at % 200),
            field => text(field),
        });
        writer.write_record(&row).expect("memory takes everything");
    }
    String::from_utf8(writer.into_inner().expect("memory takes everything")).expect("texts are UTF-8")
}
