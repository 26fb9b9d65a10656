//! The weights that would have predicted the answers better, beside the policy's. A proposal: nothing is applied.

use chrono::{DateTime, Utc};
use matcher::learning::{Refit, RefitOptions, Target, TooFew};

use super::outcomes::{self, NotReadable, Scope};
use crate::context::Context;
use crate::domain::matching::{compute, weights};
use crate::error::DomainError;
use crate::policy::learning::{LearningAction, decide};
use crate::store::transaction::begin_read;

/// What came of a refit.
#[derive(Debug)]
pub struct Refitted {
    /// The question that was learned from.
    pub target: Target,
    /// The proposal, or how many outcomes are missing.
    pub outcome: Result<Proposal, TooFew>,
    /// Whether older outcomes were left out because there are too many.
    pub is_truncated: bool,
    /// Outcomes that were left out because their prediction cannot be read.
    pub not_readable: NotReadable,
}

/// Other weights.
#[derive(Debug)]
pub struct Proposal {
    /// The weights and what speaks for them.
    pub refit: Refit,
    /// The whole policy with them, as a file of weights.
    pub toml: String,
}

/// Fits the weights to the outcomes of pairings begun since then.
pub async fn run(
    ctx: &Context,
    target: Target,
    since: Option<DateTime<Utc>>,
) -> Result<Refitted, DomainError> {
    decide(&ctx.actor, LearningAction::Refit).require()?;
    let reading = begin_read(&ctx.app.store).await?;
    let found = outcomes::read(&reading, Scope::Since(since)).await?;
    reading.commit().await?;
    let (is_truncated, not_readable) = (found.is_truncated, found.not_readable.clone());
    let policy = weights()?;
    let fitted = compute(move || {
        let (criterion, options) = (super::criterion(target), RefitOptions::default());
        matcher::learning::refit(&found.outcomes, &criterion, policy, &options)
    })
    .await?;
    let outcome = match fitted {
        Err(too_few) => Err(too_few),
        Ok(refit) => {
            let toml = refit.proposed.to_toml();
            let toml = toml.map_err(|error| DomainError::Internal(error.into()))?;
            Ok(Proposal { refit, toml })
        }
    };
    Ok(Refitted {
        target,
        outcome,
        is_truncated,
        not_readable,
    })
}
