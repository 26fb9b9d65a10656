//! Web Authentication (W3C, Level 3) as the relying party: what a browser says of a new passkey, and of one that signed a
//! challenge, is read and verified (§7.1, §7.2). Which device made a key is not asked: attestation is "none", and a statement
//! that comes all the same is not looked at.
//!
//! Pure functions over bytes: whether a challenge is one of ours, and whose a passkey is, is for the caller to know.

mod authenticator_data;
mod client_data;
mod public_key;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use url::Url;

use self::authenticator_data::AuthenticatorData;
use self::client_data::ClientData;
pub use self::public_key::PublicKey;
use crate::config::HttpConfig;

/// The algorithms of keys that are taken, the preferred first, by their COSE numbers.
pub const ALGORITHMS: [i64; 3] = [public_key::EDDSA, public_key::ES256, public_key::RS256];
/// The longest answer that is read, in bytes. Those of today's browsers have about one thousand.
pub const MAX_ANSWER: usize = 16 * 1024;

/// Why an answer is not taken. For the log and for tests: people are told no more than that it was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebauthnError {
    /// It is not written as it should be.
    #[error("the answer cannot be read")]
    Unreadable,
    /// A new passkey was shown for a log-in, or the other way round.
    #[error("the answer is to another question")]
    OtherCeremony,
    /// Another page asked.
    #[error("the page is none of ours")]
    Origin,
    /// The key is for another site.
    #[error("the passkey is for another site")]
    RelyingParty,
    /// Nobody was there.
    #[error("nobody was there")]
    NotPresent,
    /// The device did not make sure that it was its owner.
    #[error("the device did not verify its user")]
    NotVerified,
    /// The key is of a kind that is not taken.
    #[error("the key is of a kind that is not taken")]
    Algorithm,
    /// Something else was signed, or by another key.
    #[error("the signature does not fit")]
    Signature,
}

/// Who asks: the site, and its pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The host of the base URL. Passkeys are for it and what is below it, as far as browsers go.
    pub id: String,
    origins: Vec<String>,
}

impl RelyingParty {
    /// The site that the settings describe.
    ///
    /// # Errors
    /// When the base URL names no host.
    pub fn of(config: &HttpConfig) -> anyhow::Result<Self> {
        let base = Url::parse(&config.base_url)?;
        let id = base.host_str().map(str::to_owned);
        let own = base.origin().ascii_serialization();
        Ok(Self {
            id: id.ok_or_else(|| anyhow::anyhow!("the base URL names no host"))?,
            origins: config
                .allowed_origins
                .iter()
                .cloned()
                .chain([own])
                .collect(),
        })
    }

    fn has_page_at(&self, origin: &str) -> bool {
        self.origins
            .iter()
            .any(|one| one.eq_ignore_ascii_case(origin))
    }
}

/// What `PublicKeyCredential.toJSON()` writes; members that say nothing to us are passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<T> {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    response: T,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attestation {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    attestation_object: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssertionBody {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

impl<T: DeserializeOwned> Answer<T> {
    fn read(json: &str) -> Result<Self, WebauthnError> {
        if json.len() > MAX_ANSWER {
            return Err(WebauthnError::Unreadable);
        }
        serde_json::from_str::<Self>(json)
            .ok()
            .filter(|answer| answer.kind == "public-key")
            .ok_or(WebauthnError::Unreadable)
    }
}

/// The answer with a new passkey, read and not yet verified.
#[derive(Debug)]
pub struct Registration {
    credential_id: String,
    client_data: ClientData,
    attestation_object: Vec<u8>,
}

/// A passkey that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// What the device calls it, in URL-safe base64.
    pub credential_id: String,
    /// Its public half.
    pub public_key: PublicKey,
    /// How often it has signed so far, by its own count.
    pub signature_count: u32,
}

impl Registration {
    /// Reads the JSON of an answer to `navigator.credentials.create`.
    ///
    /// # Errors
    /// [`WebauthnError::Unreadable`].
    pub fn read(json: &str) -> Result<Self, WebauthnError> {
        let answer = Answer::<Attestation>::read(json)?;
        Ok(Self {
            credential_id: answer.id,
            client_data: ClientData::read(&answer.response.client_data_json)?,
            attestation_object: decode(&answer.response.attestation_object)?,
        })
    }

    /// The challenge that was signed, which the caller must know.
    pub fn challenge(&self) -> &str {
        self.client_data.challenge()
    }

    /// Verifies everything but the challenge.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn verify(&self, party: &RelyingParty) -> Result<NewPasskey, WebauthnError> {
        self.client_data.verify(client_data::CREATE, party)?;
        let data = AuthenticatorData::of_attestation(&self.attestation_object)?;
        data.verify(party)?;
        let (id, public_key) = data.credential.ok_or(WebauthnError::Unreadable)?;
        let credential_id = URL_SAFE_NO_PAD.encode(id);
        if credential_id != self.credential_id {
            return Err(WebauthnError::Unreadable);
        }
        Ok(NewPasskey {
            credential_id,
            public_key,
            signature_count: data.signature_count,
        })
    }
}

/// The answer of a passkey that signed a challenge, read and not yet verified.
#[derive(Debug)]
pub struct Assertion {
    /// Which passkey it says it is, in URL-safe base64.
    pub credential_id: String,
    /// Whose it is, by what the device was told when the passkey was made.
    pub user_handle: Option<Vec<u8>>,
    client_data: ClientData,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
}

impl Assertion {
    /// Reads the JSON of an answer to `navigator.credentials.get`.
    ///
    /// # Errors
    /// [`WebauthnError::Unreadable`].
    pub fn read(json: &str) -> Result<Self, WebauthnError> {
        let answer = Answer::<AssertionBody>::read(json)?;
        let response = answer.response;
        let user_handle = response.user_handle.as_deref().map(decode).transpose()?;
        Ok(Self {
            credential_id: answer.id,
            user_handle,
            client_data: ClientData::read(&response.client_data_json)?,
            authenticator_data: decode(&response.authenticator_data)?,
            signature: decode(&response.signature)?,
        })
    }

    /// The challenge that was signed, which the caller must know.
    pub fn challenge(&self) -> &str {
        self.client_data.challenge()
    }

    /// Verifies everything but the challenge, and returns how often the passkey has signed by its own count.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn verify(&self, party: &RelyingParty, key: &PublicKey) -> Result<u32, WebauthnError> {
        self.client_data.verify(client_data::GET, party)?;
        let data = AuthenticatorData::read(&self.authenticator_data)?;
        data.verify(party)?;
        key.verify(&self.signed(), &self.signature)?;
        Ok(data.signature_count)
    }

    /// What the device signs.
    fn signed(&self) -> Vec<u8> {
        let hash = Sha256::digest(self.client_data.bytes());
        [self.authenticator_data.as_slice(), hash.as_slice()].concat()
    }
}

/// Whether a passkey's own count may follow the one that was kept: it goes up, unless the passkey does not count at all. One
/// that went back was copied.
pub const fn may_follow(kept: i64, shown: u32) -> bool {
    (kept == 0 && shown == 0) || shown as i64 > kept
}

fn decode(text: &str) -> Result<Vec<u8>, WebauthnError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| WebauthnError::Unreadable)
}
