//! Conditions as sentences. The snapshots are read as a sales manager would read them; values that a
//! page sets in bold stand between stars.

use condition::{
    Catalog, Choice, Currency, Door, Field, Kind, Language, Parsed, Purpose, Rates, Sentence, Speaker,
    Written, say::Span,
};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

fn catalog() -> Catalog {
    let mut catalog = Catalog::standard();
    let choice = |key: &str, en: &str, de: &str| Choice {
        key: key.to_owned(),
        label_en: en.to_owned(),
        label_de: de.to_owned(),
    };
    catalog.add_custom("machines", Kind::Integer, "Machines", "Maschinen", vec![]);
    catalog.add_custom("tolerance", Kind::Decimal, "Tolerance", "Toleranz", vec![]);
    catalog.add_custom("contract", Kind::YesNo, "Framework contract", "Rahmenvertrag", vec![]);
    catalog.add_custom("due", Kind::Date, "Delivery date", "Liefertermin", vec![]);
    let sizes = vec![choice("s", "Small", "Klein"), choice("l", "Large", "Groß")];
    catalog.add_custom("size", Kind::Choice, "Plant size", "Werksgröße", sizes);
    catalog
}

fn is(field: &str, op: &str, values: Json) -> Json {
    json!({ "field": field, "op": op, "values": values })
}

fn marked(sentence: &Sentence) -> String {
    let spans = sentence.spans().iter().map(|span| match span {
        Span::Text(text) => text.clone(),
        Span::Value(value) => format!("*{value}*"),
    });
    spans.collect::<String>().replace('\u{a0}', "~")
}

/// Both languages of each condition, one below the other.
fn said(conditions: &[Json]) -> String {
    let catalog = catalog();
    let mut rates = Rates::new(Currency::EUR);
    rates.set(Currency(*b"USD"), "0.9");
    let time_zone = TimeZone::get("Europe/Berlin").expect("a known zone");
    let name_of = |_: &Field, id: &str| match id {
        "u1" => Some("Anna Huber".to_owned()),
        "u2" => Some("Ben Krüger".to_owned()),
        "t1" => Some("Bayern Süd".to_owned()),
        _ => None,
    };
    let mut said = Vec::new();
    for json in conditions {
        let door = Door {
            catalog: &catalog,
            rates: &rates,
            time_zone: &time_zone,
            purpose: Purpose::Filter,
            is_readable: None,
        };
        let condition = match door.parse(json) {
            Ok(Parsed::Sound(condition)) => condition,
            other => panic!("{json}: {other:?}"),
        };
        let written = Written::of(json);
        for language in [Language::German, Language::English] {
            let speaker = Speaker {
                catalog: &catalog,
                language,
                time_zone: &time_zone,
                name_of: &name_of,
                written: &written,
            };
            said.push(marked(&speaker.say(&condition)));
        }
        said.push(String::new());
    }
    said.join("\n")
}

/// Compares with the snapshot of the test's name.
#[track_caller]
fn check(conditions: &[Json]) {
    let name = std::thread::current().name().expect("tests have names").to_owned();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(name, said(conditions));
    });
}

#[test]
fn one_criterion_of_each_kind() {
    let postcodes: Vec<String> = (0..120).map(|index| format!("{:05}", 80_331 + index * 7)).collect();
    check(&[
        is("country", "is_any_of", json!(["DE"])),
        is("country", "is_any_of", json!(["DE", "AT", "CH"])),
        is("country", "is_none_of", json!(["US"])),
        is("country", "is_none_of", json!(["US", "GB", "NL"])),
        is("country", "is_any_of", json!(["DE", "AT", "CH", "LI", "LU", "NL", "BE", "FR"])),
        is("country", "is_empty", json!([])),
        is("state", "is_any_of", json!(["DE-BY", "DE-HE"])),
        is("state", "is_none_of", json!(["CH-BE"])),
        is("state", "is_any_of", json!(["US-CA", "US-NY"])),
        is("postcode", "starts_with_any_of", json!(["80", "81", "82", "83", "84", "85", "86", "87"])),
        is("postcode", "starts_with_any_of", json!(["68", "69", "70", "71", "79", "88", "89"])),
        is("postcode", "is_any_of", json!(["88131", "88171"])),
        is("postcode", "is_none_of", json!(["80331", "80333"])),
        is("postcode", "is_any_of", json!(postcodes)),
        is("postcode", "is_none_of", json!(postcodes)),
        is("postcode", "in_range_any_of", json!(["80000-87999"])),
        is("postcode", "in_range_any_of", json!(["60000-65999", "67000-69999", "76726-76891"])),
        is("postcode", "is_not_empty", json!([])),
        is("industry", "is_any_of", json!(["mechanical_engineering", "chemicals"])),
        is("industry", "is_none_of", json!(["public_administration", "associations"])),
        is("source", "is_any_of", json!(["Messe"])),
        is("status", "is_none_of", json!(["disqualified"])),
        is("employees", "gte", json!([10])),
        is("employees", "between", json!([10, 50])),
        is("employees", "lt", json!([250])),
        is("employees", "eq", json!([1])),
        is("employees", "gte", json!([1])),
        is("employees", "is_empty", json!([])),
        is("score", "gt", json!([75])),
        is("annual_revenue", "gte", json!([1_000_000])),
        is("annual_revenue", "lt", json!([{ "amount": "2500.50", "currency": "USD" }])),
        is("annual_revenue", "between", json!([1000, 5000])),
        is("company", "contains_any_of", json!(["Müller", "Bäcker"])),
        is("company", "ends_with_any_of", json!(["GmbH"])),
        is("company", "matches_any_of", json!(["M?ller*"])),
        is("company", "is_none_of", json!(["ACME"])),
        is("city", "is_any_of", json!(["Ulm", "Neu-Ulm"])),
        is("notes", "contains_any_of", json!(["Rahmenvertrag"])),
        is("emails", "ends_with_any_of", json!(["@bosch.com"])),
        is("emails", "is_none_of", json!(["a@x.de", "b@x.de"])),
        is("emails", "is_empty", json!([])),
        is("phones", "country_is_any_of", json!(["AT", "CH"])),
        is("phones", "area_code_is_any_of", json!(["+4989"])),
        is("phones", "is_not_empty", json!([])),
        is("website", "ends_with_any_of", json!([".at"])),
        is("requirements", "has_any_of", json!(["quote", "demo"])),
        is("requirements", "has_all_of", json!(["quote", "demo"])),
        is("requirements", "has_none_of", json!(["training"])),
        is("place", "within_km", json!([{ "country": "DE", "postcode": "80331", "km": 40 }])),
        is(
            "place",
            "within_km",
            json!([
                { "country": "DE", "postcode": "80331", "km": 40 },
                { "lat": 47.5, "lon": -9.75, "km": 12.5 },
            ]),
        ),
        is("custom.machines", "gte", json!([5])),
        is("custom.tolerance", "lt", json!(["0.25"])),
        is("custom.tolerance", "gt", json!(["0.25"])),
        is("custom.contract", "is", json!([true])),
        is("custom.contract", "is", json!([false])),
        is("custom.due", "in_next_days", json!([30])),
        is("custom.due", "between", json!(["2026-11-24", "2026-12-01"])),
        is("custom.size", "is_any_of", json!(["l"])),
    ]);
}

#[test]
fn what_revier_itself_keeps() {
    check(&[
        is("owner", "is_any_of", json!(["u1", "u2"])),
        is("owner", "is_none_of", json!(["u1"])),
        is("owner", "is_empty", json!([])),
        is("territory", "is_any_of", json!(["t1"])),
        is("territory", "is_empty", json!([])),
        is("pinned", "is", json!([true])),
        is("queued", "is", json!([false])),
        is("created_by", "is_any_of", json!(["u2"])),
        is("created_at", "in_last_days", json!([1])),
        is("created_at", "in_last_days", json!([90])),
        is("created_at", "eq", json!(["2026-11-24"])),
        is("created_at", "between", json!(["2026-11-01", "2026-12-01"])),
        is("updated_at", "gte", json!(["2026-11-24"])),
        is("assigned_at", "lt", json!(["2026-11-24T13:05:00Z"])),
    ]);
}

#[test]
fn groups_stay_clear_however_they_nest() {
    let germany = is("country", "is_any_of", json!(["DE"]));
    let austria = is("country", "is_any_of", json!(["AT"]));
    let south = is("postcode", "starts_with_any_of", json!(["80", "81", "82", "83", "84", "85", "86", "87"]));
    let lindau = is("postcode", "is_any_of", json!(["88131", "88171"]));
    let munich = is("place", "within_km", json!([{ "country": "DE", "postcode": "80331", "km": 40 }]));
    let big = is("employees", "gte", json!([10]));
    let small = is("employees", "lt", json!([50]));
    let machines = is("industry", "is_any_of", json!(["mechanical_engineering"]));
    let offices = is("industry", "is_any_of", json!(["public_administration", "associations"]));
    let fair = is("source", "is_any_of", json!(["Messe"]));
    check(&[
        json!({ "all": [] }),
        json!({ "any": [] }),
        json!({ "not": { "any": [] } }),
        json!({ "all": [germany, big] }),
        json!({ "all": [germany, south, machines, big] }),
        json!({ "all": [germany, big, small] }),
        json!({ "any": [south, lindau] }),
        json!({ "any": [germany, munich] }),
        // The rule of the mock.
        json!({ "all": [
            germany,
            { "any": [south, lindau, munich] },
            { "not": { "any": [offices] } },
            big,
        ] }),
        json!({ "all": [germany, { "any": [south, munich] }, big] }),
        json!({ "all": [{ "any": [south, munich] }, { "any": [machines, fair] }] }),
        json!({ "not": fair }),
        json!({ "not": big }),
        json!({ "not": { "all": [machines, fair] } }),
        json!({ "not": { "any": [machines, south, big] } }),
        json!({ "any": [{ "all": [germany, south] }, { "all": [austria, big] }] }),
        json!({ "any": [{ "all": [germany, { "any": [south, munich] }, big] }, austria] }),
        json!({ "all": [germany, { "any": [{ "all": [south, big] }, { "all": [munich, machines] }] }, fair] }),
        json!({ "any": [fair, { "all": [machines, { "any": [south, { "all": [munich, big] }] }] }] }),
        json!({ "all": [{ "not": germany }, { "not": munich }] }),
    ]);
}

#[test]
fn reasons_name_what_the_lead_has_and_what_it_met() {
    let circle = json!([{ "country": "DE", "postcode": "80331", "km": 40 }]);
    let conditions = [
        is("postcode", "starts_with_any_of", json!(["68", "79", "88", "89"])),
        is("postcode", "starts_with_any_of", json!(["80", "81", "82", "83"])),
        is("postcode", "in_range_any_of", json!(["88000-88999"])),
        is("postcode", "is_any_of", json!(["88682", "88683"])),
        is("country", "is_any_of", json!(["DE", "AT"])),
        is("country", "is_none_of", json!(["CH"])),
        is("country", "is_any_of", json!(["CH"])),
        is("industry", "is_any_of", json!(["mechanical_engineering", "chemicals"])),
        is("industry", "is_any_of", json!(["chemicals"])),
        is("industry", "is_none_of", json!(["mechanical_engineering"])),
        is("employees", "gte", json!([10])),
        is("employees", "lt", json!([50])),
        is("employees", "gte", json!([1])),
        is("annual_revenue", "gte", json!([1000])),
        is("annual_revenue", "gte", json!([{ "amount": 1, "currency": "CHF" }])),
        is("company", "contains_any_of", json!(["Lineartechnik"])),
        is("emails", "ends_with_any_of", json!(["@rk.example"])),
        is("emails", "is_none_of", json!(["a@b.example"])),
        is("emails", "is_empty", json!([])),
        is("phones", "country_is_any_of", json!(["DE"])),
        is("phones", "area_code_is_any_of", json!(["+4989"])),
        is("place", "within_km", circle.clone()),
        json!({ "not": is("place", "within_km", circle) }),
        is("requirements", "has_any_of", json!(["quote", "demo"])),
        is("requirements", "has_all_of", json!(["quote", "demo"])),
        is("custom.contract", "is", json!([true])),
        is("custom.machines", "gte", json!([5])),
        is("custom.due", "in_next_days", json!([30])),
        is("created_at", "in_last_days", json!([7])),
        is("owner", "is_any_of", json!(["u1"])),
        is("state", "is_any_of", json!(["DE-BW"])),
        is("title", "is_any_of", json!(["Dr."])),
        json!({ "all": [
            is("country", "is_any_of", json!(["DE"])),
            is("postcode", "starts_with_any_of", json!(["88"])),
            is("employees", "gte", json!([10])),
        ] }),
    ];
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(conditions.iter().map(because).collect::<Vec<_>>().join("\n"));
    });
}

/// Why the condition holds or not for a company in Salem, in both languages.
fn because(json: &Json) -> String {
    use condition::standard::*;
    use condition::{Facts, PhoneFact, Value};
    let catalog = catalog();
    let condition = condition::generate::parse(&catalog, json);
    let mut facts = Facts::new(catalog.fields().len(), 20_000);
    let text = |text: &str| Value::Text(text.into());
    let key = |text: &str| Value::Key(text.into());
    let custom = |key: &str| catalog.find(&format!("custom.{key}")).expect("an own field").id;
    let phone = PhoneFact {
        number: "+497553123456".into(),
        country: Some("DE".into()),
        area: Some("+497553".into()),
    };
    let salem =
        place::postcode::find(place::Country::by_code("DE").expect("Germany"), "88682").expect("Salem");
    for (field, value) in [
        (COMPANY, text("rk system- & lineartechnik gmbh")),
        (EMAILS, Value::Texts(["konstruktion@rk.example".into()].into())),
        (PHONES, Value::Phones([phone].into())),
        (COUNTRY, key("DE")),
        (STATE, key("DE-BW")),
        (POSTCODE, key("88682")),
        (PLACE, Value::Point(salem.point)),
        (INDUSTRY, key("mechanical_engineering")),
        (EMPLOYEES, Value::Integer(120)),
        (ANNUAL_REVENUE, Value::Money { minor: 125_000_000, currency: Currency::EUR }),
        (REQUIREMENTS, Value::Keys(["quote".into()].into())),
        (CREATED_AT, Value::Moment { us: 0, day: 19_999 }),
        (OWNER, key("u1")),
        (custom("contract"), Value::YesNo(false)),
        (custom("machines"), Value::Integer(3)),
        (custom("due"), Value::Integer(20_010)),
    ] {
        facts.set(field, value);
    }
    let name_of = |_: &Field, _: &str| Some("Anna Huber".to_owned());
    let say = |language| {
        let speaker = Speaker {
            catalog: &catalog,
            language,
            time_zone: &TimeZone::UTC,
            name_of: &name_of,
            written: &Written::default(),
        };
        marked(&speaker.because(&condition.explain(&facts)))
    };
    let (german, english) = (say(Language::German), say(Language::English));
    let held = condition.holds(&facts);
    format!("{held}: weil {german} / because {english}")
}

#[test]
fn a_sentence_is_sent_as_spans() {
    let catalog = catalog();
    let speaker = Speaker {
        catalog: &catalog,
        language: Language::German,
        time_zone: &TimeZone::UTC,
        name_of: &|_, _| None,
        written: &Written::default(),
    };
    let rates = Rates::new(Currency::EUR);
    let door = Door {
        catalog: &catalog,
        rates: &rates,
        time_zone: &TimeZone::UTC,
        purpose: Purpose::Rule,
        is_readable: None,
    };
    let parsed = door.parse(&is("employees", "gte", json!([10]))).expect("sound");
    let sentence = speaker.say(&parsed.sound().expect("sound"));
    let json = serde_json::to_value(&sentence).expect("plain data");
    assert_eq!(
        json,
        json!([
            { "kind": "text", "text": "Firmen, die mindestens " },
            { "kind": "value", "text": "10" },
            { "kind": "text", "text": " Beschäftigte haben." },
        ])
    );
    assert_eq!(sentence.to_string(), "Firmen, die mindestens 10 Beschäftigte haben.");
}
