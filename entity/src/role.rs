//! What a project needs one or more people for.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{OrganizationId, ProjectId, RoleFamilyId, RoleId};
use crate::location_mode::LocationMode;

choice! {
    /// Whether people may be proposed.
    pub enum RoleState {
        /// Being written.
        Draft = "draft",
        /// Has free seats and looks for people.
        Open = "open",
        /// Every seat is taken.
        Filled = "filled",
        /// Looks for nobody any more.
        Closed = "closed",
    }
}

/// What a project needs one or more people for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleId,
    pub project_id: ProjectId,
    /// The project's organization, repeated so that its rows are found together.
    pub organization_id: OrganizationId,
    /// A title is present in one language at least.
    pub title_en: Option<String>,
    pub title_fr: Option<String>,
    pub description_en: Option<String>,
    pub description_fr: Option<String>,
    pub role_family_id: Option<RoleFamilyId>,
    pub state: RoleState,
    /// 1 to 100.
    pub seats: i32,
    /// Seats taken, 0 to `seats`.
    pub filled: i32,
    /// 1 to 168.
    pub hours_per_week: i32,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub location_mode: LocationMode,
    pub city: Option<String>,
    /// Degrees, -90 to 90; present exactly when `longitude` is.
    pub latitude: Option<f64>,
    /// Degrees, -180 to 180.
    pub longitude: Option<f64>,
    /// IANA time zone of the role's windows.
    pub zone: String,
    /// Minutes a week that a volunteer's windows must share with the role's, 0 to 10,080.
    pub minimum_overlap_minutes: i32,
    /// Meant for someone who wants to learn the skill.
    pub is_learning_seat: bool,
    /// Counts guarded updates, from 1.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "project_id", to = "id")]
    pub project: BelongsTo<super::project::Entity>,
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
    #[sea_orm(belongs_to, from = "role_family_id", to = "id")]
    pub role_family: BelongsTo<Option<super::role_family::Entity>>,
    #[sea_orm(has_many)]
    pub skills: HasMany<super::role_skill::Entity>,
    #[sea_orm(has_many)]
    pub windows: HasMany<super::role_window::Entity>,
    #[sea_orm(has_many)]
    pub languages: HasMany<super::role_language::Entity>,
    #[sea_orm(has_many)]
    pub pairings: HasMany<super::pairing::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
