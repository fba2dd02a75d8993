//! Shares: which territories could get the leads of each area of a map, tried in order.
//! Uses: maps, spots, reach.

use std::collections::HashMap;

use uuid::Uuid;

use super::Atlas;
use super::maps::Map;
use super::spots::SPOTS;
use crate::territories::tree::Tree;

/// Who could get the leads of an area.
#[derive(Debug, PartialEq)]
pub struct Share {
    pub area: usize,
    /// In the order in which they are tried.
    pub territories: Vec<Uuid>,
    /// Part of the area's places that no territory names, in hundredths.
    pub without_percent: u32,
}

/// Areas of the map in its order; only active territories of the tree count, and a territory counts in an area
/// whose leads it could get in at least half of its places, after those that are surely taken before it. Where
/// several have less, the one with most.
pub fn shares(atlas: &Atlas, tree: &Tree, map: Map) -> Vec<Share> {
    let spots = &*SPOTS;
    let mut taken = vec![false; spots.all.len()];
    let mut reached = vec![false; spots.all.len()];
    let mut weights: Vec<Vec<(Uuid, u32)>> = vec![Vec::new(); map.chart().codes.len()];
    for row in tree.in_order().into_iter().filter(|row| row.is_active) {
        let Some(page) = atlas.page(row.id) else { continue };
        let mut here: HashMap<usize, u32> = HashMap::new();
        for at in page.reach.could.iter().map(|at| at as usize).filter(|&at| !taken[at]) {
            reached[at] = true;
            if let Some(area) = spots.all[at].area(map) {
                *here.entry(area).or_default() += spots.all[at].weight;
            }
        }
        for at in page.reach.surely.iter() {
            taken[at as usize] = true;
        }
        for (area, weight) in here {
            weights[area].push((row.id, weight));
        }
    }
    let mut without = vec![0; weights.len()];
    for (spot, _) in spots.all.iter().zip(&reached).filter(|&(_, is_reached)| !is_reached) {
        if let Some(area) = spot.area(map) {
            without[area] += spot.weight;
        }
    }
    let share = |(area, weights): (usize, Vec<(Uuid, u32)>)| {
        let all = spots.weight(map, area);
        let half = |&&(_, weight): &&(Uuid, u32)| weight * 2 >= all;
        let mut territories: Vec<Uuid> = weights.iter().filter(half).map(|&(id, _)| id).collect();
        if territories.is_empty() && without[area] * 2 < all {
            // The first of several with as much.
            let most = weights.iter().rev().max_by_key(|&&(_, weight)| weight);
            territories.extend(most.map(|&(id, _)| id));
        }
        Share { area, territories, without_percent: (without[area] * 100).checked_div(all).unwrap_or(100) }
    };
    weights.into_iter().enumerate().map(share).collect()
}
