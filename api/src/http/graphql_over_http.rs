//! GraphQL over HTTP, as the specification of that name says (gql.github.io/graphql-over-http).
//!
//! POST takes one JSON object; GET takes queries only. Errors of the request have no `data` beside
//! them and always have a code. Nothing is executed here: the endpoint in `graphql` does that.

mod media_type;

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::{Map, Value};

pub(super) use self::media_type::{MediaType, require_json};
use super::failure::{Failure, bad_request, reply};
use super::router::HttpState;
use super::{cookie, graphql_over_ws, request_context};
use crate::domain::idempotency::{IdempotencyKey, NoKey};
use crate::graphql::endpoint::{Answer, Call, Cause};

/// The header of a mutation's key.
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Bytes of a request's body.
const BODY: usize = 64 * 1_024;
/// For the whole body to arrive; tests wait less.
pub const BODY_TIME: Duration = Duration::from_secs(10);
/// For an answer, once the call has been read: half a second more than an operation has, which says itself that it takes too long.
const ANSWER_TIME: Duration = Duration::from_millis(5_500);
/// For the token to be checked against the database, where that is all.
pub(super) const AUTHENTICATION_TIME: Duration = Duration::from_secs(5);

/// `POST /graphql`: one operation of any kind but a subscription.
pub async fn post(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    respond(&parts.headers, async || {
        require_json(&parts.headers)?;
        let call = parse_body(&read(&parts.headers, body, state.body_time).await?)?;
        execute(&state, &parts, call).await
    })
    .await
}

/// `GET /graphql`: a query in the URL, or the upgrade to a WebSocket.
pub async fn get(State(state): State<HttpState>, request: Request) -> Response {
    if graphql_over_ws::is_upgrade(request.headers()) {
        return graphql_over_ws::upgrade(state, request).await;
    }
    let (parts, _) = request.into_parts();
    respond(&parts.headers, async || {
        execute(&state, &parts, parse_url(&parts)?).await
    })
    .await
}

/// Any other method.
pub async fn method_not_allowed() -> Response {
    let failure = Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "Use POST, or GET for queries.",
    );
    failure
        .with_header(header::ALLOW, "GET, POST")
        .into_response(MediaType::Json)
}

/// Agrees on the answer's media type, lets `answer` answer, and writes it with the right status.
async fn respond(
    headers: &HeaderMap,
    answer: impl AsyncFnOnce() -> Result<Answer, Failure>,
) -> Response {
    let Some(media_type) = MediaType::negotiate(headers) else {
        let message = "The answer is JSON. Accept `application/json`.";
        return Failure::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
            .into_response(MediaType::Json);
    };
    match answer().await {
        Ok(Answer::Executed(body)) => reply(StatusCode::OK, media_type, body),
        Ok(Answer::Refused { cause, errors }) => {
            let body = format!(r#"{{"errors":{errors}}}"#);
            let mut response = reply(status_of(cause, media_type), media_type, body);
            let told = match cause {
                Cause::NotAQuery => Some((header::ALLOW, "POST")),
                Cause::Unavailable => Some((header::RETRY_AFTER, "5")),
                _ => None,
            };
            if let Some((name, value)) = told {
                let headers = response.headers_mut();
                headers.insert(name, HeaderValue::from_static(value));
            }
            response
        }
        Err(failure) => failure.into_response(media_type),
    }
}

/// `application/json` is for clients who take any other status than 200 for a fault of the network;
/// `application/graphql-response+json` tells truly.
fn status_of(cause: Cause, media_type: MediaType) -> StatusCode {
    match (cause, media_type) {
        (Cause::NotAQuery, _) => StatusCode::METHOD_NOT_ALLOWED,
        (Cause::TimedOut | Cause::NotRecorded | Cause::Unavailable, _) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        (Cause::Request, MediaType::Json) => StatusCode::OK,
        (Cause::Request, MediaType::GraphqlResponse) => StatusCode::BAD_REQUEST,
    }
}

async fn execute(state: &HttpState, parts: &Parts, call: Call) -> Result<Answer, Failure> {
    let language = request_context::language(&parts.headers);
    let answering = async {
        let context = request_context::from_parts(&state.app, parts)
            .await
            .map_err(|refusal| Failure::of_refusal(&refusal, language))?;
        let call = Call {
            is_from_browser: cookie::read(&parts.headers).is_some(),
            idempotency_key: idempotency_key(&parts.headers, call.idempotency_key)?,
            ..call
        };
        Ok(state.graphql.execute(context, call).await)
    };
    tokio::time::timeout(ANSWER_TIME, answering)
        .await
        .unwrap_or_else(|_| Err(Failure::unavailable(language)))
}

/// The key of the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header: a string in quotation marks, which many
/// leave out), or of the call; where both are there they are the same.
fn idempotency_key(
    headers: &HeaderMap,
    in_call: Option<IdempotencyKey>,
) -> Result<Option<IdempotencyKey>, Failure> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else {
        return Ok(in_call);
    };
    if values.next().is_some() {
        return Err(bad_request(
            "There are two headers `Idempotency-Key`. Send one.",
        ));
    }
    let text = value.to_str().unwrap_or_default();
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let key: IdempotencyKey = bare.parse().map_err(|error: NoKey| {
        bad_request(format!("The header `Idempotency-Key` holds none. {error}"))
    })?;
    if in_call.is_some_and(|in_call| in_call != key) {
        return Err(bad_request(
            "`extensions.idempotencyKey` and the header `Idempotency-Key` differ. Send one of them.",
        ));
    }
    Ok(Some(key))
}

/// The whole body, unless it is too large or too slow.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    time: Duration,
) -> Result<Bytes, Failure> {
    read_up_to(BODY, headers, body, time).await
}

/// The same of a body that may have `limit` bytes.
pub(super) async fn read_up_to(
    limit: usize,
    headers: &HeaderMap,
    body: Body,
    time: Duration,
) -> Result<Bytes, Failure> {
    let too_large = || {
        let message = format!("The body is larger than {limit} bytes.");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", message)
    };
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > limit as u64) {
        return Err(too_large());
    }
    let reading = async {
        let mut chunks = body.into_data_stream();
        let mut bytes = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| {
                Failure::new(
                    StatusCode::BAD_REQUEST,
                    "BODY_INCOMPLETE",
                    "The body could not be read.",
                )
            })?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Bytes::from(bytes))
    };
    tokio::time::timeout(time, reading)
        .await
        .unwrap_or_else(|_| {
            let message = "The body took too long to arrive.";
            Err(Failure::new(
                StatusCode::REQUEST_TIMEOUT,
                "BODY_TOO_SLOW",
                message,
            ))
        })
}

fn parse_body(body: &[u8]) -> Result<Call, Failure> {
    if body.is_empty() {
        return Err(bad_request(
            "The body is empty. Send a JSON object with a `query`.",
        ));
    }
    Call::from_json(parse_json("body", body)?).map_err(|error| bad_request(error.to_string()))
}

pub(super) fn parse_json(what: &str, json: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(json).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = format!("The {what} is not valid JSON, from line {line}, column {column}.");
        Failure::new(StatusCode::BAD_REQUEST, "INVALID_JSON", message)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UrlParameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

fn parse_url(parts: &Parts) -> Result<Call, Failure> {
    let Query(parameters) = Query::<UrlParameters>::try_from_uri(&parts.uri)
        .map_err(|_| bad_request("The URL's query string cannot be read."))?;
    let mut json = Map::new();
    for (name, text) in [
        ("query", parameters.query),
        ("documentId", parameters.document_id),
        ("operationName", parameters.operation_name),
    ] {
        json.extend(text.map(|text| (name.to_owned(), Value::String(text))));
    }
    for (name, text) in [
        ("variables", parameters.variables),
        ("extensions", parameters.extensions),
    ] {
        // Clients write an empty value for none.
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            json.insert(name.to_owned(), parse_json(name, text.as_bytes())?);
        }
    }
    let call =
        Call::from_json(Value::Object(json)).map_err(|error| bad_request(error.to_string()))?;
    Ok(Call {
        is_read_only: true,
        ..call
    })
}
