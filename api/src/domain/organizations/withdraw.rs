//! Taking an organization back. Its listings are hidden; it can be submitted again.

use entity::id::OrganizationId;
use entity::organization;
use entity::vetting_record::VettingDecision;

use super::load;
use super::review::{self, Record};
use super::transition::{self, Event, Outcome};
use crate::context::Context;
use crate::domain::text;
use crate::error::DomainError;
use crate::policy::organization::OrganizationAction;
use crate::store::transaction::begin_write;

/// Which organization, as read, and why.
#[derive(Clone, Debug)]
pub struct Input {
    /// The organization.
    pub id: OrganizationId,
    /// The version the caller read.
    pub expected_version: i32,
    /// Why, up to 4,000 characters; coordinators read it.
    pub reason: String,
}

/// Withdraws the organization.
///
/// # Errors
/// Violations: no reason, a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<organization::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let read = load(ctx, &*transaction, input.id, OrganizationAction::Submit).await?;
    if let Some(violation) = text::required_violation(&input.reason, "reason", review::MAX_TEXT) {
        return Err(violation.into());
    }
    let outcome = transition::apply(
        ctx,
        &*transaction,
        read,
        Event::Withdraw,
        Some(input.expected_version),
        organization::ActiveModel::default(),
    )
    .await?;
    let organization = match outcome {
        Outcome::Changed(organization) => {
            let record = Record {
                decision: VettingDecision::Withdrawn,
                evidence: &input.reason,
                note: None,
                expires_at: None,
            };
            let decided_by = ctx.person()?.account_id;
            review::add_record(ctx, &*transaction, organization.id, decided_by, record).await?;
            organization
        }
        Outcome::Unchanged(organization) => organization,
    };
    transaction.commit().await?;
    Ok(organization)
}
