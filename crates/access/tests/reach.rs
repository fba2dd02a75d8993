//! What a viewer can do, and the same as a reach: proved equal on random people, roles and records.

use std::sync::Arc;

use access::{
    Action, BuiltInRole, FieldRight, FieldRights, Membership, Object, Permission, Reach, Role, Scope, Tie,
    TokenScopes, Viewer, spread,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;

const WORKSPACE: Uuid = Uuid::from_u128(1);
const ANNA: Uuid = Uuid::from_u128(100);
const BEN: Uuid = Uuid::from_u128(101);
const NORTH: Uuid = Uuid::from_u128(10);
const SOUTH: Uuid = Uuid::from_u128(11);
const WEST: Uuid = Uuid::from_u128(12);

fn member(territory: Uuid, role: Option<Role>) -> Membership {
    Membership { territory, has_access: true, role: role.map(Arc::new), includes_children: false }
}

fn anna(role: Role, memberships: Vec<Membership>) -> Viewer {
    Viewer::new(ANNA, WORKSPACE, Arc::new(role), memberships)
}

fn role(grants: &[(Object, Action, Scope)]) -> Role {
    let mut role = Role::new();
    for &(object, action, scope) in grants {
        role.grant(object, action, scope).expect("exists");
    }
    role
}

fn sees(scope: Scope) -> Role {
    role(&[(Object::Lead, Action::View, scope)])
}

fn lead(territory: Option<Uuid>, owner: Option<Uuid>) -> Tie {
    Tie { territory, owner, collaborators: Vec::new() }
}

#[test]
fn a_scope_reaches_as_far_as_it_says() {
    let cases = [
        // scope, own territory, own there, own elsewhere, elsewhere, without territory, own without
        (Scope::None, [false, false, false, false, false, false]),
        (Scope::Own, [false, true, true, false, false, true]),
        (Scope::Territory, [true, true, true, false, false, true]),
        (Scope::All, [true, true, true, true, true, true]),
    ];
    for (scope, expected) in cases {
        let viewer = anna(sees(scope), vec![member(NORTH, None)]);
        let records = [
            lead(Some(NORTH), Some(BEN)),
            lead(Some(NORTH), Some(ANNA)),
            lead(Some(SOUTH), Some(ANNA)),
            lead(Some(SOUTH), Some(BEN)),
            lead(None, Some(BEN)),
            lead(None, Some(ANNA)),
        ];
        assert_eq!(records.map(|tie| viewer.can_see(Object::Lead, &tie)), expected, "{scope:?}");
    }
}

#[test]
fn a_collaborator_sees_the_record_as_an_owner_does() {
    let shared = Tie { territory: Some(SOUTH), owner: Some(BEN), collaborators: vec![ANNA] };
    assert!(anna(sees(Scope::Own), vec![]).can_see(Object::Lead, &shared));
    assert!(!anna(sees(Scope::None), vec![]).can_see(Object::Lead, &shared));
}

#[test]
fn membership_without_access_shows_nothing_of_the_territory() {
    let helper = Membership { has_access: false, ..member(NORTH, None) };
    let viewer = anna(sees(Scope::Territory), vec![helper]);
    assert!(!viewer.can_see(Object::Lead, &lead(Some(NORTH), Some(BEN))));
    assert_eq!(viewer.territories().count(), 0);
}

#[test]
fn a_role_in_a_territory_counts_there_and_only_there() {
    let more = BuiltInRole::SalesManager.role();
    let viewer =
        anna(BuiltInRole::RestrictedSeller.role(), vec![member(NORTH, Some(more)), member(SOUTH, None)]);
    let of_ben = |territory| lead(Some(territory), Some(BEN));
    assert!(viewer.can(Object::Lead, Action::Delete, &of_ben(NORTH)));
    assert!(!viewer.can_see(Object::Lead, &of_ben(SOUTH)));
    assert!(!viewer.can_see(Object::Lead, &of_ben(WEST)));
    assert!(!viewer.can(Object::Lead, Action::Delete, &lead(Some(SOUTH), Some(ANNA))));
    assert_eq!(
        viewer.reach(Object::Lead, Action::Delete),
        Reach::Part { own: None, territories: vec![NORTH] }
    );
    assert_eq!(viewer.field_right(Object::Lead, "score", &of_ben(NORTH)), FieldRight::Editable);
    assert_eq!(viewer.field_right(Object::Lead, "score", &of_ben(SOUTH)), FieldRight::Hidden);
    assert!(viewer.may(Permission::To(Object::Lead, Action::Delete)), "the route is open, for North");
}

#[test]
fn a_role_in_a_territory_can_also_take_away() {
    let viewer =
        anna(BuiltInRole::SalesManager.role(), vec![member(NORTH, Some(BuiltInRole::ReadOnly.role()))]);
    let mine = lead(Some(NORTH), Some(ANNA));
    assert!(viewer.can_see(Object::Lead, &mine) && !viewer.can(Object::Lead, Action::Edit, &mine));
    assert!(viewer.can(Object::Lead, Action::Edit, &lead(Some(SOUTH), Some(BEN))));
    assert!(viewer.can(Object::Lead, Action::Edit, &lead(None, Some(BEN))));
    assert!(matches!(viewer.reach(Object::Lead, Action::Edit), Reach::Uneven { .. }));
    assert_eq!(viewer.reach(Object::Lead, Action::View), Reach::Everything);
}

#[test]
fn an_administrator_of_one_territory_administers_nothing_else() {
    let everything = BuiltInRole::Administrator.role();
    let viewer = anna(BuiltInRole::Seller.role(), vec![member(NORTH, Some(everything))]);
    for object in Object::ALL.into_iter().filter(|object| !object.obeys_territory_roles()) {
        let elsewhere = anna(BuiltInRole::Seller.role(), vec![member(NORTH, None)]);
        for &action in object.actions() {
            assert_eq!(viewer.reach(object, action), elsewhere.reach(object, action), "{}", object.name());
        }
    }
    assert!(!viewer.may(Permission::To(Object::User, Action::Edit)));
    assert!(!viewer.may(Permission::To(Object::Settings, Action::View)));
    let there = Reach::Part { own: None, territories: vec![NORTH] };
    assert_eq!(viewer.reach(Object::Territory, Action::Edit), there);
}

#[test]
fn nothing_can_be_done_to_the_invisible() {
    let odd = role(&[(Object::Lead, Action::View, Scope::Own), (Object::Lead, Action::Delete, Scope::All)]);
    let viewer = anna(odd, vec![]);
    assert!(!viewer.can(Object::Lead, Action::Delete, &lead(Some(NORTH), Some(BEN))));
    assert!(viewer.can(Object::Lead, Action::Delete, &lead(Some(NORTH), Some(ANNA))));
    let blind =
        role(&[(Object::Lead, Action::Delete, Scope::All), (Object::Lead, Action::Create, Scope::All)]);
    let viewer = anna(blind, vec![]);
    assert!(!viewer.may(Permission::To(Object::Lead, Action::Delete)));
    assert!(viewer.may(Permission::To(Object::Lead, Action::Create)), "a web form's token only creates");
}

#[test]
fn anyone_and_signed_in_ask_for_no_grant() {
    let viewer = anna(Role::new(), vec![]);
    assert!(viewer.may(Permission::Anyone) && viewer.may(Permission::SignedIn));
    assert!(!viewer.may(Permission::To(Object::Lead, Action::View)));
}

#[test]
fn a_field_hidden_anywhere_cannot_be_filtered_or_sorted_by() {
    let mut hiding = sees(Scope::Territory);
    let named = [("score".to_owned(), FieldRight::Hidden)].into();
    hiding.set_fields(Object::Lead, FieldRights { others: FieldRight::ReadOnly, named });
    let viewer = anna(sees(Scope::Territory), vec![member(NORTH, Some(hiding.clone()))]);
    assert_eq!(viewer.field_right_everywhere(Object::Lead, "score"), FieldRight::Hidden);
    assert_eq!(viewer.field_right_everywhere(Object::Lead, "company"), FieldRight::ReadOnly);
    let blind = anna(sees(Scope::None), vec![member(NORTH, Some(hiding))]);
    assert_eq!(
        blind.field_right_everywhere(Object::Lead, "company"),
        FieldRight::ReadOnly,
        "sees North only"
    );
    assert_eq!(anna(Role::new(), vec![]).field_right_everywhere(Object::Lead, "company"), FieldRight::Hidden);
}

#[test]
fn a_token_never_does_more_than_its_scopes_allow() {
    let viewer =
        anna(BuiltInRole::Seller.role(), vec![member(NORTH, Some(BuiltInRole::SalesManager.role()))]);
    let token = viewer.limited_to(&"lead.view lead.create".parse().expect("scopes"));
    assert!(token.may(Permission::To(Object::Lead, Action::Create)));
    assert!(!token.may(Permission::To(Object::Lead, Action::Edit)), "not in North either");
    assert!(!token.may(Permission::To(Object::Deal, Action::View)));
    assert_eq!(token.reach(Object::Lead, Action::View), viewer.reach(Object::Lead, Action::View));
}

#[test]
fn token_scopes_read_as_they_are_written() {
    let cases = [("*", "*"), ("lead.create  *.view\tdeal.*", "*.view lead.create deal.*")];
    for (written, read) in cases {
        assert_eq!(written.parse::<TokenScopes>().expect(written).to_string(), read);
    }
    for wrong in
        ["", "lead", "lead.fly", "ship.view", "*.*.*", "lead.view,deal.view", "signed_in", "session.edit"]
    {
        assert!(wrong.parse::<TokenScopes>().is_err(), "{wrong}");
    }
}

#[test]
fn memberships_spread_to_the_territories_below_until_a_nearer_one() {
    let id = Uuid::from_u128;
    // 1 ─ 2 ─ 3 ─ 4, 1 ─ 5 ─ 6
    let children = |territory: Uuid| match territory.as_u128() {
        1 => vec![id(2), id(5)],
        2 => vec![id(3)],
        3 => vec![id(4)],
        5 => vec![id(6)],
        _ => vec![],
    };
    let membership = |territory: u128, has_access, includes_children| Membership {
        territory: id(territory),
        has_access,
        role: None,
        includes_children,
    };
    let check = |memberships: &[Membership], expected: &[(u128, bool)]| {
        let mut spread: Vec<(u128, bool)> =
            spread(memberships, children).iter().map(|m| (m.territory.as_u128(), m.has_access)).collect();
        spread.sort_unstable();
        assert_eq!(spread, expected);
    };
    check(&[membership(2, true, false)], &[(2, true)]);
    check(&[membership(2, true, true)], &[(2, true), (3, true), (4, true)]);
    // Access taken away at 2 alone leaves what is below to the one above.
    let above = membership(1, true, true);
    check(
        &[above.clone(), membership(2, false, false)],
        &[(1, true), (2, false), (3, true), (4, true), (5, true), (6, true)],
    );
    check(
        &[above, membership(2, false, true)],
        &[(1, true), (2, false), (3, false), (4, false), (5, true), (6, true)],
    );
}

#[test]
fn a_tree_that_bites_its_tail_still_ends() {
    let id = Uuid::from_u128;
    let children = |territory: Uuid| vec![id(territory.as_u128() % 3 + 1)];
    let round = Membership { includes_children: true, ..member(id(1), None) };
    let spread = spread(&[round], children);
    assert_eq!(spread.iter().map(|m| m.territory.as_u128()).collect::<Vec<_>>(), [1, 2, 3]);
}

fn any_scope() -> impl Strategy<Value = Scope> {
    prop_oneof![Just(Scope::None), Just(Scope::Own), Just(Scope::Territory), Just(Scope::All)]
}

fn any_role() -> impl Strategy<Value = Role> {
    vec(any_scope(), 8).prop_map(|scopes| {
        let grants: Vec<_> = Action::ALL
            .into_iter()
            .zip(scopes)
            .map(|(action, scope)| (Object::Lead, action, scope))
            .collect();
        role(&grants)
    })
}

fn any_viewer() -> impl Strategy<Value = Viewer> {
    let here = option::of((any::<bool>(), option::of(any_role())));
    (any_role(), vec(here, 3)).prop_map(|(role, places)| {
        let memberships = [NORTH, SOUTH, WEST].into_iter().zip(places).filter_map(|(territory, here)| {
            let (has_access, role) = here?;
            Some(Membership { has_access, ..member(territory, role) })
        });
        anna(role, memberships.collect())
    })
}

fn all_ties() -> Vec<Tie> {
    let mut ties = Vec::new();
    for territory in [None, Some(NORTH), Some(SOUTH), Some(WEST), Some(Uuid::from_u128(13))] {
        for owner in [None, Some(ANNA), Some(BEN)] {
            for collaborators in [vec![], vec![ANNA], vec![BEN], vec![BEN, ANNA]] {
                ties.push(Tie { territory, owner, collaborators });
            }
        }
    }
    ties
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_reach_holds_exactly_the_records_on_which_the_viewer_can_act(viewer in any_viewer()) {
        for action in Action::ALL {
            let reach = viewer.reach(Object::Lead, action);
            for tie in all_ties() {
                prop_assert_eq!(reach.contains(&tie), viewer.can(Object::Lead, action, &tie));
            }
            let may = viewer.may(Permission::To(Object::Lead, action));
            prop_assert_eq!(may, reach != Reach::Nothing);
        }
    }

    #[test]
    fn can_is_what_the_design_says_word_for_word(
        base in any_role(), there in option::of(any_role()), has_access: bool, action in 0..8_usize,
    ) {
        let action = Action::ALL[action];
        let membership = Membership { has_access, ..member(NORTH, there.clone()) };
        let viewer = anna(base.clone(), vec![membership]);
        for tie in all_ties() {
            let is_north = tie.territory == Some(NORTH);
            let counts = if is_north { there.as_ref().unwrap_or(&base) } else { &base };
            let granted = |action| match counts.scope(Object::Lead, action) {
                Scope::None => false,
                Scope::Own => tie.is_of(ANNA),
                Scope::Territory => tie.is_of(ANNA) || (is_north && has_access),
                Scope::All => true,
            };
            let is_seen = action == Action::Create || granted(Action::View);
            prop_assert_eq!(viewer.can(Object::Lead, action, &tie), granted(action) && is_seen);
        }
    }

    #[test]
    fn a_token_reaches_nothing_that_its_owner_does_not(viewer in any_viewer(), allowed in vec(0..8_usize, 1..4)) {
        let patterns: Vec<String> = allowed.iter().map(|&at| format!("lead.{}", Action::ALL[at].name())).collect();
        let token = viewer.limited_to(&patterns.join(" ").parse().expect("scopes"));
        for action in Action::ALL {
            for tie in all_ties().iter().filter(|tie| token.can(Object::Lead, action, tie)) {
                prop_assert!(viewer.can(Object::Lead, action, tie));
                prop_assert!(allowed.iter().any(|&at| Action::ALL[at] == action));
            }
        }
    }
}
