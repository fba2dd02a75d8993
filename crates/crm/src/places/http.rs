//! Routes of places.

use access::Permission;
use axum::Json;
use place::{Country, State, name, postcode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Params;
use crate::http::problem::Problem;
use crate::http::table::Table;

pub const PLACES_MAX: usize = 300;

pub fn routes(table: Table) -> Table {
    table.row(Permission::SignedIn, routes!(list))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[param(inline)]
    kind: Kind,
    /// Country of states and postcodes, by code or name; needed for postcodes.
    country: Option<String>,
    /// Part of a name or code, in any case and without accents; of postcodes their beginning, or that of
    /// the city.
    q: Option<String>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Country,
    State,
    Postcode,
}

#[derive(Serialize, ToSchema)]
pub struct PlaceList {
    /// At most 300.
    items: Vec<PlaceView>,
}

#[derive(Serialize, ToSchema)]
pub struct PlaceView {
    /// What conditions and records hold.
    #[schema(example = "DE-BY")]
    value: String,
    #[schema(example = "Bavaria")]
    name_en: String,
    #[schema(example = "Bayern")]
    name_de: String,
    #[schema(example = "DE")]
    country: String,
}

/// Countries, states and postcodes whose name or code fits.
#[utoipa::path(get, path = "/api/v1/places", tag = "places", params(Asked),
    responses((status = 200, body = PlaceList), (status = "4XX", body = Problem)))]
async fn list(_caller: Caller, Params(asked): Params<Asked>) -> Result<Json<PlaceList>, Error> {
    let Asked { kind, country, q } = asked;
    let q = q.unwrap_or_default();
    let country = match country.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(Country::find(text).ok_or_else(|| {
            Error::invalid("country", "unknown_country", text, "name a country by its code or name")
        })?),
    };
    let items = match kind {
        Kind::Country => countries(&q),
        Kind::State => states(country, &q),
        Kind::Postcode => {
            let country = country.ok_or_else(|| {
                Error::invalid("country", "missing", q.as_str(), "say of which country the postcodes are")
            })?;
            postcodes(country, &q)
        }
    };
    Ok(Json(PlaceList { items }))
}

fn countries(q: &str) -> Vec<PlaceView> {
    let found = Country::all().map(|country| PlaceView {
        value: country.code().to_owned(),
        name_en: country.name_en().to_owned(),
        name_de: country.name_de().to_owned(),
        country: country.code().to_owned(),
    });
    best(found, q)
}

fn states(country: Option<Country>, q: &str) -> Vec<PlaceView> {
    let states: Vec<State> = match country {
        Some(country) => State::of(country).collect(),
        None => Country::all().flat_map(State::of).collect(),
    };
    let found = states.into_iter().map(|state| PlaceView {
        value: state.code().to_owned(),
        name_en: state.name_en().to_owned(),
        name_de: state.name_de().to_owned(),
        country: state.country().code().to_owned(),
    });
    best(found, q)
}

/// Those that begin with the text before those that contain it, each by German name.
fn best(all: impl Iterator<Item = PlaceView>, q: &str) -> Vec<PlaceView> {
    let key = name::key(q);
    let mut found: Vec<(bool, String, PlaceView)> = all
        .filter_map(|place| {
            let names = [name::key(&place.name_de), name::key(&place.name_en), name::key(&place.value)];
            let begins = names.iter().any(|name| name.starts_with(&key));
            let contains = names.iter().any(|name| name.contains(&key));
            let [name, ..] = names;
            contains.then_some((!begins, name, place))
        })
        .collect();
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found.into_iter().take(PLACES_MAX).map(|(_, _, place)| place).collect()
}

fn postcodes(country: Country, q: &str) -> Vec<PlaceView> {
    let is_code = q.chars().any(|character| character.is_ascii_digit());
    let found: Vec<_> = if is_code || q.trim().is_empty() {
        postcode::with_prefix(country, &q.replace(' ', "").to_uppercase()).take(PLACES_MAX).collect()
    } else {
        postcode::with_city(country, q, PLACES_MAX)
    };
    let view = |(code, place): (postcode::Code, postcode::Place)| {
        let name = format!("{} {}", code.as_str(), place.city);
        PlaceView {
            value: code.as_str().to_owned(),
            name_en: name.clone(),
            name_de: name,
            country: country.code().to_owned(),
        }
    };
    found.into_iter().map(view).collect()
}
