//! Who can be handed a lead now, and if not, why not and until when.
//! Never reads a clock: `now` is an argument, and the answer to "when does that change" is an instant,
//! so that a queue's timer can be set again after a restart.

use std::cmp::{max, min};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::day;
use crate::hours::{Holidays, WorkingHours};
use crate::tijdeman::{Seat, Weight};

/// A user in a territory, with all that decides whether a lead can be handed over now.
#[derive(Clone, Debug)]
pub struct Member<M> {
    pub id: M,
    pub position: i64,
    pub weight: Weight,
    pub has_assignment: bool,
    pub user_is_active: bool,
    /// The user's own; working hours, holidays and the daily cap follow it.
    pub time_zone: TimeZone,
    /// `None`: at any time, on holidays too.
    pub hours: Option<WorkingHours>,
    pub absences: Vec<Absence>,
    pub open_leads: u32,
    pub open_leads_max: Option<u32>,
    /// Leads handed over since [`day_began`](crate::day_began) in the member's time zone.
    pub leads_today: u32,
    pub leads_per_day_max: Option<u32>,
}

/// `from` included, `until` excluded; without `until` nobody knows yet when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
}

/// Why a member cannot be handed a lead now. Kept with decisions for ever: names never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Obstacle {
    AssignmentOff,
    UserInactive,
    Absent { until: Option<Timestamp> },
    Holiday { date: Date, opens_at: Option<Timestamp> },
    OutsideHours { opens_at: Option<Timestamp> },
    OpenLeadsMax { open: u32, max: u32 },
    LeadsPerDayMax { today: u32, max: u32 },
}

impl<M: Clone> Member<M> {
    /// What stands in the way now; `None`: eligible. Of several the one that a person would name first.
    pub fn obstacle(&self, now: Timestamp, holidays: Holidays<'_>) -> Option<Obstacle> {
        if !self.has_assignment {
            return Some(Obstacle::AssignmentOff);
        }
        if !self.user_is_active {
            return Some(Obstacle::UserInactive);
        }
        if let Some(until) = self.absent(now) {
            return Some(Obstacle::Absent { until });
        }
        self.off_duty(now, holidays).or_else(|| self.cap_reached())
    }

    /// The cap that is reached: the only obstacle that a lead handed over can bring about.
    pub fn cap_reached(&self) -> Option<Obstacle> {
        if let Some(max) = self.open_leads_max.filter(|&max| self.open_leads >= max) {
            return Some(Obstacle::OpenLeadsMax { open: self.open_leads, max });
        }
        let max = self.leads_per_day_max.filter(|&max| self.leads_today >= max)?;
        Some(Obstacle::LeadsPerDayMax { today: self.leads_today, max })
    }

    pub fn seat(&self) -> Seat<M> {
        Seat { member: self.id.clone(), weight: self.weight, position: self.position }
    }

    /// The next instant at which this member's eligibility changes by time alone, all else staying as it is.
    /// `None`: never, only through somebody's doing (an open lead closed, assignment turned on).
    pub fn next_change(&self, now: Timestamp, holidays: Holidays<'_>) -> Option<Timestamp> {
        match self.obstacle(now, holidays) {
            None => self.ineligible_from(now, holidays),
            Some(_) => self.eligible_from(now, holidays),
        }
    }

    fn ineligible_from(&self, now: Timestamp, holidays: Holidays<'_>) -> Option<Timestamp> {
        let leaves = self.absences.iter().filter(|absence| !absence.is_void()).map(|absence| absence.from);
        let leaves = leaves.filter(|&from| from > now).min();
        let closes = self.hours.as_ref().and_then(|hours| hours.next_flip(now, &self.time_zone, holidays));
        match (leaves, closes) {
            (Some(leaves), Some(closes)) => Some(min(leaves, closes)),
            (leaves, closes) => leaves.or(closes),
        }
    }

    fn eligible_from(&self, now: Timestamp, holidays: Holidays<'_>) -> Option<Timestamp> {
        let is_full = self.open_leads_max.is_some_and(|max| self.open_leads >= max);
        if !self.has_assignment || !self.user_is_active || is_full || self.leads_per_day_max == Some(0) {
            return None;
        }
        let is_full_today = self.leads_per_day_max.is_some_and(|max| self.leads_today >= max);
        let today = self.time_zone.to_datetime(now).date();
        let mut at = now;
        // Each pass leaps over one obstacle, so this ends when nothing stands in the way.
        loop {
            if is_full_today && self.time_zone.to_datetime(at).date() <= today {
                at = day::next_day(&self.time_zone, at)?;
                continue;
            }
            if let Some(until) = self.absent(at) {
                at = until?;
                continue;
            }
            let Some(hours) = &self.hours else { return Some(at) };
            if hours.is_open(at, &self.time_zone, holidays) {
                return Some(at);
            }
            let flip = hours.next_flip(at, &self.time_zone, holidays)?;
            if !hours.is_open(flip, &self.time_zone, holidays) {
                // The horizon: too far to know, so look again then.
                return Some(flip);
            }
            at = flip;
        }
    }

    /// Whether absent at that instant, and if so until when, absences that touch taken together.
    fn absent(&self, at: Timestamp) -> Option<Option<Timestamp>> {
        let end = |at: Timestamp| {
            let covering = self.absences.iter().filter(|absence| absence.covers(at));
            covering.map(|absence| absence.until).reduce(|a, b| Some(max(a?, b?)))
        };
        let mut until = end(at)?;
        while let Some(further) = until.and_then(end) {
            until = further;
        }
        Some(until)
    }

    fn off_duty(&self, now: Timestamp, holidays: Holidays<'_>) -> Option<Obstacle> {
        let hours = self.hours.as_ref()?;
        if hours.is_open(now, &self.time_zone, holidays) {
            return None;
        }
        let opens_at = hours
            .next_flip(now, &self.time_zone, holidays)
            .filter(|&flip| hours.is_open(flip, &self.time_zone, holidays));
        let today = self.time_zone.to_datetime(now).date();
        if hours.has_day(today.weekday()) && holidays(today) {
            return Some(Obstacle::Holiday { date: today, opens_at });
        }
        Some(Obstacle::OutsideHours { opens_at })
    }
}

impl Absence {
    fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Ends no later than it begins.
    fn is_void(&self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }
}

/// The next instant at which the eligibility of any of them changes by time alone; the queue is looked at
/// again then. `None`: only somebody's doing changes anything.
pub fn next_change<M: Clone>(
    members: &[Member<M>],
    now: Timestamp,
    holidays: Holidays<'_>,
) -> Option<Timestamp> {
    members.iter().filter_map(|member| member.next_change(now, holidays)).min()
}
