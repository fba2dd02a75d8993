//! Leads as tests write them: `lead("Acme").in_country("DE").with("postcode", "80331")`.

use serde_json::{Map, Value};

/// A lead to be created.
#[derive(Clone, Debug)]
pub struct Lead(Map<String, Value>);

/// A lead of a company and nothing else.
pub fn lead(company: &str) -> Lead {
    Lead(Map::new()).with("company", company)
}

impl Lead {
    #[must_use]
    pub fn in_country(self, country: &str) -> Lead {
        self.with("country", country)
    }

    /// Any field by its API name.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Lead {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    pub fn json(self) -> Value {
        Value::Object(self.0)
    }
}
