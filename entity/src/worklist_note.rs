//! What coordinators said of something on their worklist: who sees to it, and that it is seen to.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, WorklistNoteId};

choice! {
    /// What waits for a coordinator.
    pub enum WorklistKind {
        /// An organization to be vetted.
        Vetting = "vetting",
        /// A project to be reviewed.
        Review = "review",
        /// Somebody who came forward for a role.
        Application = "application",
        /// A suggestion to be decided.
        Suggestion = "suggestion",
        /// An offer that its organization has not answered.
        Offer = "offer",
        /// A role with a seat for which somebody was lost.
        Seat = "seat",
        /// A placement that nobody hears of, or whose volunteer needs help.
        Placement = "placement",
        /// A mail that was given up, came back, or was called spam.
        Mail = "mail",
    }
}

/// One thing on the worklist of which something was said; of most there is no row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "worklist_note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorklistNoteId,
    pub kind: WorklistKind,
    /// The row it is about, of the table that `kind` says.
    pub subject_id: Uuid,
    /// Who sees to it.
    pub assignee_id: Option<AccountId>,
    /// When somebody said that it is seen to: what has happened since then waits again.
    pub settled_at: Option<DateTimeUtc>,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
