//! Asking a placed volunteer, from time to time, how it goes.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{CheckInId, PlacementId, VolunteerId};
use crate::personal::Personal;

choice! {
    /// How it goes.
    pub enum CheckInAnswer {
        /// As meant.
        GoingWell = "going_well",
        /// A coordinator should get in touch.
        NeedsHelp = "needs_help",
        /// The volunteer cannot go on.
        Leaving = "leaving",
    }
}

/// One question and its answer.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "check_in")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckInId,
    pub placement_id: PlacementId,
    /// The placement's volunteer, repeated so that what is held of somebody is found together.
    pub volunteer_id: VolunteerId,
    pub asked_at: DateTimeUtc,
    /// Without an answer until then, it counts as missed.
    pub due_at: DateTimeUtc,
    /// Present exactly when `answer` is.
    pub answered_at: Option<DateTimeUtc>,
    pub answer: Option<CheckInAnswer>,
    /// More, for coordinators.
    pub note: Option<Personal>,
    #[sea_orm(belongs_to, from = "placement_id", to = "id")]
    pub placement: BelongsTo<super::placement::Entity>,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
