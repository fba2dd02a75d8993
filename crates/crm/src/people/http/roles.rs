//! Routes of roles.

use std::collections::BTreeMap;

use access::{Action, FieldRight, Object, Permission, Role, Scope};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::role as roles;
use crate::people::store::role;

pub fn routes(table: Table) -> Table {
    table.row(Permission::To(Object::Role, Action::View), routes!(list))
}

/// A word in the languages that Revier speaks.
#[derive(Serialize, ToSchema)]
pub struct Labels {
    en: String,
    de: String,
}

#[derive(Serialize, ToSchema)]
pub struct RoleView {
    id: Uuid,
    key: String,
    label: Labels,
    is_built_in: bool,
    /// False for the administrator's: nobody may lock everybody out.
    may_be_changed: bool,
    /// How far it reaches, by object and action: `own`, `territory` or `all`. What is left out is not granted.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, String>>)]
    grants: BTreeMap<Object, BTreeMap<Action, Scope>>,
    /// Field rights by object: `hidden`, `read_only` or `editable`; `*` stands for all fields not named, and what
    /// is left out is editable.
    #[schema(value_type = BTreeMap<String, BTreeMap<String, String>>)]
    fields: BTreeMap<Object, BTreeMap<String, FieldRight>>,
}

#[derive(Serialize, ToSchema)]
pub struct RoleList {
    items: Vec<RoleView>,
}

/// Lists the roles of the workspace and what each grants.
#[utoipa::path(get, path = "/api/v1/roles", tag = "role",
    responses((status = 200, body = RoleList), (status = "4XX", body = Problem)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<RoleList>, Error> {
    let rows =
        app.db.read(caller.workspace, caller.sight(), |tx| async move { roles::all(&tx).await }).await?;
    Ok(Json(RoleList { items: rows.into_iter().map(view).collect::<Result<_, Error>>()? }))
}

/// A role's JSON form, as `access` writes it.
#[derive(Deserialize)]
struct Written {
    grants: BTreeMap<Object, BTreeMap<Action, Scope>>,
    fields: BTreeMap<Object, BTreeMap<String, FieldRight>>,
}

fn view(row: role::Model) -> Result<RoleView, Error> {
    let grants: Role = roles::grants(&row)?;
    let built_in = roles::built_in_of(&row);
    let label = match built_in.map(access::BuiltInRole::words) {
        Some(words) => Labels { en: words.en.to_owned(), de: words.de.to_owned() },
        None => Labels { en: row.key.clone(), de: row.key.clone() },
    };
    let Written { grants, fields } = serde_json::from_value(serde_json::to_value(grants)?)?;
    Ok(RoleView {
        id: row.id,
        key: row.key,
        label,
        is_built_in: row.is_built_in,
        may_be_changed: built_in.is_none_or(access::BuiltInRole::may_be_changed),
        grants,
        fields,
    })
}
