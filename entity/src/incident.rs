//! The register of confidentiality incidents: what happened, to how many people, and what was done. Never to whom.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::IncidentId;

choice! {
    /// What happened to personal data.
    pub enum IncidentKind {
        /// Someone read them who may not.
        UnauthorizedAccess = "unauthorized_access",
        /// They were used for something else.
        UnauthorizedUse = "unauthorized_use",
        /// They were told to someone who may not know them.
        UnauthorizedDisclosure = "unauthorized_disclosure",
        /// They were lost.
        Loss = "loss",
        /// Their protection failed in another way.
        Other = "other",
    }
}

choice! {
    /// Whether serious injury may come of it to the people concerned.
    pub enum IncidentRisk {
        /// Nobody has judged it yet.
        Unassessed = "unassessed",
        /// No serious injury is to be expected.
        Low = "low",
        /// Serious injury may come of it: the commissioner and the people must be told.
        Serious = "serious",
    }
}

/// A confidentiality incident.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IncidentId,
    pub kind: IncidentKind,
    /// What happened, and when as far as that is known; no personal values.
    pub description: String,
    pub noticed_on: Date,
    /// How many people are concerned; unknown when absent.
    pub people: Option<i32>,
    pub risk: IncidentRisk,
    /// What was done so that it does no more harm and does not happen again.
    pub measures: Option<String>,
    pub commissioner_told_on: Option<Date>,
    pub people_told_on: Option<Date>,
    pub closed_at: Option<DateTimeUtc>,
    /// Counts guarded updates, from 1.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
