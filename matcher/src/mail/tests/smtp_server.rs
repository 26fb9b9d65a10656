//! A relay on the loopback interface that follows a script and writes down every line it is told.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

/// What the relay does.
#[derive(Clone, Default)]
pub(super) struct Script {
    /// Whether it offers STARTTLS.
    pub(super) has_starttls: bool,
    /// Whether it speaks TLS from the first byte.
    pub(super) is_implicit: bool,
    /// The verb after which it answers out of script, and what it answers; no answer hangs.
    pub(super) answer: Option<(&'static str, Option<&'static str>)>,
}

/// A running relay.
pub(super) struct Relay {
    pub(super) port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

impl Relay {
    pub(super) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Self {
            port: listener.local_addr().unwrap().port(),
            heard: Arc::default(),
            connections: Arc::default(),
        };
        let (heard, connections) = (Arc::clone(&relay.heard), Arc::clone(&relay.connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *connections.lock().unwrap() += 1;
                tokio::spawn(serve(stream, script.clone(), Arc::clone(&heard)));
            }
        });
        relay
    }

    /// Every line heard so far, over all connections.
    pub(super) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Whether a line with this verb was heard.
    pub(super) fn has_heard(&self, verb: &str) -> bool {
        self.heard()
            .iter()
            .any(|line| line.to_ascii_uppercase().starts_with(verb))
    }

    /// How many connections there were.
    pub(super) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

/// A client that breaks off is no failure of the relay, so its errors are not looked at.
async fn serve(stream: TcpStream, script: Script, heard: Arc<Mutex<Vec<String>>>) {
    if script.is_implicit {
        if let Ok(stream) = acceptor().accept(stream).await {
            let _ = talk(BufReader::new(stream), &script, &heard, true).await;
        }
        return;
    }
    let Ok(Some(stream)) = talk(BufReader::new(stream), &script, &heard, true).await else {
        return;
    };
    if let Ok(stream) = acceptor().accept(stream.into_inner()).await {
        let script = Script {
            has_starttls: false,
            ..script
        };
        let _ = talk(BufReader::new(stream), &script, &heard, false).await;
    }
}

/// Talks until the client leaves; gives the stream back when the client asks for TLS.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    script: &Script,
    heard: &Mutex<Vec<String>>,
    is_greeting: bool,
) -> std::io::Result<Option<BufReader<S>>> {
    if is_greeting && !say(&mut stream, script, "CONNECT", "220 relay.example ready").await? {
        return Ok(None);
    }
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        heard.lock().unwrap().push(line.trim_end().to_owned());
        let verb = line
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let usual = match verb.as_str() {
            "EHLO" if script.has_starttls => "250-relay.example\r\n250 STARTTLS",
            "EHLO" => "250-relay.example\r\n250 AUTH PLAIN LOGIN",
            "STARTTLS" => "220 go ahead",
            "AUTH" => "235 welcome",
            "DATA" => "354 go ahead",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        if !say(&mut stream, script, &verb, usual).await? {
            return Ok(None);
        }
        match verb.as_str() {
            "STARTTLS" => return Ok(Some(stream)),
            "DATA" if !is_refused(script, "DATA") => {
                hear_message(&mut stream, heard).await?;
                if !say(&mut stream, script, "MESSAGE", "250 queued").await? {
                    return Ok(None);
                }
            }
            _ => {}
        }
    }
}

async fn hear_message<S: AsyncRead + Unpin>(
    stream: &mut BufReader<S>,
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut line = String::new();
    while line != ".\r\n" {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        heard
            .lock()
            .unwrap()
            .push(format!("| {}", line.trim_end_matches("\r\n")));
    }
    Ok(())
}

fn is_refused(script: &Script, verb: &str) -> bool {
    script.answer.is_some_and(|(scripted, _)| scripted == verb)
}

/// Answers; false if the script says to hang, after the client has given up.
async fn say<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    script: &Script,
    verb: &str,
    usual: &str,
) -> std::io::Result<bool> {
    let answer = match script.answer {
        Some((scripted, answer)) if scripted == verb => answer,
        _ => Some(usual),
    };
    let Some(answer) = answer else {
        let mut rest = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(stream, &mut rest).await?;
        return Ok(false);
    };
    stream.write_all(answer.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.flush().await?;
    Ok(true)
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from(include_bytes!("certificates/relay.der").to_vec());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(
        include_bytes!("certificates/relay.key.der").to_vec(),
    ));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
