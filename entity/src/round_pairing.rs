//! What a round proposed, kept apart from the pairings that follow from it.

use sea_orm::entity::prelude::*;

use crate::id::{RoleId, RoundId, VolunteerId};
use crate::personal::Personal;

/// A pairing that a round proposed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "round_pairing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: RoundId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: RoleId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub volunteer_id: VolunteerId,
    /// Basis points, 0 to 10,000.
    pub score_bp: i32,
    /// How much of the score rests on what is known; basis points, 0 to 10,000.
    pub confidence_bp: i32,
    /// The parts of the score with their weights and reasons.
    #[sea_orm(column_type = "JsonBinary")]
    pub factors: Personal<Json>,
    /// Place within the round, from 1.
    pub rank: i32,
    #[sea_orm(belongs_to, from = "round_id", to = "id")]
    pub round: BelongsTo<super::round::Entity>,
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
