//! Why somebody was handed a lead: the decision as data, kept for ever.
//! Members of these types are added, never renamed or given another meaning.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::eligible::{Member, Obstacle};
use crate::hours::Holidays;
use crate::tijdeman::{Credit, Rotation, Turn, Weight};

/// How the owner was found, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// No territory, and nobody named.
    Unplaced,
    /// The creator named the owner.
    Named,
    /// The owner of a record that the lead belongs to: same account, e-mail or phone.
    Known,
    /// The rotation's turn.
    Rotation,
    /// Nobody was eligible.
    Queued,
    /// The territory's rotation was paused.
    Paused,
    /// Handed out of the queue when somebody became eligible.
    FromQueue,
    /// Somebody gave it to the owner by hand.
    ByHand,
    /// The lead moved to another territory, to which its owner has access too.
    Kept,
}

/// All members of the territory at that moment, in their order, with the reason why each was taken or
/// passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring<M> {
    /// The rotation's running number; none where nobody could be taken.
    pub turn: Option<u64>,
    pub seats: Vec<RingSeat<M>>,
}

/// One member in a [`Ring`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingSeat<M> {
    pub user: M,
    /// As it was then.
    pub name: String,
    pub position: i64,
    pub weight: Weight,
    pub credit_before: Credit,
    pub credit_after: Credit,
    pub is_taken: bool,
    /// Why the member could not be handed a lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
}

/// What a turn meant for one member: all that this member may know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Taken,
    NotTheirTurn,
    Skipped(Obstacle),
}

impl<M: Ord + Clone> Ring<M> {
    /// Notes a turn, or that none could be taken, with the rotation as it was before and is after.
    pub fn of(
        members: &[Member<M>],
        before: &Rotation<M>,
        after: &Rotation<M>,
        turn: Option<&Turn<M>>,
        now: Timestamp,
        holidays: Holidays<'_>,
        name_of: &dyn Fn(&M) -> String,
    ) -> Ring<M> {
        let seat = |member: &Member<M>| RingSeat {
            user: member.id.clone(),
            name: name_of(&member.id),
            position: member.position,
            weight: member.weight,
            credit_before: before.credit(&member.id),
            credit_after: after.credit(&member.id),
            is_taken: turn.is_some_and(|turn| turn.member == member.id),
            obstacle: member.obstacle(now, holidays),
        };
        let mut seats: Vec<RingSeat<M>> = members.iter().map(seat).collect();
        seats.sort_by(|a, b| (a.position, &a.user).cmp(&(b.position, &b.user)));
        Ring { turn: turn.map(|turn| turn.number), seats }
    }

    /// The outcome for one member; none for whoever was no member then.
    pub fn outcome_for(&self, user: &M) -> Option<Outcome> {
        self.seats.iter().find(|seat| seat.user == *user).map(RingSeat::outcome)
    }
}

impl<M> RingSeat<M> {
    pub fn outcome(&self) -> Outcome {
        match self.obstacle {
            _ if self.is_taken => Outcome::Taken,
            Some(obstacle) => Outcome::Skipped(obstacle),
            None => Outcome::NotTheirTurn,
        }
    }
}
