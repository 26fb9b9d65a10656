//! A public-benefit organization and where it stands in vetting.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::OrganizationId;
use crate::language::Language;

choice! {
    /// What makes the organization one of public benefit.
    pub enum OrganizationKind {
        /// A not-for-profit corporation.
        Nonprofit = "nonprofit",
        /// A registered charity.
        Charity = "charity",
        /// A group without a legal form of its own.
        CommunityGroup = "community_group",
        /// A municipality, library, school board or the like.
        PublicBody = "public_body",
        /// A cooperative with a public purpose.
        Cooperative = "cooperative",
    }
}

choice! {
    /// Where the organization stands in vetting.
    pub enum OrganizationState {
        /// Being written; seen by its members only.
        Draft = "draft",
        /// Waiting for a coordinator.
        Submitted = "submitted",
        /// A coordinator looks at it.
        InReview = "in_review",
        /// May publish projects until `vetted_until`.
        Vetted = "vetted",
        /// Its members were asked for more.
        NeedsInfo = "needs_info",
        /// Not accepted.
        Rejected = "rejected",
        /// Under doubt; nothing new is published.
        Flagged = "flagged",
        /// The vetting ran out.
        Expired = "expired",
        /// Its owners took it back.
        Withdrawn = "withdrawn",
    }
}

/// A public-benefit organization.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    #[sea_orm(unique)]
    pub slug: String,
    pub name: String,
    /// The name without case and accents, to search and to find doubles.
    pub name_folded: String,
    pub kind: OrganizationKind,
    #[sea_orm(unique)]
    pub charity_number: Option<String>,
    pub website: Option<String>,
    pub city: Option<String>,
    /// Two-letter postal abbreviation of the province or territory.
    pub province: Option<String>,
    pub original_language: Language,
    pub description_en: Option<String>,
    pub description_fr: Option<String>,
    pub state: OrganizationState,
    pub submitted_at: Option<DateTimeUtc>,
    pub vetted_until: Option<DateTimeUtc>,
    /// Counts guarded updates, from 1.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(has_many)]
    pub memberships: HasMany<super::membership::Entity>,
    #[sea_orm(has_many)]
    pub vetting_records: HasMany<super::vetting_record::Entity>,
    #[sea_orm(has_many)]
    pub projects: HasMany<super::project::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
