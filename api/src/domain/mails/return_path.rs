//! Each mail's own return path: `bounces+ID@example.org`. What comes back to it says by its address alone which mail it is about,
//! whatever the server that sent it back has written into it. An id has 74 random bits; its reader
//! and whoever they pass the mail on to can name it, and could have said so without us.

use entity::id::MailMessageId;
use uuid::Uuid;

/// The return path of a mail, below the address to which reports are sent.
pub fn of(bounce_address: &str, mail: MailMessageId) -> String {
    let id = mail.uuid().simple();
    match bounce_address.split_once('@') {
        Some((local, domain)) => format!("{local}+{id}@{domain}"),
        None => bounce_address.to_owned(),
    }
}

/// The mail whose return path `address` is, in lower case or not.
pub fn read(bounce_address: &str, address: &str) -> Option<MailMessageId> {
    let (local, domain) = bounce_address.split_once('@')?;
    let (found, found_domain) = address.split_once('@')?;
    let (found_local, id) = found.rsplit_once('+')?;
    let is_ours =
        found_domain.eq_ignore_ascii_case(domain) && found_local.eq_ignore_ascii_case(local);
    let is_id = id.len() == 32;
    let id = Uuid::try_parse(id).ok().filter(|_| is_ours && is_id)?;
    Some(MailMessageId::new(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_path_names_its_mail_in_any_case_and_nothing_else_does() {
        let mail = MailMessageId::new(Uuid::from_u128(0x0192_f3c4_0000_7000_8000_00ab_cdef_0123));
        let path = of("bounces@example.org", mail);
        assert_eq!(
            path,
            "bounces+0192f3c40000700080000 0abcdef0123@example.org".replace(' ', "")
        );
        for same in [path.clone(), path.to_uppercase()] {
            assert_eq!(read("bounces@example.org", &same), Some(mail), "{same}");
        }
        for other in [
            "bounces@example.org",
            "bounces+@example.org",
            "bounces+0192f3c4-0000-7000-8000-00abcdef0123@example.org",
            "else+0192f3c400007000800000abcdef0123@example.org",
            "bounces+0192f3c400007000800000abcdef0123@example.com",
            "0192f3c400007000800000abcdef0123",
        ] {
            assert_eq!(read("bounces@example.org", other), None, "{other}");
        }
        let tagged = of("team+mail@example.org", mail);
        assert_eq!(read("team+mail@example.org", &tagged), Some(mail));
    }
}
