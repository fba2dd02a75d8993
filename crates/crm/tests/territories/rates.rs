use crm::app::{DAY, HOUR};
use crm::people::store::exchange_rate;
use sea_orm::ActiveValue::{NotSet, Set};
use serde_json::json;

use crate::house::houses;

#[tokio::test]
async fn a_rate_of_exchange_counts_from_its_day_on_without_anybody_doing_anything() {
    for house in houses().await {
        let mia = house.manager().await;
        let large = house.territory(&mia, "Groß", None).await;
        let when = json!({
            "field": "annual_revenue", "op": "gte", "values": [{ "amount": "100.00", "currency": "EUR" }],
        });
        let path = format!("/api/v1/territories/{large}/rules");
        house.post(&mia, &path, json!({ "name": "Ab 100 €", "when": when })).await.is(201);
        let today = testkit::clock::TUESDAY_AT_TEN / DAY;
        let rate = |day: i64, rate: &str| exchange_rate::ActiveModel {
            workspace_id: NotSet,
            currency: Set("USD".to_owned()),
            day: Set(day),
            rate: Set(rate.to_owned()),
        };
        house
            .write(|tx| {
                let rates = vec![rate(today, "0.5"), rate(today + 1, "2")];
                async move {
                    tx.insert(rates).await?;
                    crm::versions::bump_rules(&tx).await
                }
            })
            .await;
        let lead = json!({
            "company": "A", "annual_revenue": { "amount": "100.00", "currency": "USD" },
        });
        let before = house.post(&mia, "/api/v1/leads", lead.clone()).await.is(201).body;
        assert_eq!(before["lead"]["territory"], json!(null));
        // Past midnight in Berlin, in steps that keep her signed in.
        for _ in 0..2 {
            house.clock.turn(7 * HOUR);
            house.get(&mia, "/api/v1/territories").await.is(200);
        }
        let after = house.post(&mia, "/api/v1/leads", lead).await.is(201).body;
        assert_eq!(after["lead"]["territory"]["id"], json!(large));
    }
}
