//! A coordinator's word that overrules the matcher for one role and one volunteer.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, PairingRuleId, RoleId, VolunteerId};
use crate::personal::Personal;

choice! {
    /// What the matcher must do.
    pub enum PairingRuleKind {
        /// Propose this pairing if it is possible at all.
        Pin = "pin",
        /// Never propose this pairing.
        Forbid = "forbid",
    }
}

/// A coordinator's standing instruction for one role and one volunteer.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairing_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PairingRuleId,
    #[sea_orm(unique_key = "couple")]
    pub role_id: RoleId,
    #[sea_orm(unique_key = "couple")]
    pub volunteer_id: VolunteerId,
    pub kind: PairingRuleKind,
    pub note: Option<Personal>,
    pub created_by: AccountId,
    pub created_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
