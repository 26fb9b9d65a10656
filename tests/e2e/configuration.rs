//! Settings: the example file, both sides of every range, all errors at once, and secrets
//! that are never printed.

mod dkim;
mod production;
mod ranges;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use self::ranges::RANGES;
use api::config::{Config, Network, PREFIX, SETTINGS, env_example};

#[test]
fn the_example_file_is_what_the_program_prints() {
    let file = fs::read_to_string(repository().join(".env.example")).unwrap();
    assert!(
        file == env_example(),
        ".env.example is out of date; run `make env-example`"
    );
}

#[test]
fn the_example_file_is_a_valid_configuration() {
    let values = env_example()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned()))
        .collect();
    let example = Config::from_values(values).unwrap();
    assert_eq!(
        format!("{example:?}"),
        format!("{:?}", read(&[]).unwrap()),
        "the example's values are the defaults"
    );
}

#[test]
fn a_shell_reads_the_example_file() {
    let output = Command::new("sh")
        .current_dir(repository())
        .args(["-ec", "set -a; . ./.env.example; env"])
        .env_clear()
        .output()
        .unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    let read = String::from_utf8(output.stdout).unwrap();
    for setting in SETTINGS {
        let line = format!("{PREFIX}{}={}", setting.key, setting.default);
        assert!(
            read.lines().any(|it| it == line),
            "{line} is not in\n{read}"
        );
    }
}

#[test]
fn every_setting_is_read() {
    // A setting that nothing reads would be accepted and do nothing.
    let config = format!("{:?}", read(&[]).unwrap());
    for setting in SETTINGS {
        let other =
            match (setting.key, setting.default) {
                ("HTTP_ADDRESS" | "METRICS_ADDRESS", _) => "127.0.0.1:9999",
                ("BASE_URL" | "ALLOWED_ORIGINS", _) => "https://elsewhere.example.org",
                ("LOG_FORMAT", _) => "json",
                ("MAIL_FROM_ADDRESS" | "MAIL_BOUNCE_ADDRESS" | "PRIVACY_CONTACT", _) => {
                    "somebody@elsewhere.example.org"
                }
                ("MAIL_REPORT_SECRET", _) => "thirty-two characters or some more",
                ("STAFF_SECOND_FACTOR", _) => "required",
                ("WORKER", _) => "separate",
                // Production changes what is refused, and secrets are compared by their effect on errors: below.
                // Those of signatures are set together: `dkim`.
                (
                    "ENVIRONMENT" | "DATABASE_URL" | "MAIL_TRANSPORT" | "LINK_SECRET"
                    | "SEALING_SECRET" | "MAIL_DKIM_SELECTOR" | "MAIL_DKIM_KEY_FILE"
                    | "MAIL_DKIM_DOMAIN",
                    _,
                ) => continue,
                ("TRUSTED_PROXIES", _) => "10.0.0.0/8",
                ("INACTIVE_FIRST_NOTICE_DAYS", _) => "45",
                ("COMMITMENT_LAST_NOTICE_DAYS" | "MISSED_CHECK_INS", _) => "5",
                (key, default) if RANGES.iter().any(|(name, ..)| *name == key) => {
                    if default == "9" { "8" } else { "9" }
                }
                _ => "something-else",
            };
        let changed = format!("{:?}", read(&[(setting.key, other)]).unwrap());
        assert_ne!(changed, config, "{} changes nothing", setting.key);
    }
}

#[test]
fn an_unknown_key_is_an_error() {
    let errors = errors(&[("HTTP_ADRESS", "127.0.0.1:80")]);
    assert_eq!(
        errors,
        ["MARKETPLACE_HTTP_ADRESS is not a setting; see .env.example for those there are"]
    );
}

#[test]
fn every_error_is_told_at_once() {
    let errors = errors(&[
        ("NO_SUCH_KEY", "1"),
        ("ENVIRONMENT", "staging"),
        ("HTTP_ADDRESS", "localhost"),
        ("METRICS_ADDRESS", "9464"),
        ("BASE_URL", "ftp://example.org"),
        ("ALLOWED_ORIGINS", "https://a.example, *"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_MAX_CONNECTIONS", "many"),
        ("LINK_SECRET", "too short"),
        ("SEALING_SECRET", "too short"),
        ("STAFF_SECOND_FACTOR", "no"),
        ("MAIL_TRANSPORT", "sendmail"),
        ("MAIL_FROM_NAME", " "),
        ("LOG_FORMAT", "xml"),
        ("WORKER", "none"),
    ]);
    assert_eq!(
        errors,
        [
            "MARKETPLACE_NO_SUCH_KEY is not a setting; see .env.example for those there are",
            "MARKETPLACE_ENVIRONMENT must be development or production",
            "MARKETPLACE_HTTP_ADDRESS must be an address and port such as 127.0.0.1:8080",
            "MARKETPLACE_METRICS_ADDRESS must be an address and port such as 127.0.0.1:9464",
            "MARKETPLACE_BASE_URL must begin with https:// (or http:// in development) and name a host",
            "MARKETPLACE_ALLOWED_ORIGINS may not be *: name each origin",
            "MARKETPLACE_DATABASE_URL must begin with one of sqlite:, postgres:, postgresql:",
            "MARKETPLACE_DATABASE_MAX_CONNECTIONS must be a whole number from 1 to 200",
            "MARKETPLACE_SEALING_SECRET must have at least 32 characters",
            "MARKETPLACE_LINK_SECRET must have at least 32 characters",
            "MARKETPLACE_STAFF_SECOND_FACTOR must be optional or required",
            "MARKETPLACE_MAIL_TRANSPORT must begin with one of file:, smtp:, smtps:",
            "MARKETPLACE_MAIL_FROM_NAME is empty; leave it out for its default (Civic Tech Marketplace)",
            "MARKETPLACE_LOG_FORMAT must be pretty or json",
            "MARKETPLACE_WORKER must be embedded or separate",
        ]
    );
}

#[test]
fn what_comes_back_has_an_address_with_room_for_an_id_and_whoever_reports_it_a_secret() {
    let address = |length: usize| format!("{}@example.org", "b".repeat(length));
    assert!(read(&[("MAIL_BOUNCE_ADDRESS", &address(21))]).is_ok());
    assert_eq!(
        errors(&[("MAIL_BOUNCE_ADDRESS", &address(22))]),
        ["MARKETPLACE_MAIL_BOUNCE_ADDRESS must have at most 21 characters before the @"]
    );
    assert_eq!(
        errors(&[("MAIL_BOUNCE_ADDRESS", "nowhere")]),
        ["MARKETPLACE_MAIL_BOUNCE_ADDRESS must be a mail address such as marketplace@example.org"]
    );
    let secret = |length: usize| "s".repeat(length);
    assert!(read(&[("MAIL_REPORT_SECRET", &secret(32))]).is_ok());
    assert_eq!(
        errors(&[("MAIL_REPORT_SECRET", &secret(31))]),
        ["MARKETPLACE_MAIL_REPORT_SECRET must have at least 32 characters"]
    );
}

#[test]
fn figures_are_served_nowhere_unless_asked_for_and_never_where_the_public_comes_in() {
    assert_eq!(read(&[]).unwrap().http.metrics_address, None);
    let elsewhere = read(&[("METRICS_ADDRESS", "[::1]:9464")]).unwrap();
    assert_eq!(elsewhere.http.metrics_address, "[::1]:9464".parse().ok());
    let refused =
        |public, metrics| errors(&[("HTTP_ADDRESS", public), ("METRICS_ADDRESS", metrics)]);
    for (public, metrics) in [
        ("192.0.2.1:80", "192.0.2.1:80"),
        ("0.0.0.0:80", "0.0.0.0:80"),
        ("0.0.0.0:80", "127.0.0.1:80"),
        ("127.0.0.1:80", "0.0.0.0:80"),
        ("[::]:80", "127.0.0.1:80"),
        ("127.0.0.1:80", "[::]:80"),
    ] {
        assert_eq!(
            refused(public, metrics),
            [
                "MARKETPLACE_METRICS_ADDRESS must be another address than HTTP_ADDRESS; where one of them is 0.0.0.0 or [::], another port"
            ],
            "{public} {metrics}"
        );
    }
    for (public, metrics) in [
        ("0.0.0.0:80", "0.0.0.0:9464"),
        ("192.0.2.1:80", "127.0.0.1:80"),
        ("127.0.0.1:0", "127.0.0.1:0"),
    ] {
        let settings = [("HTTP_ADDRESS", public), ("METRICS_ADDRESS", metrics)];
        assert!(read(&settings).is_ok(), "{public} {metrics}");
    }
}

#[test]
fn a_number_is_accepted_up_to_both_ends_of_its_range_and_not_beyond() {
    for (key, low, high) in RANGES {
        for accepted in [*low, *high] {
            read(&[(key, &accepted.to_string())]).unwrap();
        }
        for refused in [low - 1, high + 1] {
            assert_eq!(
                errors(&[(key, &refused.to_string())]),
                [format!(
                    "MARKETPLACE_{key} must be a whole number from {low} to {high}"
                )]
            );
        }
        for refused in ["1.5", "one", "99999999999999999999", " "] {
            assert_eq!(errors(&[(key, refused)]).len(), 1, "{key}={refused}");
        }
    }
}

#[test]
fn a_secret_has_thirty_two_characters_or_more() {
    for key in ["LINK_SECRET", "SEALING_SECRET"] {
        assert!(read(&[(key, &"é".repeat(32))]).is_ok());
        assert_eq!(errors(&[(key, &"é".repeat(31))]).len(), 1);
    }
}

#[test]
fn both_databases_and_every_mail_transport_are_accepted() {
    for url in [
        "sqlite://run/x.db",
        "postgres://u:p@h/d",
        "postgresql://u@h:5433/d",
    ] {
        read(&[("DATABASE_URL", url)]).unwrap();
    }
    for url in ["file:run/mail", "smtp://u:p@h:587", "smtps://u:p@h"] {
        read(&[("MAIL_TRANSPORT", url)]).unwrap();
    }
}

#[test]
fn a_closing_slash_of_an_address_does_not_matter() {
    let config = read(&[
        ("BASE_URL", "https://example.org/"),
        (
            "ALLOWED_ORIGINS",
            "https://a.example/ , https://b.example,,",
        ),
    ])
    .unwrap();
    assert_eq!(config.http.base_url, "https://example.org");
    assert_eq!(
        config.http.allowed_origins,
        ["https://a.example", "https://b.example"]
    );
}

#[test]
fn an_origin_is_what_a_browser_says_it_is() {
    for origin in [
        "null",
        "foo",
        "app.example",
        "https://",
        "https://app.example/admin",
        "https://me@app.example",
        "ftp://app.example",
    ] {
        let told = errors(&[("ALLOWED_ORIGINS", origin)]);
        assert_eq!(told.len(), 1, "{origin}");
        assert!(
            told[0].ends_with("such as https://app.example.org (item 1)"),
            "{}",
            told[0]
        );
    }
    for origin in ["https://app.example:8443", "http://localhost:5173"] {
        read(&[("ALLOWED_ORIGINS", origin)]).unwrap();
    }
}

#[test]
fn proxies_are_named_by_their_networks_and_not_counted() {
    assert!(read(&[]).unwrap().http.trusted_proxies.is_empty());
    let named = read(&[("TRUSTED_PROXIES", "10.0.0.0/8, ::1 ,,192.0.2.1")]).unwrap();
    let expected: [Network; 3] = ["10.0.0.0/8", "::1", "192.0.2.1"].map(|it| it.parse().unwrap());
    assert_eq!(named.http.trusted_proxies, expected);
    for count in ["0", "1", "2"] {
        assert_eq!(
            errors(&[("TRUSTED_PROXIES", count)]),
            [
                "MARKETPLACE_TRUSTED_PROXIES takes the addresses or networks of the proxies, such as 10.0.0.0/8, ::1, not how many there are; leave it out when there are none"
            ]
        );
    }
    assert_eq!(
        errors(&[(
            "TRUSTED_PROXIES",
            "proxy.example.org, ::1, 10.1.2.3/8, ::/0"
        )]),
        [
            "MARKETPLACE_TRUSTED_PROXIES is not an address or a network (item 1)",
            "MARKETPLACE_TRUSTED_PROXIES names an address within a network; write 10.0.0.0/8 for the network (item 3)",
            "MARKETPLACE_TRUSTED_PROXIES may not be every address there is (/0) (item 4)",
        ]
    );
}

#[test]
fn mails_come_from_an_address() {
    for (key, wrong) in [
        ("MAIL_FROM_ADDRESS", "me"),
        ("MAIL_FROM_ADDRESS", "me@"),
        ("PRIVACY_CONTACT", "somebody"),
    ] {
        let told = errors(&[(key, wrong)]);
        assert_eq!(
            told,
            [format!(
                "MARKETPLACE_{key} must be a mail address such as marketplace@example.org"
            )]
        );
    }
    read(&[("MAIL_FROM_ADDRESS", "me@example.org")]).unwrap();
}

#[test]
fn no_secret_is_ever_printed() {
    let planted = [
        (
            "DATABASE_URL",
            "postgres://marketplace:PLANTED-1@db/marketplace",
        ),
        ("LINK_SECRET", "PLANTED-2-which-is-long-enough-for-a-secret"),
        (
            "SEALING_SECRET",
            "PLANTED-4-which-is-long-enough-for-a-secret",
        ),
        ("MAIL_TRANSPORT", "smtp://marketplace:PLANTED-3@mail:587"),
    ];
    let config = format!("{:#?}", read(&planted).unwrap());
    assert!(!config.contains("PLANTED"), "{config}");

    // Nor when it is wrong, in the setting it belongs to or in another.
    for setting in SETTINGS {
        for value in ["PLANTED", "mysql://PLANTED", "PLANTED*, *"] {
            if let Err(error) = read(&[(setting.key, value)]) {
                let told = format!("{error} {error:?}");
                assert!(!told.contains("PLANTED"), "{told}");
            }
        }
    }
}

fn read(settings: &[(&str, &str)]) -> Result<Config, api::config::ConfigErrors> {
    let values: BTreeMap<String, String> = settings
        .iter()
        .map(|(key, value)| (format!("{PREFIX}{key}"), (*value).to_owned()))
        .collect();
    Config::from_values(values)
}

fn errors(settings: &[(&str, &str)]) -> Vec<String> {
    read(settings).expect_err("these settings are wrong").0
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
