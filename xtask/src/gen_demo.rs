//! `cargo xtask gen demo`: makes the leads of the demo company under `data/demo/` from the raw data sets
//! that may be shipped, and puts the hand-written plan into its canonical form.
//!
//! The raw data are not part of the repository (see `gen_place`); what is made is committed.

mod industry;
mod made_up;
mod names;
mod sources;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use territory::Index;
use territory::file::{PlanFile, catalog};

use crate::gen_place::{raw_data, write_file};

/// The columns of `leads.csv`, which are the API's names of fields.
const COLUMNS: [&str; 16] = [
    "company",
    "street",
    "postcode",
    "city",
    "state",
    "country",
    "website",
    "phones",
    "emails",
    "industry",
    "source",
    "status",
    "employees",
    "score",
    "annual_revenue",
    "requirements",
];
/// The day on which examples are looked at; no rule of the plan reads a date.
const ANY_DAY: i64 = 20_000;

/// Texts that have to go with what they license (MIT).
const LICENCES: [(&str, &str); 2] = [
    ("LICENSE-FinanceDatabase", "companies_financedatabase/LICENSE"),
    ("LICENSE-fortune-1000", "companies_fortune1000_2020/LICENSE"),
];

/// A company as its source has it; what the source lacks is empty.
#[derive(Clone, Debug, Default)]
struct Company {
    name: String,
    street: String,
    postcode: String,
    city: String,
    state: String,
    country: &'static str,
    website: String,
    industry: &'static str,
    employees: Option<u64>,
    /// How large its source says it is, where it counts nobody: `Large Cap`, `Small Cap`, …
    size: String,
    revenue_million_usd: Option<u64>,
    from: &'static str,
}

/// Writes everything anew.
pub fn run(repository: &Path) -> Result<()> {
    let target = repository.join("data/demo");
    write(&raw_data(repository)?, &target.join("plan.json"), &target)
}

fn write(raw: &Path, plan: &Path, target: &Path) -> Result<()> {
    let companies = sources::companies(raw)?;
    write_file(&target.join("plan.json"), canonical(plan)?)?;
    for (file, from) in LICENCES {
        let from = raw.join(from);
        let text = std::fs::read(&from).with_context(|| format!("read {}", from.display()))?;
        write_file(&target.join(file), text)?;
    }
    write_file(&target.join("ATTRIBUTION.md"), attribution(&companies))?;
    write_file(&target.join("leads.csv"), leads(&companies)?)
}

fn leads(companies: &[Company]) -> Result<Vec<u8>> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(COLUMNS)?;
    let mut contacts = made_up::Contacts::default();
    for company in companies {
        let made_up::Lead { phone, email, source, status, employees, score, requirements } =
            made_up::lead(company, &mut contacts);
        let revenue = company.revenue_million_usd.map(|millions| format!("{millions}000000 USD"));
        file.write_record([
            &company.name,
            &company.street,
            &company.postcode,
            &company.city,
            &company.state,
            company.country,
            &company.website,
            &phone,
            &email,
            company.industry,
            source,
            status,
            &company.employees.or(employees).map(|count| count.to_string()).unwrap_or_default(),
            &score.to_string(),
            &revenue.unwrap_or_default(),
            &requirements.join(";"),
        ])?;
    }
    file.into_inner().context("the leads are written")
}

/// Reads the plan, refuses it where a rule or an example is broken, and writes it as every plan is written.
fn canonical(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let catalog = catalog();
    let plan = PlanFile::read(&text, &catalog).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}: {}", path.display(), faults.join("; "))
    })?;
    let broken: Vec<String> = plan.broken_rules().map(ToString::to_string).collect();
    ensure!(broken.is_empty(), "broken rules: {}", broken.join("; "));
    let index = Index::build(&plan.plan());
    let broken = plan.broken_examples(&catalog, &index, ANY_DAY);
    let broken: Vec<String> = broken.iter().map(ToString::to_string).collect();
    ensure!(broken.is_empty(), "broken examples: {}", broken.join("; "));
    Ok(plan.write())
}

fn attribution(companies: &[Company]) -> String {
    let mut text = ATTRIBUTION.to_owned();
    for name in sources::NAMES {
        let count = companies.iter().filter(|company| company.from == name).count();
        text = text.replace(&format!("{{{name}}}"), &count.to_string());
    }
    text
}

const ATTRIBUTION: &str = include_str!("gen_demo/attribution.md");

#[cfg(test)]
mod shared_data {
    use super::*;

    const FILES: [&str; 3] = ["leads.csv", "plan.json", "ATTRIBUTION.md"];

    #[test]
    fn the_committed_demo_is_the_one_that_the_raw_data_make() {
        let repository =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository");
        let Ok(raw) = raw_data(repository) else {
            println!(
                "skipped: the_committed_demo_is_the_one_that_the_raw_data_make, the raw data are not here"
            );
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the raw data are missing");
            return;
        };
        let (committed, fresh) = (repository.join("data/demo"), tempfile::tempdir().expect("a folder"));
        write(&raw, &committed.join("plan.json"), fresh.path()).expect("the demo is made");
        for file in FILES.into_iter().chain(LICENCES.map(|(file, _)| file)) {
            let read = |folder: &Path| std::fs::read(folder.join(file)).expect("the file is there");
            assert!(read(&committed) == read(fresh.path()), "{file} is stale: run cargo xtask gen demo");
        }
    }
}
