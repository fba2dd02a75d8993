//! Passwords: hard to guess, argon2id, few at a time, equally slow for people who do not exist.

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use serde::{Deserialize, Deserializer};
use tokio::sync::Semaphore;
use zxcvbn::zxcvbn;

use crate::error::{Error, Fault};

pub const PASSWORD_CHARS_MIN: usize = 12;
pub const PASSWORD_CHARS_MAX: usize = 200;
/// What falls within fewer guesses is tried within days, even against a slow hash that was stolen.
const GUESSES_MIN: u64 = 1_000_000_000;

/// What Germans begin with and the estimator's English lists do not know: the commonest first words of passwords, the
/// seasons and months that a yearly change leads to, the rows of a German keyboard.
const GERMAN: &str = "passwort kennwort hallo willkommen geheim schatz qwertz qwertzuiop qwertzuiopü asdfghjklö \
                      yxcvbnm sommer winter herbst frühling fruehling januar februar märz april juni juli august \
                      september oktober november dezember montag dienstag mittwoch donnerstag freitag samstag \
                      sonntag berlin hamburg münchen muenchen köln koeln frankfurt stuttgart wien zürich \
                      deutschland österreich schweiz revier vertrieb verkauf firma büro test admin administrator \
                      fussball schalke bayern";

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
    /// Hashes a new password; `about` is what guessers know of its owner.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is too short, too long or too easily guessed.
    pub async fn hash(&self, pointer: &str, password: String, about: &[&str]) -> Result<String, Error> {
        if let Some(fault) = fault(pointer, &password, about) {
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

/// What is wrong with a new password; its value is never repeated. `about` is what guessers know of its owner and try
/// first: name, e-mail address, the workspace's name.
pub fn fault(pointer: &str, password: &str, about: &[&str]) -> Option<Fault> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        let detail = format!("a password has at least {PASSWORD_CHARS_MIN} characters; this one has {chars}");
        return Some(Fault::new(pointer, "password_short", chars, detail));
    }
    if chars > PASSWORD_CHARS_MAX {
        let detail = format!("a password has at most {PASSWORD_CHARS_MAX} characters; this one has {chars}");
        return Some(Fault::new(pointer, "password_long", chars, detail));
    }
    let words = words_of(about);
    let german: Vec<&str> = GERMAN.split_whitespace().collect();
    let words: Vec<&str> = german.iter().copied().chain(words.iter().map(String::as_str)).collect();
    let (of_anybody, of_them) = (zxcvbn(password, &german).guesses(), zxcvbn(password, &words).guesses());
    if of_them >= GUESSES_MIN {
        return None;
    }
    let (code, detail) = if of_them < of_anybody {
        let detail = "without the name, the e-mail address and the company's name little is left of this \
                      password; take words that have nothing to do with them";
        ("password_about_you", detail)
    } else {
        let detail = "this password is among the first that are tried; take a longer one, such as four words that \
                      have nothing to do with one another";
        ("password_guessable", detail)
    };
    Some(Fault::new(pointer, code, serde_json::Value::Null, detail))
}

/// The texts, and each of their words by itself.
fn words_of(about: &[&str]) -> Vec<String> {
    const LETTERS_MIN: usize = 3;
    let mut words = Vec::new();
    for text in about {
        let text = text.to_lowercase();
        let parts = text.split(|sign: char| !sign.is_alphanumeric());
        words.extend(parts.filter(|part| part.chars().count() >= LETTERS_MIN).map(str::to_owned));
        words.push(text.split_whitespace().collect());
        words.push(text);
    }
    words
}

fn hash(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::Bug(error.to_string()))
}

fn is_right(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::fault;

    const ABOUT: [&str; 3] = ["Katrin Huber", "katrin.huber@musterwerk.example", "Musterwerk GmbH"];

    #[test]
    fn a_password_is_refused_with_a_reason_or_taken() {
        for (password, code) in [
            ("kurz", Some("password_short")),
            ("passwort1234", Some("password_guessable")),
            ("Passwort1234!", Some("password_guessable")),
            ("password1234", Some("password_guessable")),
            ("123456789012", Some("password_guessable")),
            ("qwertzuiopü+", Some("password_guessable")),
            ("aaaaaaaaaaaa", Some("password_guessable")),
            ("hallohallohallo", Some("password_guessable")),
            ("abcdefghijkl", Some("password_guessable")),
            ("Sommer2026!!", Some("password_guessable")),
            ("Willkommen2026", Some("password_guessable")),
            ("KatrinHuber1", Some("password_about_you")),
            ("katrin.huber@musterwerk.example", Some("password_about_you")),
            ("Musterwerk2026", Some("password_about_you")),
            ("Turmuhr schlägt dreizehn", None),
            ("correct horse battery staple", None),
            ("Katrins Kater frisst keine Turmuhr", None),
            ("gT7#kq!w9ZpL", None),
        ] {
            let found = fault("/password", password, &ABOUT);
            assert_eq!(found.as_ref().map(|fault| fault.code.as_str()), code, "{password}");
            assert!(found.is_none_or(|fault| !fault.detail.contains(password)), "{password} is repeated");
        }
    }

    #[test]
    fn a_long_password_is_looked_at_and_taken() {
        let long: String = ('a'..='z').cycle().step_by(7).take(super::PASSWORD_CHARS_MAX).collect();
        assert_eq!(fault("/password", &long, &ABOUT), None);
    }
}
