//! Names of companies: compared without their legal form, and as they stand in running text.

/// Words that tell the legal form, and nothing of the name.
const FORMS: [&str; 29] = [
    "ag",
    "se",
    "gmbh",
    "kg",
    "kgaa",
    "co",
    "mbh",
    "ug",
    "inc",
    "corp",
    "corporation",
    "company",
    "companies",
    "incorporated",
    "ltd",
    "limited",
    "plc",
    "llc",
    "lp",
    "nv",
    "sa",
    "group",
    "holding",
    "holdings",
    "the",
    "aktiengesellschaft",
    "and",
    "und",
    "trust",
];
/// What exchanges add to a company's name.
const ENDINGS: [&str; 9] = [
    " Common Stock",
    " Common Shares",
    " Ordinary Shares",
    " Class A",
    " Class B",
    " Class C",
    " (The)",
    " Inh.",
    " Vz",
];
/// Words that stay small in titles.
const SMALL: [&str; 10] = ["of", "the", "and", "for", "in", "at", "on", "to", "a", "&"];
/// Words that stay large.
const LARGE: [&str; 12] = ["LLC", "USA", "US", "PO", "NE", "NW", "SE", "SW", "II", "III", "NFIB", "ND"];

/// The name as two sources would both write it.
pub(super) fn folded(name: &str) -> String {
    let letters: String =
        name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = letters.split_whitespace().filter(|word| !FORMS.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// The name without what an exchange has added.
pub(super) fn without_ending(name: &str) -> &str {
    let mut name = name.trim();
    while let Some(shorter) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) {
        name = shorter.trim_end_matches([',', ' ']);
    }
    name
}

/// Capitals only at the beginnings of words, for sources that shout.
pub(super) fn titled(text: &str) -> String {
    let word = |(at, word): (usize, &str)| {
        let lower = word.to_lowercase();
        if LARGE.contains(&word) {
            word.to_owned()
        } else if at > 0 && SMALL.contains(&lower.as_str()) {
            lower
        } else {
            let mut letters = lower.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            first + letters.as_str()
        }
    };
    text.split_whitespace().enumerate().map(word).collect::<Vec<_>>().join(" ")
}

/// The same number for the same text, on every machine and in every release (FNV-1a, 64 bits).
pub(super) fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    // Its last bits depend on few of the text's; a finaliser (SplitMix64) spreads them.
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_their_legal_form() {
        assert_eq!(folded("The AES Corporation"), folded("AES Corp."));
        assert_eq!(folded("Fresenius SE & Co. KGaA"), "fresenius");
        assert_eq!(without_ending("Mastercard Incorporated Class A"), "Mastercard Incorporated");
        assert_eq!(titled("ASSOCIATION OF THE US MILLS"), "Association of the US Mills");
    }
}
