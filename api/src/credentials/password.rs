//! Password hashing: argon2id off the async threads, at most two at once and a bounded queue behind them, and the same work
//! for unknown accounts. What a new password must be is not decided here but in [`super::password_rule`].

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use super::password_rule::MAX_CHARACTERS;
use crate::config::Argon2Config;
use crate::error::DomainError;

/// Each hash takes 19 MiB and a core: more at once would only queue inside the machine.
const MAX_CONCURRENT: usize = 2;
/// More would wait longer than a request may take, and keep everybody else from coming through.
pub const MAX_WAITING: usize = 64;
/// By then those who wait are through.
const RETRY_AFTER_SECONDS: u64 = 5;

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already; it was not begun.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// A fault of ours.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<HashError> for DomainError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy {
                retry_after_seconds: RETRY_AFTER_SECONDS,
            },
            HashError::Failed(cause) => Self::Internal(cause),
        }
    }
}

/// Hashes and verifies passwords.
#[derive(Clone, Debug)]
pub struct Hasher {
    argon2: Argon2<'static>,
    /// One permit for each that is hashed or waits.
    places: Arc<Semaphore>,
    /// One permit for each that is hashed.
    turns: Arc<Semaphore>,
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
            places: Arc::new(Semaphore::new(MAX_CONCURRENT + MAX_WAITING)),
            turns: Arc::new(Semaphore::new(MAX_CONCURRENT)),
            decoy: decoy.into(),
        })
    }

    /// The hash of `password` as a PHC string.
    ///
    /// # Errors
    /// When too many wait already.
    pub async fn hash(&self, password: &SecretString) -> Result<String, HashError> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let hashed = self.run(move || hash_now(&argon2, password.expose_secret().as_bytes()));
        Ok(hashed.await??)
    }

    /// Whether `password` is the one behind `stored`. Takes the same time when there is none, and when it is longer than
    /// any password is: of that nothing is hashed.
    ///
    /// # Errors
    /// When too many wait already.
    pub async fn verify(
        &self,
        password: &SecretString,
        stored: Option<&str>,
    ) -> Result<bool, HashError> {
        let is_too_long = password
            .expose_secret()
            .chars()
            .nth(MAX_CHARACTERS)
            .is_some();
        let stored = stored.filter(|_| !is_too_long);
        let password = if is_too_long {
            SecretString::default()
        } else {
            password.clone()
        };
        let is_known = stored.is_some();
        let stored = stored.unwrap_or(&self.decoy).to_owned();
        let argon2 = self.argon2.clone();
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

    /// How many are hashed or wait to be.
    pub fn queued(&self) -> usize {
        MAX_CONCURRENT + MAX_WAITING - self.places.available_permits()
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let place = self
            .places
            .clone()
            .try_acquire_owned()
            .map_err(|_| HashError::Busy)?;
        let turn = self.turns.clone().acquire_owned().await;
        let turn = turn.map_err(anyhow::Error::from)?;
        // Both are held until the work is done, whether anybody still waits for it or not.
        let working = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            work()
        });
        Ok(working.await.map_err(anyhow::Error::from)?)
    }
}

fn hash_now(argon2: &Argon2<'_>, password: &[u8]) -> anyhow::Result<String> {
    argon2
        .hash_password(password)
        .map(|hash| hash.to_string())
        .map_err(|error| anyhow::anyhow!("argon2: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, Mutex, mpsc};

    use futures_util::future::join_all;

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

    #[tokio::test]
    async fn what_is_longer_than_any_password_opens_nothing() {
        let hasher = hasher(8, 1);
        let password = |length: usize| SecretString::from("é".repeat(length));
        for (length, opens) in [(128, true), (129, false)] {
            let stored = hasher.hash(&password(length)).await.unwrap();
            let verified = hasher.verify(&password(length), Some(&stored)).await;
            assert_eq!(verified.unwrap(), opens, "{length}");
        }
    }

    #[tokio::test]
    async fn two_are_hashed_at_once_and_never_a_third() {
        let hasher = hasher(8, 1);
        let (working, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        // Each waits for another beside it: were there only one at once, none would ever end.
        let pair = Arc::new(Barrier::new(2));
        let work = || {
            let (working, most, pair) = (working.clone(), most.clone(), pair.clone());
            hasher.run(move || {
                most.fetch_max(working.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                pair.wait();
                working.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let done = join_all((0..20).map(|_| work())).await;
        assert!(done.iter().all(Result::is_ok));
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn whoever_comes_when_too_many_wait_is_refused_and_may_come_back() {
        let hasher = hasher(8, 1);
        let (release, held) = mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        let waits = || {
            let (hasher, held) = (hasher.clone(), held.clone());
            tokio::spawn(async move {
                // Ends when nobody can release it any more.
                let work = move || {
                    let _ended = held.lock().unwrap().recv();
                };
                hasher.run(work).await.is_ok()
            })
        };
        let waiting: Vec<_> = (0..MAX_CONCURRENT + MAX_WAITING).map(|_| waits()).collect();
        while hasher.queued() < MAX_CONCURRENT + MAX_WAITING {
            tokio::task::yield_now().await;
        }
        let password = SecretString::from("correct horse battery staple".to_owned());
        assert!(matches!(hasher.hash(&password).await, Err(HashError::Busy)));
        assert!(matches!(
            hasher.verify(&password, None).await,
            Err(HashError::Busy)
        ));
        drop(release);
        for done in join_all(waiting).await {
            assert!(done.unwrap());
        }
        assert_eq!(hasher.queued(), 0);
        hasher.hash(&password).await.unwrap();
    }
}
