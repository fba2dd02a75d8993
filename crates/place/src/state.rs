//! States, cantons and provinces: the subdivisions of ISO 3166-2.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use crate::Country;
use crate::name;
use crate::table::Table;

/// Code, English, German, code of the parent; sorted by code.
static STATES: LazyLock<Table> = LazyLock::new(|| {
    Table::new(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/place/iso-codes/states.tsv")))
});

/// Country and key of a name, code; sorted by the first.
static NAMES: LazyLock<Table> = LazyLock::new(|| {
    Table::new(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../data/place/iso-codes/state_names.tsv"
    )))
});

/// A subdivision of ISO 3166-2, such as `DE-BY`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State(u16);

impl State {
    /// Finds a state of a country by its code with or without the country, by its English, German or
    /// local name or by a usual abbreviation, whatever the case and the accents.
    pub fn find(country: Country, text: &str) -> Option<State> {
        let text = text.trim();
        if let Some(state) = by_code_parts(country.code(), text) {
            return Some(state);
        }
        if let Some(state) = State::by_code(text) {
            return (state.country() == country).then_some(state);
        }
        let key = name::key(text);
        by_key(country, &key).or_else(|| by_key(country, &name::key_without_umlauts(&key)?))
    }

    /// Finds a state by its whole code, such as `DE-BY`, in capitals or not.
    pub fn by_code(code: &str) -> Option<State> {
        let (country, rest) = code.split_once('-')?;
        by_code_parts(country, rest)
    }

    /// Returns the states of a country, sorted by code; of countries with two levels both.
    pub fn of(country: Country) -> impl Iterator<Item = State> {
        let code = country.code();
        let first = STATES.first_at_least(|row| row < code);
        (first..STATES.len())
            .map(|at| State(u16::try_from(at).expect("fewer than 65,536 states")))
            .take_while(move |state| state.code().starts_with(code))
    }

    /// Returns the whole code, such as `DE-BY`.
    pub fn code(self) -> &'static str {
        self.cell(0)
    }

    pub fn name_en(self) -> &'static str {
        self.cell(1)
    }

    pub fn name_de(self) -> &'static str {
        self.cell(2)
    }

    /// Returns the state that this one is a part of, where the country has two levels.
    pub fn parent(self) -> Option<State> {
        State::by_code(self.cell(3))
    }

    pub fn country(self) -> Country {
        Country::by_code(&self.code()[..2]).expect("every state has a country")
    }

    fn cell(self, column: usize) -> &'static str {
        STATES.cell(usize::from(self.0), column)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

fn by_code_parts(country: &str, rest: &str) -> Option<State> {
    if country.len() != 2 || rest.is_empty() || rest.len() > 3 || !rest.is_ascii() {
        return None;
    }
    let wanted = country.bytes().chain([b'-']).chain(rest.bytes()).map(|byte| byte.to_ascii_uppercase());
    let at = STATES.find(|first| first.bytes().cmp(wanted.clone()))?;
    Some(State(u16::try_from(at).expect("fewer than 65,536 states")))
}

fn by_key(country: Country, key: &str) -> Option<State> {
    if key.is_empty() {
        return None;
    }
    let at = NAMES.find(|first| match first[..2].cmp(country.code()) {
        Ordering::Equal => first[3..].cmp(key),
        other => other,
    })?;
    State::by_code(NAMES.cell(at, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_found_by_code_name_and_abbreviation() {
        for (country, text, code) in [
            ("DE", "BY", "DE-BY"),
            ("DE", "DE-BY", "DE-BY"),
            ("DE", "de-by", "DE-BY"),
            ("DE", "Bayern", "DE-BY"),
            ("DE", "BAVARIA", "DE-BY"),
            ("DE", "Freistaat Bayern", "DE-BY"),
            ("DE", "NRW", "DE-NW"),
            ("DE", "Baden-Württemberg", "DE-BW"),
            ("DE", "Baden-Wuerttemberg", "DE-BW"),
            ("DE", "Thüringen", "DE-TH"),
            ("DE", "Saxony", "DE-SN"),
            ("DE", "SA", ""),
            ("AT", "Wien", "AT-9"),
            ("AT", "Vienna", "AT-9"),
            ("AT", "9", "AT-9"),
            ("AT", "NÖ", "AT-3"),
            ("AT", "Niederösterreich", "AT-3"),
            ("AT", "Stmk.", "AT-6"),
            ("CH", "ZH", "CH-ZH"),
            ("CH", "Zürich", "CH-ZH"),
            ("CH", "Kanton Zürich", "CH-ZH"),
            ("CH", "Genève", "CH-GE"),
            ("CH", "Geneva", "CH-GE"),
            ("CH", "Tessin", "CH-TI"),
            ("CH", "St. Gallen", "CH-SG"),
            ("US", "CA", "US-CA"),
            ("US", "California", "US-CA"),
            ("US", "Kalifornien", "US-CA"),
            ("US", "Calif.", "US-CA"),
            ("US", "N.Y.", "US-NY"),
            ("US", "Georgia", "US-GA"),
            ("US", "Washington, D.C.", "US-DC"),
            ("CA", "Québec", "CA-QC"),
            ("CA", "PEI", "CA-PE"),
            ("GB", "England", "GB-ENG"),
            ("GB", "Schottland", "GB-SCT"),
            ("GB", "Wales", "GB-WLS"),
            ("NL", "Zuid-Holland", "NL-ZH"),
            ("NL", "Friesland", "NL-FR"),
            ("LI", "Vaduz", "LI-11"),
            ("IT", "Südtirol", "IT-BZ"),
            ("FR", "Île-de-France", "FR-IDF"),
        ] {
            let country = Country::find(country).expect("a country");
            assert_eq!(State::find(country, text).map_or("", State::code), code, "{country:?} {text}");
        }
    }

    #[test]
    fn a_state_of_another_country_is_not_found() {
        let austria = Country::find("AT").expect("a country");
        for text in ["DE-BY", "Bayern", "", "-", "AT-", "AT-10", "Österreich"] {
            assert_eq!(State::find(austria, text), None, "{text}");
        }
    }

    #[test]
    fn a_country_lists_its_states() {
        for (country, count, first) in
            [("DE", 16, "DE-BB"), ("AT", 9, "AT-1"), ("CH", 26, "CH-AG"), ("CA", 13, "CA-AB"), ("AQ", 0, "")]
        {
            let country = Country::find(country).expect("a country");
            assert_eq!(State::of(country).count(), count, "{country:?}");
            assert_eq!(State::of(country).next().map_or("", State::code), first, "{country:?}");
        }
    }

    #[test]
    fn states_of_the_home_countries_are_found_by_each_of_their_own_names() {
        for country in
            ["DE", "AT", "CH", "LI", "LU", "US", "CA"].map(|code| Country::find(code).expect("one"))
        {
            for state in State::of(country) {
                for text in [state.code(), state.name_en(), state.name_de()] {
                    assert_eq!(State::find(country, text), Some(state), "{text}");
                }
            }
        }
    }
}
