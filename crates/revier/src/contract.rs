//! `revier openapi`: the contract, without a server.

use anyhow::Result;
use store::Db;

use crate::outcome::{self, Outcome};
use crate::place;

pub async fn print() -> Result<Outcome> {
    // The table of routes wants an app; its database stays empty and in memory.
    let app = place::app_at_console(Db::open("sqlite::memory:").await?);
    outcome::print(&crm::http::routes::openapi(&app)?);
    Ok(Outcome::Fine)
}
