//! Organizations with which a volunteer must not be paired.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{ConflictOfInterestId, OrganizationId, VolunteerId};
use crate::personal::Personal;

choice! {
    /// What ties the volunteer to the organization.
    pub enum ConflictKind {
        /// Works for it.
        Employer = "employer",
        /// Sits on its board.
        Board = "board",
        /// Is related to someone there.
        Family = "family",
        /// Something else, told in the note.
        Other = "other",
    }
}

/// A tie between a volunteer and an organization that forbids pairing them.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conflict_of_interest")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConflictOfInterestId,
    #[sea_orm(unique_key = "tie")]
    pub volunteer_id: VolunteerId,
    #[sea_orm(unique_key = "tie")]
    pub organization_id: OrganizationId,
    pub kind: ConflictKind,
    pub note: Option<Personal>,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
