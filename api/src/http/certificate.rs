//! `/rounds/{round}/certificate.json`: the certificate of a round with what it rests on, as one document for whoever
//! checks it. It is as long as the round: some hundred bytes for each role, pair and listed volunteer. Who may read it is
//! decided where it is read, and the same token or cookie is shown as for GraphQL.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use entity::id::{RoleId, RoundId, VolunteerId};
use entity::language::Language;
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::failure::Failure;
use super::graphql_over_http::{AUTHENTICATION_TIME, MediaType};
use super::request_context;
use super::router::HttpState;
use crate::domain::matching::load_proof::{self, Loaded};
use crate::domain::matching::proof::Proof;
use crate::domain::matching::run_round::Input;
use crate::error::DomainError;
use crate::graphql::id::{decode, encode};

/// The route.
pub const ROUTE: &str = "/rounds/{round}/certificate.json";

/// What documents may cost the server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// One permit for each document that is read or written; a large one is held in memory twice.
    pub places: Arc<Semaphore>,
    /// For a place to become free and the database to answer.
    pub reading: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(2)),
            reading: Duration::from_secs(5),
        }
    }
}

/// The document, or why not, in the form of GraphQL's errors.
pub async fn get(
    State(state): State<HttpState>,
    round: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    // What cannot be read names no round.
    let round = round.map(|Path(round)| round).ok();
    match answer(&state, &parts, round).await {
        Ok(document) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
                (header::VARY, "Authorization, Cookie, Origin"),
            ];
            (headers, document).into_response()
        }
        Err(failure) => failure
            .with_request_id(request_context::request_id(&parts.headers))
            .into_response(MediaType::Json),
    }
}

async fn answer(
    state: &HttpState,
    parts: &Parts,
    round: Option<String>,
) -> Result<Vec<u8>, Failure> {
    let language = request_context::language(&parts.headers);
    let late = |what: &str, language: Language| {
        tracing::warn!(what, "a certificate could not be given in time");
        Failure::unavailable(language)
    };
    let context = request_context::from_parts(&state.app, parts);
    let ctx = timeout(AUTHENTICATION_TIME, context)
        .await
        .map_err(|_| late("authentication", language))?
        .map_err(|refusal| Failure::of_refusal(&refusal, language))?;
    let refused = |error: DomainError| Failure::of_domain(&ctx, &error);
    load_proof::authorize(&ctx).map_err(refused)?;
    let id: RoundId = round
        .and_then(|round| decode(&round.into(), "round").ok())
        .ok_or_else(|| refused(DomainError::NotFound))?;
    let reading = async {
        let place = state.certificates.places.clone().acquire_owned().await;
        let place = place.map_err(DomainError::internal)?;
        Ok((place, load_proof::run(&ctx, id).await?))
    };
    let (place, loaded) = timeout(state.certificates.reading, reading)
        .await
        .map_err(|_| late("reading", ctx.language))?
        .map_err(refused)?;
    let writing = tokio::task::spawn_blocking(move || {
        // Held until the work is done, whether anybody still waits for it or not.
        let _place = place;
        let proof = loaded.proof()?;
        serde_json::to_vec(&Document::new(&loaded, &proof)).map_err(DomainError::internal)
    });
    let written = writing.await.map_err(DomainError::internal);
    written.and_then(|document| document).map_err(refused)
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
    scope: Scope,
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

/// Over whom the round was run; an empty list is of all.
#[derive(Serialize)]
struct Scope {
    #[serde(rename = "projectIds")]
    projects: Vec<String>,
    #[serde(rename = "roleIds")]
    roles: Vec<String>,
    #[serde(rename = "volunteerIds")]
    volunteers: Vec<String>,
}

impl Scope {
    fn new(input: &Input) -> Self {
        let (projects, roles) = (input.projects.iter(), input.roles.iter());
        let volunteers = input.volunteers.iter();
        Self {
            projects: projects.map(|id| encode(id).to_string()).collect(),
            roles: roles.map(|id| encode(id).to_string()).collect(),
            volunteers: volunteers.map(|id| encode(id).to_string()).collect(),
        }
    }
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
    fn new(loaded: &Loaded, proof: &Proof) -> Self {
        let round = &loaded.round;
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
        let chosen = loaded
            .pairs
            .iter()
            .filter(|(role, volunteer, _)| !pinned.contains(&(*role, *volunteer)));
        Self {
            round_id: encode(&round.id).to_string(),
            engine_version: round.engine_version.clone(),
            weights_version: round.weights_version.clone(),
            inputs_digest: round.inputs_digest.clone(),
            as_of_at: round.as_of,
            scope: Scope::new(&loaded.scope),
            is_verified: proof.is_verified,
            is_over_all_pairs: proof.is_over_all_pairs,
            total_points: proof.total,
            bound_points: proof.bound,
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
