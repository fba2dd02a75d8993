//! From one book's index to the next one's, change by change: pure.
//! Uses: rules, tree.

use std::collections::HashSet;

use ::territory::{Index, Plan, Refused, RuleId, Territory, TerritoryId};
use sea_orm::entity::prelude::*;

use super::rules::{Rule, Rules};
use crate::territories::store::territory;
use crate::territories::tree::Tree;

/// With more changes than this an index is built anew: that takes as long as some thousand changes.
const CHANGES_MAX: usize = 1_000;

/// Territories and rules at one version.
#[derive(Clone, Copy)]
pub(super) struct State<'s> {
    pub tree: &'s Tree,
    pub rules: &'s Rules,
}

/// The index of a state.
pub(super) fn built(state: State<'_>, default: Option<Uuid>) -> Index {
    let territories = state
        .tree
        .rows()
        .map(|row| Territory { rules: for_index(state.rules, row.id), ..bare(state.tree, row) });
    Index::build(&Plan { territories: territories.collect(), default_territory: default.map(id_of) })
}

/// The index after the changes of these rules and of whatever differs in the tree; none where it has to be
/// built anew.
pub(super) fn followed(
    index: &Index,
    old: State<'_>,
    new: State<'_>,
    touched: &HashSet<Uuid>,
    default: Option<Uuid>,
) -> Option<Index> {
    (touched.len() <= CHANGES_MAX).then(|| step(index, old, new, touched, default).ok()).flatten()
}

fn step(
    index: &Index,
    old: State<'_>,
    new: State<'_>,
    touched: &HashSet<Uuid>,
    default: Option<Uuid>,
) -> Result<Index, Refused> {
    let mut index = index.with_default_territory(default.map(id_of));
    let pairs = || touched.iter().map(|&id| (id, old.rules.get(id), new.rules.get(id)));
    let stays = |old: &Rule, new: &Rule| {
        (old.row.territory_id, old.row.position) == (new.row.territory_id, new.row.position)
    };
    for (id, old, new) in pairs() {
        if let Some(old) = old
            && new.is_none_or(|new| !stays(old, new))
        {
            index = index.with_rule_removed(RuleId(id.as_u128()))?;
        }
    }
    let (tree, switched) = with_tree(index, old.tree, new.tree)?;
    index = tree;

    // The lowest first: whatever comes before a rule is there when it is added.
    let is_added =
        |(_, old, new): &(Uuid, _, _)| matches!((old, new), (None, Some(_))) || moved(*old, *new, stays);
    let mut added: Vec<&Rule> =
        pairs().filter(is_added).filter_map(|(_, _, new)| new.map(AsRef::as_ref)).collect();
    added.sort_unstable_by_key(|rule| (rule.row.territory_id, rule.row.position, rule.row.id));
    for rule in added {
        let territory = id_of(rule.row.territory_id);
        index = index.with_rule_added(territory, new.rules.place(rule), &rule.for_index())?;
    }
    for (_, old, new) in pairs() {
        if let (Some(old), Some(new)) = (old, new)
            && stays(old, new)
            && (&old.condition, old.row.is_enabled) != (&new.condition, new.row.is_enabled)
        {
            index = index.with_rule_replaced(&new.for_index())?;
        }
    }
    for (id, is_active) in switched {
        index = index.with_territory_switched(id_of(id), is_active, &for_index(new.rules, id))?;
    }
    Ok(index)
}

fn moved(
    old: Option<&std::sync::Arc<Rule>>,
    new: Option<&std::sync::Arc<Rule>>,
    stays: impl Fn(&Rule, &Rule) -> bool,
) -> bool {
    matches!((old, new), (Some(old), Some(new)) if !stays(old, new))
}

/// The index with the territories of the new tree, and those that are still to be switched on or off.
fn with_tree(mut index: Index, old: &Tree, new: &Tree) -> Result<(Index, Vec<(Uuid, bool)>), Refused> {
    if std::ptr::eq(old, new) {
        return Ok((index, Vec::new()));
    }
    let depth = |tree: &Tree, id: Uuid| tree.path(id).len();
    let mut switched = Vec::new();
    let mut added: Vec<&territory::Model> = new.rows().filter(|row| old.get(row.id).is_none()).collect();
    added.sort_by_cached_key(|row| (depth(new, row.id), row.id));
    let mut gone: Vec<Uuid> = old.rows().map(|row| row.id).filter(|&id| new.get(id).is_none()).collect();
    gone.sort_by_cached_key(|&id| (std::cmp::Reverse(depth(old, id)), id));
    if added.len() + gone.len() > CHANGES_MAX {
        return Err(Refused::WornOut);
    }
    for row in added {
        index = index.with_territory_added(&bare(new, row))?;
    }
    for row in new.rows() {
        let Some(before) = old.get(row.id) else { continue };
        let (was, is) = (bare(old, before), bare(new, row));
        if (was.parent, was.position, &was.name) != (is.parent, is.position, &is.name) {
            index = index.with_territory_moved(is.id, is.parent, is.position, &is.name)?;
        }
        if was.active != is.active {
            switched.push((row.id, is.active));
        }
    }
    for id in gone {
        index = index.with_territory_removed(id_of(id))?;
    }
    Ok((index, switched))
}

fn bare(tree: &Tree, row: &territory::Model) -> Territory {
    Territory {
        id: id_of(row.id),
        // A parent that is not there makes a root.
        parent: row.parent_id.filter(|&parent| tree.get(parent).is_some()).map(id_of),
        name: row.name.clone(),
        position: row.position,
        active: row.is_active,
        color: Some(row.color.clone()),
        rules: Vec::new(),
    }
}

fn for_index(rules: &Rules, territory: Uuid) -> Vec<::territory::Rule> {
    rules.of_territory(territory).map(|rule| rule.for_index()).collect()
}

fn id_of(id: Uuid) -> TerritoryId {
    TerritoryId(id.as_u128())
}
