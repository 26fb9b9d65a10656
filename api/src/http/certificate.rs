//! `/rounds/{round}/certificate.json`: the certificate of a round with all that it rests on, as one document for whoever
//! checks it. It is as long as the round: some hundred bytes for each role, pair and priced volunteer. Who may read it is
//! decided where it is read, and the same bearer token is shown as for GraphQL.

use std::collections::HashSet;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use entity::id::{RoleId, RoundId, VolunteerId};
use serde::Serialize;

use super::graphql_over_http::{Failure, MediaType};
use super::request_context;
use super::router::HttpState;
use crate::context::Context;
use crate::domain::matching::find_proof::{self, Found};
use crate::error::DomainError;
use crate::graphql::error::code_and_message;
use crate::graphql::id::{decode, encode};

/// The route.
pub const ROUTE: &str = "/rounds/{round}/certificate.json";

/// For the document to be read and written: far more than a round of tens of thousands takes.
const TIME: Duration = Duration::from_secs(20);

/// The document, or why not, in the form of GraphQL's errors.
pub async fn get(
    State(state): State<HttpState>,
    Path(round): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let answer = tokio::time::timeout(TIME, answer(&state, &parts, &round)).await;
    match answer.unwrap_or_else(|_| Err(Failure::unavailable())) {
        Ok(document) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
                (header::VARY, "Authorization"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, document).into_response()
        }
        Err(failure) => failure.into_response(MediaType::Json),
    }
}

async fn answer(state: &HttpState, parts: &Parts, round: &str) -> Result<Vec<u8>, Failure> {
    let ctx = request_context::from_parts(&state.app, parts).await;
    let ctx = ctx.map_err(|error| Failure::of_authentication(&error))?;
    let document = document(&ctx, round).await;
    document.map_err(|error| failure(&ctx, &error))
}

async fn document(ctx: &Context, round: &str) -> Result<Vec<u8>, DomainError> {
    let id: RoundId = decode(&round.into(), "round").map_err(|_| DomainError::NotFound)?;
    let found = find_proof::run(ctx, id).await?;
    let written = tokio::task::spawn_blocking(move || serde_json::to_vec(&Document::new(&found)));
    let written = written.await.map_err(DomainError::internal)?;
    written.map_err(DomainError::internal)
}

fn failure(ctx: &Context, error: &DomainError) -> Failure {
    let status = match error {
        DomainError::Rules(_) => StatusCode::BAD_REQUEST,
        DomainError::NotFound => StatusCode::NOT_FOUND,
        DomainError::Forbidden => StatusCode::FORBIDDEN,
        DomainError::Unauthenticated => StatusCode::UNAUTHORIZED,
        DomainError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        DomainError::Retry(_) | DomainError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let (code, message) = code_and_message(ctx, error);
    Failure::new(status, code, message)
}

/// What an auditor reads. Scores, prices, the bonus and both sums are in ten-thousandths of a score.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    round_id: String,
    engine_version: String,
    weights_version: String,
    inputs_digest: String,
    as_of_at: DateTime<Utc>,
    is_verified: bool,
    is_over_all_pairs: bool,
    total_points: u64,
    bound_points: u64,
    first_suggestion_bonus: u32,
    roles: Vec<RoleTerms>,
    volunteers: Vec<VolunteerTerms>,
    pairs: Vec<ScoredPair>,
    pinned_pairs: Vec<Pair>,
    left_out_pairs: Vec<Pair>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoleTerms {
    role_id: String,
    wanted: u32,
    has_pin: bool,
    hours_per_week: u32,
    price: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    bound_price: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VolunteerTerms {
    volunteer_id: String,
    placements: u32,
    room: u32,
    hours_left: Option<u32>,
    price: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScoredPair {
    #[serde(flatten)]
    pair: Pair,
    score: i32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pair {
    role_id: String,
    volunteer_id: String,
}

impl Pair {
    fn new((role, volunteer): &(RoleId, VolunteerId)) -> Self {
        Self {
            role_id: encode(role).to_string(),
            volunteer_id: encode(volunteer).to_string(),
        }
    }
}

impl Document {
    fn new(found: &Found) -> Self {
        let (certificate, proof) = (&found.certificate, &found.proof);
        let roles = proof.roles.iter().map(|role| RoleTerms {
            role_id: encode(&role.role_id).to_string(),
            wanted: role.wanted,
            has_pin: role.has_pin,
            hours_per_week: role.hours,
            price: role.price,
            bound_price: role.bound_price,
        });
        let volunteers = proof.volunteers.iter().map(|volunteer| VolunteerTerms {
            volunteer_id: encode(&volunteer.volunteer_id).to_string(),
            placements: volunteer.placements,
            room: volunteer.room,
            hours_left: volunteer.hours_left,
            price: volunteer.price,
        });
        let pinned: HashSet<_> = proof.pinned.iter().copied().collect();
        let chosen = found
            .pairs
            .iter()
            .filter(|(role, volunteer, _)| !pinned.contains(&(*role, *volunteer)));
        Self {
            round_id: encode(&found.round_id).to_string(),
            engine_version: found.engine_version.clone(),
            weights_version: found.weights_version.clone(),
            inputs_digest: found.inputs_digest.clone(),
            as_of_at: found.as_of,
            is_verified: certificate.is_verified,
            is_over_all_pairs: certificate.is_over_all_pairs,
            total_points: certificate.total,
            bound_points: certificate.bound,
            first_suggestion_bonus: proof.first_suggestion_bonus,
            roles: roles.collect(),
            volunteers: volunteers.collect(),
            pairs: chosen
                .map(|(role, volunteer, score)| ScoredPair {
                    pair: Pair::new(&(*role, *volunteer)),
                    score: *score,
                })
                .collect(),
            pinned_pairs: proof.pinned.iter().map(Pair::new).collect(),
            left_out_pairs: proof.left_out.iter().map(Pair::new).collect(),
        }
    }
}
