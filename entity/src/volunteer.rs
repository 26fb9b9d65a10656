//! The profile of a digital professional.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, RoleFamilyId, VolunteerId};
use crate::language::Language;
use crate::personal::Personal;

choice! {
    /// Whether the volunteer wants to be proposed.
    pub enum VolunteerState {
        /// Yes.
        Active = "active",
        /// Not now; decided by themselves or by reaching `max_placements`.
        Busy = "busy",
        /// Not before `paused_until`.
        Paused = "paused",
        /// Never again.
        Left = "left",
    }
}

/// The profile of a digital professional.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "volunteer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VolunteerId,
    #[sea_orm(unique)]
    pub account_id: AccountId,
    pub role_family_id: Option<RoleFamilyId>,
    pub about: Option<Personal>,
    /// The language `about` is written in.
    pub about_language: Option<Language>,
    pub state: VolunteerState,
    pub paused_until: Option<Date>,
    /// 1 to 168; unknown when absent.
    pub hours_per_week: Option<i32>,
    /// Unknown when absent.
    pub accepts_remote: Option<bool>,
    pub city: Option<Personal>,
    /// Degrees, -90 to 90; present exactly when `longitude` is.
    pub latitude: Option<Personal<f64>>,
    /// Degrees, -180 to 180.
    pub longitude: Option<Personal<f64>>,
    /// How far the volunteer travels, in kilometres, 0 to 20,000.
    pub radius_km: Option<i32>,
    /// IANA time zone of the volunteer's windows.
    pub zone: Option<String>,
    /// How many placements at once, 1 to 10.
    pub max_placements: i32,
    pub last_active_at: DateTimeUtc,
    /// Counts guarded updates, from 1.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
    #[sea_orm(belongs_to, from = "role_family_id", to = "id")]
    pub role_family: BelongsTo<Option<super::role_family::Entity>>,
    #[sea_orm(has_many)]
    pub skills: HasMany<super::volunteer_skill::Entity>,
    #[sea_orm(has_many)]
    pub windows: HasMany<super::volunteer_window::Entity>,
    #[sea_orm(has_many)]
    pub times_off: HasMany<super::time_off::Entity>,
    #[sea_orm(has_many)]
    pub languages: HasMany<super::volunteer_language::Entity>,
    #[sea_orm(has_many, via = "volunteer_cause")]
    pub causes: HasMany<super::cause::Entity>,
    #[sea_orm(has_many)]
    pub conflicts: HasMany<super::conflict_of_interest::Entity>,
    #[sea_orm(has_many)]
    pub pairings: HasMany<super::pairing::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
