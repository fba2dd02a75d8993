//! Postcodes as text: what it means, what is wrong with it, and that the round trip keeps the set.

use condition::postcodes::{CodeSet, read, write};
use condition::standard::{CITY, POSTCODE};
use condition::tree::values;
use condition::{Catalog, Code, Condition, Criterion, Field, PostcodeRange, Test};
use proptest::prelude::*;

fn field() -> Field {
    Catalog::standard().field(POSTCODE).clone()
}

fn set(text: &str, digits: u8) -> CodeSet {
    let condition = read(text, digits, &field()).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
    CodeSet::of_condition(&condition, digits).expect("a condition on postcodes")
}

#[test]
fn text_means_what_field_sales_mean_by_it() {
    let cases: &[(&str, &[(u64, u64)])] = &[
        ("80331", &[(80_331, 80_331)]),
        ("80", &[(80_000, 80_999)]),
        ("01", &[(1_000, 1_999)]),
        ("60–65, 67–69 + 76726–76891", &[(60_000, 65_999), (67_000, 69_999), (76_726, 76_891)]),
        ("7xxxx ohne 76726–76891 + 88–89", &[(70_000, 76_725), (76_892, 79_999), (88_000, 89_999)]),
        ("80* außer 80331", &[(80_000, 80_330), (80_332, 80_999)]),
        ("80*** AUSSER 80331", &[(80_000, 80_330), (80_332, 80_999)]),
        ("80 bis 87", &[(80_000, 87_999)]),
        ("80-87; 90", &[(80_000, 87_999), (90_000, 90_999)]),
        ("60–651", &[(60_000, 65_199)]),
        ("7xxxx–8xxxx", &[(70_000, 89_999)]),
        ("7x", &[(70_000, 79_999)]),
        ("*", &[(0, 99_999)]),
        ("* ohne 0-8, 90", &[(91_000, 99_999)]),
        // Read from left to right: what is taken away is taken from all that stands before.
        ("80 + 81 ohne 80331, 81", &[(80_000, 80_330), (80_332, 80_999)]),
        ("80 ohne 803 + 80331", &[(80_000, 80_299), (80_331, 80_331), (80_400, 80_999)]),
        ("80331\n80333\r\n80335\n", &[(80_331, 80_331), (80_333, 80_333), (80_335, 80_335)]),
        ("80 331", &[(80_331, 80_331)]),
        ("80 und 81 without 8", &[]),
    ];
    for (text, ranges) in cases {
        assert_eq!(set(text, 5).ranges(), *ranges, "{text}");
    }
    assert_eq!(set("1, 8010", 4).ranges(), [(1_000, 1_999), (8_010, 8_010)]);
}

#[test]
fn the_examples_of_field_sales_hold_as_many_german_codes_as_they_should() {
    let germany = place::Country::by_code("DE").expect("a country");
    for (text, expected) in [("60–65, 67–69 + 76726–76891", 912), ("7xxxx ohne 76726–76891 + 88–89", 1_498)]
    {
        let condition = read(text, 5, &field()).expect(text);
        let count = place::postcode::codes(germany)
            .filter(|(code, _)| {
                let mut facts = condition::Facts::default();
                facts.set(POSTCODE, condition::Value::Key(code.as_str().into()));
                condition.holds(&facts)
            })
            .count();
        assert_eq!(count, expected, "{text}");
    }
}

#[test]
fn a_wildcard_in_the_middle_stands_for_every_digit() {
    let every_tenth: Vec<_> = (80_001..81_000).step_by(10).map(|code| (code, code)).collect();
    assert_eq!(set("80xx1", 5).ranges(), every_tenth);
    assert_eq!(set("80*1", 5).ranges(), every_tenth);
    assert_eq!(set("8x3", 5).ranges().len(), 10);
}

#[test]
fn a_fault_names_its_place_and_what_is_expected() {
    use Code::*;
    let cases = [
        ("", PostcodesEmpty, 0),
        ("  ", PostcodesEmpty, 0),
        ("80331 nur München", PostcodesUnknownWord, 6),
        ("80/81", PostcodesUnknownCharacter, 2),
        ("80, ,81", PostcodesCodeMissing, 4),
        ("80–", PostcodesCodeMissing, 3),
        ("–80", PostcodesCodeMissing, 0),
        ("80 +", PostcodesCodeMissing, 4),
        ("80 ohne", PostcodesCodeMissing, 7),
        ("80–81–82", PostcodesCodeMissing, 5),
        ("80331 80333", PostcodesSeparatorMissing, 6),
        ("80, 803311", PostcodesTooLong, 4),
        ("803311–9", PostcodesTooLong, 0),
        ("87–80", PostcodesRangeReversed, 0),
        ("8x1–9", PostcodesWildcardInRange, 0),
        ("8*1*", PostcodesTwoStars, 0),
        ("ohne 80331", PostcodesNothingToTakeFrom, 0),
    ];
    for (text, code, position) in cases {
        let faults = read(text, 5, &field()).expect_err(text);
        assert_eq!((faults[0].code, faults[0].position), (code, Some(position)), "{text}: {faults:?}");
        assert_eq!(faults[0].expected, "5");
    }
    assert_eq!(read("xxxxxx1", 7, &field()).expect_err("too many")[0].code, PostcodesTooMany);
}

#[test]
fn all_faults_are_reported_at_once_from_left_to_right() {
    let faults = read("803311, 87–80, Rest", 5, &field()).expect_err("three faults");
    let said: Vec<_> = faults.iter().map(|fault| (fault.code.name(), fault.value.as_str())).collect();
    assert_eq!(
        said[..3],
        [
            ("postcodes_too_long", "803311"),
            ("postcodes_range_reversed", "87–80"),
            ("postcodes_unknown_word", "Rest")
        ]
    );
}

#[test]
fn criteria_are_written_as_short_as_field_sales_would() {
    let cases = [
        ("60–65, 67–69 + 76726–76891", "60–65, 67–69, 76726–76891"),
        ("7xxxx ohne 76726–76891 + 88–89", "7 ohne 76726–76891 + 88–89"),
        ("80* außer 80331", "80 ohne 80331"),
        ("80331; 80332; 80333", "80331–80333"),
        ("60000–65199", "600–651"),
        ("01067, 02", "01067, 02"),
        ("*", "*"),
        ("80331 ohne 80331", "80331 ohne 80331"),
        // Read from left to right, the second exception would reach the first part too.
        ("11 ohne 111 + 12 + 111 ohne 122", "11 ohne 111 + 111, 12 ohne 122"),
    ];
    for (text, written) in cases {
        let condition = read(text, 5, &field()).expect(text);
        assert_eq!(write(&condition, 5, &field()).as_deref(), Some(written), "{text}");
        assert_eq!(set(written, 5), set(text, 5), "{text} → {written}");
    }
}

#[test]
fn what_cannot_be_read_from_left_to_right_is_written_as_a_list() {
    let part = |text| read(text, 5, &field()).expect(text);
    let condition = Condition::Any(vec![part("10–12 ohne 11"), part("11–13 ohne 12")]);
    assert_eq!(write(&condition, 5, &field()).as_deref(), Some("10–13"));
}

#[test]
fn criteria_that_are_no_postcode_text_are_not_written() {
    let catalog = Catalog::standard();
    let postcode = |test| Condition::from(Criterion::new(catalog.field(POSTCODE), test));
    let starts = postcode(Test::StartsWithAnyOf(values(["80"])));
    let foreign = [
        postcode(Test::IsAnyOf(values(["1010"]))),
        postcode(Test::StartsWithAnyOf(values(["SW1"]))),
        postcode(Test::IsEmpty),
        Condition::All(vec![starts.clone(), Criterion::new(catalog.field(CITY), Test::IsEmpty).into()]),
    ];
    for condition in &foreign {
        assert_eq!(write(condition, 5, &field()), None, "{condition:?}");
    }
    assert_eq!(write(&starts, 5, &field()).as_deref(), Some("80"));
}

/// Conditions on postcodes of any shape.
fn conditions() -> impl Strategy<Value = Condition> {
    let field = field();
    let is = move |test| Condition::from(Criterion::new(&field, test));
    let leaf = prop_oneof![
        prop::collection::vec("[0-2]{3}", 0..4).prop_map(|codes| Test::IsAnyOf(values(codes))),
        prop::collection::vec("[0-2]{3}", 0..4).prop_map(|codes| Test::IsNoneOf(values(codes))),
        prop::collection::vec("[0-2]{1,3}", 0..4).prop_map(|codes| Test::StartsWithAnyOf(values(codes))),
        prop::collection::vec((0..300_u64, 0..200_u64), 0..3).prop_map(|ranges| {
            let ranges = ranges.into_iter().map(|(first, more)| PostcodeRange {
                digits: 3,
                first,
                last: first + more,
            });
            Test::InRangeAnyOf(PostcodeRange::merge(ranges.collect()))
        }),
    ]
    .prop_map(is);
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Condition::Any),
            inner.prop_map(|condition| Condition::Not(Box::new(condition))),
        ]
    })
}

proptest! {
    #[test]
    fn the_way_to_text_and_back_keeps_the_set(condition in conditions()) {
        let set = CodeSet::of_condition(&condition, 3).expect("codes of three digits");
        // The set is what evaluation says of every code.
        for code in 0..1000_u64 {
            let mut facts = condition::Facts::default();
            facts.set(POSTCODE, condition::Value::Key(format!("{code:03}").into()));
            prop_assert_eq!(set.contains(code), condition.holds(&facts));
        }
        match write(&condition, 3, &field()) {
            Some(text) => {
                let back = read(&text, 3, &field());
                let back = back.unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
                prop_assert_eq!(CodeSet::of_condition(&back, 3), Some(set));
            }
            None => prop_assert!(set.ranges().is_empty()),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[0-9x*,;+–a-zß \n-]{0,20}") {
        let _read_or_refused = read(&text, 5, &field());
    }
}
