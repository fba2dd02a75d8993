//! Passwords: argon2id, few at a time, equally slow for people who do not exist.

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use serde::{Deserialize, Deserializer};
use tokio::sync::Semaphore;

use crate::error::{Error, Fault};

pub const PASSWORD_CHARS_MIN: usize = 12;
pub const PASSWORD_CHARS_MAX: usize = 200;

/// A password as it was typed. It has no way out but [`Typed::into_text`], and the message about one that is no
/// text does not repeat it.
pub struct Typed(String);

impl Typed {
    pub fn into_text(self) -> String {
        self.0
    }
}

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Typed, D::Error> {
        match serde_json::Value::deserialize(deserializer) {
            Ok(serde_json::Value::String(text)) => Ok(Typed(text)),
            _ => Err(serde::de::Error::custom("a password or token is a text")),
        }
    }
}

/// Each takes 19 MB and a core for a while: more at once would starve everything else.
const HASHINGS_MAX: usize = 2;

pub struct Passwords {
    turns: Semaphore,
    /// Verified in place of the hash of somebody unknown, so that the answer takes as long.
    nobody: String,
    works: AtomicU64,
}

impl Default for Passwords {
    fn default() -> Passwords {
        let nobody = hash("a password that nobody has").unwrap_or_default();
        Passwords { turns: Semaphore::new(HASHINGS_MAX), nobody, works: AtomicU64::new(0) }
    }
}

impl Passwords {
    /// Hashes a new password.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is too short or too long.
    pub async fn hash(&self, pointer: &str, password: String) -> Result<String, Error> {
        if let Some(fault) = fault(pointer, &password) {
            return Err(Error::Invalid(vec![fault]));
        }
        self.with_turn(move || hash(&password)).await?
    }

    /// True where the password is the one of the hash; without a hash it takes as long and is false.
    ///
    /// # Errors
    /// Only for bugs.
    pub async fn verify(&self, password: String, known: Option<String>) -> Result<bool, Error> {
        let is_known = known.is_some();
        let stored = known.unwrap_or_else(|| self.nobody.clone());
        let is_right = self.with_turn(move || is_right(&password, &stored)).await?;
        Ok(is_known && is_right)
    }

    /// How often argon2id has worked since the start: as often for people who do not exist.
    pub fn works(&self) -> u64 {
        self.works.load(Ordering::Relaxed)
    }

    async fn with_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.works.fetch_add(1, Ordering::Relaxed);
        let _turn = self.turns.acquire().await.map_err(|error| Error::Bug(error.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Bug(error.to_string()))
    }
}

/// What is wrong with a new password; its value is never repeated.
pub fn fault(pointer: &str, password: &str) -> Option<Fault> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        let detail = format!("a password has at least {PASSWORD_CHARS_MIN} characters; this one has {chars}");
        return Some(Fault::new(pointer, "password_short", chars, detail));
    }
    if chars > PASSWORD_CHARS_MAX {
        let detail = format!("a password has at most {PASSWORD_CHARS_MAX} characters; this one has {chars}");
        return Some(Fault::new(pointer, "password_long", chars, detail));
    }
    None
}

fn hash(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::Bug(error.to_string()))
}

fn is_right(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
