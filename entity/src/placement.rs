//! A pairing that both sides accepted, from the agreed start to its end.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{OrganizationId, PairingId, PlacementId, RoleId, VolunteerId};

choice! {
    /// How the placement goes.
    pub enum PlacementState {
        /// Agreed, not begun.
        PendingStart = "pending_start",
        /// Under way.
        Active = "active",
        /// Interrupted.
        Paused = "paused",
        /// Ended as meant.
        Completed = "completed",
        /// Ended early.
        Ended = "ended",
        /// Never begun.
        NoShow = "no_show",
    }
}

impl PlacementState {
    /// The states of a placement that is not over: those that take a seat, a person's hours and the times it meets.
    pub const LIVE: &'static [Self] = &[Self::PendingStart, Self::Active, Self::Paused];
}

/// A pairing that both sides accepted.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "placement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlacementId,
    #[sea_orm(unique)]
    pub pairing_id: PairingId,
    pub role_id: RoleId,
    pub volunteer_id: VolunteerId,
    /// The role's organization, repeated so that its rows are found together.
    pub organization_id: OrganizationId,
    pub state: PlacementState,
    /// 1 to 168.
    pub hours_per_week: i32,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub end_reason: Option<String>,
    /// The version of the meetings that calendars were told last, from 0.
    pub calendar_sequence: i32,
    /// Counts guarded updates, from 1.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "pairing_id", to = "id")]
    pub pairing: BelongsTo<super::pairing::Entity>,
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
