//! Reads settings one by one and keeps every error until the end. Values are never part of an error: they may be secrets.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::net::SocketAddr;
use std::str::FromStr;

use matcher::mail::Address;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Config, Environment, Network, PREFIX, SETTINGS};

/// What stands before the `@` has 64 characters at most (RFC 5321, §4.5.3.1.1), a `+`, an id and its seal among them.
const BOUNCE_LOCAL: usize = 64 - 1 - 42;

/// Everything that is wrong with the configuration, one line each.
#[derive(Debug, thiserror::Error)]
pub struct ConfigErrors(pub Vec<String>);

impl Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} error(s):", self.0.len())?;
        self.0
            .iter()
            .try_for_each(|error| writeln!(f, "  - {error}"))
    }
}

pub(super) struct Reader {
    values: BTreeMap<String, String>,
    errors: Vec<String>,
}

impl Reader {
    pub(super) fn new(values: BTreeMap<String, String>) -> Self {
        let errors = values
            .keys()
            .filter(|key| {
                !SETTINGS
                    .iter()
                    .any(|setting| key.strip_prefix(PREFIX) == Some(setting.key))
            })
            .map(|key| format!("{key} is not a setting; see .env.example for those there are"))
            .collect();
        Self { values, errors }
    }

    pub(super) fn finish(self, config: Config) -> Result<Config, ConfigErrors> {
        if self.errors.is_empty() {
            Ok(config)
        } else {
            Err(ConfigErrors(self.errors))
        }
    }

    /// Notes a fault; one that is noted already is not told twice.
    pub(super) fn refuse(&mut self, key: &str, reason: impl Display) {
        let error = format!("{PREFIX}{key} {reason}");
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// Notes that a setting has no default in production, in the place of whatever else is wrong with it.
    fn refuse_default(&mut self, key: &str, how: &str) {
        let named = format!("{PREFIX}{key} ");
        self.errors.retain(|error| !error.starts_with(&named));
        self.refuse(key, format_args!("must be set in production{how}"));
    }

    /// Whether a setting was left out, or was copied from the example.
    fn is_default(&mut self, key: &str) -> bool {
        self.text(key) == default(key)
    }

    pub(super) fn text(&mut self, key: &str) -> String {
        let default = default(key);
        match self.values.get(&format!("{PREFIX}{key}")) {
            Some(value) if value.trim().is_empty() && !default.is_empty() => {
                self.refuse(
                    key,
                    format_args!("is empty; leave it out for its default ({default})"),
                );
                default.to_owned()
            }
            Some(value) => value.trim().to_owned(),
            None => default.to_owned(),
        }
    }

    pub(super) fn optional(&mut self, key: &str) -> Option<String> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    /// A mail address, or nothing where that may be.
    pub(super) fn mail_address(&mut self, key: &str) -> Option<String> {
        let address = self.optional(key);
        if let Some(address) = &address
            && Address::parse(address).is_err()
        {
            self.refuse(
                key,
                "must be a mail address such as marketplace@example.org",
            );
        }
        address
    }

    /// A mail address with room for an id before the `@`.
    pub(super) fn bounce_address(&mut self, key: &str) -> Option<String> {
        let address = self.mail_address(key)?;
        let local = address.split('@').next().unwrap_or_default();
        if local.len() > BOUNCE_LOCAL {
            self.refuse(
                key,
                format_args!("must have at most {BOUNCE_LOCAL} characters before the @"),
            );
        }
        Some(address)
    }

    /// Origins of pages that may use a browser's session.
    pub(super) fn origins(&mut self, key: &str) -> Vec<String> {
        let text = self.text(key);
        let items = text
            .split(',')
            .map(|item| item.trim().trim_end_matches('/'));
        let items: Vec<String> = items
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect();
        for (place, item) in (1..).zip(&items) {
            if item == "*" {
                self.refuse(key, "may not be *: name each origin");
            } else if !is_origin(item) {
                self.refuse(
                    key,
                    format_args!(
                        "takes origins, each a scheme, a host and maybe a port, such as https://app.example.org (item {place})"
                    ),
                );
            }
        }
        items
    }

    pub(super) fn networks(&mut self, key: &str) -> Vec<Network> {
        let text = self.text(key);
        if !text.is_empty() && text.chars().all(|character| character.is_ascii_digit()) {
            self.refuse(
                key,
                "takes the addresses or networks of the proxies, such as 10.0.0.0/8, ::1, not how many there are; leave it out when there are none",
            );
            return Vec::new();
        }
        let mut networks = Vec::new();
        let items = text.split(',').map(str::trim);
        for (place, item) in (1..).zip(items.filter(|item| !item.is_empty())) {
            match item.parse::<Network>() {
                Ok(network) => networks.push(network),
                Err(error) => self.refuse(key, format_args!("{error} (item {place})")),
            }
        }
        networks
    }

    pub(super) fn one_of<T: Copy>(&mut self, key: &str, choices: &[(&str, T); 2]) -> T {
        let text = self.text(key);
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
            return *value;
        }
        let [(first, value), (second, _)] = choices;
        self.refuse(key, format_args!("must be {first} or {second}"));
        *value
    }

    pub(super) fn parsed<T: FromStr + FallbackValue>(&mut self, key: &str, what: &str) -> T {
        let text = self.text(key);
        text.parse().unwrap_or_else(|_| {
            self.refuse(key, format_args!("must be {what}"));
            T::fallback()
        })
    }

    pub(super) fn parsed_if_set<T>(&mut self, key: &str, what: &str) -> Option<T>
    where
        T: FromStr + FallbackValue,
    {
        let is_set = self.optional(key).is_some();
        is_set.then(|| self.parsed(key, what))
    }

    pub(super) fn in_range<T>(&mut self, key: &str, low: T, high: T) -> T
    where
        T: FromStr + PartialOrd + Display + Copy,
    {
        match self.text(key).parse::<T>() {
            Ok(value) if low <= value && value <= high => value,
            _ => {
                self.refuse(
                    key,
                    format_args!("must be a whole number from {low} to {high}"),
                );
                low
            }
        }
    }

    pub(super) fn base_url(&mut self, key: &str) -> String {
        let text = self.text(key);
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        if host.is_none_or(|host| host.trim_end_matches('/').is_empty()) {
            self.refuse(
                key,
                "must begin with https:// (or http:// in development) and name a host",
            );
        }
        text.trim_end_matches('/').to_owned()
    }

    pub(super) fn url_with_scheme(&mut self, key: &str, schemes: &[&str]) -> SecretString {
        let text = self.text(key);
        if !schemes.iter().any(|scheme| text.starts_with(scheme)) {
            self.refuse(
                key,
                format_args!("must begin with one of {}", schemes.join(", ")),
            );
        }
        SecretString::from(text)
    }

    pub(super) fn secret(&mut self, key: &str, min_characters: usize) -> SecretString {
        let text = self.text(key);
        if text.chars().count() < min_characters {
            self.refuse(
                key,
                format_args!("must have at least {min_characters} characters"),
            );
        }
        SecretString::from(text)
    }

    /// The same where there need be none.
    pub(super) fn secret_if_set(
        &mut self,
        key: &str,
        min_characters: usize,
    ) -> Option<SecretString> {
        self.optional(key)?;
        Some(self.secret(key, min_characters))
    }

    /// Figures are never served where the public comes in. An unspecified address is every one of the machine. Port 0 is any
    /// that is free, so it is never the same.
    pub(super) fn refuse_public_metrics(&mut self, config: &Config) {
        let (public, metrics) = (config.http.address, config.http.metrics_address);
        let meets = |metrics: SocketAddr| {
            let is_everywhere = public.ip().is_unspecified() || metrics.ip().is_unspecified();
            let is_same_port = metrics.port() == public.port() && public.port() != 0;
            is_same_port && (is_everywhere || metrics.ip() == public.ip())
        };
        if metrics.is_some_and(meets) {
            self.refuse(
                "METRICS_ADDRESS",
                "must be another address than HTTP_ADDRESS; where one of them is 0.0.0.0 or [::], another port",
            );
        }
    }

    /// What development may do and the public's server may not.
    pub(super) fn refuse_unsafe_production(&mut self, config: &Config) {
        if config.environment != Environment::Production {
            return;
        }
        if !config.http.base_url.starts_with("https://") {
            self.refuse("BASE_URL", "must begin with https:// in production");
        }
        let origins = &config.http.allowed_origins;
        if !origins.iter().all(|origin| origin.starts_with("https://")) {
            self.refuse(
                "ALLOWED_ORIGINS",
                "must begin with https:// each in production",
            );
        }
        if self.text("MAIL_TRANSPORT").starts_with("file:") {
            self.refuse(
                "MAIL_TRANSPORT",
                "must be smtp:// or smtps:// in production",
            );
        }
        for key in ["LINK_SECRET", "SEALING_SECRET"] {
            if self.is_default(key) {
                self.refuse_default(key, " (openssl rand -base64 48)");
            }
        }
        let credentials = &config.credentials;
        if credentials.link_secret.expose_secret() == credentials.sealing_secret.expose_secret() {
            self.refuse(
                "SEALING_SECRET",
                "must be another than LINK_SECRET (openssl rand -base64 48)",
            );
        }
        if !config.credentials.is_staff_factor_required {
            self.refuse("STAFF_SECOND_FACTOR", "must be required in production");
        }
        if self.is_default("MAIL_POSTAL_ADDRESS") {
            self.refuse_default("MAIL_POSTAL_ADDRESS", "");
        }
        if config.credentials.argon2.memory_kib < 19_456 {
            self.refuse("ARGON2_MEMORY_KIB", "must be 19456 or more in production");
        }
        if config.credentials.argon2.passes < 2 {
            self.refuse("ARGON2_PASSES", "must be 2 or more in production");
        }
    }
}

/// Whether a text is what a browser says in `Origin`.
fn is_origin(text: &str) -> bool {
    let authority = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    authority.is_some_and(|authority| {
        !authority.is_empty()
            && !authority.contains(|character: char| {
                character.is_whitespace() || "/?#@*,".contains(character)
            })
    })
}

fn default(key: &str) -> &'static str {
    SETTINGS
        .iter()
        .find(|setting| setting.key == key)
        .map_or("", |setting| setting.default)
}

/// What stands in for a value that could not be read, until all errors are reported.
pub(super) trait FallbackValue {
    fn fallback() -> Self;
}

impl FallbackValue for std::net::SocketAddr {
    fn fallback() -> Self {
        Self::from(([127, 0, 0, 1], 0))
    }
}
