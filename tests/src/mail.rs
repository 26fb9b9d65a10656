//! A delivered mail, taken apart far enough to read what a person would.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use matcher::mail::Delivery;

/// A delivered mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The envelope's recipient.
    pub to: String,
    /// The decoded subject.
    pub subject: String,
    /// All header lines, unfolded.
    pub headers: Vec<(String, String)>,
    /// The decoded plain-text part.
    pub text: String,
    /// The decoded HTML part.
    pub html: String,
    /// The calendars that programs shall act on, each with its method, as they were sent.
    pub calendars: Vec<(String, String)>,
}

impl Mail {
    pub(crate) fn parse(delivery: &Delivery) -> Self {
        let raw = String::from_utf8(delivery.bytes.clone()).expect("mails are 7-bit or UTF-8");
        let (head, body) = raw.split_once("\r\n\r\n").expect("a header and a body");
        let headers = header_lines(head);
        let parts = leaf_parts(&headers, body);
        let part = |kind: &str| {
            parts
                .iter()
                .find(|(content_type, _)| content_type.starts_with(kind))
                .map(|(_, text)| text.replace("\r\n", "\n"))
        };
        let calendars = parts.iter().filter_map(|(content_type, text)| {
            let parameters = content_type.strip_prefix("text/calendar")?;
            let (_, method) = parameters.split_once("method=")?;
            let method = method.split(';').next()?.trim_matches('"');
            Some((method.to_ascii_uppercase(), text.clone()))
        });
        Self {
            to: delivery.envelope.recipient.as_str().to_owned(),
            subject: decode_words(&value(&headers, "subject")),
            text: part("text/plain").unwrap_or_default(),
            html: part("text/html").unwrap_or_default(),
            calendars: calendars.collect(),
            headers,
        }
    }

    /// The first calendar that programs shall act on.
    pub fn calendar(&self) -> &str {
        let calendar = self.calendars.first();
        calendar.map_or_else(|| panic!("no calendar in\n{}", self.text), |(_, text)| text)
    }

    /// The value of a header, empty when there is none.
    pub fn header(&self, name: &str) -> String {
        value(&self.headers, name)
    }

    /// Every link in the text part.
    pub fn links(&self) -> Vec<String> {
        self.text
            .split_whitespace()
            .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
            .map(str::to_owned)
            .collect()
    }

    /// The first link in the text part whose path begins with `/a/{page}`, without scheme and host.
    pub fn action(&self, page: &str) -> String {
        let marker = format!("/a/{page}");
        self.links()
            .iter()
            .find_map(|link| link.find(&marker).map(|start| link[start..].to_owned()))
            .unwrap_or_else(|| panic!("no link to {marker} in\n{}", self.text))
    }

    /// The token of the first link that carries one.
    pub fn token(&self) -> String {
        self.links()
            .iter()
            .find_map(|link| link.split_once("token=").map(|(_, token)| token.to_owned()))
            .unwrap_or_else(|| panic!("no token in\n{}", self.text))
    }
}

fn header_lines(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    unfolded
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

fn value(headers: &[(String, String)], name: &str) -> String {
    let name = name.to_ascii_lowercase();
    headers
        .iter()
        .find(|(header, _)| *header == name)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}

/// The parts that are no containers, as content type and decoded text.
fn leaf_parts(headers: &[(String, String)], body: &str) -> Vec<(String, String)> {
    let content_type = value(headers, "content-type");
    let Some((_, rest)) = content_type.split_once("boundary=") else {
        let text = decode_body(&value(headers, "content-transfer-encoding"), body);
        return vec![(content_type.to_ascii_lowercase(), text)];
    };
    let boundary = rest
        .trim_start_matches('"')
        .split(['"', ';'])
        .next()
        .unwrap_or_default();
    let delimiter = format!("--{boundary}");
    body.split(&delimiter)
        .skip(1)
        .filter(|part| !part.starts_with("--"))
        .filter_map(|part| part.trim_start_matches("\r\n").split_once("\r\n\r\n"))
        .flat_map(|(head, body)| leaf_parts(&header_lines(head), body))
        .collect()
}

fn decode_body(encoding: &str, body: &str) -> String {
    match encoding.to_ascii_lowercase().as_str() {
        "base64" => {
            let compact: String = body.split_whitespace().collect();
            String::from_utf8(STANDARD.decode(compact).expect("base64")).expect("UTF-8")
        }
        "quoted-printable" => quoted_printable(&body.replace("=\r\n", ""), false),
        _ => body.to_owned(),
    }
}

fn quoted_printable(text: &str, is_header: bool) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        match (first, tail) {
            (b'=', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                let code = std::str::from_utf8(&digits).expect("two digits");
                bytes.push(u8::from_str_radix(code, 16).expect("hexadecimal"));
                rest = after;
                continue;
            }
            (b'_', _) if is_header => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
        rest = tail;
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// Decodes RFC 2047 encoded words.
fn decode_words(value: &str) -> String {
    let mut text = String::new();
    let mut was_encoded = false;
    for word in value.split(' ') {
        let decoded = word
            .strip_prefix("=?utf-8?")
            .and_then(|rest| rest.strip_suffix("?="))
            .map(|rest| {
                let (encoding, content) = rest.split_once('?').expect("an encoding");
                if encoding.eq_ignore_ascii_case("b") {
                    String::from_utf8(STANDARD.decode(content).expect("base64")).expect("UTF-8")
                } else {
                    quoted_printable(content, true)
                }
            });
        let is_encoded = decoded.is_some();
        if !(text.is_empty() || was_encoded && is_encoded) {
            text.push(' ');
        }
        text.push_str(decoded.as_deref().unwrap_or(word));
        was_encoded = is_encoded;
    }
    text
}
