//! Assignment: finds a territory and an owner for sets of facts, in batches, and remembers why.
//! Knows no record type, never guesses: no rule means no territory, nobody eligible means the queue.
//! Uses: territories.

pub mod decision;
pub mod load;
pub mod rotations;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use ::store::Tx;
use condition::Facts;
use jiff::Timestamp;
use rotation::{How, Ring, Roster, Rotation};
use uuid::Uuid;

use crate::error::Error;
use crate::territories::book::RuleBook;
use decision::Decision;
use load::Loads;

/// Territories that a decision names as tried before the one that won.
pub const TRIED_NAMED_MAX: usize = 20;

/// What is to be assigned.
#[derive(Clone, Debug)]
pub struct Request {
    pub facts: Facts,
    /// What the record holds as it was written, for the words of the decision.
    pub texts: Vec<String>,
    /// The territory set by hand; rules are not asked then.
    pub pinned: Option<Uuid>,
    /// The owner named by the creator.
    pub named: Option<Uuid>,
    /// Owners of records with the same e-mail or phone, the newest record first.
    pub known: Vec<Uuid>,
}

/// Where a record belongs.
#[derive(Clone, Debug)]
pub struct Assigned {
    pub territory: Option<Uuid>,
    pub owner: Option<Uuid>,
    /// The rotation's running number, where it took a turn.
    pub turn: Option<i64>,
    /// True: it has a territory, and waits there for somebody to become eligible.
    pub is_queued: bool,
    pub decision: Decision,
}

/// Requests on their way: placed, with the rotations that they need locked until the transaction ends.
pub struct Batch<'b> {
    book: &'b RuleBook,
    now: Timestamp,
    placed: Vec<(Request, Decision)>,
    rings: BTreeMap<Uuid, Handing<'b>>,
}

impl<'b> Batch<'b> {
    /// Finds the territories and locks their rotations, in the order of their ids.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn lock(
        tx: &Tx,
        book: &'b RuleBook,
        requests: Vec<Request>,
        now: Timestamp,
    ) -> Result<Batch<'b>, Error> {
        let place = |request: Request| {
            let decision = decision::place(book, &request, now);
            (request, decision)
        };
        let placed: Vec<(Request, Decision)> = requests.into_iter().map(place).collect();
        let territories = placed.iter().filter_map(|(_, decision)| decision.territory()).collect();
        let rings = lock(tx, book, &territories, now).await?;
        Ok(Batch { book, now, placed, rings })
    }

    /// The members whose open records the caller counts, by territory.
    pub fn capped(&self) -> Vec<(Uuid, Vec<Uuid>)> {
        let rings = self.rings.iter().map(|(&territory, ring)| (territory, ring.loads.capped()));
        rings.filter(|(_, members)| !members.is_empty()).collect()
    }

    pub fn set_open(&mut self, territory: Uuid, member: Uuid, open: u32) {
        if let Some(ring) = self.rings.get_mut(&territory) {
            ring.loads.set_open(member, open);
        }
    }

    /// Assigns the requests in their order and writes the turns that were taken.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn assign(mut self, tx: &Tx) -> Result<Vec<Assigned>, Error> {
        let mut assigned = Vec::with_capacity(self.placed.len());
        for (request, decision) in self.placed {
            assigned.push(hand(self.book, &mut self.rings, &request, decision, self.now));
        }
        save(tx, self.rings).await?;
        Ok(assigned)
    }

    /// Takes turns in one territory, as long as somebody is eligible, for records that wait in its queue.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn hand_out(
        mut self,
        tx: &Tx,
        territory: Uuid,
        waiting: usize,
    ) -> Result<Vec<Assigned>, Error> {
        let mut handed = Vec::new();
        let name = self.book.territory_name(territory).0;
        while let Some(ring) = self.rings.get_mut(&territory).filter(|_| handed.len() < waiting) {
            let Some((owner, turn, taken)) = ring.next(self.now) else { break };
            let decision = Decision {
                at: self.now,
                plan_version: self.book.plan_version(),
                territory: Some(decision::Place::plain(territory, name.clone())),
                tried: Vec::new(),
                tried_count: 0,
                how: How::FromQueue,
                ring: Some(taken),
            };
            handed.push(Assigned {
                territory: Some(territory),
                owner: Some(owner),
                turn: Some(turn),
                is_queued: false,
                decision,
            });
        }
        save(tx, self.rings).await?;
        Ok(handed)
    }

    /// Opens one territory's rotation for its queue.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn for_queue(
        tx: &Tx,
        book: &'b RuleBook,
        territory: Uuid,
        now: Timestamp,
    ) -> Result<Batch<'b>, Error> {
        let rings = lock(tx, book, &BTreeSet::from([territory]), now).await?;
        Ok(Batch { book, now, placed: Vec::new(), rings })
    }
}

async fn lock<'b>(
    tx: &Tx,
    book: &'b RuleBook,
    territories: &BTreeSet<Uuid>,
    now: Timestamp,
) -> Result<BTreeMap<Uuid, Handing<'b>>, Error> {
    let mut rings = BTreeMap::new();
    for (territory, rotation) in rotations::lock(tx, territories).await? {
        rings.insert(territory, Handing::open(tx, book, territory, rotation, now).await?);
    }
    Ok(rings)
}

async fn save(tx: &Tx, rings: BTreeMap<Uuid, Handing<'_>>) -> Result<(), Error> {
    rotations::save(tx, rings.into_iter().filter_map(|(id, ring)| Some((id, ring.moved()?)))).await
}

fn hand(
    book: &RuleBook,
    rings: &mut BTreeMap<Uuid, Handing<'_>>,
    request: &Request,
    mut decision: Decision,
    now: Timestamp,
) -> Assigned {
    let Some(territory) = decision.territory() else {
        // Without a territory nobody but its creator's choice can own it.
        decision.how = if request.named.is_some() { How::Named } else { How::Unplaced };
        return Assigned { territory: None, owner: request.named, turn: None, is_queued: false, decision };
    };
    let owned = |owner: Uuid, how: How, mut decision: Decision| {
        decision.how = how;
        Assigned { territory: Some(territory), owner: Some(owner), turn: None, is_queued: false, decision }
    };
    if let Some(named) = request.named.filter(|&named| book.has_access(named, territory)) {
        return owned(named, How::Named, decision);
    }
    let Some(ring) = rings.get_mut(&territory) else {
        decision.how = How::Queued;
        return Assigned { territory: Some(territory), owner: None, turn: None, is_queued: true, decision };
    };
    if let Some(&known) = request.known.iter().find(|&&known| ring.is_eligible(known, now)) {
        ring.loads.count(known, false);
        return owned(known, How::Known, decision);
    }
    match ring.next(now) {
        Some((owner, turn, taken)) => {
            decision.ring = Some(taken);
            let mut assigned = owned(owner, How::Rotation, decision);
            assigned.turn = Some(turn);
            assigned
        }
        None => {
            decision.how = if ring.is_paused() { How::Paused } else { How::Queued };
            decision.ring = Some(ring.at_rest(now));
            Assigned { territory: Some(territory), owner: None, turn: None, is_queued: true, decision }
        }
    }
}

/// A territory's rotation while a batch takes turns in it.
struct Handing<'b> {
    book: &'b RuleBook,
    territory: Uuid,
    rotation: Rotation<Uuid>,
    began_at: u64,
    loads: Loads,
    /// The eligible members, kept while no cap is reached.
    roster: Option<Roster<Uuid>>,
}

impl<'b> Handing<'b> {
    async fn open(
        tx: &Tx,
        book: &'b RuleBook,
        territory: Uuid,
        mut rotation: Rotation<Uuid>,
        now: Timestamp,
    ) -> Result<Handing<'b>, Error> {
        let loads = Loads::read(tx, book.members(territory), territory, now).await?;
        rotation.keep_only(|member| book.members(territory).iter().any(|known| known.id == *member));
        let began_at = rotation.turn();
        Ok(Handing { book, territory, rotation, began_at, loads, roster: None })
    }

    fn is_eligible(&self, user: Uuid, now: Timestamp) -> bool {
        let members = self.loads.members();
        let member = members.iter().find(|member| member.id == user);
        member.is_some_and(|member| {
            self.book.has_access(user, self.territory)
                && member.obstacle(now, &|day| self.book.is_holiday(self.territory, day)).is_none()
        })
    }

    fn is_paused(&self) -> bool {
        self.book.pause(self.territory).is_some()
    }

    fn next(&mut self, now: Timestamp) -> Option<(Uuid, i64, Ring<Uuid>)> {
        if self.is_paused() {
            return None;
        }
        if self.roster.is_none() {
            let is_holiday = |day| self.book.is_holiday(self.territory, day);
            let eligible =
                self.loads.members().iter().filter(|member| member.obstacle(now, &is_holiday).is_none());
            self.roster = Roster::new(eligible.map(rotation::Member::seat).collect()).ok();
        }
        let roster = self.roster.as_ref().filter(|roster| !roster.is_empty())?;
        let before = self.rotation.clone();
        let turn = self.rotation.next(roster)?;
        let ring = self.ring(now, &before, Some(&turn));
        if self.loads.count(turn.member, true) {
            self.roster = None;
        }
        Some((turn.member, i64::try_from(turn.number).unwrap_or(i64::MAX), ring))
    }

    fn at_rest(&self, now: Timestamp) -> Ring<Uuid> {
        self.ring(now, &self.rotation, None)
    }

    fn ring(
        &self,
        now: Timestamp,
        before: &Rotation<Uuid>,
        turn: Option<&rotation::Turn<Uuid>>,
    ) -> Ring<Uuid> {
        let is_holiday = |day| self.book.is_holiday(self.territory, day);
        Ring::of(self.loads.members(), before, &self.rotation, turn, now, &is_holiday, &|id| {
            self.book.user_name(*id)
        })
    }

    /// The rotation, where turns were taken.
    fn moved(self) -> Option<Rotation<Uuid>> {
        (self.rotation.turn() != self.began_at).then_some(self.rotation)
    }
}
