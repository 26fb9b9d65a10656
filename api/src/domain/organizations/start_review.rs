//! Beginning to look at an organization, so that no other coordinator does the same work.

use entity::organization;

use super::review::{self, Decision};
pub use super::submit::Input;
use super::transition::Event;
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::begin_write;

/// Takes the organization from the worklist into review.
///
/// # Errors
/// Violations: a conflict of interest, a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<organization::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let decision = Decision {
        id: input.id,
        expected_version: input.expected_version,
        event: Event::StartReview,
        change: organization::ActiveModel::default(),
        record: None,
    };
    let (organization, _) = review::take(ctx, &*transaction, decision).await?;
    transaction.commit().await?;
    Ok(organization)
}
