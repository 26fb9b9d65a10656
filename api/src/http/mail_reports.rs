//! `/hooks/mail-reports`: where a mail server, or a service that sends for us, posts what it reports of mails that left: the report
//! as it is, a mail message. There is no such route unless a secret is set, which whoever posts shows as a bearer token.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use matcher::mail::MAX_REPORT;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::failure::Failure;
use super::graphql_over_http::{MediaType, read_up_to};
use super::request_context;
use super::router::HttpState;
use crate::context::Context;
use crate::credentials::secret_token;
use crate::domain::mails::take_report::{self, Taken};

/// The route.
pub const ROUTE: &str = "/hooks/mail-reports";

/// What a mail message is sent as.
const MEDIA_TYPE: &str = "message/rfc822";

/// Takes in one report.
pub async fn post(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match take(&state, &parts, body).await {
        Ok(taken) => axum::Json(told(taken)).into_response(),
        Err(failure) => failure
            .with_request_id(request_context::request_id(&parts.headers))
            .into_response(MediaType::Json),
    }
}

async fn take(state: &HttpState, parts: &Parts, body: Body) -> Result<Taken, Failure> {
    let secret = state.app.config.mail.report_secret.as_ref();
    if !secret.is_some_and(|secret| shows(&parts.headers, secret)) {
        let message = "Show MARKETPLACE_MAIL_REPORT_SECRET as a bearer token.";
        let failure = Failure::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message);
        return Err(failure.with_header(header::WWW_AUTHENTICATE, "Bearer"));
    }
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case(MEDIA_TYPE) {
        let message = format!("Send the report as {MEDIA_TYPE}.");
        return Err(Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            message,
        ));
    }
    let message = read_up_to(MAX_REPORT, &parts.headers, body, state.body_time).await?;
    let ctx = Context::system(
        state.app.clone(),
        request_context::request_id(&parts.headers),
    );
    let taken = take_report::run(&ctx, &message).await;
    taken.map_err(|error| Failure::of_domain(&ctx, &error))
}

/// Whether the secret is shown. Hashes are compared, so that the time it takes says nothing of how much of it was right.
fn shows(headers: &HeaderMap, secret: &SecretString) -> bool {
    let shown = headers.get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok()?.split_once(' '));
    // The scheme is written in either case (RFC 9110, 11.1).
    let shown = shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
    let shown = shown.map(|(_, secret)| secret);
    shown.is_some_and(|shown| {
        secret_token::hash(shown) == secret_token::hash(secret.expose_secret())
    })
}

fn told(taken: Taken) -> Value {
    match taken {
        Taken::Bounced {
            status,
            is_suppressed,
        } => json!({
            "taken": "BOUNCED", "status": status.to_string(), "isSuppressed": is_suppressed,
        }),
        Taken::Complained => json!({ "taken": "COMPLAINED", "isSuppressed": true }),
        Taken::Nothing => json!({ "taken": "NOTHING" }),
        Taken::Unknown => json!({ "taken": "UNKNOWN" }),
    }
}
