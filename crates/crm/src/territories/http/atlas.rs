//! Routes of the atlas: outlines of territories, and who gets the leads of each area of a map.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use access::{Action, FieldRight, Object, Permission, Tie};
use axum::extract::State;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Params;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::territories::atlas::maps::Map;
use crate::territories::atlas::share::shares;
use crate::territories::atlas::{Atlas, names, spots};
use crate::territories::book::RuleBook;
use crate::territories::states::now;
use crate::territories::store::{located_lead, territory};

pub fn routes(table: Table) -> Table {
    table
        .row(Permission::To(Object::Territory, Action::View), routes!(outlines))
        .row(Permission::To(Object::Territory, Action::View), routes!(areas))
}

#[derive(Serialize, ToSchema)]
pub struct OutlineList {
    /// Territories whose rules name no place have none.
    items: Vec<OutlineView>,
}

#[derive(Serialize, ToSchema)]
pub struct OutlineView {
    territory_id: Uuid,
    /// SVG path in a box of 40 pixels.
    #[schema(example = "M12,3.5l20,4 -6,25z")]
    path: String,
}

/// The shapes of the territories that the caller may see, made from the places that their rules name.
#[utoipa::path(get, path = "/api/v1/territories/outlines", tag = "territories",
    responses((status = 200, body = OutlineList), (status = "4XX", body = Problem)))]
async fn outlines(State(app): State<App>, caller: Caller) -> Result<axum::Json<OutlineList>, Error> {
    let (book, seen) = book_and_seen(&app, &caller).await?;
    let atlas = app.atlases.of(&book).await?;
    let rows = book.tree().in_order().into_iter().filter(|row| seen.contains(&row.id));
    let outline = |id: Uuid| {
        let path = atlas.page(id)?.outline()?.to_owned();
        Some(OutlineView { territory_id: id, path })
    };
    let items = rows.filter_map(|row| outline(row.id)).collect();
    Ok(axum::Json(OutlineList { items }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[param(inline)]
    map: Map,
}

#[derive(Serialize, ToSchema)]
pub struct AreaList {
    items: Vec<AreaView>,
    /// Territories with a rule that names no place: they could get leads of every area.
    anywhere: Vec<Uuid>,
    /// Leads in no area of this map; null where the role hides places.
    leads_elsewhere: Option<i64>,
    loads: Vec<LoadView>,
}

#[derive(Serialize, ToSchema)]
pub struct AreaView {
    /// Country, state, beginning of a German postcode, or county.
    #[schema(example = "DE 80")]
    area: String,
    #[schema(example = "München")]
    name_en: String,
    #[schema(example = "München")]
    name_de: String,
    /// Those that could get leads from at least half of the area's places, in the order in which they are tried.
    territories: Vec<Uuid>,
    /// The first whose rules take every lead of at least half of the area; of it and what lies below it, whoever
    /// has most of the leads there.
    main: Option<Uuid>,
    /// Those whose rules take every lead of at least half of the area, whoever is tried before: where they do not
    /// lie above each other, they overlap.
    claims: Vec<Uuid>,
    /// How much of the area no territory names.
    without_percent: u32,
    /// Leads there that the caller may see; null where the role hides places.
    leads: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct LoadView {
    territory_id: Uuid,
    /// Leads there that are not disqualified.
    open_leads: i64,
    /// Members who are handed leads; null where the caller may not see them.
    receivers: Option<i64>,
}

/// Who could get the leads of each area of a map, and how many there are.
#[utoipa::path(get, path = "/api/v1/territories/areas", tag = "territories", params(Asked),
    responses((status = 200, body = AreaList), (status = "4XX", body = Problem)))]
async fn areas(
    State(app): State<App>,
    caller: Caller,
    Params(Asked { map }): Params<Asked>,
) -> Result<axum::Json<AreaList>, Error> {
    let (book, seen) = book_and_seen(&app, &caller).await?;
    let atlas = app.atlases.of(&book).await?;
    let readable =
        |field: &str| caller.viewer.field_right_everywhere(Object::Lead, field) >= FieldRight::ReadOnly;
    let shows_leads = ["country", "state", "postcode"].into_iter().all(readable);
    let shows_status = readable("status");
    let read = |tx: Tx| async move {
        let places = if shows_leads { Some(places(&tx, map).await?) } else { None };
        let open = if shows_status { open_leads(&tx).await? } else { HashMap::new() };
        Ok::<_, Error>((places, open))
    };
    let (places, open) = app.db.read(caller.workspace, caller.sight(), read).await?;
    let loads = seen.iter().filter(|_| shows_status).map(|&id| load(&book, &caller, &open, id));
    let mut loads: Vec<LoadView> = loads.collect();
    loads.sort_unstable_by_key(|load| load.territory_id);
    let work = move || listed(&atlas, &book, &seen, map, places);
    let list = tokio::task::spawn_blocking(work).await;
    let (items, anywhere, leads_elsewhere) =
        list.map_err(|fault| Error::Bug(format!("the areas could not be counted: {fault}")))?;
    Ok(axum::Json(AreaList { items, anywhere, leads_elsewhere, loads }))
}

fn load(book: &RuleBook, caller: &Caller, open: &HashMap<Uuid, i64>, id: Uuid) -> LoadView {
    let tie = Tie { territory: Some(id), ..Tie::default() };
    let shows_members = caller.viewer.can(Object::Rotation, Action::View, &tie);
    let receives = |member: &&rotation::Member<Uuid>| member.has_assignment && member.user_is_active;
    let receivers = book.members(id).iter().filter(receives).count();
    LoadView {
        territory_id: id,
        open_leads: open.get(&id).copied().unwrap_or_default(),
        receivers: shows_members.then(|| i64::try_from(receivers).unwrap_or(i64::MAX)),
    }
}

/// Territories that the caller may not see count for nothing, as if they were not there.
fn listed(
    atlas: &Atlas,
    book: &RuleBook,
    seen: &HashSet<Uuid>,
    map: Map,
    places: Option<Places>,
) -> (Vec<AreaView>, Vec<Uuid>, Option<i64>) {
    let tree = book.tree().clone().seen(seen);
    let chart = map.chart();
    let items: Vec<AreaView> = shares(atlas, &tree, map)
        .into_iter()
        .filter(|share| !chart.codes[share.area].is_empty())
        .map(|share| {
            let area = chart.codes[share.area].clone();
            let names::Name { en, de } = names::of(&area);
            let here = places.as_ref().map(|places| places.get(&Some(area.clone())));
            let leads = here.map(|here| here.map_or(0, |here| here.values().sum()));
            // What lies below whoever takes the rest may take most.
            let below = |id: &&Uuid| share.main.is_some_and(|main| tree.is_within(**id, main));
            let rivals: Vec<Uuid> = share.territories.iter().filter(below).copied().collect();
            let main = here.flatten().and_then(|here| most(&rivals, here)).or(share.main);
            AreaView {
                area,
                name_en: en,
                name_de: de,
                territories: share.territories,
                main,
                claims: share.claims,
                without_percent: share.without_percent,
                leads,
            }
        })
        .collect();
    let is_anywhere = |id: Uuid| atlas.page(id).is_some_and(|page| page.reach.is_anywhere);
    let active = tree.in_order().into_iter().filter(|row| row.is_active);
    let anywhere = active.map(|row| row.id).filter(|&id| is_anywhere(id)).collect();
    let elsewhere = places.map(|places| {
        let shown: i64 = items.iter().filter_map(|item| item.leads).sum();
        places.values().flat_map(HashMap::values).sum::<i64>() - shown
    });
    (items, anywhere, elsewhere)
}

async fn book_and_seen(app: &App, caller: &Caller) -> Result<(Arc<RuleBook>, HashSet<Uuid>), Error> {
    let read = |tx: Tx| async move {
        let seen = tx.select::<territory::Entity>().filter(now::<territory::Entity>());
        let seen: Vec<(Uuid,)> = seen.tuples(vec![Expr::col(territory::Column::Id)], Vec::new()).await?;
        Ok::<_, Error>((app.books.book(&tx).await?, seen.into_iter().map(|(id,)| id).collect()))
    };
    app.db.read(caller.workspace, caller.sight(), read).await
}

/// The first of those that have most leads; none where they have none.
fn most(territories: &[Uuid], leads: &HashMap<Option<Uuid>, i64>) -> Option<Uuid> {
    let count = |id: &&Uuid| leads.get(&Some(**id)).copied().unwrap_or_default();
    territories.iter().rev().filter(|id| count(id) > 0).max_by_key(count).copied()
}

/// Country, state, postcode or its beginning, territory, and how many leads there are.
type Located = (Option<String>, Option<String>, Option<String>, Option<Uuid>, i64);
/// Leads by area and territory; those in no area under no code.
type Places = HashMap<Option<String>, HashMap<Option<Uuid>, i64>>;

/// Leads in sight by the map's area.
async fn places(tx: &Tx, map: Map) -> Result<Places, Error> {
    let country: SimpleExpr = Expr::col(located_lead::Column::Country);
    let state: SimpleExpr = Expr::col(located_lead::Column::State);
    let territory: SimpleExpr = Expr::col(located_lead::Column::TerritoryId);
    let whole = "postcode_key";
    let beginning = map.digits().map(|digits| format!("SUBSTR(postcode_key, 1, {digits})"));
    // What the map does not tell apart is not read apart.
    let (state, postcode) = match map {
        Map::World => (None, None),
        Map::UsCounties => (None, Some(Expr::cust(whole))),
        Map::DachStates | Map::UsStates => (Some(state), None),
        _ => (Some(state), beginning.map(Expr::cust)),
    };
    let groups: Vec<SimpleExpr> =
        [Some(country.clone()), state.clone(), postcode.clone(), Some(territory.clone())]
            .into_iter()
            .flatten()
            .collect();
    let nothing = || Expr::cust("CAST(NULL AS TEXT)");
    let columns = vec![
        country,
        state.unwrap_or_else(nothing),
        postcode.unwrap_or_else(nothing),
        territory,
        Expr::cust("COUNT(*)"),
    ];
    let rows: Vec<Located> = tx.select::<located_lead::Entity>().tuples(columns, groups).await?;
    let mut places = Places::new();
    for (country, state, postcode, territory, count) in rows {
        let code = country
            .as_deref()
            .and_then(|country| spots::code(map, country, state.as_deref(), postcode.as_deref()))
            .filter(|code| map.chart().area(code).is_some());
        *places.entry(code).or_default().entry(territory).or_default() += count;
    }
    Ok(places)
}

async fn open_leads(tx: &Tx) -> Result<HashMap<Uuid, i64>, Error> {
    let status = located_lead::Column::Status;
    let open = status.is_null().or(status.ne("disqualified"));
    let column: SimpleExpr = Expr::col(located_lead::Column::TerritoryId);
    let rows: Vec<(Uuid, i64)> = tx
        .select::<located_lead::Entity>()
        .filter(open)
        .filter(located_lead::Column::TerritoryId.is_not_null())
        .tuples(vec![column.clone(), Expr::cust("COUNT(*)")], vec![column])
        .await?;
    Ok(rows.into_iter().collect())
}
