//! A form as it was sent; what is no form of ours is answered by a page, in the reader's language.

use axum::Form;
use axum::extract::{FromRequest, Query, Request};
use axum::http::StatusCode;
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::page::{Address, Refusal};

/// The fields of a form.
pub(super) struct Submitted<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Submitted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let language = Query::<Address>::try_from_uri(&parts.uri)
            .map(|Query(address)| address)
            .unwrap_or_default()
            .language(None, &parts);
        Form::from_request(Request::from_parts(parts, body), state)
            .await
            .map(|Form(fields)| Self(fields))
            .map_err(|rejection| {
                let refusal = match rejection.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLong,
                    _ => Refusal::Unreadable,
                };
                refusal.page(language)
            })
    }
}
