//! The clients of the bench.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use testkit::Wire;
use testkit::load::{Measured, side_by_side};

use crate::site::Site;

/// Creates leads over HTTP, spread over the territories by their postcodes.
///
/// # Errors
/// Where one is refused.
pub async fn create_leads(
    site: &Site,
    territories: usize,
    clients: usize,
    time: Duration,
) -> Result<Measured> {
    let mut open = Vec::new();
    for _ in 0..clients {
        open.push(Wire::open(site.address()).await?);
    }
    let idle = Mutex::new(open);
    let locked = || idle.lock().unwrap_or_else(PoisonError::into_inner);
    side_by_side(clients, time, async |number| {
        let territory = usize::try_from(number)? % territories;
        let lead = json!({
            "company": format!("Maschinenbau {number} GmbH"),
            "first_name": "Kim",
            "last_name": format!("Weiß {number}"),
            "emails": [format!("kim.{number}@firma-{number}.example")],
            // Each lead is new: one that is known by its phone would follow its owner and take no turn.
            "phones": [format!("+49 30 {}", 90_000_000 + number)],
            "street": "Hauptstraße 1",
            "country": "DE",
            "postcode": site.postcode(territory),
            "industry": "mechanical_engineering",
            "source": "trade_fair",
            "employees": number % 500,
        });
        let request = site.request("/leads", &lead.to_string());
        let mut wire = locked().pop().context("a connection for each client")?;
        let head = wire.ask(request.as_bytes()).await?;
        ensure!(head.status == 201, "a lead was answered with {}", head.status);
        locked().push(wire);
        Ok(())
    })
    .await
}
