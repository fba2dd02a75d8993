//! The raw data sets, each read into companies.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use place::Country;

use super::Company;
use super::industry::{of_fortune, of_german_name, of_gics};
use super::names::{folded, hash, titled, without_ending};
use crate::gen_place::Rows;

/// Names of the sources, as the attribution counts them.
pub(super) const NAMES: [&str; 5] = ["OffeneRegister", "FinanceDatabase", "Fortune 1000", "S&P 500", "IRS"];

/// Bavaria between Ulm and Passau: most of the state's companies that the source has are from elsewhere.
const SOUTH: &str = "Bavaria, postcodes 8";
/// How many German companies are taken of each state, as OffeneRegister names it.
const OF_STATES: [(&str, usize); 17] = [
    ("Baden-Württemberg", 200),
    ("Bavaria", 80),
    (SOUTH, 150),
    ("Berlin", 120),
    ("Brandenburg", 85),
    ("Bremen", 20),
    ("Hamburg", 110),
    ("Hesse", 130),
    ("Lower Saxony", 120),
    ("Mecklenburg-Western Pomerania", 75),
    ("North Rhine-Westphalia", 210),
    ("Rhineland-Palatinate", 90),
    ("Saarland", 30),
    ("Saxony", 90),
    ("Saxony-Anhalt", 65),
    ("Schleswig-Holstein", 90),
    ("Thuringia", 30),
];
const OF_NEIGHBOURS: usize = 40;
const OF_FORTUNE: usize = 200;
const OF_SP500: usize = 80;
/// Of each of the five states.
const OF_IRS: usize = 55;
/// Business leagues: chambers of commerce, industry associations.
const BUSINESS_LEAGUE: &str = "06";
/// Words of names that would not be a customer, or would be a person.
const LEFT_OUT: [&str; 8] =
    ["Liquidation", "i.L.", "e.K.", "e. K.", "e.Kfm", "Inh.", "Inhaber", "Vermögensverwaltung"];

/// All companies, each once, in an order that mixes sources and places.
pub(super) fn companies(raw: &Path) -> Result<Vec<Company>> {
    let fortune = fortune(raw)?;
    let by_name: HashMap<String, &Company> =
        fortune.iter().map(|company| (folded(&company.name), company)).collect();
    let mut companies = finance_database(raw)?;
    for company in &mut companies {
        complete(company, by_name.get(&folded(&company.name)).copied());
    }
    let known = |companies: &[Company]| -> HashSet<String> {
        companies.iter().map(|company| folded(&company.name)).collect()
    };
    let is_new = |known: &HashSet<String>, company: &Company| !known.contains(&folded(&company.name));
    let so_far = known(&companies);
    let fresh: Vec<Company> = fortune.iter().filter(|company| is_new(&so_far, company)).cloned().collect();
    companies.extend(first(fresh, OF_FORTUNE));
    let so_far = known(&companies);
    let fresh = sp500(raw)?.into_iter().filter(|company| is_new(&so_far, company)).collect();
    let mut fresh: Vec<Company> = first(fresh, OF_SP500);
    for company in &mut fresh {
        complete(company, by_name.get(&folded(&company.name)).copied());
    }
    companies.extend(fresh);
    companies.extend(offene_register(raw)?);
    companies.extend(irs(raw)?);
    let mut seen = HashSet::new();
    companies.retain(|company| seen.insert(folded(&company.name)));
    companies.sort_by_key(|company| (hash(&company.name), company.name.clone()));
    Ok(companies)
}

/// Takes from a company's namesake in the Fortune 1000 what is counted only there.
fn complete(company: &mut Company, fortune: Option<&Company>) {
    let Some(fortune) = fortune.filter(|_| company.country == "US") else { return };
    company.employees = fortune.employees;
    company.revenue_million_usd = fortune.revenue_million_usd;
    if company.website.is_empty() {
        company.website.clone_from(&fortune.website);
    }
}

/// The first so many in the order of their hashes.
fn first(mut companies: Vec<Company>, count: usize) -> Vec<Company> {
    companies.sort_by_key(|company| (hash(&company.name), company.name.clone()));
    companies.truncate(count);
    companies
}

fn offene_register(raw: &Path) -> Result<Vec<Company>> {
    let rows = Rows::read(&raw.join("companies_offeneregister_de/handed_29k.csv"))?;
    let columns = ["name", "register_type", "status", "federal_state", "street", "postal_code", "city"];
    let mut of_state: HashMap<String, Vec<Company>> = HashMap::new();
    for [name, register, status, state, street, postcode, city] in rows.cells(columns)? {
        let is_company = register == "HRB" || register == "GnR" || name.contains("GmbH & Co");
        let is_left_out = LEFT_OUT.iter().any(|word| name.contains(word)) || street.contains("c/o");
        if status != "currently registered" || postcode.is_empty() || !is_company || is_left_out {
            continue;
        }
        let state = if state == "Bavaria" && postcode.starts_with('8') { SOUTH } else { state };
        of_state.entry(state.to_owned()).or_default().push(Company {
            name: name.to_owned(),
            street: street.to_owned(),
            postcode: postcode.to_owned(),
            city: city.to_owned(),
            country: "DE",
            industry: of_german_name(name),
            from: NAMES[0],
            ..Company::default()
        });
    }
    let taken = OF_STATES.iter().flat_map(|(state, count)| {
        let companies = of_state.remove(*state).unwrap_or_default();
        first(companies, *count)
    });
    Ok(taken.collect())
}

fn finance_database(raw: &Path) -> Result<Vec<Company>> {
    let mut companies = Vec::new();
    for exchange in ["VIE", "EBS", "GER", "ASE"] {
        let rows = Rows::read(&raw.join(format!("companies_financedatabase/{exchange}.csv")))?;
        let columns = [
            "name",
            "sector",
            "industry",
            "country",
            "state",
            "city",
            "zipcode",
            "website",
            "market_cap",
            "delisted",
        ];
        for [name, sector, industry, country, state, city, postcode, website, size, delisted] in
            rows.cells(columns)?
        {
            let country = match country {
                "Germany" => "DE",
                "Austria" => "AT",
                "Switzerland" => "CH",
                "United States" => "US",
                "Liechtenstein" => "LI",
                "Luxembourg" => "LU",
                "Netherlands" => "NL",
                "Italy" => "IT",
                "Denmark" => "DK",
                "France" => "FR",
                _ => continue,
            };
            // Names with nominal values are those of papers, not of companies.
            let is_paper =
                name.contains("  ") || name.contains(",0") || name.contains("DL-") || name.contains('%');
            // The source has states for American addresses only; elsewhere they contradict the country.
            let is_contradictory = country != "US" && !state.is_empty();
            if postcode.is_empty() || delisted == "True" || is_paper || is_contradictory {
                continue;
            }
            companies.push(Company {
                name: without_ending(name).to_owned(),
                city: city_unless_known(country, postcode, city),
                postcode: postcode.to_owned(),
                state: state.to_owned(),
                country,
                website: website.to_owned(),
                industry: of_gics(sector, industry),
                size: size.to_owned(),
                from: NAMES[1],
                ..Company::default()
            });
        }
    }
    // One company is listed at several exchanges.
    let mut seen = HashSet::new();
    companies.retain(|company| seen.insert(folded(&company.name)));
    let is_home = |company: &Company| ["DE", "AT", "CH", "US"].contains(&company.country);
    let (mut companies, abroad): (Vec<Company>, Vec<Company>) = companies.into_iter().partition(is_home);
    companies.extend(first(abroad, OF_NEIGHBOURS));
    Ok(companies)
}

/// The source names towns in English ("Munich"): where the postcode tells the town, the door completes it as people
/// there write it.
fn city_unless_known(country: &str, postcode: &str, city: &str) -> String {
    let land = Country::by_code(country).filter(|_| country != "US");
    let is_known = land.is_some_and(|land| place::postcode::find(land, postcode).is_some());
    if is_known { String::new() } else { city.to_owned() }
}

fn fortune(raw: &Path) -> Result<Vec<Company>> {
    let rows = Rows::read(&raw.join("companies_fortune1000_2020/Fortune_1000.csv"))?;
    let columns = ["company", "revenue", "num. of employees", "sector", "city", "state", "Website"];
    let company = |[name, revenue, employees, sector, city, state, website]: [&str; 7]| Company {
        name: name.to_owned(),
        city: city.to_owned(),
        state: state.to_owned(),
        country: "US",
        website: website.to_owned(),
        industry: of_fortune(sector),
        employees: whole(employees),
        revenue_million_usd: whole(revenue),
        from: NAMES[2],
        ..Company::default()
    };
    Ok(rows.cells(columns)?.map(company).collect())
}

/// Some counts are written with a decimal point.
fn whole(text: &str) -> Option<u64> {
    text.split('.').next()?.parse().ok().filter(|&count| count > 0)
}

fn sp500(raw: &Path) -> Result<Vec<Company>> {
    let rows = Rows::read(&raw.join("companies_sp500/constituents.csv"))?;
    let columns = ["Security", "GICS Sector", "GICS Sub-Industry", "Headquarters Location"];
    let mut companies = Vec::new();
    for [name, sector, industry, headquarters] in rows.cells(columns)? {
        // "Arlington, Virginia[2]", and "Dublin, Ireland" for those that moved abroad.
        let Some((city, region)) = headquarters.rsplit_once(", ") else { continue };
        let region = region.split('[').next().unwrap_or(region);
        let region = if region == "D.C." { "District of Columbia" } else { region };
        let usa = Country::by_code("US").expect("the USA are a country");
        let (country, state) = match (place::State::find(usa, region), Country::find(region)) {
            (Some(state), _) => ("US", state.code().trim_start_matches("US-").to_owned()),
            (None, Some(country)) => (country.code(), String::new()),
            (None, None) => continue,
        };
        companies.push(Company {
            name: without_ending(name).to_owned(),
            city: city.to_owned(),
            state,
            country,
            industry: of_gics(sector, industry),
            size: "Large Cap".to_owned(),
            from: NAMES[3],
            ..Company::default()
        });
    }
    Ok(companies)
}

fn irs(raw: &Path) -> Result<Vec<Company>> {
    let mut companies = Vec::new();
    for state in ["ak", "de", "nd", "vt", "wy"] {
        let rows = Rows::read(&raw.join(format!("companies_irs_us/2020/eo_{state}.csv")))?;
        let mut of_state = Vec::new();
        for [name, street, city, state, postcode, subsection] in
            rows.cells(["NAME", "STREET", "CITY", "STATE", "ZIP", "SUBSECTION"])?
        {
            if subsection != BUSINESS_LEAGUE {
                continue;
            }
            of_state.push(Company {
                name: titled(name),
                street: titled(street),
                postcode: postcode.trim_end_matches("-0000").to_owned(),
                city: titled(city),
                state: state.to_owned(),
                country: "US",
                industry: "associations",
                size: "Nano Cap".to_owned(),
                from: NAMES[4],
                ..Company::default()
            });
        }
        companies.extend(first(of_state, OF_IRS));
    }
    Ok(companies)
}
