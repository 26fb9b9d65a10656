//! From whose page a request comes. Browsers always say so in `Origin` when a request could do harm, and cannot lie about it;
//! programs say nothing.

use axum::http::{HeaderMap, header};

use crate::config::HttpConfig;

/// Whose page a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Ours, or one that the settings name.
    Allowed,
    /// Somebody else's, or one that may not be told.
    Foreign,
    /// Nothing is said.
    Absent,
}

/// Reads it off the headers.
pub(super) fn of(headers: &HeaderMap, config: &HttpConfig) -> Origin {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Origin::Absent;
    };
    let own = of_url(&config.base_url);
    let mut allowed = config.allowed_origins.iter().map(String::as_str).chain(own);
    let is_allowed = origin
        .to_str()
        .is_ok_and(|origin| allowed.any(|one| one.eq_ignore_ascii_case(origin)));
    if is_allowed {
        Origin::Allowed
    } else {
        Origin::Foreign
    }
}

/// Scheme, host and port of a URL.
fn of_url(url: &str) -> Option<&str> {
    let authority = url.find("://")? + 3;
    let length = url
        .get(authority..)?
        .find('/')
        .unwrap_or(url.len() - authority);
    url.get(..authority + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_before_the_path() {
        assert_eq!(
            of_url("https://market.example"),
            Some("https://market.example")
        );
        assert_eq!(
            of_url("http://localhost:8080/fr/x"),
            Some("http://localhost:8080")
        );
        assert_eq!(of_url("market.example"), None);
    }
}
