//! Sends to a relay by SMTP, with TLS required and a limit on every step.
//!
//! Drives lettre's connection itself instead of lettre's transport: that one puts no limit on replies, and does not
//! tell which command was refused, which is what separates a dead recipient from a relay that refuses us.

use std::{error::Error as _, fmt, io, sync::Arc, time::Duration};

use lettre::transport::smtp::{
    self as lettre_smtp,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
    commands::{Data, Mail, Rcpt},
    extension::ClientId,
};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout, timeout_at},
};

use super::failure::{Failure, SendError, Stage};
use crate::mail::address::Envelope;

/// Idle connections kept for the next message.
const KEPT_CONNECTIONS: usize = 4;
/// Relays close idle connections after some minutes; ours are not kept that long.
const KEPT_FOR: Duration = Duration::from_secs(20);

/// How to reach a relay.
pub(super) struct Relay {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    /// The name to greet with; the loopback address if none, which tells nothing about this machine.
    pub(super) greeting: Option<String>,
    /// User and password.
    pub(super) credentials: Option<(String, String)>,
    /// PEM certificates of the only authorities to trust; the public ones if none.
    pub(super) authority: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    Implicit,
    StartTls,
    None,
}

/// How long a step may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) connect: Duration,
    pub(super) command: Duration,
    pub(super) whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(30),
            whole: Duration::from_mins(1),
        }
    }
}

/// A relay that takes mail. Clones share their connections.
#[derive(Clone)]
pub struct SmtpTransport(Arc<Inner>);

struct Inner {
    host: String,
    port: u16,
    encryption: Encryption,
    tls: TlsParameters,
    greeting: ClientId,
    credentials: Option<Credentials>,
    limits: Limits,
    idle: Mutex<Vec<(Instant, AsyncSmtpConnection)>>,
}

impl SmtpTransport {
    pub(super) fn new(relay: Relay) -> Result<Self, lettre_smtp::Error> {
        Self::with_limits(relay, Limits::default())
    }

    pub(super) fn with_limits(relay: Relay, limits: Limits) -> Result<Self, lettre_smtp::Error> {
        let mut tls = TlsParameters::builder(relay.host.clone());
        if let Some(authority) = &relay.authority {
            tls = tls
                .certificate_store(CertificateStore::None)
                .add_root_certificate(Certificate::from_pem(authority)?);
        }
        Ok(Self(Arc::new(Inner {
            tls: tls.build()?,
            host: relay.host,
            port: relay.port,
            encryption: relay.encryption,
            greeting: relay
                .greeting
                .map_or_else(ClientId::default, ClientId::Domain),
            credentials: relay
                .credentials
                .map(|(user, password)| Credentials::new(user, password)),
            limits,
            idle: Mutex::default(),
        })))
    }

    /// `HOST:PORT`.
    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.0.host, self.0.port)
    }

    pub(super) async fn send(&self, envelope: &Envelope, message: &[u8]) -> Result<(), SendError> {
        if !message.is_ascii() {
            return Err(SendError::Permanent(Failure::new(
                Stage::Message,
                "the message is not ASCII",
            )));
        }
        self.attempt(envelope, message).await
    }

    /// Connects and, with credentials, logs in; sends nothing.
    pub(super) async fn check(&self) -> Result<(), SendError> {
        self.connect().await.map(drop)
    }

    /// A connection on which anything failed is dropped; only one in a known state is kept.
    async fn attempt(&self, envelope: &Envelope, message: &[u8]) -> Result<(), SendError> {
        let deadline = Instant::now() + self.0.limits.whole;
        // Boxed: with all that a connection takes, its future would be 20 KiB in every caller's.
        let connecting = Box::pin(async {
            match self.reuse().await {
                Some(connection) => Ok(connection),
                None => self.connect().await,
            }
        });
        let mut connection = in_all(deadline, Stage::Connect, connecting).await?;
        let handing_over = self.hand_over(&mut connection, envelope, message);
        in_all(deadline, Stage::Message, handing_over).await?;
        let mut idle = self.0.idle.lock().await;
        if idle.len() < KEPT_CONNECTIONS {
            idle.push((Instant::now(), connection));
        }
        Ok(())
    }

    async fn reuse(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (since, mut connection) = self.0.idle.lock().await.pop()?;
            let is_alive = since.elapsed() < KEPT_FOR
                && timeout(self.0.limits.command, connection.test_connected())
                    .await
                    .unwrap_or(false);
            if is_alive {
                return Some(connection);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let Inner {
            host,
            port,
            encryption,
            tls,
            greeting,
            limits,
            ..
        } = &*self.0;
        let implicit_tls = (*encryption == Encryption::Implicit).then(|| tls.clone());
        let address = (host.as_str(), *port);
        let connecting = AsyncSmtpConnection::connect_tokio1(
            address,
            Some(limits.connect),
            greeting,
            implicit_tls,
            None,
        );
        let mut connection =
            step(Stage::Connect, limits.connect + limits.command, connecting).await?;

        if *encryption == Encryption::StartTls {
            if !connection.can_starttls() {
                return Err(SendError::Relay(Failure::new(
                    Stage::Tls,
                    "the relay does not offer STARTTLS",
                )));
            }
            step(
                Stage::Tls,
                limits.command,
                connection.starttls(tls.clone(), greeting),
            )
            .await?;
        }
        if let Some(credentials) = &self.0.credentials {
            let logging_in = connection.auth(DEFAULT_MECHANISMS, credentials);
            step(Stage::Authentication, limits.command, logging_in).await?;
        }
        Ok(connection)
    }

    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        message: &[u8],
    ) -> Result<(), SendError> {
        let limit = self.0.limits.command;
        let sender = Mail::new(Some(envelope.return_path.inner().clone()), vec![]);
        step(Stage::Sender, limit, connection.command(sender)).await?;
        let recipient = Rcpt::new(envelope.recipient.inner().clone(), vec![]);
        step(Stage::Recipient, limit, connection.command(recipient)).await?;
        step(Stage::Message, limit, connection.command(Data)).await?;
        step(Stage::Message, limit, connection.message(message)).await?;
        Ok(())
    }
}

impl fmt::Debug for SmtpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            host,
            port,
            encryption,
            ..
        } = &*self.0;
        write!(f, "SmtpTransport({host}:{port}, {encryption:?})")
    }
}

/// Ends `work` at `deadline`; the stage is then the one at which it was or, of what comes before any mail, the first.
async fn in_all<T>(
    deadline: Instant,
    stage: Stage,
    work: impl Future<Output = Result<T, SendError>>,
) -> Result<T, SendError> {
    timeout_at(deadline, work).await.unwrap_or_else(|_| {
        Err(SendError::Transient(Failure::new(
            stage,
            "the relay took too long in all",
        )))
    })
}

async fn step<T>(
    stage: Stage,
    limit: Duration,
    work: impl Future<Output = Result<T, lettre_smtp::Error>>,
) -> Result<T, SendError> {
    match timeout(limit, work).await {
        Ok(outcome) => outcome.map_err(|error| classify(stage, &error)),
        Err(_) => Err(SendError::Transient(Failure::new(
            stage,
            "the relay took too long",
        ))),
    }
}

/// Sorts a failure by its reply code and by the command that was refused.
fn classify(stage: Stage, error: &lettre_smtp::Error) -> SendError {
    let concerns_every_mail = matches!(
        stage,
        Stage::Connect | Stage::Tls | Stage::Authentication | Stage::Sender
    );
    let text = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    if let Some(code) = error.status().map(u16::from) {
        let failure = Failure::replied(stage, code, &text);
        return match code {
            400..500 => SendError::Transient(failure),
            530 | 534 | 535 | 538 => SendError::Relay(failure),
            _ if concerns_every_mail => SendError::Relay(failure),
            _ => SendError::Permanent(failure),
        };
    }
    let failure = Failure::new(stage, text);
    if error.is_client() || error.is_tls() || is_untrusted(error) {
        return SendError::Relay(failure);
    }
    SendError::Transient(failure)
}

/// Whether the TLS handshake failed for what the relay presented, such as a certificate for another name.
fn is_untrusted(error: &lettre_smtp::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::InvalidData)
        {
            return true;
        }
        source = error.source();
    }
    false
}
