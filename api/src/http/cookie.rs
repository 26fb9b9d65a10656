//! The cookie of a browser's session. Its name begins with `__Host-`: browsers take it over a safe connection only, for this
//! host alone and all of its paths, so that no neighbour can plant one.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::credentials::session::Cookie;

const NAME: &str = "__Host-session";
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";
/// What makes a browser forget it.
pub(super) const FORGET: &str =
    "__Host-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict";

/// What a browser is told to keep.
///
/// # Errors
/// None in practice: the secret is base64.
pub(super) fn write(cookie: &Cookie) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let Cookie { secret, life } = cookie;
    let seconds = life.num_seconds();
    HeaderValue::try_from(format!("{NAME}={secret}; Max-Age={seconds}; {ATTRIBUTES}"))
}

/// The secret that a request holds, if any. Several of them are as good as a wrong one: no browser sends two.
pub(super) fn read(headers: &HeaderMap) -> Option<&str> {
    read_named(headers, NAME)
}

/// The same of another cookie.
pub(super) fn read_named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut secrets = headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, _)| *found == name)
        .map(|(_, secret)| secret);
    let first = secrets.next()?;
    Some(if secrets.next().is_some() { "" } else { first })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn reads(values: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::COOKIE, HeaderValue::from_bytes(value).unwrap());
        }
        read(&headers).map(str::to_owned)
    }

    #[test]
    fn the_secret_is_found_among_other_cookies() {
        assert_eq!(reads(&[]), None);
        assert_eq!(
            reads(&[b"theme=dark; session=x; __Host-sessions=y; __host-session=z"]),
            None
        );
        assert_eq!(reads(&[b"__Host-session=abc"]).as_deref(), Some("abc"));
        assert_eq!(
            reads(&[b"theme=dark; __Host-session=a=b; x"]).as_deref(),
            Some("a=b")
        );
        assert_eq!(
            reads(&[b"theme=dark", b"__Host-session=abc"]).as_deref(),
            Some("abc")
        );
        assert_eq!(
            reads(&[b"\xff", b"__Host-session=abc"]).as_deref(),
            Some("abc")
        );
    }

    #[test]
    fn two_of_them_are_as_good_as_a_wrong_one() {
        assert_eq!(
            reads(&[b"__Host-session=a; __Host-session=b"]).as_deref(),
            Some("")
        );
        assert_eq!(
            reads(&[b"__Host-session=a", b"__Host-session=a"]).as_deref(),
            Some("")
        );
        assert_eq!(reads(&[b"__Host-session="]).as_deref(), Some(""));
    }

    #[test]
    fn it_is_for_this_host_and_for_no_script() {
        let cookie = Cookie {
            secret: "abc".to_owned(),
            life: TimeDelta::hours(12),
        };
        assert_eq!(
            write(&cookie).unwrap(),
            "__Host-session=abc; Max-Age=43200; Path=/; Secure; HttpOnly; SameSite=Strict"
        );
        assert!(FORGET.starts_with(&format!("{NAME}=; ")) && FORGET.ends_with(ATTRIBUTES));
    }
}
