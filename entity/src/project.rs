//! Something an organization wants done, told in one language or both.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{OrganizationId, ProjectId};
use crate::language::Language;
use crate::location_mode::LocationMode;

choice! {
    /// How far the thing itself has come.
    pub enum ProjectStage {
        /// Nothing is built yet.
        Idea = "idea",
        /// Something can be shown.
        Prototype = "prototype",
        /// People use it.
        Live = "live",
        /// It runs and is kept running.
        Maintenance = "maintenance",
    }
}

choice! {
    /// The shape of the work.
    pub enum Engagement {
        /// A beginning, an end and a result.
        Project = "project",
        /// Steady help.
        Ongoing = "ongoing",
        /// One date, such as a hackathon.
        Event = "event",
    }
}

choice! {
    /// Where the project stands between its organization and the coordinators.
    pub enum ProjectState {
        /// Being written.
        Draft = "draft",
        /// Waiting for a coordinator.
        Submitted = "submitted",
        /// Sent back with a comment.
        Returned = "returned",
        /// Visible; its roles may be filled.
        Published = "published",
        /// Visible to those involved only.
        Paused = "paused",
        /// Work is under way.
        InProgress = "in_progress",
        /// Done.
        Completed = "completed",
        /// Given up.
        Cancelled = "cancelled",
        /// Kept for the record.
        Archived = "archived",
    }
}

/// Something an organization wants done.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "project")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    pub organization_id: OrganizationId,
    #[sea_orm(unique)]
    pub slug: String,
    /// The language in which a title must be present.
    pub original_language: Language,
    pub title_en: Option<String>,
    pub title_fr: Option<String>,
    pub summary_en: Option<String>,
    pub summary_fr: Option<String>,
    pub problem_en: Option<String>,
    pub problem_fr: Option<String>,
    pub outcome_en: Option<String>,
    pub outcome_fr: Option<String>,
    pub stage: ProjectStage,
    pub engagement: Engagement,
    pub state: ProjectState,
    /// Whether people may come forward now.
    pub is_accepting: bool,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub location_mode: LocationMode,
    pub city: Option<String>,
    /// Degrees, -90 to 90; present exactly when `longitude` is.
    pub latitude: Option<f64>,
    /// Degrees, -180 to 180.
    pub longitude: Option<f64>,
    /// IANA time zone.
    pub zone: String,
    pub code_url: Option<String>,
    pub website: Option<String>,
    /// What the coordinator wrote when sending it back.
    pub review_comment: Option<String>,
    pub published_at: Option<DateTimeUtc>,
    /// When a manager last said that the listing still looks for people, without changing it.
    pub listing_confirmed_at: Option<DateTimeUtc>,
    /// Everything searchable, without case and accents.
    pub search_text: String,
    /// The title as a reader of English sees it, without case and accents, to sort by.
    pub title_folded_en: String,
    /// The same for a reader of French.
    pub title_folded_fr: String,
    /// Counts guarded updates, from 1.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
    #[sea_orm(has_many)]
    pub roles: HasMany<super::role::Entity>,
    #[sea_orm(has_many, via = "project_cause")]
    pub causes: HasMany<super::cause::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
