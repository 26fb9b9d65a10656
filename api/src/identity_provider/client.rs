//! Asking something over HTTP: one connection a question, certificates of public authorities, bounded in time and length. No
//! redirect is followed: whoever is asked answers.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_util::task::AbortOnDropHandle;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::ProviderError;

/// The most bytes of an answer, and of its headers.
const MAX_ANSWER: usize = 64 * 1024;
const USER_AGENT: &str = "civic-tech-marketplace";

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(super) struct Client {
    tls: TlsConnector,
    connect_time: Duration,
}

impl Client {
    pub(super) fn new(connect_time: Duration) -> anyhow::Result<Self> {
        let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        // Named, since the database's driver brings another one beside it.
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(config)),
            connect_time,
        })
    }

    /// Gets what is at an address.
    pub(super) async fn get(&self, address: &Url) -> Result<Bytes, ProviderError> {
        let request = Request::get(target(address));
        self.send(address, request, Bytes::new()).await
    }

    /// Posts a form, with what says who we are.
    pub(super) async fn post(
        &self,
        address: &Url,
        authorization: &SecretString,
        form: &[(&str, &str)],
    ) -> Result<Bytes, ProviderError> {
        let form = Serializer::new(String::new())
            .extend_pairs(form.iter().copied())
            .finish();
        let request = Request::post(target(address))
            .header(header::AUTHORIZATION, authorization.expose_secret())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(address, request, Bytes::from(form)).await
    }

    async fn send(
        &self,
        address: &Url,
        request: hyper::http::request::Builder,
        body: Bytes,
    ) -> Result<Bytes, ProviderError> {
        let request = request
            .header(header::HOST, authority(address))
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, USER_AGENT)
            .body(Full::new(body))
            .map_err(|_| ProviderError::Address)?;
        let stream = timeout(self.connect_time, self.connect(address)).await;
        let stream = stream
            .map_err(|_| ProviderError::Slow)?
            .map_err(ProviderError::Unreachable)?;
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(MAX_ANSWER)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(unreachable)?;
        let _driver = AbortOnDropHandle::new(tokio::spawn(connection));
        let response = sender.send_request(request).await.map_err(unreachable)?;
        if response.status() != 200 {
            return Err(ProviderError::Status(response.status().as_u16()));
        }
        let body = Limited::new(response.into_body(), MAX_ANSWER).collect();
        let body = body.await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                ProviderError::TooLong
            } else {
                ProviderError::Unreachable(anyhow::anyhow!(error))
            }
        })?;
        Ok(body.to_bytes())
    }

    async fn connect(&self, address: &Url) -> anyhow::Result<Box<dyn Stream>> {
        let host = address.host_str().context("the address names no host")?;
        // An address of numbers of the sixth version stands in brackets.
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = address.port_or_known_default();
        let port = port.context("the address has no port")?;
        let tcp = TcpStream::connect((host, port)).await?;
        if address.scheme() == "http" {
            return Ok(Box::new(tcp));
        }
        let name = ServerName::try_from(host.to_owned())?;
        Ok(Box::new(self.tls.connect(name, tcp).await?))
    }
}

/// What says who we are (RFC 6749, §2.3.1): each part encoded as in a form, before both are put together.
pub(super) fn basic(id: &str, secret: &SecretString) -> SecretString {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let both = format!("{}:{}", encode(id), encode(secret.expose_secret()));
    SecretString::from(format!("Basic {}", STANDARD.encode(both)))
}

fn unreachable(error: hyper::Error) -> ProviderError {
    ProviderError::Unreachable(error.into())
}

/// What a server is asked for.
fn target(address: &Url) -> String {
    match address.query() {
        Some(query) => format!("{}?{query}", address.path()),
        None => address.path().to_owned(),
    }
}

/// The host, and the port where it is not the usual one.
fn authority(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    match address.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_who_we_are_is_encoded_part_by_part() {
        let secret = SecretString::from("p:ss wörd");
        let shown = basic("the id", &secret);
        let plain = STANDARD.decode(shown.expose_secret().strip_prefix("Basic ").unwrap());
        assert_eq!(plain.unwrap(), b"the+id:p%3Ass+w%C3%B6rd");
    }

    #[test]
    fn a_question_names_the_path_and_the_host() {
        let url = |text| Url::parse(text).unwrap();
        let plain = url("https://id.example/token");
        assert_eq!(
            (target(&plain), authority(&plain)),
            ("/token".to_owned(), "id.example".to_owned())
        );
        let other = url("https://[::1]:8443/a/b?c=d#e");
        assert_eq!(
            (target(&other), authority(&other)),
            ("/a/b?c=d".to_owned(), "[::1]:8443".to_owned())
        );
    }
}
