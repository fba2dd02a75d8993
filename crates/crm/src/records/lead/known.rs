//! Which leads are known by an e-mail or a phone: 64-bit hashes that are verified on the record.

use std::collections::{HashMap, HashSet};

use condition::Value;
use condition::normal::{Draft, Stored};
use condition::standard;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use store::{Tx, padded};

use super::store::{known, lead};
use crate::error::Error;

/// Leads looked at per batch: an address that thousands share tells nothing.
const CANDIDATES_MAX: u64 = 1_000;

/// The compared texts by which a draft may be known, each with its kind.
fn names(draft: &Draft) -> Vec<(&'static str, String)> {
    let value = |field, kind| draft.get(field).map(|stored: &Stored| stored.value(kind, None, |_| 0));
    let mut names = Vec::new();
    if let Some(Value::Texts(emails)) = value(standard::EMAILS, condition::Kind::Email) {
        names.extend(emails.iter().map(|email| ("email", email.to_string())));
    }
    if let Some(Value::Phones(phones)) = value(standard::PHONES, condition::Kind::Phone) {
        let valid = phones.iter().filter(|phone| phone.country.is_some());
        names.extend(valid.map(|phone| ("phone", phone.number.to_string())));
    }
    names
}

/// The hashes of a draft's e-mails and phones.
pub fn keys(draft: &Draft) -> Vec<i64> {
    let mut keys: Vec<i64> = names(draft).iter().map(|(kind, name)| hash(kind, name)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

pub fn row(key: i64, lead: Uuid) -> known::ActiveModel {
    known::ActiveModel { workspace_id: NotSet, key: Set(key), lead_id: Set(lead) }
}

/// The owners of leads that share an e-mail or phone with a draft, by the draft's place, newest lead first.
///
/// # Errors
/// Where the database does not answer.
pub async fn owners(tx: &Tx, drafts: &[&Draft]) -> Result<HashMap<usize, Vec<Uuid>>, Error> {
    let names: Vec<Vec<(&str, String)>> = drafts.iter().map(|draft| names(draft)).collect();
    let keys: HashSet<i64> = names.iter().flatten().map(|(kind, name)| hash(kind, name)).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let found = tx
        .select::<known::Entity>()
        .filter(known::Column::Key.is_in(padded(keys)))
        .limit(CANDIDATES_MAX)
        .all()
        .await?;
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let leads = tx
        .select::<lead::Entity>()
        .filter(lead::Column::Id.is_in(found.iter().map(|known| known.lead_id)))
        .filter(lead::Column::OwnerId.is_not_null())
        .order_by(Expr::col(lead::Column::Id), sea_orm::Order::Desc)
        .all()
        .await?;
    let mut owners: HashMap<usize, Vec<Uuid>> = HashMap::new();
    for lead in leads {
        let of_lead = names_of(&lead);
        for (at, names) in names.iter().enumerate() {
            if let Some(owner) = lead.owner_id.filter(|_| names.iter().any(|name| of_lead.contains(name))) {
                owners.entry(at).or_default().push(owner);
            }
        }
    }
    Ok(owners)
}

fn names_of(lead: &lead::Model) -> HashSet<(&'static str, String)> {
    let list = |text: &Option<String>| -> Vec<serde_json::Value> {
        text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    };
    let emails =
        list(&lead.emails_key).into_iter().filter_map(|email| Some(("email", email.as_str()?.to_owned())));
    let number = |phone: serde_json::Value| Some(("phone", phone.get("number")?.as_str()?.to_owned()));
    emails.chain(list(&lead.phones).into_iter().filter_map(number)).collect()
}

fn hash(kind: &str, name: &str) -> i64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(kind.as_bytes()).update(b"\0").update(name.as_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
    i64::from_le_bytes([a, b, c, d, e, f, g, h])
}
