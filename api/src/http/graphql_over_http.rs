//! GraphQL over HTTP.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::request_context;
use super::router::HttpState;
use crate::graphql::loaders::loaders;

/// Answers `POST /graphql`.
pub async fn post(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, 64 * 1024).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let Ok(query) = serde_json::from_slice::<async_graphql::Request>(&bytes) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match request_context::from_parts(&state.app, &parts).await {
        Ok(context) => {
            let query = query.data(loaders(state.app.clone())).data(context);
            Json(state.schema.execute(query).await).into_response()
        }
        Err(_) => StatusCode::UNAUTHORIZED.into_response(),
    }
}
