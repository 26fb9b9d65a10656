//! Mutations that are sent twice and done once: the first answer to a key is kept for a day and told again.
//!
//! That something was done is written with what was done (see [`claim`](crate::store::claim)), so that a request which comes
//! again after a crash never does it twice.

pub mod claim;
pub mod settle;

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

use crate::credentials::secret_token::hexadecimal;

/// For how long a key and its answer are kept. After it the key is new.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// After how long a request that has neither done anything nor answered is taken for dead: longer than any operation may take.
pub const GIVEN_UP: TimeDelta = TimeDelta::seconds(30);

/// A key that a client chose: 16 to 128 characters of visible ASCII without quotation mark and backslash, such as a UUID.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// What a key has to be.
pub const RULE: &str = "16 to 128 visible ASCII characters without \" and \\, such as a UUID";

impl IdempotencyKey {
    fn hash(&self) -> String {
        hexadecimal(&Sha256::digest(self.0.as_bytes()))
    }
}

/// Keys are the client's own words; they are in no log.
impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey")
    }
}

/// The text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("An idempotency key is {RULE}.")]
pub struct NoKey;

impl FromStr for IdempotencyKey {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let is_allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
        if (16..=128).contains(&text.len()) && text.bytes().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoKey)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_16_to_128_plain_characters() {
        for good in ["k".repeat(16), "~".repeat(128)] {
            assert!(good.parse::<IdempotencyKey>().is_ok(), "{good}");
        }
        for bad in [
            "k".repeat(15),
            "k".repeat(129),
            format!("{}\"", "k".repeat(16)),
            format!("{}\\", "k".repeat(16)),
            format!("{} ", "k".repeat(16)),
            format!("{}é", "k".repeat(16)),
        ] {
            assert_eq!(bad.parse::<IdempotencyKey>(), Err(NoKey), "{bad}");
        }
    }

    #[test]
    fn a_key_is_not_in_its_debug_form() {
        let key: IdempotencyKey = "0123456789abcdef".parse().unwrap();
        assert_eq!(format!("{key:?}"), "IdempotencyKey");
    }
}
