//! A mail address in a form from which nobody reads it back: an HMAC under the secret of links. Who stopped our mail and was
//! erased is still not written to, should the address ever come back.

use entity::personal::Personal;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use crate::credentials::secret_token::hexadecimal;
use crate::error::DomainError;

/// Keeps these apart from everything else that is made with the secret.
const PURPOSE: &[u8] = b"suppressed address:";

/// The sealed form of a normalized address, `hmac:` and 64 hexadecimal digits. It is no mail address.
pub fn seal(secret: &SecretString, address: &Personal) -> Result<Personal, DomainError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(DomainError::internal)?;
    mac.update(PURPOSE);
    mac.update(address.expose().as_bytes());
    let digits = hexadecimal(&mac.finalize().into_bytes());
    Ok(Personal::new(format!("hmac:{digits}")))
}

/// What a normalized address may be called among the suppressions: itself, or sealed, if an account with it was erased.
pub fn names_of(secret: &SecretString, address: &Personal) -> Result<[Personal; 2], DomainError> {
    Ok([address.clone(), seal(secret, address)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_address_depends_on_the_address_and_the_secret_and_shows_neither() {
        let sealed = |secret: &str, address: &str| {
            let sealed = seal(&SecretString::from(secret), &Personal::new(address));
            sealed.unwrap().into_exposed()
        };
        let one = sealed("a secret", "nora@example.org");
        assert_eq!(one, sealed("a secret", "nora@example.org"));
        assert_ne!(one, sealed("a secret", "nora@example.com"));
        assert_ne!(one, sealed("another", "nora@example.org"));
        assert_eq!(one.len(), "hmac:".len() + 64);
        assert!(!one.contains("nora") && !one.contains('@'));
    }
}
