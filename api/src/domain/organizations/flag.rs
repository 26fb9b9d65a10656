//! Doubting a vetted organization: its listings are hidden until the doubt is lifted or a review decides, and its open
//! offers are taken back.

use entity::organization;
use entity::vetting_record::VettingDecision;

use super::review::{self, Decision, Record};
use super::transition::Event;
pub use super::vet::Input;
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::begin_write;

/// Flags the organization.
///
/// # Errors
/// Violations: no evidence, a conflict of interest, a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<organization::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    review::load(ctx, &*transaction, input.id).await?;
    review::check_texts(&input.evidence, input.note.as_deref())?;
    let decision = Decision {
        id: input.id,
        expected_version: input.expected_version,
        event: Event::Flag,
        change: organization::ActiveModel::default(),
        record: Some(Record {
            decision: VettingDecision::Flagged,
            evidence: &input.evidence,
            note: input.note.as_deref(),
            expires_at: None,
        }),
    };
    let (organization, _) = review::take(ctx, &*transaction, decision).await?;
    transaction.commit().await?;
    Ok(organization)
}
