//! Decisions: the stored answer to "why is this record in this territory and with this owner?"
//! Kept for ever as JSON: members of these types are added, never renamed.

use jiff::Timestamp;
use rotation::{How, Ring};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Request, TRIED_NAMED_MAX};
use crate::territories::book::RuleBook;
use crate::territories::matched::Matched;

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub at: Timestamp,
    pub plan_version: i64,
    pub territory: Option<Place>,
    /// Territories tried before it, in their order; the first so many.
    pub tried: Vec<Place>,
    /// How many were tried in all.
    pub tried_count: u64,
    pub how: How,
    pub ring: Option<Ring<Uuid>>,
}

/// A territory as it was called then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub id: Uuid,
    pub name: String,
    /// The rule that matched; none: set by hand, or the default territory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Matched>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_pinned: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_default: bool,
}

impl Place {
    /// A territory that nothing had to be found out about.
    pub fn plain(id: Uuid, name: String) -> Place {
        Place { id, name, rule: None, is_pinned: false, is_default: false }
    }
}

impl Decision {
    pub fn territory(&self) -> Option<Uuid> {
        self.territory.as_ref().map(|place| place.id)
    }
}

/// Finds the territory: the one set by hand, or that of the first rule that matches.
pub(super) fn place(book: &RuleBook, request: &Request, now: Timestamp) -> Decision {
    let mut decision = Decision {
        at: now,
        plan_version: book.plan_version(),
        territory: None,
        tried: Vec::new(),
        tried_count: 0,
        how: How::Unplaced,
        ring: None,
    };
    if let Some(pinned) = request.pinned {
        let name = book.territory_name(pinned).0;
        decision.territory = Some(Place { id: pinned, name, rule: None, is_pinned: true, is_default: false });
        return decision;
    }
    by_rule(book, request, &mut decision);
    decision
}

fn by_rule(book: &RuleBook, request: &Request, decision: &mut Decision) {
    let Request { facts, texts, .. } = request;
    let explained = book.index().explain(facts, TRIED_NAMED_MAX);
    decision.tried_count = explained.tried_count as u64;
    decision.tried = explained
        .tried
        .iter()
        .map(|id| Uuid::from_u128(id.0))
        .map(|id| named(book, id, None, false))
        .collect();
    decision.territory = explained.placed.territory.map(|id| {
        let rule = explained.placed.rule.and_then(|rule| book.matched(Uuid::from_u128(rule.0), facts, texts));
        let is_default = rule.is_none();
        named(book, Uuid::from_u128(id.0), rule, is_default)
    });
}

fn named(book: &RuleBook, id: Uuid, rule: Option<Matched>, is_default: bool) -> Place {
    Place { id, name: book.territory_name(id).0, rule, is_pinned: false, is_default }
}
