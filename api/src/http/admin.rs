//! The built admin client under `/admin`, when there is one. Unknown paths get its page: the client routes them itself.

use std::path::Path;

use axum::Router;
use axum::http::{HeaderValue, header};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// Only the client's own files, no inline script or style, never inside another site's frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; object-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Serves the folder of the built client; precompressed files are preferred.
pub fn routes<S: Clone + Send + Sync + 'static>(folder: &Path) -> Router<S> {
    let page = ServeFile::new(folder.join("index.html"));
    let files = ServeDir::new(folder)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(page);
    Router::new()
        .nest_service("/admin", files)
        .layer(SetResponseHeaderLayer::overriding(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_SECURITY_POLICY),
        ))
}
