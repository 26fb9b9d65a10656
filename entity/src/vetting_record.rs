//! What coordinators decided about an organization and on which evidence. Rows are added, never changed.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, OrganizationId, VettingRecordId};

choice! {
    /// What was decided.
    pub enum VettingDecision {
        /// Accepted until `expires_at`.
        Vetted = "vetted",
        /// More was asked for.
        NeedsInfo = "needs_info",
        /// Not accepted.
        Rejected = "rejected",
        /// Put under doubt.
        Flagged = "flagged",
        /// The vetting ran out.
        Expired = "expired",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// The doubt was lifted.
        Reinstated = "reinstated",
    }
}

/// One decision about an organization.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vetting_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VettingRecordId,
    pub organization_id: OrganizationId,
    pub decision: VettingDecision,
    /// What was looked at, in the coordinator's words.
    pub evidence: String,
    pub note: Option<String>,
    pub decided_by: AccountId,
    pub decided_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
