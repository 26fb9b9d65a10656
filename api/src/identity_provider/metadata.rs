//! What a provider says of itself (OIDC Discovery 1.0), and how its answers are read.

use serde::Deserialize;
use url::Url;

use super::ProviderError;
use crate::config::OidcConfig;

/// What we need of it.
#[derive(Debug)]
pub(super) struct Metadata {
    /// Where people log in.
    pub(super) authorization_endpoint: Url,
    /// Where codes become tokens.
    pub(super) token_endpoint: Url,
    /// Where its keys are.
    pub(super) jwks_uri: Url,
    /// Whether it always says who it is when it sends somebody back (RFC 9207).
    pub(super) is_issuer_always_said: bool,
}

/// The document; everything else in it is passed over.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Reads the document, which has to be of the provider that was asked.
    pub(super) fn read(json: &[u8], config: &OidcConfig) -> Result<Self, ProviderError> {
        let read: Document = serde_json::from_slice(json).map_err(|_| ProviderError::Unreadable)?;
        if read.issuer != config.issuer {
            return Err(ProviderError::OtherIssuer);
        }
        let address = |text: &str| {
            Url::parse(text)
                .ok()
                .filter(|address| config.is_safe(address))
                .ok_or(ProviderError::Address)
        };
        Ok(Self {
            authorization_endpoint: address(&read.authorization_endpoint)?,
            token_endpoint: address(&read.token_endpoint)?,
            jwks_uri: address(&read.jwks_uri)?,
            is_issuer_always_said: read.authorization_response_iss_parameter_supported,
        })
    }
}

/// Where a provider's document is.
pub(super) fn address(issuer: &str) -> Result<Url, ProviderError> {
    let base = issuer.trim_end_matches('/');
    Url::parse(&format!("{base}/.well-known/openid-configuration"))
        .map_err(|_| ProviderError::Address)
}

/// The ID token in the answer of the token endpoint. The others in it open the provider's doors, and are not read.
pub(super) fn id_token(json: &[u8]) -> Result<String, ProviderError> {
    #[derive(Deserialize)]
    struct Answer {
        id_token: String,
    }
    let answer: Answer = serde_json::from_slice(json).map_err(|_| ProviderError::Unreadable)?;
    Ok(answer.id_token)
}
