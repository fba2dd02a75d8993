//! What the sources lack, made up for demonstration: chosen by a hash of the company's name, so that it is the
//! same whenever the demo is made.

use std::collections::HashMap;

use super::Company;
use super::names::hash;

/// What is made up about a company.
pub(super) struct Lead {
    pub phone: String,
    pub email: String,
    pub source: &'static str,
    pub status: &'static str,
    pub employees: Option<u64>,
    pub score: u64,
    pub requirements: Vec<&'static str>,
}

/// Choices with how often of a hundred each is taken.
type Weighted = &'static [(&'static str, u64)];

const SOURCES: Weighted = &[
    ("web_form", 27),
    ("trade_fair", 16),
    ("referral", 9),
    ("phone", 8),
    ("search", 8),
    ("advertising", 7),
    ("partner", 6),
    ("email", 6),
    ("bought_list", 5),
    ("cold_call", 4),
    ("social_media", 2),
    ("existing_customer", 2),
];
const STATUSES: Weighted =
    &[("new", 52), ("contacted", 22), ("qualified", 11), ("follow_up", 9), ("disqualified", 6)];
const REQUIREMENTS: Weighted =
    &[("quote", 34), ("demo", 22), ("consulting", 18), ("sample", 12), ("maintenance", 8), ("training", 6)];
/// Numbers of employees of small and middle-sized companies: from, below, how often of a hundred.
const SIZES: [(u64, u64, u64); 6] =
    [(2, 10, 18), (10, 20, 22), (20, 50, 26), (50, 250, 24), (250, 1_000, 8), (1_000, 3_000, 2)];
/// German ranges reserved for fiction (Bundesnetzagentur), by the first digits of postcodes near them. The first
/// three hundred numbers are Musterwerk's own.
const GERMAN_RANGES: [(&[&str], &str, u64, u64); 4] = [
    (&["10", "12", "13", "14"], "+49 30 23125", 300, 1_000),
    (&["20", "21", "22"], "+49 40 66969", 300, 1_000),
    (&["60", "61", "63", "65"], "+49 69 90009", 300, 1_000),
    (&["80", "81", "82", "85"], "+49 89 99998", 300, 1_000),
];
/// One area code of a state; its 555-0100 to 555-0199 are reserved for fiction (NANPA).
const AMERICAN_AREAS: [(&str, &str); 20] = [
    ("AK", "907"),
    ("CA", "213"),
    ("CO", "303"),
    ("CT", "203"),
    ("DE", "302"),
    ("FL", "305"),
    ("GA", "404"),
    ("IL", "312"),
    ("MA", "617"),
    ("MI", "313"),
    ("MN", "612"),
    ("ND", "701"),
    ("NJ", "201"),
    ("NY", "212"),
    ("OH", "216"),
    ("PA", "215"),
    ("TX", "214"),
    ("VT", "802"),
    ("WA", "206"),
    ("WY", "307"),
];

/// Numbers and addresses given out so far: none is given twice, since a lead with a known one goes to the owner of
/// the lead that it is known from.
#[derive(Default)]
pub(super) struct Contacts {
    numbers: HashMap<String, u64>,
    domains: HashMap<String, u64>,
}

/// Makes up what the sources lack.
pub(super) fn lead(company: &Company, contacts: &mut Contacts) -> Lead {
    let name = &company.name;
    Lead {
        phone: contacts.phone(company),
        email: contacts.email(name),
        source: chosen(SOURCES, name, "source"),
        status: chosen(STATUSES, name, "status"),
        employees: employees(company),
        score: 20 + of(name, "score") % 79,
        requirements: requirements(name),
    }
}

impl Contacts {
    fn phone(&mut self, company: &Company) -> String {
        // Some are not to be reached by telephone.
        if of(&company.name, "phone") % 10 < 2 {
            return String::new();
        }
        match company.country {
            "DE" => self.german_phone(&company.postcode),
            "US" => self.american_phone(&company.state),
            _ => String::new(),
        }
    }

    fn german_phone(&mut self, postcode: &str) -> String {
        let is_near = |heads: &&[&str]| heads.iter().any(|head| postcode.starts_with(head));
        let near = GERMAN_RANGES.iter().find(|(heads, ..)| is_near(heads));
        let Some(&(_, head, from, below)) = near else { return self.mobile() };
        let number = from + self.next(head);
        if number < below { format!("{head}{number:03}") } else { String::new() }
    }

    fn mobile(&mut self) -> String {
        let head = "+49 171 39200";
        let number = self.next(head);
        if number < 100 { format!("{head}{number:02}") } else { String::new() }
    }

    fn american_phone(&mut self, state: &str) -> String {
        let area = AMERICAN_AREAS.iter().find(|(code, _)| *code == state);
        let Some((_, area)) = area else { return String::new() };
        let number = self.next(area);
        if number < 100 { format!("+1 {area} 555 01{number:02}") } else { String::new() }
    }

    fn next(&mut self, range: &str) -> u64 {
        let next = self.numbers.entry(range.to_owned()).or_default();
        *next += 1;
        *next - 1
    }

    fn email(&mut self, name: &str) -> String {
        const BOXES: Weighted = &[("info", 45), ("einkauf", 20), ("kontakt", 20), ("office", 15)];
        if of(name, "email") % 10 < 3 {
            return String::new();
        }
        let mut domain = domain(name);
        let taken = self.domains.entry(domain.clone()).or_default();
        *taken += 1;
        if *taken > 1 {
            domain = format!("{domain}-{taken}");
        }
        format!("{}@{domain}.example", chosen(BOXES, name, "box"))
    }
}

/// The first words of a name as a domain would have them.
fn domain(name: &str) -> String {
    const LETTERS_MAX: usize = 40;
    let mut text = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'ä' => text.push_str("ae"),
            'ö' => text.push_str("oe"),
            'ü' => text.push_str("ue"),
            'ß' => text.push_str("ss"),
            letter if letter.is_ascii_alphanumeric() => text.push(letter),
            _ if text.ends_with('-') || text.is_empty() => {}
            _ => text.push('-'),
        }
        if text.len() >= LETTERS_MAX {
            break;
        }
    }
    text.trim_matches('-').to_owned()
}

fn employees(company: &Company) -> Option<u64> {
    let name = &company.name;
    // Nobody has counted them everywhere.
    if company.size.is_empty() && of(name, "counted") % 100 < 6 {
        return None;
    }
    let between = |from: u64, below: u64| Some(rounded(from + of(name, "employees") % (below - from)));
    match company.size.as_str() {
        "Mega Cap" => between(20_000, 150_000),
        "Large Cap" => between(2_000, 30_000),
        "Mid Cap" => between(900, 9_000),
        "Small Cap" => between(150, 1_800),
        "Micro Cap" => between(40, 420),
        "Nano Cap" => between(8, 140),
        _ => {
            let mut share = of(name, "size") % 100;
            for (from, below, weight) in SIZES {
                if share < weight {
                    return between(from, below);
                }
                share -= weight;
            }
            None
        }
    }
}

/// As people would say it: 1,237 is 1,240.
fn rounded(count: u64) -> u64 {
    let step = match count {
        0..100 => 1,
        100..1_000 => 5,
        1_000..10_000 => 10,
        _ => 100,
    };
    count / step * step
}

fn requirements(name: &str) -> Vec<&'static str> {
    if of(name, "asks") % 10 < 4 {
        return Vec::new();
    }
    let mut asked = vec![chosen(REQUIREMENTS, name, "first"), chosen(REQUIREMENTS, name, "second")];
    asked.sort_unstable();
    asked.dedup();
    asked
}

fn chosen(choices: Weighted, name: &str, what: &str) -> &'static str {
    let total: u64 = choices.iter().map(|(_, weight)| weight).sum();
    let mut share = of(name, what) % total;
    for (choice, weight) in choices {
        if share < *weight {
            return choice;
        }
        share -= weight;
    }
    unreachable!("a share below the total lies in one of the weights")
}

fn of(name: &str, what: &str) -> u64 {
    hash(&format!("{what}\n{name}"))
}
