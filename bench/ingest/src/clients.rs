//! The clients of the bench.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
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
        let answer = site.post("/leads", &lead).await?;
        ensure!(answer.status() == 201, "a lead was answered with {}", answer.status());
        answer.bytes().await?;
        Ok(())
    })
    .await
}
