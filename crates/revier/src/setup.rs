//! `revier setup`: the first start, from a script.

use anyhow::Result;
use crm::people::setup::{self, Ask, Start};
use crm::trail::Actor;
use serde_json::json;

use crate::cli::Setup;
use crate::console::{self, told};
use crate::outcome::{Outcome, Speech};
use crate::place;

pub async fn run(options: Setup, speech: Speech) -> Result<Outcome> {
    let Setup {
        place,
        email,
        name,
        language,
        password: _,
        demo,
        workspace_name,
        time_zone,
        currency,
        default_country,
    } = options;
    let password = console::password()?;
    let app = place::app_at_console(place::open_or_make(&place).await?);
    let start = if demo { Start::Demo } else { Start::Empty };
    let ask =
        Ask { name, email, password, language, workspace_name, time_zone, currency, default_country, start };
    let draft = ask.parse().map_err(told)?;
    let founded = setup::found(&app, draft, &Actor::console()).await.map_err(told)?;
    setup::furnish(&app, founded).await.map_err(told)?;
    app.db.close().await;
    let value = json!({ "workspace": founded.workspace, "administrator": founded.administrator });
    speech.say("The workspace is set up; start it with revier serve and sign in.", &value);
    Ok(Outcome::Fine)
}
