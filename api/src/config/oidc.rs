//! Settings of the identity provider: all of them, or none.

use std::time::Duration;

use entity::language::Language;
use secrecy::SecretString;
use url::{Host, Url};

use super::Environment;
use super::parse::Reader;

const KEYS: [&str; 4] = [
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME",
];
/// How long a connection to the provider may take.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How long everything may take that the provider is asked for one request.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// The most characters of the provider's name.
const MAX_NAME: usize = 60;

/// The identity provider with whose accounts people may log in.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// Its name for itself, an address; tokens of any other are refused.
    pub issuer: String,
    /// Its name for us.
    pub client_id: String,
    /// What we show it.
    pub client_secret: SecretString,
    /// What people call it.
    pub name: ProviderName,
    /// How long a connection may take. No setting.
    pub connect_time: Duration,
    /// How long everything may take that it is asked for one request. No setting.
    pub answer_time: Duration,
}

/// What people call the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderName {
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
}

impl ProviderName {
    /// The name in `language`.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Fr => &self.fr,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (en, fr) = text.split_once('|').unwrap_or((text, text));
        let (en, fr) = (en.trim().to_owned(), fr.trim().to_owned());
        let is_good = |name: &str| {
            let is_plain = !name.contains(|it: char| it == '|' || it.is_control());
            is_plain && (1..=MAX_NAME).contains(&name.chars().count())
        };
        (is_good(&en) && is_good(&fr)).then_some(Self { en, fr })
    }
}

impl OidcConfig {
    pub(super) fn read(read: &mut Reader, environment: Environment) -> Option<Self> {
        let values = KEYS.map(|key| read.optional(key));
        if values.iter().all(Option::is_none) {
            return None;
        }
        for (key, value) in KEYS.iter().zip(&values) {
            if value.is_none() {
                read.refuse(
                    key,
                    "must be set too: OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME are set together, or none of them",
                );
            }
        }
        let [issuer, client_id, client_secret, name] = values;
        let may_be_plain = environment != Environment::Production;
        if let Some(issuer) = &issuer
            && !is_issuer(issuer, may_be_plain)
        {
            read.refuse(
                "OIDC_ISSUER",
                "must be an address without question mark and number sign that begins with https:// (or http:// and is of this machine, in development)",
            );
        }
        let named = name.as_deref().and_then(ProviderName::parse);
        if name.is_some() && named.is_none() {
            read.refuse(
                "OIDC_NAME",
                format_args!("must be one name, or two with | between them, of 1 to {MAX_NAME} characters each"),
            );
        }
        Some(Self {
            issuer: issuer?,
            client_id: client_id?,
            client_secret: SecretString::from(client_secret?),
            name: named?,
            connect_time: CONNECT_TIME,
            answer_time: ANSWER_TIME,
        })
    }

    /// Whether an address of the provider's is one that we go to, or send people to: what goes there is secret. Plain http is
    /// for a provider on this machine that is itself reached so.
    pub fn is_safe(&self, address: &Url) -> bool {
        is_safe(address, self.issuer.starts_with("http://"))
    }
}

fn is_issuer(text: &str, may_be_plain: bool) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let is_bare = url.query().is_none() && url.fragment().is_none();
        is_bare && is_safe(&url, may_be_plain)
    })
}

fn is_safe(url: &Url, may_be_plain: bool) -> bool {
    let is_nobody_named = url.username().is_empty() && url.password().is_none();
    let is_of_this_machine = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    is_nobody_named
        && match url.scheme() {
            "https" => true,
            "http" => may_be_plain && is_of_this_machine,
            _ => false,
        }
}
