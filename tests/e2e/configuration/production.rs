//! What a production server must be told, and what it does not start with.

use api::config::SETTINGS;

use super::{errors, read};

/// The least that a production server must set.
const PRODUCTION: &[(&str, &str)] = &[
    ("ENVIRONMENT", "production"),
    ("BASE_URL", "https://marketplace.example.org"),
    ("MAIL_TRANSPORT", "smtps://mailer:secret@mail.example.org"),
    ("LINK_SECRET", "a secret of thirty-two characters or more"),
    ("SEALING_SECRET", "another secret of thirty-two characters"),
    ("STAFF_SECOND_FACTOR", "required"),
    ("MAIL_POSTAL_ADDRESS", "1 Main Street, Ottawa ON K1A 0A1"),
];

#[test]
fn production_refuses_what_is_only_fit_for_development() {
    let errors = errors(&[
        ("ENVIRONMENT", "production"),
        ("ARGON2_MEMORY_KIB", "19455"),
        ("ARGON2_PASSES", "1"),
    ]);
    assert_eq!(
        errors,
        [
            "MARKETPLACE_BASE_URL must begin with https:// in production",
            "MARKETPLACE_MAIL_TRANSPORT must be smtp:// or smtps:// in production",
            "MARKETPLACE_LINK_SECRET must be set in production (openssl rand -base64 48)",
            "MARKETPLACE_SEALING_SECRET must be set in production (openssl rand -base64 48)",
            "MARKETPLACE_STAFF_SECOND_FACTOR must be required in production",
            "MARKETPLACE_MAIL_POSTAL_ADDRESS must be set in production",
            "MARKETPLACE_ARGON2_MEMORY_KIB must be 19456 or more in production",
            "MARKETPLACE_ARGON2_PASSES must be 2 or more in production",
        ]
    );
    read(PRODUCTION).unwrap();
}

#[test]
fn production_refuses_the_values_of_the_example_file() {
    for key in ["LINK_SECRET", "SEALING_SECRET", "MAIL_POSTAL_ADDRESS"] {
        let example = SETTINGS.iter().find(|setting| setting.key == key).unwrap();
        let copied: Vec<_> = PRODUCTION
            .iter()
            .filter(|(name, _)| *name != key)
            .copied()
            .chain([(key, example.default)])
            .collect();
        let errors = errors(&copied);
        assert!(
            errors[0].contains("must be set in production"),
            "{errors:?}"
        );
    }
}

#[test]
fn what_is_left_blank_in_production_is_told_once() {
    let blank = [
        ("LINK_SECRET", ""),
        ("SEALING_SECRET", ""),
        ("MAIL_POSTAL_ADDRESS", ""),
    ];
    let given = PRODUCTION.iter().copied();
    let given = given.filter(|(key, _)| !blank.iter().any(|(other, _)| other == key));
    let told = errors(&given.chain(blank).collect::<Vec<_>>());
    assert_eq!(
        told,
        [
            "MARKETPLACE_LINK_SECRET must be set in production (openssl rand -base64 48)",
            "MARKETPLACE_SEALING_SECRET must be set in production (openssl rand -base64 48)",
            "MARKETPLACE_MAIL_POSTAL_ADDRESS must be set in production",
        ]
    );
}

#[test]
fn two_secrets_are_two() {
    let one = "a secret of thirty-two characters or more";
    let same = PRODUCTION
        .iter()
        .copied()
        .filter(|(key, _)| *key != "SEALING_SECRET")
        .chain([("SEALING_SECRET", one)]);
    let told = errors(&same.collect::<Vec<_>>());
    assert_eq!(
        told,
        ["MARKETPLACE_SEALING_SECRET must be another than LINK_SECRET (openssl rand -base64 48)"]
    );
}
