//! The rule that matched, in words, for decisions that keep them for ever.
//! Uses: book.

use std::collections::BTreeSet;
use std::sync::Arc;

use condition::say::{Language, Speaker, Written};
use condition::{Condition, Facts};
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

/// A rule in words, said once however many leads it takes: it may hold many thousand values.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleWords {
    written: Arc<Written>,
    english: String,
    german: String,
}

impl RuleBook {
    /// Says a rule as it is now, and why it holds for a record with these facts. `texts` is what the record
    /// holds as it was written, for facts are folded.
    pub fn matched(&self, id: Uuid, facts: &Facts, texts: &[String]) -> Option<Matched> {
        let rule = self.rule(id)?;
        let condition = rule.condition.as_ref()?;
        let words = rule.words.get_or_init(|| self.words(rule, condition));
        let written = Written::over(&words.written, texts);
        let reasons = condition.explain(facts);
        let because = |language| self.speaker(language, &written).because(&reasons).to_string();
        let fields: BTreeSet<&str> =
            reasons.iter().map(|reason| self.catalog().field(reason.criterion.field).key.as_str()).collect();
        let Rule { row, .. } = rule;
        Some(Matched {
            id,
            name: row.name.clone(),
            says_en: words.english.clone(),
            says_de: words.german.clone(),
            because_en: because(Language::English),
            because_de: because(Language::German),
            because_of: fields.into_iter().map(str::to_owned).collect(),
        })
    }

    fn words(&self, rule: &Rule, condition: &Condition) -> RuleWords {
        let json = serde_json::from_str(&rule.row.condition).unwrap_or_default();
        let written = Written::of(&json);
        let say = |language| self.speaker(language, &written).say(condition).to_string();
        let (english, german) = (say(Language::English), say(Language::German));
        RuleWords { written: Arc::new(written), english, german }
    }

    fn speaker<'a>(&'a self, language: Language, written: &'a Written) -> Speaker<'a> {
        Speaker {
            catalog: self.catalog(),
            language,
            time_zone: self.time_zone(),
            name_of: &|_, _| None,
            written,
        }
    }
}
