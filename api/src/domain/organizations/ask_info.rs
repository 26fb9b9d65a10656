//! Asking an organization for what vetting still needs.

use entity::id::OrganizationId;
use entity::organization;
use entity::vetting_record::VettingDecision;
use matcher::mail::{Message, OrganizationNeedsInfo, Text};

use super::mail::{self, link};
use super::review::{self, Decision, MAX_TEXT, Record};
use super::transition::Event;
use crate::context::Context;
use crate::domain::text;
use crate::error::{DomainError, Violation};
use crate::store::transaction::begin_write;

/// Which organization, as read, and what is asked.
#[derive(Clone, Debug)]
pub struct Input {
    /// The organization.
    pub id: OrganizationId,
    /// The version the caller read.
    pub expected_version: i32,
    /// What is asked, 1 to 4,000 characters; mailed as it is.
    pub questions: String,
    /// What was looked at so far, up to 4,000 characters.
    pub evidence: Option<String>,
}

/// Gives the organization back with questions and mails them to its owners and managers.
///
/// # Errors
/// Violations: no question, a conflict of interest, a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<organization::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    review::load(ctx, &*transaction, input.id).await?;
    let evidence = input.evidence.as_deref().unwrap_or_default();
    let violations: Vec<Violation> = [
        text::required_violation(&input.questions, "questions", MAX_TEXT),
        text::violation(evidence, "evidence", MAX_TEXT),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let decision = Decision {
        id: input.id,
        expected_version: input.expected_version,
        event: Event::AskInfo,
        change: organization::ActiveModel::default(),
        record: Some(Record {
            decision: VettingDecision::NeedsInfo,
            evidence,
            note: Some(&input.questions),
            expires_at: None,
        }),
    };
    let (organization, is_changed) = review::take(ctx, &*transaction, decision).await?;
    if is_changed {
        let message = Message::OrganizationNeedsInfo(OrganizationNeedsInfo {
            organization: Text::name(organization.name.as_str()),
            questions: input.questions.trim().to_owned(),
            link: link(&ctx.app, &organization),
        });
        mail::tell_managers(ctx, &*transaction, organization.id, &message).await?;
    }
    transaction.commit().await?;
    Ok(organization)
}
