//! What the browser says of the page that asked (§5.8.1). The device signs its hash, so that no page can make it up.

use serde::Deserialize;

use super::{RelyingParty, WebauthnError, decode};

/// The page asked for a new passkey.
pub(super) const CREATE: &str = "webauthn.create";
/// The page asked for a signature.
pub(super) const GET: &str = "webauthn.get";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    #[serde(rename = "type")]
    ceremony: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// What was said, with the bytes that were signed.
#[derive(Debug)]
pub(super) struct ClientData {
    bytes: Vec<u8>,
    said: Said,
}

impl ClientData {
    pub(super) fn read(text: &str) -> Result<Self, WebauthnError> {
        let bytes = decode(text)?;
        let said = serde_json::from_slice(&bytes).map_err(|_| WebauthnError::Unreadable)?;
        Ok(Self { bytes, said })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn challenge(&self) -> &str {
        &self.said.challenge
    }

    /// Requires the ceremony, and a page of ours that no page of another site framed.
    pub(super) fn verify(&self, ceremony: &str, party: &RelyingParty) -> Result<(), WebauthnError> {
        if self.said.ceremony != ceremony {
            return Err(WebauthnError::OtherCeremony);
        }
        if self.said.cross_origin || !party.has_page_at(&self.said.origin) {
            return Err(WebauthnError::Origin);
        }
        Ok(())
    }
}
