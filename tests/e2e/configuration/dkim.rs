//! The settings of the signature that mails leave with: all together, and of the sender's domain.

use super::{errors, read};

/// Settings that sign, with some changed; those that are empty are left out.
fn with<'a>(further: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let given = [
        ("MAIL_FROM_ADDRESS", "hello@Mail.example.org"),
        ("MAIL_DKIM_SELECTOR", "Mail2026.a-b"),
        ("MAIL_DKIM_KEY_FILE", "key.pem"),
    ];
    let mut settings: Vec<_> = given
        .into_iter()
        .filter(|(key, _)| !further.iter().any(|(other, _)| other == key))
        .collect();
    settings.extend(
        further
            .iter()
            .copied()
            .filter(|(_, value)| !value.is_empty()),
    );
    settings
}

#[test]
fn mails_are_signed_by_a_key_that_is_named_whole_and_is_the_senders() {
    assert_eq!(read(&[]).unwrap().mail.dkim, None);
    let dkim = read(&with(&[])).unwrap().mail.dkim.unwrap();
    assert_eq!(
        (
            dkim.domain.as_str(),
            dkim.selector.as_str(),
            dkim.key_file.to_str()
        ),
        ("mail.example.org", "mail2026.a-b", Some("key.pem"))
    );
    let label = |length: usize| "s".repeat(length);
    for further in [
        ("MAIL_DKIM_DOMAIN", "mail.example.org"),
        ("MAIL_DKIM_DOMAIN", "Example.org"),
        ("MAIL_DKIM_SELECTOR", &label(63)),
    ] {
        assert!(read(&with(&[further])).is_ok(), "{further:?}");
    }
    let together = "must be set too: MAIL_DKIM_SELECTOR and MAIL_DKIM_KEY_FILE are set together, and MAIL_DKIM_DOMAIN only with them";
    let name = "must be a name in DNS such as mail2026: letters, digits and hyphens, with dots between parts of at most 63";
    let own = "must be the domain of MAIL_FROM_ADDRESS or one above it: another's signature says nothing of the sender";
    for (key, value, why) in [
        ("MAIL_DKIM_SELECTOR", "", together),
        ("MAIL_DKIM_KEY_FILE", "", together),
        ("MAIL_DKIM_SELECTOR", &label(64), name),
        ("MAIL_DKIM_SELECTOR", "a..b", name),
        ("MAIL_DKIM_SELECTOR", "a; d=x", name),
        ("MAIL_DKIM_SELECTOR", "-a", name),
        ("MAIL_DKIM_DOMAIN", "mail.example.com", own),
        ("MAIL_DKIM_DOMAIN", "ail.example.org", own),
        ("MAIL_DKIM_DOMAIN", "x.mail.example.org", own),
    ] {
        assert_eq!(
            errors(&with(&[(key, value)])),
            [format!("MARKETPLACE_{key} {why}")],
            "{value}"
        );
    }
    assert_eq!(
        errors(&[("MAIL_DKIM_DOMAIN", "example.org")]),
        [
            format!("MARKETPLACE_MAIL_DKIM_SELECTOR {together}"),
            format!("MARKETPLACE_MAIL_DKIM_KEY_FILE {together}"),
        ]
    );
}
