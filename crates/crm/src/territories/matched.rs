//! The rule that matched, in words, for decisions that keep them for ever.
//! Uses: book.

use std::collections::BTreeSet;

use condition::Facts;
use condition::say::{Language, Speaker, Written};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::book::{Rule, RuleBook};

/// The rule that matched: its text as it was, and why it held for this record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matched {
    pub id: Uuid,
    pub name: String,
    pub says_en: String,
    pub says_de: String,
    /// Stands after "because": `its postcode 80331 begins with 80`. Empty where the rule asks for nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub because_en: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub because_de: String,
    /// The fields whose values the reasons tell, by API name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because_of: Vec<String>,
}

impl RuleBook {
    /// Says a rule as it is now, and why it holds for a record with these facts. `texts` is what the record
    /// holds as it was written, for facts are folded.
    pub fn matched(&self, id: Uuid, facts: &Facts, texts: &[String]) -> Option<Matched> {
        let rule = self.rule(id)?;
        let condition = rule.condition.as_ref()?;
        let json = serde_json::from_str(&rule.row.condition).unwrap_or_default();
        let mut written = Written::of(&json);
        for text in texts {
            written.add(text);
        }
        let reasons = condition.explain(facts);
        let speaker = |language| Speaker {
            catalog: self.catalog(),
            language,
            time_zone: self.time_zone(),
            name_of: &|_, _| None,
            written: &written,
        };
        let (english, german) = (speaker(Language::English), speaker(Language::German));
        let fields: BTreeSet<&str> =
            reasons.iter().map(|reason| self.catalog().field(reason.criterion.field).key.as_str()).collect();
        let Rule { row, .. } = rule;
        Some(Matched {
            id,
            name: row.name.clone(),
            says_en: english.say(condition).to_string(),
            says_de: german.say(condition).to_string(),
            because_en: english.because(&reasons).to_string(),
            because_de: german.because(&reasons).to_string(),
            because_of: fields.into_iter().map(str::to_owned).collect(),
        })
    }
}
