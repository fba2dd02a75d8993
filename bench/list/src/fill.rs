//! The leads of the bench, put straight into the database; the same for every run.

use access::Task;
use anyhow::{Context, Result};
use crm::Error;
use crm::records::lead::store::{collaborator, lead};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::ConnectionTrait;
use serde_json::json;
use store::Sight;
use testkit::{Base, Kind};
use uuid::Uuid;

/// The status of one lead in 40.
pub const RARE: &str = "qualified";

const SEED: u64 = 20_261_124;
const BATCH: u64 = 10_000;
/// 2026-01-01, in microseconds.
const BEGIN_US: i64 = 1_767_225_600_000_000;
const STEP_US: i64 = 20_000_000;
const SHARED: u64 = 50;

/// Who works there, and where.
#[derive(Default, Clone)]
pub struct Company {
    pub seller: Uuid,
    pub colleagues: Vec<Uuid>,
    /// With what says whether it is the seller's.
    pub territories: Vec<(Uuid, bool)>,
}

/// Writes that many leads, and what is shared with the seller.
///
/// # Errors
/// Where the database refuses.
pub async fn fill(base: &Base, company: &Company, leads: u64) -> Result<()> {
    let db = base.open().await;
    let workspace = workspace(base).await?;
    let mut chance = Chance(SEED);
    let mut at = 0;
    while at < leads {
        let numbers = at..(at + BATCH).min(leads);
        at = numbers.end;
        let rows: Vec<lead::ActiveModel> = numbers.map(|number| row(company, number, &mut chance)).collect();
        let every = usize::try_from(leads / SHARED)?.max(1);
        let shared: Vec<collaborator::ActiveModel> = rows
            .iter()
            .step_by(every.min(rows.len()))
            .take(1)
            .map(|row| shared(row, company.seller))
            .collect();
        let work = db.write(workspace, Sight::Task(Task::Import), |tx| {
            let (rows, shared) = (rows.clone(), shared.clone());
            async move {
                tx.insert(rows).await?;
                Ok::<_, Error>(tx.insert(shared).await?)
            }
        });
        work.await.map_err(|error| anyhow::anyhow!("{error}"))?;
    }
    db.close().await;
    if base.kind == Kind::Postgres {
        // As its own vacuum would do sooner or later.
        base.connection().await.execute_unprepared("VACUUM ANALYZE").await?;
    }
    Ok(())
}

async fn workspace(base: &Base) -> Result<Uuid> {
    let connection = base.connection().await;
    let statement =
        sea_orm::Statement::from_string(connection.get_database_backend(), "SELECT id FROM workspace");
    let row = connection.query_one_raw(statement).await?.context("a workspace")?;
    let id = row.try_get_by_index(0)?;
    connection.close().await?;
    Ok(id)
}

fn row(company: &Company, number: u64, chance: &mut Chance) -> lead::ActiveModel {
    let (territory, is_sellers) = company.territories[chance.below(company.territories.len())];
    let is_own = if is_sellers { chance.below(4) == 0 } else { chance.below(500) == 0 };
    let owner =
        if is_own { company.seller } else { company.colleagues[chance.below(company.colleagues.len())] };
    let created = BEGIN_US + i64::try_from(number).unwrap_or_default() * STEP_US;
    let pick = |chance: &mut Chance, of: &[&str]| of[chance.below(of.len())].to_owned();
    let city = chance.below(3_000);
    let company_name = format!(
        "{} {} {number} GmbH",
        pick(chance, &["Maschinenbau", "Bäckerei", "Elektro", "Holzbau", "Software"]),
        pick(chance, &["Huber", "Schmidt", "Müller", "Weber", "Kaya"])
    );
    let employees = (chance.below(10) > 1).then(|| chance.below(5_000) as i64);
    let status = if chance.below(40) == 0 {
        RARE.to_owned()
    } else {
        pick(chance, &["new", "new", "contacted", "lost"])
    };
    let street = format!("Hauptstraße {}", chance.below(400));
    let (first, last) =
        (pick(chance, &["Kim", "Anna", "Ben", "Eva", "Jan"]), format!("Weiß {}", chance.below(8_000)));
    let job = (chance.below(3) > 0).then(|| pick(chance, &["Leitung", "Einkauf", "Vertrieb"]));
    let machine = format!("anlage {}", chance.below(900));
    let folded = |text: &str| Some(text.to_lowercase().replace('ß', "ss"));
    lead::ActiveModel {
        workspace_id: NotSet,
        id: Set(Uuid::from_u64_pair(created.unsigned_abs() << 4 | 0x7, chance.next())),
        version: Set(1),
        created_at: Set(created),
        updated_at: Set(created + chance.below(1 << 40) as i64),
        created_by: Set(None),
        door: Set("import".to_owned()),
        territory_id: Set(Some(territory)),
        owner_id: Set(Some(owner)),
        is_pinned: Set(false),
        queued_at: Set(None),
        assigned_at: Set(Some(created)),
        first_name_key: Set(folded(&first)),
        first_name: Set(Some(first)),
        last_name_key: Set(folded(&last)),
        last_name: Set(Some(last)),
        job_title_key: Set(job.as_deref().and_then(folded)),
        job_title: Set(job),
        company_key: Set(folded(&company_name)),
        company: Set(Some(company_name)),
        emails: Set(Some(json!([format!("kim@firma-{number}.example")]).to_string())),
        emails_key: Set(Some(json!([format!("kim@firma-{number}.example")]).to_string())),
        street_key: Set(folded(&street)),
        street: Set(Some(street)),
        city_key: Set(Some(format!("ort {city}"))),
        city: Set(Some(format!("Ort {city}"))),
        country: Set(Some("DE".to_owned())),
        state: Set(Some(pick(chance, &["DE-BY", "DE-NW", "DE-BW", "DE-HE"]))),
        postcode: Set(Some(format!("{}", 10_000 + city * 7))),
        postcode_key: Set(Some(format!("{}", 10_000 + city * 7))),
        industry: Set(Some(pick(chance, &["it", "retail", "mechanical_engineering", "health"]))),
        source: Set(Some(pick(chance, &["phone", "trade_fair", "website"]))),
        status: Set(Some(status)),
        employees: Set(employees),
        score: Set((chance.below(3) > 0).then(|| chance.below(100) as i64)),
        annual_revenue_minor: Set(employees.map(|employees| employees * 12_345_600)),
        annual_revenue_currency: Set(employees.map(|_| "EUR".to_owned())),
        notes: Set(Some("Am Telefon freundlich, will ein Angebot. ".repeat(chance.below(6)))),
        custom: Set(json!({ "machine": machine }).to_string()),
        custom_key: Set(json!({ "machine": machine }).to_string()),
        derived: Set(r#"["state","city"]"#.to_owned()),
        repairs: Set("[]".to_owned()),
        ..Default::default()
    }
}

fn shared(row: &lead::ActiveModel, seller: Uuid) -> collaborator::ActiveModel {
    collaborator::ActiveModel { workspace_id: NotSet, lead_id: row.id.clone(), user_id: Set(seller) }
}

/// Marsaglia's xorshift with 64 bits: enough for made-up rows.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or_default()
    }
}
