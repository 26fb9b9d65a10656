//! The keys behind access tokens as this server knows them. They are in the database and the same for all servers; each
//! keeps them in memory and looks again every few seconds, and at once when a token names a key that it does not know.
//!
//! A server signs with the current key and accepts the previous and the next too: whichever servers have noticed a
//! rotation, each accepts what any other signs.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::signing_key::{self, SigningKeyState};
use sea_orm::EntityTrait as _;
use tokio_util::sync::CancellationToken;

use super::sealing::Sealing;
use super::signing_key::{PublicKey, SigningKey};
use crate::app::App;
use crate::error::DomainError;

/// Between two looks at the database.
pub const INTERVAL: Duration = Duration::from_secs(15);
/// Whoever makes up names of keys has the database asked once in so long.
const REST: TimeDelta = TimeDelta::seconds(1);

/// The keys, as they were when the database was last asked.
pub struct KeyRing {
    /// Opens and seals private keys.
    pub sealing: Sealing,
    held: RwLock<Held>,
    /// One look at a time.
    looking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Default)]
struct Held {
    current: Option<Arc<SigningKey>>,
    /// Current, next, previous.
    accepted: Vec<Arc<PublicKey>>,
    looked_at: Option<DateTime<Utc>>,
}

impl KeyRing {
    /// Without keys until the database is asked.
    pub fn new(sealing: Sealing) -> Self {
        Self {
            sealing,
            held: RwLock::default(),
            looking: tokio::sync::Mutex::default(),
        }
    }

    /// The key that signs.
    ///
    /// # Errors
    /// When the database was not asked yet.
    pub fn current(&self) -> Result<Arc<SigningKey>, DomainError> {
        let current = self.held().current;
        current.ok_or_else(|| DomainError::internal("no signing key was read yet"))
    }

    /// The keys whose tokens are accepted: the current one, the next, the previous.
    pub fn accepted(&self) -> Vec<Arc<PublicKey>> {
        self.held().accepted
    }

    /// The accepted key of this id. When it is not known, the database is asked, unless that was a moment ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, app: &App, id: &str) -> Result<Option<Arc<PublicKey>>, DomainError> {
        if let Some(key) = self.accepted_as(id) {
            return Ok(Some(key));
        }
        let _alone = self.looking.lock().await;
        let now = app.clock.now();
        let looked_at = self.held().looked_at;
        if looked_at.is_none_or(|looked_at| (now - looked_at).abs() >= REST) {
            self.read(app).await?;
        }
        Ok(self.accepted_as(id))
    }

    /// Asks the database. What was known stays when it fails, or has no key.
    ///
    /// # Errors
    /// When the database fails, has no current key, or one that was sealed under another secret.
    pub async fn look(&self, app: &App) -> Result<(), DomainError> {
        let _alone = self.looking.lock().await;
        self.read(app).await
    }

    async fn read(&self, app: &App) -> Result<(), DomainError> {
        let now = app.clock.now();
        let rows = signing_key::Entity::find()
            .all(&app.store.connection)
            .await?;
        let mut held = Held {
            looked_at: Some(now),
            ..Held::default()
        };
        for state in [
            SigningKeyState::Current,
            SigningKeyState::Next,
            SigningKeyState::Previous,
        ] {
            let Some(row) = rows.iter().find(|row| row.state == state) else {
                continue;
            };
            held.accepted
                .push(Arc::new(PublicKey::from_x(&row.public_key)?));
            if state == SigningKeyState::Current {
                held.current = Some(self.opened(row)?);
            }
        }
        if held.current.is_none() {
            return Err(DomainError::internal(
                "the database has no current signing key",
            ));
        }
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
        Ok(())
    }

    /// The key pair of a row: the one at hand if it is the same.
    fn opened(&self, row: &signing_key::Model) -> Result<Arc<SigningKey>, DomainError> {
        let at_hand = self.held().current;
        if let Some(key) = at_hand.filter(|key| key.public.id == row.kid) {
            return Ok(key);
        }
        let sealed = row.sealed_private_key.as_deref().unwrap_or_default();
        Ok(Arc::new(SigningKey::open(&self.sealing, &row.kid, sealed)?))
    }

    fn accepted_as(&self, id: &str) -> Option<Arc<PublicKey>> {
        let accepted = self.held().accepted;
        accepted.into_iter().find(|key| key.id == id)
    }

    fn held(&self) -> Held {
        self.held
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Looks again after each `interval`, which for a server is [`INTERVAL`], until `stop` is cancelled.
pub async fn follow(app: Arc<App>, interval: Duration, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(interval) => {}
        }
        if let Err(error) = app.keys.look(&app).await {
            tracing::error!(
                error = error.with_causes(),
                "the signing keys could not be read again; those known go on"
            );
        }
    }
}
