//! The Ed25519 key that signs access tokens.

use std::path::Path;

use anyhow::Context as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest as _, Sha256};

use super::secret_token::hexadecimal;

const PEM_HEAD: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_TAIL: &str = "-----END PRIVATE KEY-----";

/// A key pair and the id by which tokens name it.
#[derive(Clone)]
pub struct SigningKey {
    /// The first 16 hexadecimal digits of the public key's SHA-256.
    pub id: String,
    /// For signing.
    pub encoding: EncodingKey,
    /// For verifying.
    pub decoding: DecodingKey,
    public: Vec<u8>,
}

impl SigningKey {
    /// A new key in memory, for tests.
    pub fn generate() -> anyhow::Result<Self> {
        Self::from_pkcs8(new_pkcs8()?.as_ref())
    }

    /// Reads the key at `path`; with `may_create`, makes one there (readable by its owner only) when there is none.
    pub fn load(path: &Path, may_create: bool) -> anyhow::Result<Self> {
        if !path.exists() && may_create {
            write_new(path)?;
        }
        let pem = std::fs::read_to_string(path).with_context(|| {
            format!(
                "cannot read the signing key {}; make one with `openssl genpkey -algorithm ed25519 -out {0}`",
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

    fn from_pkcs8(pkcs8: &[u8]) -> anyhow::Result<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8)
            .map_err(|error| anyhow::anyhow!("not an Ed25519 key: {error}"))?;
        let public = pair.public_key().as_ref();
        let id = hexadecimal(&Sha256::digest(public))
            .chars()
            .take(16)
            .collect();
        Ok(Self {
            id,
            encoding: EncodingKey::from_ed_der(pkcs8),
            decoding: DecodingKey::from_ed_der(public),
            public: public.to_vec(),
        })
    }

    /// The public key in URL-safe base64, as JSON Web Keys have it (RFC 8037).
    pub fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.public)
    }
}

fn new_pkcs8() -> anyhow::Result<impl AsRef<[u8]>> {
    let random = aws_lc_rs::rand::SystemRandom::new();
    Ed25519KeyPair::generate_pkcs8(&random)
        .map_err(|error| anyhow::anyhow!("cannot make a signing key: {error}"))
}

fn write_new(path: &Path) -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let body = STANDARD.encode(new_pkcs8()?.as_ref());
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{PEM_HEAD}\n{body}\n{PEM_TAIL}")?;
    Ok(())
}
