//! The route of a preview: what a change of a rule would do to the leads that are there.

use std::collections::{BTreeMap, HashMap, HashSet};

use access::{Action, Object, Permission, Viewer};
use axum::extract::{DefaultBodyLimit, State};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;

use super::{list, reading};
use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::page::Count;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::records::lead::batch::begin::WeighedAt;
use crate::records::lead::batch::intended::Intended;
use crate::records::lead::batch::weigh::{self, Move, Weighed};
use crate::records::lead::store::lead;
use crate::territories::book::RuleBook;
use crate::territories::http::conditions::CONDITION_BYTES_MAX;
use crate::territories::rules::{Change, Draft};
use crate::territories::states::now;
use crate::territories::store::territory;

/// Leads shown of each way from a territory to another.
const SHOWN_MAX: usize = 20;

pub fn routes(table: Table) -> Table {
    let large = DefaultBodyLimit::max(CONDITION_BYTES_MAX);
    table.row(Permission::To(Object::Plan, Action::View), routes!(preview_rule).layer(large))
}

/// A change of one rule that is not made yet: without `rule` a new one in `territory`, with it that rule
/// changed as a change of it says, or taken away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "territory": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "Bavaria",
    "when": { "field": "state", "op": "is_any_of", "values": ["DE-BY"] } }))]
pub struct IntendedRule {
    #[serde(default)]
    rule: Option<Uuid>,
    /// Where the rule stands, or is moved to.
    #[serde(default)]
    territory: Option<Uuid>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    position: Option<i64>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    when: Option<Value>,
    /// Takes the rule away.
    #[serde(default)]
    delete: bool,
}

impl IntendedRule {
    pub(super) fn read(self) -> Result<Intended, Error> {
        let IntendedRule { rule, territory, name, enabled, position, when, delete } = self;
        let name = name.map(|name| name.trim().to_owned());
        if let Some(rule) = rule {
            let change = Change { name, is_enabled: enabled, position, when, territory };
            return Ok(if delete { Intended::Remove { rule } } else { Intended::Change { rule, change } });
        }
        let (Some(territory), Some(when)) = (territory, when) else {
            let detail = "name the rule, or the territory and the condition of a new one";
            return Err(Error::invalid("", "nothing_asked", Value::Null, detail));
        };
        let name = name.unwrap_or_default();
        let draft = Draft { name, is_enabled: enabled.unwrap_or(true), position, when };
        Ok(Intended::Create { territory, draft })
    }
}

#[derive(Serialize, ToSchema)]
pub struct RulePreview {
    /// State of all rules and members; a batch has to begin from it.
    seen: i64,
    /// Leads that the caller may see.
    leads: Count,
    moves: usize,
    /// Of these, leads that lose the owner whom they have; each goes to whose turn it is.
    losing_owner: usize,
    /// Of these, leads without owner.
    unowned: usize,
    /// Leads that would move were they not set by hand.
    pinned: u64,
    /// By number of leads, the largest first.
    flows: Vec<FlowView>,
    /// Territories that are tried earlier and take leads that the rule matches too, the largest first.
    overlaps: Vec<OverlapView>,
}

/// Leads that the rule matches, and that an earlier territory takes.
#[derive(Serialize, ToSchema)]
pub struct OverlapView {
    territory: EndView,
    leads: u64,
    /// Three of them.
    some: Vec<NamedLead>,
}

#[derive(Serialize, ToSchema)]
pub struct NamedLead {
    lead: Uuid,
    name: Option<String>,
    place: Option<String>,
}

/// Leads that go from one territory to another.
#[derive(Serialize, ToSchema)]
pub struct FlowView {
    from: EndView,
    to: EndView,
    leads: usize,
    losing_owner: usize,
    /// Some of them.
    some: Vec<GoingView>,
}

/// A territory, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EndView {
    Territory {
        id: Uuid,
    },
    Unassigned,
    /// Territories that the caller may not see.
    Hidden,
}

impl EndView {
    pub(super) fn of(id: Option<Uuid>, visible: &HashSet<Uuid>) -> EndView {
        match id {
            None => EndView::Unassigned,
            Some(id) if visible.contains(&id) => EndView::Territory { id },
            Some(_) => EndView::Hidden,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct GoingView {
    lead: Uuid,
    /// What the caller may read of it.
    name: Option<String>,
    place: Option<String>,
    owner: Option<Uuid>,
    keeps_owner: bool,
}

/// Weighs a change of a rule: which leads would move, from where to where, and which would lose their owner.
/// Counts what the caller may give to others. Changes nothing.
#[utoipa::path(post, path = "/api/v1/rules/preview", tag = "rules", request_body = IntendedRule,
    responses((status = 200, body = RulePreview), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
async fn preview_rule(
    State(app): State<App>,
    caller: Caller,
    body: Body<IntendedRule>,
) -> Result<axum::Json<RulePreview>, Error> {
    let intended = body.value.read()?;
    let (app, caller, intended) = (&app, &caller, &intended);
    let preview = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let book = app.books.book(&tx).await?;
            let reading = reading(app, &tx, &book);
            let considered = intended.consider(&tx, app, &book, &caller.viewer)?;
            let weighed = weigh::weigh(&tx, &book, &considered, &reading, app.clock.now()).await?;
            let leads = list::count(&tx, None, &reading).await?;
            let flows = flows(&tx, &book, &caller.viewer, &weighed).await?;
            let unowned = weighed.moves.values().filter(|going| going.owner.is_none()).count();
            Ok::<_, Error>(RulePreview {
                seen: book.workspace().rules_version,
                leads,
                moves: weighed.moves.len(),
                losing_owner: weighed.losing_owner(),
                unowned,
                pinned: weighed.pinned,
                flows,
                overlaps: overlaps(&tx, &book, &caller.viewer, &weighed).await?,
            })
        })
        .await?;
    Ok(axum::Json(preview))
}

/// Weighs a change before it is made, outside the transaction that makes it.
pub(super) async fn weighed(app: &App, caller: &Caller, intended: &Intended) -> Result<WeighedAt, Error> {
    let at = app.clock.now();
    let weighed = app
        .db
        .read(caller.workspace, caller.sight(), |tx| async move {
            let book = app.books.book(&tx).await?;
            let considered = intended.consider(&tx, app, &book, &caller.viewer)?;
            weigh::weigh(&tx, &book, &considered, &reading(app, &tx, &book), at).await
        })
        .await?;
    Ok(WeighedAt { weighed, at })
}

/// The territories that the caller may see.
pub(super) async fn visible(tx: &Tx) -> Result<HashSet<Uuid>, Error> {
    let rows = tx.select::<territory::Entity>().filter(now::<territory::Entity>());
    let ids: Vec<(Uuid,)> = rows.tuples(vec![Expr::col(territory::Column::Id)], Vec::new()).await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

async fn flows(tx: &Tx, book: &RuleBook, viewer: &Viewer, weighed: &Weighed) -> Result<Vec<FlowView>, Error> {
    let visible = visible(tx).await?;
    let mut by_way: BTreeMap<(EndView, EndView), Vec<(Uuid, &Move)>> = BTreeMap::new();
    for (&id, going) in &weighed.moves {
        let way = (EndView::of(going.from, &visible), EndView::of(going.to, &visible));
        by_way.entry(way).or_default().push((id, going));
    }
    let shown = by_way.values().flat_map(|leads| leads.iter().take(SHOWN_MAX).map(|(id, _)| *id));
    let names = names(tx, book, viewer, shown.collect()).await?;
    let flow = |((from, to), leads): ((EndView, EndView), Vec<(Uuid, &Move)>)| FlowView {
        from,
        to,
        leads: leads.len(),
        losing_owner: leads.iter().filter(|(_, going)| going.owner.is_some() && !going.keeps_owner).count(),
        some: leads
            .iter()
            .take(SHOWN_MAX)
            .map(|(id, going)| {
                let (name, place) = names.get(id).cloned().unwrap_or_default();
                GoingView { lead: *id, name, place, owner: going.owner, keeps_owner: going.keeps_owner }
            })
            .collect(),
    };
    let mut flows: Vec<FlowView> = by_way.into_iter().map(flow).collect();
    flows.sort_by_key(|flow| std::cmp::Reverse(flow.leads));
    Ok(flows)
}

async fn overlaps(
    tx: &Tx,
    book: &RuleBook,
    viewer: &Viewer,
    weighed: &Weighed,
) -> Result<Vec<OverlapView>, Error> {
    let visible = visible(tx).await?;
    let some = weighed.overlaps.values().flat_map(|(_, some)| some.iter().copied());
    let names = names(tx, book, viewer, some.collect()).await?;
    let view = |(&territory, (leads, some)): (&Uuid, &(u64, Vec<Uuid>))| OverlapView {
        territory: EndView::of(Some(territory), &visible),
        leads: *leads,
        some: some
            .iter()
            .map(|id| {
                let (name, place) = names.get(id).cloned().unwrap_or_default();
                NamedLead { lead: *id, name, place }
            })
            .collect(),
    };
    let mut overlaps: Vec<OverlapView> = weighed.overlaps.iter().map(view).collect();
    overlaps.sort_by_key(|overlap| std::cmp::Reverse(overlap.leads));
    Ok(overlaps)
}

/// Name and place of leads, as far as the viewer may read them.
pub(super) async fn names(
    tx: &Tx,
    book: &RuleBook,
    viewer: &Viewer,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, (Option<String>, Option<String>)>, Error> {
    let reads = |key: &str| book.catalog().find(key).is_some_and(|field| list::is_readable(viewer, field));
    let may_read = ["company", "first_name", "last_name", "postcode", "city"].map(reads);
    let leads = tx.select::<lead::Entity>().filter(lead::Column::Id.is_in(ids)).all().await?;
    let joined = |parts: Vec<Option<String>>| {
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    let of = |lead: lead::Model| {
        let [company, first, last, postcode, city] = may_read;
        let person = joined(vec![lead.first_name.filter(|_| first), lead.last_name.filter(|_| last)]);
        let name = lead.company.filter(|_| company).or(person);
        let place = joined(vec![lead.postcode.filter(|_| postcode), lead.city.filter(|_| city)]);
        (lead.id, (name, place))
    };
    Ok(leads.into_iter().map(of).collect())
}
