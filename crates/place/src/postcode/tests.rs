use super::*;

fn country(code: &str) -> Country {
    Country::by_code(code).expect("a country")
}

#[test]
fn a_postcode_says_city_state_and_point() {
    for (code, postcode, city, state, lat, lon) in [
        ("DE", "80331", "München", "DE-BY", 48.1345, 11.571),
        ("DE", "10115", "Berlin", "DE-BE", 52.5323, 13.3846),
        ("DE", "01067", "Dresden", "DE-SN", 51.0544, 13.727),
        ("DE", "20095", "Hamburg", "DE-HH", 53.5497, 10.0033),
        ("DE", "28195", "Bremen", "DE-HB", 53.08, 8.81),
        ("DE", "04860", "Torgau", "DE-SN", 51.56, 13.0),
        ("DE", "03238", "Finsterwalde", "DE-BB", 51.63, 13.71),
        ("AT", "4910", "Ried im Innkreis", "AT-4", 48.2, 13.48),
        ("DE", "87491", "Jungholz", "", 47.5741, 10.4472),
        ("AT", "1010", "Wien", "AT-9", 48.2077, 16.3705),
        ("AT", "5020", "Salzburg", "AT-5", 47.7994, 13.044),
        ("AT", "8010", "Graz", "AT-6", 47.0667, 15.45),
        ("CH", "8001", "Zürich", "CH-ZH", 47.3667, 8.55),
        ("CH", "3000", "Bern", "CH-BE", 46.95, 7.44),
        ("CH", "5001", "Aarau", "CH-AG", 47.3888, 8.0483),
        ("CH", "1201", "Genève", "CH-GE", 46.2, 6.14),
        ("LI", "9490", "Vaduz", "LI-11", 47.1431, 9.5256),
        ("LU", "L-1855", "Luxembourg", "LU-LU", 49.6, 6.13),
        ("LU", "1855", "Luxembourg", "LU-LU", 49.6, 6.13),
        ("NL", "1012 AB", "Amsterdam", "NL-NH", 52.37, 4.89),
        ("GB", "SW1A 1AA", "London", "GB-ENG", 51.4998, -0.1246),
        ("GB", "EH1 1YZ", "Edinburgh", "GB-SCT", 55.95, -3.19),
        ("GB", "M1", "Manchester", "GB-ENG", 53.4779, -2.23),
        ("GB", "BT1 5GS", "Belfast", "GB-NIR", 54.6, -5.93),
        ("GB", "JE2 3AB", "St Helier", "", 49.188, -2.1049),
        ("JE", "JE2 3AB", "St Helier", "", 49.188, -2.1049),
        ("CA", "K1A 0B1", "Ottawa", "CA-ON", 45.4, -75.7),
        ("CA", "M5A", "Toronto", "CA-ON", 43.65, -79.36),
        ("CA", "T2N", "Calgary", "CA-AB", 51.06, -114.1),
        ("US", "94105", "San Francisco", "US-CA", 37.79, -122.4),
        ("US", "94105-1804", "San Francisco", "US-CA", 37.79, -122.4),
        ("US", "00501", "Holtsville", "US-NY", 40.8154, -73.0451),
    ] {
        let place = find(country(code), postcode).unwrap_or_else(|| panic!("{code} {postcode} is not found"));
        assert_eq!((place.city, place.state.map_or("", State::code)), (city, state), "{code} {postcode}");
        let expected = Point::from_lat_lon(lat, lon).expect("on earth");
        assert!(place.point.km_to(expected) < 8.0, "{code} {postcode}: {:?}", place.point.lat_lon());
    }
}

#[test]
fn large_receivers_name_their_town_not_their_firm() {
    for (postcode, city, state) in [
        ("10875", "Berlin", "DE-BE"),
        ("80788", "München", "DE-BY"),
        ("60424", "Frankfurt am Main", "DE-HE"),
        ("24095", "Kiel", "DE-SH"),
        ("75170", "Pforzheim", "DE-BW"),
        ("91050", "Erlangen", "DE-BY"),
        ("42577", "Heiligenhaus", "DE-NW"),
        ("82363", "Weilheim in Oberbayern", "DE-BY"),
        ("67653", "Kaiserslautern", "DE-RP"),
    ] {
        let place = find(country("DE"), postcode).unwrap_or_else(|| panic!("{postcode} is not found"));
        assert_eq!((place.city, place.state.map_or("", State::code)), (city, state), "{postcode}");
    }
    let firms = ["GmbH", " AG", "Finanzamt", "Sparkasse", "Agentur", "e.V.", "KG", " Kreis "];
    let named = codes(country("DE")).filter(|(_, place)| firms.iter().any(|firm| place.city.contains(firm)));
    assert_eq!(named.map(|(code, place)| format!("{code} {}", place.city)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_country_before_the_postcode_is_left_out() {
    for (code, text, expected) in [
        ("DE", "D-80331", "80331"),
        ("DE", "de 80331", "80331"),
        ("DE", " 80331 ", "80331"),
        ("AT", "A-1010", "1010"),
        ("CH", "CH-8001", "8001"),
        ("LU", "L-1855", "1855"),
        ("LV", "LV-1010", "1010"),
        ("DE", "A-1010", "A-1010"),
        ("DE", "D", "D"),
        ("DE", "ÄÖ", "ÄÖ"),
        ("GB", "G1 1AA", "G1 1AA"),
    ] {
        assert_eq!(without_country(country(code), text), expected, "{code} {text}");
    }
}

#[test]
fn what_is_no_postcode_of_the_data_is_not_found() {
    for (code, postcode) in [
        ("DE", "00000"),
        ("DE", ""),
        ("DE", "8033"),
        ("DE", "80331X"),
        ("FR", "75001"),
        ("GB", "ZZ99 9ZZ"),
        ("CA", "D1A"),
    ] {
        assert_eq!(find(country(code), postcode), None, "{code} {postcode}");
    }
}

#[test]
fn every_code_is_found_and_lies_in_its_country() {
    let expected = [
        ("AT", 2217),
        ("CA", 1653),
        ("CH", 3362),
        ("DE", 10_814),
        ("GB", 3002),
        ("LI", 13),
        ("LU", 4330),
        ("NL", 4086),
        ("US", 41_488),
    ];
    let counted = countries().map(|country| (country.code(), codes(country).count())).collect::<Vec<_>>();
    assert_eq!(counted, expected);
    for country in countries() {
        let mut last = None;
        for (code, place) in codes(country) {
            assert!(last < Some(code), "{country:?} {code} is out of order");
            last = Some(code);
            assert_eq!(find(country, code.as_str()), Some(place), "{country:?} {code}");
            assert!(!place.city.is_empty(), "{country:?} {code} has no city");
            assert!(place.state.is_none_or(|state| state.country() == country), "{country:?} {code}");
            assert!(fits(country, code.as_str()), "{country:?} {code} has another form");
        }
    }
}

#[test]
fn field_sales_notations_hold_as_many_codes_as_the_rules_say() {
    let germany = country("DE");
    let count = |is_inside: &dyn Fn(&str) -> bool| {
        codes(germany).filter(|(code, _)| is_inside(code.as_str())).count()
    };
    let palatinate = |code: &str| ("76726"..="76891").contains(&code);
    let first = |code: &str| {
        let head = &code[..2];
        ("60"..="65").contains(&head) || ("67"..="69").contains(&head) || palatinate(code)
    };
    let second =
        |code: &str| code.starts_with('7') && !palatinate(code) || ["88", "89"].contains(&&code[..2]);
    assert_eq!((count(&first), count(&second)), (912, 1498));
}

#[test]
fn a_prefix_suggests_codes_and_a_city_too() {
    let germany = country("DE");
    assert!(
        with_prefix(germany, "803")
            .all(|(code, place)| code.as_str().starts_with("803") && place.city == "München")
    );
    assert!(with_prefix(germany, "803").count() > 10);
    assert_eq!(with_prefix(germany, "8033x").count(), 0);
    for text in ["Münch", "munch", "MUENCHEN", "münchen"] {
        let found = with_city(germany, text, 5);
        assert_eq!(found.len(), 5, "{text}");
        assert!(found.iter().all(|(_, place)| place.city.starts_with("Münch")), "{text}: {found:?}");
    }
    assert!(with_city(germany, "Qqq", 5).is_empty() && with_city(germany, " ", 5).is_empty());
    let every = with_city(germany, "Heiligenhaus", usize::MAX);
    assert!(every.iter().any(|(code, _)| code.as_str() == "42579"), "{every:?}");
}
