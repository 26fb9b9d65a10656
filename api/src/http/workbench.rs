//! The page on which developers try the API, served in development only: a document, its variables, a token, and the
//! answer. Its files are part of the program, and it asks no other address than the server's own.

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use entity::language::Language;

use super::request_context;
use super::router::HttpState;
use crate::graphql::schema;

/// Where the page is.
pub(super) const ROUTE: &str = "/workbench";

/// The page's own files and the API, nothing else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The page in the browser's language and in each, its script and its style, and the schema to read beside it.
pub(super) fn routes() -> Router<HttpState> {
    Router::new()
        .route(
            ROUTE,
            get(async |headers: HeaderMap| page(request_context::language(&headers))),
        )
        .route("/workbench/en", get(async || page(Language::En)))
        .route("/workbench/fr", get(async || page(Language::Fr)))
        .route(
            "/workbench/script.js",
            get(async || file("text/javascript", include_str!("workbench/script.js"))),
        )
        .route(
            "/workbench/style.css",
            get(async || file("text/css", include_str!("workbench/style.css"))),
        )
        .route(
            "/workbench/schema.graphql",
            get(async || file("text/plain", schema::print())),
        )
}

fn page(language: Language) -> Response {
    let page = match language {
        Language::En => include_str!("workbench/page.en.html"),
        Language::Fr => include_str!("workbench/page.fr.html"),
    };
    file("text/html", page)
}

fn file(media_type: &str, content: impl Into<String>) -> Response {
    let mut response = content.into().into_response();
    let headers = response.headers_mut();
    if let Ok(media_type) = HeaderValue::try_from(format!("{media_type}; charset=utf-8")) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CONTENT_SECURITY_POLICY),
    );
    response
}
