//! `revier user`: list, create, deactivate, password.

use anyhow::{Context, Result};
use crm::people::email::Email;
use crm::people::leaving::Handover;
use crm::people::store::user as row;
use crm::people::user::{self, Change, Draft};
use crm::people::values::{self, Faults};
use serde_json::{Value, json};

use crate::cli::{Place, User};
use crate::console::{self, Console, told};
use crate::outcome::{Outcome, Speech};

pub async fn run(command: User, speech: Speech) -> Result<Outcome> {
    match command {
        User::List(place) => list(&place, speech).await,
        User::Create { place, email, name, role, language, password_stdin } => {
            let password = password_stdin.then(console::password).transpose()?;
            let new = New { email, name, role, language, password };
            create(&place, new, speech).await
        }
        User::Deactivate { place, email, records } => {
            deactivate(&place, &email, records.as_deref(), speech).await
        }
        User::Password { place, email, password: _ } => set_password(&place, &email, speech).await,
    }
}

async fn list(place: &Place, speech: Speech) -> Result<Outcome> {
    let console = Console::open(place).await?;
    let users: Vec<Value> = console.users.iter().map(|user| shown(&console, user)).collect();
    let lines: Vec<String> = console
        .users
        .iter()
        .map(|user| {
            let state = if user.is_active { "" } else { "  (not active)" };
            format!("{}  {}  {}{state}", user.email, user.name, console.role_of(user))
        })
        .collect();
    speech.say(lines.join("\n"), &Value::Array(users));
    Ok(Outcome::Fine)
}

fn shown(console: &Console, user: &row::Model) -> Value {
    json!({
        "id": user.id, "email": user.email, "name": user.name, "role": console.role_of(user),
        "is_active": user.is_active, "has_password": user.password_hash.is_some(),
    })
}

struct New {
    email: String,
    name: String,
    role: String,
    language: Option<String>,
    password: Option<String>,
}

async fn create(place: &Place, new: New, speech: Speech) -> Result<Outcome> {
    let console = Console::open(place).await?;
    let (app, caller) = (&console.app, &console.caller);
    let draft = draft(&console, new).await?;
    let made = app.db.write(caller.workspace, caller.sight(), |tx| {
        let draft = draft.clone();
        async move { user::create(app, &tx, caller, draft).await }
    });
    let made = made.await.map_err(told)?;
    let hint = if made.is_active { "" } else { "; set a password with revier user password" };
    speech.say(format!("{} is a user now{hint}.", made.email), &shown(&console, &made));
    Ok(Outcome::Fine)
}

async fn draft(console: &Console, new: New) -> Result<Draft> {
    let New { email, name, role, language, password } = new;
    let mut faults = Faults::default();
    let name = faults.keep(values::name("/name", &name));
    let email = faults.keep(Email::parse("/email", &email));
    let language = faults.keep_some(language, |text| values::language("/language", &text));
    let (Some(name), Some(email)) = (name, email) else { return Err(told(faults.into())) };
    faults.end().map_err(told)?;
    let about = user::known_of(&console.app, &console.caller, None).await.map_err(told)?;
    let about: Vec<&str> = about.iter().map(String::as_str).chain([name.as_str(), email.text()]).collect();
    let password_hash = match password {
        Some(password) => {
            Some(console.app.passwords.hash("/password", password, &about).await.map_err(told)?)
        }
        None => None,
    };
    Ok(Draft { name, email, role, language, time_zone: None, working_hours: None, password_hash })
}

async fn deactivate(place: &Place, email: &str, records: Option<&str>, speech: Speech) -> Result<Outcome> {
    let console = Console::open(place).await?;
    let user = console.user(email)?;
    let records = match records {
        None => None,
        Some("rotate") => Some(Handover::Rotate),
        Some("queue") => Some(Handover::Queue),
        Some(other) => {
            let heir =
                console.user(other).context("--records takes rotate, queue or somebody's e-mail address")?;
            Some(Handover::GiveTo(heir.id))
        }
    };
    let change = Change { is_active: Some(false), records, ..Change::default() };
    let (app, caller, id) = (&console.app, &console.caller, user.id);
    let changed = app.db.write(caller.workspace, caller.sight(), |tx| {
        let change = change.clone();
        async move { user::change(app, &tx, caller, id, change, |_, _| Ok(())).await }
    });
    let changed = changed.await.map_err(told)?;
    let text = format!("{email} is shut out; all sessions and tokens have ended.");
    speech.say(text, &shown(&console, &changed));
    Ok(Outcome::Fine)
}

async fn set_password(place: &Place, email: &str, speech: Speech) -> Result<Outcome> {
    let password = console::password()?;
    let console = Console::open(place).await?;
    let (app, caller, id) = (&console.app, &console.caller, console.user(email)?.id);
    let about = user::known_of(app, caller, Some(id)).await.map_err(told)?;
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let hash = app.passwords.hash("/password", password, &about).await.map_err(told)?;
    let set = app.db.write(caller.workspace, caller.sight(), |tx| {
        let hash = hash.clone();
        async move { user::set_password(app, &tx, caller, id, hash).await }
    });
    set.await.map_err(told)?;
    speech.say(format!("{email} has a new password; all sessions have ended."), &json!({ "id": id }));
    Ok(Outcome::Fine)
}
