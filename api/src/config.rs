//! Configuration from the environment: one struct per concern, every error at once, no other module reads it.
//!
//! Every key begins with `MARKETPLACE_`; an unknown one is an error, since a misspelt setting silently ignored is worse
//! than a server that does not start. [`SETTINGS`] is the list of all keys; `.env.example` is printed from it.

mod dkim;
mod follow_up;
mod network;
#[cfg(feature = "oidc")]
mod oidc;
mod parse;
mod privacy;
mod retention;
mod setting;
mod settings;
mod worklist;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::TimeDelta;
use secrecy::SecretString;

pub use dkim::DkimConfig;
pub use follow_up::FollowUpConfig;
pub use network::{Network, NetworkError};
#[cfg(feature = "oidc")]
pub use oidc::{OidcConfig, ProviderName};
pub use parse::ConfigErrors;
use parse::Reader;
pub use privacy::PrivacyConfig;
pub use retention::RetentionConfig;
pub use setting::{PREFIX, Setting, env_example};
pub use settings::SETTINGS;
pub use worklist::WorklistConfig;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Development relaxes what production refuses: plain http, mail into files, a generated key.
    pub environment: Environment,
    /// The listening socket and the addresses the world sees.
    pub http: HttpConfig,
    /// The database.
    pub database: DatabaseConfig,
    /// Keys, tokens and their lives.
    pub credentials: CredentialsConfig,
    /// The identity provider with whose accounts people may log in, where there is one.
    #[cfg(feature = "oidc")]
    pub oidc: Option<OidcConfig>,
    /// Who mails are from, and how they leave.
    pub mail: MailConfig,
    /// The numbers of the pairing's life.
    pub pairing: PairingConfig,
    /// After how long silence is followed up, and how.
    pub follow_up: FollowUpConfig,
    /// How long things may wait for a coordinator.
    pub worklist: WorklistConfig,
    /// How personal data are treated.
    pub privacy: PrivacyConfig,
    /// For how long things are kept.
    pub retention: RetentionConfig,
    /// What is logged, and how.
    pub log: LogConfig,
    /// Background work.
    pub worker: WorkerConfig,
}

/// Where the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A person's machine.
    Development,
    /// The public's.
    Production,
}

/// The listening socket and the addresses the world sees.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Where to listen.
    pub address: SocketAddr,
    /// Where to listen for whoever watches over the server; nowhere when absent.
    pub metrics_address: Option<SocketAddr>,
    /// What links in mails begin with, without a closing slash. Never taken from a request's headers.
    pub base_url: String,
    /// Origins that may call from a browser, besides `base_url`'s own.
    pub allowed_origins: Vec<String>,
    /// Where our reverse proxies are; requests from elsewhere come from the client itself.
    pub trusted_proxies: Vec<Network>,
    /// The folder of the built admin client, when it was built.
    pub admin_dir: Option<PathBuf>,
    /// The list of documents that clients may name by their hash, when there is one.
    pub trusted_documents: Option<PathBuf>,
}

/// The database.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `sqlite://path` or `postgres://…`.
    pub url: SecretString,
    /// The pool's size, 1..=200.
    pub max_connections: u32,
}

/// Keys, tokens and their lives.
#[derive(Clone, Debug)]
pub struct CredentialsConfig {
    /// PKCS#8 PEM file of the Ed25519 key that the database begins with; a new one when absent.
    pub signing_key_file: Option<PathBuf>,
    /// The secret under which the database keeps private keys, at least 32 characters.
    pub sealing_secret: SecretString,
    /// The secret behind signed links in mails, at least 32 characters.
    pub link_secret: SecretString,
    /// Life of an access token, at most 15 minutes.
    pub access_token_life: TimeDelta,
    /// How long sessions last.
    pub sessions: SessionsConfig,
    /// Whether coordinators and administrators must have a second factor, and show it before deciding over others.
    pub is_staff_factor_required: bool,
    /// Argon2id's cost.
    pub argon2: Argon2Config,
}

/// How long sessions last, by kind of account.
#[derive(Clone, Copy, Debug)]
pub struct SessionsConfig {
    /// Of coordinators and administrators.
    pub staff: SessionLimits,
    /// Of everybody else.
    pub others: SessionLimits,
}

/// A session ends with the earlier of the two.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// For how long it may go unused.
    pub idle: TimeDelta,
    /// How long it lasts from log-in on, whatever the use.
    pub absolute: TimeDelta,
}

/// Argon2id's cost (RFC 9106).
#[derive(Clone, Copy, Debug)]
pub struct Argon2Config {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

/// Who mails are from, and how they leave.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// `file:DIR`, `smtp://…` (STARTTLS required) or `smtps://…`.
    pub transport: SecretString,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// The sender's postal address, as Canada's anti-spam law requires it in every mail.
    pub postal_address: String,
    /// Where reports about mails that came back are sent, if anywhere of their own.
    pub bounce_address: Option<String>,
    /// What a program shows that posts such reports, if one may.
    pub report_secret: Option<SecretString>,
    /// How mails are signed, if they are.
    pub dkim: Option<DkimConfig>,
}

impl MailConfig {
    fn read(read: &mut Reader) -> Self {
        let transport = read.url_with_scheme("MAIL_TRANSPORT", &["file:", "smtp:", "smtps:"]);
        let from_name = read.text("MAIL_FROM_NAME");
        let from_address = read.mail_address("MAIL_FROM_ADDRESS");
        Self {
            transport,
            from_name,
            postal_address: read.text("MAIL_POSTAL_ADDRESS"),
            bounce_address: read.bounce_address("MAIL_BOUNCE_ADDRESS"),
            report_secret: read.secret_if_set("MAIL_REPORT_SECRET", 32),
            dkim: DkimConfig::read(read, from_address.as_deref()),
            from_address: from_address.unwrap_or_default(),
        }
    }
}

/// The numbers of the pairing's life.
#[derive(Clone, Copy, Debug)]
pub struct PairingConfig {
    /// How long an approved pairing can be recalled before its offers are mailed.
    pub hold_window: TimeDelta,
    /// How long both sides have to answer an offer.
    pub offer_life: TimeDelta,
    /// How many approved pairings of a role may wait for the organization's answer at once.
    pub pending_limit: u32,
    /// Meetings with less time between them are a near miss.
    pub meeting_gap: TimeDelta,
    /// How long a decline can be undone from the answer page.
    pub undo_window: TimeDelta,
    /// For how many months a vetting holds.
    pub vetting_months: u32,
}

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// `tracing` filter directives.
    pub filter: String,
    /// JSON lines, or readable lines for people.
    pub format: LogFormat,
}

/// The shape of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For machines.
    Json,
    /// For people.
    Pretty,
}

/// Background work.
#[derive(Clone, Copy, Debug)]
pub struct WorkerConfig {
    /// Whether `serve` also works jobs.
    pub is_embedded: bool,
    /// How many jobs a worker has in hand at most, 1..=64.
    pub jobs_at_once: usize,
    /// How many jobs of one lane run at once over all workers, 1..=64.
    pub lane_at_once: u32,
    /// How many jobs of one lane begin in a minute over all workers, 1..=600; as many as there are when 0.
    pub lane_per_minute: u32,
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// All that is wrong with it, at once.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where configuration is read"
    )]
    pub fn from_environment() -> Result<Self, ConfigErrors> {
        Self::from_values(
            // `vars` would panic at any variable that is not UTF-8, also one that is none of ours.
            std::env::vars_os()
                .filter_map(|(key, value)| Some((key.into_string().ok()?, value)))
                .filter(|(key, _)| key.starts_with(PREFIX))
                .map(|(key, value)| (key, value.to_string_lossy().into_owned()))
                .collect(),
        )
    }

    /// Reads `values`, whose keys are those of [`SETTINGS`].
    ///
    /// # Errors
    /// All that is wrong with them, at once.
    pub fn from_values(values: BTreeMap<String, String>) -> Result<Self, ConfigErrors> {
        let mut read = Reader::new(values);
        let environment = read.one_of(
            "ENVIRONMENT",
            &[
                ("development", Environment::Development),
                ("production", Environment::Production),
            ],
        );
        let config = Self {
            environment,
            http: HttpConfig {
                address: read.parsed("HTTP_ADDRESS", "an address and port such as 127.0.0.1:8080"),
                metrics_address: read.parsed_if_set(
                    "METRICS_ADDRESS",
                    "an address and port such as 127.0.0.1:9464",
                ),
                base_url: read.base_url("BASE_URL"),
                allowed_origins: read.origins("ALLOWED_ORIGINS"),
                trusted_proxies: read.networks("TRUSTED_PROXIES"),
                admin_dir: read.optional("ADMIN_DIR").map(PathBuf::from),
                trusted_documents: read.optional("TRUSTED_DOCUMENTS").map(PathBuf::from),
            },
            database: DatabaseConfig {
                url: read.url_with_scheme("DATABASE_URL", &["sqlite:", "postgres:", "postgresql:"]),
                max_connections: read.in_range("DATABASE_MAX_CONNECTIONS", 1, 200),
            },
            credentials: CredentialsConfig {
                signing_key_file: read.optional("SIGNING_KEY_FILE").map(PathBuf::from),
                sealing_secret: read.secret("SEALING_SECRET", 32),
                link_secret: read.secret("LINK_SECRET", 32),
                access_token_life: TimeDelta::minutes(read.in_range("ACCESS_TOKEN_MINUTES", 1, 15)),
                sessions: SessionsConfig {
                    staff: SessionLimits {
                        idle: TimeDelta::minutes(read.in_range("STAFF_IDLE_MINUTES", 5, 1_440)),
                        absolute: TimeDelta::hours(read.in_range("STAFF_ABSOLUTE_HOURS", 1, 168)),
                    },
                    others: SessionLimits {
                        idle: TimeDelta::days(read.in_range("SESSION_DAYS", 1, 365)),
                        absolute: TimeDelta::days(read.in_range("SESSION_ABSOLUTE_DAYS", 1, 730)),
                    },
                },
                is_staff_factor_required: read.one_of(
                    "STAFF_SECOND_FACTOR",
                    &[("optional", false), ("required", true)],
                ),
                argon2: Argon2Config {
                    memory_kib: read.in_range("ARGON2_MEMORY_KIB", 8, 1_048_576),
                    passes: read.in_range("ARGON2_PASSES", 1, 10),
                },
            },
            #[cfg(feature = "oidc")]
            oidc: OidcConfig::read(&mut read, environment),
            mail: MailConfig::read(&mut read),
            pairing: PairingConfig {
                hold_window: TimeDelta::minutes(read.in_range("HOLD_MINUTES", 0, 1440)),
                offer_life: TimeDelta::days(read.in_range("OFFER_DAYS", 1, 60)),
                pending_limit: read.in_range("ROLE_PENDING_LIMIT", 1, 100),
                meeting_gap: TimeDelta::minutes(read.in_range("MEETING_GAP_MINUTES", 0, 240)),
                undo_window: TimeDelta::hours(read.in_range("UNDO_HOURS", 0, 168)),
                vetting_months: read.in_range("VETTING_MONTHS", 1, 120),
            },
            follow_up: FollowUpConfig::read(&mut read),
            worklist: WorklistConfig::read(&mut read),
            privacy: PrivacyConfig::read(&mut read),
            retention: RetentionConfig::read(&mut read),
            log: LogConfig {
                filter: read.text("LOG"),
                format: read.one_of(
                    "LOG_FORMAT",
                    &[("pretty", LogFormat::Pretty), ("json", LogFormat::Json)],
                ),
            },
            worker: WorkerConfig {
                is_embedded: read.one_of("WORKER", &[("embedded", true), ("separate", false)]),
                jobs_at_once: read.in_range("JOBS_AT_ONCE", 1, 64),
                lane_at_once: read.in_range("MAIL_DOMAIN_AT_ONCE", 1, 64),
                lane_per_minute: read.in_range("MAIL_DOMAIN_PER_MINUTE", 0, 600),
            },
        };
        read.refuse_public_metrics(&config);
        read.refuse_unsafe_production(&config);
        read.finish(config)
    }

    /// The mail address of the person in charge of the protection of personal information.
    pub fn privacy_contact(&self) -> &str {
        let own = self.privacy.contact.as_deref();
        own.unwrap_or(&self.mail.from_address)
    }
}
