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
    /// The first of them that gets the leads of at least half of the area whatever else they hold; where there is
    /// none, the first.
    pub main: Option<Uuid>,
    /// Those whose rules take every lead of at least half of the area, whoever is tried before.
    pub claims: Vec<Uuid>,
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
    let mut main: Vec<Option<Uuid>> = vec![None; weights.len()];
    let mut claims: Vec<Vec<Uuid>> = vec![Vec::new(); weights.len()];
    for row in tree.in_order().into_iter().filter(|row| row.is_active) {
        let Some(page) = atlas.page(row.id) else { continue };
        let mut here: HashMap<usize, u32> = HashMap::new();
        for at in page.reach.could.iter().map(|at| at as usize).filter(|&at| !taken[at]) {
            reached[at] = true;
            if let Some(area) = spots.all[at].area(map) {
                *here.entry(area).or_default() += spots.all[at].weight;
            }
        }
        let (mut claimed, mut got): (HashMap<usize, u32>, HashMap<usize, u32>) = Default::default();
        for at in page.reach.surely.iter().map(|at| at as usize) {
            if let Some(area) = spots.all[at].area(map) {
                *claimed.entry(area).or_default() += spots.all[at].weight;
                *got.entry(area).or_default() += if taken[at] { 0 } else { spots.all[at].weight };
            }
            taken[at] = true;
        }
        let is_half = |&(&area, &weight): &(&usize, &u32)| weight * 2 >= spots.weight(map, area);
        for (&area, _) in claimed.iter().filter(is_half) {
            claims[area].push(row.id);
        }
        for (&area, _) in got.iter().filter(is_half) {
            main[area] = main[area].or(Some(row.id));
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
    let mut share = |(area, weights): (usize, Vec<(Uuid, u32)>)| {
        let all = spots.weight(map, area);
        let half = |&&(_, weight): &&(Uuid, u32)| weight * 2 >= all;
        let mut territories: Vec<Uuid> = weights.iter().filter(half).map(|&(id, _)| id).collect();
        if territories.is_empty() && without[area] * 2 < all {
            // The first of several with as much.
            let most = weights.iter().rev().max_by_key(|&&(_, weight)| weight);
            territories.extend(most.map(|&(id, _)| id));
        }
        let main = main[area].or_else(|| territories.first().copied());
        let claims = std::mem::take(&mut claims[area]);
        Share {
            area,
            territories,
            main,
            claims,
            without_percent: (without[area] * 100).checked_div(all).unwrap_or(100),
        }
    };
    weights.into_iter().enumerate().map(&mut share).collect()
}
