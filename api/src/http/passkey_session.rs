//! `/session/passkey`: logging in with a passkey in a browser, whose session a cookie holds as after a log-in with a password.
//! The challenge comes from GraphQL (`beginPasskeyLogIn`).

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use super::browser_session::{body_of, hand_over, in_time, require_log_in, respond};
use super::cookie;
use super::router::HttpState;
use crate::domain::accounts::passkeys::log_in;

/// The route.
pub const ROUTE: &str = "/session/passkey";

/// What the passkey signed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogIn {
    /// What `navigator.credentials.get` gave, as it writes itself (`toJSON`).
    credential: Value,
}

/// `POST /session/passkey`: logs in, and has the browser keep a cookie.
pub async fn open(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    respond(&parts, async |language| {
        let ctx = require_log_in(&state, &parts, language)?;
        let sent: LogIn = body_of(&parts, body, "a credential").await?;
        let credential = sent.credential.to_string();
        let before = cookie::read(&parts.headers);
        let opening = log_in::run_in_browser(&ctx, &credential, before);
        let (account, opened) = in_time(&ctx, opening).await?;
        hand_over(&state, &ctx, &account, &opened).await
    })
    .await
}
