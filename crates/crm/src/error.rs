//! One error for all rooms: kinds on which a caller branches, and sentences for people.

use serde_json::Value;
use store::{MaybeStoreError, StoreError};

/// What is wrong with one value of a request, so that a page can word it in its reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// JSON pointer into the body, or the name of the query parameter.
    pub pointer: String,
    /// Stable, snake_case.
    pub code: String,
    /// The value as it came.
    pub value: Value,
    /// What is wrong and what to do, in English.
    pub detail: String,
}

impl Fault {
    pub fn new(pointer: &str, code: &str, value: impl Into<Value>, detail: impl Into<String>) -> Fault {
        Fault {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            value: value.into(),
            detail: detail.into(),
        }
    }

    /// The same fault, of what stands at `pointer`.
    #[must_use]
    pub fn below(self, pointer: &str) -> Fault {
        Fault { pointer: format!("{pointer}{}", self.pointer), ..self }
    }

    /// A fault of a condition that stands at `pointer` in the request.
    pub fn of_condition(fault: &condition::Fault, pointer: &str) -> Fault {
        let pointer = format!("{pointer}{}", fault.pointer);
        let detail = fault.words(condition::say::Language::English);
        Fault { pointer, code: fault.code.name().to_owned(), value: fault.value.clone().into(), detail }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What one may not see does not exist.
    #[error("there is no such thing, or you may not see it")]
    NotFound,
    /// Nobody is signed in, or the sign-in has ended.
    #[error("sign in first")]
    SignInNeeded,
    #[error("your role does not allow this: {0}")]
    Denied(String),
    /// Refused for a reason that has nothing to do with roles; the code says which.
    #[error("{detail}")]
    Refused { code: &'static str, detail: String },
    #[error("the request cannot be carried out as it stands")]
    Invalid(Vec<Fault>),
    /// A state that forbids it; the code says which.
    #[error("{detail}")]
    Conflict { code: &'static str, detail: String },
    /// Things that hold it up, for a page to show: rules that would break, records that would be left.
    #[error("{detail}")]
    HeldUp { code: &'static str, detail: String, by: Value },
    /// `If-Match` is missing.
    #[error("send If-Match with the record's ETag, so that nobody's change is lost")]
    MatchNeeded,
    /// The record has changed since; carries it as it is now and, where that is known, each field that has
    /// changed since it was read.
    #[error("the record has changed since you read it")]
    Stale { current: Value, changed: Option<Value>, etag: String },
    #[error("too many tries; wait {retry_after_s} seconds")]
    TooMany { retry_after_s: u64 },
    #[error("the database does not answer right now; try again in a moment")]
    Busy,
    #[error("the disk is full; free space, then try again")]
    Full,
    #[error("{0}")]
    Store(#[source] StoreError),
    #[error("{0}")]
    Bug(String),
}

impl Error {
    /// One fault, named by pointer and code.
    pub fn invalid(pointer: &str, code: &str, value: impl Into<Value>, detail: impl Into<String>) -> Error {
        Error::Invalid(vec![Fault::new(pointer, code, value, detail)])
    }

    pub fn refused(code: &'static str, detail: impl Into<String>) -> Error {
        Error::Refused { code, detail: detail.into() }
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Error {
        Error::Conflict { code, detail: detail.into() }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        Error::Store(error)
    }
}

impl MaybeStoreError for Error {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Error::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        // Only for JSON of our own making, which the database keeps; requests go through `http::extract`.
        Error::Bug(format!("stored JSON does not parse: {error}"))
    }
}
