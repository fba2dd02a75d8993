//! Countries and states in German grammar: articles, cases, and what a state is called.

use crate::say::items::Items;
use crate::say::sentence::Sentence;

/// What the states of these codes are called where they lie.
pub(super) fn state_noun(values: &[Box<str>]) -> &'static str {
    let all_in = |countries: &[&str]| {
        values.iter().all(|code| countries.iter().any(|country| code.starts_with(country)))
    };
    match () {
        () if all_in(&["DE-", "AT-"]) => "Bundesland",
        () if all_in(&["CH-"]) => "Kanton",
        () if all_in(&["US-", "MX-", "BR-", "AU-", "IN-"]) => "Bundesstaat",
        () if all_in(&["CA-", "IT-", "ES-", "NL-", "BE-"]) => "Provinz",
        () => "Bundesland",
    }
}

/// Countries as they stand after `aus`.
pub(super) fn countries(values: &[Box<str>]) -> Items {
    let mut names: Vec<(&str, &str)> = values
        .iter()
        .map(|code| {
            let plain = || place::Country::by_code(code).map_or(&**code, |country| country.name_de());
            with_article(code).unwrap_or_else(|| ("", plain()))
        })
        .collect();
    names.sort_by_cached_key(|(_, name)| place::name::key(name));
    let said = names.into_iter().map(|(article, name)| (Sentence::text(article).and_value(name), 1));
    Items::cut(said.collect())
}

/// Countries that German names with an article, in the dative: `aus den USA`.
fn with_article(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "AE" => ("den ", "Vereinigten Arabischen Emiraten"),
        "AQ" => ("der ", "Antarktis"),
        "AX" => ("den ", "Åland-Inseln"),
        "BS" => ("den ", "Bahamas"),
        "BV" => ("der ", "Bouvet-Insel"),
        "CC" => ("den ", "Kokosinseln"),
        "CD" => ("der ", "DR Kongo"),
        "CF" => ("der ", "Zentralafrikanischen Republik"),
        "CG" => ("dem ", "Kongo"),
        "CH" => ("der ", "Schweiz"),
        "CK" => ("den ", "Cookinseln"),
        "CX" => ("der ", "Weihnachtsinsel"),
        "DO" => ("der ", "Dominikanischen Republik"),
        "EH" => ("der ", "Westsahara"),
        "FK" => ("den ", "Falklandinseln"),
        "FO" => ("den ", "Färöer-Inseln"),
        "GB" => ("dem ", "Vereinigten Königreich"),
        "IM" => ("der ", "Insel Man"),
        "IQ" => ("dem ", "Irak"),
        "IR" => ("dem ", "Iran"),
        "KM" => ("den ", "Komoren"),
        "KY" => ("den ", "Cayman-Inseln"),
        "LB" => ("dem ", "Libanon"),
        "MH" => ("den ", "Marshallinseln"),
        "MN" => ("der ", "Mongolei"),
        "MP" => ("den ", "Nördlichen Marianen"),
        "MV" => ("den ", "Malediven"),
        "NF" => ("der ", "Norfolkinsel"),
        "NL" => ("den ", "Niederlanden"),
        "PH" => ("den ", "Philippinen"),
        "SB" => ("den ", "Salomonen"),
        "SC" => ("den ", "Seychellen"),
        "SD" => ("dem ", "Sudan"),
        "SK" => ("der ", "Slowakei"),
        "SS" => ("dem ", "Südsudan"),
        "TC" => ("den ", "Turks- und Caicosinseln"),
        "TD" => ("dem ", "Tschad"),
        "TR" => ("der ", "Türkei"),
        "UA" => ("der ", "Ukraine"),
        "US" => ("den ", "USA"),
        "VA" => ("der ", "Vatikanstadt"),
        "VG" => ("den ", "Britischen Jungferninseln"),
        "VI" => ("den ", "Amerikanischen Jungferninseln"),
        "YE" => ("dem ", "Jemen"),
        _ => return None,
    })
}
