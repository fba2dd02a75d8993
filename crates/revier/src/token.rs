//! `revier token create`.

use anyhow::Result;
use crm::people::token::{self, Draft};
use serde_json::json;

use crate::cli::Token;
use crate::console::{Console, told};
use crate::outcome::{Outcome, Speech};

pub async fn run(command: Token, speech: Speech) -> Result<Outcome> {
    let Token::Create { place, user, name, scopes, expires_at } = command;
    let console = Console::open(&place).await?;
    let user = console.user(&user)?.id;
    let now = console.app.clock.now();
    let draft = Draft::parse(&name, &scopes, expires_at.as_deref(), now).map_err(told)?;
    let (app, actor) = (&console.app, console.caller.actor());
    let made = app.db.write(console.caller.workspace, console.caller.sight(), |tx| {
        let (draft, actor) = (draft.clone(), actor.clone());
        async move { token::create(app, &tx, user, draft, &actor).await }
    });
    let (row, secret) = made.await.map_err(told)?;
    speech.say(&secret, &json!({ "id": row.id, "name": row.name, "token": secret }));
    Ok(Outcome::Fine)
}
