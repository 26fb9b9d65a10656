//! Settings of the signature that mails leave with: whose it is, under which name its key is in DNS, and where its private half lies.

use std::path::PathBuf;

use super::parse::Reader;

/// The longest name in DNS, and the longest part of one (RFC 1035, 2.3.4).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// How mails are signed (DKIM).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DkimConfig {
    /// Whose signature it is: the domain of the sender's address, or one above it. In lower case.
    pub domain: String,
    /// Which of the domain's keys: its name in DNS, below `_domainkey`. In lower case.
    pub selector: String,
    /// The private key, in PEM.
    pub key_file: PathBuf,
}

impl DkimConfig {
    /// Reads the three settings; nothing is signed without them. `sender` is the address that mails are from.
    pub(super) fn read(read: &mut Reader, sender: Option<&str>) -> Option<Self> {
        let selector = read.optional("MAIL_DKIM_SELECTOR");
        let key_file = read.optional("MAIL_DKIM_KEY_FILE");
        let domain = read.optional("MAIL_DKIM_DOMAIN");
        let is_any = selector.is_some() || key_file.is_some() || domain.is_some();
        for (key, is_missing) in [
            ("MAIL_DKIM_SELECTOR", selector.is_none()),
            ("MAIL_DKIM_KEY_FILE", key_file.is_none()),
        ] {
            if is_any && is_missing {
                read.refuse(
                    key,
                    "must be set too: MAIL_DKIM_SELECTOR and MAIL_DKIM_KEY_FILE are set together, and MAIL_DKIM_DOMAIN only with them",
                );
            }
        }
        let selector = selector.map(|selector| selector.to_ascii_lowercase());
        if let Some(selector) = &selector
            && !is_name(selector)
        {
            read.refuse(
                "MAIL_DKIM_SELECTOR",
                "must be a name in DNS such as mail2026: letters, digits and hyphens, with dots between parts of at most 63",
            );
        }
        let own = sender?.rsplit_once('@')?.1.to_ascii_lowercase();
        let domain = domain.map_or_else(|| own.clone(), |domain| domain.to_ascii_lowercase());
        let is_above = own == domain || own.ends_with(&format!(".{domain}"));
        if is_any && !(is_above && is_name(&domain)) {
            read.refuse(
                "MAIL_DKIM_DOMAIN",
                "must be the domain of MAIL_FROM_ADDRESS or one above it: another's signature says nothing of the sender",
            );
        }
        Some(Self {
            domain,
            selector: selector?,
            key_file: PathBuf::from(key_file?),
        })
    }
}

fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_plain = label.bytes().all(is_inside);
        let is_framed = !label.starts_with('-') && !label.ends_with('-');
        (1..=MAX_LABEL).contains(&label.len()) && is_plain && is_framed
    };
    text.len() <= MAX_NAME && text.split('.').all(is_label)
}
