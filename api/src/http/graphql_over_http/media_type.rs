//! The media types of GraphQL over HTTP: what is taken, what is given, and what to agree on.

use axum::http::{HeaderMap, StatusCode, header};

use super::super::failure::Failure;

/// What an answer can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum MediaType {
    /// `application/json`: what clients get who do not say, with status 200 for almost everything.
    Json,
    /// `application/graphql-response+json`: the status tells how the request went.
    GraphqlResponse,
}

impl MediaType {
    /// What `Accept` asks for: the answer of highest quality, then the one named outright. `None`
    /// when it accepts neither.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::ACCEPT) {
            return Some(Self::Json);
        }
        let values = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let ranges: Vec<Range> = values
            .flat_map(|value| value.split(','))
            .filter_map(Range::parse)
            .collect();
        let rank = |media_type: Self| {
            // The most specific range that fits decides the quality (RFC 9110, 12.5.1).
            let fitting = ranges.iter().filter(|range| range.fits(media_type));
            let best = fitting.max_by_key(|range| range.specificity())?;
            (best.quality > 0).then_some((best.quality, best.specificity()))
        };
        match (rank(Self::Json), rank(Self::GraphqlResponse)) {
            (None, None) => None,
            (Some(_), None) => Some(Self::Json),
            (None, Some(_)) => Some(Self::GraphqlResponse),
            // On a tie, who names the newer type knows how to read it; a wildcard does not say so.
            (Some(json), Some(graphql)) => {
                let is_named = graphql.1 == Range::NAMED;
                Some(if graphql > json || (graphql == json && is_named) {
                    Self::GraphqlResponse
                } else {
                    Self::Json
                })
            }
        }
    }

    /// The value of `Content-Type`.
    pub(in crate::http) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    fn subtype(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GraphqlResponse => "graphql-response+json",
        }
    }
}

/// One item of an `Accept` header.
struct Range {
    kind: String,
    subtype: String,
    /// In thousandths, 0..=1000.
    quality: u16,
}

impl Range {
    const NAMED: u8 = 2;

    fn parse(item: &str) -> Option<Self> {
        let mut parts = item.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut quality = 1_000;
        for parameter in parts {
            let (name, value) = parameter.split_once('=')?;
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => quality = thousandths(value.trim())?,
                // Answers are UTF-8; who asks for another character set is not asking for them.
                "charset" if !is_utf8(value) => return None,
                _ => {}
            }
        }
        Some(Self {
            kind: kind.to_ascii_lowercase(),
            subtype: subtype.to_ascii_lowercase(),
            quality,
        })
    }

    fn fits(&self, media_type: MediaType) -> bool {
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("*" | "application", "*") => true,
            ("application", subtype) => subtype == media_type.subtype(),
            _ => false,
        }
    }

    fn specificity(&self) -> u8 {
        u8::from(self.kind != "*") + u8::from(self.subtype != "*")
    }
}

/// A quality such as `0.85`: at most three decimals, at most 1.
fn thousandths(quality: &str) -> Option<u16> {
    let (whole, decimals) = quality.split_once('.').unwrap_or((quality, ""));
    if decimals.len() > 3 || !matches!(whole, "0" | "1") {
        return None;
    }
    let thousandths: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (thousandths <= 1_000).then_some(thousandths)
}

fn is_utf8(charset: &str) -> bool {
    charset
        .trim()
        .trim_matches('"')
        .eq_ignore_ascii_case("utf-8")
}

/// Requires a body of JSON in UTF-8. A browser cannot send one to another site without asking first
/// (a CORS preflight), which is why no other type is taken.
pub(in crate::http) fn require_json(headers: &HeaderMap) -> Result<(), Failure> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let is_json = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let is_readable = parts
        .filter_map(|parameter| parameter.split_once('='))
        .all(|(name, value)| !name.trim().eq_ignore_ascii_case("charset") || is_utf8(value));
    let is_plain = headers
        .get(header::CONTENT_ENCODING)
        .is_none_or(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if is_json && is_readable && is_plain {
        return Ok(());
    }
    let message = "Send the body as `Content-Type: application/json`, in UTF-8 and not compressed.";
    Err(Failure::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UNSUPPORTED_MEDIA_TYPE",
        message,
    ))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn negotiated(accept: &[&str]) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(header::ACCEPT, HeaderValue::from_str(value).unwrap());
        }
        MediaType::negotiate(&headers)
    }

    #[test]
    fn clients_that_do_not_say_get_plain_json() {
        for accept in [
            &[][..],
            &["*/*"],
            &["application/*"],
            &["text/html, */*;q=0.8"],
            &["APPLICATION/JSON"],
        ] {
            assert_eq!(negotiated(accept), Some(MediaType::Json), "{accept:?}");
        }
    }

    #[test]
    fn the_newer_type_is_given_to_who_names_it() {
        for accept in [
            &["application/graphql-response+json"][..],
            &["application/graphql-response+json, application/json"],
            &[
                "application/json",
                "application/graphql-response+json; charset=utf-8",
            ],
            &["application/graphql-response+json, application/json;q=0.9"],
            &["application/json;q=0.5, application/*;q=0.6, application/graphql-response+json"],
        ] {
            assert_eq!(
                negotiated(accept),
                Some(MediaType::GraphqlResponse),
                "{accept:?}"
            );
        }
        assert_eq!(
            negotiated(&["application/graphql-response+json;q=0.9, application/json"]),
            Some(MediaType::Json)
        );
    }

    #[test]
    fn a_specific_range_overrides_a_wildcard() {
        assert_eq!(
            negotiated(&["*/*, application/json;q=0"]),
            Some(MediaType::GraphqlResponse)
        );
    }

    #[test]
    fn who_accepts_neither_gets_neither() {
        for accept in [
            "text/html",
            "",
            "application/json;q=0",
            "application/json;charset=latin1",
            "json",
            "image/*;q=1",
            "application/json;q=2",
        ] {
            assert_eq!(negotiated(&[accept]), None, "{accept:?}");
        }
    }

    #[test]
    fn only_plain_utf_8_json_is_taken() {
        let judged = |pairs: &[(header::HeaderName, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
                .collect();
            require_json(&headers).is_ok()
        };
        for taken in [
            "application/json",
            "Application/JSON; Charset=\"UTF-8\"",
            "application/json;foo=bar",
        ] {
            assert!(judged(&[(header::CONTENT_TYPE, taken)]), "{taken}");
        }
        for refused in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "application/json; charset=utf-16",
            "",
        ] {
            assert!(!judged(&[(header::CONTENT_TYPE, refused)]), "{refused}");
        }
        assert!(!judged(&[]));
        assert!(!judged(&[
            (header::CONTENT_TYPE, "application/json"),
            (header::CONTENT_ENCODING, "gzip")
        ]));
    }
}
