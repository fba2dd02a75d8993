//! The maps of `data/maps`: areas by their code, as chains of arcs that neighbours share. The pages draw the same.
//! Never projects anything: coordinates are pixels already.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use utoipa::ToSchema;

/// A map, by the name of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, ToSchema)]
pub enum Map {
    #[serde(rename = "dach-states")]
    DachStates,
    #[serde(rename = "dach-postcodes-1")]
    DachPostcodes1,
    #[serde(rename = "dach-postcodes-2")]
    DachPostcodes2,
    #[serde(rename = "dach-postcodes-3")]
    DachPostcodes3,
    #[serde(rename = "us-states")]
    UsStates,
    #[serde(rename = "us-counties")]
    UsCounties,
    #[serde(rename = "world")]
    World,
}

impl Map {
    /// From the coarsest to the finest of each region, the world last.
    pub const ALL: [Map; 7] = [
        Map::DachStates,
        Map::UsStates,
        Map::DachPostcodes1,
        Map::DachPostcodes2,
        Map::DachPostcodes3,
        Map::UsCounties,
        Map::World,
    ];

    /// The map's areas and borders.
    pub fn chart(self) -> &'static Chart {
        &CHARTS[self.place()]
    }

    /// The map's place in [`Map::ALL`].
    pub fn place(self) -> usize {
        Map::ALL.iter().position(|&map| map == self).unwrap_or_default()
    }

    /// How many digits of a German postcode the areas' codes hold.
    pub fn digits(self) -> Option<usize> {
        match self {
            Map::DachPostcodes1 => Some(1),
            Map::DachPostcodes2 => Some(2),
            Map::DachPostcodes3 => Some(3),
            _ => None,
        }
    }

    fn text(self) -> &'static str {
        macro_rules! file {
            ($name:literal) => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/maps/", $name, ".json"))
            };
        }
        match self {
            Map::DachStates => file!("dach-states"),
            Map::DachPostcodes1 => file!("dach-postcodes-1"),
            Map::DachPostcodes2 => file!("dach-postcodes-2"),
            Map::DachPostcodes3 => file!("dach-postcodes-3"),
            Map::UsStates => file!("us-states"),
            Map::UsCounties => file!("us-counties"),
            Map::World => file!("world"),
        }
    }
}

static CHARTS: LazyLock<Vec<Chart>> =
    LazyLock::new(|| Map::ALL.iter().map(|map| Chart::read(map.text())).collect());

/// A point in whole steps of the map's grid.
type Step = (i32, i32);

/// Areas and their borders.
pub struct Chart {
    /// Codes of the areas: `DE`, `DE-BY`, `DE 80`, `US 06037`.
    pub codes: Vec<String>,
    by_code: HashMap<String, usize>,
    /// Per area the arcs of its rings; those that run backwards as in TopoJSON, `!arc`.
    rings: Vec<Vec<Vec<i32>>>,
    arcs: Vec<Vec<Step>>,
    scale: (f64, f64),
}

#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    objects: Objects,
    arcs: Vec<Vec<Step>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: (f64, f64),
}

#[derive(Deserialize)]
struct Objects {
    areas: Areas,
}

#[derive(Deserialize)]
struct Areas {
    geometries: Vec<Geometry>,
}

/// The world's map has shapes without a code: countries that ISO does not know.
#[derive(Deserialize)]
struct Geometry {
    #[serde(default)]
    id: String,
    #[serde(flatten)]
    shape: Option<Shape>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Shape {
    Polygon(Vec<Vec<i32>>),
    MultiPolygon(Vec<Vec<Vec<i32>>>),
}

impl Chart {
    fn read(text: &str) -> Chart {
        let Topology { transform, objects, arcs } = serde_json::from_str(text).expect("our own file");
        let arcs = arcs.into_iter().map(|arc| {
            let mut at = (0, 0);
            let steps = arc.into_iter().map(|(x, y)| {
                at = (at.0 + x, at.1 + y);
                at
            });
            steps.collect()
        });
        let mut chart = Chart {
            codes: Vec::new(),
            by_code: HashMap::new(),
            rings: Vec::new(),
            arcs: arcs.collect(),
            scale: transform.scale,
        };
        for Geometry { id, shape } in objects.areas.geometries {
            let rings = match shape {
                Some(Shape::Polygon(rings)) => rings,
                Some(Shape::MultiPolygon(polygons)) => polygons.into_iter().flatten().collect(),
                None => continue,
            };
            chart.by_code.insert(id.clone(), chart.codes.len());
            chart.codes.push(id);
            chart.rings.push(rings);
        }
        chart
    }

    pub fn area(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// The borders of the areas taken together, in pixels: what two of them share is no border.
    pub fn union(&self, areas: impl IntoIterator<Item = usize>) -> Vec<Vec<(f64, f64)>> {
        let mut open: HashMap<i32, i32> = HashMap::new();
        for arc in areas.into_iter().flat_map(|area| self.rings[area].iter().flatten().copied()) {
            // Neighbours run along their border in opposite directions.
            if open.remove(&!arc).is_none() {
                open.insert(arc, arc);
            }
        }
        let mut from: HashMap<Step, Vec<i32>> = HashMap::new();
        let mut sorted: Vec<i32> = open.into_keys().collect();
        sorted.sort_unstable();
        for &arc in &sorted {
            from.entry(self.ends(arc).0).or_default().push(arc);
        }
        let mut rings = Vec::new();
        for &first in &sorted {
            let mut ring: Vec<Step> = Vec::new();
            let mut next = take(&mut from, self.ends(first).0, Some(first));
            while let Some(arc) = next {
                let steps = self.arc(arc);
                ring.extend(&steps[..steps.len() - 1]);
                next = take(&mut from, self.ends(arc).1, None);
            }
            if ring.len() > 2 {
                let pixel = |(x, y): Step| (f64::from(x) * self.scale.0, f64::from(y) * self.scale.1);
                rings.push(ring.into_iter().map(pixel).collect());
            }
        }
        rings
    }

    /// Pairs of areas that share a border.
    pub fn neighbours(&self) -> Vec<(usize, usize)> {
        let mut by_arc: HashMap<i32, usize> = HashMap::new();
        let mut pairs = Vec::new();
        for (area, rings) in self.rings.iter().enumerate() {
            for &arc in rings.iter().flatten() {
                pairs.extend(by_arc.get(&!arc).filter(|&&other| other != area).map(|&other| (other, area)));
                by_arc.insert(arc, area);
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    fn arc(&self, arc: i32) -> Vec<Step> {
        let is_backwards = arc < 0;
        let steps = &self.arcs[usize::try_from(if is_backwards { !arc } else { arc }).unwrap_or_default()];
        if is_backwards { steps.iter().rev().copied().collect() } else { steps.clone() }
    }

    fn ends(&self, arc: i32) -> (Step, Step) {
        let steps = &self.arcs[usize::try_from(if arc < 0 { !arc } else { arc }).unwrap_or_default()];
        let (first, last) = (steps[0], steps[steps.len() - 1]);
        if arc < 0 { (last, first) } else { (first, last) }
    }
}

/// Takes the arc out of those that leave a point, or the last of them.
fn take(from: &mut HashMap<Step, Vec<i32>>, at: Step, which: Option<i32>) -> Option<i32> {
    let arcs = from.get_mut(&at)?;
    match which {
        None => arcs.pop(),
        Some(which) => {
            let place = arcs.iter().position(|&arc| arc == which)?;
            Some(arcs.swap_remove(place))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice the signed area, as the shoelace has it.
    fn area(ring: &[(f64, f64)]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
    }

    #[test]
    fn a_union_covers_what_its_areas_cover_together() {
        for map in Map::ALL {
            let chart = map.chart();
            for step in [1, 2, 3, 7] {
                let areas = || (0..chart.codes.len()).step_by(step);
                let apart: f64 = areas().flat_map(|one| chart.union([one])).map(|ring| area(&ring)).sum();
                let together: f64 = chart.union(areas()).iter().map(|ring| area(ring)).sum();
                // Shapes that were simplified may overlap by a hair.
                assert!((apart - together).abs() < 1e-3 * apart.abs(), "{map:?} {step}: {apart} {together}");
            }
        }
    }

    #[test]
    fn what_two_areas_share_is_no_border() {
        let chart = Map::DachPostcodes2.chart();
        let of = |codes: &[&str]| chart.union(codes.iter().map(|code| chart.area(code).expect("an area")));
        let (munich, south) = (of(&["DE 80"]), of(&["DE 80", "DE 81", "DE 82", "DE 83", "DE 85"]));
        assert_eq!((munich.len(), south.len()), (1, 1), "islands are no part of Upper Bavaria");
        let germany = chart.codes.iter().filter(|code| code.starts_with("DE ")).map(String::as_str);
        let whole = of(&germany.collect::<Vec<_>>());
        let pieces: usize = whole.iter().map(Vec::len).sum();
        let borders: usize =
            (0..chart.codes.len()).flat_map(|one| chart.union([one])).map(|ring| ring.len()).sum();
        assert!(pieces * 3 < borders, "{pieces} points around Germany of {borders} around all areas");
    }

    #[test]
    fn neighbours_share_a_border() {
        let chart = Map::DachStates.chart();
        let pairs: Vec<(&str, &str)> =
            chart.neighbours().into_iter().map(|(a, b)| (&*chart.codes[a], &*chart.codes[b])).collect();
        let are = |a, b| pairs.contains(&(a, b)) || pairs.contains(&(b, a));
        assert!(are("DE-BY", "DE-BW") && are("DE-HH", "DE-SH") && !are("DE-BY", "DE-SH"), "{pairs:?}");
    }
}
