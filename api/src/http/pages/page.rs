//! What public pages have in common: in which language they are read, their headers, and the pages that say what is wrong.

use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use entity::language::Language;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use crate::http::{request_context, template};

/// What the address of a public page may carry.
#[derive(Debug, Deserialize)]
struct Choice {
    /// The language asked for by the switch.
    lang: Option<String>,
}

/// Who reads a page: in which language, and at which address.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) language: Language,
    /// The page's path, for the language switch; empty where there is nothing to come back to.
    path: String,
}

impl Reader {
    /// The language is the switch's, else the browser's, else English. An address that cannot be read chose none.
    pub(super) fn new(parts: &Parts, path: String) -> Self {
        let chosen = Query::<Choice>::try_from_uri(&parts.uri)
            .ok()
            .and_then(|Query(choice)| choice.lang)
            .and_then(|code| code.parse().ok());
        Self {
            language: chosen.unwrap_or_else(|| request_context::language(&parts.headers)),
            path,
        }
    }

    /// A page of this reader's: a template filled with `data`.
    pub(super) fn page(
        &self,
        template: &str,
        status: StatusCode,
        data: impl Serialize,
    ) -> Response {
        let data = context! {
            path => self.path.as_str(),
            token => "",
            problems => Vec::<String>::new(),
            page => Value::from(Serde(data)),
        };
        let mut response = template::fill(template, status, self.language, data);
        let content_language = match self.language {
            Language::En => "en-CA",
            Language::Fr => "fr-CA",
        };
        let headers = response.headers_mut();
        for (name, value) in [
            (
                header::CONTENT_SECURITY_POLICY,
                template::CONTENT_SECURITY_POLICY,
            ),
            (header::CONTENT_LANGUAGE, content_language),
            (header::VARY, "accept-language"),
            // What is public may be hidden the next moment.
            (header::CACHE_CONTROL, "no-cache"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if status != StatusCode::OK {
            let name = HeaderName::from_static("x-robots-tag");
            headers.insert(name, HeaderValue::from_static("noindex"));
        }
        response
    }
}

/// Why there is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// There is none at this address, or none that is public.
    Missing,
    /// Our fault.
    Failed,
}

impl Failure {
    /// The page that says so.
    pub(super) fn page(self, reader: &Reader) -> Response {
        let status = match self {
            Self::Missing => StatusCode::NOT_FOUND,
            Self::Failed => StatusCode::SERVICE_UNAVAILABLE,
        };
        let is_missing = self == Self::Missing;
        reader.page("error.html", status, context! { is_missing })
    }
}
