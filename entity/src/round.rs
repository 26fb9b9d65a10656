//! One run of the matcher: what went in, with which weights and engine, and what came out.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, RoundId};
use crate::personal::Personal;

choice! {
    /// What became of the result.
    pub enum RoundState {
        /// To be looked at; nothing follows from it yet.
        DryRun = "dry_run",
        /// Its pairings were taken over.
        Applied = "applied",
        /// Put aside.
        Discarded = "discarded",
    }
}

/// One run of the matcher.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "round")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoundId,
    pub started_by: AccountId,
    pub state: RoundState,
    /// Which projects, roles and volunteers took part.
    #[sea_orm(column_type = "JsonBinary")]
    pub scope: Json,
    /// The weights that the scores were made with.
    #[sea_orm(column_type = "JsonBinary")]
    pub weights: Json,
    pub weights_version: String,
    pub engine_version: String,
    /// Digest of everything that went in, lower-case hexadecimal: equal inputs, equal digest.
    pub inputs_digest: String,
    /// The moment the inputs were read, which the engine takes for now.
    pub as_of: DateTimeUtc,
    /// Totals, who stayed unmatched on both sides and why, demand without supply, how much is proven.
    #[sea_orm(column_type = "JsonBinary")]
    pub report: Personal<Json>,
    pub started_at: DateTimeUtc,
    pub finished_at: DateTimeUtc,
    pub applied_at: Option<DateTimeUtc>,
    pub applied_by: Option<AccountId>,
    /// Counts guarded updates, from 1.
    pub version: i32,
    #[sea_orm(has_many)]
    pub pairings: HasMany<super::round_pairing::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
