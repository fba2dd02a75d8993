//! How much the members of a territory have: what their caps are compared with.

use access::Task;
use jiff::Timestamp;
use rotation::Member;
use store::Tx;
use uuid::Uuid;

use super::rotations;
use crate::error::Error;

/// The members of a territory with what they have now.
#[derive(Clone, Debug)]
pub struct Loads {
    members: Vec<Member<Uuid>>,
}

impl Loads {
    /// Reads how many leads each member with a daily cap has been handed today.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn read(
        tx: &Tx,
        members: &[Member<Uuid>],
        territory: Uuid,
        now: Timestamp,
    ) -> Result<Loads, Error> {
        Loads::counted(tx, members, territory, now, |member| member.leads_per_day_max.is_some()).await
    }

    /// As [`Loads::read`], and of those without a daily cap too, for people to look at.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn read_all(
        tx: &Tx,
        members: &[Member<Uuid>],
        territory: Uuid,
        now: Timestamp,
    ) -> Result<Loads, Error> {
        Loads::counted(tx, members, territory, now, |_| true).await
    }

    async fn counted(
        tx: &Tx,
        members: &[Member<Uuid>],
        territory: Uuid,
        now: Timestamp,
        is_counted: impl Fn(&Member<Uuid>) -> bool,
    ) -> Result<Loads, Error> {
        let mut members = members.to_vec();
        let task = tx.as_task(Task::Assignment);
        for member in members.iter_mut().filter(|member| is_counted(member)) {
            let since = rotation::day_began(&member.time_zone, now).as_microsecond();
            member.leads_today = rotations::handed_since(&task, territory, member.id, since).await?;
        }
        Ok(Loads { members })
    }

    pub fn members(&self) -> &[Member<Uuid>] {
        &self.members
    }

    /// The members whose open records somebody has to count.
    pub fn capped(&self) -> Vec<Uuid> {
        self.members.iter().filter(|member| member.open_leads_max.is_some()).map(|member| member.id).collect()
    }

    pub fn set_open(&mut self, user: Uuid, open: u32) {
        if let Some(member) = self.members.iter_mut().find(|member| member.id == user) {
            member.open_leads = open;
        }
    }

    /// Counts a lead just handed to somebody; true where that may have changed who is eligible.
    pub fn count(&mut self, user: Uuid, by_rotation: bool) -> bool {
        let Some(member) = self.members.iter_mut().find(|member| member.id == user) else { return false };
        member.open_leads += 1;
        if by_rotation {
            member.leads_today += 1;
        }
        member.cap_reached().is_some()
    }
}
