//! Somebody at the server's console: works as the administrator, through the door `console`.

use std::io::Read;
use std::sync::Arc;

use access::{BuiltInRole, Task};
use anyhow::{Context, Result, anyhow, bail};
use crm::http::caller::Caller;
use crm::people::role as roles;
use crm::people::store::{role, user};
use crm::territories::viewers;
use crm::{App, Error};
use store::Sight;
use uuid::Uuid;

use crate::cli::Place;
use crate::place;

/// A password's line is not longer.
const PASSWORD_BYTES_MAX: u64 = 4 * 1024;

/// The workspace opened, and who acts in it.
pub struct Console {
    pub app: App,
    pub caller: Caller,
    pub users: Vec<user::Model>,
    pub roles: Vec<role::Model>,
}

impl Console {
    /// Opens the workspace of a database that is there.
    pub async fn open(place: &Place) -> Result<Console> {
        let app = place::app_at_console(place::open_existing(place).await?);
        let workspace = workspace(&app).await?;
        let read = app.db.read(workspace, Sight::Task(Task::OwnAccount), |tx| async move {
            let users = tx.select::<user::Entity>().all().await?;
            let all_roles = roles::all(&tx).await?;
            let is_administrator = |user: &&user::Model| {
                let role = all_roles.iter().find(|role| role.id == user.role_id);
                user.is_active && role.and_then(roles::built_in_of) == Some(BuiltInRole::Administrator)
            };
            let administrator = users.iter().filter(is_administrator).min_by_key(|user| user.created_at);
            let administrator = administrator.ok_or(Error::NotFound)?;
            let role = all_roles.iter().find(|role| role.id == administrator.role_id);
            let viewer = viewers::read(&tx, administrator.id, role.ok_or(Error::NotFound)?).await?;
            Ok::<_, Error>((administrator.id, viewer, users, all_roles))
        });
        let (user, viewer, mut users, roles) = read.await.context("no administrator is active")?;
        users.sort_by(|one, other| one.name.cmp(&other.name).then(one.id.cmp(&other.id)));
        let caller = Caller {
            workspace,
            user,
            viewer: Arc::new(viewer),
            credential: Uuid::nil(),
            door: "console",
            address: String::new(),
        };
        Ok(Console { app, caller, users, roles })
    }

    /// The user with this e-mail address.
    pub fn user(&self, email: &str) -> Result<&user::Model> {
        let key = crm::people::email::key(email);
        let found = self.users.iter().find(|user| user.email_key == key);
        found.with_context(|| format!("nobody has the e-mail address {email:?}; see revier user list"))
    }

    /// The key of a user's role.
    pub fn role_of(&self, user: &user::Model) -> &str {
        self.roles.iter().find(|role| role.id == user.role_id).map_or("", |role| role.key.as_str())
    }
}

/// The workspace, or how one comes to be.
pub async fn workspace(app: &App) -> Result<Uuid> {
    let workspaces = app.db.workspaces().await?;
    let first = workspaces.first().copied();
    first.context("nobody has set this server up yet; do it on its page, or with revier setup")
}

/// Reads the password from standard input.
pub fn password() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().take(PASSWORD_BYTES_MAX).read_to_string(&mut text).context("no password can be read")?;
    let password = text.lines().next().unwrap_or_default();
    if password.is_empty() {
        bail!("standard input holds no password; pipe it in: printf '%s' \"$PASSWORD\" | revier …");
    }
    Ok(password.to_owned())
}

/// Says every fault of a refused request, not only that there are some.
pub fn told(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(faults) => {
            let faults: Vec<String> = faults
                .into_iter()
                .map(|fault| format!("{}: {}", fault.pointer.trim_start_matches('/'), fault.detail))
                .collect();
            anyhow!(faults.join("\n        "))
        }
        error => error.into(),
    }
}
