//! The door for conditions: what it accepts, in which form, and every fault that it names.

use condition::parse::{RULE_DEPTH_MAX, RULE_VALUES_MAX};
use condition::standard::{ANNUAL_REVENUE, CREATED_AT, EMPLOYEES, POSTCODE, STATE};
use condition::tree::values;
use condition::{
    Catalog, Choice, Code, Condition, Criterion, Currency, Door, Fault, Field, Interval, Kind, Parsed,
    Purpose, Rates, Test,
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
    catalog.add_custom("ratio", Kind::Decimal, "Ratio", "Anteil", vec![]);
    catalog.add_custom("due", Kind::Date, "Due", "Fällig", vec![]);
    catalog.add_custom("size", Kind::Choice, "Size", "Größe", vec![choice("s", "Small", "Klein")]);
    catalog
}

fn rates() -> Rates {
    let mut rates = Rates::new(Currency::EUR);
    assert!(rates.set(Currency(*b"USD"), "0.8"));
    rates
}

fn read_with(catalog: &Catalog, purpose: Purpose, json: &Json) -> Result<Parsed, Vec<Fault>> {
    let (rates, time_zone) = (rates(), TimeZone::get("Europe/Berlin").expect("a known zone"));
    Door { catalog, rates: &rates, time_zone: &time_zone, purpose, is_readable: None }.parse(json)
}

fn read(json: Json) -> Result<Parsed, Vec<Fault>> {
    read_with(&catalog(), Purpose::Rule, &json)
}

fn sound(json: &Json) -> Condition {
    match read_with(&catalog(), Purpose::Filter, json) {
        Ok(Parsed::Sound(condition)) => condition,
        other => panic!("{json}: {other:?}"),
    }
}

fn test_of(json: Json) -> Test {
    match sound(&json) {
        Condition::Is(criterion) => criterion.test,
        other => panic!("no single criterion: {other:?}"),
    }
}

fn is(field: &str, op: &str, values: Json) -> Json {
    json!({ "field": field, "op": op, "values": values })
}

#[test]
fn the_rule_of_the_plan_file_is_read() {
    let json = json!({ "all": [
        { "field": "country", "op": "is_any_of", "values": ["DE"] },
        { "field": "postcode", "op": "in_range_any_of", "values": ["80000-87999"] },
        { "any": [ { "field": "employees", "op": "gte", "values": [50] },
                   { "not": { "field": "source", "op": "is_any_of", "values": ["Messe"] } } ] } ] });
    insta::assert_json_snapshot!(sound(&json).to_json(&catalog()), @r#"
    {
      "all": [
        {
          "field": "country",
          "op": "is_any_of",
          "values": [
            "DE"
          ]
        },
        {
          "field": "postcode",
          "op": "in_range_any_of",
          "values": [
            "80000-87999"
          ]
        },
        {
          "any": [
            {
              "field": "employees",
              "op": "gte",
              "values": [
                50
              ]
            },
            {
              "not": {
                "field": "source",
                "op": "is_any_of",
                "values": [
                  "trade_fair"
                ]
              }
            }
          ]
        }
      ]
    }
    "#);
}

#[test]
fn values_take_the_normal_form_of_their_field() {
    let cases = [
        (
            is("company", "contains_any_of", json!(["  GROẞE Straße", "ﬁrma"])),
            json!(["firma", "grosse strasse"]),
        ),
        (is("company", "matches_any_of", json!(["M?ller**AG"])), json!(["m?ller*ag"])),
        (
            is("emails", "is_any_of", json!(["Info@Example.COM", "info@example.com"])),
            json!(["info@example.com"]),
        ),
        (
            is("country", "is_any_of", json!(["Deutschland", "AUT", "uk", "Südkorea"])),
            json!(["AT", "DE", "GB", "KR"]),
        ),
        (is("state", "is_any_of", json!(["de-by", "Bavaria", "Kalifornien"])), json!(["DE-BY", "US-CA"])),
        (is("industry", "is_any_of", json!(["Maschinenbau", "it"])), json!(["it", "mechanical_engineering"])),
        (is("requirements", "has_all_of", json!(["Angebot"])), json!(["quote"])),
        (is("postcode", "is_any_of", json!(["sw1a 1aa", "94105-1234"])), json!(["94105", "SW1A1AA"])),
        (is("postcode", "starts_with_any_of", json!(["80", "sw 1"])), json!(["80", "SW1"])),
        (is("postcode", "in_range_any_of", json!(["81000 – 81999", "80000-80999"])), json!(["80000-81999"])),
        (is("phones", "country_is_any_of", json!(["Österreich"])), json!(["AT"])),
        (is("phones", "area_code_is_any_of", json!(["+49 (0) 89", "0043 1"])), json!(["+431", "+4989"])),
        (is("phones", "is_any_of", json!(["+49 89 1234567"])), json!(["+49891234567"])),
        (is("website", "is_any_of", json!(["Example.com"])), json!(["https://example.com"])),
        (is("website", "starts_with_any_of", json!(["www.x"])), json!(["http://www.x", "https://www.x"])),
        (is("employees", "eq", json!(["50"])), json!([50])),
        (is("custom.ratio", "gte", json!([1.25])), json!(["1.25"])),
        (is("custom.ratio", "gte", json!(["-0.000001"])), json!(["-0.000001"])),
        (
            is("custom.due", "between", json!(["2026-11-24", "2026-12-01"])),
            json!(["2026-11-24", "2026-12-01"]),
        ),
        (is("created_at", "gte", json!(["2026-11-24T08:00:00+01:00"])), json!(["2026-11-24T07:00:00Z"])),
        (is("annual_revenue", "gt", json!([1000])), json!([{ "amount": "1000.00", "currency": "EUR" }])),
        (
            is("annual_revenue", "lte", json!([{ "amount": "5.5", "currency": "usd" }])),
            json!([{ "amount": "5.50", "currency": "USD" }]),
        ),
        (
            is("place", "within_km", json!([{ "country": "Germany", "postcode": "80331", "km": 12.5 }])),
            json!([{ "country": "DE", "postcode": "80331", "km": 12.5 }]),
        ),
        (
            is("place", "within_km", json!([{ "lat": 48.137, "lon": -11, "km": 50 }])),
            json!([{ "lat": 48.137, "lon": -11, "km": 50 }]),
        ),
        (is("custom.size", "is_any_of", json!(["klein"])), json!(["s"])),
        (is("owner", "is_any_of", json!(["0192-me"])), json!(["0192-me"])),
    ];
    for (json, expected) in cases {
        let condition = sound(&json);
        let canonical = condition.to_json(&catalog());
        assert_eq!(canonical["values"], expected, "{json}");
        assert_eq!(canonical["op"], json["op"]);
        // The way to JSON and back is the same condition.
        assert_eq!(sound(&canonical), condition, "{json}");
    }
}

#[test]
fn bounds_become_intervals_whose_upper_end_is_open() {
    let interval = |lo, hi| Test::Within(Interval { lo, hi });
    let cases = [
        ("eq", json!([10]), interval(Some(10), Some(11))),
        ("lt", json!([10]), interval(None, Some(10))),
        ("lte", json!([10]), interval(None, Some(11))),
        ("gt", json!([10]), interval(Some(11), None)),
        ("gte", json!([10]), interval(Some(10), None)),
        ("between", json!([10, 50]), interval(Some(10), Some(50))),
    ];
    for (op, values, expected) in cases {
        assert_eq!(test_of(is("employees", op, values)), expected, "{op}");
    }
}

#[test]
fn a_day_on_a_date_time_field_is_the_whole_day_in_the_workspace() {
    // In Berlin the clocks are set forward on 2026-03-29: that day has 23 hours.
    let hour = 3_600_000_000;
    let Test::Within(day) = test_of(is("created_at", "eq", json!(["2026-03-29"]))) else {
        panic!("an interval")
    };
    assert_eq!(day.hi.expect("an end") - day.lo.expect("a start"), 23 * hour);
    let Test::Within(later) = test_of(is("created_at", "gt", json!(["2026-03-29"]))) else {
        panic!("an interval")
    };
    assert_eq!(later, Interval { lo: day.hi, hi: None });
}

#[test]
fn money_is_worked_out_in_every_currency_with_a_rate() {
    let Test::MoneyWithin(bounds) = test_of(is("annual_revenue", "gte", json!([{ "amount": 1000 }]))) else {
        panic!("money")
    };
    assert_eq!(bounds.interval(Currency::EUR), Some(Interval { lo: Some(100_000), hi: None }));
    assert_eq!(bounds.interval(Currency(*b"USD")), Some(Interval { lo: Some(125_000), hi: None }));
}

#[test]
fn the_country_that_a_rule_demands_tells_which_state_and_code_is_meant() {
    let within = |country: &str, criterion: Json| {
        let country = is("country", "is_any_of", json!([country]));
        match sound(&json!({ "all": [country, { "any": [criterion] }] })) {
            Condition::All(all) => match &all[1] {
                Condition::Any(any) => any[0].to_json(&catalog())["values"].clone(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(within("DE", is("state", "is_any_of", json!(["BY", "Hessen"]))), json!(["DE-BY", "DE-HE"]));
    assert_eq!(within("NL", is("state", "is_any_of", json!(["Limburg"]))), json!(["NL-LI"]));
    assert_eq!(within("BE", is("state", "is_any_of", json!(["Limburg"]))), json!(["BE-VLI"]));
    assert_eq!(
        within("DE", is("postcode", "is_any_of", json!(["1067", "D-80331"]))),
        json!(["01067", "80331"])
    );
}

#[test]
fn every_fault_is_named_with_its_place() {
    let circle = |value: Json| is("place", "within_km", json!([value]));
    let cases = [
        (json!(null), "", "not_a_condition"),
        (json!({}), "", "not_a_condition"),
        (json!({ "any": {} }), "/any", "not_a_list"),
        (json!({ "all": [], "why": 1 }), "/why", "unknown_key"),
        (json!({ "all": [], "any": [] }), "/any", "unknown_key"),
        (json!({ "all": [{ "not": 5 }] }), "/all/0/not", "not_a_condition"),
        (json!({ "field": "city", "op": "is_empty", "value": [] }), "/value", "unknown_key"),
        (json!({ "field": "city" }), "", "missing_key"),
        (json!({ "field": "city", "op": "is_any_of" }), "", "missing_key"),
        (json!({ "field": 5, "op": "is_empty" }), "/field", "not_a_text"),
        (is("city", "is_any_of", json!("Ulm")), "/values", "not_a_list"),
        (is("city", "is_any_of", json!([])), "/values", "no_values"),
        (is("city", "is_empty", json!(["x"])), "/values", "wrong_value_count"),
        (is("employees", "between", json!([1])), "/values", "wrong_value_count"),
        (is("city", "is", json!(["Ulm"])), "/op", "operator_not_for_field"),
        (is("city", "equals", json!(["Ulm"])), "/op", "unknown_operator"),
        (is("city", "is_any_of", json!(["Ulm", 5])), "/values/1", "not_a_text"),
        (is("city", "is_any_of", json!([" "])), "/values/0", "empty_text"),
        (is("employees", "gte", json!(["12a"])), "/values/0", "not_a_whole_number"),
        (is("employees", "gte", json!([1.5])), "/values/0", "not_a_whole_number"),
        (is("employees", "gte", json!([10_000_000_000_000_000_u64])), "/values/0", "number_too_large"),
        (is("employees", "between", json!([50, 10])), "/values", "between_reversed"),
        (is("custom.ratio", "eq", json!(["1,5"])), "/values/0", "not_a_decimal"),
        (is("custom.ratio", "eq", json!(["0.1234567"])), "/values/0", "too_many_decimals"),
        (is("custom.ratio", "eq", json!([1e30])), "/values/0", "not_a_decimal"),
        (is("custom.due", "eq", json!(["24.11.2026"])), "/values/0", "not_a_date"),
        (is("custom.due", "in_last_days", json!([0])), "/values/0", "not_a_day_count"),
        (is("annual_revenue", "gte", json!(["viel"])), "/values/0", "not_an_amount"),
        (is("annual_revenue", "gte", json!([{ "currency": "EUR" }])), "/values/0", "missing_key"),
        (
            is("annual_revenue", "gte", json!([{ "amount": 1, "unit": "EUR" }])),
            "/values/0/unit",
            "unknown_key",
        ),
        (is("annual_revenue", "gte", json!([{ "amount": "1.234" }])), "/values/0", "too_many_decimals"),
        (
            is("annual_revenue", "between", json!([1, { "amount": 2, "currency": "USD" }])),
            "/values/1",
            "two_currencies",
        ),
        (is("postcode", "is_any_of", json!([80331])), "/values/0", "not_a_text"),
        (is("postcode", "in_range_any_of", json!(["80000"])), "/values/0", "not_a_postcode_range"),
        (is("postcode", "in_range_any_of", json!(["8000-87999"])), "/values/0", "postcode_range_lengths"),
        (is("postcode", "in_range_any_of", json!(["87999-80000"])), "/values/0", "postcode_range_reversed"),
        (circle(json!("München")), "/values/0", "not_a_circle"),
        (circle(json!({ "country": "DE", "km": 5 })), "/values/0", "not_a_circle"),
        (circle(json!({ "lat": 91, "lon": 0, "km": 5 })), "/values/0/lat", "not_a_latitude"),
        (circle(json!({ "lat": 9, "lon": 181, "km": 5 })), "/values/0/lon", "not_a_longitude"),
        (circle(json!({ "lat": 9, "lon": 9, "km": 0 })), "/values/0/km", "not_a_distance"),
        (is("postcode", "is_any_of", json!(["80331?"])), "/values/0", "not_a_postcode"),
        (is("emails", "is_any_of", json!(["anna"])), "/values/0", "not_an_email"),
        (is("website", "is_any_of", json!(["javascript://x"])), "/values/0", "not_a_url"),
        (is("phones", "is_any_of", json!(["siehe Website"])), "/values/0", "not_a_phone"),
        (is("phones", "area_code_is_any_of", json!(["089"])), "/values/0", "not_an_area_code"),
    ];
    for (json, pointer, code) in cases {
        match read(json.clone()) {
            Err(faults) => {
                assert_eq!(
                    (faults[0].pointer.as_str(), faults[0].code.name()),
                    (pointer, code),
                    "{json}: {faults:?}"
                );
            }
            Ok(parsed) => panic!("{json} was read: {parsed:?}"),
        }
    }
}

#[test]
fn what_nobody_knows_breaks_only_the_rule() {
    let circle = json!({ "country": "DE", "postcode": "00000", "km": 5 });
    let cases = [
        (is("turnover", "gte", json!([5])), "/field", "unknown_field"),
        (is("owner", "is_any_of", json!(["anna"])), "/field", "field_not_for_rules"),
        (is("source", "is_any_of", json!(["Brieftaube"])), "/values/0", "unknown_choice"),
        (is("country", "is_any_of", json!(["DE", "Atlantis"])), "/values/1", "unknown_country"),
        (is("state", "is_any_of", json!(["Phantasien"])), "/values/0", "unknown_state"),
        (is("state", "is_any_of", json!(["Limburg"])), "/values/0", "ambiguous_state"),
        (
            is("annual_revenue", "gte", json!([{ "amount": 1, "currency": "XYZ" }])),
            "/values/0/currency",
            "unknown_currency",
        ),
        (is("place", "within_km", json!([circle])), "/values/0/postcode", "unknown_postcode"),
    ];
    for (json, pointer, code) in cases {
        match read(json.clone()) {
            Ok(Parsed::Broken(faults)) => {
                assert_eq!((faults[0].pointer.as_str(), faults[0].code.name()), (pointer, code), "{json}");
            }
            other => panic!("{json}: {other:?}"),
        }
    }
    // One fault of structure refuses all of it, and both are named.
    let both =
        json!({ "all": [is("turnover", "gte", json!([5])), is("employees", "gte", json!(["viele"]))] });
    let codes: Vec<_> = read(both).expect_err("a wrong number").iter().map(|fault| fault.code).collect();
    assert_eq!(codes, [Code::UnknownField, Code::NotAWholeNumber]);
}

#[test]
fn an_unknown_field_is_told_which_one_is_near() {
    let Ok(Parsed::Broken(faults)) = read(is("employes", "gte", json!([5]))) else { panic!("broken") };
    assert_eq!((faults[0].value.as_str(), faults[0].expected.as_str()), ("employes", "employees"));
}

#[test]
fn text_that_is_no_json_is_a_fault() {
    let (catalog, rates) = (catalog(), rates());
    let door = Door {
        catalog: &catalog,
        rates: &rates,
        time_zone: &TimeZone::UTC,
        purpose: Purpose::Filter,
        is_readable: None,
    };
    assert_eq!(door.parse_text("{").expect_err("no JSON")[0].code, Code::NotJson);
    assert_eq!(door.parse_text(r#"{"all": []}"#), Ok(Parsed::Sound(Condition::All(vec![]))));
    // Deeper than any rule may be, and deep enough to break a careless reader.
    assert!(door.parse_text(&"{\"not\":".repeat(100_000)).is_err());
}

#[test]
fn a_field_that_may_not_be_read_is_answered_like_an_unknown_one() {
    let (catalog, rates) = (catalog(), rates());
    let hidden = |field: &Field| field.id != EMPLOYEES;
    let door = Door {
        catalog: &catalog,
        rates: &rates,
        time_zone: &TimeZone::UTC,
        purpose: Purpose::Filter,
        is_readable: Some(&hidden),
    };
    let answer = |key: &str| match door.parse(&is(key, "frobs", json!([1]))) {
        Err(faults) => {
            faults.into_iter().map(|fault| Fault { value: String::new(), ..fault }).collect::<Vec<_>>()
        }
        Ok(parsed) => panic!("{parsed:?}"),
    };
    assert_eq!(answer("employees"), answer("nothing"));
}

#[test]
fn groups_nest_to_the_bound_and_not_beyond() {
    let nested = |depth: usize| (0..depth).fold(json!({ "all": [] }), |inner, _| json!({ "not": inner }));
    assert!(read(nested(RULE_DEPTH_MAX - 1)).is_ok());
    let faults = read(nested(RULE_DEPTH_MAX)).expect_err("too deep");
    assert_eq!(faults[0].code, Code::TooDeep);
    assert_eq!(faults[0].pointer, "/not".repeat(RULE_DEPTH_MAX));
}

#[test]
fn a_rule_has_values_to_the_bound_and_not_beyond() {
    let codes = |count: usize| (0..count).map(|code| json!(format!("{code:05}"))).collect::<Json>();
    let rule = |more: usize| {
        json!({ "any": [
            is("postcode", "is_any_of", codes(RULE_VALUES_MAX - 1)),
            is("postcode", "is_none_of", codes(more)),
            is("city", "is_any_of", json!(["Ulm"])),
        ] })
    };
    assert!(read(json!({ "any": [is("postcode", "is_any_of", codes(RULE_VALUES_MAX))] })).is_ok());
    let faults = read(rule(2)).expect_err("too many");
    let said: Vec<_> = faults.iter().map(|fault| (fault.code, fault.pointer.as_str())).collect();
    assert_eq!(said, [(Code::TooManyValues, "/any/1/values")]);
}

#[test]
fn open_choices_take_any_text() {
    let mut open = catalog();
    open.choices_are_open = true;
    let json = is("source", "is_any_of", json!(["Messe", "Hannover MESSE"]));
    let Ok(Parsed::Sound(Condition::Is(criterion))) = read_with(&open, Purpose::Rule, &json) else {
        panic!("open")
    };
    assert_eq!(criterion.test, Test::IsAnyOf(values(["hannover messe", "trade_fair"])));
}

#[test]
fn money_with_ends_that_one_operator_cannot_say_is_written_as_two() {
    use condition::{MoneyBound, MoneyBounds};
    let bound = |minor| Some(MoneyBound { minor, is_included: false });
    let bounds = MoneyBounds::new(Currency::EUR, bound(100), bound(200), &rates());
    let condition = Condition::Is(Criterion::new(catalog().field(ANNUAL_REVENUE), Test::MoneyWithin(bounds)));
    let json = condition.to_json(&catalog());
    assert_eq!(json["all"][0]["op"], "gt");
    assert_eq!(json["all"][1]["op"], "lt");
    assert_eq!(sound(&json).to_json(&catalog()), json);
}

#[test]
fn a_condition_names_the_fields_that_it_reads() {
    let condition = sound(&json!({ "any": [
        is("state", "is_any_of", json!(["DE-BY"])),
        { "not": is("created_at", "in_last_days", json!([7])) },
        { "all": [is("postcode", "is_empty", json!([])), is("state", "is_empty", json!([]))] },
    ] }));
    assert_eq!(condition.fields().into_iter().collect::<Vec<_>>(), [STATE, POSTCODE, CREATED_AT]);
}
