//! Ways to send what was composed: to a relay, into a folder, or into memory.
//!
//! A transport sends bytes once and says how it went; when to try again is the caller's decision.

mod failure;
mod file;
mod memory;
mod smtp;
mod url;

use super::address::Envelope;

pub use self::url::TransportUrlError;
pub use failure::{Failure, Reply, SendError, Stage};
pub use file::FileTransport;
pub use memory::{Delivery, Mailbox};
pub use smtp::SmtpTransport;

/// Where mail goes. Clones share connections, folder and mailbox.
#[derive(Clone, Debug)]
pub enum Transport {
    /// To a relay, by SMTP.
    Smtp(SmtpTransport),
    /// Into a folder, as `.eml` files that mail programs open.
    File(FileTransport),
    /// Into memory, for tests.
    Memory(Mailbox),
}

impl Transport {
    /// Reads a transport from its address.
    ///
    /// * `smtps://user:password@host:465`: TLS from the first byte (port 465 if not given)
    /// * `smtp://user:password@host:587`: STARTTLS, required (port 587 if not given)
    /// * `smtp://127.0.0.1:2525?tls=none`: no TLS, for tests, on the loopback interface only
    /// * `file:some/folder`: `.eml` files
    ///
    /// User and password are optional and percent-encoded. A path is the name to greet the relay with
    /// (`smtp://relay.example/marketplace.example`). `?ca=/path/ca.pem` trusts only that authority.
    ///
    /// # Errors
    /// See [`TransportUrlError`].
    pub fn from_url(address: &str) -> Result<Self, TransportUrlError> {
        self::url::parse(address)
    }

    /// Sends one message to one person.
    ///
    /// # Errors
    /// [`SendError`] says whether trying again can help and whether the failure concerns other mail too.
    pub async fn send(&self, envelope: &Envelope, message: &[u8]) -> Result<(), SendError> {
        match self {
            Self::Smtp(smtp) => smtp.send(envelope, message).await,
            Self::File(folder) => folder.send(message).await,
            Self::Memory(mailbox) => mailbox.send(envelope, message).await,
        }
    }

    /// Whether mail could be sent: the relay answers and takes the credentials. A folder is made when the first mail is.
    ///
    /// # Errors
    /// As [`Transport::send`].
    pub async fn check(&self) -> Result<(), SendError> {
        match self {
            Self::Smtp(smtp) => smtp.check().await,
            Self::File(_) | Self::Memory(_) => Ok(()),
        }
    }
}

impl std::fmt::Display for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Smtp(smtp) => write!(f, "the relay {}", smtp.address()),
            Self::File(folder) => write!(f, "files in {}", folder.path().display()),
            Self::Memory(_) => f.write_str("memory"),
        }
    }
}

/// A plain transport to a port of this machine that gives no step more than `limit`.
#[cfg(test)]
pub(super) fn impatient(port: u16, limit: std::time::Duration) -> Transport {
    let whole = std::time::Duration::from_secs(10);
    plain(
        port,
        smtp::Limits {
            connect: limit,
            command: limit,
            whole,
        },
    )
}

/// A plain transport to a port of this machine that gives the whole no more than `limit`.
#[cfg(test)]
pub(super) fn hurried(port: u16, limit: std::time::Duration) -> Transport {
    plain(
        port,
        smtp::Limits {
            whole: limit,
            ..smtp::Limits::default()
        },
    )
}

#[cfg(test)]
fn plain(port: u16, limits: smtp::Limits) -> Transport {
    let relay = smtp::Relay {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: smtp::Encryption::None,
        greeting: None,
        credentials: None,
        authority: None,
    };
    Transport::Smtp(SmtpTransport::with_limits(relay, limits).unwrap())
}
