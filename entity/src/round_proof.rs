//! The proof of a round's choice: as long as the round is large, and asked for by hardly anybody, so apart from the round.

use sea_orm::entity::prelude::*;

use crate::id::RoundId;

/// The proof of a round.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "round_proof")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: RoundId,
    /// JSON, never asked into by the database; text, so that whoever reads it may choose where it is parsed.
    pub proof: String,
    #[sea_orm(belongs_to, from = "round_id", to = "id")]
    pub round: BelongsTo<super::round::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
