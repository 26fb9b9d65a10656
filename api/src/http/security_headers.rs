//! The headers by which browsers protect people who meet an answer of ours. Every answer has them: a page, a file, data, a
//! refusal, an address that does not exist. Which files a page may load is not known here; a page says so itself.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::config::Environment;

/// For what is no page: nothing of it is run, loaded or framed.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

const EVERYWHERE: [(&str, &str); 6] = [
    // A file is taken for nothing but what it is sent as.
    ("x-content-type-options", "nosniff"),
    // Addresses of pages behind mail links carry tokens.
    ("referrer-policy", "no-referrer"),
    // For browsers that do not know `frame-ancestors`.
    ("x-frame-options", "DENY"),
    // No window of another site keeps hold of one of ours, and none loads our answers, unless CORS lets it read them.
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    // Nothing here asks for any of these.
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// A year, and for this host alone: what else there is below it is not ours to say.
const TRANSPORT_SECURITY: &str = "max-age=31536000";

/// Adds the headers to what the routes answer. In production browsers are told to come by HTTPS only; a machine of
/// development that told them so could not be reached again.
pub(super) async fn add(
    State(environment): State<Environment>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in EVERYWHERE {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    if environment == Environment::Production {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(TRANSPORT_SECURITY),
        );
    }
    response
}
