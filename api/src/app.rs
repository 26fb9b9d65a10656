//! The composition root: everything a use case needs from outside, made once.

use std::sync::Arc;

use anyhow::Context as _;
use matcher::mail::Transport;
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::Config;
use crate::credentials::key_ring::KeyRing;
use crate::credentials::password::Hasher;
use crate::credentials::sealing::Sealing;
use crate::domain::matching::current::CurrentSuggestions;
use crate::domain::worklist::changes::{INTERVAL, SharedCounts};
use crate::graphql::trusted_documents::TrustedDocuments;
#[cfg(feature = "oidc")]
use crate::identity_provider::IdentityProvider;
use crate::jobs::figures::Figures;
use crate::limiter::Limiter;
use crate::outbox::dkim::Signer;
use crate::random::Random;
use crate::store::connection::Store;

/// What the program is made of.
pub struct App {
    /// All settings.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// Password hashing.
    pub hasher: Hasher,
    /// The keys behind access tokens.
    pub keys: KeyRing,
    /// How mail leaves.
    pub transport: Transport,
    /// What signs the mails, if anything does.
    pub signer: Option<Signer>,
    /// Throttles.
    pub limiter: Limiter,
    /// Documents that clients may name by their hash.
    pub trusted_documents: Arc<TrustedDocuments>,
    /// The identity provider with whose accounts people may log in, where there is one.
    #[cfg(feature = "oidc")]
    pub identity_provider: Option<IdentityProvider>,
    /// What a round would propose now.
    pub current_suggestions: CurrentSuggestions,
    /// What waits for coordinators, for those who follow it here.
    pub worklist_counts: SharedCounts,
    /// What whoever watches over the server is told of background work.
    pub job_figures: Figures,
}

impl App {
    /// Builds the app that `config` describes and opens its database.
    ///
    /// # Errors
    /// When the database, the mail transport, the key that signs mails or the list of trusted documents cannot be opened.
    pub async fn open(config: Config) -> anyhow::Result<Arc<Self>> {
        let store = Store::open(&config.database.url, config.database.max_connections).await?;
        let clock = Clock::system();
        Ok(Arc::new(Self {
            keys: KeyRing::new(Sealing::new(&config.credentials.sealing_secret)),
            transport: Transport::from_url(config.mail.transport.expose_secret())
                .context("MARKETPLACE_MAIL_TRANSPORT")?,
            signer: Signer::of(&config)?,
            hasher: Hasher::new(config.credentials.argon2)?,
            trusted_documents: trusted_documents(&config)?,
            #[cfg(feature = "oidc")]
            identity_provider: IdentityProvider::of(&config)?,
            limiter: Limiter::new(&config, store.clone(), clock.clone())?,
            store,
            clock,
            random: Random::from_system()?,
            current_suggestions: CurrentSuggestions::default(),
            worklist_counts: SharedCounts::every(INTERVAL),
            job_figures: Figures::default(),
            config,
        }))
    }

    /// A new key for a row: UUIDv7 by the app's clock and randomness.
    pub fn new_id(&self) -> Uuid {
        self.random.uuid(self.clock.now())
    }
}

/// The list of documents that the settings name.
///
/// # Errors
/// When it is not as it should be.
pub fn trusted_documents(config: &Config) -> anyhow::Result<Arc<TrustedDocuments>> {
    let path = config.http.trusted_documents.as_deref();
    let documents = TrustedDocuments::open(path).context("MARKETPLACE_TRUSTED_DOCUMENTS")?;
    Ok(Arc::new(documents))
}
