//! Weighing: which leads a change of a rule would move, and whose they are. Changes nothing.
//! Uses: intended, facts, list.

use std::collections::{BTreeMap, HashSet};

use access::Action;
use condition::Facts;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition as Where, Order};
use store::Tx;
use store::filter::Reading;

use super::intended::Considered;
use crate::app::Micros;
use crate::error::Error;
use crate::outbox::event;
use crate::records::lead::facts;
use crate::records::lead::store::lead;
use crate::territories::book::RuleBook;

/// Leads read at a time.
const STEP: u64 = 1_000;

/// A lead that would go elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub from: Option<Uuid>,
    pub to: Option<Uuid>,
    pub owner: Option<Uuid>,
    /// The owner has access to where it goes, or it goes nowhere in particular.
    pub keeps_owner: bool,
}

/// What a change would do to the leads that its viewer may move.
#[derive(Debug, Default)]
pub struct Weighed {
    pub moves: BTreeMap<Uuid, Move>,
    /// Leads that would move were they not set by hand.
    pub pinned: u64,
    /// Leads that the rule matches and an earlier territory takes all the same: how many, and some of them.
    pub overlaps: BTreeMap<Uuid, (u64, Vec<Uuid>)>,
}

/// Leads named of an overlap.
const NAMED_MAX: usize = 3;

/// Weighs the change over all leads that it concerns.
///
/// # Errors
/// Where the database does not answer.
pub async fn weigh(
    tx: &Tx,
    book: &RuleBook,
    change: &Considered,
    reading: &Reading<'_>,
    now: Micros,
) -> Result<Weighed, Error> {
    let mut weighed = Weighed::default();
    let mut after = None;
    loop {
        let mut leads = tx.select_for::<lead::Entity>(Action::Assign).filter(concerned(change, reading));
        if let Some(after) = after {
            leads = leads.filter(lead::Column::Id.gt(after));
        }
        let leads =
            leads.order_by(Expr::col(("lead", lead::Column::Id)), Order::Asc).limit(STEP).all().await?;
        let Some(last) = leads.last().map(|lead| lead.id) else { return Ok(weighed) };
        let is_last = (leads.len() as u64) < STEP;
        weighed.take(book, change, &leads, now);
        if is_last {
            return Ok(weighed);
        }
        after = Some(last);
    }
}

/// Weighs anew the leads that have changed since an instant: for the moment at which the change is made.
///
/// # Errors
/// Where the database does not answer.
pub async fn weigh_since(
    tx: &Tx,
    book: &RuleBook,
    change: &Considered,
    since: Micros,
    now: Micros,
    weighed: &mut Weighed,
) -> Result<(), Error> {
    let task = tx.as_task(access::Task::Upkeep);
    let id = Expr::col(event::Column::ObjectId);
    let recent = task.select::<event::Entity>().filter(event::Column::At.gte(since));
    let recent = recent.filter(event::Column::Kind.starts_with("lead."));
    let ids: Vec<(Uuid,)> = recent.tuples(vec![id], Vec::new()).await?;
    let ids: Vec<Uuid> = ids.into_iter().map(|(id,)| id).collect::<HashSet<_>>().into_iter().collect();
    for ids in ids.chunks(STEP as usize) {
        for id in ids {
            weighed.moves.remove(id);
        }
        let leads = tx.select_for::<lead::Entity>(Action::Assign);
        let leads = leads.filter(lead::Column::Id.is_in(ids.iter().copied())).all().await?;
        weighed.take(book, change, &leads, now);
    }
    Ok(())
}

impl Weighed {
    fn take(&mut self, book: &RuleBook, change: &Considered, leads: &[lead::Model], now: Micros) {
        let today = book.day_of(now);
        for lead in leads {
            let facts = facts::of(lead, book.catalog(), today, &|us| book.day_of(us));
            let (old, new) = (book.index().place(&facts), change.index.place(&facts));
            let to = new.territory.map(|id| Uuid::from_u128(id.0));
            self.note_overlap(change, &facts, to, lead.id);
            let is_taken = new.rule.is_some_and(|rule| rule.0 == change.id.as_u128());
            if to == lead.territory_id || (old.territory == new.territory && !is_taken) {
                continue;
            }
            if lead.is_pinned {
                self.pinned += 1;
                continue;
            }
            let keeps = |owner: Uuid| to.is_none_or(|to| book.has_access(owner, to));
            let going = Move {
                from: lead.territory_id,
                to,
                owner: lead.owner_id,
                keeps_owner: lead.owner_id.is_some_and(keeps),
            };
            self.moves.insert(lead.id, going);
        }
    }

    fn note_overlap(&mut self, change: &Considered, facts: &Facts, to: Option<Uuid>, lead: Uuid) {
        let Some(winner) = to.filter(|&to| Some(to) != change.territory) else { return };
        if change.new.as_ref().is_some_and(|condition| condition.holds(facts)) {
            let (count, some) = self.overlaps.entry(winner).or_default();
            *count += 1;
            if some.len() < NAMED_MAX {
                some.push(lead);
            }
        }
    }

    /// Leads that would lose the owner whom they have.
    pub fn losing_owner(&self) -> usize {
        self.moves.values().filter(|going| going.owner.is_some() && !going.keeps_owner).count()
    }
}

/// Only leads that the old or the new condition matches can move.
fn concerned(change: &Considered, reading: &Reading<'_>) -> Where {
    let mut concerned = Where::any().add(Expr::cust("1 = 0"));
    for condition in [&change.old, &change.new].into_iter().flatten() {
        concerned = concerned.add(reading.expression(condition));
    }
    concerned
}
