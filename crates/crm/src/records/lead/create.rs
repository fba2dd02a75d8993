//! Creating leads: record, owner, turn, decision, event and answer in one transaction.

use std::borrow::Cow;
use std::collections::HashMap;

use condition::normal::{Draft, Reader, Stored};
use condition::standard;
use jiff::Timestamp;
use place::Country;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Serialize;
use serde_json::{Map, Value};
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use super::arrivals::Arrival;
use super::store::{known, lead};
use super::view::{self, LeadView};
use super::{known as known_leads, row};
use crate::app::{App, Micros};
use crate::assignment::store::decision;
use crate::assignment::{Assigned, Batch, Request};
use crate::error::{Error, Fault};
use crate::http::headers::etag;
use crate::http::once::{Answer, Ticket};
use crate::outbox::{self, Event};
use crate::territories::book::RuleBook;
use crate::trail::{self, Entry};

/// A lead as it came through the door, checked against one rule book.
#[derive(Clone)]
pub struct Incoming {
    fields: Map<String, Value>,
    /// The country of numbers and postcodes that name none.
    country: Option<Country>,
    owner: Option<Uuid>,
    territory: Option<Uuid>,
    rules_version: i64,
    draft: Draft,
    /// Hashes of the e-mails and phones by which the lead may be known.
    known_keys: Vec<i64>,
}

/// What the creator learns. A lead that finds its way into a territory that the creator may not see is
/// created all the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Created {
    pub id: Uuid,
    pub is_visible: bool,
    /// The lead, where the creator may see it.
    pub lead: Option<LeadView<'static>>,
}

impl Incoming {
    /// Reads the fields into their normal form.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming every fault at once.
    pub fn read(
        book: &RuleBook,
        fields: Map<String, Value>,
        country: Option<Country>,
        owner: Option<Uuid>,
        territory: Option<Uuid>,
    ) -> Result<Incoming, Error> {
        let draft = draft(book, &fields, country);
        let mut faults = draft.as_ref().err().cloned().unwrap_or_default();
        if let Some(owner) = owner.filter(|&owner| !book.is_active_user(owner)) {
            let detail = "there is no active user with this id";
            faults.push(Fault::new("/owner", "unknown_user", owner.to_string(), detail));
        }
        if let Some(territory) = territory.filter(|&territory| book.tree().get(territory).is_none()) {
            let detail = "there is no territory with this id";
            faults.push(Fault::new("/territory", "unknown_territory", territory.to_string(), detail));
        }
        match draft {
            Ok(draft) if faults.is_empty() => {
                let rules_version = book.workspace().rules_version;
                let known_keys = known_leads::keys(&draft);
                Ok(Incoming { fields, country, owner, territory, rules_version, draft, known_keys })
            }
            _ => Err(Error::Invalid(faults)),
        }
    }

    pub fn known_keys(&self) -> &[i64] {
        &self.known_keys
    }

    /// The same lead read by a newer book, where fields or choices may have changed meanwhile.
    fn renewed(&self, book: &RuleBook) -> Result<Cow<'_, Incoming>, Error> {
        if self.rules_version == book.workspace().rules_version {
            return Ok(Cow::Borrowed(self));
        }
        Incoming::read(book, self.fields.clone(), self.country, self.owner, self.territory).map(Cow::Owned)
    }
}

/// Reads and completes a draft; a lead without status is new.
///
/// # Errors
/// Every fault at once.
pub fn draft(
    book: &RuleBook,
    fields: &Map<String, Value>,
    country: Option<Country>,
) -> Result<Draft, Vec<Fault>> {
    let context = book.context(country.or_else(|| book.default_country()));
    let mut draft = Reader::new(book.catalog(), &context)
        .json(fields)
        .map_err(|faults| faults.into_iter().map(fault).collect::<Vec<Fault>>())?;
    if draft.get(standard::STATUS).is_none() {
        draft.set(standard::STATUS, Stored::Key("new".into()));
    }
    draft.complete(&context);
    if [standard::COMPANY, standard::LAST_NAME, standard::FIRST_NAME, standard::EMAILS, standard::PHONES]
        .iter()
        .all(|&field| draft.get(field).is_none())
    {
        let detail = "a lead has at least a company, a name, an e-mail or a phone";
        return Err(vec![Fault::new("/company", "lead_nameless", Value::Null, detail)]);
    }
    Ok(draft)
}

fn fault(fault: condition::normal::Fault) -> Fault {
    let detail = fault.detail();
    Fault { pointer: fault.pointer, code: fault.code.name().to_owned(), value: fault.value.into(), detail }
}

/// A lead of a batch: its place there, and what it is by the batch's own book.
type Fresh<'a> = (usize, &'a Arrival, Cow<'a, Incoming>);

/// Creates the leads of one batch; each gets its own answer or fault, and trouble with the database is
/// the whole batch's.
///
/// # Errors
/// Where the database refuses.
pub async fn batch(tx: &Tx, app: &App, arrivals: &[Arrival]) -> Result<Vec<Result<Answer, Error>>, Error> {
    let book = app.books.book_kept(tx).await?;
    let tickets: Vec<&Ticket> = arrivals.iter().filter_map(|arrival| arrival.ticket.as_ref()).collect();
    let mut earlier = Ticket::find_all(tx, &tickets).await?;
    let mut answers: Vec<Option<Result<Answer, Error>>> = Vec::with_capacity(arrivals.len());
    let mut fresh: Vec<Fresh<'_>> = Vec::new();
    for (at, arrival) in arrivals.iter().enumerate() {
        let replayed = arrival.ticket.as_ref().and_then(|ticket| earlier.remove(&ticket.identity()?));
        if replayed.is_some() {
            answers.push(replayed);
            continue;
        }
        match arrival.incoming.renewed(&book) {
            Ok(incoming) => {
                fresh.push((at, arrival, incoming));
                answers.push(None);
            }
            Err(error) => answers.push(Some(Err(error))),
        }
    }
    for (at, answer) in insert(tx, app, &book, fresh).await? {
        answers[at] = Some(Ok(answer));
    }
    Ok(answers.into_iter().map(|answer| answer.unwrap_or(Err(Error::Busy))).collect())
}

async fn insert(
    tx: &Tx,
    app: &App,
    book: &RuleBook,
    fresh: Vec<Fresh<'_>>,
) -> Result<Vec<(usize, Answer)>, Error> {
    if fresh.is_empty() {
        return Ok(Vec::new());
    }
    let now = app.clock.now();
    let day_of = |us| book.day_of(us);
    let today = book.day_of(now);
    let drafts: Vec<&Draft> = fresh.iter().map(|(_, _, incoming)| &incoming.draft).collect();
    let known =
        if book.workspace().is_sticky { known_leads::owners(tx, &drafts).await? } else { HashMap::new() };
    let requests = fresh
        .iter()
        .enumerate()
        .map(|(at, (_, _, incoming))| Request {
            facts: incoming.draft.facts(book.catalog(), today, day_of),
            texts: incoming.draft.texts(),
            pinned: incoming.territory,
            named: incoming.owner,
            known: known.get(&at).cloned().unwrap_or_default(),
        })
        .collect();
    let mut batch = Batch::lock(tx, book, requests, timestamp(now)).await?;
    super::load::count_open(tx, &mut batch).await?;
    let assigned = batch.assign(tx).await?;
    let mut rows = Rows::default();
    for ((at, arrival, incoming), assigned) in fresh.into_iter().zip(assigned) {
        rows.add(app, book, now, at, arrival, &incoming, assigned)?;
    }
    rows.write(tx, app).await
}

pub(super) fn timestamp(us: Micros) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// All rows of a batch, gathered so that each table takes one statement.
#[derive(Default)]
struct Rows<'a> {
    leads: Vec<lead::ActiveModel>,
    known: Vec<known::ActiveModel>,
    decisions: Vec<decision::ActiveModel>,
    events: Vec<Event>,
    entries: Vec<(trail::Actor, Entry)>,
    answers: Vec<(usize, Option<&'a Ticket>, Answer)>,
}

impl<'a> Rows<'a> {
    #[expect(clippy::too_many_arguments, reason = "one lead with all that its rows are made of")]
    fn add(
        &mut self,
        app: &App,
        book: &RuleBook,
        now: Micros,
        at: usize,
        arrival: &'a Arrival,
        incoming: &Incoming,
        assigned: Assigned,
    ) -> Result<(), Error> {
        let id = app.ids.next();
        let Assigned { territory, owner, turn, is_queued, decision } = assigned;
        let mut model = blank(id, now);
        model.created_by = Set(arrival.actor.user);
        model.door = Set(arrival.actor.door.to_owned());
        model.territory_id = Set(territory);
        model.owner_id = Set(owner);
        model.is_pinned = Set(incoming.territory.is_some());
        model.queued_at = Set(is_queued.then_some(now));
        model.assigned_at = Set(owner.map(|_| now));
        row::fill(&mut model, &incoming.draft, book.catalog(), &|us| book.day_of(us));
        self.known.extend(incoming.known_keys.iter().map(|&key| known_leads::row(key, id)));
        self.decisions.push(decision::ActiveModel {
            workspace_id: NotSet,
            id: Set(app.ids.next()),
            lead_id: Set(id),
            at: Set(now),
            territory_id: Set(territory),
            owner_id: Set(owner),
            turn: Set(turn),
            detail: Set(serde_json::to_string(&decision)?),
        });
        self.events.push(Event {
            kind: "lead.created",
            object: id,
            territory,
            owner,
            former_territory: None,
            former_owner: None,
            former_collaborators: Vec::new(),
        });
        let shown = row::shown(&model)?;
        let after = Value::Object(row::fields(&shown));
        self.entries.push((
            arrival.actor.clone(),
            Entry {
                action: "create",
                object: "lead",
                object_id: id.to_string(),
                before: None,
                after: Some(after),
            },
        ));
        let answer = answer(book, arrival, &shown)?;
        self.answers.push((at, arrival.ticket.as_ref(), answer));
        self.leads.push(model);
        Ok(())
    }

    async fn write(self, tx: &Tx, app: &App) -> Result<Vec<(usize, Answer)>, Error> {
        tx.insert(self.leads).await?;
        tx.insert_missing(self.known).await?;
        tx.insert(self.decisions).await?;
        outbox::publish(tx, app, self.events).await?;
        trail::write_all(tx, app, self.entries).await?;
        let tickets = self.answers.iter().filter_map(|(_, ticket, answer)| Some(((*ticket)?, answer)));
        Ticket::remember_all(tx, tickets).await?;
        Ok(self.answers.into_iter().map(|(at, _, answer)| (at, answer)).collect())
    }
}

fn answer(book: &RuleBook, arrival: &Arrival, row: &lead::Model) -> Result<Answer, Error> {
    let is_visible = arrival
        .viewer
        .as_ref()
        .is_none_or(|viewer| viewer.can_see(access::Object::Lead, &view::tie(row, Vec::new())));
    let lead = match &arrival.viewer {
        Some(viewer) if is_visible => {
            // Nobody takes part in what has only just been made.
            Some(LeadView { collaborators: Some(Vec::new()), ..view::view(row, &[], book, viewer) })
        }
        _ => None,
    };
    let created = Created { id: row.id, is_visible, lead };
    let tag = is_visible.then(|| etag(row.version));
    Answer::created(format!("/api/v1/leads/{}", row.id), tag, &created)
}

/// A row without fields.
fn blank(id: Uuid, now: Micros) -> lead::ActiveModel {
    lead::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
}
