//! The one place where an organization's state changes: what may follow what, guarded by state and version.

use entity::organization::{self, OrganizationState};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};
use serde_json::json;

use crate::context::Context;
use crate::domain::pairings::{close_role, reason::Reason};
use crate::domain::{audit, version};
use crate::error::{Code, DomainError, Violation};

/// What can happen to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Its owner hands it in for vetting.
    Submit,
    /// Its owner takes it back.
    Withdraw,
    /// A coordinator begins to look at it.
    StartReview,
    /// A coordinator accepts it, or extends its vetting.
    Vet,
    /// A coordinator asks for more.
    AskInfo,
    /// A coordinator does not accept it.
    Reject,
    /// A coordinator doubts it.
    Flag,
    /// A coordinator lifts the doubt.
    Reinstate,
    /// Its owner or a manager changes who it says it is.
    Revise,
    /// Its vetting runs out.
    Expire,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 10] = [
        Self::Submit,
        Self::Withdraw,
        Self::StartReview,
        Self::Vet,
        Self::AskInfo,
        Self::Reject,
        Self::Flag,
        Self::Reinstate,
        Self::Revise,
        Self::Expire,
    ];

    /// The state it leads to.
    pub const fn target(self) -> OrganizationState {
        match self {
            Self::Submit | Self::Revise => OrganizationState::Submitted,
            Self::Withdraw => OrganizationState::Withdrawn,
            Self::StartReview => OrganizationState::InReview,
            Self::Vet | Self::Reinstate => OrganizationState::Vetted,
            Self::AskInfo => OrganizationState::NeedsInfo,
            Self::Reject => OrganizationState::Rejected,
            Self::Flag => OrganizationState::Flagged,
            Self::Expire => OrganizationState::Expired,
        }
    }

    /// Whether it may happen in `state`.
    pub const fn is_possible_in(self, state: OrganizationState) -> bool {
        use OrganizationState::{
            Draft, Expired, Flagged, InReview, NeedsInfo, Rejected, Submitted, Vetted, Withdrawn,
        };
        match self {
            Self::Submit => matches!(state, Draft | NeedsInfo | Expired | Withdrawn),
            Self::Withdraw => matches!(state, Submitted | InReview | NeedsInfo | Vetted),
            // A refusal and a doubt can be looked at again; a vetting that ran out, renewed.
            Self::StartReview => matches!(state, Submitted | Rejected | Flagged | Expired),
            // From `Vetted`, the vetting is extended before it runs out.
            Self::Vet => matches!(state, InReview | Vetted),
            Self::AskInfo | Self::Reject => matches!(state, InReview),
            Self::Flag | Self::Revise | Self::Expire => matches!(state, Vetted),
            Self::Reinstate => matches!(state, Flagged),
        }
    }

    /// The past participle under which the audit trail has it.
    const fn audited_as(self) -> &'static str {
        match self {
            Self::Submit => "organization.submitted",
            Self::Withdraw => "organization.withdrawn",
            Self::StartReview => "organization.review_started",
            Self::Vet => "organization.vetted",
            Self::AskInfo => "organization.info_asked",
            Self::Reject => "organization.rejected",
            Self::Flag => "organization.flagged",
            Self::Reinstate => "organization.reinstated",
            Self::Revise => "organization.revised",
            Self::Expire => "organization.expired",
        }
    }
}

/// What came of an event.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It happened now.
    Changed(organization::Model),
    /// It had happened before: nothing was written.
    Unchanged(organization::Model),
}

/// Lets `event` happen to `organization`, writing `change` with it, and records it. Whoever waits for an answer of an
/// organization that is no longer vetted gets one.
///
/// # Errors
/// A violation when the state does not allow it, or when the organization is not at `expected_version` any more.
pub async fn apply(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    organization: organization::Model,
    event: Event,
    expected_version: Option<i32>,
    change: organization::ActiveModel,
) -> Result<Outcome, DomainError> {
    // A vetting that has run out holds for nothing, but can still be recorded as ended.
    let from = match event {
        Event::Expire => organization.state,
        _ => super::facts(&organization, ctx.now()).state,
    };
    if !event.is_possible_in(from) {
        // Repeating what was done, as after a lost answer, changes nothing.
        return if from == event.target() {
            Ok(Outcome::Unchanged(organization))
        } else {
            Err(wrong_state(from).into())
        };
    }
    if let Some(expected) = expected_version {
        version::check(organization.version, expected)?;
    }
    let change = organization::ActiveModel {
        state: Set(event.target()),
        ..change
    };
    let changed = write(ctx, transaction, &organization, change).await?;
    audit::record(
        ctx,
        transaction,
        event.audited_as(),
        ("organization", Some(organization.id.uuid())),
        json!({ "from": from.as_str(), "to": event.target().as_str() }),
    )
    .await?;
    if organization.state == OrganizationState::Vetted
        && event.target() != OrganizationState::Vetted
    {
        let reason = Reason::OrganizationUnavailable;
        close_role::answer_organization(ctx, transaction, organization.id, reason).await?;
    }
    Ok(Outcome::Changed(changed))
}

/// Writes `change` if the organization is still as it was read.
pub(super) async fn write(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    read: &organization::Model,
    mut change: organization::ActiveModel,
) -> Result<organization::Model, DomainError> {
    change.version = Set(read.version + 1);
    change.updated_at = Set(ctx.now());
    let written = organization::Entity::update_many()
        .set(change)
        .filter(organization::COLUMN.id.eq(read.id))
        .filter(organization::COLUMN.version.eq(read.version))
        .filter(organization::COLUMN.state.eq(read.state))
        .exec(transaction)
        .await?;
    if written.rows_affected != 1 {
        return Err(version::stale().into());
    }
    organization::Entity::find_by_id(read.id)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)
}

fn wrong_state(state: OrganizationState) -> Violation {
    let (en, fr) = words(state);
    Violation::new(
        Code::WrongState,
        "",
        format!("The organization is {en}; this is not possible now."),
        format!("L’organisme est {fr}; ce n’est pas possible pour le moment."),
    )
}

const fn words(state: OrganizationState) -> (&'static str, &'static str) {
    match state {
        OrganizationState::Draft => ("a draft", "à l’état de brouillon"),
        OrganizationState::Submitted => ("waiting for review", "en attente d’examen"),
        OrganizationState::InReview => ("in review", "en cours d’examen"),
        OrganizationState::Vetted => ("vetted", "vérifié"),
        OrganizationState::NeedsInfo => (
            "to give more information",
            "invité à fournir des précisions",
        ),
        OrganizationState::Rejected => ("not accepted", "refusé"),
        OrganizationState::Flagged => ("under doubt", "mis en doute"),
        OrganizationState::Expired => ("past its vetting", "au terme de sa vérification"),
        OrganizationState::Withdrawn => ("withdrawn", "retiré"),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn what_may_follow_what() {
        let mut text = String::new();
        for event in Event::ALL {
            let from: Vec<_> = OrganizationState::ALL
                .iter()
                .filter(|state| event.is_possible_in(**state))
                .map(|state| state.as_str())
                .collect();
            writeln!(
                text,
                "{event:?}: {} -> {}",
                from.join(" | "),
                event.target()
            )
            .unwrap();
        }
        insta::assert_snapshot!(text, @r"
        Submit: draft | needs_info | expired | withdrawn -> submitted
        Withdraw: submitted | in_review | vetted | needs_info -> withdrawn
        StartReview: submitted | rejected | flagged | expired -> in_review
        Vet: in_review | vetted -> vetted
        AskInfo: in_review -> needs_info
        Reject: in_review -> rejected
        Flag: vetted -> flagged
        Reinstate: flagged -> vetted
        Revise: vetted -> submitted
        Expire: vetted -> expired
        ");
    }
}
