//! "Warum?": the decision in words. The whole is for those who may see the members; everybody else who
//! sees the lead learns their own part, and nothing about colleagues.

use access::{Action, Object, Viewer};
use rotation::{Language, Moment, Outcome, say};
use sea_orm::Order;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list;
use super::store::lead;
use crate::assignment::decision::{Decision, Place};
use crate::assignment::store::decision;
use crate::error::Error;
use crate::http::headers::moment;
use crate::territories::book::RuleBook;
use crate::territories::matched::Matched;

/// A sentence in both languages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Words {
    pub de: String,
    pub en: String,
}

impl Words {
    /// This sentence, and then the other.
    fn then(&self, next: &Words) -> Words {
        Words { de: format!("{} {}", self.de, next.de), en: format!("{} {}", self.en, next.en) }
    }
}

/// Why the lead is where it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecisionView {
    pub at: String,
    /// Why the lead is in its territory, and then of the whole decision, or of the reader's own part.
    pub sentence: Words,
    /// `rule`, `pinned`, `default`, `none`: how the territory was found; `queue`: nothing is kept of that, the
    /// lead only waited there.
    pub placed_by: &'static str,
    pub territory: Option<TriedView>,
    /// The rule that matched, its text as it was; none for those who may not read the fields it reads.
    pub rule: Option<MatchedRule>,
    /// Only for those who may see the members.
    pub details: Option<Details>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MatchedRule {
    pub name: String,
    pub sentence: Words,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TriedView {
    pub id: Uuid,
    pub name: String,
}

/// The whole decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Details {
    pub plan_version: i64,
    /// How the owner was found: `rotation`, `named`, `known`, `queued`, `from_queue`, `by_hand`, `kept`, `unplaced`.
    #[schema(value_type = String)]
    pub how: rotation::How,
    /// Territories tried before, in their order; the first so many.
    pub tried: Vec<TriedView>,
    pub tried_count: u64,
    pub turn: Option<u64>,
    pub members: Vec<SeatView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeatView {
    pub user: Uuid,
    pub name: String,
    pub weight: u32,
    /// In leads, with nine decimals.
    pub credit_before: String,
    pub credit_after: String,
    /// `taken`, `not_their_turn`, `skipped`.
    pub outcome: &'static str,
    /// Why skipped, in few words.
    pub reason: Option<Words>,
}

/// The latest decision about a lead that the viewer sees.
///
/// # Errors
/// [`Error::NotFound`] where there is none.
pub async fn latest(
    tx: &Tx,
    book: &RuleBook,
    viewer: &Viewer,
    lead: &lead::Model,
) -> Result<DecisionView, Error> {
    let row = tx
        .select::<decision::Entity>()
        .filter(decision::Column::LeadId.eq(lead.id))
        .order_by(Expr::col(decision::Column::At), Order::Desc)
        .order_by(Expr::col(decision::Column::Id), Order::Desc)
        .one()
        .await?
        .ok_or(Error::NotFound)?;
    let decision: Decision = serde_json::from_str(&row.detail)?;
    let tie = access::Tie { territory: row.territory_id, ..Default::default() };
    // The whole decision names other territories too, so it takes the right to see more than one's own.
    let sees_members = viewer.can(Object::Rotation, Action::View, &tie);
    let owner_name = row.owner_id.map(|id| book.user_name(id)).unwrap_or_default();
    let matched = decision.territory.as_ref().and_then(|place| place.rule.as_ref());
    let place = place_sentence(book, viewer, lead, &decision);
    let sentence = if sees_members {
        let owner = said(|language| say::say(decision.how, &owner_name, decision.ring.as_ref(), language));
        place.map_or(owner.clone(), |place| place.then(&owner))
    } else {
        match (place, own_sentence(book, viewer, lead, &decision)) {
            (Some(place), Some(own)) => place.then(&own),
            (place, own) => place.or(own).unwrap_or_else(among_yours),
        }
    };
    Ok(DecisionView {
        at: moment(row.at),
        sentence,
        placed_by: placed_by(decision.territory.as_ref()),
        territory: decision.territory.as_ref().map(tried),
        rule: matched.filter(|rule| is_told(book, viewer, rule)).map(shown),
        details: sees_members.then(|| details(book, &decision)),
    })
}

/// That a rule matched tells of the fields that it reads, so it is told only to those who may read them.
fn is_told(book: &RuleBook, viewer: &Viewer, rule: &Matched) -> bool {
    let is_readable = |key: &String| {
        let field = book.catalog().find(key);
        field.is_some_and(|field| list::is_readable(viewer, field))
    };
    rule.because_of.iter().all(is_readable)
}

/// Why the lead is in its territory: by what the rule asked and the lead has.
fn place_sentence(
    book: &RuleBook,
    viewer: &Viewer,
    lead: &lead::Model,
    decision: &Decision,
) -> Option<Words> {
    let place = decision.territory.as_ref()?;
    let name = &place.name;
    if place.is_default {
        return Some(Words {
            de: format!("Keine Regel trifft zu, daher gehört der Lead zum Auffanggebiet {name}."),
            en: format!("No rule matches, so the lead belongs to the default territory, {name}."),
        });
    }
    if place.is_pinned {
        return lead.is_pinned.then(|| Words {
            de: format!("Der Lead wurde von Hand in das Gebiet {name} gelegt."),
            en: format!("The lead was put into the territory {name} by hand."),
        });
    }
    let rule = place.rule.as_ref()?;
    if !is_told(book, viewer, rule) || rule.because_de.is_empty() {
        return Some(Words {
            de: format!("Der Lead gehört zu {name}, weil eine seiner Regeln zutrifft."),
            en: format!("The lead belongs to {name} because one of its rules matches."),
        });
    }
    let (de, en) = (&rule.because_de, &rule.because_en);
    Some(Words {
        de: format!("Der Lead gehört zu {name}, weil {de}."),
        en: format!("The lead belongs to {name} because {en}."),
    })
}

fn own_sentence(book: &RuleBook, viewer: &Viewer, lead: &lead::Model, decision: &Decision) -> Option<Words> {
    let user = viewer.user();
    let is_owner = lead.owner_id == Some(user);
    let outcome = decision.ring.as_ref().and_then(|ring| ring.outcome_for(&user));
    let at = Moment { at: decision.at, zone: book.time_zone() };
    let say = |language| say::say_own(decision.how, is_owner, outcome, at, language);
    Some(Words { de: say(Language::German)?, en: say(Language::English)? })
}

fn among_yours() -> Words {
    Words {
        de: "Der Lead liegt in einem Ihrer Gebiete.".to_owned(),
        en: "The lead lies in one of your territories.".to_owned(),
    }
}

fn said(say: impl Fn(Language) -> String) -> Words {
    Words { de: say(Language::German), en: say(Language::English) }
}

fn placed_by(place: Option<&Place>) -> &'static str {
    match place {
        None => "none",
        Some(place) if place.is_pinned => "pinned",
        Some(place) if place.is_default => "default",
        Some(place) if place.rule.is_some() => "rule",
        Some(_) => "queue",
    }
}

fn tried(place: &Place) -> TriedView {
    TriedView { id: place.id, name: place.name.clone() }
}

fn shown(rule: &Matched) -> MatchedRule {
    let sentence = Words { de: rule.says_de.clone(), en: rule.says_en.clone() };
    MatchedRule { name: rule.name.clone(), sentence }
}

fn details(book: &RuleBook, decision: &Decision) -> Details {
    let seats = decision.ring.as_ref().map_or(&[] as &[_], |ring| ring.seats.as_slice());
    let at = Moment { at: decision.at, zone: book.time_zone() };
    let seat = |seat: &rotation::RingSeat<Uuid>| SeatView {
        user: seat.user,
        name: seat.name.clone(),
        weight: seat.weight.get(),
        credit_before: seat.credit_before.to_string(),
        credit_after: seat.credit_after.to_string(),
        outcome: match seat.outcome() {
            Outcome::Taken => "taken",
            Outcome::NotTheirTurn => "not_their_turn",
            Outcome::Skipped(_) => "skipped",
        },
        reason: seat.obstacle.map(|obstacle| said(|language| obstacle.caption(at, language))),
    };
    Details {
        plan_version: decision.plan_version,
        how: decision.how,
        tried: decision.tried.iter().map(tried).collect(),
        tried_count: decision.tried_count,
        turn: decision.ring.as_ref().and_then(|ring| ring.turn),
        members: seats.iter().map(seat).collect(),
    }
}
