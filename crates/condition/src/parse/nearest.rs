//! What somebody probably meant: the known name that is a few letters away.

/// Letters that may be wrong.
const DISTANCE_MAX: usize = 2;
/// Longer words are nobody's slip of the pen.
const LETTERS_MAX: usize = 40;

/// Finds the known name that is nearest, if it is near; of equally near ones the first.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(LETTERS_MAX + 1).collect();
    // A third of the letters must be right, or `a` would be `id`.
    let most = DISTANCE_MAX.min(word.len() / 3);
    let near = known.map(|name| (distance(&word, name), name)).filter(|&(distance, _)| distance <= most);
    near.min_by_key(|&(distance, _)| distance).map(|(_, name)| name)
}

/// Letters to put in, take out or change (Levenshtein).
fn distance(word: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (line, letter) in name.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, other) in word.iter().enumerate() {
            let change = diagonal + usize::from(*other != letter);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[word.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        let known = ["employees", "postcode", "score", "state", "status", "custom.machines"];
        for (word, meant) in [
            ("employes", Some("employees")),
            ("Postcode", Some("postcode")),
            ("post_code", Some("postcode")),
            ("stats", Some("state")),
            ("custom.machine", Some("custom.machines")),
            ("turnover", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()), meant, "{word}");
        }
    }
}
