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

/// The light theme's shades, in the order of [`PALETTE`]; the pages' tokens have the same.
const SHADES: [u32; 16] = [
    0x2534ac, 0xdb444a, 0x00a47d, 0x673f83, 0xa79000, 0x1382b1, 0x930e38, 0x154f09, 0x9270ed, 0x7d571c,
    0x207776, 0x6c064c, 0x73780f, 0x5b0a82, 0x4d1f03, 0x4b5961,
];

/// Lightness, and two axes of hue, in which distances are as people see them (OKLab).
type Lab = [f64; 3];

/// The colour for a new territory: of those that no territory has the farthest from its neighbours' colours; where
/// all are handed out, of those that no neighbour has the one that is used least. Ties go by the order of the palette.
pub fn free<'a>(
    all: impl IntoIterator<Item = &'a str>,
    neighbours: impl IntoIterator<Item = &'a str>,
) -> &'static str {
    let (all, neighbours) = (count(all), count(neighbours));
    let named = || PALETTE.into_iter().zip(SHADES);
    let near: Vec<Lab> =
        named().filter(|(name, _)| neighbours.contains_key(name)).map(|(_, shade)| lab(shade)).collect();
    let rank = |name: &str, shade: u32| {
        let of = |counts: &HashMap<&str, usize>| counts.get(name).copied().unwrap_or_default();
        // Without neighbours, every colour is as far away.
        let closest = near.iter().map(|other| distance(lab(shade), *other)).fold(1.0, f64::min);
        (of(&neighbours), of(&all), closest)
    };
    let best = named().min_by(|a, b| {
        let (a, b) = (rank(a.0, a.1), rank(b.0, b.1));
        (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2))
    });
    best.map_or(PALETTE[0], |(name, _)| name)
}

/// OKLab of an sRGB colour, with the matrices of its author (Ottosson 2020).
fn lab(shade: u32) -> Lab {
    let channel = |shift: u32| {
        let value = f64::from((shade >> shift) & 0xff) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let (red, green, blue) = (channel(16), channel(8), channel(0));
    let cone = |r: f64, g: f64, b: f64| (r * red + g * green + b * blue).cbrt();
    let long = cone(0.4122214708, 0.5363325363, 0.0514459929);
    let medium = cone(0.2119034982, 0.6806995451, 0.1073969566);
    let short = cone(0.0883024619, 0.2817188376, 0.6299787005);
    [
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    ]
}

fn distance(a: Lab, b: Lab) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
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
    fn without_neighbours_colours_are_handed_out_in_order() {
        assert_eq!(free([], []), "enzian");
        assert_eq!(free(["enzian", "moos"], []), "ahorn");
        assert_eq!(free(PALETTE.into_iter().chain(["enzian"]), []), "ahorn");
    }

    #[test]
    fn a_new_colour_is_the_farthest_from_its_neighbours_of_those_that_are_free() {
        let color = free(["enzian", "tanne"], ["enzian", "tanne"]);
        let shade = |name: &str| {
            let place = PALETTE.iter().position(|known| *known == name).expect("a colour");
            lab(SHADES[place])
        };
        let closest =
            |name| distance(shade(name), shade("enzian")).min(distance(shade(name), shade("tanne")));
        for other in PALETTE.into_iter().filter(|name| !["enzian", "tanne", color].contains(name)) {
            assert!(closest(other) <= closest(color), "{other} is farther than {color}");
        }
    }

    #[test]
    fn a_colour_that_is_used_again_never_stands_next_to_itself() {
        assert_eq!(free(PALETTE, PALETTE.into_iter().filter(|name| *name != "see")), "see");
        let color = free(PALETTE.into_iter().chain(["moos"]), ["enzian", "ahorn"]);
        assert!(!["enzian", "ahorn", "moos"].contains(&color), "{color}");
    }

    #[test]
    fn distances_are_those_that_the_palette_was_chosen_by() {
        let [white, black] = [0xffffff, 0].map(lab);
        assert!((distance(white, black) - 1.0).abs() < 1e-3);
        for (at, &one) in SHADES.iter().enumerate() {
            for &other in &SHADES[at + 1..] {
                assert!(distance(lab(one), lab(other)) >= 0.06, "{one:06x} {other:06x}");
            }
        }
    }
}
