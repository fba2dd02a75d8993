//! The sixteen territory colours, by name, in the order in which they are handed out.

use std::collections::HashMap;

pub const PALETTE: [&str; 16] = [
    "enzian",
    "ahorn",
    "moos",
    "holunder",
    "ginster",
    "eisvogel",
    "hagebutte",
    "tanne",
    "schlehe",
    "harz",
    "see",
    "heide",
    "farn",
    "flieder",
    "fuchs",
    "schiefer",
];

/// The colour that is used least: first by the territories next to the new one, then by all.
pub fn free<'a>(
    all: impl IntoIterator<Item = &'a str>,
    neighbours: impl IntoIterator<Item = &'a str>,
) -> &'static str {
    let (all, neighbours) = (count(all), count(neighbours));
    let uses = |color: &str| {
        let of = |counts: &HashMap<&str, usize>| counts.get(color).copied().unwrap_or_default();
        (of(&neighbours), of(&all))
    };
    PALETTE.into_iter().min_by_key(|color| uses(color)).unwrap_or(PALETTE[0])
}

fn count<'a>(colors: impl IntoIterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for color in colors {
        *counts.entry(color).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_handed_out_in_order_and_reused_away_from_neighbours() {
        assert_eq!(free([], []), "enzian");
        assert_eq!(free(["enzian", "moos"], []), "ahorn");
        assert_eq!(free(PALETTE, ["enzian", "ahorn"]), "moos");
        let all = PALETTE.into_iter().chain(["moos"]);
        assert_eq!(free(all, ["enzian", "ahorn"]), "holunder");
    }
}
