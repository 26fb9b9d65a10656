//! What the database keeps for the server and must not tell whoever reads it: sealed with AES-256-GCM under a key that is
//! derived from a setting. A sealed text is bound to what it is for and to its row, so it cannot be put elsewhere.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};

/// Tells this use of the setting from any other (RFC 5869).
const SALT: &[u8] = b"marketplace sealing 1";

/// A sealed text cannot be opened, or nothing be sealed. Why is not told by the cipher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it was sealed under another MARKETPLACE_SEALING_SECRET, or is damaged")]
pub struct SealingError;

impl From<Unspecified> for SealingError {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

/// What a sealed text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A private key behind access tokens.
    SigningKey,
    /// The secret of an authenticator app.
    SecondFactor,
    /// What goes with a log-in at an identity provider.
    LogIn,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SigningKey => "signing key",
            Self::SecondFactor => "second factor",
            Self::LogIn => "log-in",
        }
    }
}

/// Seals and opens.
pub struct Sealing(Prk);

impl Sealing {
    /// Under a secret of the settings.
    pub fn new(secret: &SecretString) -> Self {
        let salt = Salt::new(HKDF_SHA256, SALT);
        Self(salt.extract(secret.expose_secret().as_bytes()))
    }

    /// Seals `plain` for the row `name`, as base64. Never twice the same.
    ///
    /// # Errors
    /// When the cipher fails.
    pub fn seal(&self, purpose: Purpose, name: &str, plain: &[u8]) -> Result<String, SealingError> {
        let mut sealed = plain.to_vec();
        let nonce = self
            .key(purpose)?
            .seal_in_place_append_tag(Aad::from(name), &mut sealed)?;
        let whole: Vec<u8> = nonce.as_ref().iter().copied().chain(sealed).collect();
        Ok(STANDARD_NO_PAD.encode(whole))
    }

    /// Opens what was sealed for the same purpose and row.
    ///
    /// # Errors
    /// When it was sealed otherwise, or changed since.
    pub fn open(
        &self,
        purpose: Purpose,
        name: &str,
        sealed: &str,
    ) -> Result<Vec<u8>, SealingError> {
        let whole = STANDARD_NO_PAD.decode(sealed).map_err(|_| SealingError)?;
        let (nonce, sealed) = whole.split_at_checked(NONCE_LEN).ok_or(SealingError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce)?;
        let mut sealed = sealed.to_vec();
        let plain = self
            .key(purpose)?
            .open_in_place(nonce, Aad::from(name), &mut sealed)?;
        Ok(plain.to_vec())
    }

    fn key(&self, purpose: Purpose) -> Result<RandomizedNonceKey, Unspecified> {
        let mut bytes = [0; 32];
        self.0
            .expand(&[purpose.as_str().as_bytes()], HKDF_SHA256)?
            .fill(&mut bytes)?;
        RandomizedNonceKey::new(&AES_256_GCM, &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealing(secret: &str) -> Sealing {
        Sealing::new(&SecretString::from(secret))
    }

    #[test]
    fn what_was_sealed_is_opened_for_its_row_under_its_secret_alone() {
        let (own, other) = (sealing("one secret"), sealing("another secret"));
        let open = |sealing: &Sealing, name: &str, text: &str| {
            sealing.open(Purpose::SigningKey, name, text)
        };
        let text = own.seal(Purpose::SigningKey, "row", b"plain").unwrap();
        assert_eq!(open(&own, "row", &text), Ok(b"plain".to_vec()));
        assert_eq!(
            open(&sealing("one secret"), "row", &text),
            Ok(b"plain".to_vec())
        );
        assert_eq!(open(&other, "row", &text), Err(SealingError));
        assert_eq!(open(&own, "another row", &text), Err(SealingError));
        assert_eq!(
            own.open(Purpose::SecondFactor, "row", &text),
            Err(SealingError)
        );
        for damaged in [
            "",
            "x",
            "AAAA",
            text.get(1..).unwrap(),
            text.get(..20).unwrap(),
        ] {
            assert_eq!(open(&own, "row", damaged), Err(SealingError), "{damaged}");
        }
    }

    #[test]
    fn every_bit_counts_and_nothing_is_sealed_twice_alike() {
        let own = sealing("one secret");
        let text = own.seal(Purpose::SigningKey, "row", b"plain").unwrap();
        assert_ne!(
            own.seal(Purpose::SigningKey, "row", b"plain").unwrap(),
            text
        );
        let bytes = STANDARD_NO_PAD.decode(&text).unwrap();
        assert_eq!(bytes.len(), NONCE_LEN + 5 + 16);
        for index in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[index] ^= 1;
            let damaged = STANDARD_NO_PAD.encode(damaged);
            assert_eq!(
                own.open(Purpose::SigningKey, "row", &damaged),
                Err(SealingError),
                "byte {index}"
            );
        }
    }
}
