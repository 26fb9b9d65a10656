//! What all decisions of coordinators about an organization have in common: never about one's own, on evidence, recorded.

use chrono::{DateTime, Utc};
use entity::conflict_of_interest;
use entity::id::{AccountId, OrganizationId, VettingRecordId};
use entity::organization;
use entity::vetting_record::{self, VettingDecision};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    Set,
};

use super::transition::{self, Event, Outcome};
use super::{facts, require_known};
use crate::context::Context;
use crate::domain::text;
use crate::error::{Code, DomainError, Violation};
use crate::policy::organization::{OrganizationAction, decide};

/// The longest evidence, note, reason or question, in characters.
pub(super) const MAX_TEXT: usize = 4_000;

/// One decision.
pub(super) struct Decision<'a> {
    pub(super) id: OrganizationId,
    pub(super) expected_version: i32,
    pub(super) event: Event,
    pub(super) change: organization::ActiveModel,
    pub(super) record: Option<Record<'a>>,
}

/// What is kept about a decision.
pub(super) struct Record<'a> {
    pub(super) decision: VettingDecision,
    pub(super) evidence: &'a str,
    pub(super) note: Option<&'a str>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// The organization, if the actor may decide about it.
///
/// # Errors
/// [`Code::ConflictOfInterest`] for a coordinator who belongs to it, or works for it or sits on its board.
pub(super) async fn load(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    id: OrganizationId,
) -> Result<organization::Model, DomainError> {
    require_known(ctx)?;
    let organization = organization::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    refuse_conflict(ctx, connection, id).await?;
    decide(
        &ctx.actor,
        OrganizationAction::Review,
        facts(&organization, ctx.now()),
    )
    .require()?;
    Ok(organization)
}

/// Refuses staff who have a stake in the organization; others pass, and are the policy's matter.
///
/// # Errors
/// [`Code::ConflictOfInterest`].
pub(in crate::domain) async fn refuse_conflict(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    id: OrganizationId,
) -> Result<(), DomainError> {
    let Some(person) = ctx
        .actor
        .person()
        .filter(|person| person.staff_role.is_some())
    else {
        return Ok(());
    };
    let is_member = ctx.actor.membership(id).is_some();
    let has_declared = match person.volunteer_id {
        Some(volunteer_id) if !is_member => conflict_of_interest::Entity::find()
            .filter(conflict_of_interest::COLUMN.volunteer_id.eq(volunteer_id))
            .filter(conflict_of_interest::COLUMN.organization_id.eq(id))
            .one(connection)
            .await?
            .is_some(),
        _ => false,
    };
    if !is_member && !has_declared {
        return Ok(());
    }
    Err(Violation::new(
        Code::ConflictOfInterest,
        "",
        "You have a stake in this organization; another coordinator decides about it.",
        "Vous avez un intérêt dans cet organisme; la décision revient à une autre personne de la coordination.",
    )
    .into())
}

/// Takes a decision about a loaded organization. `None` in the second place when it had been taken before.
pub(super) async fn take(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    decision: Decision<'_>,
) -> Result<(organization::Model, bool), DomainError> {
    let read = load(ctx, transaction, decision.id).await?;
    let outcome = transition::apply(
        ctx,
        transaction,
        read,
        decision.event,
        Some(decision.expected_version),
        decision.change,
    )
    .await?;
    match outcome {
        Outcome::Unchanged(organization) => Ok((organization, false)),
        Outcome::Changed(organization) => {
            if let Some(record) = decision.record {
                let decided_by = ctx.person()?.account_id;
                add_record(ctx, transaction, organization.id, decided_by, record).await?;
            }
            Ok((organization, true))
        }
    }
}

/// Keeps a decision for good.
pub(super) async fn add_record(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    organization_id: OrganizationId,
    decided_by: AccountId,
    record: Record<'_>,
) -> Result<(), DomainError> {
    vetting_record::ActiveModel {
        id: Set(VettingRecordId::new(ctx.app.new_id())),
        organization_id: Set(organization_id),
        decision: Set(record.decision),
        evidence: Set(record.evidence.trim().to_owned()),
        note: Set(text::clean(record.note)),
        decided_by: Set(decided_by),
        decided_at: Set(ctx.now()),
        expires_at: Set(record.expires_at),
    }
    .insert(transaction)
    .await?;
    Ok(())
}

/// Checks the two texts of a decision.
pub(super) fn check_texts(evidence: &str, note: Option<&str>) -> Result<(), DomainError> {
    let violations: Vec<Violation> = [
        text::required_violation(evidence, "evidence", MAX_TEXT),
        note.and_then(|note| text::violation(note, "note", MAX_TEXT)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if violations.is_empty() {
        Ok(())
    } else {
        Err(DomainError::Rules(violations))
    }
}
