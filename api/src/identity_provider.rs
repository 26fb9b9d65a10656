//! The identity provider with whose accounts people may log in (OIDC): where it is, what its keys are, and what it says
//! of a log-in. What it says of itself is kept for an hour; what it says of people is read once and never kept.
//!
//! Errors name neither people nor codes nor tokens: they go to the log.

mod client;
mod metadata;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::language::Language;
use jsonwebtoken::jwk::Jwk;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use tokio::time::timeout;
use url::Url;

use self::client::Client;
use self::metadata::Metadata;
use crate::config::{Config, OidcConfig};
use crate::credentials::id_token::{self, Expected, IdTokenError};

/// Where the provider sends people back to, below the base URL.
pub const CALLBACK: &str = "/sign-in/oidc/callback";
/// How long what the provider says of itself is believed.
const KEPT: TimeDelta = TimeDelta::hours(1);
/// How long no token with an unknown key has its keys read again.
const KEYS_PAUSE: TimeDelta = TimeDelta::minutes(1);

/// What went wrong between us and the provider.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// There is no way to it.
    #[error("the identity provider cannot be reached")]
    Unreachable(#[source] anyhow::Error),
    /// It takes too long.
    #[error("the identity provider takes too long")]
    Slow,
    /// It answers with a status that is not 200.
    #[error("the identity provider answers with status {0}")]
    Status(u16),
    /// It answers at great length.
    #[error("the identity provider's answer is too long")]
    TooLong,
    /// It answers with what cannot be read.
    #[error("the identity provider's answer cannot be read")]
    Unreadable,
    /// It says of itself that it is another.
    #[error("the identity provider calls itself otherwise than MARKETPLACE_OIDC_ISSUER")]
    OtherIssuer,
    /// It has an address to which nothing secret can be sent.
    #[error("the identity provider has an address that is not https")]
    Address,
    /// Its answer came from elsewhere, or does not say from where though it always does.
    #[error("the answer is not from the identity provider")]
    OtherAnswer,
    /// Its token is not taken.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
}

impl ProviderError {
    /// Whether it is this log-in that is not good. Else it is the provider, and another way in is needed for now.
    pub fn is_refusal(&self) -> bool {
        match self {
            // What the provider says to a code that is not good, or not ours (RFC 6749, §5.2).
            Self::Status(status) => *status == 400,
            Self::OtherAnswer | Self::IdToken(_) => true,
            Self::Unreachable(_)
            | Self::Slow
            | Self::TooLong
            | Self::Unreadable
            | Self::OtherIssuer
            | Self::Address => false,
        }
    }
}

/// What goes along with somebody who is sent to the provider.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    /// What comes back in the address.
    pub state: &'a str,
    /// What comes back in the token.
    pub nonce: &'a str,
    /// What we show the provider afterwards, of which it gets the hash now.
    pub verifier: &'a str,
    /// The language to speak.
    pub language: Language,
}

/// What came back from the provider.
#[derive(Clone, Copy)]
pub struct Returned<'a> {
    /// What the token is given for.
    pub code: &'a str,
    /// Which provider it was, if it said so (RFC 9207).
    pub issuer: Option<&'a str>,
    /// What goes with the code (RFC 7636).
    pub verifier: &'a str,
    /// The hash of what the token has to repeat.
    pub nonce_hash: &'a str,
}

/// The provider.
pub struct IdentityProvider {
    /// How it is set up.
    pub config: OidcConfig,
    callback: String,
    client: Client,
    known: Mutex<Known>,
}

/// What it has said of itself, and when.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<Metadata>, DateTime<Utc>)>,
    keys: Option<(Arc<Vec<Jwk>>, DateTime<Utc>)>,
}

impl IdentityProvider {
    /// The provider of the settings, where there is one. Nothing is asked of it yet.
    ///
    /// # Errors
    /// When no safe connection can be made to anything.
    pub fn of(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(oidc) = config.oidc.clone() else {
            return Ok(None);
        };
        Ok(Some(Self {
            callback: format!("{}{CALLBACK}", config.http.base_url),
            client: Client::new(oidc.connect_time)?,
            known: Mutex::default(),
            config: oidc,
        }))
    }

    /// Where people log in, without what goes along with them.
    ///
    /// # Errors
    /// When the provider does not say.
    pub async fn log_in_address(&self, now: DateTime<Utc>) -> Result<Url, ProviderError> {
        let metadata = self.in_time(self.metadata(now)).await?;
        Ok(metadata.authorization_endpoint.clone())
    }

    /// Where to send somebody.
    pub fn address(&self, mut log_in_address: Url, sent: &Sent<'_>) -> Url {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(sent.verifier.as_bytes()));
        log_in_address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &self.callback)
            // Nothing of the person but who it is: no name, no mail address.
            .append_pair("scope", "openid")
            .append_pair("state", sent.state)
            .append_pair("nonce", sent.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", sent.language.as_str());
        log_in_address
    }

    /// Trades what came back for the token, and says whom it names.
    ///
    /// # Errors
    /// When it came from elsewhere, the provider does not answer, or the token is not good.
    pub async fn redeem(
        &self,
        now: DateTime<Utc>,
        returned: &Returned<'_>,
    ) -> Result<String, ProviderError> {
        self.in_time(async {
            let metadata = self.metadata(now).await?;
            let is_always_said = metadata.is_issuer_always_said;
            match returned.issuer {
                Some(issuer) if issuer != self.config.issuer => {
                    return Err(ProviderError::OtherAnswer);
                }
                None if is_always_said => return Err(ProviderError::OtherAnswer),
                _ => {}
            }
            let token = self.token(&metadata, returned).await?;
            let expected = Expected {
                issuer: &self.config.issuer,
                client_id: &self.config.client_id,
                nonce_hash: returned.nonce_hash,
                now,
            };
            let keys = self.keys(&metadata, now, KEPT).await?;
            match id_token::verify(&token, &keys, &expected) {
                // The provider may have a new key since: it is asked once more, though not with every such token.
                Err(IdTokenError::UnknownKey) => {
                    let keys = self.keys(&metadata, now, KEYS_PAUSE).await?;
                    Ok(id_token::verify(&token, &keys, &expected)?)
                }
                outcome => Ok(outcome?),
            }
        })
        .await
    }

    async fn in_time<T>(
        &self,
        asking: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        let outcome = timeout(self.config.answer_time, asking).await;
        outcome.map_err(|_| ProviderError::Slow)?
    }

    async fn metadata(&self, now: DateTime<Utc>) -> Result<Arc<Metadata>, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some((metadata, read_at)) = &known.metadata
            && is_fresh(*read_at, now, KEPT)
        {
            return Ok(metadata.clone());
        }
        let address = metadata::address(&self.config.issuer)?;
        let answer = self.client.get(&address).await?;
        let metadata = Arc::new(Metadata::read(&answer, &self.config)?);
        known.metadata = Some((metadata.clone(), now));
        Ok(metadata)
    }

    /// The provider's keys, read no longer than `max_age` ago.
    async fn keys(
        &self,
        metadata: &Metadata,
        now: DateTime<Utc>,
        max_age: TimeDelta,
    ) -> Result<Arc<Vec<Jwk>>, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some((keys, read_at)) = &known.keys
            && is_fresh(*read_at, now, max_age)
        {
            return Ok(keys.clone());
        }
        let answer = self.client.get(&metadata.jwks_uri).await?;
        let keys = id_token::read_keys(&answer).ok_or(ProviderError::Unreadable)?;
        let keys = Arc::new(keys);
        known.keys = Some((keys.clone(), now));
        Ok(keys)
    }

    async fn token(
        &self,
        metadata: &Metadata,
        returned: &Returned<'_>,
    ) -> Result<String, ProviderError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", returned.code),
            ("redirect_uri", self.callback.as_str()),
            ("code_verifier", returned.verifier),
        ];
        let authorization = client::basic(&self.config.client_id, &self.config.client_secret);
        let endpoint = &metadata.token_endpoint;
        let answer = self.client.post(endpoint, &authorization, &form).await?;
        metadata::id_token(&answer)
    }
}

/// Whether what was read at `read_at` is not older than `max_age`.
fn is_fresh(read_at: DateTime<Utc>, now: DateTime<Utc>, max_age: TimeDelta) -> bool {
    // A request that began a little earlier may find what a later one has read.
    (now - read_at).abs() < max_age
}
