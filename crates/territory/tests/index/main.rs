//! The index against its oracle: trying one rule after the other.

mod long_lists;
mod random;

use condition::Facts;
use random::{Random, Variety};
use territory::{Explained, Index, Placed, Plan, Refused, Rule, RuleId, Territory, TerritoryId};

/// The plain loop, as `rules.md` says it.
fn place(plan: &Plan, facts: &Facts) -> Explained {
    let mut tried = Vec::new();
    for territory in plan.in_order().into_iter().filter(|territory| territory.active) {
        let matches = |rule: &&Rule| rule.condition().is_some_and(|condition| condition.holds(facts));
        if let Some(rule) = territory.rules.iter().find(matches) {
            let placed = Placed { territory: Some(territory.id), rule: Some(rule.id) };
            return Explained { placed, tried_count: tried.len(), tried };
        }
        tried.push(territory.id);
    }
    let is_active =
        |id: &TerritoryId| plan.territories.iter().any(|territory| territory.id == *id && territory.active);
    let placed = Placed { territory: plan.default_territory.filter(is_active), rule: None };
    Explained { placed, tried_count: tried.len(), tried }
}

fn check(plan: &Plan, index: &Index, random: &mut Random, variety: Variety, leads: usize) {
    let rule = |placed: Placed| {
        plan.territories
            .iter()
            .flat_map(|territory| &territory.rules)
            .find(|rule| Some(rule.id) == placed.rule)
    };
    for _ in 0..leads {
        let lead = random::lead(random, variety);
        let expected = place(plan, &lead);
        let explained = index.explain(&lead, usize::MAX);
        assert_eq!(
            explained,
            expected,
            "{lead:?}\n{:?}\n{:?}",
            rule(explained.placed),
            rule(expected.placed)
        );
        assert_eq!(index.place(&lead), expected.placed);
    }
}

#[test]
fn the_index_agrees_with_the_plain_loop_on_10_000_random_plans() {
    for seed in 0..10_000 {
        let mut random = Random(seed);
        let variety = Variety([5, 60, 400, 3_000][random.index(4)]);
        let plan = random::plan(&mut random, variety);
        check(&plan, &Index::build(&plan), &mut random, variety, 12);
    }
}

#[test]
fn a_changed_index_agrees_with_the_plain_loop_after_every_change() {
    for seed in 0..600 {
        let mut random = Random(1_000_000 + seed);
        let variety = Variety([5, 60, 400, 3_000][random.index(4)]);
        let mut plan = random::plan(&mut random, variety);
        let mut index = Index::build(&plan);
        for step in 0..40 {
            let before = (plan.clone(), index.clone());
            index = change(&mut plan, &index, &mut random, variety, 2_000_000 + step);
            check(&plan, &index, &mut random, variety, 4);
            check(&before.0, &before.1, &mut random, variety, 1);
        }
    }
}

fn change(plan: &mut Plan, index: &Index, random: &mut Random, variety: Variety, id: u128) -> Index {
    if plan.territories.is_empty() {
        return index.clone();
    }
    let at = random.index(plan.territories.len());
    let rules = plan.territories[at].rules.len();
    match random.below(8) {
        0 => {
            let rule = random::rule(random, variety, id);
            let place = random.index(rules + 1);
            let next = index.with_rule_added(plan.territories[at].id, place, &rule);
            plan.territories[at].rules.insert(place, rule);
            next.unwrap_or_else(|refused| anew(plan, refused))
        }
        1 if rules > 0 => {
            let place = random.index(rules);
            let rule = random::rule(random, variety, plan.territories[at].rules[place].id.0);
            let next = index.with_rule_replaced(&rule);
            plan.territories[at].rules[place] = rule;
            next.unwrap_or_else(|refused| anew(plan, refused))
        }
        2 if rules > 0 => {
            let rule = plan.territories[at].rules.remove(random.index(rules));
            index.with_rule_removed(rule.id).unwrap_or_else(|refused| anew(plan, refused))
        }
        3 => {
            let parent = (!random.one_in(3)).then_some(plan.territories[at].id);
            let position = i64::try_from(random.below(5)).expect("small");
            let territory = Territory {
                id: TerritoryId(id),
                parent,
                name: "Neu".to_owned(),
                position,
                active: true,
                color: None,
                rules: Vec::new(),
            };
            let next = index.with_territory_added(&territory);
            plan.territories.push(territory);
            next.unwrap_or_else(|refused| anew(plan, refused))
        }
        4 => {
            let id = plan.territories[at].id;
            let holds = rules > 0 || plan.territories.iter().any(|territory| territory.parent == Some(id));
            let next = index.with_territory_removed(id);
            if holds {
                assert_eq!(next.err(), Some(Refused::StillHolds(id)));
                return index.clone();
            }
            plan.territories.remove(at);
            next.unwrap_or_else(|refused| anew(plan, refused))
        }
        5 => {
            let territory = &mut plan.territories[at];
            territory.active = !territory.active;
            let next = index.with_territory_switched(territory.id, territory.active, &territory.rules);
            next.unwrap_or_else(|refused| anew(plan, refused))
        }
        6 => {
            plan.default_territory = random.one_in(2).then_some(plan.territories[at].id);
            index.with_default_territory(plan.default_territory)
        }
        _ => {
            let id = plan.territories[at].id;
            let parent =
                (!random.one_in(3)).then(|| plan.territories[random.index(plan.territories.len())].id);
            let position = i64::try_from(random.below(5)).expect("small");
            match index.with_territory_moved(id, parent, position, "Ost") {
                Ok(next) => {
                    let territory = &mut plan.territories[at];
                    (territory.parent, territory.position, territory.name) =
                        (parent, position, "Ost".to_owned());
                    next
                }
                Err(Refused::BelowItself(below)) => {
                    assert_eq!(below, id);
                    index.clone()
                }
                Err(refused) => {
                    let territory = &mut plan.territories[at];
                    (territory.parent, territory.position, territory.name) =
                        (parent, position, "Ost".to_owned());
                    anew(plan, refused)
                }
            }
        }
    }
}

/// After very many changes an index is built anew, from the changed plan.
fn anew(plan: &Plan, refused: Refused) -> Index {
    assert_eq!(refused, Refused::WornOut);
    Index::build(plan)
}

/// Enough rules to overflow lists and segments, which small plans never do.
#[test]
fn a_plan_of_many_rules_agrees_with_the_plain_loop_before_and_after_changes() {
    for (seed, variety) in [(1, Variety(2)), (2, Variety(40)), (3, Variety(3_000))] {
        let mut random = Random(3_000_000 + seed);
        let mut plan = random::plan_of(&mut random, variety, 60, 250);
        let mut index = Index::build(&plan);
        check(&plan, &index, &mut random, variety, 300);
        for step in 0..150 {
            index = change(&mut plan, &index, &mut random, variety, 9_000_000 + step);
        }
        check(&plan, &index, &mut random, variety, 300);
    }
}

#[test]
fn a_change_of_what_is_not_there_is_refused() {
    let mut random = Random(7);
    let index = Index::build(&Plan::default());
    let rule = random::rule(&mut random, Variety(5), 1);
    let (territory, rule_id) = (TerritoryId(3), RuleId(1));
    assert_eq!(index.with_rule_added(territory, 0, &rule).err(), Some(Refused::UnknownTerritory(territory)));
    assert_eq!(index.with_rule_replaced(&rule).err(), Some(Refused::UnknownRule(rule_id)));
    assert_eq!(index.with_rule_removed(rule_id).err(), Some(Refused::UnknownRule(rule_id)));
    assert_eq!(
        index.with_territory_moved(territory, None, 0, "").err(),
        Some(Refused::UnknownTerritory(territory))
    );
}
