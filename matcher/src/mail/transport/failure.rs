//! How sending failed, sorted by what to do about it.
//!
//! No address reaches a failure's text, because failures are logged.

use std::fmt;

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may work later: a 4xx reply, a broken connection, a timeout, a full disk.
    #[error("not sent for now: {0}")]
    Transient(Failure),
    /// It will never work for this mail or this recipient.
    #[error("refused: {0}")]
    Permanent(Failure),
    /// The relay refuses us, whatever the mail: credentials, TLS, the sender's address. Every other mail would fail too.
    #[error("the relay refuses us: {0}")]
    Relay(Failure),
}

impl SendError {
    /// The same as its display, without words that may name somebody ([`Failure::codes`]).
    pub fn codes(&self) -> String {
        let sort = match self {
            Self::Transient(_) => "not sent for now",
            Self::Permanent(_) => "refused",
            Self::Relay(_) => "the relay refuses us",
        };
        format!("{sort}: {}", self.failure().codes())
    }

    /// What happened, whatever its sort.
    pub const fn failure(&self) -> &Failure {
        match self {
            Self::Transient(failure) | Self::Permanent(failure) | Self::Relay(failure) => failure,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// How far it got.
    pub stage: Stage,
    /// What the relay said, if it said anything.
    pub reply: Option<Reply>,
    /// What happened otherwise, in a few words; told without the addresses in it.
    pub detail: String,
}

impl Failure {
    pub(super) fn new(stage: Stage, detail: impl fmt::Display) -> Self {
        Self {
            stage,
            reply: None,
            detail: without_addresses(&detail.to_string()),
        }
    }

    pub(super) fn replied(stage: Stage, code: u16, text: &str) -> Self {
        let enhanced = text
            .split_whitespace()
            .next()
            .filter(|word| is_enhanced_code(word))
            .map(str::to_owned);
        let detail = without_addresses(text);
        Self {
            stage,
            reply: Some(Reply { code, enhanced }),
            detail,
        }
    }
}

impl Failure {
    /// The stage and the codes, for where nothing may stand that names somebody: what a relay says of a recipient may.
    pub fn codes(&self) -> String {
        let names_somebody = matches!(self.stage, Stage::Recipient | Stage::Message);
        match &self.reply {
            Some(reply) if names_somebody => {
                let enhanced = reply.enhanced.as_deref().unwrap_or_default();
                let codes = format!("{}: {} {enhanced}", self.stage, reply.code);
                codes.trim_end().to_owned()
            }
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.stage)?;
        if let Some(reply) = &self.reply {
            write!(f, "{} ", reply.code)?;
        }
        f.write_str(&without_addresses(&self.detail))
    }
}

/// A negative reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The reply code, such as 550.
    pub code: u16,
    /// The enhanced status code (RFC 3463), such as `5.1.1`.
    pub enhanced: Option<String>,
}

/// How far sending got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Connecting and greeting, TLS from the first byte included.
    Connect,
    /// STARTTLS.
    Tls,
    /// Logging in.
    Authentication,
    /// Naming the return path.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Handing over the message.
    Message,
    /// Writing a file.
    File,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Tls => "starting TLS",
            Self::Authentication => "authenticating",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Message => "handing over the message",
            Self::File => "writing the file",
        })
    }
}

fn is_enhanced_code(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| {
            (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
}

fn without_addresses(text: &str) -> String {
    let hide = |word| {
        if str::contains(word, '@') {
            "<address>"
        } else {
            word
        }
    };
    text.split_whitespace()
        .map(hide)
        .collect::<Vec<_>>()
        .join(" ")
}
