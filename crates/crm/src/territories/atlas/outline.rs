//! Outlines: where a reach lies, as a small shape.
//! Uses: maps, spots, reach.

use std::fmt::Write;

use super::maps::Map;
use super::reach::Runs;
use super::spots::SPOTS;

/// The box that outlines are drawn in, in pixels.
pub const BOX: f64 = 40.0;
/// Room around the shape.
const MARGIN: f64 = 1.5;
/// How far a point may lie from the line that leaves it out, in pixels of the box.
const TOLERANCE: f64 = 0.45;
/// Rings smaller than this, in square pixels of the box, are no island that anybody sees.
const AREA_MIN: f64 = 1.5;

type Pixel = (f64, f64);

/// Draws a reach as a path in a box of 40 pixels; none where it is nowhere.
pub fn draw(could: &Runs) -> Option<String> {
    let (map, areas) = areas(could)?;
    path(map.chart().union(areas))
}

/// The map that tells the reach best, and its areas of which at least half lies in it.
///
/// A map is good enough when at most one postcode in fifty lies on the wrong side of the drawn border; of those
/// the coarsest draws the calmest line. A reach that is smaller than any area gets the area that most of it lies in.
pub fn areas(could: &Runs) -> Option<(Map, Vec<usize>)> {
    let spots = &*SPOTS;
    let all: u32 = could.iter().map(|spot| spots.all[spot as usize].weight).sum();
    let mut best: Option<(u32, Map, Vec<usize>)> = None;
    let mut most: Option<(u32, Map, usize)> = None;
    for map in Map::ALL {
        let inside = inside(map, could);
        let is_in = |area: usize| inside[area] > 0 && inside[area] * 2 >= spots.weight(map, area);
        let areas: Vec<usize> = (0..inside.len()).filter(|&area| is_in(area)).collect();
        let drawn: u32 = areas.iter().map(|&area| inside[area]).sum();
        let beyond: u32 = areas.iter().map(|&area| spots.weight(map, area) - inside[area]).sum();
        let wrong = all - drawn + beyond;
        if let Some((area, &weight)) = inside.iter().enumerate().max_by_key(|&(_, weight)| weight) {
            // The finest map that knows the place is the last but the world.
            if weight > 0 && most.is_none_or(|(known, ..)| map != Map::World && weight <= known) {
                most = Some((weight, map, area));
            }
        }
        if areas.is_empty() {
            continue;
        }
        if wrong * 50 <= all {
            return Some((map, areas));
        }
        if best.as_ref().is_none_or(|&(fewest, ..)| wrong < fewest) {
            best = Some((wrong, map, areas));
        }
    }
    best.map(|(_, map, areas)| (map, areas)).or_else(|| most.map(|(_, map, area)| (map, vec![area])))
}

/// What of each area lies in the reach.
fn inside(map: Map, could: &Runs) -> Vec<u32> {
    let mut inside = vec![0; map.chart().codes.len()];
    for spot in could.iter() {
        let spot = &SPOTS.all[spot as usize];
        if let Some(area) = spot.area(map) {
            inside[area] += spot.weight;
        }
    }
    inside
}

fn path(rings: Vec<Vec<Pixel>>) -> Option<String> {
    let rings = seen(rings);
    let points = || rings.iter().flatten();
    let (mut low, mut high) = (*points().next()?, *points().next()?);
    for &(x, y) in points() {
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let (width, height) = (high.0 - low.0, high.1 - low.1);
    let scale = (BOX - 2.0 * MARGIN) / width.max(height).max(f64::MIN_POSITIVE);
    let left = (BOX - width * scale) / 2.0;
    let top = (BOX - height * scale) / 2.0;
    let mut path = String::new();
    for ring in &rings {
        let ring: Vec<Pixel> =
            ring.iter().map(|&(x, y)| (left + (x - low.0) * scale, top + (y - low.1) * scale)).collect();
        write_ring(&mut path, &simple(&ring));
    }
    (!path.is_empty()).then_some(path)
}

/// The rings that are large enough to be seen in the box; the largest always.
fn seen(mut rings: Vec<Vec<Pixel>>) -> Vec<Vec<Pixel>> {
    rings.sort_by(|a, b| area(b).abs().total_cmp(&area(a).abs()));
    // Dropping small rings makes the box smaller and what stays larger, so the smallest goes first.
    while rings.len() > 1 {
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for &(x, y) in rings.iter().flatten() {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        let scale = BOX / (high.0 - low.0).max(high.1 - low.1).max(f64::MIN_POSITIVE);
        if rings.last().is_none_or(|ring| area(ring).abs() * scale * scale >= AREA_MIN) {
            break;
        }
        rings.pop();
    }
    rings
}

fn area(ring: &[Pixel]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
}

/// Leaves out points near the line of the others (Douglas and Peucker), from two corners that lie far apart.
fn simple(ring: &[Pixel]) -> Vec<Pixel> {
    let Some(&first) = ring.first() else { return Vec::new() };
    let distance = |&(x, y): &Pixel| (x - first.0).hypot(y - first.1);
    let far = (0..ring.len()).max_by(|&a, &b| distance(&ring[a]).total_cmp(&distance(&ring[b]))).unwrap_or(0);
    let mut closed = ring.to_vec();
    closed.push(first);
    let mut kept = vec![false; closed.len()];
    let mut open = vec![(0, far), (far, closed.len() - 1)];
    (kept[0], kept[far]) = (true, true);
    while let Some((from, to)) = open.pop() {
        let off = |at: usize| from_line(closed[at], closed[from], closed[to]);
        let Some(at) = (from + 1..to).max_by(|&a, &b| off(a).total_cmp(&off(b))) else { continue };
        if off(at) > TOLERANCE {
            kept[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    ring.iter().zip(kept).filter(|&(_, kept)| kept).map(|(&point, _)| point).collect()
}

fn from_line(point: Pixel, from: Pixel, to: Pixel) -> f64 {
    let (along, off) = ((to.0 - from.0, to.1 - from.1), (point.0 - from.0, point.1 - from.1));
    let length = along.0.hypot(along.1);
    if length == 0.0 { off.0.hypot(off.1) } else { (along.0 * off.1 - along.1 * off.0).abs() / length }
}

/// Writes a ring in tenths of a pixel, each corner from the one before; a ring without an inside is left out.
fn write_ring(path: &mut String, ring: &[Pixel]) {
    let tenths = |value: f64| (value * 10.0).round() as i32;
    let mut corners: Vec<(i32, i32)> = ring.iter().map(|&(x, y)| (tenths(x), tenths(y))).collect();
    corners.dedup();
    if corners.len() < 3 {
        return;
    }
    let mut last = (0, 0);
    for (at, &(x, y)) in corners.iter().enumerate() {
        path.push_str(match at {
            0 => "M",
            1 => "l",
            _ => " ",
        });
        let (x_step, y_step) = (x - last.0, y - last.1);
        // Writing to a text cannot fail.
        let _ = write!(path, "{},{}", f64::from(x_step) / 10.0, f64::from(y_step) / 10.0);
        last = (x, y);
    }
    path.push('z');
}
