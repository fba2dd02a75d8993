//! What Tijdeman's rule promises, proved on random rotations and against an oracle.

mod oracle;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;
use oracle::Oracle;
use proptest::collection::vec;
use proptest::prelude::*;
use rotation::{Credit, Roster, RosterFault, Rotation, Seat, Turn, Weight, WeightFault};

/// The weights with which smooth weighted round robin strays by more than a lead.
const COUNTEREXAMPLE: [u32; 8] = [1, 1, 45, 1, 3, 2, 45, 3];

fn seat(member: u32, weight: u32) -> Seat<u32> {
    Seat { member, weight: Weight::new(weight).expect("a weight"), position: i64::from(member) }
}

fn seats(weights: &[u32]) -> Vec<Seat<u32>> {
    weights.iter().enumerate().map(|(index, &weight)| seat(index as u32, weight)).collect()
}

fn roster(weights: &[u32]) -> Roster<u32> {
    Roster::new(seats(weights)).expect("each member once")
}

fn order(turns: &[Turn<u32>]) -> Vec<u32> {
    turns.iter().map(|turn| turn.member).collect()
}

/// The widest |count − n·w/W| over all members and prefixes, as a fraction of W.
fn widest_deviation(weights: &[u32], taken: &[u32]) -> (i64, i64) {
    let total: i64 = weights.iter().map(|&weight| i64::from(weight)).sum();
    let mut due = vec![0_i64; weights.len()];
    let mut widest = 0;
    for &member in taken {
        for (due, &weight) in due.iter_mut().zip(weights) {
            *due += i64::from(weight);
        }
        due[member as usize] -= total;
        widest = due.iter().fold(widest, |widest, due| widest.max(due.abs()));
    }
    (widest, total)
}

/// 1 − 1/(2k−2) of a lead, the best bound possible; with one member everything is exact.
fn is_within_the_published_bound(weights: &[u32], taken: &[u32]) -> bool {
    let (widest, total) = widest_deviation(weights, taken);
    let steps = 2 * weights.len() as i64 - 2;
    widest * steps <= total * (steps - 1).max(0)
}

/// What others use: the highest account is taken and pays W. Stands here to show that the bound has teeth.
fn smooth_weighted_round_robin(weights: &[u32], turns: usize) -> Vec<u32> {
    let total: i64 = weights.iter().map(|&weight| i64::from(weight)).sum();
    let mut accounts = vec![0_i64; weights.len()];
    let mut taken = Vec::new();
    for _ in 0..turns {
        for (account, &weight) in accounts.iter_mut().zip(weights) {
            *account += i64::from(weight);
        }
        let highest = *accounts.iter().max().expect("somebody");
        let index = accounts.iter().position(|&account| account == highest).expect("somebody");
        accounts[index] -= total;
        taken.push(index as u32);
    }
    taken
}

#[test]
fn three_equal_members_take_strict_turns() {
    let turns = Rotation::default().take(&roster(&[1, 1, 1]), 7);
    assert_eq!(order(&turns), [0, 1, 2, 0, 1, 2, 0]);
    assert_eq!(turns.iter().map(|turn| turn.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn equal_weights_of_any_size_take_strict_turns() {
    for members in 1..=50_u32 {
        for weight in [1, 2, 7, 1000] {
            let weights = vec![weight; members as usize];
            let taken = order(&Rotation::default().take(&roster(&weights), 3 * members as usize + 1));
            let strict: Vec<u32> = (0..=3 * members).map(|turn| turn % members).collect();
            assert_eq!(taken, strict, "{members} members of weight {weight}");
        }
    }
}

#[test]
fn a_double_weight_gets_every_second_lead_of_four() {
    let turns = Rotation::default().take(&roster(&[2, 1, 1]), 8);
    assert_eq!(order(&turns), [0, 1, 2, 0, 0, 1, 2, 0]);
}

#[test]
fn the_counterexample_to_smooth_weighted_round_robin_stays_within_a_lead() {
    let taken = order(&Rotation::default().take(&roster(&COUNTEREXAMPLE), 10_000));
    assert!(is_within_the_published_bound(&COUNTEREXAMPLE, &taken));
    let (widest, total) = widest_deviation(&COUNTEREXAMPLE, &taken);
    assert!(widest < total, "{widest}/{total}");
}

#[test]
fn smooth_weighted_round_robin_would_break_the_bound() {
    let taken = smooth_weighted_round_robin(&COUNTEREXAMPLE, 10_000);
    assert!(!is_within_the_published_bound(&COUNTEREXAMPLE, &taken));
    let (widest, total) = widest_deviation(&COUNTEREXAMPLE, &taken);
    assert!(widest >= total, "strays by a lead or more: {widest}/{total}");
}

#[test]
fn counts_are_exact_after_every_round_of_all_weights() {
    let mut rotation = Rotation::default();
    let roster = roster(&COUNTEREXAMPLE);
    let mut counts = [0_u32; 8];
    for _ in 0..5 {
        for turn in rotation.take(&roster, 101) {
            counts[turn.member as usize] += 1;
        }
        assert!((0..8).all(|member| rotation.credit(&member) == Credit(0)));
    }
    assert_eq!(counts, COUNTEREXAMPLE.map(|weight| 5 * weight));
}

#[test]
fn nobody_eligible_moves_nothing() {
    let mut rotation = Rotation::default();
    rotation.take(&roster(&[1, 2]), 2);
    let before = rotation.clone();
    assert_eq!(rotation.next(&Roster::new(Vec::new()).expect("nobody twice")), None);
    assert_eq!(rotation, before);
}

#[test]
fn whoever_is_skipped_neither_gains_nor_loses() {
    let mut rotation = Rotation::default();
    rotation.take(&roster(&[1, 1, 1]), 1);
    let owed = rotation.credit(&2);
    assert_eq!(owed, Credit(333_333_333));
    rotation.take(&Roster::new(vec![seat(0, 1), seat(1, 1)]).expect("each once"), 100);
    assert_eq!(rotation.credit(&2), owed, "not owed what was missed");
    // Back again: one lead ahead of the others at most, not fifty.
    let taken = order(&rotation.take(&roster(&[1, 1, 1]), 9));
    assert_eq!((0..3).map(|m| taken.iter().filter(|&&t| t == m).count()).collect::<Vec<_>>(), [3, 3, 3]);
}

#[test]
fn a_joiner_starts_with_nothing_owed() {
    let mut rotation = Rotation::default();
    rotation.take(&roster(&[1, 1]), 999);
    assert_eq!(rotation.credit(&2), Credit(0));
    let taken = order(&rotation.take(&roster(&[1, 1, 1]), 30));
    assert_eq!(taken.iter().filter(|&&member| member == 2).count(), 10);
}

#[test]
fn whoever_leaves_and_comes_back_is_a_joiner() {
    let mut rotation = Rotation::default();
    rotation.take(&roster(&[1, 1, 1]), 1);
    rotation.keep_only(|&member| member != 2);
    assert_eq!(rotation.credit(&2), Credit(0));
    assert_eq!(rotation.credit(&0), Credit(-666_666_667), "the others keep what they have");
    assert_eq!(rotation.turn(), 1, "and the turn goes on");
}

#[test]
fn keeping_every_member_leaves_the_stretch_exact() {
    let mut rotation = Rotation::default();
    rotation.take(&roster(&[1, 1, 1]), 1);
    let before = rotation.clone();
    rotation.keep_only(|_| true);
    assert_eq!(rotation, before, "nothing is rounded while nobody leaves");
}

#[test]
fn a_roster_names_each_member_once_and_has_a_bound() {
    let twice = Roster::new(vec![seat(1, 1), seat(1, 2)]);
    assert_eq!(twice, Err(RosterFault::MemberTwice));
    let many = |members: u32| Roster::new((0..members).map(|member| seat(member, 1)).collect());
    assert!(many(100_000).is_ok());
    assert_eq!(many(100_001), Err(RosterFault::TooManyMembers(100_001)));
}

#[test]
fn a_weight_lies_between_one_and_a_million() {
    assert_eq!(Weight::new(0), Err(WeightFault(0)));
    assert!(Weight::new(1).is_ok() && Weight::new(1_000_000).is_ok());
    let fault = Weight::new(1_000_001).expect_err("too heavy");
    assert_eq!(
        fault.to_string(),
        "weight 1000001 is outside 1 to 1000000; to hand somebody no leads, turn assignment off"
    );
}

#[test]
fn the_largest_rotation_overflows_nothing() {
    let heavy: Vec<Seat<u32>> = (0..100_000).map(|member| seat(member, Weight::MAX - member % 3)).collect();
    let turns = Rotation::default().take(&Roster::new(heavy).expect("each once"), 10);
    assert_eq!(turns.len(), 10);
    let saved = r#"{"turn":7,"standings":{"0":[-1000000000000000,0,0],"1":[1000000000000000,0,0]}}"#;
    let mut rotation: Rotation<u32> = serde_json::from_str(saved).expect("at the bound");
    assert_eq!(rotation.next(&roster(&[1_000_000, 1_000_000])), Some(Turn { number: 8, member: 1 }));
}

#[test]
fn the_saved_form_is_small_and_stable() {
    let mut rotation = Rotation::default();
    rotation.take(&roster(&[1, 2, 3]), 4);
    rotation.take(&roster(&[1, 2]), 1);
    let saved = serde_json::to_string(&rotation).expect("serialises");
    assert_eq!(saved, r#"{"turn":5,"standings":{"0":[-333333333,1,1],"1":[333333333,2,-1]}}"#);
}

#[test]
fn a_damaged_state_is_refused() {
    let cases = [
        (r#"{"turn":1,"standings":{"0":[0,1,1]}}"#, "do not add up"),
        (r#"{"turn":1,"standings":{"0":[0,0,1],"1":[0,1,-1]}}"#, "weight is out of its bounds"),
        (r#"{"turn":1,"standings":{"0":[0,1000001,0]}}"#, "weight is out of its bounds"),
        (r#"{"turn":1,"standings":{"0":[1000000000000001,0,0]}}"#, "credit is out of its bounds"),
        (r#"{"turn":1,"standings":{"0":[0,1,2000001],"1":[0,1,-2000001]}}"#, "credit is out of its bounds"),
        (r#"{"turn":1,"standings":{},"more":1}"#, "unknown field"),
    ];
    for (saved, fault) in cases {
        let said = serde_json::from_str::<Rotation<u32>>(saved).expect_err(saved).to_string();
        assert!(said.contains(fault), "{saved}: {said}");
    }
}

#[test]
fn a_credit_reads_as_leads() {
    let cases = [(0, "0.000000000"), (-666_666_667, "-0.666666667"), (1_000_000_001, "1.000000001")];
    for (billionths, text) in cases {
        assert_eq!(Credit(billionths).to_string(), text);
    }
}

/// A stretch of a scenario: who is there with what weight (0: not there), and for how many turns.
fn stretches(members: usize) -> impl Strategy<Value = Vec<(Vec<u32>, usize)>> {
    let weight = prop_oneof![2 => Just(0_u32), 3 => 1..=5_u32, 1 => 1..=1000_u32];
    vec((vec(weight, members), 1..20_usize), 1..12)
}

fn present(weights: &[u32]) -> Vec<Seat<u32>> {
    let weighted = weights.iter().enumerate().filter(|&(_, &weight)| weight > 0);
    weighted.map(|(index, &weight)| seat(index as u32, weight)).collect()
}

proptest! {
    // Fractions of big integers are slow, so fewer of these.
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_oracle_in_exact_fractions_agrees(scenario in stretches(7)) {
        let (mut rotation, mut oracle) = (Rotation::default(), Oracle::default());
        for (weights, turns) in scenario {
            let seats = present(&weights);
            let roster = Roster::new(seats.clone()).expect("each once");
            if seats.is_empty() {
                prop_assert_eq!(rotation.next(&roster), None);
                continue;
            }
            for _ in 0..turns {
                let taken = rotation.next(&roster).expect("somebody is there").member;
                prop_assert_eq!(taken, oracle.next(&seats));
                for member in 0..7 {
                    prop_assert_eq!(BigInt::from(rotation.credit(&member).0), oracle.billionths(member));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_prefix_stays_within_a_lead_of_the_exact_shares(weights in vec(1..=1000_u32, 1..=50)) {
        let total: u32 = weights.iter().sum();
        let turns = (2 * total as usize).min(3_000);
        let taken = order(&Rotation::default().take(&roster(&weights), turns));
        prop_assert!(is_within_the_published_bound(&weights, &taken));
        let (widest, total) = widest_deviation(&weights, &taken);
        prop_assert!(widest < total);
    }

    #[test]
    fn uneven_weights_of_few_members_stay_within_the_bound(
        weights in vec(prop_oneof![1..=3_u32, 40..=50_u32, 990..=1000_u32], 2..=9),
    ) {
        let taken = order(&Rotation::default().take(&roster(&weights), 2_000));
        prop_assert!(is_within_the_published_bound(&weights, &taken));
    }

    #[test]
    fn equal_members_get_the_floor_or_the_ceiling(members in 1..=50_usize, weight in 1..=1000_u32, turns in 0..500_usize) {
        let taken = order(&Rotation::default().take(&roster(&vec![weight; members]), turns));
        for member in 0..members as u32 {
            let count = taken.iter().filter(|&&taken| taken == member).count();
            prop_assert!(count == turns / members || count == turns.div_ceil(members));
        }
    }

    #[test]
    fn saving_and_loading_between_any_two_turns_changes_nothing(scenario in stretches(6)) {
        let (mut kept, mut reloaded) = (Rotation::default(), Rotation::default());
        for (weights, turns) in scenario {
            let roster = Roster::new(present(&weights)).expect("each once");
            for _ in 0..turns {
                prop_assert_eq!(kept.next(&roster), reloaded.next(&roster));
                let saved = serde_json::to_string(&reloaded).expect("serialises");
                reloaded = serde_json::from_str(&saved).expect("loads");
                prop_assert_eq!(&reloaded, &kept);
            }
        }
    }

    #[test]
    fn a_batch_is_the_same_as_single_turns(scenario in stretches(6)) {
        let (mut single, mut batched) = (Rotation::default(), Rotation::default());
        for (weights, turns) in scenario {
            let roster = Roster::new(present(&weights)).expect("each once");
            let one_by_one: Vec<Turn<u32>> = (0..turns).filter_map(|_| single.next(&roster)).collect();
            prop_assert_eq!(one_by_one, batched.take(&roster, turns));
            prop_assert_eq!(&single, &batched);
        }
    }

    #[test]
    fn the_order_in_which_members_are_listed_does_not_matter(scenario in stretches(7), shift in 1..7_usize) {
        let (mut listed, mut shuffled) = (Rotation::default(), Rotation::default());
        for (weights, turns) in scenario {
            let seats = present(&weights);
            let mut other = seats.clone();
            other.reverse();
            let by = shift % other.len().max(1);
            other.rotate_left(by);
            let roster = Roster::new(seats).expect("each once");
            prop_assert_eq!(&Roster::new(other.clone()).expect("each once"), &roster);
            let other = Roster::new(other).expect("each once");
            prop_assert_eq!(listed.take(&roster, turns), shuffled.take(&other, turns));
        }
        prop_assert_eq!(serde_json::to_string(&listed).unwrap(), serde_json::to_string(&shuffled).unwrap());
    }

    #[test]
    fn equal_credits_go_to_the_lower_position_then_to_the_lower_id(
        positions in vec(0..3_i64, 2..8), weight in 1..=1000_u32,
    ) {
        let seats: Vec<Seat<u32>> = positions.iter().enumerate()
            .map(|(index, &position)| Seat { position, ..seat(index as u32, weight) })
            .collect();
        let mut expected: Vec<(i64, u32)> = seats.iter().map(|s| (s.position, s.member)).collect();
        expected.sort_unstable();
        let taken = order(&Rotation::default().take(&Roster::new(seats).expect("each once"), positions.len()));
        prop_assert_eq!(taken, expected.into_iter().map(|(_, member)| member).collect::<Vec<_>>());
    }

    #[test]
    fn absences_never_drive_a_credit_past_the_number_of_members(scenario in vec((vec(0..=3_u32, 9), 1..6_usize), 1..200)) {
        let mut rotation = Rotation::default();
        for (weights, turns) in scenario {
            rotation.take(&Roster::new(present(&weights)).expect("each once"), turns);
            for member in 0..9 {
                prop_assert!(rotation.credit(&member).0.abs() < 9_000_000_000);
            }
        }
    }

    #[test]
    fn a_stretch_carries_what_the_one_before_left_to_the_billionth(
        weights in vec(1..=1000_u32, 2..=9), turns in 1..300_usize,
    ) {
        let mut rotation = Rotation::default();
        let taken = order(&rotation.take(&roster(&weights), turns));
        let total: i64 = weights.iter().map(|&weight| i64::from(weight)).sum();
        let mut other = weights.clone();
        other[0] += 1;
        rotation.take(&roster(&other), other.iter().sum::<u32>() as usize);
        // A whole round of the new weights adds nothing, so what is left is what was carried.
        for (member, &weight) in weights.iter().enumerate() {
            let count = taken.iter().filter(|&&taken| taken as usize == member).count() as i64;
            let exact = BigRational::new(
                BigInt::from(turns as i64 * i64::from(weight) - count * total),
                BigInt::from(total),
            );
            let carried = rotation.credit(&(member as u32)).0;
            let after = BigRational::new(BigInt::from(carried), BigInt::from(1_000_000_000));
            let off = exact - after;
            // Whole leads may have moved; the fraction may not.
            let off = (&off - off.round()).abs();
            prop_assert!(off <= BigRational::new(BigInt::from(1), BigInt::from(2_000_000_000)));
        }
    }
}
