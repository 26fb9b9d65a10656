//! A decision of a coordinator about an organization.

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::vetting_record;

use super::account::Account;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::loaded;
use crate::graphql::id::encode;
use crate::policy::account::{AccountAction, decide as decide_account};
use crate::policy::organization::{Facts, OrganizationAction, decide, decide_note};

/// A decision of a coordinator about an organization. Kept for good.
pub struct VettingRecord {
    pub(super) record: vetting_record::Model,
    pub(super) organization: Facts,
}

/// A decision of a coordinator about an organization. Kept for good.
#[Object]
impl VettingRecord {
    /// The record's id.
    async fn id(&self) -> ID {
        encode(&self.record.id)
    }

    /// What was decided.
    async fn decision(&self) -> VettingDecision {
        self.record.decision.into()
    }

    /// What was looked at; null for members of the organization.
    async fn evidence(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let actor = &ctx.request()?.actor;
        let decision = decide(actor, OrganizationAction::ViewEvidence, self.organization);
        Ok(decision.is_allowed().then_some(&self.record.evidence))
    }

    /// What was asked of the organization, or what coordinators noted for each other (null for members then).
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let actor = &ctx.request()?.actor;
        let decision = decide_note(actor, self.record.decision, self.organization);
        Ok(self
            .record
            .note
            .as_deref()
            .filter(|_| decision.is_allowed()))
    }

    /// Who decided; null unless you run the marketplace.
    async fn decided_by(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let request = ctx.request()?;
        let id = self.record.decided_by;
        if !decide_account(&request.actor, AccountAction::View, id).is_allowed() {
            return Ok(None);
        }
        let found = ctx.loaders()?.load_one(id).await;
        Ok(loaded(request, found)?.map(Account))
    }

    /// When it was decided.
    async fn decided_at(&self) -> DateTime<Utc> {
        self.record.decided_at
    }

    /// Until when a vetting holds.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.record.expires_at
    }
}

/// What was decided about an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "vetting_record::VettingDecision")]
pub enum VettingDecision {
    /// Accepted for a time.
    Vetted,
    /// More was asked for.
    NeedsInfo,
    /// Not accepted.
    Rejected,
    /// Put under doubt.
    Flagged,
    /// The vetting ran out.
    Expired,
    /// Taken back by its owner.
    Withdrawn,
    /// The doubt was lifted.
    Reinstated,
}
