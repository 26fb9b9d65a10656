//! What happened to a pairing, in order. Rows are added, never changed.

use sea_orm::entity::prelude::*;

use crate::actor_kind::ActorKind;
use crate::id::{AccountId, PairingEventId, PairingId};
use crate::personal::Personal;

/// One step of a pairing from a state to the next.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairing_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PairingEventId,
    #[sea_orm(unique_key = "step")]
    pub pairing_id: PairingId,
    /// From 1, without gaps within a pairing.
    #[sea_orm(unique_key = "step")]
    pub sequence: i32,
    /// Absent for the first.
    pub from_state: Option<super::pairing::PairingState>,
    pub to_state: super::pairing::PairingState,
    pub actor_kind: ActorKind,
    pub actor_account_id: Option<AccountId>,
    pub reason_code: String,
    pub note: Option<Personal>,
    pub at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "pairing_id", to = "id")]
    pub pairing: BelongsTo<super::pairing::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
