//! How often what was predicted came true, by score and by factor.

use chrono::{DateTime, Utc};
use matcher::learning::{Calibration, Target};

use super::outcomes::{self, NotReadable, Scope};
use crate::context::Context;
use crate::domain::matching::compute;
use crate::error::DomainError;
use crate::policy::learning::{LearningAction, decide};
use crate::store::transaction::begin_read;

/// A calibration, and what it rests on.
#[derive(Debug)]
pub struct Calibrated {
    /// The report.
    pub calibration: Calibration,
    /// Whether older outcomes were left out because there are too many.
    pub is_truncated: bool,
    /// Outcomes that were left out because their prediction cannot be read.
    pub not_readable: NotReadable,
}

/// Sets the outcomes of pairings begun since then against what was predicted of them.
pub async fn run(
    ctx: &Context,
    target: Target,
    since: Option<DateTime<Utc>>,
) -> Result<Calibrated, DomainError> {
    decide(&ctx.actor, LearningAction::Calibrate).require()?;
    let reading = begin_read(&ctx.app.store).await?;
    let found = outcomes::read(&reading, Scope::Since(since)).await?;
    reading.commit().await?;
    let (is_truncated, not_readable) = (found.is_truncated, found.not_readable.clone());
    let calibration =
        compute(move || matcher::learning::calibrate(&found.outcomes, &super::criterion(target)))
            .await?;
    Ok(Calibrated {
        calibration,
        is_truncated,
        not_readable,
    })
}
