//! A condition as a sentence that a sales manager reads aloud: "Firmen aus Deutschland, deren
//! Postleitzahl mit 80 bis 87 beginnt; mindestens 10 Beschäftigte." In German and English, with the
//! values marked so that a page can set them in bold.
//! Never decides anything: it says what the tree says.
//! Uses: tree, field, place.

mod assemble;
mod english;
mod expression;
mod german;
mod items;
mod numbers;
mod reasons;
mod sentence;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::field::{Catalog, Field};
use crate::fold::fold;
use crate::tree::Condition;
pub use sentence::{Sentence, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    German,
    English,
}

/// Texts as somebody wrote them, since conditions hold them folded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    by_folded: HashMap<String, String>,
    /// What a condition that many records meet has of its own.
    base: Option<Arc<Written>>,
}

impl Written {
    /// Collects the texts of a condition's JSON.
    pub fn of(json: &Json) -> Written {
        let mut written = Written::default();
        let mut open = vec![json];
        while let Some(json) = open.pop() {
            match json {
                Json::Array(items) => open.extend(items),
                Json::Object(object) => open.extend(object.values()),
                Json::String(text) => written.add(text),
                _ => {}
            }
        }
        written
    }

    /// A record's own texts, over those of a condition.
    pub fn over(base: &Arc<Written>, texts: &[String]) -> Written {
        let mut written = Written { by_folded: HashMap::new(), base: Some(Arc::clone(base)) };
        texts.iter().for_each(|text| written.add(text));
        written
    }

    fn add(&mut self, text: &str) {
        let text = text.trim();
        let folded = fold(text);
        if folded != text {
            self.by_folded.entry(folded).or_insert_with(|| text.to_owned());
        }
    }

    fn get<'a>(&'a self, folded: &'a str) -> &'a str {
        match (self.by_folded.get(folded), &self.base) {
            (Some(text), _) => text,
            (None, Some(base)) => base.get(folded),
            (None, None) => folded,
        }
    }
}

/// All that wording depends on besides the condition.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    pub catalog: &'a Catalog,
    pub language: Language,
    /// The workspace's zone, for moments.
    pub time_zone: &'a TimeZone,
    /// Names of the users, territories … that system fields hold by id.
    pub name_of: &'a dyn Fn(&Field, &str) -> Option<String>,
    pub written: &'a Written,
}

impl Speaker<'_> {
    /// Says whom the condition means, as one sentence.
    pub fn say(&self, condition: &Condition) -> Sentence {
        assemble::sentence(self, condition)
    }
}
