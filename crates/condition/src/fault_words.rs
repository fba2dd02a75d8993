//! Faults in sentences: what stands there, why it does not work, and what to write instead. For the
//! command line and for `detail` of problem documents; the web words the codes itself.
//! English begins small and has no full stop, since it follows a place; German has whole sentences.
//! Uses: fault.

use crate::fault::{Code, Fault};
use crate::say::Language;

impl Fault {
    /// Words the fault, without saying where.
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::German => self.german(),
            Language::English => self.english(),
        }
    }

    fn german(&self) -> String {
        let Fault { value, expected, .. } = self;
        match self.code {
            Code::NotJson => format!("Der Text ist kein JSON: {value}. Fehlt ein Komma oder eine Klammer?"),
            Code::NotACondition => format!(
                "„{value}“ ist keine Bedingung. Erwartet wird ein Objekt mit einem dieser Schlüssel: {expected}."
            ),
            Code::UnknownKey => {
                format!("Den Schlüssel „{value}“ gibt es hier nicht. Möglich sind: {expected}.")
            }
            Code::MissingKey => format!("Der Schlüssel „{expected}“ fehlt."),
            Code::NotAList => format!("„{value}“ ist keine Liste. Setzen Sie die Werte in eckige Klammern."),
            Code::TooDeep => {
                format!("Die Gruppen sind {value} tief verschachtelt. Höchstens {expected} sind möglich.")
            }
            Code::TooManyValues => {
                format!("Die Regel hat mehr als {expected} Werte. Teilen Sie sie in mehrere Regeln auf.")
            }
            Code::NoValues => format!("Zu „{value}“ fehlen die Werte. Geben Sie mindestens einen an."),
            Code::WrongValueCount if expected == "0" => {
                "Hier steht kein Wert. Lassen Sie die Liste leer.".to_owned()
            }
            Code::WrongValueCount => format!("Hier stehen {value} Werte. Nötig: {expected}."),
            Code::UnknownOperator => {
                format!("Den Operator „{value}“ gibt es nicht. Möglich sind: {expected}.")
            }
            Code::OperatorNotForField => {
                format!("Den Operator „{value}“ kennt dieses Feld nicht. Möglich sind: {expected}.")
            }
            Code::NotAText => format!("{value} ist kein Text. Setzen Sie den Wert in Anführungszeichen."),
            Code::EmptyText => "Der Text ist leer. Geben Sie einen Wert an.".to_owned(),
            Code::NotAWholeNumber => format!("„{value}“ ist keine ganze Zahl."),
            Code::NotADecimal => format!("„{value}“ ist keine Zahl. Schreiben Sie zum Beispiel 12.5."),
            Code::NotAnAmount => format!(
                "„{value}“ ist kein Betrag. Schreiben Sie zum Beispiel {{\"amount\": \"1234.50\", \"currency\": \"EUR\"}}."
            ),
            Code::TooManyDecimals => format!("„{value}“ hat mehr als {expected} Stellen nach dem Komma."),
            Code::NotADate => format!("„{value}“ ist kein Datum. Schreiben Sie zum Beispiel 2026-11-24."),
            Code::NotADateTime => format!(
                "„{value}“ ist kein Zeitpunkt. Schreiben Sie zum Beispiel 2026-11-24T14:05:00Z oder 2026-11-24."
            ),
            Code::NotYesNo => format!("„{value}“ ist weder true noch false."),
            Code::NotADayCount => {
                format!(
                    "„{value}“ ist keine Anzahl von Tagen. Möglich sind ganze Zahlen von 1 bis {expected}."
                )
            }
            Code::NumberTooLarge => format!("„{value}“ ist zu groß. Höchstens {expected} ist möglich."),
            Code::BetweenReversed => format!(
                "Die untere Grenze {value} liegt nicht unter der oberen Grenze {expected}. Vertauschen Sie die beiden."
            ),
            Code::TwoCurrencies => {
                format!("Die Grenzen stehen in {expected} und {value}. Nehmen Sie für beide eine Währung.")
            }
            Code::NotAPostcodeRange => format!(
                "„{value}“ ist kein Bereich von Postleitzahlen. Schreiben Sie zum Beispiel 80000-87999."
            ),
            Code::PostcodeRangeLengths => {
                format!("Die Enden von „{value}“ haben verschieden viele Stellen. Fehlt vorn eine Null?")
            }
            Code::PostcodeRangeReversed => {
                format!("„{value}“ beginnt mit dem größeren Ende. Vertauschen Sie die beiden.")
            }
            Code::NotACircle => {
                format!("„{value}“ ist kein Umkreis. Nötig sind die Schlüssel {expected}.")
            }
            Code::NotALatitude => {
                format!(
                    "„{value}“ ist keine geografische Breite. Möglich sind −{expected} bis {expected} Grad."
                )
            }
            Code::NotALongitude => {
                format!(
                    "„{value}“ ist keine geografische Länge. Möglich sind −{expected} bis {expected} Grad."
                )
            }
            Code::NotADistance => {
                format!("„{value}“ ist keine Entfernung. Möglich sind 0.001 bis {expected} km.")
            }
            Code::NotAPostcode => {
                format!("„{value}“ ist keine Postleitzahl. Sie besteht aus Ziffern und Buchstaben.")
            }
            Code::NotAUrl => {
                format!("„{value}“ ist keine Webadresse. Schreiben Sie zum Beispiel https://example.com.")
            }
            Code::NotAnEmail => {
                format!("„{value}“ ist keine E-Mail-Adresse. Schreiben Sie zum Beispiel info@example.com.")
            }
            Code::NotAPhone => format!(
                "„{value}“ ist keine Telefonnummer mit Ländervorwahl. Schreiben Sie zum Beispiel +49 89 1234567."
            ),
            Code::NotAnAreaCode => {
                format!("„{value}“ ist keine Vorwahl mit Land. Schreiben Sie zum Beispiel +4989.")
            }
            Code::UnknownField if !expected.is_empty() => {
                format!("Das Feld „{value}“ gibt es nicht. Ist „{expected}“ gemeint?")
            }
            Code::UnknownField => format!(
                "Das Feld „{value}“ gibt es nicht. Legen Sie es in den Einstellungen an oder löschen Sie das Kriterium."
            ),
            Code::FieldNotForRules => {
                format!("„{value}“ führt Revier selbst. Regeln können es nicht lesen, nur Filter.")
            }
            Code::UnknownChoice if expected.is_empty() => {
                format!(
                    "Den Wert „{value}“ gibt es in diesem Feld nicht. Legen Sie ihn in den Einstellungen an."
                )
            }
            Code::UnknownChoice => {
                format!("Den Wert „{value}“ gibt es in diesem Feld nicht. Möglich sind: {expected}.")
            }
            Code::UnknownCountry => {
                format!(
                    "Das Land „{value}“ ist nicht bekannt. Schreiben Sie den Namen oder das Kürzel, zum Beispiel DE."
                )
            }
            Code::UnknownState => {
                format!(
                    "Das Bundesland „{value}“ ist nicht bekannt. Schreiben Sie das Kürzel, zum Beispiel DE-BY."
                )
            }
            Code::AmbiguousState => {
                format!("„{value}“ gibt es in mehreren Ländern. Welches ist gemeint: {expected}?")
            }
            Code::UnknownCurrency => {
                format!("Die Währung „{value}“ gibt es nicht. Schreiben Sie das Kürzel, zum Beispiel EUR.")
            }
            Code::UnknownPostcode => {
                format!(
                    "Die Postleitzahl „{value}“ ist in {expected} nicht bekannt. Nehmen Sie eine aus der Nähe."
                )
            }
            Code::PostcodesEmpty => {
                "Hier steht keine Postleitzahl. Schreiben Sie zum Beispiel 80–87, 88131.".to_owned()
            }
            Code::PostcodesUnknownWord => format!(
                "„{value}“ ist keine Postleitzahl. Möglich sind Ziffern, x und *, dazu bis, und, ohne und außer."
            ),
            Code::PostcodesUnknownCharacter => {
                format!(
                    "„{value}“ hat hier keine Bedeutung. Trennen Sie mit Komma, und verbinden Sie Bereiche mit –."
                )
            }
            Code::PostcodesCodeMissing => {
                format!(
                    "In „{value}“ fehlt eine Postleitzahl. Ergänzen Sie sie, oder löschen Sie das Zeichen davor."
                )
            }
            Code::PostcodesSeparatorMissing => {
                format!("Vor „{value}“ fehlt ein Komma oder ein Bindestrich.")
            }
            Code::PostcodesTooLong => {
                format!("„{value}“ ist zu lang. Postleitzahlen haben hier {expected} Stellen.")
            }
            Code::PostcodesRangeReversed => {
                format!("„{value}“ beginnt mit dem größeren Ende. Vertauschen Sie die beiden.")
            }
            Code::PostcodesWildcardInRange => {
                format!(
                    "In „{value}“ steht ein Platzhalter vor einer Ziffer. In Bereichen gehen x und * nur am Ende."
                )
            }
            Code::PostcodesTwoStars => {
                format!("„{value}“ hat zwei Sterne. Setzen Sie für einzelne Ziffern x ein.")
            }
            Code::PostcodesNothingToTakeFrom => {
                "Vor „ohne“ steht nichts, wovon sich etwas wegnehmen lässt. Beginnen Sie zum Beispiel mit *."
                    .to_owned()
            }
            Code::PostcodesTooMany => {
                format!("„{value}“ zerfällt in zu viele Bereiche. Setzen Sie Platzhalter ans Ende.")
            }
        }
    }

    fn english(&self) -> String {
        let Fault { value, expected, .. } = self;
        match self.code {
            Code::NotJson => format!("the text is not JSON: {value}"),
            Code::NotACondition => {
                format!("\"{value}\" is not a condition; write an object with one of the keys {expected}")
            }
            Code::UnknownKey => format!("the key \"{value}\" is not known here; possible are {expected}"),
            Code::MissingKey => format!("the key \"{expected}\" is missing"),
            Code::NotAList => format!("\"{value}\" is not a list; put the values in square brackets"),
            Code::TooDeep => format!("the groups are nested {value} deep; at most {expected} are possible"),
            Code::TooManyValues => {
                format!("the rule has more than {expected} values; make several rules of it")
            }
            Code::NoValues => format!("\"{value}\" has no values; give at least one"),
            Code::WrongValueCount if expected == "0" => {
                "no value belongs here; leave the list empty".to_owned()
            }
            Code::WrongValueCount => format!("here are {value} values; needed: {expected}"),
            Code::UnknownOperator => {
                format!("there is no operator \"{value}\"; possible are {expected}")
            }
            Code::OperatorNotForField => {
                format!("this field does not know the operator \"{value}\"; possible are {expected}")
            }
            Code::NotAText => format!("{value} is not a text; put it in quotation marks"),
            Code::EmptyText => "the text is empty; give a value".to_owned(),
            Code::NotAWholeNumber => format!("\"{value}\" is not a whole number"),
            Code::NotADecimal => format!("\"{value}\" is not a number, such as 12.5"),
            Code::NotAnAmount => format!(
                "\"{value}\" is not an amount, such as {{\"amount\": \"1234.50\", \"currency\": \"EUR\"}}"
            ),
            Code::TooManyDecimals => format!("\"{value}\" has more than {expected} decimals"),
            Code::NotADate => format!("\"{value}\" is not a date, such as 2026-11-24"),
            Code::NotADateTime => {
                format!("\"{value}\" is not a time, such as 2026-11-24T14:05:00Z or 2026-11-24")
            }
            Code::NotYesNo => format!("\"{value}\" is neither true nor false"),
            Code::NotADayCount => {
                format!(
                    "\"{value}\" is not a number of days; possible are whole numbers from 1 to {expected}"
                )
            }
            Code::NumberTooLarge => format!("\"{value}\" is too large; at most {expected} is possible"),
            Code::BetweenReversed => {
                format!("the lower end {value} is not below the upper end {expected}; swap them")
            }
            Code::TwoCurrencies => {
                format!("the ends are in {expected} and {value}; use one currency for both")
            }
            Code::NotAPostcodeRange => {
                format!("\"{value}\" is not a range of postcodes, such as 80000-87999")
            }
            Code::PostcodeRangeLengths => {
                format!("the ends of \"{value}\" have different lengths; is a leading zero missing")
            }
            Code::PostcodeRangeReversed => format!("\"{value}\" begins with the greater end; swap them"),
            Code::NotACircle => format!("\"{value}\" is not a circle; needed are the keys {expected}"),
            Code::NotALatitude => {
                format!("\"{value}\" is not a latitude; possible are -{expected} to {expected} degrees")
            }
            Code::NotALongitude => {
                format!("\"{value}\" is not a longitude; possible are -{expected} to {expected} degrees")
            }
            Code::NotADistance => {
                format!("\"{value}\" is not a distance; possible are 0.001 to {expected} km")
            }
            Code::NotAPostcode => format!("\"{value}\" is not a postcode; use digits and letters"),
            Code::NotAUrl => format!("\"{value}\" is not an address on the web, such as https://example.com"),
            Code::NotAnEmail => format!("\"{value}\" is not an e-mail address, such as info@example.com"),
            Code::NotAPhone => {
                format!("\"{value}\" is not a phone number with its country code, such as +49 89 1234567")
            }
            Code::NotAnAreaCode => format!("\"{value}\" is not an area code with its country, such as +4989"),
            Code::UnknownField if !expected.is_empty() => {
                format!("there is no field \"{value}\"; did you mean \"{expected}\"")
            }
            Code::UnknownField => {
                format!("there is no field \"{value}\"; add it in the settings or delete the criterion")
            }
            Code::FieldNotForRules => {
                format!("Revier keeps \"{value}\" itself; rules cannot read it, only filters can")
            }
            Code::UnknownChoice if expected.is_empty() => {
                format!("this field has no value \"{value}\"; add it in the settings")
            }
            Code::UnknownChoice => format!("this field has no value \"{value}\"; possible are {expected}"),
            Code::UnknownCountry => {
                format!("there is no country \"{value}\"; write its name or its code, such as DE")
            }
            Code::UnknownState => format!("there is no state \"{value}\"; write its code, such as DE-BY"),
            Code::AmbiguousState => {
                format!("several countries have a state \"{value}\"; write one of {expected}")
            }
            Code::UnknownCurrency => {
                format!("there is no currency \"{value}\"; write its code, such as EUR")
            }
            Code::UnknownPostcode => {
                format!("the postcode \"{value}\" is not known in {expected}; take one nearby")
            }
            Code::PostcodesEmpty => "there is no postcode here; write for example 80-87, 88131".to_owned(),
            Code::PostcodesUnknownWord => format!(
                "\"{value}\" is not a postcode; possible are digits, x and *, and the words to, and, without, except"
            ),
            Code::PostcodesUnknownCharacter => {
                format!("\"{value}\" has no meaning here; separate with commas and join ranges with -")
            }
            Code::PostcodesCodeMissing => {
                format!("a postcode is missing in \"{value}\"; add it or delete the sign before it")
            }
            Code::PostcodesSeparatorMissing => format!("a comma or a hyphen is missing before \"{value}\""),
            Code::PostcodesTooLong => {
                format!("\"{value}\" is too long; postcodes have {expected} digits here")
            }
            Code::PostcodesRangeReversed => format!("\"{value}\" begins with the greater end; swap them"),
            Code::PostcodesWildcardInRange => {
                format!("\"{value}\" has a wildcard before a digit; in ranges x and * only stand at the end")
            }
            Code::PostcodesTwoStars => format!("\"{value}\" has two stars; use x for single digits"),
            Code::PostcodesNothingToTakeFrom => {
                "nothing stands before \"without\" to take from; begin for example with *".to_owned()
            }
            Code::PostcodesTooMany => {
                format!("\"{value}\" falls apart into too many ranges; put wildcards at the end")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_sentence_in_both_languages() {
        let mut said = Vec::new();
        for &code in Code::ALL {
            let fault = Fault::at("/all/0", code, "WERT").expecting("RICHTIG");
            let (german, english) = (fault.words(Language::German), fault.words(Language::English));
            assert!(
                german.ends_with(['.', '?']) && !german.contains(['!', '"']) || german.contains("{\""),
                "{german}"
            );
            assert!(!english.ends_with(['.', '!']), "{english}");
            said.push(format!("{}\n  {german}\n  {english}", code.name()));
        }
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(said.join("\n"));
        });
    }

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
