//! What somebody is reminded of: noted once for each occasion, told in one mail a day with whatever else there is.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, FollowUpId};

choice! {
    /// What it is about.
    pub enum FollowUpKind {
        /// An organization that was begun, or asked for more, and not submitted.
        OrganizationDraft = "organization_draft",
        /// A project that was begun, or returned, and not submitted.
        ProjectDraft = "project_draft",
        /// A listing at which nothing has happened for long: does it still look for people?
        ListingCheck = "listing_check",
        /// A listing that was hidden, since nobody said that it does.
        ListingHidden = "listing_hidden",
        /// A vetting that ends soon.
        VettingEnds = "vetting_ends",
        /// A placement that ends soon.
        CommitmentEnds = "commitment_ends",
        /// How a placement goes.
        CheckIn = "check_in",
        /// A volunteer who answered no offer and is proposed no more.
        StillThere = "still_there",
    }
}

/// One thing that one account is told of.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow_up")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FollowUpId,
    pub account_id: AccountId,
    pub kind: FollowUpKind,
    /// The row it is about, of the table that `kind` says.
    pub subject_id: Uuid,
    /// The moment that brought it about; the same one is told once.
    pub occasion: DateTimeUtc,
    pub noted_at: DateTimeUtc,
    /// When the mail was written; also when there was nothing left to tell.
    pub told_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
