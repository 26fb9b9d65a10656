//! Accepting an organization on evidence, for a time; or extending that time before it runs out.

use chrono::Months;
use entity::id::OrganizationId;
use entity::organization;
use entity::vetting_record::VettingDecision;
use matcher::mail::{Message, OrganizationVetted, Text};
use sea_orm::Set;

use super::mail::{self, link};
use super::review::{self, Decision, Record};
use super::transition::Event;
use crate::context::Context;
use crate::error::DomainError;
use crate::jobs::enqueue;
use crate::jobs::expire_vettings::ExpireVettings;
use crate::store::transaction::begin_write;

/// Which organization, as read, and on which evidence.
#[derive(Clone, Debug)]
pub struct Input {
    /// The organization.
    pub id: OrganizationId,
    /// The version the caller read.
    pub expected_version: i32,
    /// What was looked at, 1 to 4,000 characters.
    pub evidence: String,
    /// For the other coordinators, up to 4,000 characters.
    pub note: Option<String>,
}

/// Vets the organization for the configured number of months and tells its owners and managers.
///
/// # Errors
/// Violations: no evidence, a conflict of interest, a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<organization::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    review::load(ctx, &*transaction, input.id).await?;
    review::check_texts(&input.evidence, input.note.as_deref())?;
    let months = Months::new(ctx.app.config.pairing.vetting_months);
    let vetted_until = ctx
        .now()
        .checked_add_months(months)
        .ok_or_else(|| DomainError::internal("the end of the vetting is beyond the calendar"))?;
    let decision = Decision {
        id: input.id,
        expected_version: input.expected_version,
        event: Event::Vet,
        change: organization::ActiveModel {
            vetted_until: Set(Some(vetted_until)),
            ..Default::default()
        },
        record: Some(Record {
            decision: VettingDecision::Vetted,
            evidence: &input.evidence,
            note: input.note.as_deref(),
            expires_at: Some(vetted_until),
        }),
    };
    let (organization, is_changed) = review::take(ctx, &*transaction, decision).await?;
    if is_changed {
        let message = Message::OrganizationVetted(OrganizationVetted {
            organization: Text::name(organization.name.as_str()),
            valid_until: Some(vetted_until.date_naive()),
            link: link(&ctx.app, &organization),
        });
        mail::tell_managers(ctx, &*transaction, organization.id, &message).await?;
        enqueue(&ctx.app, &*transaction, &ExpireVettings {}, vetted_until).await?;
    }
    transaction.commit().await?;
    Ok(organization)
}
