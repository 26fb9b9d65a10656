//! `/.well-known/jwks.json`: the public keys behind access tokens, for whoever verifies them elsewhere (RFC 7517). The next
//! one is there before it signs.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::router::HttpState;

/// The route.
pub const ROUTE: &str = "/.well-known/jwks.json";

/// The current key, the next, the previous.
pub async fn get(State(state): State<HttpState>) -> Response {
    let keys: Vec<Value> = state
        .app
        .keys
        .accepted()
        .iter()
        .map(|key| {
            json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.id, "x": key.x })
        })
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "application/jwk-set+json"),
        // No longer than a key is known before it signs.
        (header::CACHE_CONTROL, "public, max-age=60"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, json!({ "keys": keys }).to_string()).into_response()
}
