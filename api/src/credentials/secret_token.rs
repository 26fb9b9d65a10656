//! Opaque single-use secrets (refresh tokens, reset and verification links): 256 random bits, stored only as a hash.

use sha2::{Digest as _, Sha256};

use crate::random::Random;

/// A secret as its holder gets it, and as the database keeps it.
#[derive(Clone, Debug)]
pub struct SecretToken {
    /// 43 characters of URL-safe base64. Shown once, never stored.
    pub secret: String,
    /// SHA-256 of `secret` in hexadecimal.
    pub hash: String,
}

impl SecretToken {
    /// Makes a new one.
    pub fn generate(random: &Random) -> Self {
        let secret = random.secret();
        let hash = hash(&secret);
        Self { secret, hash }
    }
}

/// SHA-256 of `secret` in hexadecimal. A fast hash suffices: the secret has 256 random bits.
pub fn hash(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret.as_bytes()))
}

/// Lower-case hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .collect()
}
