//! ID tokens of an identity provider (OIDC Core 1.0, §2 and §3.1.3.7): whom it says somebody is. By which algorithm a
//! token may be signed follows from the provider's key alone, never from the token.
//!
//! Functions of their arguments: where keys come from, and whether a log-in was begun here, is for the caller to know.

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;

use super::secret_token;

/// How far the provider's clock and ours may be apart.
const LEEWAY: TimeDelta = TimeDelta::minutes(1);
/// How long ago a token may have been made: it is asked for by whoever has just logged in.
const MAX_AGE: TimeDelta = TimeDelta::minutes(10);
/// The most bytes of what a provider calls a person.
const MAX_SUBJECT: usize = 255;

/// Why a token is not taken. For the log and for tests: people are told no more than that it was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// It is not written as it should be, or asks for what nobody here knows.
    #[error("the token cannot be read")]
    Unreadable,
    /// The provider has no such key, or not any more, or not yet when its keys were read.
    #[error("the token's key is none of the provider's")]
    UnknownKey,
    /// Another algorithm than the key's.
    #[error("the token's algorithm is not that of its key")]
    Algorithm,
    /// It was changed, or another signed it.
    #[error("the token's signature does not fit")]
    Signature,
    /// Another provider made it.
    #[error("the token is of another provider")]
    Issuer,
    /// It is for somebody else.
    #[error("the token is for somebody else")]
    Audience,
    /// It was given to somebody else.
    #[error("the token was given to somebody else")]
    AuthorizedParty,
    /// It is over, or has not begun.
    #[error("the token does not hold now")]
    Time,
    /// It was made long ago, or in the future.
    #[error("the token was not made just now")]
    IssuedAt,
    /// It belongs to another log-in.
    #[error("the token belongs to another log-in")]
    Nonce,
    /// It names nobody, or at too great length.
    #[error("the token names nobody")]
    Subject,
}

/// What a token has to say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// Its name for us.
    pub client_id: &'a str,
    /// The hash of what the token repeats of this log-in.
    pub nonce_hash: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    nbf: Option<i64>,
    iat: i64,
    nonce: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// The keys of a key set (RFC 7517) that may sign tokens. Those of kinds that nobody here knows are passed over.
pub fn read_keys(json: &[u8]) -> Option<Vec<Jwk>> {
    #[derive(Deserialize)]
    struct KeySet {
        keys: Vec<Value>,
    }
    let set: KeySet = serde_json::from_slice(json).ok()?;
    let keys = set.keys.into_iter();
    Some(
        keys.filter_map(|key| serde_json::from_value::<Jwk>(key).ok())
            .filter(|key| algorithm_of(key).is_some())
            .collect(),
    )
}

/// Whom the token names, if one of `keys` signed it and it says what is expected.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<String, IdTokenError> {
    let claims = signed_claims(token, keys)?;
    if claims.iss != expected.issuer {
        return Err(IdTokenError::Issuer);
    }
    let (is_for_us, is_for_others) = match &claims.aud {
        Audience::One(one) => (one == expected.client_id, false),
        Audience::Several(all) => (
            all.iter().any(|one| one == expected.client_id),
            all.len() > 1,
        ),
    };
    if !is_for_us {
        return Err(IdTokenError::Audience);
    }
    match &claims.azp {
        Some(party) if party != expected.client_id => return Err(IdTokenError::AuthorizedParty),
        None if is_for_others => return Err(IdTokenError::AuthorizedParty),
        _ => {}
    }
    let (earliest, latest) = (
        (expected.now - LEEWAY).timestamp(),
        (expected.now + LEEWAY).timestamp(),
    );
    if claims.exp <= earliest || claims.nbf.is_some_and(|begin| begin > latest) {
        return Err(IdTokenError::Time);
    }
    let oldest = (expected.now - MAX_AGE).timestamp();
    if claims.iat < oldest || claims.iat > latest {
        return Err(IdTokenError::IssuedAt);
    }
    let nonce = claims.nonce.as_deref().map(secret_token::hash);
    if nonce.as_deref() != Some(expected.nonce_hash) {
        return Err(IdTokenError::Nonce);
    }
    let is_name = (1..=MAX_SUBJECT).contains(&claims.sub.len());
    if !is_name || claims.sub.contains(char::is_control) {
        return Err(IdTokenError::Subject);
    }
    Ok(claims.sub)
}

/// What the token says, if one of `keys` signed it.
fn signed_claims(token: &str, keys: &[Jwk]) -> Result<Claims, IdTokenError> {
    // A token that brings a key or names an address for one is read all the same: neither is looked at.
    let header = jsonwebtoken::decode_header(token).map_err(|_| IdTokenError::Unreadable)?;
    if header.crit.is_some() {
        return Err(IdTokenError::Unreadable);
    }
    let named: Vec<&Jwk> = match &header.kid {
        Some(id) => keys
            .iter()
            .filter(|key| key.common.key_id.as_ref() == Some(id))
            .collect(),
        // Without a name it has to be clear which key is meant.
        None if keys.len() == 1 => keys.iter().collect(),
        None => Vec::new(),
    };
    if named.is_empty() {
        return Err(IdTokenError::UnknownKey);
    }
    let mut error = IdTokenError::Algorithm;
    for key in named {
        if algorithm_of(key) != Some(header.alg) {
            continue;
        }
        error = IdTokenError::Signature;
        if let Ok(decoding) = DecodingKey::from_jwk(key)
            && let Ok(token) = jsonwebtoken::decode::<Value>(token, &decoding, &only(header.alg))
        {
            return serde_json::from_value(token.claims).map_err(|_| IdTokenError::Unreadable);
        }
    }
    Err(error)
}

/// Verifies the signature; what is said is looked at by our own clock and words.
fn only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
}

/// The one algorithm by which a key may sign.
fn algorithm_of(key: &Jwk) -> Option<Algorithm> {
    let (algorithm, name) = match &key.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(it) if it.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(it) if it.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    let is_for_signing = matches!(
        key.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    );
    let is_named_so = key.common.key_algorithm.is_none_or(|it| it == name);
    (is_for_signing && is_named_so).then_some(algorithm)
}
