//! Folding: two texts are equal to a rule if they fold to the same text.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// Folds a text: trimmed, NFKC, full case folding (`ß` = `ss`). Folding twice changes nothing more.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Twice, since folding may bring forth what normalises anew, and that what folds anew (D146).
    let folded: String = text.nfkc().default_case_fold().nfkc().default_case_fold().nfkc().collect();
    // NFKC makes plain spaces of fixed ones.
    let trimmed = folded.trim();
    if trimmed.len() == folded.len() { folded } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_that_people_take_for_equal_fold_alike() {
        for (text, folded) in [
            ("  Straße ", "strasse"),
            ("STRASSE", "strasse"),
            ("Bäckerei", "bäckerei"),
            ("Ba\u{308}ckerei", "bäckerei"),
            ("ﬁrma", "firma"),
            ("ＡＢＣ", "abc"),
            ("\u{a0}Köln\u{a0}", "köln"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
