//! The ring of a territory as its managers see it: who is next and why, what everybody has, and the queue.

use access::Task;
use rotation::{Language, Moment, Roster};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use store::Tx;
use utoipa::ToSchema;

use super::load;
use super::store::lead;
use super::view::Named;
use super::why::Words;
use crate::assignment::store::decision;
use crate::assignment::{load::Loads, rotations};
use crate::error::Error;
use crate::http::headers::moment;
use crate::territories::book::RuleBook;

/// A territory's rotation at this moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct RotationView {
    pub territory: Named,
    /// Turns taken so far.
    pub turn: u64,
    /// Who would be handed the next lead; none: it would wait in the queue.
    pub next: Option<Named>,
    pub members: Vec<RingMember>,
    pub queue: QueueView,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RingMember {
    pub user: Named,
    pub position: i64,
    pub weight: u32,
    pub has_assignment: bool,
    pub is_eligible: bool,
    /// Why not eligible, in few words.
    pub obstacle: Option<Words>,
    /// In leads, with nine decimals: what the member is owed.
    pub credit: String,
    /// Leads that the rotation has handed to the member.
    pub received: u64,
    /// The member's exact share of all turns taken, by today's weights, in thousandths of a lead.
    pub due_thousandths: u64,
    pub open_leads: u32,
    pub open_leads_max: Option<u32>,
    pub leads_today: u32,
    pub leads_per_day_max: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QueueView {
    pub waiting: u64,
    pub oldest_since: Option<String>,
    /// When somebody becomes eligible by time alone; none: only through somebody's doing.
    pub served_at: Option<String>,
}

/// Reads the ring as it stands.
///
/// # Errors
/// Where the database does not answer.
pub async fn rotation(
    tx: &Tx,
    book: &RuleBook,
    id: Uuid,
    now: jiff::Timestamp,
) -> Result<RotationView, Error> {
    // Counts of what members have do not depend on which of their leads the viewer may see.
    let task = tx.as_task(Task::Assignment);
    let rotation = rotations::read(&task, id).await?;
    let loads = loads(&task, book, id, now).await?;
    let is_holiday = |day| book.is_holiday(id, day);
    let eligible = loads.members().iter().filter(|member| member.obstacle(now, &is_holiday).is_none());
    let roster = Roster::new(eligible.map(rotation::Member::seat).collect());
    let next = roster.ok().and_then(|roster| rotation.clone().next(&roster));
    let named = |id: Uuid| Named { id, name: book.user_name(id) };
    let received = received(&task, id).await?;
    let weights: u64 = loads.members().iter().map(|member| u64::from(member.weight.get())).sum();
    let at = Moment { at: now, zone: book.time_zone() };
    let member = |member: &rotation::Member<Uuid>| {
        let obstacle = member.obstacle(now, &is_holiday);
        RingMember {
            user: named(member.id),
            position: member.position,
            weight: member.weight.get(),
            has_assignment: member.has_assignment,
            is_eligible: obstacle.is_none(),
            obstacle: obstacle.map(|obstacle| Words {
                de: obstacle.caption(at, Language::German),
                en: obstacle.caption(at, Language::English),
            }),
            credit: rotation.credit(&member.id).to_string(),
            received: received.iter().find(|(user, _)| *user == member.id).map_or(0, |(_, count)| *count),
            due_thousandths: rotation.turn() * 1_000 * u64::from(member.weight.get()) / weights.max(1),
            open_leads: member.open_leads,
            open_leads_max: member.open_leads_max,
            leads_today: member.leads_today,
            leads_per_day_max: member.leads_per_day_max,
        }
    };
    let served_at = rotation::next_change(loads.members(), now, &is_holiday);
    Ok(RotationView {
        territory: Named { id, name: book.territory_name(id).0 },
        turn: rotation.turn(),
        next: next.map(|turn| named(turn.member)),
        members: loads.members().iter().map(member).collect(),
        queue: queue(&task, id, served_at).await?,
    })
}

async fn loads(tx: &Tx, book: &RuleBook, id: Uuid, now: jiff::Timestamp) -> Result<Loads, Error> {
    let mut loads = Loads::read(tx, book.members(id), id, now).await?;
    let members: Vec<Uuid> = book.members(id).iter().map(|member| member.id).collect();
    for (member, open) in load::open(tx, id, &members).await? {
        loads.set_open(member, open);
    }
    Ok(loads)
}

/// Turns by member.
async fn received(tx: &Tx, territory: Uuid) -> Result<Vec<(Uuid, u64)>, Error> {
    let owner = Expr::col(decision::Column::OwnerId);
    let counts: Vec<(Uuid, i64)> = tx
        .select::<decision::Entity>()
        .filter(decision::Column::TerritoryId.eq(territory))
        .filter(decision::Column::Turn.is_not_null())
        .filter(decision::Column::OwnerId.is_not_null())
        .tuples(vec![owner.clone(), Expr::cust("COUNT(*)")], vec![owner])
        .await?;
    Ok(counts.into_iter().map(|(user, count)| (user, count.unsigned_abs())).collect())
}

async fn queue(tx: &Tx, territory: Uuid, served_at: Option<jiff::Timestamp>) -> Result<QueueView, Error> {
    let waiting = || {
        tx.select::<lead::Entity>()
            .filter(lead::Column::TerritoryId.eq(territory))
            .filter(lead::Column::QueuedAt.is_not_null())
    };
    let oldest = waiting().order_by(Expr::col(lead::Column::QueuedAt), Order::Asc).one().await?;
    Ok(QueueView {
        waiting: waiting().count().await?,
        oldest_since: oldest.and_then(|lead| lead.queued_at).map(moment),
        served_at: served_at.map(|at| at.to_string()),
    })
}
