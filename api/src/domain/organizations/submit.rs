//! Handing an organization in for vetting, the first time or again after an answer or an end.

use entity::id::OrganizationId;
use entity::organization;
use sea_orm::Set;

use super::load;
use super::transition::{self, Event, Outcome};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::organization::OrganizationAction;
use crate::store::transaction::begin_write;

/// Which organization, as read.
#[derive(Clone, Debug)]
pub struct Input {
    /// The organization.
    pub id: OrganizationId,
    /// The version the caller read.
    pub expected_version: i32,
}

/// Puts the organization on the coordinators' worklist.
///
/// # Errors
/// Violations: a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<organization::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let read = load(ctx, &*transaction, input.id, OrganizationAction::Submit).await?;
    let change = organization::ActiveModel {
        submitted_at: Set(Some(ctx.now())),
        ..Default::default()
    };
    let outcome = transition::apply(
        ctx,
        &*transaction,
        read,
        Event::Submit,
        Some(input.expected_version),
        change,
    )
    .await?;
    transaction.commit().await?;
    let (Outcome::Changed(organization) | Outcome::Unchanged(organization)) = outcome;
    Ok(organization)
}
