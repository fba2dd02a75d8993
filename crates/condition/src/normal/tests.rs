use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::field::{Catalog, Choice, FieldId, Kind};
use crate::standard::{
    ANNUAL_REVENUE, CITY, COMPANY, COUNTRY, EMAILS, EMPLOYEES, INDUSTRY, NOTES, PHONES, PLACE, POSTCODE,
    REQUIREMENTS, SOURCE, STATE, WEBSITE,
};
use crate::value::{Facts, Value};

fn context(country: &str) -> Context {
    Context {
        country: Country::by_code(country),
        notation: Notation::German,
        currency: Currency::EUR,
        time_zone: TimeZone::UTC,
    }
}

fn catalog() -> Catalog {
    let mut catalog = Catalog::standard();
    let choices = ["red", "blue"].map(|key| Choice {
        key: key.to_owned(),
        label_en: key.to_uppercase(),
        label_de: format!("{key}lich"),
    });
    for (key, kind) in [
        ("text", Kind::Text),
        ("long", Kind::LongText),
        ("integer", Kind::Integer),
        ("decimal", Kind::Decimal),
        ("money", Kind::Money),
        ("date", Kind::Date),
        ("moment", Kind::DateTime),
        ("yes", Kind::YesNo),
        ("choice", Kind::Choice),
        ("choices", Kind::MultiChoice),
        ("email", Kind::Email),
        ("phone", Kind::Phone),
        ("url", Kind::Url),
        ("country", Kind::Country),
        ("state", Kind::State),
    ] {
        let choices = if key.starts_with("choice") { choices.to_vec() } else { Vec::new() };
        catalog.add_custom(key, kind, key, key, choices);
    }
    catalog
}

fn id(catalog: &Catalog, key: &str) -> FieldId {
    catalog.find(key).unwrap_or_else(|| panic!("there is no field {key}")).id
}

fn read_texts(row: &[(&str, &str)], context: &Context) -> Result<Draft, Vec<Fault>> {
    let catalog = catalog();
    let row: Vec<(FieldId, &str)> = row.iter().map(|&(key, text)| (id(&catalog, key), text)).collect();
    Reader::new(&catalog, context).texts(&row)
}

fn read_json(json: &Json, context: &Context) -> Result<Draft, Vec<Fault>> {
    Reader::new(&catalog(), context).json(json.as_object().expect("an object"))
}

fn facts(draft: &Draft) -> Facts {
    draft.facts(&catalog(), 0, |us| us.div_euclid(86_400_000_000))
}

fn said(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(|fault| format!("{} {} {}", fault.pointer, fault.code.name(), fault.value)).collect()
}

#[test]
fn every_kind_of_text_becomes_its_normal_form() {
    for (key, text, expected) in [
        ("company", "  Ba\u{308}ckerei Huber ", json!("Bäckerei Huber")),
        (
            "emails",
            "Anna@EXAMPLE.com; ben@example.com;anna@example.com",
            json!(["Anna@example.com", "ben@example.com", "anna@example.com"]),
        ),
        ("phones", "089 1234567; 0171 1234567", json!(["+49891234567", "+491711234567"])),
        ("website", "WWW.Example.com", json!("https://www.example.com")),
        ("country", "Deutschland", json!("DE")),
        ("country", "South Korea", json!("KR")),
        ("state", "Bavaria", json!("DE-BY")),
        ("postcode", "80 331", json!("80331")),
        ("industry", "Maschinenbau", json!("mechanical_engineering")),
        ("source", "Messe", json!("trade_fair")),
        ("employees", "1.234", json!(1234)),
        ("annual_revenue", "1.234,50 CHF", json!({"amount": "1234.50", "currency": "CHF"})),
        ("annual_revenue", "2,5 Mio.", json!({"amount": "2500000.00", "currency": "EUR"})),
        ("requirements", "Vorführung; quote;Demonstration", json!(["demo", "quote"])),
        ("notes", " a\r\nb ", json!("a\nb")),
        ("place", "48.1345, 11.571", json!({"lat": 48.1345, "lon": 11.571})),
        ("custom.integer", "-5", json!(-5)),
        ("custom.decimal", "1,5", json!("1.5")),
        ("custom.date", "24.11.2026", json!("2026-11-24")),
        ("custom.moment", "24.11.2026 14:05", json!("2026-11-24T14:05:00Z")),
        ("custom.yes", "Ja", json!(true)),
        ("custom.choice", "redlich", json!("red")),
        ("custom.choices", "BLUE;red", json!(["blue", "red"])),
        ("custom.email", "x@Y.de", json!("x@y.de")),
        ("custom.phone", "089 1234567", json!(["+49891234567"])),
        ("custom.url", "Y.de/", json!("https://y.de")),
        ("custom.country", "UK", json!("GB")),
        ("custom.state", "NRW", json!("DE-NW")),
    ] {
        let draft =
            read_texts(&[(key, text)], &context("DE")).unwrap_or_else(|faults| panic!("{key}: {faults:?}"));
        let stored = draft.get(id(&catalog(), key)).map(Stored::to_json);
        let stored = match &stored {
            // A point is a grid of 6 mm.
            Some(Json::Object(point)) if point.contains_key("lat") => {
                let near = |key: &str| (point[key].as_f64().unwrap() * 1e5).round() / 1e5;
                Some(json!({"lat": near("lat"), "lon": near("lon")}))
            }
            _ => stored,
        };
        assert_eq!(stored, Some(expected), "{key} {text}");
    }
}

#[test]
fn empty_values_are_missing_ones() {
    let draft =
        read_texts(&[("company", "  "), ("emails", " ; "), ("employees", "")], &context("DE")).expect("fine");
    assert_eq!(draft.values().count(), 0);
    let empty = json!({"company": null, "emails": [], "phones": [""], "city": " ", "employees": null});
    let draft = read_json(&empty, &context("DE")).expect("fine");
    assert_eq!(draft.values().count(), 0);
    assert_eq!(draft.cleared().len(), 4);
}

#[test]
fn every_fault_of_a_row_is_reported_at_once() {
    let faults = read_texts(
        &[
            ("employees", "12a"),
            ("postcode", "1234567"),
            ("country", "DE"),
            ("source", "Brieftaube"),
            ("emails", "anna@example.com; nobody"),
            ("company", "a\0b"),
            ("state", "Atlantis"),
            ("score", "-1"),
            ("custom.date", "gestern"),
        ],
        &context("DE"),
    )
    .expect_err("faults");
    let catalog = catalog();
    let said: Vec<String> =
        faults.iter().map(|fault| format!("{}: {}", fault.field_key(&catalog), fault.detail())).collect();
    assert_eq!(said[0], "employees: \"12a\" is not a whole number");
    assert_eq!(said[1], "postcode: the postcode \"1234567\" does not have the 5 digits of DE");
    assert!(
        said[2].starts_with("source: \"Brieftaube\" is not one of the choices: new")
            || said[2].contains("trade_fair")
    );
    assert_eq!(said[3], "emails: \"nobody\" is not an e-mail address");
    assert_eq!(said[4], "company: the text holds the control character U+0000; take it out");
    assert_eq!(said[5], "state: \"Atlantis\" is no state of DE");
    assert_eq!(said[6], "score: \"-1\" is below zero; write 0 or more");
    assert_eq!(said[7], "custom.date: \"gestern\" is not a date, such as 2026-11-24");
    assert_eq!(said.len(), 8);
}

#[test]
fn faults_of_json_are_located_by_pointer() {
    let lead = json!({
        "postcode": "1", "country": "DE", "employees": 12.5, "emails": ["a@b.de", "nobody", 7],
        "annual_revenue": {"amount": "1.234", "currency": "EUR"}, "company": 7, "favourite/colour": "red",
        "custom": {"date": "24.11.2026", "integer": 1e3}, "custom.decimal": "1,5", "owner": "anna",
        "place": {"lat": 91, "lon": 0}, "state": "BY", "requirements": ["quote", "moon"],
    });
    let faults = read_json(&lead, &context("AT")).expect_err("faults");
    assert_eq!(
        said(&faults),
        [
            "/postcode postcode_length 1",
            "/employees not_a_whole_number 12.5",
            "/emails/2 not_a_text 7",
            "/emails/1 not_an_email nobody",
            "/annual_revenue too_many_decimals 1.234",
            "/company not_a_text 7",
            "/favourite~1colour unknown_field favourite/colour",
            "/custom/date not_a_date 24.11.2026",
            "/custom.decimal not_a_decimal 1,5",
            "/owner field_is_read_only owner",
            "/place not_a_point {\"lat\":91,\"lon\":0}",
            "/requirements/1 unknown_choice moon",
        ]
    );
}

#[test]
fn json_values_become_facts() {
    let lead = json!({
        "country": "Germany", "postcode": "80331", "state": "Bayern", "company": "Bäckerei HUBER", "employees": 60,
        "emails": ["Anna@Example.com"], "phones": ["089 1234567"], "annual_revenue": {"amount": "10.5", "currency": "JPY"},
        "custom.moment": "2026-11-24T23:30:00Z", "custom.choices": ["red", "blue"], "custom.yes": false,
    });
    let faults = read_json(&lead, &context("AT")).expect_err("yen have no decimals");
    assert_eq!(said(&faults), ["/annual_revenue too_many_decimals 10.5"]);
    let mut lead = lead;
    lead["annual_revenue"]["amount"] = json!(1050);
    let draft = read_json(&lead, &context("AT")).expect("fine");
    let facts = facts(&draft);
    let catalog = catalog();
    let get = |key: &str| facts.get(id(&catalog, key)).cloned();
    assert_eq!(get("country"), Some(Value::Key("DE".into())));
    assert_eq!(get("state"), Some(Value::Key("DE-BY".into())));
    assert_eq!(get("company"), Some(Value::Text("bäckerei huber".into())));
    assert_eq!(get("employees"), Some(Value::Integer(60)));
    assert_eq!(get("emails"), Some(Value::Texts(["anna@example.com".into()].into())));
    assert_eq!(get("annual_revenue"), Some(Value::Money { minor: 1050, currency: Currency(*b"JPY") }));
    assert_eq!(get("custom.moment"), Some(Value::Moment { us: 1_795_563_000_000_000, day: 20_781 }));
    assert_eq!(get("custom.choices"), Some(Value::Keys(["blue".into(), "red".into()].into())));
    assert_eq!(get("custom.yes"), Some(Value::YesNo(false)));
    let Some(Value::Phones(phones)) = get("phones") else { panic!("no phones") };
    assert_eq!((&*phones[0].number, phones[0].area.as_deref()), ("+49891234567", Some("+4989")));
}

#[test]
fn a_phone_that_is_no_number_is_kept_and_noted() {
    let draft = read_texts(&[("phones", "auf Anfrage;089 1234567")], &context("DE")).expect("fine");
    let Some(Stored::Phones(phones)) = draft.get(PHONES) else { panic!("no phones") };
    assert_eq!((&*phones[0].number, phones[0].is_valid), ("auf Anfrage", false));
    assert_eq!((&*phones[1].number, phones[1].is_valid), ("+49891234567", true));
    assert_eq!(draft.notes()[0].kind, NoteKind::PhoneKeptAsWritten);
}

#[test]
fn lost_zeros_are_restored_and_noted() {
    let draft = read_texts(&[("postcode", "1067"), ("country", "DE")], &context("US")).expect("fine");
    assert_eq!(draft.get(POSTCODE), Some(&Stored::Key("01067".into())));
    assert_eq!(
        draft.notes(),
        [Note { field: POSTCODE, kind: NoteKind::ZerosRestored, written: "1067".into() }]
    );
}

#[test]
fn a_german_postcode_alone_places_a_lead_in_its_state() {
    for (row, default) in [
        (vec![("postcode", "80331"), ("country", "DE")], ""),
        (vec![("postcode", "80331"), ("country", "Germany")], "AT"),
        (vec![("postcode", "80331")], "DE"),
        (vec![("postcode", "D-80331")], "DE"),
    ] {
        let context = context(default);
        let mut draft = read_texts(&row, &context).expect("fine");
        draft.complete(&context);
        let get = |field| draft.get(field).cloned();
        assert_eq!(get(COUNTRY), Some(Stored::Key("DE".into())));
        assert_eq!(get(STATE), Some(Stored::Key("DE-BY".into())));
        assert_eq!(get(CITY), Some(Stored::Text("München".into())));
        let point = place::Point::from_degrees(48.1345, 11.571);
        assert_eq!(get(PLACE), Some(Stored::Point(point)));
        assert!([STATE, CITY, PLACE].iter().all(|field| draft.derived().contains(field)));
        assert_eq!(draft.derived().contains(&COUNTRY), row.len() == 1);
    }
}

#[test]
fn completion_fills_only_what_is_empty() {
    let context = context("DE");
    let row = [("postcode", "80331"), ("country", "DE"), ("city", "Minga"), ("state", "HE")];
    let mut draft = read_texts(&row, &context).expect("fine");
    draft.complete(&context);
    assert_eq!(draft.get(CITY), Some(&Stored::Text("Minga".into())));
    assert_eq!(draft.get(STATE), Some(&Stored::Key("DE-HE".into())));
    assert_eq!(draft.derived(), [PLACE]);
    let once = draft.clone();
    draft.complete(&context);
    assert_eq!(draft, once, "completing twice changes nothing");
    let derived = draft.derived().to_vec();
    draft.forget_derived(derived);
    assert_eq!((draft.get(PLACE), draft.derived()), (None, &[][..]));
}

#[test]
fn completion_invents_nothing() {
    for (row, default, country) in [
        (vec![("company", "Huber")], "DE", None),
        (vec![("city", "München")], "DE", None),
        (vec![("postcode", "80331")], "", None),
        (vec![("postcode", "SW1A 1AA")], "DE", None),
        (vec![("postcode", "SW1A 1AA")], "GB", Some("GB")),
        (vec![("state", "DE-BY")], "AT", Some("DE")),
        (vec![("postcode", "80000"), ("country", "DE")], "", Some("DE")),
        (vec![("postcode", "75001"), ("country", "FR")], "", Some("FR")),
    ] {
        let context = context(default);
        let mut draft = read_texts(&row, &context).expect("fine");
        draft.complete(&context);
        assert_eq!(draft.country().map(Country::code), country, "{row:?}");
        assert_eq!(draft.get(PLACE).is_some(), country == Some("GB"), "{row:?}");
    }
}

#[test]
fn an_american_code_of_nine_digits_compares_by_five_and_completes() {
    let context = context("");
    let mut draft = read_texts(&[("postcode", "94105-1804"), ("country", "USA")], &context).expect("fine");
    draft.complete(&context);
    assert_eq!(draft.get(POSTCODE), Some(&Stored::Key("94105-1804".into())));
    assert_eq!(draft.get(STATE), Some(&Stored::Key("US-CA".into())));
    assert_eq!(facts(&draft).get(POSTCODE), Some(&Value::Key("94105".into())));
}

#[test]
fn open_choices_take_whatever_stands_there() {
    let mut catalog = Catalog::standard();
    catalog.choices_are_open = true;
    let context = context("DE");
    let mut reader = Reader::new(&catalog, &context);
    for _ in 0..2 {
        let draft = reader.texts(&[(SOURCE, "Brieftaube"), (INDUSTRY, "Bau und Handwerk")]).expect("fine");
        assert_eq!(draft.get(SOURCE), Some(&Stored::Key("brieftaube".into())));
        assert_eq!(draft.get(INDUSTRY), Some(&Stored::Key("construction".into())));
    }
}

#[test]
fn lists_have_an_edge() {
    let emails =
        |count: usize| json!({ "emails": (0..count).map(|n| format!("a{n}@b.de")).collect::<Vec<_>>() });
    assert!(read_json(&emails(LIST_VALUES_MAX), &context("")).is_ok());
    let faults = read_json(&emails(LIST_VALUES_MAX + 1), &context("")).expect_err("too many");
    assert_eq!(said(&faults), ["/emails too_many_values 51"]);
    let cell = (0..=LIST_VALUES_MAX).map(|n| format!("a{n}@b.de")).collect::<Vec<_>>().join(";");
    let faults = read_texts(&[("emails", &cell)], &context("")).expect_err("too many");
    assert_eq!(said(&faults), ["/emails too_many_values 51"]);
}

proptest! {
    /// What the door wrote it reads again, and nothing changes any more.
    #[test]
    fn a_normal_form_normalises_to_itself(
        company in "\\PC{0,20}", phone in "[+0-9 ()/-]{0,16}", postcode in "[A-Z]{0,2}-?[0-9 ]{0,6}(-[0-9]{4})?",
        country in "(DE|US|GB|AT|Germany|Schweiz|LU|NL|FR|)", number in "[0-9.,' ]{0,9}", money in "[0-9.,]{1,9} ?(€|USD|JPY|Mio\\. €|)",
        website in "(https?://)?[a-zA-Z]{1,5}\\.[a-z]{2,3}/?[a-z?]{0,3}", notes in "(\\PC|\n|\r){0,20}",
        date in "[0-3]?[0-9]\\.[01]?[0-9]\\.[12][0-9]{3}",
    ) {
        let catalog = catalog();
        let context = context("DE");
        let mut reader = Reader::new(&catalog, &context);
        let row = [
            (COMPANY, company.as_str()), (PHONES, &phone), (POSTCODE, &postcode), (COUNTRY, &country),
            (EMPLOYEES, &number), (ANNUAL_REVENUE, &money), (WEBSITE, &website), (NOTES, &notes),
            (id(&catalog, "custom.date"), &date), (id(&catalog, "custom.decimal"), &number),
            (EMAILS, "a@b.de"), (REQUIREMENTS, "demo"),
        ];
        for cell in row {
            let cells = [(COUNTRY, "DE"), cell];
            let cells = if cell.0 == COUNTRY { &cells[1..] } else { &cells[..] };
            let Ok(once) = reader.texts(cells) else { continue };
            let json: serde_json::Map<_, _> =
                once.values().map(|(id, stored)| (catalog.field(id).key.clone(), stored.to_json())).collect();
            let twice = reader.json(&json);
            let twice = twice.map_err(|faults| TestCaseError::fail(format!("{json:?}: {faults:?}")))?;
            prop_assert_eq!(once.values().collect::<Vec<_>>(), twice.values().collect::<Vec<_>>());
        }
    }
}
