//! Password hashing: argon2id off the async threads, at most two at once, and the same work for unknown accounts.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::config::Argon2Config;
use crate::error::{Code, Violation};

/// The fewest characters of a password.
pub const MIN_CHARACTERS: usize = 8;
/// The most characters of a password.
pub const MAX_CHARACTERS: usize = 128;
/// Each hash takes 19 MiB and a core: more at once would only queue inside the machine.
const MAX_CONCURRENT: usize = 2;

/// Hashes and verifies passwords.
#[derive(Clone, Debug)]
pub struct Hasher {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    /// What unknown accounts are verified against, so that they take as long as known ones.
    decoy: Arc<str>,
}

impl Hasher {
    /// A hasher with the given cost.
    ///
    /// # Errors
    /// When argon2 refuses the cost.
    pub fn new(cost: Argon2Config) -> anyhow::Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|error| anyhow::anyhow!("{error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash_now(&argon2, b"a password nobody has")?;
        Ok(Self {
            argon2,
            permits: Arc::new(Semaphore::new(MAX_CONCURRENT)),
            decoy: decoy.into(),
        })
    }

    /// The hash of `password` as a PHC string.
    pub async fn hash(&self, password: &SecretString) -> anyhow::Result<String> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.run(move || hash_now(&argon2, password.expose_secret().as_bytes()))
            .await?
    }

    /// Whether `password` is the one behind `stored`. Takes the same time when there is none.
    pub async fn verify(
        &self,
        password: &SecretString,
        stored: Option<&str>,
    ) -> anyhow::Result<bool> {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or(&self.decoy).to_owned();
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let is_match = self
            .run(move || {
                let hash = PasswordHash::new(&stored)
                    .map_err(|error| anyhow::anyhow!("stored hash: {error}"))?;
                anyhow::Ok(
                    argon2
                        .verify_password(password.expose_secret().as_bytes(), &hash)
                        .is_ok(),
                )
            })
            .await??;
        Ok(is_match && is_known)
    }

    /// Whether `stored` cost less than a hash made today, or cannot be read.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let today = self.argon2.params();
        PasswordHash::new(stored)
            .ok()
            .and_then(|hash| Params::try_from(&hash).ok())
            .is_none_or(|cost| cost.m_cost() < today.m_cost() || cost.t_cost() < today.t_cost())
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let permit = self.permits.clone().acquire_owned().await?;
        Ok(tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await?)
    }
}

fn hash_now(argon2: &Argon2<'_>, password: &[u8]) -> anyhow::Result<String> {
    argon2
        .hash_password(password)
        .map(|hash| hash.to_string())
        .map_err(|error| anyhow::anyhow!("argon2: {error}"))
}

/// Checks a new password's length, the only rule on its composition.
pub fn violation(password: &SecretString, field: &str) -> Option<Violation> {
    match password.expose_secret().chars().count() {
        ..MIN_CHARACTERS => Some(Violation::new(
            Code::TooShort,
            field,
            format!(
                "A password has at least {MIN_CHARACTERS} characters; any will do, a short sentence is good."
            ),
            format!(
                "Un mot de passe compte au moins {MIN_CHARACTERS} caractères; tous conviennent, une courte phrase est un bon choix."
            ),
        )),
        MIN_CHARACTERS..=MAX_CHARACTERS => None,
        _ => Some(Violation::new(
            Code::TooLong,
            field,
            format!("A password has at most {MAX_CHARACTERS} characters."),
            format!("Un mot de passe compte au plus {MAX_CHARACTERS} caractères."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(memory_kib: u32, passes: u32) -> Hasher {
        Hasher::new(Argon2Config { memory_kib, passes }).unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_outdated_when_it_cost_less_than_todays() {
        let password = SecretString::from("correct horse battery staple".to_owned());
        let stored = hasher(16, 2).hash(&password).await.unwrap();
        assert!(!hasher(16, 2).is_outdated(&stored));
        assert!(!hasher(8, 1).is_outdated(&stored));
        assert!(hasher(17, 2).is_outdated(&stored));
        assert!(hasher(16, 3).is_outdated(&stored));
        assert!(hasher(16, 2).is_outdated("not a hash"));
        // Renewing is of use only when the old one still opens.
        assert!(
            hasher(32, 3)
                .verify(&password, Some(&stored))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn nothing_opens_an_account_without_a_password() {
        let decoy = SecretString::from("a password nobody has".to_owned());
        assert!(!hasher(8, 1).verify(&decoy, None).await.unwrap());
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        let code = |length: usize| {
            violation(&SecretString::from("é".repeat(length)), "password").map(|found| found.code)
        };
        assert_eq!(code(7), Some(Code::TooShort));
        assert_eq!((code(8), code(128)), (None, None));
        assert_eq!(code(129), Some(Code::TooLong));
    }
}
