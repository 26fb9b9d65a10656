//! Reads a transport's address. TLS is required unless the address says otherwise, which it may for loopback only.

use std::{fs, io, path::PathBuf};

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::{
    Transport,
    file::FileTransport,
    smtp::{Encryption, Relay, SmtpTransport},
};

/// Why an address is no transport. No variant holds the address, because it may contain a password.
#[derive(Debug, thiserror::Error)]
pub enum TransportUrlError {
    /// It is not an address at all.
    #[error("the mail transport is not a valid address ({0})")]
    Syntax(#[from] url::ParseError),
    /// The scheme is not one of the known.
    #[error("the mail transport must begin with smtps:, smtp: or file:")]
    Scheme,
    /// There is no host, or no folder.
    #[error("the mail transport names no host or folder")]
    Missing,
    /// Only `tls=none` and `ca=FILE` may follow the question mark.
    #[error("the mail transport has an unknown option: only tls=none and ca=FILE are known")]
    Option,
    /// `tls=none` is for tests on the same machine.
    #[error("tls=none is allowed for smtp: on the loopback interface only")]
    PlainBeyondLoopback,
    /// User or password are not UTF-8, or only one of them is there.
    #[error("the mail transport needs both a user and a password, percent-encoded, or neither")]
    Credentials,
    /// The authority's certificate cannot be read.
    #[error("the certificate of the mail transport's authority cannot be read")]
    Authority(#[source] io::Error),
    /// TLS cannot be set up for this host.
    #[error("TLS cannot be set up for the mail transport")]
    Tls(#[source] lettre::transport::smtp::Error),
}

pub(super) fn parse(address: &str) -> Result<Transport, TransportUrlError> {
    if let Some(folder) = address.strip_prefix("file:") {
        let folder = folder.strip_prefix("//").unwrap_or(folder);
        return match folder {
            "" => Err(TransportUrlError::Missing),
            folder => Ok(Transport::File(FileTransport::new(folder))),
        };
    }
    let url = Url::parse(address)?;
    let is_implicit = match url.scheme() {
        "smtps" => true,
        "smtp" => false,
        _ => return Err(TransportUrlError::Scheme),
    };
    let options = Options::read(&url)?;
    if options.is_plain && (is_implicit || !is_loopback(&url)) {
        return Err(TransportUrlError::PlainBeyondLoopback);
    }
    let encryption = match (options.is_plain, is_implicit) {
        (true, _) => Encryption::None,
        (false, true) => Encryption::Implicit,
        (false, false) => Encryption::StartTls,
    };
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or(TransportUrlError::Missing)?;
    let greeting = Some(url.path().trim_matches('/')).filter(|path| !path.is_empty());
    let relay = Relay {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url.port().unwrap_or(if is_implicit { 465 } else { 587 }),
        encryption,
        greeting: greeting.map(str::to_owned),
        credentials: credentials(&url)?,
        authority: options
            .authority
            .map(fs::read)
            .transpose()
            .map_err(TransportUrlError::Authority)?,
    };
    SmtpTransport::new(relay)
        .map(Transport::Smtp)
        .map_err(TransportUrlError::Tls)
}

#[derive(Default)]
struct Options {
    is_plain: bool,
    authority: Option<PathBuf>,
}

impl Options {
    fn read(url: &Url) -> Result<Self, TransportUrlError> {
        let mut options = Self::default();
        for (key, value) in url.query_pairs() {
            match (&*key, &*value) {
                ("tls", "none") => options.is_plain = true,
                ("ca", path) => options.authority = Some(PathBuf::from(path)),
                _ => return Err(TransportUrlError::Option),
            }
        }
        Ok(options)
    }
}

/// Schemes that the URL standard does not know keep their host as text, so addresses are parsed here.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn credentials(url: &Url) -> Result<Option<(String, String)>, TransportUrlError> {
    let decode = |text| percent_decode_str(text).decode_utf8().map(String::from);
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err(TransportUrlError::Credentials),
        (user, Some(password)) => match (decode(user), decode(password)) {
            (Ok(user), Ok(password)) => Ok(Some((user, password))),
            _ => Err(TransportUrlError::Credentials),
        },
    }
}
