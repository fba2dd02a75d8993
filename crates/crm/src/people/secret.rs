//! Secrets that are shown once and kept as hashes: session cookies, API tokens, set-up tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::error::Error;

/// 256 bits: nobody guesses one, so a plain hash is enough.
const SECRET_BYTES: usize = 32;

/// A secret that names its workspace, so that every look-up can name it too: `<workspace>.<secret>`.
pub struct Secret {
    pub workspace: Uuid,
    pub text: String,
}

impl Secret {
    /// Makes a new one.
    ///
    /// # Errors
    /// Where the machine has no source of chance.
    pub fn new(workspace: Uuid) -> Result<Secret, Error> {
        Ok(Secret { workspace, text: format!("{}.{}", workspace.simple(), random()?) })
    }

    /// Reads one as it comes back; `None` where it was never ours.
    pub fn parse(text: &str) -> Option<Secret> {
        let (workspace, _) = text.split_once('.')?;
        Some(Secret { workspace: Uuid::try_parse(workspace).ok()?, text: text.to_owned() })
    }

    /// What the database keeps.
    pub fn hash(&self) -> String {
        hash(&self.text)
    }
}

/// A random text of 256 bits.
///
/// # Errors
/// Where the machine has no source of chance.
pub fn random() -> Result<String, Error> {
    let mut bytes = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Error::Bug(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
