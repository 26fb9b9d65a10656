//! Each mail's own return path: `bounces+ID@example.org`. What comes back to it says by its address alone which mail it is about,
//! whatever the server that sent it back has written into it. The id is that of the mail's `Message-ID`, which answers quote and
//! lists publish; the seal behind it is told to mail servers alone, which keep the return path of a mail.

use entity::id::MailMessageId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use uuid::Uuid;

use crate::credentials::secret_token::hexadecimal;
use crate::error::DomainError;

/// Keeps the seals apart from everything else that is made with the secret of links.
const PURPOSE: &[u8] = b"return path:";
/// An id in hexadecimal.
const ID_DIGITS: usize = 32;
/// The seal: 40 bits, each guess at which is a mail.
const SEAL_DIGITS: usize = 10;

/// The return path of a mail, below the address to which reports are sent.
///
/// # Errors
/// When the secret cannot be used.
pub fn of(
    secret: &SecretString,
    bounce_address: &str,
    mail: MailMessageId,
) -> Result<String, DomainError> {
    let id = mail.uuid().simple();
    let seal = hexadecimal(&mac(secret, mail)?.finalize().into_bytes());
    let seal: String = seal.chars().take(SEAL_DIGITS).collect();
    Ok(match bounce_address.split_once('@') {
        Some((local, domain)) => format!("{local}+{id}{seal}@{domain}"),
        None => bounce_address.to_owned(),
    })
}

/// The mail whose return path `address` is, in lower case or not; none for a path that we never gave.
///
/// # Errors
/// When the secret cannot be used.
pub fn read(
    secret: &SecretString,
    bounce_address: &str,
    address: &str,
) -> Result<Option<MailMessageId>, DomainError> {
    let Some(mail) = named(bounce_address, address) else {
        return Ok(None);
    };
    // Nobody who sends reports sees how long this takes.
    let path = of(secret, bounce_address, mail)?;
    Ok(path.eq_ignore_ascii_case(address).then_some(mail))
}

/// The mail that an address of the form of return paths names.
fn named(bounce_address: &str, address: &str) -> Option<MailMessageId> {
    let (local, _) = bounce_address.split_once('@')?;
    let (found, _) = address.split_once('@')?;
    let named = found.get(local.len() + 1..)?;
    let is_whole = named.len() == ID_DIGITS + SEAL_DIGITS;
    let id = named.get(..ID_DIGITS).filter(|_| is_whole)?;
    Uuid::try_parse(id).ok().map(MailMessageId::new)
}

fn mac(secret: &SecretString, mail: MailMessageId) -> Result<Hmac<Sha256>, DomainError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(DomainError::internal)?;
    mac.update(PURPOSE);
    mac.update(mail.uuid().as_bytes());
    Ok(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_path_names_its_mail_in_any_case_and_nothing_else_does() {
        let secret = SecretString::from("a secret");
        let mail = MailMessageId::new(Uuid::from_u128(0x0192_f3c4_0000_7000_8000_00ab_cdef_0123));
        let read = |bounce_address: &str, address: &str| {
            super::read(&secret, bounce_address, address).unwrap()
        };
        let path = of(&secret, "bounces@example.org", mail).unwrap();
        let (local, domain) = path.split_once('@').unwrap();
        assert!(
            local.starts_with(
                "bounces+0192f3c40000700080000 0abcdef0123"
                    .replace(' ', "")
                    .as_str()
            )
        );
        assert_eq!(
            (local.len(), domain),
            ("bounces+".len() + 42, "example.org")
        );
        for same in [path.clone(), path.to_uppercase()] {
            assert_eq!(read("bounces@example.org", &same), Some(mail), "{same}");
        }
        let elsewhere = format!("{local}@example.com");
        let other_name = path.replace("bounces", "outward");
        let other_mail = path.replace("0192f3c4", "0192f3c5");
        let (unsealed, _) = local.split_at(local.len() - 10);
        let unsealed = format!("{unsealed}@example.org");
        let ill_sealed = of(&SecretString::from("another"), "bounces@example.org", mail).unwrap();
        for other in [
            "bounces@example.org",
            "bounces+@example.org",
            "b@example.org",
            "0192f3c400007000800000abcdef0123",
            &elsewhere,
            &other_name,
            &other_mail,
            &unsealed,
            &ill_sealed,
        ] {
            assert_eq!(read("bounces@example.org", other), None, "{other}");
        }
        let tagged = of(&secret, "team+mail@example.org", mail).unwrap();
        assert_eq!(read("team+mail@example.org", &tagged), Some(mail));
    }
}
