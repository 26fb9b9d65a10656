//! Signed links in mails: a purpose, a subject and its version, and an end, under an HMAC. Nothing is stored for them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// Why a link is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Not one of ours, or changed on the way.
    #[error("the link was not made by this marketplace or is damaged")]
    Forged,
    /// Ours, but its time is over.
    #[error("the link has expired")]
    Expired,
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    #[serde(rename = "p")]
    purpose: String,
    #[serde(rename = "s")]
    subject: T,
    #[serde(rename = "e")]
    expires_at: i64,
}

/// Signs `subject` for one `purpose` (a link for one purpose is no good for another).
pub fn sign<T: Serialize>(
    secret: &SecretString,
    purpose: &str,
    subject: T,
    expires_at: DateTime<Utc>,
) -> String {
    let envelope = Envelope {
        purpose: purpose.to_owned(),
        subject,
        expires_at: expires_at.timestamp(),
    };
    let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&envelope).unwrap_or_default());
    let signature = mac(secret, &payload)
        .map(|mac| mac.finalize().into_bytes().to_vec())
        .unwrap_or_default();
    format!("{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The subject of a link that was signed for `purpose` and has not expired.
///
/// # Errors
/// [`LinkError::Forged`] or [`LinkError::Expired`].
pub fn verify<T: DeserializeOwned>(
    secret: &SecretString,
    purpose: &str,
    token: &str,
    now: DateTime<Utc>,
) -> Result<T, LinkError> {
    let (payload, signature) = token.split_once('.').ok_or(LinkError::Forged)?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| LinkError::Forged)?;
    let mac = mac(secret, payload).ok_or(LinkError::Forged)?;
    mac.verify_slice(&signature)
        .map_err(|_| LinkError::Forged)?;
    let bytes = URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| LinkError::Forged)?;
    let envelope: Envelope<T> = serde_json::from_slice(&bytes).map_err(|_| LinkError::Forged)?;
    if envelope.purpose != purpose {
        return Err(LinkError::Forged);
    }
    if envelope.expires_at <= now.timestamp() {
        return Err(LinkError::Expired);
    }
    Ok(envelope.subject)
}

fn mac(secret: &SecretString, payload: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(payload.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[test]
    fn a_link_gives_its_subject_back_until_it_ends() {
        let token = sign(&secret("s"), "answer", (7_u32, "x"), now());
        let subject = |at| verify::<(u32, String)>(&secret("s"), "answer", &token, at);
        assert_eq!(
            subject(now() - chrono::TimeDelta::seconds(1)),
            Ok((7, "x".to_owned()))
        );
        assert_eq!(subject(now()), Err(LinkError::Expired));
    }

    #[test]
    fn a_link_of_another_purpose_secret_or_content_is_forged() {
        let token = sign(&secret("s"), "answer", 7_u32, now());
        let before = now() - chrono::TimeDelta::seconds(1);
        assert_eq!(
            verify::<u32>(&secret("s"), "pause", &token, before),
            Err(LinkError::Forged)
        );
        assert_eq!(
            verify::<u32>(&secret("t"), "answer", &token, before),
            Err(LinkError::Forged)
        );
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            // The last character of unpadded base64 may carry unused bits; every other change must be noticed.
            if changed != token && index + 1 != token.len() && token.as_bytes()[index + 1] != b'.' {
                assert_eq!(
                    verify::<u32>(&secret("s"), "answer", &changed, before),
                    Err(LinkError::Forged)
                );
            }
        }
    }
}
