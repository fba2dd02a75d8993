//! An answer of the product, and what tests ask of it.

use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

/// Status, headers and body. Its checks say the whole answer where they fail.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A header's text; empty where it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The text at a JSON pointer.
    ///
    /// # Panics
    /// Where no text is there.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> String {
        let json = self.json();
        let found = json.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        found.unwrap_or_else(|| panic!("no text at {pointer}: {self}"))
    }

    /// # Panics
    /// Where the status is another.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{self}");
        self
    }

    /// # Panics
    /// Where it is anything but a success.
    #[track_caller]
    pub fn is_fine(self) -> Answer {
        assert!(self.status.is_success(), "{self}");
        self
    }

    /// # Panics
    /// Where the thing can be seen.
    #[track_caller]
    pub fn is_not_found(self) -> Answer {
        self.is(404)
    }

    /// # Panics
    /// Where the role allows it.
    #[track_caller]
    pub fn is_denied(self) -> Answer {
        self.is(403)
    }

    /// The status and the problem's code.
    ///
    /// # Panics
    /// Where either is another.
    #[track_caller]
    pub fn is_problem(self, status: u16, code: &str) -> Answer {
        let answer = self.is(status);
        assert_eq!(answer.json()["code"], code, "{answer}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{answer}");
        answer
    }

    /// The codes of all faults, as `pointer code`, in order of pointers.
    pub fn faults(&self) -> Vec<String> {
        let json = self.json();
        let faults = json["errors"].as_array().cloned().unwrap_or_default();
        let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or_default().to_owned();
        let mut said: Vec<String> =
            faults.iter().map(|f| format!("{} {}", text(f, "pointer"), text(f, "code"))).collect();
        said.sort();
        said
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, self.text)
    }
}
