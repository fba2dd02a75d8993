//! Whose turn it is: Tijdeman's rule for the chairman assignment problem (Discrete Mathematics 32, 1980).
//!
//! Of k members with weights w and sum W each gains credit w/W per turn. Candidates are those with credit
//! of at least 1/(2k−2); of them the one with the smallest (1 − 1/(2k−2) − credit)·W/w, who would be the
//! first to be owed too much, is taken and pays 1. Everybody then stays within 1 − 1/(2k−2) of the exact
//! share at every moment, and no rule can promise less.
//!
//! All arithmetic is exact, in integers, so that two servers never disagree. A *stretch* is a run of turns
//! with the same members and weights; within it a credit is `carried + due/W` with `due = n·w − count·W`.
//! When another stretch begins, credits are carried into it rounded to a billionth of a lead.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// Credits are carried between stretches in billionths of a lead.
const BILLION: i128 = 1_000_000_000;

/// With at most that many members, weights of at most [`Weight::MAX`] and credits of at most
/// [`CREDIT_LEADS_MAX`], every product below fits `i128`.
pub const ROSTER_MEMBERS_MAX: usize = 100_000;

/// Far more than absences can drive a credit to: that stays below the number of members.
const CREDIT_LEADS_MAX: i128 = 1_000_000;

/// How many turns a member gets for each turn of a member of weight 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Weight(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("weight {0} is outside 1 to {max}; to hand somebody no leads, turn assignment off", max = Weight::MAX)]
pub struct WeightFault(pub u32);

impl Weight {
    pub const ONE: Weight = Weight(1);
    pub const MAX: u32 = 1_000_000;

    pub fn new(weight: u32) -> Result<Weight, WeightFault> {
        if (1..=Weight::MAX).contains(&weight) { Ok(Weight(weight)) } else { Err(WeightFault(weight)) }
    }

    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Weight {
    type Error = WeightFault;

    fn try_from(weight: u32) -> Result<Weight, WeightFault> {
        Weight::new(weight)
    }
}

impl From<Weight> for u32 {
    fn from(weight: Weight) -> u32 {
        weight.0
    }
}

/// What a member is owed, in billionths of a lead; negative: has been handed more than the share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Credit(pub i64);

impl fmt::Display for Credit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let billionths = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:09}", billionths / 1_000_000_000, billionths % 1_000_000_000)
    }
}

/// A member who can be handed a lead now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat<M> {
    pub member: M,
    pub weight: Weight,
    /// Ties go to the lower position, then to the lower id.
    pub position: i64,
}

/// The eligible members of a territory, each once, in the order that breaks ties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster<M> {
    seats: Vec<Seat<M>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterFault {
    #[error("a member sits twice in one rotation; keep one seat per member")]
    MemberTwice,
    #[error("{0} members are more than a rotation can hold ({ROSTER_MEMBERS_MAX}); split the territory")]
    TooManyMembers(usize),
}

impl<M: Ord + Clone> Roster<M> {
    /// Sorts the seats, whose order does not matter, by position and id.
    pub fn new(mut seats: Vec<Seat<M>>) -> Result<Roster<M>, RosterFault> {
        if seats.len() > ROSTER_MEMBERS_MAX {
            return Err(RosterFault::TooManyMembers(seats.len()));
        }
        let distinct: BTreeSet<&M> = seats.iter().map(|seat| &seat.member).collect();
        if distinct.len() < seats.len() {
            return Err(RosterFault::MemberTwice);
        }
        seats.sort_by(|a, b| (a.position, &a.member).cmp(&(b.position, &b.member)));
        Ok(Roster { seats })
    }

    pub fn seats(&self) -> &[Seat<M>] {
        &self.seats
    }

    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }
}

/// One turn taken: its number, 1, 2, 3 … per rotation, and who is handed the lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn<M> {
    pub number: u64,
    pub member: M,
}

/// What a territory remembers of its rotation from turn to turn: one row, saved with every lead.
///
/// `M` identifies a member; it must order and serialise alike on every server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "M: Ord + Deserialize<'de>", serialize = "M: Ord + Clone + Serialize"))]
#[serde(try_from = "saved::Rotation<M>", into = "saved::Rotation<M>")]
pub struct Rotation<M> {
    turn: u64,
    standings: BTreeMap<M, Standing>,
}

/// One member's account. `weight` 0: takes no part in the running stretch, and `due` is 0 too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    carried: i64,
    weight: u32,
    /// n·w − count·W in the running stretch: W-ths of a lead.
    due: i64,
}

impl<M> Default for Rotation<M> {
    fn default() -> Rotation<M> {
        Rotation { turn: 0, standings: BTreeMap::new() }
    }
}

impl<M: Ord + Clone> Rotation<M> {
    /// The number of the last turn taken; 0 before the first.
    pub fn turn(&self) -> u64 {
        self.turn
    }

    /// What the member is owed now, rounded to a billionth; 0 for whoever never took part.
    pub fn credit(&self, member: &M) -> Credit {
        let total = self.stretch_weight();
        self.standings.get(member).map_or(Credit(0), |standing| standing.credit(total))
    }

    /// Takes one turn; `None`, and nothing moves, where nobody is eligible.
    pub fn next(&mut self, roster: &Roster<M>) -> Option<Turn<M>> {
        self.take(roster, 1).pop()
    }

    /// Takes `count` turns with the same eligible members: the same as `count` times [`Rotation::next`].
    pub fn take(&mut self, roster: &Roster<M>, count: usize) -> Vec<Turn<M>> {
        if roster.is_empty() || count == 0 {
            return Vec::new();
        }
        self.begin_stretch(roster);
        let mut standings: Vec<Standing> =
            roster.seats.iter().map(|seat| self.standings[&seat.member]).collect();
        let mut turns = Vec::with_capacity(count);
        for _ in 0..count {
            let taken = choose(&standings);
            settle(&mut standings, taken);
            self.turn += 1;
            turns.push(Turn { number: self.turn, member: roster.seats[taken].member.clone() });
        }
        for (seat, standing) in roster.seats.iter().zip(standings) {
            self.standings.insert(seat.member.clone(), standing);
        }
        turns
    }

    /// Forgets whoever is no longer a member: who comes back later starts with credit 0.
    /// Being absent, full or off duty is no reason to be forgotten.
    pub fn keep_only(&mut self, is_member: impl Fn(&M) -> bool) {
        if self.standings.keys().all(&is_member) {
            return;
        }
        self.end_stretch();
        self.standings.retain(|member, _| is_member(member));
    }

    fn stretch_weight(&self) -> i64 {
        self.standings.values().map(|standing| i64::from(standing.weight)).sum()
    }

    /// Goes on with the running stretch if it has the same members and weights, else begins another.
    fn begin_stretch(&mut self, roster: &Roster<M>) {
        let weight_of = |seat: &Seat<M>| self.standings.get(&seat.member).map_or(0, |s| s.weight);
        let running = self.standings.values().filter(|standing| standing.weight > 0).count();
        let is_same = running == roster.seats.len()
            && roster.seats.iter().all(|seat| weight_of(seat) == seat.weight.get());
        if is_same {
            return;
        }
        self.end_stretch();
        for seat in &roster.seats {
            self.standings.entry(seat.member.clone()).or_default().weight = seat.weight.get();
        }
    }

    fn end_stretch(&mut self) {
        let total = self.stretch_weight();
        for standing in self.standings.values_mut() {
            *standing = Standing { carried: standing.credit(total).0, weight: 0, due: 0 };
        }
        // Credit 0 is what a newcomer has: nothing to remember.
        self.standings.retain(|_, standing| standing.carried != 0);
    }
}

impl Standing {
    fn credit(&self, total: i64) -> Credit {
        if self.weight == 0 {
            return Credit(self.carried);
        }
        let total = i128::from(total);
        Credit(rounded(i128::from(self.carried) * total + i128::from(self.due) * BILLION, total))
    }
}

/// The quotient to the nearest whole number, halves away from zero; `divisor` is positive.
fn rounded(dividend: i128, divisor: i128) -> i64 {
    let away = if dividend < 0 { -divisor } else { divisor };
    i64::try_from((2 * dividend + away) / (2 * divisor)).expect("a credit is a number of leads")
}

/// Tijdeman's rule over the standings of everybody eligible, in the order that breaks ties.
fn choose(standings: &[Standing]) -> usize {
    if standings.len() == 1 {
        return 0;
    }
    let total: i128 = standings.iter().map(|standing| i128::from(standing.weight)).sum();
    let steps = 2 * standings.len() as i128 - 2;
    // Credit after this turn's gain, in units of 1/(10⁹·W) lead.
    let credit = |standing: &Standing| {
        i128::from(standing.carried) * total
            + BILLION * (i128::from(standing.due) + i128::from(standing.weight))
    };
    // (1 − 1/(2k−2) − credit)·W/w as a fraction; the factor 1/((2k−2)·10⁹), common to all, is left out.
    let patience = |standing: &Standing| {
        ((steps - 1) * BILLION * total - steps * credit(standing), i128::from(standing.weight))
    };

    let mut taken: Option<(usize, (i128, i128))> = None;
    for (index, standing) in standings.iter().enumerate() {
        if steps * credit(standing) < BILLION * total {
            continue;
        }
        let (numerator, weight) = patience(standing);
        // Only a strictly smaller one replaces: ties stay with the earlier seat.
        if taken.is_none_or(|(_, (least, least_weight))| numerator * least_weight < least * weight) {
            taken = Some((index, (numerator, weight)));
        }
    }
    if let Some((index, _)) = taken {
        return index;
    }
    // After absences everybody here may owe: then whoever owes least, the earlier seat in a tie.
    let mut richest = 0;
    for (index, standing) in standings.iter().enumerate() {
        if credit(standing) > credit(&standings[richest]) {
            richest = index;
        }
    }
    richest
}

/// Everybody gains w/W, the one who is taken pays 1.
fn settle(standings: &mut [Standing], taken: usize) {
    let total: i64 = standings.iter().map(|standing| i64::from(standing.weight)).sum();
    for standing in standings.iter_mut() {
        standing.due += i64::from(standing.weight);
    }
    standings[taken].due -= total;
}

/// The saved form: `{"turn": 12, "standings": {"<member>": [carried, weight, due]}}`.
mod saved {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::{BILLION, CREDIT_LEADS_MAX, Standing, Weight};

    #[derive(Serialize, Deserialize)]
    #[serde(bound(deserialize = "M: Ord + Deserialize<'de>"), deny_unknown_fields)]
    pub(super) struct Rotation<M> {
        turn: u64,
        standings: BTreeMap<M, (i64, u32, i64)>,
    }

    impl<M: Ord + Clone> From<super::Rotation<M>> for Rotation<M> {
        fn from(super::Rotation { turn, standings }: super::Rotation<M>) -> Rotation<M> {
            let standings = standings
                .into_iter()
                .map(|(member, Standing { carried, weight, due })| (member, (carried, weight, due)))
                .collect();
            Rotation { turn, standings }
        }
    }

    impl<M: Ord> TryFrom<Rotation<M>> for super::Rotation<M> {
        type Error = &'static str;

        /// Refuses what no run of turns can have written, so that a damaged row is found when it is read.
        fn try_from(Rotation { turn, standings }: Rotation<M>) -> Result<super::Rotation<M>, Self::Error> {
            let total: i128 = standings.values().map(|&(_, weight, _)| i128::from(weight)).sum();
            let mut owed: i128 = 0;
            for &(carried, weight, due) in standings.values() {
                if weight > Weight::MAX || (weight == 0 && due != 0) {
                    return Err("the rotation's state is damaged: a weight is out of its bounds");
                }
                let (carried, due) = (i128::from(carried), i128::from(due));
                if carried.abs() > CREDIT_LEADS_MAX * BILLION || due.abs() > CREDIT_LEADS_MAX * total {
                    return Err("the rotation's state is damaged: a credit is out of its bounds");
                }
                owed += due;
            }
            // Within a stretch as much is gained as is paid.
            if owed != 0 {
                return Err("the rotation's state is damaged: its credits do not add up");
            }
            let standings = standings
                .into_iter()
                .map(|(member, (carried, weight, due))| (member, Standing { carried, weight, due }))
                .collect();
            Ok(super::Rotation { turn, standings })
        }
    }
}
