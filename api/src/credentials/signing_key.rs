//! Ed25519 keys that sign access tokens.

use std::path::Path;

use anyhow::Context as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest as _, Sha256};

use super::sealing::{Purpose, Sealing};
use super::secret_token::hexadecimal;

const PEM_HEAD: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_TAIL: &str = "-----END PRIVATE KEY-----";

/// A key pair.
#[derive(Clone)]
pub struct SigningKey {
    /// Its public half.
    pub public: PublicKey,
    /// For signing.
    pub encoding: EncodingKey,
    pkcs8: Vec<u8>,
}

/// The public half of a key pair, and the id by which tokens name it.
#[derive(Clone)]
pub struct PublicKey {
    /// The first 16 hexadecimal digits of the SHA-256 of the public key.
    pub id: String,
    /// The public key in URL-safe base64, as JSON Web Keys have it (RFC 8037).
    pub x: String,
    /// For verifying.
    pub decoding: DecodingKey,
}

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn generate() -> anyhow::Result<Self> {
        let random = aws_lc_rs::rand::SystemRandom::new();
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random)
            .map_err(|error| anyhow::anyhow!("cannot make a signing key: {error}"))?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// Reads the key in the PEM file at `path`.
    ///
    /// # Errors
    /// With what to do when there is none.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let pem = std::fs::read_to_string(path).with_context(|| {
            format!(
                "cannot read the signing key {}; make one with `openssl genpkey -algorithm ed25519 -out {0}`, or leave \
                 MARKETPLACE_SIGNING_KEY_FILE out",
                path.display()
            )
        })?;
        let body: String = pem
            .trim()
            .trim_start_matches(PEM_HEAD)
            .trim_end_matches(PEM_TAIL)
            .split_whitespace()
            .collect();
        let pkcs8 = STANDARD
            .decode(body)
            .context("the signing key is not PEM")?;
        Self::from_pkcs8(&pkcs8)
    }

    /// Its private half as the database keeps it.
    ///
    /// # Errors
    /// When the cipher fails.
    pub fn sealed(&self, sealing: &Sealing) -> anyhow::Result<String> {
        Ok(sealing.seal(Purpose::SigningKey, &self.public.id, &self.pkcs8)?)
    }

    /// The key `id` from its sealed private half.
    ///
    /// # Errors
    /// When it was sealed under another secret, or is another key.
    pub fn open(sealing: &Sealing, id: &str, sealed: &str) -> anyhow::Result<Self> {
        let pkcs8 = sealing
            .open(Purpose::SigningKey, id, sealed)
            .with_context(|| {
                format!(
                    "the signing key {id} cannot be opened; put the secret back, or have new keys by `marketplace keys replace`"
                )
            })?;
        Self::from_pkcs8(&pkcs8)
    }

    fn from_pkcs8(pkcs8: &[u8]) -> anyhow::Result<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8)
            .map_err(|error| anyhow::anyhow!("not an Ed25519 key: {error}"))?;
        Ok(Self {
            public: PublicKey::new(pair.public_key().as_ref()),
            encoding: EncodingKey::from_ed_der(pkcs8),
            pkcs8: pkcs8.to_vec(),
        })
    }
}

impl PublicKey {
    /// From its URL-safe base64.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_x(x: &str) -> anyhow::Result<Self> {
        Ok(Self::new(&URL_SAFE_NO_PAD.decode(x)?))
    }

    fn new(bytes: &[u8]) -> Self {
        Self {
            id: hexadecimal(&Sha256::digest(bytes))
                .chars()
                .take(16)
                .collect(),
            x: URL_SAFE_NO_PAD.encode(bytes),
            decoding: DecodingKey::from_ed_der(bytes),
        }
    }
}
