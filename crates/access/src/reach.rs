//! How far a viewer reaches with an act, in the form that becomes SQL.

use uuid::Uuid;

use crate::viewer::Tie;

/// How much of a territory's records, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Nothing,
    /// Those that the viewer owns or takes part in.
    Own,
    Whole,
}

/// The records on which a viewer may carry out an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    Everything,
    Nothing,
    /// The viewer's own, wherever they are, and all records of some territories.
    Part {
        own: Option<Uuid>,
        territories: Vec<Uuid>,
    },
    /// A role in a territory allows less there than the viewer may elsewhere: each of `territories` has its
    /// level, and `elsewhere` counts for all others and for records without territory.
    Uneven {
        user: Uuid,
        elsewhere: Level,
        territories: Vec<(Uuid, Level)>,
    },
}

impl Reach {
    /// From the level elsewhere and those of the territories that differ from it, in the order of ids.
    pub(crate) fn new(user: Uuid, elsewhere: Level, territories: Vec<(Uuid, Level)>) -> Reach {
        let own = match elsewhere {
            Level::Whole if territories.is_empty() => return Reach::Everything,
            Level::Nothing if territories.is_empty() => return Reach::Nothing,
            Level::Whole => return Reach::Uneven { user, elsewhere, territories },
            Level::Own => Some(user),
            Level::Nothing => None,
        };
        if territories.iter().any(|&(_, level)| level != Level::Whole) {
            return Reach::Uneven { user, elsewhere, territories };
        }
        Reach::Part { own, territories: territories.into_iter().map(|(territory, _)| territory).collect() }
    }

    /// Says whether a record is within reach: what the SQL made of it must answer.
    pub fn contains(&self, tie: &Tie) -> bool {
        match self {
            Reach::Everything => true,
            Reach::Nothing => false,
            Reach::Part { own, territories } => {
                own.is_some_and(|user| tie.is_of(user))
                    || tie.territory.is_some_and(|territory| territories.contains(&territory))
            }
            Reach::Uneven { user, elsewhere, territories } => {
                let listed = territories.iter().find(|(territory, _)| tie.territory == Some(*territory));
                listed.map_or(*elsewhere, |&(_, level)| level).covers(tie, *user)
            }
        }
    }
}

impl Level {
    pub(crate) fn covers(self, tie: &Tie, user: Uuid) -> bool {
        match self {
            Level::Nothing => false,
            Level::Own => tie.is_of(user),
            Level::Whole => true,
        }
    }
}
