//! Matching: what the engine is asked, what it answers, and what people make of the answer.
//!
//! The engine (`matcher::engine`) knows no database; `snapshot` reads for it, the use cases here run it off the
//! executor's threads and store what it says. No score is computed here.

pub mod apply_round;
pub mod current;
pub mod discard_round;
pub mod evaluate;
pub mod explanation;
pub mod express_interest;
pub mod find_round;
pub mod labels;
pub mod outlook;
pub mod recheck;
pub mod remove_rule;
pub mod report;
pub mod run_round;
pub mod set_rule;
pub mod snapshot;
pub mod standing;
pub mod suggest;
pub mod unmatched;

mod application_mail;
mod digest_mail;
mod role_summary;

use std::sync::LazyLock;

use matcher::model::{BasisPoints, Weights};
use tokio::sync::Semaphore;

use crate::error::DomainError;

static WEIGHTS: LazyLock<Result<Weights, String>> =
    LazyLock::new(|| Weights::embedded().map_err(|error| error.to_string()));

/// The policy that rounds and suggestions are made with.
///
/// # Errors
/// When the policy that is built in cannot be read, which a test of the engine rules out.
pub fn weights() -> Result<&'static Weights, DomainError> {
    WEIGHTS.as_ref().map_err(DomainError::internal)
}

/// The policy for someone who comes forward: the thresholds below which nobody is proposed do not apply, since here a
/// person speaks for themselves and a person answers. Every gate on facts stays.
///
/// # Errors
/// As [`weights`].
pub fn application_weights() -> Result<Weights, DomainError> {
    let mut weights = weights()?.clone();
    weights.gates.minimum_confidence = BasisPoints::LEAST;
    weights.gates.minimum_score = BasisPoints::LEAST;
    Ok(weights)
}

/// Runs of the engine at the same time; each uses all cores.
static RUNS: Semaphore = Semaphore::const_new(2);

/// Runs the engine where it holds up no request. Who gives up waiting leaves the line; what runs is finished.
pub(in crate::domain) async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DomainError> {
    let run = RUNS.acquire().await;
    let run = run.map_err(|closed| DomainError::Internal(closed.into()))?;
    let working = move || {
        let _run = run;
        work()
    };
    tokio::task::spawn_blocking(working)
        .await
        .map_err(|error| DomainError::Internal(error.into()))
}
