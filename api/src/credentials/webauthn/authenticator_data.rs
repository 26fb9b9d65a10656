//! What the device says (§6.1): for which site, who was there, how often the key signed, and the key itself when it is new.

use ciborium::Value;
use sha2::{Digest as _, Sha256};

use super::{PublicKey, RelyingParty, WebauthnError};

/// Somebody was there.
const USER_PRESENT: u8 = 1;
/// The device made sure that it was its owner: a PIN, a finger, a face.
const USER_VERIFIED: u8 = 1 << 2;
/// The key may be copied to other devices of its owner.
const BACKUP_ELIGIBLE: u8 = 1 << 3;
/// It was.
const BACKED_UP: u8 = 1 << 4;
/// A new key comes along.
const HAS_CREDENTIAL: u8 = 1 << 6;
/// Extensions come along.
const HAS_EXTENSIONS: u8 = 1 << 7;

/// The longest name of a key (§4, credential id).
const MAX_CREDENTIAL_ID: usize = 1_023;
/// CBOR of devices is not nested deeper (CTAP 2.1, §8: four levels).
const MAX_DEPTH: usize = 8;

#[derive(Debug)]
pub(super) struct AuthenticatorData {
    party_hash: [u8; 32],
    flags: u8,
    pub(super) signature_count: u32,
    /// What the device calls a new key, and the key.
    pub(super) credential: Option<(Vec<u8>, PublicKey)>,
}

impl AuthenticatorData {
    /// The data within an attestation object (§6.5.4), whose statement is not looked at.
    pub(super) fn of_attestation(bytes: &[u8]) -> Result<Self, WebauthnError> {
        let mut rest = bytes;
        let object = cbor(&mut rest)?;
        let members = object.as_map().filter(|_| rest.is_empty());
        let data = members
            .and_then(|members| {
                let named = |key: &Value| key.as_text() == Some("authData");
                members.iter().find(|(key, _)| named(key))
            })
            .and_then(|(_, value)| value.as_bytes());
        Self::read(data.ok_or(WebauthnError::Unreadable)?)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, WebauthnError> {
        let mut rest = bytes;
        let party_hash = take::<32>(&mut rest)?;
        let [flags] = take(&mut rest)?;
        let signature_count = u32::from_be_bytes(take(&mut rest)?);
        let credential = if flags & HAS_CREDENTIAL == 0 {
            None
        } else {
            Some(credential(&mut rest)?)
        };
        if flags & HAS_EXTENSIONS != 0 && !cbor(&mut rest)?.is_map() {
            return Err(WebauthnError::Unreadable);
        }
        // Nothing stands behind, and nothing was copied that cannot be.
        if !rest.is_empty() || flags & (BACKED_UP | BACKUP_ELIGIBLE) == BACKED_UP {
            return Err(WebauthnError::Unreadable);
        }
        Ok(Self {
            party_hash,
            flags,
            signature_count,
            credential,
        })
    }

    /// Requires that it is for our site, and that the device's owner was there.
    pub(super) fn verify(&self, party: &RelyingParty) -> Result<(), WebauthnError> {
        if self.party_hash.as_slice() != Sha256::digest(&party.id).as_slice() {
            return Err(WebauthnError::RelyingParty);
        }
        if self.flags & USER_PRESENT == 0 {
            return Err(WebauthnError::NotPresent);
        }
        if self.flags & USER_VERIFIED == 0 {
            return Err(WebauthnError::NotVerified);
        }
        Ok(())
    }
}

fn credential(rest: &mut &[u8]) -> Result<(Vec<u8>, PublicKey), WebauthnError> {
    // Which model of device it is says nothing without an attestation.
    let _model = take::<16>(rest)?;
    let length = usize::from(u16::from_be_bytes(take(rest)?));
    if !(1..=MAX_CREDENTIAL_ID).contains(&length) {
        return Err(WebauthnError::Unreadable);
    }
    let (id, behind) = rest
        .split_at_checked(length)
        .ok_or(WebauthnError::Unreadable)?;
    *rest = behind;
    cbor(rest)?;
    let key = behind
        .get(..behind.len() - rest.len())
        .ok_or(WebauthnError::Unreadable)?;
    Ok((id.to_vec(), PublicKey::from_cose(key)?))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], WebauthnError> {
    let (taken, behind) = rest
        .split_first_chunk::<N>()
        .ok_or(WebauthnError::Unreadable)?;
    *rest = behind;
    Ok(*taken)
}

/// One item of CBOR, which is taken off.
pub(super) fn cbor(rest: &mut &[u8]) -> Result<Value, WebauthnError> {
    ciborium::de::from_reader_with_recursion_limit(rest, MAX_DEPTH)
        .map_err(|_| WebauthnError::Unreadable)
}
