//! Signatures of mails that leave (DKIM: RFC 6376, and RFC 8463 for Ed25519), by which mail servers see that a mail is of our domain
//! and was not changed.
//!
//! What is stored of a mail stays as it is; the signature is put before it when it leaves. Both algorithms give the same signature for
//! the same bytes, and its moment is that at which the mail was written, so that every try of a mail sends the same bytes.

mod canonical;

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, bail};
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use crate::config::{Config, DkimConfig};

/// What is signed of the headers where a mail has it, each once for every time that it is there.
const SIGNED: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
];
/// What is signed once more than it is there: who adds another one breaks the signature (RFC 6376, 5.4.2).
const OVERSIGNED: [&str; 3] = ["From", "To", "Subject"];
/// The longest text of one string in a DNS record (RFC 1035, 3.3.14).
const DNS_STRING: usize = 255;
/// Lines of the signature are folded at this length.
const LINE: usize = 72;

/// So many names of headers are on a line of it.
const NAMES_A_LINE: usize = 5;

/// Signs mails.
pub struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

/// What has to be in DNS for others to verify the signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where: `SELECTOR._domainkey.DOMAIN`.
    pub name: String,
    /// What the TXT record says.
    pub value: String,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.record_name())
    }
}

impl fmt::Display for Record {
    /// As a zone file has it: a text that is too long for one string is several.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. IN TXT", self.name)?;
        for piece in pieces(&self.value, DNS_STRING) {
            write!(f, " \"{piece}\"")?;
        }
        Ok(())
    }
}

impl Signer {
    /// What signs the mails of a server with these settings, if anything.
    ///
    /// # Errors
    /// When the key cannot be used.
    pub fn of(config: &Config) -> anyhow::Result<Option<Self>> {
        let dkim = config.mail.dkim.as_ref();
        let signer = dkim.map(Self::open).transpose();
        signer.context("MARKETPLACE_MAIL_DKIM_KEY_FILE")
    }

    /// Reads the key of `config`, a private key in PEM: PKCS #8 with Ed25519 or RSA, or PKCS #1.
    ///
    /// # Errors
    /// With what to do when there is none, or none that can be used. Nothing of the file is told.
    fn open(config: &DkimConfig) -> anyhow::Result<Self> {
        Ok(Self {
            domain: config.domain.clone(),
            selector: config.selector.clone(),
            key: Key::load(&config.key_file)?,
        })
    }

    /// What has to be in DNS.
    ///
    /// # Errors
    /// When the public half cannot be written down; a defect of the key.
    pub fn record(&self) -> anyhow::Result<Record> {
        let (kind, public) = match &self.key {
            Key::Ed25519(pair) => ("ed25519", STANDARD.encode(pair.public_key())),
            Key::Rsa(pair) => {
                let public: PublicKeyX509Der<'_> = pair
                    .public_key()
                    .as_der()
                    .map_err(|error| anyhow::anyhow!("the public half of the key: {error}"))?;
                ("rsa", STANDARD.encode(public.as_ref()))
            }
        };
        Ok(Record {
            name: self.record_name(),
            value: format!("v=DKIM1; k={kind}; p={public}"),
        })
    }

    fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// `message` (RFC 5322, lines ending in CRLF) with its signature before it; `written_at` is the signature's moment, in seconds.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn sign(&self, message: &str, written_at: DateTime<Utc>) -> anyhow::Result<String> {
        let (head, body) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
        let headers = canonical::headers(head);
        let names = signed_names(&headers);
        let lines: Vec<String> = names
            .chunks(NAMES_A_LINE)
            .map(|names| names.join(":"))
            .collect();
        let body_hash = STANDARD.encode(Sha256::digest(canonical::body(body)));
        let unsigned = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed;\r\n d={}; s={};\r\n t={};\r\n h={};\r\n bh={body_hash};\r\n b=",
            self.key.algorithm(),
            self.domain,
            self.selector,
            written_at.timestamp(),
            lines.join(":\r\n  "),
        );
        let mut signed = String::new();
        for header in canonical::chosen(&headers, &names) {
            signed.push_str(&header);
            signed.push_str("\r\n");
        }
        // The signature's own header comes last, without its value and without a line end (RFC 6376, 3.7).
        for header in canonical::headers(&unsigned) {
            signed.push_str(&header.line());
        }
        let signature = STANDARD.encode(self.key.sign(signed.as_bytes())?);
        let signature = pieces(&signature, LINE).join("\r\n  ");
        Ok(format!("{unsigned}{signature}\r\n{message}"))
    }
}

/// The names for the signature's `h`, in lower case.
fn signed_names(headers: &[canonical::Header<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    for name in SIGNED {
        let name = name.to_ascii_lowercase();
        let count = headers.iter().filter(|header| header.name == name).count();
        let is_oversigned = OVERSIGNED.iter().any(|it| it.eq_ignore_ascii_case(&name));
        let times = count + usize::from(is_oversigned);
        names.extend(std::iter::repeat_n(name, times));
    }
    names
}

/// `text`, which is ASCII, in pieces of `length`; the last may be shorter.
fn pieces(text: &str, length: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let pieces = characters.chunks(length);
    pieces.map(|piece| piece.iter().collect()).collect()
}

impl Key {
    fn load(path: &Path) -> anyhow::Result<Self> {
        let pem = std::fs::read_to_string(path).with_context(|| {
            format!(
                "cannot read the key {}; make one with `openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out {0}`, or \
                 leave the three MARKETPLACE_MAIL_DKIM settings out",
                path.display()
            )
        })?;
        Self::parse(&pem).with_context(|| format!("the key {}", path.display()))
    }

    fn parse(pem: &str) -> anyhow::Result<Self> {
        let pem = pem.trim();
        let body = |label: &str| {
            let body = pem
                .strip_prefix(&format!("-----BEGIN {label}-----"))?
                .strip_suffix(&format!("-----END {label}-----"))?;
            let body: String = body.split_whitespace().collect();
            // What cannot be decoded is not quoted: it is most of a secret.
            STANDARD.decode(body).ok()
        };
        let key = if let Some(pkcs8) = body("PRIVATE KEY") {
            let ed25519 = Ed25519KeyPair::from_pkcs8(&pkcs8).map(Self::Ed25519);
            ed25519.or_else(|_| RsaKeyPair::from_pkcs8(&pkcs8).map(Self::Rsa))
        } else if let Some(pkcs1) = body("RSA PRIVATE KEY") {
            RsaKeyPair::from_der(&pkcs1).map(Self::Rsa)
        } else {
            bail!("is no private key in PEM without a password");
        };
        key.map_err(|_| {
            anyhow::anyhow!("is neither an Ed25519 key nor an RSA key of 2048 bits or more")
        })
    }

    const fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "ed25519-sha256",
            Self::Rsa(_) => "rsa-sha256",
        }
    }

    fn sign(&self, signed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let failed = |_| anyhow::anyhow!("the key for mails cannot sign");
        match self {
            // Ed25519 signs the digest, not what it is of (RFC 8463, 3).
            Self::Ed25519(pair) => {
                let signature = pair.try_sign(&Sha256::digest(signed)).map_err(failed)?;
                Ok(signature.as_ref().to_vec())
            }
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let random = SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &random, signed, &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
        }
    }
}
