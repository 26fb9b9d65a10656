//! The public half of a passkey, as devices write it: a COSE key (RFC 9052, RFC 9053, RFC 8230).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use ciborium::Value;

use super::WebauthnError;
use super::authenticator_data::cbor;

/// ECDSA over P-256 with SHA-256: what every device can.
pub(super) const ES256: i64 = -7;
/// Ed25519.
pub(super) const EDDSA: i64 = -8;
/// RSA of 2,048 bits or more with SHA-256 (PKCS #1 v1.5), which the TPMs of older machines have.
pub(super) const RS256: i64 = -257;

/// The members of a COSE key, by their numbers.
mod label {
    pub(super) const KEY_TYPE: i64 = 1;
    pub(super) const ALGORITHM: i64 = 3;
    pub(super) const CURVE: i64 = -1;
    pub(super) const X: i64 = -2;
    pub(super) const Y: i64 = -3;
    pub(super) const MODULUS: i64 = -1;
    pub(super) const EXPONENT: i64 = -2;
}

/// A key that was read and is of a kind that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl PublicKey {
    /// The key in a COSE key.
    ///
    /// # Errors
    /// [`WebauthnError::Unreadable`] and [`WebauthnError::Algorithm`].
    pub fn from_cose(bytes: &[u8]) -> Result<Self, WebauthnError> {
        parse(bytes)?;
        Ok(Self(bytes.to_vec()))
    }

    /// As it came.
    pub fn as_cose(&self) -> &[u8] {
        &self.0
    }

    /// Verifies a signature over `message`.
    ///
    /// # Errors
    /// [`WebauthnError::Signature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), WebauthnError> {
        parse(&self.0)?
            .verify_sig(message, signature)
            .map_err(|_| WebauthnError::Signature)
    }
}

fn parse(bytes: &[u8]) -> Result<ParsedPublicKey, WebauthnError> {
    let mut rest = bytes;
    let key = cbor(&mut rest)?;
    let members = key.as_map().filter(|_| rest.is_empty());
    let members = members.ok_or(WebauthnError::Unreadable)?;
    let member = |label: i64| {
        let mut found = members
            .iter()
            .filter(|(key, _)| integer(key) == Some(label))
            .map(|(_, value)| value);
        found.next().filter(|_| found.next().is_none())
    };
    let number = |label| member(label).and_then(integer);
    let bytes = |label| member(label).and_then(Value::as_bytes);
    let parsed = match (
        number(label::KEY_TYPE),
        number(label::ALGORITHM),
        number(label::CURVE),
    ) {
        (Some(2), Some(ES256), Some(1)) => {
            let (x, y) = bytes(label::X)
                .zip(bytes(label::Y))
                .ok_or(WebauthnError::Unreadable)?;
            // An uncompressed point (SEC 1): it is found on the curve or refused.
            let point = [&[4], x.as_slice(), y.as_slice()].concat();
            ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
        }
        (Some(1), Some(EDDSA), Some(6)) => {
            let x = bytes(label::X).ok_or(WebauthnError::Unreadable)?;
            ParsedPublicKey::new(&ED25519, x)
        }
        (Some(3), Some(RS256), None) => {
            let (n, e) = bytes(label::MODULUS)
                .zip(bytes(label::EXPONENT))
                .ok_or(WebauthnError::Unreadable)?;
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        }
        _ => return Err(WebauthnError::Algorithm),
    };
    parsed.map_err(|_| WebauthnError::Unreadable)
}

fn integer(value: &Value) -> Option<i64> {
    value.as_integer()?.try_into().ok()
}
