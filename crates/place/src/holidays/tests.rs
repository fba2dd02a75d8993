use super::*;

fn country(code: &str) -> Country {
    Country::by_code(code).expect("a country")
}

fn state(code: &str) -> Option<State> {
    Some(State::by_code(code).unwrap_or_else(|| panic!("{code} is no state")))
}

/// The days of a year as `0101 0106 …`.
fn days(country_code: &str, state: Option<State>, year: i32) -> String {
    let written = |number: i64| {
        // From the last month on: the first of May is a 31st of April too.
        (1..=12)
            .rev()
            .flat_map(|month| (1..=31).map(move |date| (month, date)))
            .find(|&(month, date)| day(year, month, date) == number)
            .map_or(String::new(), |(month, date)| format!("{month:02}{date:02}"))
    };
    of(country(country_code), state, year)
        .iter()
        .map(|holiday| written(holiday.day))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn movable_feasts_fall_on_the_published_days() {
    for (year, good_friday, easter_monday, ascension, whit_monday, corpus_christi) in [
        (2024, (3, 29), (4, 1), (5, 9), (5, 20), (5, 30)),
        (2025, (4, 18), (4, 21), (5, 29), (6, 9), (6, 19)),
        (2026, (4, 3), (4, 6), (5, 14), (5, 25), (6, 4)),
        (2027, (3, 26), (3, 29), (5, 6), (5, 17), (5, 27)),
    ] {
        let holidays = of(country("DE"), state("DE-BY"), year);
        for (name, (month, date)) in [
            ("Karfreitag", good_friday),
            ("Ostermontag", easter_monday),
            ("Christi Himmelfahrt", ascension),
            ("Pfingstmontag", whit_monday),
            ("Fronleichnam", corpus_christi),
        ] {
            let found = holidays.iter().find(|holiday| holiday.name_de == name).map(|holiday| holiday.day);
            assert_eq!(found, Some(day(year, month, date)), "{name} {year}");
        }
    }
}

#[test]
fn every_german_state_has_its_own_holidays() {
    let common = ["0101", "0403", "0406", "0501", "0514", "0525", "1003", "1225", "1226"];
    for (code, own) in [
        ("DE-BW", vec!["0106", "0604", "1101"]),
        ("DE-BY", vec!["0106", "0604", "1101"]),
        ("DE-BE", vec!["0308"]),
        ("DE-BB", vec!["0405", "0524", "1031"]),
        ("DE-HB", vec!["1031"]),
        ("DE-HH", vec!["1031"]),
        ("DE-HE", vec!["0604"]),
        ("DE-MV", vec!["0308", "1031"]),
        ("DE-NI", vec!["1031"]),
        ("DE-NW", vec!["0604", "1101"]),
        ("DE-RP", vec!["0604", "1101"]),
        ("DE-SL", vec!["0604", "0815", "1101"]),
        ("DE-SN", vec!["1031", "1118"]),
        ("DE-ST", vec!["0106", "1031"]),
        ("DE-SH", vec!["1031"]),
        ("DE-TH", vec!["0920", "1031"]),
    ] {
        let mut expected: Vec<&str> = common.into_iter().chain(own).collect();
        expected.sort_unstable();
        assert_eq!(days("DE", state(code), 2026), expected.join(" "), "{code}");
    }
    assert_eq!(days("DE", None, 2026), common.join(" "));
}

#[test]
fn german_holidays_came_and_went() {
    let has = |code: &str, year: i32, month: i32, date: i32| {
        on(country("DE"), state(code), day(year, month, date)).is_some()
    };
    for (code, year, month, date, expected) in [
        ("DE-NW", 2017, 10, 31, true),
        ("DE-NW", 2018, 10, 31, false),
        ("DE-NI", 2016, 10, 31, false),
        ("DE-NI", 2018, 10, 31, true),
        ("DE-BE", 2018, 3, 8, false),
        ("DE-BE", 2019, 3, 8, true),
        ("DE-MV", 2022, 3, 8, false),
        ("DE-MV", 2023, 3, 8, true),
        ("DE-TH", 2018, 9, 20, false),
        ("DE-TH", 2019, 9, 20, true),
        ("DE-BE", 2020, 5, 8, true),
        ("DE-BE", 2024, 5, 8, false),
        ("DE-BE", 2025, 5, 8, true),
        ("DE-BE", 2028, 6, 17, true),
        ("DE-BY", 1994, 11, 16, true),
        ("DE-BY", 1995, 11, 22, false),
        ("DE-SN", 1995, 11, 22, true),
        ("DE-SN", 2024, 11, 20, true),
        ("DE-SN", 2025, 11, 19, true),
        ("DE-SN", 2027, 11, 17, true),
    ] {
        assert_eq!(has(code, year, month, date), expected, "{code} {year}-{month}-{date}");
    }
}

#[test]
fn austria_has_thirteen_holidays_in_every_state() {
    for (year, expected) in [
        (2024, "0101 0106 0401 0501 0509 0520 0530 0815 1026 1101 1208 1225 1226"),
        (2025, "0101 0106 0421 0501 0529 0609 0619 0815 1026 1101 1208 1225 1226"),
        (2026, "0101 0106 0406 0501 0514 0525 0604 0815 1026 1101 1208 1225 1226"),
        (2027, "0101 0106 0329 0501 0506 0517 0527 0815 1026 1101 1208 1225 1226"),
    ] {
        assert_eq!(days("AT", None, year), expected);
        assert!(State::of(country("AT")).all(|state| days("AT", Some(state), year) == expected));
    }
}

#[test]
fn every_canton_has_its_own_holidays() {
    for (code, expected) in [
        ("CH-AG", "0101 0102 0403 0406 0514 0525 0801 1225 1226"),
        ("CH-AI", "0101 0403 0406 0514 0525 0604 0801 0815 1101 1208 1225"),
        ("CH-AR", "0101 0403 0406 0514 0525 0801 1225"),
        ("CH-BE", "0101 0102 0403 0406 0514 0525 0801 1225 1226"),
        ("CH-BL", "0101 0403 0406 0501 0514 0525 0801 1225 1226"),
        ("CH-BS", "0101 0403 0406 0501 0514 0525 0801 1225 1226"),
        ("CH-FR", "0101 0102 0403 0406 0514 0525 0801 1225 1226"),
        ("CH-GE", "0101 0403 0406 0514 0525 0801 0910 1225 1231"),
        ("CH-GL", "0101 0102 0403 0406 0409 0514 0525 0801 1101 1225 1226"),
        ("CH-GR", "0101 0403 0406 0514 0525 0801 1225 1226"),
        ("CH-JU", "0101 0102 0403 0406 0501 0514 0525 0604 0623 0801 0815 1101 1225"),
        ("CH-LU", "0101 0102 0403 0406 0514 0525 0604 0801 0815 1101 1208 1225 1226"),
        ("CH-NE", "0101 0301 0403 0501 0514 0801 1225"),
        ("CH-NW", "0101 0102 0319 0403 0406 0514 0525 0604 0801 0815 1101 1208 1225 1226"),
        ("CH-OW", "0101 0102 0403 0406 0514 0525 0604 0801 0815 0925 1101 1208 1225 1226"),
        ("CH-SG", "0101 0102 0403 0406 0514 0525 0801 1101 1225 1226"),
        ("CH-SH", "0101 0102 0403 0406 0501 0514 0525 0801 1225 1226"),
        ("CH-SO", "0101 0102 0403 0514 0801 1225"),
        ("CH-SZ", "0101 0106 0319 0403 0406 0514 0525 0604 0801 0815 1101 1208 1225 1226"),
        ("CH-TG", "0101 0102 0403 0406 0501 0514 0525 0801 1225 1226"),
        ("CH-TI", "0101 0106 0319 0406 0501 0514 0525 0604 0629 0801 0815 1101 1208 1225 1226"),
        ("CH-UR", "0101 0106 0319 0403 0406 0514 0525 0604 0801 0815 1101 1208 1225"),
        ("CH-VD", "0101 0102 0403 0406 0514 0525 0801 0921 1225"),
        ("CH-VS", "0101 0102 0319 0406 0514 0525 0604 0801 0815 1101 1208 1225 1226"),
        ("CH-ZG", "0101 0102 0403 0406 0514 0525 0604 0801 0815 1101 1208 1225 1226"),
        ("CH-ZH", "0101 0102 0403 0406 0501 0514 0525 0801 1225 1226"),
    ] {
        assert_eq!(days("CH", state(code), 2026), expected, "{code}");
    }
}

#[test]
fn swiss_peculiarities_fall_on_the_published_days() {
    let has = |code: &str, year: i32, month: i32, date: i32| {
        on(country("CH"), state(code), day(year, month, date)).is_some()
    };
    for (code, year, month, date, expected) in [
        ("CH-GL", 2024, 4, 4, true),
        ("CH-GL", 2025, 4, 3, true),
        ("CH-GL", 2027, 4, 1, true),
        ("CH-GL", 2026, 4, 2, false),
        ("CH-GE", 2024, 9, 5, true),
        ("CH-GE", 2025, 9, 11, true),
        ("CH-GE", 2027, 9, 9, true),
        ("CH-VD", 2024, 9, 16, true),
        ("CH-VD", 2025, 9, 22, true),
        ("CH-VD", 2027, 9, 20, true),
        ("CH-NE", 2023, 1, 2, true),
        ("CH-NE", 2024, 1, 2, false),
        ("CH-NE", 2022, 12, 26, true),
        ("CH-AR", 2024, 12, 26, true),
        ("CH-AR", 2023, 12, 26, false),
        ("CH-ZH", 1993, 8, 1, false),
        ("CH-ZH", 1994, 8, 1, true),
    ] {
        assert_eq!(has(code, year, month, date), expected, "{code} {year}-{month}-{date}");
    }
}

#[test]
fn american_holidays_are_observed_on_weekdays() {
    for (year, expected) in [
        (2020, "0101 0120 0217 0525 0703 0704 0907 1012 1111 1126 1225"),
        (2021, "0101 0118 0215 0531 0618 0619 0704 0705 0906 1011 1111 1125 1224 1225 1231"),
        (2024, "0101 0115 0219 0527 0619 0704 0902 1014 1111 1128 1225"),
        (2025, "0101 0120 0217 0526 0619 0704 0901 1013 1111 1127 1225"),
        (2026, "0101 0119 0216 0525 0619 0703 0704 0907 1012 1111 1126 1225"),
        (2027, "0101 0118 0215 0531 0618 0619 0704 0705 0906 1011 1111 1125 1224 1225 1231"),
    ] {
        assert_eq!(days("US", None, year), expected, "{year}");
    }
}

#[test]
fn other_countries_and_years_have_none() {
    assert!(of(country("FR"), None, 2026).is_empty());
    assert!(
        of(country("DE"), None, YEARS.start() - 1).is_empty()
            && of(country("DE"), None, YEARS.end() + 1).is_empty()
    );
    assert!(YEARS.into_iter().all(|year| countries().all(|country| of(country, None, year).len() >= 3)));
    assert_eq!(of(country("DE"), state("AT-9"), 2026), of(country("DE"), None, 2026));
}

#[test]
fn a_holiday_has_a_name_in_both_languages() {
    let holiday = on(country("DE"), state("DE-SN"), day(2026, 11, 18)).expect("a holiday");
    assert_eq!((holiday.name_en, holiday.name_de), ("Day of Repentance and Prayer", "Buß- und Bettag"));
    assert_eq!(on(country("DE"), state("DE-BY"), day(2026, 11, 18)), None);
}
