//! The ring of a territory as its managers see it: who is next and why, what everybody has, and the queue.

use std::collections::BTreeMap;

use access::Task;
use rotation::{Language, Moment, Roster};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use store::{Scoped, Tx, padded};
use utoipa::ToSchema;

use super::load;
use super::store::lead;
use super::view::Named;
use super::why::Words;
use crate::assignment::store::decision;
use crate::assignment::{load::Loads, rotations};
use crate::error::Error;
use crate::http::headers::moment;
use crate::people::store::absence;
use crate::territories::book::RuleBook;

/// Turns that are shown one by one.
const RECENT_MAX: u64 = 6;
/// Turns of which the usual time from arrival to owner is taken.
const WAITS_MAX: u64 = 100;
/// How far ahead absences are shown.
const AHEAD: jiff::SignedDuration = jiff::SignedDuration::from_hours(28 * 24);

/// A territory's rotation at this moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct RotationView {
    pub territory: Named,
    /// Turns taken so far.
    pub turn: u64,
    /// When the first of them was taken.
    pub since: Option<String>,
    /// Median time from a lead's arrival to its first owner, in milliseconds, over the last hundred turns.
    pub wait_ms: Option<u64>,
    /// Where it is paused: it hands nothing out, and what arrives waits in the queue.
    pub paused: Option<PauseView>,
    /// Who would be handed the next lead; none: it would wait in the queue.
    pub next: Option<Named>,
    pub members: Vec<RingMember>,
    pub queue: QueueView,
    /// The last turns, newest first.
    pub recent: Vec<RingTurn>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PauseView {
    pub since: String,
    pub by: Named,
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
    /// The member's exact share of the turns at which they could be handed a lead, in thousandths of a lead.
    pub due_thousandths: u64,
    pub open_leads: u32,
    pub open_leads_max: Option<u32>,
    pub leads_today: u32,
    pub leads_per_day_max: Option<u32>,
    /// Today's spans of work by the member's own clock; empty: a day off; none: at any time.
    #[schema(example = json!(["08:00-12:00", "13:00-17:00"]))]
    pub hours_today: Option<Vec<String>>,
    /// When the rotation last handed a lead to the member.
    pub last_at: Option<String>,
    /// Those that are not over and begin within the next four weeks, by their start.
    pub absences: Vec<RingAbsence>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RingAbsence {
    pub starts_at: String,
    pub ends_at: String,
    /// Why; only for those who look after absences.
    pub note: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RingTurn {
    pub turn: u64,
    pub at: String,
    pub user: Named,
    /// The lead; none where the viewer may not see it.
    pub lead: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QueueView {
    pub waiting: u64,
    pub oldest_since: Option<String>,
    /// When somebody becomes eligible by time alone; none: only through somebody's doing.
    pub served_at: Option<String>,
    /// Who that is.
    pub served_by: Option<Named>,
}

/// Reads the ring as it stands; the notes of absences only where they may be shown.
///
/// # Errors
/// Where the database does not answer.
pub async fn rotation(
    tx: &Tx,
    book: &RuleBook,
    id: Uuid,
    now: jiff::Timestamp,
    with_notes: bool,
) -> Result<RotationView, Error> {
    // Counts of what members have do not depend on which of their leads the viewer may see.
    let task = tx.as_task(Task::Assignment);
    let rotation = rotations::read(&task, id).await?;
    let loads = loads(&task, book, id, now).await?;
    let is_holiday = |day| book.is_holiday(id, day);
    let eligible = loads.members().iter().filter(|member| member.obstacle(now, &is_holiday).is_none());
    let roster = Roster::new(eligible.map(rotation::Member::seat).collect());
    let paused = book.pause(id);
    let next = roster.ok().filter(|_| paused.is_none()).and_then(|roster| rotation.clone().next(&roster));
    let named = |id: Uuid| Named { id, name: book.user_name(id) };
    let handed = handed(&task, id).await?;
    let mut absences = absences(tx, &loads, now, with_notes).await?;
    let at = Moment { at: now, zone: book.time_zone() };
    let member = |member: &rotation::Member<Uuid>| {
        let obstacle = member.obstacle(now, &is_holiday);
        let (received, last_at) = handed.get(&member.id).copied().unwrap_or_default();
        let credit = rotation.credit(&member.id);
        let today = member.time_zone.to_datetime(now).date();
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
            credit: credit.to_string(),
            received,
            due_thousandths: (received * 1_000).saturating_add_signed(credit.0 / 1_000_000),
            open_leads: member.open_leads,
            open_leads_max: member.open_leads_max,
            leads_today: member.leads_today,
            leads_per_day_max: member.leads_per_day_max,
            hours_today: member.hours.as_ref().map(|hours| hours.on(today, &is_holiday)),
            last_at: last_at.map(moment),
            absences: absences.remove(&member.id).unwrap_or_default(),
        }
    };
    let members = loads.members().iter().map(member).collect();
    let served_at = rotation::next_change(loads.members(), now, &is_holiday).filter(|_| paused.is_none());
    let served_by = served_at.and_then(|at| {
        let back = loads.members().iter().find(|member| member.obstacle(at, &is_holiday).is_none());
        back.map(|member| member.id)
    });
    let recent = recent(tx, id).await?;
    let recent = recent.into_iter().map(|(turn, at, user, lead)| RingTurn {
        turn: turn.unsigned_abs(),
        at: moment(at),
        user: named(user),
        lead,
    });
    Ok(RotationView {
        territory: Named { id, name: book.territory_name(id).0 },
        turn: rotation.turn(),
        since: turns(&task, id).tuples(vec![Expr::cust("MIN(at)")], vec![]).await?.pop().and_then(first),
        wait_ms: wait_ms(&task, id).await?,
        paused: paused.map(|(since, by)| PauseView { since: moment(since), by: named(by) }),
        next: next.map(|turn| named(turn.member)),
        members,
        queue: queue(&task, id, served_at, served_by.map(named)).await?,
        recent: recent.collect(),
    })
}

fn first((at,): (Option<i64>,)) -> Option<String> {
    at.map(moment)
}

async fn loads(tx: &Tx, book: &RuleBook, id: Uuid, now: jiff::Timestamp) -> Result<Loads, Error> {
    let mut loads = Loads::read_all(tx, book.members(id), id, now).await?;
    let members: Vec<Uuid> = book.members(id).iter().map(|member| member.id).collect();
    for (member, open) in load::open(tx, id, &members).await? {
        loads.set_open(member, open);
    }
    Ok(loads)
}

fn turns(tx: &Tx, territory: Uuid) -> Scoped<'_, decision::Entity> {
    tx.select::<decision::Entity>()
        .filter(decision::Column::TerritoryId.eq(territory))
        .filter(decision::Column::Turn.is_not_null())
        .filter(decision::Column::OwnerId.is_not_null())
}

/// Turns by member, and when the last was.
async fn handed(tx: &Tx, territory: Uuid) -> Result<BTreeMap<Uuid, (u64, Option<i64>)>, Error> {
    let owner = Expr::col(decision::Column::OwnerId);
    let columns = vec![owner.clone(), Expr::cust("COUNT(*)"), Expr::cust("MAX(at)")];
    let counts: Vec<(Uuid, i64, i64)> = turns(tx, territory).tuples(columns, vec![owner]).await?;
    Ok(counts.into_iter().map(|(user, count, at)| (user, (count.unsigned_abs(), Some(at)))).collect())
}

type Turn = (i64, i64, Uuid, Uuid);

async fn last_turns(tx: &Tx, territory: Uuid, count: u64) -> Result<Vec<Turn>, Error> {
    use decision::Column::{At, LeadId, OwnerId, Turn};
    let columns = [Turn, At, OwnerId, LeadId].map(Expr::col);
    let last = turns(tx, territory).order_by(Expr::col(Turn), Order::Desc).limit(count);
    Ok(last.tuples(columns.to_vec(), vec![]).await?)
}

/// The last turns, with those leads that the viewer may see.
async fn recent(tx: &Tx, territory: Uuid) -> Result<Vec<(i64, i64, Uuid, Option<Uuid>)>, Error> {
    let turns = last_turns(&tx.as_task(Task::Assignment), territory, RECENT_MAX).await?;
    let leads = turns.iter().map(|(.., lead)| *lead);
    let seen = tx.select::<lead::Entity>().filter(lead::Column::Id.is_in(padded(leads)));
    let seen: Vec<(Uuid,)> = seen.tuples(vec![Expr::col(lead::Column::Id)], vec![]).await?;
    let is_seen = |lead: Uuid| seen.contains(&(lead,)).then_some(lead);
    Ok(turns.into_iter().map(|(turn, at, user, lead)| (turn, at, user, is_seen(lead))).collect())
}

/// Median time from arrival to the first owner over the leads of the last turns.
async fn wait_ms(tx: &Tx, territory: Uuid) -> Result<Option<u64>, Error> {
    let leads: Vec<Uuid> =
        last_turns(tx, territory, WAITS_MAX).await?.into_iter().map(|(.., lead)| lead).collect();
    let (id, created_at) = (Expr::col(lead::Column::Id), Expr::col(lead::Column::CreatedAt));
    let arrived = tx.select::<lead::Entity>().filter(lead::Column::Id.is_in(padded(leads.iter().copied())));
    let arrived: Vec<(Uuid, i64)> = arrived.tuples(vec![id, created_at], vec![]).await?;
    let lead = Expr::col(decision::Column::LeadId);
    let owned: Vec<(Uuid, i64)> = tx
        .select::<decision::Entity>()
        .filter(decision::Column::LeadId.is_in(padded(leads)))
        .filter(decision::Column::OwnerId.is_not_null())
        .tuples(vec![lead.clone(), Expr::cust("MIN(at)")], vec![lead])
        .await?;
    let owned: BTreeMap<Uuid, i64> = owned.into_iter().collect();
    let wait =
        |(lead, arrived): (Uuid, i64)| Some((owned.get(&lead)? - arrived).max(0).unsigned_abs() / 1_000);
    let mut waits: Vec<u64> = arrived.into_iter().filter_map(wait).collect();
    waits.sort_unstable();
    Ok(waits.get(waits.len() / 2).copied())
}

async fn absences(
    tx: &Tx,
    loads: &Loads,
    now: jiff::Timestamp,
    with_notes: bool,
) -> Result<BTreeMap<Uuid, Vec<RingAbsence>>, Error> {
    let members = loads.members().iter().map(|member| member.id);
    let ahead = now.saturating_add(AHEAD).unwrap_or(now).as_microsecond();
    let account = tx.as_task(Task::OwnAccount);
    let rows = account
        .select::<absence::Entity>()
        .filter(absence::Column::UserId.is_in(padded(members)))
        .filter(absence::Column::EndsAt.gt(now.as_microsecond()))
        .filter(absence::Column::StartsAt.lt(ahead))
        .order_by(Expr::col(absence::Column::StartsAt), Order::Asc)
        .all()
        .await?;
    let mut found: BTreeMap<Uuid, Vec<RingAbsence>> = BTreeMap::new();
    for row in rows {
        found.entry(row.user_id).or_default().push(RingAbsence {
            starts_at: moment(row.starts_at),
            ends_at: moment(row.ends_at),
            note: Some(row.note).filter(|note| with_notes && !note.is_empty()),
        });
    }
    Ok(found)
}

async fn queue(
    tx: &Tx,
    territory: Uuid,
    served_at: Option<jiff::Timestamp>,
    served_by: Option<Named>,
) -> Result<QueueView, Error> {
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
        served_by,
    })
}
