//! Indexes of a plan that was misread in one small way: the comparison with the plain loop has to see each.

use condition::generate;
use condition::parse::Purpose;
use territory::{Index, Plan};

use crate::chance::Chance;
use crate::readings::{place, plan};

/// Changes a plan before its index is built.
type Misread = fn(&mut Plan);

const PLANS: usize = 200;
const LEADS: usize = 60;

#[test]
fn an_index_that_is_wrong_is_found_out() {
    let catalog = generate::catalog();
    let conditions = generate::conditions(&catalog, Purpose::Rule);
    let random = generate::facts(&catalog);
    let mut chance = Chance::new(6);
    let leads: Vec<_> = (0..LEADS).map(|_| chance.draw(&random)).collect();
    let mutants: [(&str, Misread); 6] = [
        ("siblings are tried in the reverse order", |plan| {
            plan.territories.iter_mut().for_each(|territory| territory.position = -territory.position);
        }),
        ("parents are tried with the others", |plan| {
            plan.territories.iter_mut().for_each(|territory| territory.parent = None);
        }),
        ("an inactive territory is tried", |plan| {
            plan.territories.iter_mut().for_each(|territory| territory.active = true);
        }),
        ("a rule that is switched off counts", |plan| {
            let rules = plan.territories.iter_mut().flat_map(|territory| &mut territory.rules);
            rules.for_each(|rule| rule.enabled = true);
        }),
        ("the last rule of a territory is forgotten", |plan| {
            plan.territories.iter_mut().for_each(|territory| drop(territory.rules.pop()));
        }),
        ("the default is forgotten", |plan| plan.default_territory = None),
    ];
    for (name, mutant) in mutants {
        let is_found = (0..PLANS).any(|_| {
            let right = plan(&mut chance, &conditions);
            let mut wrong = right.clone();
            mutant(&mut wrong);
            let index = Index::build(&wrong);
            leads.iter().any(|facts| index.place(facts).territory != place(&right, facts))
        });
        assert!(is_found, "nobody noticed that {name}");
    }
}
