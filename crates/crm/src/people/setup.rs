//! The first start: whoever holds the token on the server's console makes the workspace and its administrator.

use std::pin::Pin;

use access::{Action, BuiltInRole, Task};
use place::Country;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::{ColumnTrait, Expr};
use serde_json::json;
use store::{Sight, StoreError, Tx};
use uuid::Uuid;

use super::email::Email;
use super::store::{founding, role, user, workspace};
use super::{password, secret, values};
use crate::app::{App, Micros};
use crate::error::Error;
use crate::trail::{self, Actor, Entry};

/// What the workspace begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Empty,
    /// The demo company; whoever calls [`found`] has it furnished.
    Demo,
}

impl Start {
    pub const fn name(self) -> &'static str {
        match self {
            Start::Empty => "empty",
            Start::Demo => "demo",
        }
    }
}

/// What a form or a script asks for. Pointers of faults are the members of `POST /api/v1/setup`.
pub struct Ask {
    pub name: String,
    pub email: String,
    pub password: String,
    pub language: String,
    pub workspace_name: Option<String>,
    pub time_zone: Option<String>,
    pub currency: Option<String>,
    /// Empty: none. Left out: what time zone and language suggest.
    pub default_country: Option<String>,
    pub start: Start,
}

/// A set-up whose every value is right.
pub struct Draft {
    name: String,
    email: Email,
    password: String,
    language: String,
    workspace_name: String,
    time_zone: String,
    currency: String,
    default_country: Option<Country>,
    start: Start,
}

impl Ask {
    /// Reads every value.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all faults at once.
    pub fn parse(self) -> Result<Draft, Error> {
        let Ask {
            name,
            email,
            password,
            language,
            workspace_name,
            time_zone,
            currency,
            default_country,
            start,
        } = self;
        let mut faults = values::Faults::default();
        let about = [name.as_str(), email.as_str(), workspace_name.as_deref().unwrap_or_default()];
        faults.add(password::fault("/password", &password, &about));
        let name = faults.keep(values::name("/name", &name));
        let email = faults.keep(Email::parse("/email", &email));
        let language = faults.keep(values::language("/language", &language));
        let called = match start {
            Start::Empty => "Revier",
            Start::Demo => "Musterwerk",
        };
        let workspace_name = workspace_name.unwrap_or_else(|| called.to_owned());
        let workspace_name = faults.keep(values::name("/workspace_name", &workspace_name));
        let time_zone = time_zone.as_deref().unwrap_or("Europe/Berlin");
        let time_zone = faults.keep(values::time_zone("/time_zone", time_zone));
        let currency = faults.keep(values::currency("/currency", currency.as_deref().unwrap_or("EUR")));
        let default_country = match default_country.as_deref().map(str::trim) {
            Some("") => None,
            Some(text) => faults.keep(values::country("/default_country", text)),
            None => values::likely_country(
                time_zone.as_deref().unwrap_or_default(),
                language.as_deref().unwrap_or_default(),
            ),
        };
        let (Some(name), Some(email), Some(language)) = (name, email, language) else {
            return Err(faults.into());
        };
        let (Some(workspace_name), Some(time_zone), Some(currency)) = (workspace_name, time_zone, currency)
        else {
            return Err(faults.into());
        };
        faults.end()?;
        let currency = currency.code().to_owned();
        Ok(Draft {
            name,
            email,
            password,
            language,
            workspace_name,
            time_zone,
            currency,
            default_country,
            start,
        })
    }
}

/// What a set-up has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Founded {
    pub workspace: Uuid,
    pub administrator: Uuid,
    pub start: Start,
}

/// A room's part in furnishing a workspace that was just founded; it looks at what the workspace begins with.
pub type OnFounding =
    for<'a> fn(&'a App, Founded) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// Calls all rooms of [`crate::ON_FOUNDING`]. It is apart from [`found`], since it takes many transactions.
///
/// # Errors
/// What the first room says that cannot; the workspace stands nevertheless.
pub async fn furnish(app: &App, founded: Founded) -> Result<(), Error> {
    for room in crate::ON_FOUNDING {
        room(app, founded).await?;
    }
    Ok(())
}

/// Goes on with what a workspace begins with, where its making was cut off: by a crash, or by a power cut.
///
/// # Errors
/// As [`furnish`], and where the database does not answer.
pub async fn resume(app: &App) -> Result<(), Error> {
    for workspace in app.db.workspaces().await? {
        let sight = Sight::Task(Task::Setup);
        let row = app.db.read(workspace, sight, |tx| async move { unfinished(&tx).await }).await?;
        if let Some(founded) = row {
            tracing::info!("what the workspace begins with was cut off; it is taken up again");
            furnish(app, founded).await?;
        }
    }
    Ok(())
}

/// The founding of a workspace that is not furnished yet.
///
/// # Errors
/// Where the database refuses.
pub async fn unfinished(tx: &Tx) -> Result<Option<Founded>, Error> {
    let row = tx.select::<founding::Entity>().one().await?.filter(|row| row.furnished_at.is_none());
    Ok(row.map(|row| Founded {
        workspace: row.workspace_id,
        administrator: row.user_id,
        start: if row.starts_with == Start::Demo.name() { Start::Demo } else { Start::Empty },
    }))
}

/// Marks the workspace as furnished; false where somebody else has done so already.
///
/// # Errors
/// Where the database refuses.
pub async fn finish(tx: &Tx, now: Micros) -> Result<bool, Error> {
    let marked = tx
        .update::<founding::Entity>(Action::Edit)
        .set(founding::Column::FurnishedAt, Expr::val(now))
        .filter(founding::Column::FurnishedAt.is_null())
        .run()
        .await?;
    Ok(marked > 0)
}

/// True while there is no workspace.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_needed(app: &App) -> Result<bool, Error> {
    Ok(app.db.workspaces().await?.is_empty())
}

/// Makes a token for the console of a server whose database has no workspace yet; the database keeps its hash.
///
/// # Errors
/// Where the database does not answer.
pub async fn announce(app: &App) -> Result<Option<String>, Error> {
    if !is_needed(app).await? {
        return Ok(None);
    }
    let token = secret::random()?;
    app.db.allow_setup(&secret::hash(&token), app.clock.now()).await?;
    Ok(Some(token))
}

/// Checks a token from the console; it stays good until the workspace is made.
///
/// # Errors
/// [`Error::Refused`] where no server has printed it, [`Error::Conflict`] where there is a workspace already.
pub async fn check_token(app: &App, token: &str) -> Result<(), Error> {
    if app.db.is_setup_allowed(&secret::hash(token.trim())).await? {
        return Ok(());
    }
    // Tokens are swept away with the first workspace: whoever comes in that moment has not mistyped theirs.
    if !is_needed(app).await? {
        return Err(done_already());
    }
    let detail = "this is not the set-up token; the server prints it on its console when it starts";
    Err(Error::refused("setup_token_wrong", detail))
}

/// Makes the workspace, its roles and its administrator. Of two at once, one succeeds.
///
/// # Errors
/// [`Error::Conflict`] where there is a workspace already.
pub async fn found(app: &App, draft: Draft, actor: &Actor) -> Result<Founded, Error> {
    if !is_needed(app).await? {
        return Err(done_already());
    }
    let Draft {
        name,
        email,
        password,
        language,
        workspace_name,
        time_zone,
        currency,
        default_country,
        start,
    } = draft;
    let now = app.clock.now();
    let founded = Founded { workspace: app.ids.next(), administrator: app.ids.next(), start };
    let roles = super::role::built_in(|| app.ids.next())?;
    let workspace = workspace::ActiveModel {
        id: NotSet,
        name: Set(workspace_name),
        language: Set(language.clone()),
        currency: Set(currency),
        time_zone: Set(time_zone.clone()),
        default_country: Set(default_country.map(|country| country.code().to_owned())),
        rules_run: Set("while_unowned".to_owned()),
        is_sticky: Set(true),
        default_territory_id: Set(None),
        rules_version: Set(0),
        plan_version: Set(0),
        version: Set(1),
        created_at: Set(now),
    };
    let about = [name.as_str(), email.text()];
    let password_hash = app.passwords.hash("/password", password, &about).await?;
    let administrator = user::ActiveModel {
        workspace_id: NotSet,
        id: Set(founded.administrator),
        email: Set(email.text().to_owned()),
        email_key: Set(email.key()),
        name: Set(name),
        language: Set(language),
        time_zone: Set(time_zone),
        password_hash: Set(Some(password_hash)),
        role_id: Set(administrator_role(&roles)?),
        is_active: Set(true),
        working_hours: Set(None),
        version: Set(1),
        created_at: Set(now),
    };
    let write = |tx: Tx| {
        let (roles, workspace, administrator) = (roles.clone(), workspace.clone(), administrator.clone());
        async move {
            // The only row of its table, so that the database decides between two set-ups.
            let only = founding::ActiveModel {
                workspace_id: NotSet,
                number: Set(1),
                starts_with: Set(start.name().to_owned()),
                user_id: Set(founded.administrator),
                at: Set(now),
                furnished_at: Set((start == Start::Empty).then_some(now)),
            };
            tx.insert(vec![only]).await?;
            let entries = entries(founded, &workspace, &administrator);
            tx.insert(vec![workspace]).await?;
            tx.insert(roles).await?;
            tx.insert(vec![administrator]).await?;
            trail::write(&tx, app, actor, entries).await
        }
    };
    match app.db.write(founded.workspace, Sight::Task(Task::Setup), write).await {
        Err(Error::Store(StoreError::Exists(_))) => return Err(done_already()),
        done => done?,
    }
    // The workspace stands whether or not its tokens are swept away; they open nothing any more.
    if let Err(error) = app.db.end_setup().await {
        tracing::warn!(%error, "set-up tokens are left over");
    }
    Ok(founded)
}

/// The refusal of a second set-up.
pub fn done_already() -> Error {
    Error::conflict("set_up_already", "the workspace is set up already; sign in")
}

fn administrator_role(roles: &[role::ActiveModel]) -> Result<Uuid, Error> {
    let key = BuiltInRole::Administrator.key();
    let row = roles.iter().find(|role| role.key.as_ref() == key);
    row.map(|role| *role.id.as_ref()).ok_or_else(|| Error::Bug("there is no administrator's role".to_owned()))
}

fn entries(founded: Founded, workspace: &workspace::ActiveModel, user: &user::ActiveModel) -> Vec<Entry> {
    let workspace = json!({
        "name": workspace.name.as_ref(), "language": workspace.language.as_ref(),
        "currency": workspace.currency.as_ref(), "time_zone": workspace.time_zone.as_ref(),
        "default_country": workspace.default_country.as_ref(),
        "starts_with": founded.start.name(),
    });
    let user = json!({
        "name": user.name.as_ref(), "email": user.email.as_ref(),
        "role": BuiltInRole::Administrator.key(), "is_active": true,
    });
    let made = |object, id: Uuid, after| Entry {
        action: "create",
        object,
        object_id: id.to_string(),
        before: None,
        after: Some(after),
    };
    vec![made("workspace", founded.workspace, workspace), made("user", founded.administrator, user)]
}

/// When the workspace was made, and what it began with.
///
/// # Errors
/// Where the database refuses.
pub async fn founding(tx: &Tx) -> Result<Option<(Micros, Start)>, Error> {
    let row = tx.select::<founding::Entity>().one().await?;
    Ok(row.map(|row| {
        let start = if row.starts_with == Start::Demo.name() { Start::Demo } else { Start::Empty };
        (row.at, start)
    }))
}
