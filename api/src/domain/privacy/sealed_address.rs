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
const DOMAIN_PURPOSE: &[u8] = b"mail domain:";

/// The sealed form of a normalized address, `hmac:` and 64 hexadecimal digits. It is no mail address.
pub fn seal(secret: &SecretString, address: &Personal) -> Result<Personal, DomainError> {
    let digits = digits(secret, PURPOSE, address.expose())?;
    Ok(Personal::new(format!("hmac:{digits}")))
}

/// A name for the domain of mail addresses by which nobody knows it: some people have one of their own.
pub fn seal_domain(secret: &SecretString, domain: &str) -> Result<String, DomainError> {
    let digits = digits(secret, DOMAIN_PURPOSE, &domain.to_lowercase())?;
    Ok(digits.chars().take(16).collect())
}

fn digits(secret: &SecretString, purpose: &[u8], text: &str) -> Result<String, DomainError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(DomainError::internal)?;
    mac.update(purpose);
    mac.update(text.as_bytes());
    Ok(hexadecimal(&mac.finalize().into_bytes()))
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

    #[test]
    fn a_sealed_domain_is_the_same_in_either_case_and_shows_nothing() {
        let sealed =
            |secret: &str, domain: &str| seal_domain(&SecretString::from(secret), domain).unwrap();
        let one = sealed("a secret", "nora-tremblay.example");
        assert_eq!(one, sealed("a secret", "Nora-Tremblay.Example"));
        assert_ne!(one, sealed("a secret", "example.org"));
        assert_ne!(one, sealed("another", "nora-tremblay.example"));
        assert_eq!(one.len(), 16);
        assert!(one.chars().all(|digit| digit.is_ascii_hexdigit()));
    }
}
