//! The settings of the provider: all or none, an address that is safe, and what is wrong told at once with everything else.

use std::collections::BTreeMap;

use api::config::{Config, SETTINGS, env_example};

const GOOD: [(&str, &str); 4] = [
    ("OIDC_ISSUER", "https://id.example/realm"),
    ("OIDC_CLIENT_ID", "marketplace"),
    ("OIDC_CLIENT_SECRET", "SecretOfTheClient"),
    ("OIDC_NAME", "City login | Compte de la Ville"),
];
const TOGETHER: &str = "must be set too: OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME are set together, or none of them";

fn read(changes: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let values: BTreeMap<String, String> = GOOD
        .iter()
        .chain(changes)
        .map(|(key, value)| (format!("MARKETPLACE_{key}"), (*value).to_owned()))
        .collect();
    Config::from_values(values).map_err(|errors| errors.0)
}

fn errors(changes: &[(&str, &str)]) -> Vec<String> {
    read(changes).map(|_| ()).unwrap_err()
}

#[test]
fn what_is_set_is_read() {
    let config = read(&[]).unwrap();
    let debug = format!("{config:?}");
    assert!(!debug.contains("SecretOfTheClient"), "{debug}");
    let oidc = config.oidc.unwrap();
    assert_eq!(
        (oidc.issuer.as_str(), oidc.client_id.as_str()),
        ("https://id.example/realm", "marketplace")
    );
    assert_eq!(
        (oidc.name.en.as_str(), oidc.name.fr.as_str()),
        ("City login", "Compte de la Ville")
    );
    assert_eq!(
        (oidc.connect_time.as_secs(), oidc.answer_time.as_secs()),
        (5, 10)
    );
    let one = read(&[("OIDC_NAME", "GCKey")]).unwrap().oidc.unwrap().name;
    assert_eq!((one.en.as_str(), one.fr.as_str()), ("GCKey", "GCKey"));
    let none = GOOD.map(|(key, _)| (key, ""));
    assert!(read(&none).unwrap().oidc.is_none());
}

#[test]
fn all_are_set_or_none() {
    for (missing, _) in GOOD {
        assert_eq!(
            errors(&[(missing, "")]),
            [format!("MARKETPLACE_{missing} {TOGETHER}")]
        );
    }
    let only_one = [
        ("OIDC_ISSUER", ""),
        ("OIDC_CLIENT_SECRET", ""),
        ("OIDC_NAME", ""),
    ];
    assert_eq!(errors(&only_one).len(), 3);
}

#[test]
fn the_issuer_is_an_address_that_is_safe() {
    let loopback = [
        "http://127.0.0.1:4000",
        "http://localhost:4000/x",
        "http://[::1]:4000",
    ];
    for good in loopback
        .iter()
        .chain(&["https://id.example", "https://127.0.0.1/"])
    {
        assert!(read(&[("OIDC_ISSUER", good)]).is_ok(), "{good}");
    }
    for wrong in [
        "id.example",
        "http://id.example",
        "ftp://127.0.0.1",
        "https://",
        "https://id.example?x",
        "https://id.example#x",
        "https://user@id.example",
        "http://localhost.evil.example",
    ] {
        let told = errors(&[("OIDC_ISSUER", wrong)]);
        assert!(
            told.len() == 1 && told[0].starts_with("MARKETPLACE_OIDC_ISSUER must be an address"),
            "{wrong}: {told:?}"
        );
    }
    for plain in loopback {
        let told = errors(&[("OIDC_ISSUER", plain), ("ENVIRONMENT", "production")]);
        assert!(
            told.iter()
                .any(|it| it.starts_with("MARKETPLACE_OIDC_ISSUER ")),
            "{plain}: {told:?}"
        );
    }
}

#[test]
fn the_name_has_limits_and_every_error_is_told_at_once() {
    assert!(read(&[("OIDC_NAME", &"é".repeat(60))]).is_ok());
    for wrong in [&"é".repeat(61), "a|", "|b", "a|b|c"] {
        let told = errors(&[("OIDC_NAME", wrong)]);
        assert!(
            told.len() == 1 && told[0].starts_with("MARKETPLACE_OIDC_NAME must be one name"),
            "{wrong}: {told:?}"
        );
    }
    let told = errors(&[
        ("OIDC_NAME", "|"),
        ("OIDC_ISSUER", "x"),
        ("OIDC_CLIENT_ID", ""),
        ("WORKER", "none"),
        ("OIDC_NAMES", "x"),
    ]);
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told.iter().all(|it| !it.contains("SecretOfTheClient")));
}

#[test]
fn they_add_to_the_example_and_take_nothing_away() {
    let shipped = include_str!("../../../.env.example");
    let printed = env_example();
    let is_lost = |line: &&str| !printed.lines().any(|it| it == *line);
    assert_eq!(shipped.lines().find(is_lost), None);
    assert!(!shipped.contains("OIDC"), "the default build has none");
    let added: Vec<_> = SETTINGS
        .iter()
        .filter(|it| !shipped.contains(&format!("MARKETPLACE_{}=", it.key)))
        .collect();
    assert_eq!(
        added.iter().map(|it| it.key).collect::<Vec<_>>(),
        GOOD.map(|(key, _)| key)
    );
    assert!(
        added
            .iter()
            .all(|it| it.default.is_empty() && printed.contains(it.meaning))
    );
}
